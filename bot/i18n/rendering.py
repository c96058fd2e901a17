"""A `Say` to text: the sentence from the catalogue, its parameters typed and formatted.

Nothing a person wrote can act as a format: parameters are put in by name, once.
"""

from datetime import date
from typing import assert_never

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.domain.say import N_, Brief, Code, Free, Local, Moment, Param, Ready, Say
from bot.i18n.bidi import direction, set_apart, without_controls
from bot.i18n.catalogues import find_pattern
from bot.i18n.values import code_words, day_words, moment_words, money_words

_LIST_LABEL = Say(N_("Choose"))


def render(say: Say, language: str) -> str:
    """Return `say` as text in `language`, or in its own language if it names one.

    Parameters that the text does not show are passed over. Raises KeyError if one that
    it shows is missing, CatalogueError if the language cannot be read, TypeError if a
    plural has no whole number "n".
    """
    language = say.language or language
    pattern = find_pattern(language, say.msgid, say.plural, say.params.get("n"))
    if not pattern.names:
        return pattern.texts[0]
    shown = {
        name: _shown(say.params[name], language, alone=pattern.is_bare)
        for name in pattern.names
    }
    return pattern.fill(shown)


def list_label(language: str) -> str:
    """Return the words on the button that opens a list, at most 20 characters."""
    return render(_LIST_LABEL, language)


def _shown(value: Param, language: str, *, alone: bool) -> str:
    """Return a parameter as text; `alone` if it is the whole row, beside nothing."""
    match value:
        case int():
            return str(value)
        case Money():
            return money_words(value, language)
        case Moment():
            return moment_words(value, language)
        case date():
            return day_words(value, language)
        case Say():
            return render(value, language)
        case Ready():
            return value.text
        case str() | Code() | Free() | Local() | Brief():
            words = _words(value, language)
        case _:
            assert_never(value)
    return without_controls(words) if alone else set_apart(words, direction(language))


def _words(value: str | Code | Free | Local | Brief, language: str) -> str:
    if isinstance(value, Free):
        return value.text
    if isinstance(value, Code):
        return code_words(value)
    if isinstance(value, Local | Brief):
        return pick_text(value.texts, language)
    return value
