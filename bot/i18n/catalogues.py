"""The compiled catalogues: a message id to its text, cut where parameters go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations
from pathlib import Path

from bot.domain.languages import LANGUAGES, is_language
from bot.i18n.bidi import RIGHT_TO_LEFT, isolate_latin

LOCALES = Path(__file__).parents[2] / "locales"
WRITTEN, SPOKEN = "messages", "spoken"
_PLACE = re.compile(r"%\((\w+)\)s")


class CatalogueError(RuntimeError):
    """The texts of a language cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text cut at its parameters: `names[0]` stands between `texts[0]` and `[1]`."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with its parameters. Raises KeyError if one is missing."""
        told = [self.texts[0]]
        for name, text in zip(self.names, self.texts[1:], strict=True):
            told += (values[name], text)
        return "".join(told)

    @property
    def is_bare(self) -> bool:
        """Tell whether the text is one parameter and nothing else."""
        return self.texts == ("", "")


def find_pattern(
    language: str, msgid: str, plural: str | None = None, n: object = None
) -> Pattern:
    """Return the text of `msgid`, in the plural form for `n` if `plural` is given.

    A message that is in no catalogue is its own text. Raises CatalogueError if the
    language is none of the four or not compiled, TypeError if `n` is no number.
    """
    texts = _translations(language)
    if plural is None:
        return _cut(texts.gettext(msgid), language)
    return _cut(texts.ngettext(msgid, plural, _whole(n)), language)


def find_spoken(
    language: str, msgid: str, plural: str | None = None, n: object = None
) -> Pattern:
    """Return what is said for `msgid`: the written text if it reads well aloud.

    It has no marks of direction, for nobody sees it. Raises as `find_pattern`.
    """
    texts = _spoken(language)
    if plural is None:
        return _cut(texts.gettext(msgid), None)
    return _cut(texts.ngettext(msgid, plural, _whole(n)), None)


def load_translations(
    folder: Path, language: str, domain: str = WRITTEN
) -> GNUTranslations:
    """Read the compiled catalogue of `language` below `folder`.

    Raises CatalogueError if there is none, or if it is not a catalogue.
    """
    if not is_language(language):
        raise CatalogueError(f"{language!r} is none of {', '.join(LANGUAGES)}.")
    path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, UnicodeError) as error:
        name = path.relative_to(folder.parent)
        raise CatalogueError(f"{name} cannot be read. Run `make setup`.") from error


def _whole(n: object) -> int:
    if not isinstance(n, int):
        raise TypeError(f"a plural is chosen by a whole number, not by {n!r}")
    return n


@cache
def _translations(language: str) -> GNUTranslations:
    return load_translations(LOCALES, language)


@cache
def _spoken(language: str) -> GNUTranslations:
    spoken = load_translations(LOCALES, language, SPOKEN)
    spoken.add_fallback(_translations(language))
    return spoken


@lru_cache(maxsize=8_192)
def _cut(text: str, language: str | None) -> Pattern:
    pieces = _PLACE.split(text)
    fixed = pieces[::2]
    if language in RIGHT_TO_LEFT:
        fixed = [isolate_latin(piece) for piece in fixed]
    return Pattern(tuple(fixed), tuple(pieces[1::2]))
