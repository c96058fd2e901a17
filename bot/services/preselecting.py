"""The vote before the vote: a round of its own, whose result is the ballot of another.

It has its own ballots, chain, opening and sealing. Plans and passes belong to the round
whose ballot it makes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.languages import LANGUAGES, Texts
from bot.domain.plans import Status
from bot.domain.round_terms import Preselection, Vote
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Local, Say
from bot.i18n import render
from bot.services.answers import Answer, CallError
from bot.services.candidates import ballot_of, first_vote
from bot.services.chaining import LAST_COMMITS
from bot.services.freezing import FrozenError, frozen
from bot.services.house import House, Scene
from bot.services.readiness import find_round
from bot.services.results import Decided, Results, publish
from bot.services.rounds import RoundError
from bot.services.statements import find_official
from bot.services.tallying import count_round
from bot.store.civic import PlanRow, RoundRow
from bot.store.passes import PassRow


def vote_before(a_round: Round) -> Round | None:
    """Return the vote that makes the ballot of a round; None if it has none."""
    part = a_round.preselection
    if part is None:
        return None
    places = Say(N_("This vote makes the voting list."))
    later = Say(N_("Which plans get money is chosen later."))
    return replace(
        a_round,
        slug=first_vote(a_round.slug),
        before=a_round.slug,
        quotas=part.quotas,
        preselection=None,
        title=_in_all(Say(N_("First vote: %(area)s"), {"area": Local(a_round.title)})),
        decides=_in_all(places, later),
        starts=_starts(a_round, part),
        max_picks=part.ballot.max_picks,
        min_picks=part.ballot.min_picks,
        ballot_kind=part.ballot.kind,
        ballot_budget=part.ballot.budget,
        themes=tuple(
            replace(each, budget=None, max_picks=None) for each in a_round.themes
        ),
        electorate=tuple(
            replace(each, votes_in=frozenset({Vote.FINAL}))
            for each in a_round.electorate
            if Vote.PRESELECTION in each.votes_in
        ),
        weights=(),
        opened_at=None,
        messages=None,
    )


def _in_all(*says: Say) -> Texts:
    return {each: " ".join(render(say, each) for say in says) for each in LANGUAGES}


def _starts(a_round: Round, part: Preselection) -> dict[Phase, datetime]:
    """Its result is known when the vote begins, and it is over when that ends."""
    later = {Phase.DOING: Phase.VOTING, Phase.CLOSED: Phase.COUNTING}
    own = {Phase.VOTING: part.opens_at, Phase.COUNTING: part.closes_at}
    return own | {phase: a_round.starts[of] for phase, of in later.items()}


@dataclass(frozen=True, slots=True)
class Preselected:
    """Which plans are on the ballot now, which are not, whether there was a vote."""

    chosen: tuple[int, ...]
    others: tuple[int, ...]
    voted: bool
    answer: Answer


def preselect(house: House, slug: str, by: str, seed: str | None = None) -> Preselected:
    """Put the chosen plans on the ballot and tell every author; again tells nobody.

    Where no more plans than places passed the review, all go on and there is no vote.
    Raises RoundError for an unknown round or official, and as long as the first vote is
    not over; FrozenError once the ballot is frozen; TallyError where a lot decides.
    """
    now = house.clock()
    chosen, others, voted = house.db.run(
        lambda db: _waiting(Scene(house, db, now), slug, by)
    )
    if voted:
        outcome = count_round(house, first_vote(slug), seed).outcome
        chosen = tuple(map(int, outcome.chosen))
        others = tuple(n for n in map(int, outcome.totals) if n not in chosen)
    told = house.db.run(
        lambda db: _publish(Scene(house, db, now), slug, by, (chosen, others))
    )
    return Preselected(chosen, others, voted, told)


def _waiting(
    scene: Scene, slug: str, by: str
) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
    """Return the plans that go on without a vote, or that there was one to count."""
    find_official(scene.db, by)
    a_round = find_round(scene, slug)
    if a_round.preselection is None:
        raise RoundError(f"{slug} has no preselection")
    view = scene.house.catalog.view(scene.db)
    if frozen(scene.db, view.round_id(slug)) is not None:
        raise FrozenError(f"the ballot of {slug} is frozen: nothing was changed")
    first = find_round(scene, first_vote(slug))
    if frozen(scene.db, view.round_id(first.slug)) is not None:
        _refuse_open(scene, first)
        return (), (), True
    row = select(RoundRow.id, RoundRow.data).where(RoundRow.slug == first.slug)
    on_it = ballot_of(scene.db.execute(row).one())
    found = scene.db.scalars(select(PlanRow.number).where(*on_it))
    numbers = tuple(sorted(found))
    if not numbers:
        raise RoundError(f"no plan of {slug} is public and has enough supports")
    if len(numbers) > a_round.preselection.plans:
        raise RoundError(
            f"{len(numbers)} plans stand for {a_round.preselection.plans} places, and "
            f"nobody has voted: buurtstem round open {first.slug}"
        )
    return numbers, (), False


def _refuse_open(scene: Scene, first: Round) -> None:
    closes = first.closes_at
    if closes is None or scene.now < closes + LAST_COMMITS:
        minutes = LAST_COMMITS.seconds // 60
        raise RoundError(
            f"the vote of {first.slug} is not over: wait until {minutes} minutes after "
            "it has closed. Nobody can see before how it stands."
        )


def _publish(
    scene: Scene, slug: str, by: str, decided: tuple[Sequence[int], Sequence[int]]
) -> Answer:
    """Keep what became of each plan, and let passes go from the chats of this vote."""
    chosen, others = decided
    outcomes = [Decided(number, Status.ON_BALLOT) for number in chosen]
    outcomes += [Decided(number, Status.NOT_PRESELECTED) for number in others]
    results = Results(slug, "final", tuple(outcomes))
    try:
        answer = publish(scene, results, f"preselect:{slug}", by)
    except CallError as refusal:
        raise RoundError(str(refusal)) from refusal
    owner = scene.house.catalog.view(scene.db).round_id(slug)
    loose = update(PassRow).where(PassRow.round_id == owner)
    scene.db.execute(loose.values(chat_hash=None))
    return answer
