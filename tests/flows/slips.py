"""What a recogniser writes when somebody says a number or a word: right, and slipped.

Each rule is a slip that is known of speech recognisers or of the languages, applied to
all words alike; nothing is picked by hand because it passes. Most of what Whisper
writes is exact (digits, a capital, a full stop); the rest comes from real words that
sound the same and from spellings of an accent.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from bot.domain.languages import Language
from bot.domain.plans import plan_numbers
from bot.flows.numbers import TOP
from bot.flows.vocabulary import WORDS
from tests.flows.test_numbers import SCHOOLBOOK

Rule = Callable[[str, Language], Iterator[str]]

NUMBERS = sorted({*range(100), *takewhile(lambda n: n <= TOP, plan_numbers())})
"""Every number to 99, and every plan number up to 299."""

_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PLEASE = {"nl": "alstublieft", "en": "please", "tr": "lütfen", "ar": "من فضلك"}
_NUMBER = {"nl": "nummer", "en": "number", "tr": "numara", "ar": "رقم"}
_PLAN = {"nl": "plan", "en": "plan", "tr": "plan", "ar": "الخطة"}
_EH = {"nl": "eh", "en": "uh", "tr": "ıı", "ar": ""}


@dataclass(frozen=True, slots=True)
class Case:
    """What is written, by which rule, and what was said: a number or an act."""

    rule: str
    text: str
    number: int | None = None
    act: str = ""


# What is exact: nothing of it may be missed.


def as_written(word: str, language: Language) -> Iterator[str]:
    """Yield the word, with the capital and the full stop that Whisper likes."""
    yield word
    yield f"{word[:1].upper()}{word[1:]}."
    yield f" {word}! "


def politely(word: str, language: Language) -> Iterator[str]:
    """Yield the word with a please, a sound of thinking, a comma."""
    yield f"{word}, {_PLEASE[language]}."
    yield f"{_EH[language]} {word}".strip()


def unmarked(word: str, language: Language) -> Iterator[str]:
    """Yield the word without dots, accents, hamza or taa marbuta; with vowel signs."""
    marks = str.maketrans("çğıöşüéëïأإآةى", "cgiosueeiاااهي")
    yield word.translate(marks)
    if language == "ar":
        yield re.sub(r"(?<=\w)(?=\w)", "\u064e", word)


EXACT: tuple[Rule, ...] = (as_written, politely, unmarked)


def exact_numbers(language: Language) -> Iterator[Case]:
    """Yield all numbers to 299, in words and in digits, alone and beside a word."""
    for number in range(TOP + 1):
        word = SCHOOLBOOK[language](number)
        for rule in EXACT:
            for text in rule(word, language):
                yield Case(rule.__name__, text, number)
        for digits in (str(number), str(number).translate(_ARABIC_DIGITS)):
            yield Case("digits", digits, number)
            yield Case("digits and a stop", f"{digits}.", number)
        yield Case("plan", f"{_PLAN[language]} {number}.", number)
        yield Case(
            "plan and please", f"{_PLAN[language]} {word} {_PLEASE[language]}", number
        )
        yield Case("number", f"{_NUMBER[language]} {word}", number)


def exact_words(language: Language) -> Iterator[Case]:
    """Yield all words of the talk: those of buttons and of the outside contract."""
    for act, word in words_of(language):
        for rule in (as_written, unmarked):
            for text in rule(word, language):
                yield Case(rule.__name__, text, act=act)


def words_of(language: Language) -> Iterator[tuple[str, str]]:
    """Yield each act with each of its words."""
    for act, texts in WORDS.items():
        for word in texts[language].split("|"):
            yield act, word


# What has slipped.


def apart_or_together(word: str, language: Language) -> Iterator[str]:
    """Compounds are written apart, or words together: een entwintig, twentyone."""
    if language == "nl" and (found := re.fullmatch(r"(\w{3,})([eë]n)(\w+tig)", word)):
        unit, joint, ten = found.groups()
        yield f"{unit} {joint}{ten}"
        yield f"{unit}{joint} {ten}"
    if language == "ar" and " و" in word:
        yield word.replace(" و", " و ")
    elif " " in word or "-" in word:
        yield re.sub(r"[ -]", "", word)


_ALIKE: dict[Language, tuple[tuple[str, str], ...]] = {
    "nl": (("v", "f"), ("z", "s"), ("g\\b", "ch"), ("ij", "ei"), ("w", "v")),
    "en": (("th", "t"), ("v", "f"), ("y\\b", "ie"), ("s\\b", "z"), ("c", "k")),
    "tr": (("z\\b", "s"), ("d", "t"), ("b", "p"), ("v", "w"), ("t\\b", "d")),
    "ar": (("ث", "ت"), ("ذ", "د"), ("ظ", "ض"), ("ط", "ت"), ("ق", "ك"), ("ص", "س")),
}


def sounding_alike(word: str, language: Language) -> Iterator[str]:
    """A letter is written as another one of nearly its sound, where it first stands.

    Voice is lost in Dutch (fijf, sestig), th in English, at the end of Turkish words;
    Arabic dialects have no th.
    """
    for letter, other in _ALIKE[language]:
        text = re.sub(letter, other, word, count=1)
        if text != word:
            yield text


def stretched(word: str, language: Language) -> Iterator[str]:
    """A vowel is drawn out: jaaa, neee, zeeven, eveet, نعممم."""
    vowels = "[اوينم]" if language == "ar" else "[aeiouıöü]"
    if found := list(re.finditer(vowels, word)):
        at = found[-1].end()
        yield f"{word[:at]}{word[at - 1] * 2}{word[at:]}"


_SWALLOWED: dict[Language, tuple[tuple[str, str], ...]] = {
    "nl": (("en(?=[tdvzr])", "e"), ("cht", "ch")),
    "en": (("(?<=[a-z])ty\\b", "tie"), ("ght", "t")),
    "tr": (("altm", "atm"), ("ğ", ""), ("(?<=yirm)i", "ı")),
    "ar": (("(?<=ل)ا(?=ث)", ""), ("(?<=م)ا(?=نية)", "")),
}


def swallowed(word: str, language: Language) -> Iterator[str]:
    """A sound is swallowed in a long word: zevetien, eitty, atmış, ثلثة."""
    for sound, left in _SWALLOWED[language]:
        text = re.sub(sound, left, word, count=1)
        if text != word and len(word) > 5:
            yield text


_SAME_SOUND: dict[Language, tuple[tuple[str, str], ...]] = {
    "nl": (("zeven", "zeuven"), ("vijf", "fijf")),
    "en": (
        ("one", "won"),
        ("two", "to"),
        ("two", "too"),
        ("three", "tree"),
        ("four", "for"),
        ("six", "sicks"),
        ("eight", "ate"),
        ("nine", "nein"),
    ),
    "tr": (("bir", "bi"), ("dokuz", "dokus"), ("sekiz", "sekis")),
    "ar": (("اثنان", "ثنتين"), ("ثمانية", "تماني")),
}


def of_the_same_sound(word: str, language: Language) -> Iterator[str]:
    """The last word of a number is written as another word: twenty to, tree, ate."""
    for right, other in _SAME_SOUND[language]:
        text = re.sub(rf"(?<!\w){right}$", other, word)
        if text != word:
            yield text


def ordered(number: int, language: Language) -> Iterator[str]:
    """An ordinal is written: the twelfth, twaalfde, 21e, 12'nci, الثاني عشر."""
    if language == "nl":
        yield f"{number}e"
        yield f"{SCHOOLBOOK['nl'](number)}{_dutch_ending(number)}"
    elif language == "en":
        yield f"the {number}{_english_ending(number)}"
    elif language == "tr":
        yield f"{number}'inci"


