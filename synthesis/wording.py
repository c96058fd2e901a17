"""What of a text is spoken, and in whose mouth: no signs, no markup, no emoji."""

from __future__ import annotations

import itertools
import re
import unicodedata

MOST_LETTERS = 800
"""About a minute of speech; what comes after it is not spoken."""

# Marks of direction, controls, lone surrogates, frames around a letter: to the engines
# they are nothing, or commands.
UNHEARD = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me"})
FIRST_PICTURE = 0x2190  # arrows, and after them all emoji; ° and № come before
PICTURES = frozenset({"So", "Sk"})
VARIATION_SELECTORS = range(0xFE00, 0xFE10)
TATWEEL = "\u0640"  # stretches a word on paper; eSpeak NG reads its name aloud

# eSpeak NG loses the vowel of a doubled letter if the vowel mark comes first, which is
# the order that Unicode's normal forms insist on.
VOWEL_BEFORE_SHADDA = re.compile("([\u064b-\u0650\u0652\u0670]+)\u0651")
SHADDA_FIRST = "\u0651\\1"

BORROWED = {"nl": "ar", "en": "ar", "tr": "ar", "ar": "nl"}
"""Whose voice says words in the other script: street names are Dutch."""


def spoken(text: str) -> str:
    """Return what can be said of `text`, on one line; empty if there is nothing.

    At most `MOST_LETTERS` long, cut between words. Digits of every script become 0-9.
    """
    whole = unicodedata.normalize("NFC", text[: 4 * MOST_LETTERS])
    heard = "".join(map(_heard, whole))
    # Double brackets hold phonemes, in some modes of eSpeak NG and always in Piper.
    line = " ".join(heard.replace("[[", " ").replace("]]", " ").split())
    if not any(map(str.isalnum, line)):
        return ""
    return VOWEL_BEFORE_SHADDA.sub(SHADDA_FIRST, _shortened(line))


def runs(line: str, language: str) -> list[tuple[str, str]]:
    """Cut a line where its script changes: the language of each part, and the part.

    A voice spells out the letters of a script that is not its own.
    """
    grouped = itertools.groupby(line.split(), lambda word: _whose(word, language))
    parts = [(whose, " ".join(words)) for whose, words in grouped]
    return [part for part in parts if any(map(str.isalnum, part[1]))]


def _heard(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    if letter.isspace():
        return " "
    if kind in UNHEARD or letter == TATWEEL or ord(letter) in VARIATION_SELECTORS:
        return ""
    if kind in PICTURES and ord(letter) >= FIRST_PICTURE:
        return " "
    return letter


def _shortened(line: str) -> str:
    if len(line) <= MOST_LETTERS:
        return line
    words, _, _ = line[: MOST_LETTERS + 1].rpartition(" ")
    return words or line[:MOST_LETTERS]


def _whose(word: str, language: str) -> str:
    scripts = {_is_arabic(letter) for letter in word if letter.isalpha()}
    foreign = language != "ar"
    return BORROWED.get(language, language) if scripts == {foreign} else language


def _is_arabic(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("ARABIC")
