"""What the web chat's page knows before its first request."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.channels.base import MEDIA_BYTES
from bot.domain.languages import LANGUAGES, NAMES, pick_text
from bot.domain.rounds import Round
from bot.services.house import House
from bot.services.waiting import public_key
from bot.web.phone_words import all_words

NOTE_SECONDS = 180
"""The longest recording, as long as what the recogniser takes."""

STATIC = Path(__file__).parent / "static"


@cache
def modules() -> Sequence[str]:
    """Return the page's script files, so that they load side by side."""
    return sorted(f"phone/{path.name}" for path in STATIC.glob("phone/*.js"))


def island(house: House, language: str, user_id: str) -> Mapping[str, object]:
    """Return the page's data: words, languages, places, limits, what it seals with."""
    rounds = house.db.run(house.catalog.view).rounds
    return {
        "words": all_words(),
        "names": NAMES,
        "language": language,
        "places": {each: place_name(rounds, each) for each in LANGUAGES},
        "seconds": NOTE_SECONDS,
        "bytes": MEDIA_BYTES,
        "seal": public_key(house.keys, user_id),
    }


def place_name(rounds: Sequence[Round], language: str) -> str:
    """Return whose chat this is: municipalities and areas, each named once."""
    cities = dict.fromkeys(each.municipality for each in rounds)
    areas = dict.fromkeys(pick_text(each.area, language) for each in rounds)
    return " · ".join(", ".join(names) for names in (cities, areas) if names)