def _dutch_ending(number: int) -> str:
    last = number % 100
    return "de" if 1 < last < 20 and last != 8 else "ste"


def _english_ending(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def doubled(word: str, language: Language) -> Iterator[str]:
    """A consonant is written twice, as by ear: stattus, medewerkker."""
    if (
        language != "ar"
        and len(word) > 4
        and (found := re.search(r"(?<=\w)([^\W\daeiouıöüاوي])(?=\w)", word))
    ):
        yield f"{word[: found.end()]}{found[1]}{word[found.end() :]}"


SLIPS: tuple[Rule, ...] = (
    apart_or_together,
    sounding_alike,
    stretched,
    swallowed,
    of_the_same_sound,
    doubled,
)


def slipped_numbers(language: Language) -> Iterator[Case]:
    """Yield every slip of every number in words, and its ordinals."""
    for number in NUMBERS:
        word = SCHOOLBOOK[language](number)
        for rule in SLIPS:
            for text in rule(word, language):
                yield Case(rule.__name__, text, number)
        if number:
            for text in ordered(number, language):
                if not (
                    language == "nl" and text.endswith(("eende", "eenste", "driede"))
                ):
                    yield Case("ordered", text, number)


def slipped_words(language: Language) -> Iterator[Case]:
    """Yield every slip of every word of the talk."""
    for act, word in words_of(language):
        for rule in SLIPS:
            for text in rule(word, language):
                yield Case(rule.__name__, text, act=act)
