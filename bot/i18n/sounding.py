"""Spelling for the ear of the synthesiser, where it reads the right letters wrongly.

For eSpeak NG, and so for Piper, which takes its sounds from there. Each rule was found
by looking at the phonemes; what people read from is never spelled like this.
"""

import re
from collections.abc import Mapping, Sequence

_FATHA, _DAMMA, _KASRA, _SHADDA, _SUKUN = "\u064e\u064f\u0650\u0651\u0652"
_VOWELS = f"\u064b-{_KASRA}\u0670"
_SHORT = f"{_FATHA}{_DAMMA}{_KASRA}"
_MARKS = f"\u064b-{_SUKUN}\u0670"
_LETTERS = "\u0621-\u063a\u0641-\u064a"
_AT_END = f"(?![{_LETTERS}{_MARKS}])"
_AT_START = f"(?<![{_LETTERS}{_MARKS}])"
# Behind an alif that one passes over: "l", a doubled letter after it, or no vowel.
_PASSED_OVER = f"(?=ل{_SUKUN}|ل[{_LETTERS}]{_SHADDA}|ل[أإآ]|[{_LETTERS}]{_SUKUN})"

# Composition puts a vowel before its doubling; eSpeak then loses the vowel.
_DOUBLING = (re.compile(f"([{_VOWELS}]){_SHADDA}"), rf"{_SHADDA}\1")
_ARABIC: Sequence[tuple[re.Pattern[str], str]] = (
    _DOUBLING,
    # The alif behind a plural "w" is silent: "قُولُوا" has two syllables.
    (re.compile(f"(?<=[{_DAMMA}{_FATHA}]و)({_SUKUN}?)ا{_AT_END}"), r"\1"),
    # A bare "ة" is where one pauses: an "a" with a breath, no "t".
    (re.compile(f"ة{_AT_END}"), f"{_FATHA}ه"),
    (re.compile(f"{_FATHA}{_FATHA}ه"), f"{_FATHA}ه"),
    # The article before a noun that begins like "اِثْنَيْن": "al-ithnayn", one vowel.
    (re.compile(f"{_AT_START}ال{_KASRA}ا"), f"ال{_KASRA}"),
    # In the flow of speech the article and its like begin without a vowel, and a long
    # vowel before them is short: "fi l-hayy".
    (re.compile(f"(?<=[{_SHORT}])[اىيو]? ا(?:{_PASSED_OVER}|(?=ل{_KASRA}))"), " "),
    (re.compile(f"(?<=[{_SHORT}])ا{_PASSED_OVER}"), ""),
    # There a letter of the sun is doubled by itself, and the "l" is not heard.
    (re.compile(f"(?<=[{_SHORT}])( ?)ل([{_LETTERS}]{_SHADDA})"), r"\1\2"),
    # At a beginning eSpeak doubles it of its own accord; with the mark it is three.
    (re.compile(f"{_AT_START}ال([{_LETTERS}]){_SHADDA}"), r"ال\1"),
    (re.compile(f"{_FATHA}اي{_KASRA}ي"), f"{_FATHA}اي{_KASRA}"),
)
_DUTCH: Sequence[tuple[re.Pattern[str], str]] = (
    # "zesendertig" would have the long vowel of "zee".
    (re.compile(r"\b([Zz])esen(?=\w+tig)"), r"\1essen"),
    # In one word with these, "acht", "zeven" and "twintig" lose sounds of their own.
    (re.compile(r"\b(zeven|acht|negen)honderd"), r"\1 honderd"),
    (re.compile(r"(?<=\w)duizend\b"), " duizend"),
    # "Typ" would be "tip"; Dutch says "tiep".
    (re.compile(r"\b([Tt])yp(?=en\b|t?\b)"), r"\1iep"),
)
_RULES: Mapping[str, Sequence[tuple[re.Pattern[str], str]]] = {
    "ar": _ARABIC,
    "nl": _DUTCH,
}


def sounding(text: str, language: str) -> str:
    """Return `text` spelled so that eSpeak says what a careful reader would."""
    for pattern, spelled in _RULES.get(language, ()):
        text = pattern.sub(spelled, text)
    return text
