"""The four languages, and texts that exist in several of them."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Language = Literal["nl", "en", "tr", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FALLBACK: Language = "nl"
NAMES: Mapping[Language, str] = {
    "nl": "Nederlands",
    "en": "English",
    "tr": "Türkçe",
    "ar": "العربية",
}
SPOKEN: Sequence[str] = (*LANGUAGES, "ary", "rif", "other")
"""What people speak into a note: also Darija and Tarifit, which are not written here,
and whatever else there is."""

Texts = Mapping[str, str]


def pick_text(texts: Texts, language: str) -> str:
    """Return the text in `language`, else in Dutch, else in any; "" for none."""
    filled = {code: text for code, text in texts.items() if text}
    found = filled.get(language) or filled.get(FALLBACK)
    return found or next(iter(filled.values()), "")


def is_language(code: str | None) -> bool:
    """Tell whether `code` is one of the four languages."""
    return code in LANGUAGES


def is_spoken(code: str | None) -> bool:
    """Tell whether `code` names what can be spoken in a note."""
    return code in SPOKEN
