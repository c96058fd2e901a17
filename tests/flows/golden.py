"""Golden talks: text files of what a resident does, what she hears, and what follows.

A file begins with comments (#) and a line `world:` with words of TRAITS. Then:

    resident: words        typed; (note) words, (mumble), (silence) are voice notes,
                           (unsure) words is one that was heard by half;
                           (note tr) words is a first note clearly in Turkish;
                           [id] is a tap, [id] old one on an older question;
                           (photo) caption, (pin) 52.37 4.81, (link) p62, (sticker)
    clock: 15              days later
    desk: 62 chosen        a plan gets a status; "62 asks checkin" asks its author
    neighbours: 9 62       so many neighbours support a plan

Everything else (bot:, the buttons, =>) is written by the talk itself.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

from bot.domain.facts import About
from bot.domain.languages import Language
from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.domain.say import Reply
from bot.flows.state import Heard, Turn
from bot.i18n import render
from tests.flows.cast import (
    AT_LEAST,
    BALLOT,
    CODES,
    KNAPSACK,
    PASS_ROUND,
    PER_THEME,
    RESULTS_ONLY,
    THEIRS,
    TOKEN,
    VOTE,
    VOTING_ROUND,
    a_round,
    ballot_of,
)
from tests.flows.resident import Recording, Resident
from tests.flows.world import Person, World

FOLDER = Path(__file__).parents[1] / "conversations"
TRAITS = (
    "telegram",
    "whatsapp",
    "web",
    "deaf",
    "osdorp",
    "voting-only",
    "elsewhere",
    "listened",
    "pass",
    "knapsack",
    "at-least",
    "per-theme",
    "results-only",
    "pictures",
)
LIMITED = {"knapsack": KNAPSACK, "at-least": AT_LEAST, "per-theme": PER_THEME}
INPUTS = ("resident", "clock", "desk", "neighbours")
OSDORP = replace(
    a_round("osdorp-2027", {Phase.COLLECTING: -7, Phase.REVIEWING: 60}),
    streets=("Meer en Vaart",),
)
# Isolates are invisible: a reviewer must see where they stand.
VISIBLE = str.maketrans({"\u2068": "⟦", "\u2069": "⟧"})
_VOICE = re.compile(r"\((note|unsure|mumble|silence)(?: (\w\w))?\) ?(.*)")
_OTHER = re.compile(r"\((photo|pin|link|sticker)\) ?(.*)")
_TAP = re.compile(r"\[([^]]+)\]( old)?")
_HEARD = {
    "note": Heard.WELL,
    "unsure": Heard.UNSURE,
    "mumble": Heard.BADLY,
    "silence": Heard.NOTHING,
}


def replay(script: str) -> str:
    """Return the talk that the inputs of `script` lead to, as the file should read.

    Raises ValueError for a line that nobody can play.
    """
    return "\n".join(_played(script)) + "\n"


def files() -> list[Path]:
    """Return the golden talks."""
    return sorted(FOLDER.glob("*.txt"))


def play(script: str) -> Iterator[tuple[str, Resident]]:
    """Yield each line that is not the talk's own, with the resident after it."""
    resident = Resident(World(), Person("ayse"))
    for line in script.splitlines():
        name, _, rest = line.partition(": ")
        if line.startswith("#") or not line:
            yield line, resident
        elif name == "world":
            resident = settle(rest.split(", "))
            yield line, resident
        elif name in INPUTS:
            happen(resident, name, rest)
            yield line, resident


