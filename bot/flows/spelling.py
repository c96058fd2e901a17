"""Spelling made comparable: case, accents, Arabic letter forms, digits, noise."""

import re
import unicodedata

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
_TURKISH = str.maketrans({"I": "ı", "İ": "i"})
_UNSEEN = dict.fromkeys(map(ord, "\u0640\u200c\u200d\u00ad"))
"""The Arabic stretch mark, joiners and the soft hyphen change no word."""
_NOT_WORD = re.compile(r"[^\w\s]|_", re.UNICODE)


def plain(text: str, language: str | None = None) -> str:
    """Return `text` for comparing words: small letters, no marks, single spaces.

    Turkish capitals follow Turkish rules only where `language` is "tr" (HAYIR). Vowel
    marks, hamza forms and final forms of Arabic are folded; digits of any script become
    0-9. Accents of Latin letters go, so that "één" is "een" and "çık" is "cik".
    """
    if language == "tr":
        text = text.translate(_TURKISH)
    text = unicodedata.normalize("NFKD", text).casefold().translate(_UNSEEN)
    text = "".join(_digit(c) for c in text if not unicodedata.combining(c))
    text = text.replace("ı", "i").translate(_ARABIC)
    return " ".join(_NOT_WORD.sub(" ", text).split())


def _digit(character: str) -> str:
    """Return a decimal digit of any script as 0-9, anything else unchanged."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
