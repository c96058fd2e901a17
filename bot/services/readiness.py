"""What blocks the opening of a vote, each point with whoever has to see to it.

What the database knows is looked up; what no machine can know is a statement of a named
official (`bot.services.statements`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from bot.domain.ballots import BallotPaper
from bot.domain.languages import LANGUAGES, NAMES
from bot.domain.money import Money
from bot.domain.passes import PassState
from bot.domain.plans import Plan, Status
from bot.domain.round_terms import Rule, Vote, VoterKind
from bot.domain.rounds import Phase, Round
from bot.services.approvals import states
from bot.services.candidates import ballot_of
from bot.services.house import Scene
from bot.services.outages import Gap, late_outages
from bot.services.rounds import RoundError
from bot.services.statements import (
    BUDGET,
    LEGAL,
    LISTENERS,
    LOOKING,
    PROCESSORS,
    PROOF,
    Statement,
    statements,
)
from bot.services.templates import template_source
from bot.store.civic import Official, PlanRow, RoundRow
from bot.store.passes import PassRow

LONGEST_TITLE = 24
"""Of a row in a list on WhatsApp."""

_NAMED = 8
_TWO = 2
BOARD, LAWYER, IT = "district board", "lawyer", "IT"
REVIEWERS, COMMUNICATION, COUNTER = "reviewers", "communication", "counter"


@dataclass(frozen=True, slots=True)
class Point:
    """Something that has to be right before a vote opens.

    `owner` has to see to it, `seen` is how it is, `todo` what to do unless `ready`.
    """

    name: str
    owner: str
    ready: bool
    seen: str
    todo: str = ""


def find_round(scene: Scene, slug: str) -> Round:
    """Return a round. Raises RoundError if it is not there."""
    rounds = scene.house.catalog.view(scene.db).rounds
    found = next((each for each in rounds if each.slug == slug), None)
    if found is None:
        known = ", ".join(each.slug for each in rounds) or "none"
        raise RoundError(f"there is no round {slug} (there are: {known})")
    return found


def readiness(scene: Scene, slug: str) -> list[Point]:
    """Return every point, in the order in which they are seen to.

    Raises RoundError for an unknown round.
    """
    a_round = find_round(scene, slug)
    view = scene.house.catalog.view(scene.db)
    round_id = view.round_id(slug)
    row = select(RoundRow.id, RoundRow.data).where(RoundRow.id == round_id)
    on_it = ballot_of(scene.db.execute(row).one())
    plans = scene.db.execute(_PLANS.where(*on_it)).all()
    said = statements(scene.db, view.round_id(a_round.register))
    said = {**said, **statements(scene.db, round_id)}
    looked = _Looking(scene, a_round, plans, said)
    return [*looked.declared(), *looked.found()]


def late_news(scene: Scene, slug: str) -> list[str]:
    """Say what happened in the last day of an open vote that officials decide about.

    Raises RoundError for an unknown round.
    """
    a_round = find_round(scene, slug)
    zone = ZoneInfo(a_round.zone)
    return [
        f"{gap.channel}: {_missed(gap)} between {gap.began_at.astimezone(zone):%H:%M} "
        f"and {gap.ended_at.astimezone(zone):%H:%M}. Let voting close later: "
        f"buurtstem round move-closing {slug}"
        for gap in late_outages(scene.db, a_round, scene.now)
    ]


def _missed(gap: Gap) -> str:
    if gap.missed:
        return f"{gap.missed} messages reached us late"
    return "nobody looked for messages that did not reach us"


_PLANS: Any = select(
    PlanRow.number,
    PlanRow.title,
    PlanRow.summary,
    PlanRow.cost_cents,
    PlanRow.theme,
    PlanRow.public_at,
).order_by(PlanRow.number)


@dataclass(frozen=True, slots=True)
class _Looking:
    """One look at a round and the plans on its ballot."""

    scene: Scene
    a_round: Round
    plans: Sequence[Row[Any]]
    said: Any = field(default_factory=dict)

    def declared(self) -> Iterator[Point]:
        """Yield what officials have to declare."""
        yield self._statement(BUDGET, BOARD, "the money is decided")
        yield self._statement(LEGAL, LAWYER, "the legal basis is right")
        yield self._statement(
            PROCESSORS, LAWYER, "agreements with processors are signed"
        )
        for language, item in zip(LANGUAGES, LISTENERS, strict=True):
            heard = f"somebody listens to {NAMES[language]}"
            yield self._statement(item, COMMUNICATION, heard)
        if self.a_round.asks_pass:
            yield self._statement(
                PROOF, COMMUNICATION, "a printed letter was looked at"
            )

    def _statement(self, item: str, owner: str, claim: str) -> Point:
        said: Statement | None = self.said.get(item)
        if said:
            seen = f"{said.by}, {said.at:%Y-%m-%d}: {said.note}"
            return Point(item, owner, ready=True, seen=seen)
        todo = f"buurtstem round state {self.a_round.register} {item} --by … --note …"
        return Point(
            item, owner, ready=False, seen=f"nobody declared: {claim}", todo=todo
        )

    def found(self) -> Iterator[Point]:
        """Yield what the database knows."""
        yield self._dates()
        yield self._officials()
        yield self._talk()
        yield self._ballot()
        yield self._each("titles", REVIEWERS, _has_titles, "buurtstem plans publish")
        yield self._clips()
        yield self._each("costs", REVIEWERS, self._has_cost, "buurtstem plans cost")
        yield self._templates()
        if self.a_round.asks_pass:
            yield self._passes()

    def _passes(self) -> Point:
        """As many passes of each class as the file plans, void ones not counted."""
        counted = (
            select(PassRow.kind, func.count().label("made"))
            .join(RoundRow, RoundRow.id == PassRow.round_id)
            .where(RoundRow.slug == self.a_round.register)
            .where(PassRow.state != PassState.VOID.value)
            .group_by(PassRow.kind)
        )
        made = {row.kind: row.made for row in self.scene.db.execute(counted)}
        planned = {
            each.kind.value: each.passes
            for each in self.a_round.electorate
            if Vote.FINAL in each.votes_in and each.kind is not VoterKind.TEST
        }
        lacking = [kind for kind, many in planned.items() if made.get(kind, 0) < many]
        seen = ", ".join(
            f"{made.get(kind, 0)} of {many} {kind}" for kind, many in planned.items()
        )
        todo = f"buurtstem passes create --round {self.a_round.register} --class "
        todo = todo + lacking[0] if lacking else ""
        return Point("passes", IT, not lacking, seen or "no class votes", todo)

    def _dates(self) -> Point:
        closes = self.a_round.closes_at
        fine = closes is not None and closes > self.scene.now
        days = [self.a_round.day_of(each) for each in (Phase.VOTING, Phase.COUNTING)]
        seen = f"voting from {days[0]}, counting from {days[1]}"
        todo = "set new dates in the file: buurtstem round load"
        return Point("dates", BOARD, fine, seen, "" if fine else todo)

    def _officials(self) -> Point:
        acting = select(func.count()).where(Official.role.not_in(LOOKING))
        found = self.scene.db.scalar(acting) or 0
        seen = f"{found} may act; moving the closing takes two"
        fine = found >= _TWO
        return Point(
            "officials", IT, fine, seen, "" if fine else "buurtstem official add"
        )

    def _talk(self) -> Point:
        lacking = beyond_the_talk(self.a_round)
        if not lacking:
            return Point("talk", IT, ready=True, seen="the chats keep to the file")
        seen = f"the chats cannot keep to: {', '.join(lacking)}"
        todo = "change the file, or take another version of Buurtstem"
        return Point("talk", IT, ready=False, seen=seen, todo=todo)

    def _candidates(self) -> Point:
        """More plans than places: else there is nothing to choose, and all go on."""
        places = sum(each.plans for each in self.a_round.quotas)
        many, fine = len(self.plans), len(self.plans) > places
        seen = f"{many} plans with enough supports, for {places} places"
        todo = f"all go on: buurtstem round preselect {self.a_round.before} --by …"
        todo = todo if many else "say which plans are public: buurtstem plans publish"
        return Point("ballot", REVIEWERS, fine, seen, "" if fine else todo)

    def _ballot(self) -> Point:
        if self.a_round.before:
            return self._candidates()
        chosen = self.a_round.preselection
        fewest, most = self.a_round.min_picks, chosen.plans if chosen else None
        many = len(self.plans)
        fine = many >= fewest and (most is None or many <= most)
        limit = f"at least {fewest}" + (f", at most {most}" if most else "")
        seen = f"{many} plans are on it ({limit})"
        todo = "say which plans are on the ballot: results.publish with on_ballot"
        if chosen and not many:
            todo = f"buurtstem round preselect {self.a_round.slug} --by …"
        if fine and (room := self._room()) < fewest:
            fine, seen = False, f"its limits leave room for {room} plans ({limit})"
            todo = "change min, budget_euros or a theme's max: buurtstem round load"
        return Point("ballot", REVIEWERS, fine, seen, "" if fine else todo)

    def _room(self) -> int:
        """Return how many plans one ballot can name at most, by all its limits."""
        slug = self.a_round.slug
        plans = (
            Plan(row.number, slug, Status.ON_BALLOT, {}, {}, _cost(row), row.theme)
            for row in self.plans
        )
        return BallotPaper(slug, tuple(plans), self.a_round.ballot).room()

    def _each(self, name: str, owner: str, is_fine: Any, todo: str) -> Point:  # noqa: ANN401
        lacking = [row.number for row in self.plans if not is_fine(row)]
        fine = bool(self.plans) and not lacking
        seen = f"fine for all {len(self.plans)} plans" if fine else _lacking(lacking)
        return Point(name, owner, fine, seen, "" if fine else todo)

    def _clips(self) -> Point:
        todo = "buurtstem plans publish with --summary in four languages"
        if self.scene.house.voice is None:
            seen, todo = "nothing reads aloud here", "set VOICE_ENGINE"
            return Point("clips", IT, ready=False, seen=seen, todo=todo)
        return self._each("clips", REVIEWERS, _has_summaries, todo)

    def _has_cost(self, row: Row[Any]) -> bool:
        fits = row.cost_cents and 0 < row.cost_cents <= self.a_round.budget.cents
        own_money = any(each.budget for each in self.a_round.themes)
        filed = self.a_round.theme(row.theme) is not None
        return bool(fits) and (filed or not own_money)

    def _templates(self) -> Point:
        if template_source(self.scene.house) is None:
            return Point("templates", COMMUNICATION, ready=True, seen="WhatsApp is off")
        wordings = states(self.scene.db)
        lacking = [f"{s.kind} ({s.language})" for s in wordings if not s.in_use]
        if not lacking:
            seen = f"all {len(wordings)} are approved"
            return Point("templates", COMMUNICATION, ready=True, seen=seen)
        seen = f"{len(lacking)} are not approved: {', '.join(lacking[:_NAMED])}"
        todo = "buurtstem templates sync"
        return Point("templates", COMMUNICATION, ready=False, seen=seen, todo=todo)


def _cost(row: Row[Any]) -> Money:
    return Money(row.cost_cents or 0)


def _lacking(numbers: Sequence[int]) -> str:
    if not numbers:
        return "no plan is on the ballot yet"
    more = len(numbers) - _NAMED
    named = ", ".join(map(str, numbers[:_NAMED]))
    return f"not fine for plans {named}{f' and {more} more' if more > 0 else ''}"


def _has_titles(row: Row[Any]) -> bool:
    titles = row.title or {}
    return row.public_at is not None and all(
        0 < len(titles.get(each, "").strip()) <= LONGEST_TITLE for each in LANGUAGES
    )


def _has_summaries(row: Row[Any]) -> bool:
    return all((row.summary or {}).get(each, "").strip() for each in LANGUAGES)


def beyond_the_talk(a_round: Round) -> list[str]:
    """Name what a round lays down and the chats would not keep to.

    Such a vote must not open: people would be asked for something else than decided.
    Points and ranks are not asked for: whoever reads little cannot give them by voice
    or by number (`docs/rounds.md`).
    """
    rule = a_round.allocation.rule
    return [f"ballots for the rule {rule}"] if rule in {Rule.POINTS, Rule.BORDA} else []
