"""Who a message to many is for, in words: "Makers van een plan, العربية"."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.languages import NAMES, pick_text
from bot.services.segments import parse_segment
from bot.web.context import house
from bot.web.desk.words.book import words


def audiences(language: str) -> Callable[[str], str]:
    """Return what tells a stored segment ("voters locale=ar") to an official."""
    rounds = house().db.read(lambda db: house().catalog.view(db).rounds)
    titles = {each.slug: pick_text(each.title, language) for each in rounds}
    return partial(audience, titles=titles, language=language)


def audience(segment: str, titles: Mapping[str, str], language: str) -> str:
    """Return a stored segment in words. `titles` are those of the rounds, by slug."""
    w, found = words(language), parse_segment(segment)
    who = w[f"who_{found.who}"]
    parts = [who if found.plan is None else f"{who}: {found.plan}"]
    parts += [name for code, name in NAMES.items() if code == found.locale]
    parts += [titles.get(found.area, found.area)] if found.area else []
    return ", ".join(parts)
