"""What a simulated resident says, step by step, and what each answer must hold."""

import re
from dataclasses import dataclass

PLAN = "Parka yeni bir bank istiyorum."
NUMBERS = "21 30"


@dataclass(frozen=True, slots=True)
class Step:
    """One message to the bot: typed words, or a tap if `data` is given.

    `expects` is searched in the body of every send that answers it.
    """

    text: str
    data: str
    expects: re.Pattern[bytes]


def typed(text: str, expects: str = "") -> Step:
    """Make a step that is typed."""
    return Step(text, "", re.compile(expects.encode()))


def tapped(data: str, expects: str = "") -> Step:
    """Make a step that is a tap on an inline button."""
    return Step("", data, re.compile(expects.encode()))


def button(data: str) -> str:
    """Make a pattern for a button's id as JSON or as a form holds it."""
    quote = r'(?:"|%22)'
    return quote + data.replace(":", "(?::|%3A)") + r"(?:\\|%5C)?" + quote


AUTHOR = (
    typed("/start", button("lang:tr")),
    tapped("lang:tr"),
    tapped("menu:plan"),
    typed(PLAN, button("yes")),
    tapped("yes", r"\d\d"),
    tapped("skip"),
    typed("durum", "Parka"),
)
VOTER = (
    typed("/start", button("lang:tr")),
    tapped("lang:tr"),
    tapped("menu:vote"),
    typed(NUMBERS, button("yes")),
    tapped("yes"),
    typed("durum"),
)
SCRIPTS = (AUTHOR, VOTER)
KNOWN = (AUTHOR[2:], VOTER[2:])
"""The same of people who have chosen their language long ago."""
