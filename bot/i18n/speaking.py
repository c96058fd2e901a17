"""A `Say` to what a synthesiser is given: the words of the row as one would say them.

The spoken catalogue (`spoken.po`) holds what is said where that is not what is written:
for Arabic every message with its vowel marks, elsewhere the few that read badly aloud.
"""

from datetime import date
from typing import assert_never

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.domain.say import Brief, Code, Free, Local, Moment, Param, Ready, Say
from bot.i18n.aloud import aloud, beginning, closed, shortened
from bot.i18n.catalogues import find_spoken
from bot.i18n.number_words import number_words
from bot.i18n.sounding import sounding
from bot.i18n.spoken_values import say_value

_FEMININE_ONE = "وَاحِدَة"


def speak(say: Say, language: str) -> str:
    """Return what is said for one row, "" if there is nothing in it to say.

    In the words of `language`, or of the row's own. At most about 45 seconds, for what
    a person wrote is cut, and said to be. Raises as `bot.i18n.render`, and ValueError
    for a number below nought.
    """
    language = say.language or language
    words = closed(_row(say, language))
    return sounding(words, language)


def label_words(say: Say, language: str) -> str:
    """Return a label as it is said inside a sentence: without an end of its own."""
    language = say.language or language
    return sounding(_row(say, language).rstrip(".?!؟:"), language)


def _row(say: Say, language: str) -> str:
    pattern = find_spoken(language, say.msgid, say.plural, say.params.get("n"))
    feminine = _counts_feminine(say, language)
    said = {
        name: _said(say.params[name], language, feminine=feminine and name == "n")
        for name in pattern.names
    }
    return aloud(pattern.fill(said), language)


def _counts_feminine(say: Say, language: str) -> bool:
    """Tell whether Arabic counts something feminine here; its form for one says so."""
    if language != "ar" or say.plural is None:
        return False
    one = find_spoken(language, say.msgid, say.plural, 1)
    return any(_FEMININE_ONE in text for text in one.texts)


def _said(value: Param, language: str, *, feminine: bool) -> str:
    match value:
        case int():
            return number_words(value, language, feminine=feminine)
        case Money() | Moment() | date() | Code():
            return say_value(value, language)
        case Say():
            inner = value.language or language
            return _row(value, inner).rstrip(".?!؟:")
        case Ready():
            return value.text
        case str() | Free() | Local():
            return shortened(_text(value, language), language)
        case Brief():
            return beginning(pick_text(value.texts, language), language)
        case _:
            assert_never(value)


def _text(value: str | Free | Local, language: str) -> str:
    if isinstance(value, Free):
        return value.text
    return pick_text(value.texts, language) if isinstance(value, Local) else value
