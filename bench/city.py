"""How the people of a filled database are found: their chats, and what they speak."""

import random
from collections.abc import Iterator

LANGUAGE = "tr"
STEP = 7_919
"""Prime to any size: the people of following rows are far apart."""

STRIDE = 2_654_435_761
PLACES = (10_000_000, 2**33)
"""Telegram's numbers look random: the resident's id times `STRIDE`, in these places."""


def chat(resident: int) -> int:
    """Return the Telegram chat of a resident of a filled database."""
    return PLACES[0] + resident * STRIDE % PLACES[1]


def known_chats(residents: int) -> Iterator[int]:
    """Yield chats of people who have one already, at random, each once in a while."""
    while True:
        for each in random.sample(range(1, residents + 1), min(residents, 20_000)):
            if talks_here(each):
                yield chat(each)


def talks_here(resident: int) -> bool:
    """Tell whether a resident is at rest on Telegram and has not voted.

    Every third writes by another channel, and who ends in 1, 2 or 3 has voted; a few
    were forgotten, have stopped us, cannot be reached, or left a ballot unfinished.
    """
    elsewhere = resident % 3 == 0 or resident % 1000 == 500
    silent = resident % 50 == 7 or resident % 100 == 9
    voted = resident % 10 in {1, 2, 3} or resident % 200 == 0
    return not (elsewhere or silent or voted)


def new_chats() -> Iterator[int]:
    """Yield chats of people who have never written, as random as Telegram's."""
    while True:
        yield PLACES[0] + PLACES[1] + random.randrange(PLACES[1])
