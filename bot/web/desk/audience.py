"""Who a message to many is for, in words: "Makers van een plan, العربية"."""

from bot.domain.languages import NAMES
from bot.services.segments import parse_segment
from bot.web.desk.words.book import words


def audience(segment: str, language: str) -> str:
    """Return a stored segment ("voters locale=ar") as an official reads it."""
    w, found = words(language), parse_segment(segment)
    who = w[f"who_{found.who}"]
    parts = [who if found.plan is None else f"{who}: {found.plan}"]
    parts += [name for code, name in NAMES.items() if code == found.locale]
    return ", ".join([*parts, found.area] if found.area else parts)
