"""What the instrument learns to hear: short answers, numbers, and a few plans.

Short answers come from the bot's own vocabulary, so the instrument knows what the bot
knows. Written is what a recogniser would write: small letters and no signs for short
answers, numbers in words, plans as sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.flows.spelling import plain
from bot.flows.vocabulary import VERBS, WORDS
from tests.instruments.arabic import MARKED, bare
from tests.sound import SENTENCES

LANGUAGES = ("nl", "en", "tr", "ar")

BESIDES = {
    "nl": "niet voorlezen|nederlands|hollands|engels|turks|arabisch",
    "en": "stop reading|english|dutch|turkish|arabic",
    "tr": "sesli okuma|türkçe",
    "ar": "لا تقرأ|العربية|عربي|عربية",
}
# What the bot understands since the instrument was trained; a new training takes it in.
UNTAUGHT = frozenset(
    {"disagree", "join:no", "menu:status of", "money", "money of", "trust", "unlink"}
)
# They sound like another answer of the same language, and mean the same.
SAME_SOUND = {"nl": {"ok"}, "en": {"ok", "thats all"}, "tr": set(), "ar": set()}

PLANS = {
    "nl": (
        "Ik wil een speeltuin voor de kinderen in onze straat.",
        "Meer bomen en bloemen op het plein.",
        "Naast de school.",
    ),
    "en": (
        "I want a playground for the children in our street.",
        "More trees and flowers on the square.",
        "Next to the school.",
    ),
    "tr": (
        "Sokağımıza çocuklar için bir oyun alanı istiyorum.",
        "Meydana daha çok ağaç ve çiçek.",
        "Okulun yanında.",
    ),
    "ar": (
        "أُرِيدُ مَلْعَبًا لِلْأَطْفَالِ فِي شَارِعِنَا.",
        "أَشْجَار وَزُهُور أَكْثَر فِي السَّاحَة.",
        "بِجَانِبِ الْمَدْرَسَة.",
    ),
}

_UNITS = {
    "nl": "nul één twee drie vier vijf zes zeven acht negen",
    "en": "zero one two three four five six seven eight nine",
    "tr": "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
    "ar": "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة",
}
_TEENS = {
    "nl": "tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien"
    "|negentien",
    "en": "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen",
    "tr": "on|on bir|on iki|on üç|on dört|on beş|on altı|on yedi|on sekiz|on dokuz",
    "ar": "عشرة|أحد عشر|اثنا عشر|ثلاثة عشر|أربعة عشر|خمسة عشر|ستة عشر|سبعة عشر"
    "|ثمانية عشر|تسعة عشر",
}
_TENS = {
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "tr": "yirmi otuz kırk elli altmış yetmiş seksen doksan",
    "ar": "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون",
}
# Commas are pauses for the voice; nobody writes them.
_AROUND = {
    "nl": "plan {}|plan nummer {}|nummer {}|steun {}|steun plan {}|volg {}|stem op {}"
    "|{} en {}|{}, {}|{}, {}, {}|{}, {} en {}",
    "en": "plan {}|plan number {}|number {}|support {}|support plan {}|follow {}"
    "|vote for {}|{} and {}|{}, {}|{}, {}, {}|{}, {} and {}",
    "tr": "plan {}|numara {}|destek {}|takip {}|oy {}|{} ve {}|{}, {}|{}, {}, {}"
    "|{}, {} ve {}",
    "ar": "خُطَّة {}|اَلْخُطَّة رَقْم {}|رَقْم {}|أَدْعَم {}|تَابِع {}|أُصَوِّت {}|{} وَ{}|{}، {}|{}، {}، {}"
    "|{}، {} وَ{}",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """What the voice reads, and what is to be written."""

    language: str
    spoken: str
    written: str


def answers(language: str) -> list[Saying]:
    """Every short answer in words, each once."""
    acts = [*WORDS.items(), *((f"{act} of", row) for act, row in VERBS.items())]
    rows = [row[language].split("|") for act, row in acts if act not in UNTAUGHT]
    said = [*(word for row in rows for word in row), *BESIDES[language].split("|")]
    kept = [word for word in dict.fromkeys(said) if _is_spoken(word, language)]
    sayings = [_saying(word, language) for word in kept]
    return list({one.written: one for one in sayings}.values())


def plans(language: str) -> list[Saying]:
    """A few plans and a place, as sentences; the one of `tests.sound` among them."""
    said = (SENTENCES[language], *PLANS[language])
    return [Saying(language, text, bare(text)) for text in said]


def number(language: str, value: int) -> Saying:
    """One number, 0 to 99."""
    return _saying(_number_words(language, value), language)


def counted(language: str, draw: np.random.Generator) -> Saying:
    """One to three numbers with what people say around them, drawn at random."""
    around = str(draw.choice(_AROUND[language].split("|")))
    values = draw.integers(0, 100, around.count("{}"))
    words = [number(language, int(value)).spoken for value in values]
    spoken = around.format(*words)
    return Saying(language, spoken, bare(spoken).replace(",", "").replace("،", ""))


def _number_words(language: str, value: int) -> str:
    tens, unit = divmod(value, 10)
    if value < 10:
        return _UNITS[language].split()[unit]
    if value < 20:
        return _TEENS[language].split("|")[unit]
    ten, one = _TENS[language].split()[tens - 2], _UNITS[language].split()[unit]
    return ten if unit == 0 else _joined(language, ten, one)


def _joined(language: str, ten: str, one: str) -> str:
    match language:
        case "nl":
            bare_one = one.replace("é", "e")
            return f"{bare_one}{'ë' if bare_one.endswith('e') else 'e'}n{ten}"
        case "ar":
            return f"{one} و{ten}"
        case _:
            return f"{ten} {one}"


def _is_spoken(word: str, language: str) -> bool:
    """Tell whether the voice can say it: Arabic in Latin letters is only typed."""
    return word not in SAME_SOUND[language] and (language != "ar" or not word.isascii())


def _saying(word: str, language: str) -> Saying:
    spoken = _marked(word) if language == "ar" else word
    return Saying(language, spoken, bare(spoken))


def _marked(words: str) -> str:
    """Arabic with its vowel marks; words that nobody has marked stay as they are."""
    whole = MARKED.get(plain(words))
    if whole:
        return whole
    *before, last = words.rsplit(" و", 1)
    return f"{_marked(before[0])} وَ{_marked(last)}" if before else words
