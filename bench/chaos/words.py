"""What residents say, in each language, and how they tell one plan from another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te")
NAME = re.compile(r"Zw[a-z]+x[a-z]+q")
LONG = {"telegram": 3_900, "whatsapp": 1_500}
"""Characters of a plan whose read-back takes more than one message."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `telling` goes before the name of a plan."""

    hello: str
    plan: str
    vote: str
    support: str
    status: str
    rules: str
    again: str
    yes: str
    telling: str


WORDS: Mapping[str, Words] = {
    "nl": Words(
        *("hallo", "plan", "stem", "steun", "status", "regels"),
        *("nog een keer", "ja", "Bankjes en bomen bij het plein van"),
    ),
    "en": Words(
        *("hello", "plan", "vote", "support", "status", "rules"),
        *("again", "yes", "Benches and trees at the square of"),
    ),
    "tr": Words(
        *("merhaba", "plan", "oy", "destekle", "durum", "kurallar"),
        *("tekrar", "evet", "Meydanda banklar ve ağaçlar:"),
    ),
    "ar": Words(
        *("مرحبا", "خطة", "صوت", "ادعم", "حالة", "القواعد"),
        *("مرة أخرى", "نعم", "مقاعد وأشجار في ساحة"),
    ),
}


def new_name(random: Random, number: int) -> str:
    """Return an invented name that no other plan has and that means nothing."""
    digits = []
    while number:
        number, digit = divmod(number, len(SYLLABLES))
        digits.append(SYLLABLES[digit])
    start = "".join(random.choices(SYLLABLES, k=3))
    return f"Zw{start}x{''.join(digits)}q"


def plan_text(words: Words, name: str, length: int) -> str:
    """Return a plan's text with its name at both ends, of at least `length`."""
    told = f"{words.telling} {name}."
    filling = f" {words.telling} Merel."
    return told + filling * (max(0, length - len(told)) // len(filling)) + f" {name}."
