"""What letters and posters of a round say, read from the database and the settings.

Texts stay in all languages here; `bot.letter_words` words them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from bot.channels.base import DeepLinked
from bot.domain.languages import LANGUAGES, Language
from bot.domain.plans import Plan
from bot.domain.round_terms import Act
from bot.domain.rounds import Phase, Round
from bot.flows.vocabulary import WORDS
from bot.services.house import House

APPS: Mapping[str, str] = {"whatsapp": "WhatsApp", "telegram": "Telegram"}
"""The channels that a square can open, in the order of the letter."""

_WISHES = {"vote": "menu:vote", "plan": "menu:plan"}


class PrintingRefused(ValueError):  # noqa: N818 - reads as what it is
    """A round cannot be printed yet: a line for each thing that is missing."""


@dataclass(frozen=True, slots=True)
class Printing:
    """All that is printed of a round.

    `plans` are those on the ballot, `openers` the links of `DeepLinked` by channel,
    `page` the web chat as people type it, `phone` that of the help desk ("" on a poster
    of a city that has none).
    """

    round: Round
    plans: tuple[Plan, ...]
    openers: Mapping[str, str]
    page: str
    phone: str


def load_letters(house: House, slug: str) -> Printing:
    """Return what the letters of a round say.

    Asks Telegram for the bot's name. Raises PrintingRefused, which names everything
    that is missing at once, and ChannelError.
    """
    printing = _for_act(_load(house, slug), Act.VOTE)
    _refuse([*letter_faults(printing), *_too_late(printing, house.clock())])
    return printing


def load_poster(house: House, slug: str) -> Printing:
    """Return what a poster says: how to vote or, while plans are taken in, how to plan.

    Raises as `load_letters`.
    """
    printing, now = _load(house, slug), house.clock()
    if printing.round.takes_plans(now):
        _refuse([*_page_faults(printing, Act.PLAN)])
        return _for_act(printing, Act.PLAN)
    _refuse([*ballot_faults(printing), *_too_late(printing, now)])
    return _for_act(printing, Act.VOTE)


def _for_act(printing: Printing, act: Act) -> Printing:
    """Keep the squares of the apps in which the round leaves this open."""
    opens = printing.openers.items()
    kept = {name: link for name, link in opens if printing.round.allows(act, name)}
    return replace(printing, openers=kept)


def _page_faults(printing: Printing, act: Act) -> Iterator[str]:
    if not printing.round.allows(act, "web"):
        yield f"The round keeps {act} off the web page, and what is printed names it."


def _load(house: House, slug: str) -> Printing:
    def read(db: Connection) -> tuple[Round | None, tuple[Plan, ...]]:
        view = house.catalog.view(db)
        found = next((each for each in view.rounds if each.slug == slug), None)
        paper = (view.papers or {}).get(slug)
        return found, paper.plans if paper else ()

    a_round, plans = house.db.read(read)
    if a_round is None:
        raise PrintingRefused(f"There is no round {slug}: buurtstem rounds lists them.")
    if a_round.before:
        raise PrintingRefused(
            f"{slug} has no letters: those of {a_round.before} hold the passes for it."
        )
    page = house.settings.public_url.partition("://")[2] + "/phone"
    phone = house.settings.help_phone or ""
    return Printing(a_round, plans, load_openers(house), page, phone)


def load_openers(house: House) -> dict[str, str]:
    """Return the links that open a chat, by channel. Blocks; raises ChannelError."""
    found = {}
    for name in APPS:
        channel: object = house.channels.get(name)
        if isinstance(channel, DeepLinked):
            found[name] = channel.opening_link()
    return found


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise PrintingRefused("\n".join(faults))


def _too_late(printing: Printing, now: datetime) -> Iterator[str]:
    closes = printing.round.closes_at
    if closes is not None and closes <= now:
        yield "Voting has closed: nobody can use what is printed now."


def letter_faults(printing: Printing) -> Iterator[str]:
    """Name everything without which a letter would mislead who gets it."""
    if not printing.phone:
        yield "HELP_PHONE is missing: the letter names the telephone of the help desk."
    yield from ballot_faults(printing)


def ballot_faults(printing: Printing) -> Iterator[str]:
    """Name what is missing of the round's dates and words, and of its ballot."""
    yield from _page_faults(printing, Act.VOTE)
    for phase in (Phase.VOTING, Phase.COUNTING):
        if printing.round.start_of(phase) is None:
            yield f"The round has no date for {phase}."
    yield from _unworded("The round", printing.round.title)
    for theme in printing.round.themes:
        yield from _unworded(f"Theme {theme.key}", theme.title)
    if not printing.plans:
        yield "No plan is on the ballot yet."
    for plan in printing.plans:
        yield from _unworded(f"Plan {plan.number}", plan.title)
        if plan.cost is None:
            yield f"Plan {plan.number} has no cost."


def _unworded(what: str, texts: Mapping[str, str]) -> Iterator[str]:
    if lacking := [each for each in LANGUAGES if not texts.get(each, "").strip()]:
        yield f"{what} has no title in {', '.join(lacking)}."


def pass_links(openers: Mapping[str, str], token: str) -> Mapping[str, str]:
    """Return, by channel, the link that opens a chat with a pass's token filled in."""
    start = f"k_{token}"
    words = {"telegram": start, "whatsapp": quote(f"stem {start}")}
    return {name: link % words[name] for name, link in openers.items()}


def poster_links(
    openers: Mapping[str, str], wish: str, language: Language
) -> Mapping[str, str]:
    """Return, by channel, the link that opens a chat with a wish ("vote" or "plan").

    The language of the poster is heard first there (`bot.flows.reading.read_start`).
    """
    word = WORDS[_WISHES[wish]][language].partition("|")[0]
    words = {"telegram": f"{wish}_{language}", "whatsapp": quote(word)}
    return {name: link % words[name] for name, link in openers.items()}