def settle(traits: list[str]) -> Resident:
    """Return a resident in a world with these traits."""
    if unknown := set(traits) - set(TRAITS):
        raise ValueError(f"no such world: {sorted(unknown)}")
    world = World(can_listen="deaf" not in traits)
    if "osdorp" in traits:
        world.rounds = (*world.rounds, OSDORP)
    if "voting-only" in traits:
        world.rounds = (VOTING_ROUND,)
    if "pass" in traits:  # one votes with a pass
        world.rounds = tuple(
            PASS_ROUND if each.slug == VOTE else each for each in world.rounds
        )
        world.passes = dict.fromkeys((*CODES, TOKEN))
    for each in set(traits) & set(LIMITED):  # the ballot keeps to other limits
        world.rounds = (LIMITED[each], *world.rounds[1:])
        world.papers = {VOTE: ballot_of(LIMITED[each])}
    if "pictures" in traits:  # every other plan on the ballot has a picture
        pictured = [
            replace(plan, picture=500 + plan.number) if at % 2 == 0 else plan
            for at, plan in enumerate(BALLOT.plans)
        ]
        world.papers = {VOTE: replace(BALLOT, plans=tuple(pictured))}
    if "results-only" in traits:  # WhatsApp tells results, and no more
        world.rounds = tuple(replace(each, acts=RESULTS_ONLY) for each in world.rounds)
    if "elsewhere" in traits:  # she told plan 62 in another app, and chose a word there
        world.authors[THEIRS], world.words["elsewhere"] = "elsewhere", "zonnebloem"
    channels = [each for each in traits if each in TRAITS[:3]]
    person = Person("ayse", channels[0] if channels else "telegram")
    person.corrected = "listened" in traits  # a person wrote a note of hers down
    return Resident(world, person)


def happen(resident: Resident, name: str, rest: str) -> None:
    """Let one input happen. Raises ValueError if it cannot be played."""
    world = resident.world
    resident.steps = []
    if name == "resident":
        act(resident, rest)
    elif name == "clock":
        world.now += timedelta(days=float(rest))
    elif name == "neighbours":
        count, number = map(int, rest.split())
        plan = world.plans[number]
        world.plans[number] = replace(plan, supports=plan.supports + count)
    else:
        _decide(resident, *rest.split())


def _decide(resident: Resident, number: str, *what: str) -> None:
    if what[0] == "asks":
        resident.person.about = About(what[1], int(number))
        return
    resident.world.review(int(number), Status(what[0]), " ".join(what[1:]))


def act(resident: Resident, line: str) -> None:
    """Do what the resident does."""
    if found := _VOICE.fullmatch(line):
        clear = cast("Language | None", found[2])
        resident.speaks(Recording(found[3], _HEARD[found[1]], clear))
    elif found := _OTHER.fullmatch(line):
        _send(resident, found[1], found[2])
    elif found := _TAP.fullmatch(line):
        resident.taps(found[1], stale=bool(found[2]))
    else:
        resident.types(line)


def _send(resident: Resident, what: str, rest: str) -> None:
    if what == "photo":
        resident.shows(rest)
    elif what == "pin":
        latitude, longitude = map(float, rest.split())
        resident.pins(latitude, longitude)
    elif what == "link":
        resident.follows_link(rest)
    else:
        resident.sends_sticker()


def _played(script: str) -> Iterator[str]:
    for line, resident in play(script):
        yield line
        if line.startswith("resident: "):
            for turn in resident.steps:
                yield from _shown(turn)


def _shown(turn: Turn) -> Iterator[str]:
    """Yield a turn as lines: what is said, the buttons, and what follows from it."""
    language = turn.talk.language or "nl"
    for reply in turn.replies:
        yield from _said(reply, language)
    for effect in turn.effects:
        yield f"=> {effect}"


def _said(reply: Reply, language: str) -> Iterator[str]:
    rows = [row for say in reply.says for row in render(say, language).split("\n")]
    for place, row in enumerate(rows):
        yield f"{'bot: ' if place == 0 else '     '}{row}".translate(VISIBLE).rstrip()
    if reply.picture is not None:
        yield f"     (picture {reply.picture})"
    if reply.sound is not None:
        yield f"     (sound {reply.sound})"
    for button in reply.buttons:
        label = render(button.label, language).translate(VISIBLE)
        yield f"     [{button.id}] {label}"
