"""The stored ballots of a round, counted, and written to a file that anyone can count.

Both only after voting has closed: before, not even the municipality sees a trend.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.domain import round_terms as terms
from bot.domain.languages import pick_text
from bot.domain.plans import ONCE_CHOSEN, Status
from bot.domain.rounds import Phase, Round
from bot.domain.weights import Kind, Weighed, WeightError, weigh
from bot.services.chaining import COUNTS
from bot.services.freezing import frozen
from bot.services.house import House
from bot.store.civic import BallotRow, PlanRow
from tally import (
    Ballot,
    Election,
    ElectionError,
    Outcome,
    Plan,
    Quota,
    Rule,
    Settings,
    TieBreak,
    count,
    tie_order,
    with_rule,
)
from tally.pabulib import Document, Note

QUOTAS = "quotas"
COUNTED = (Status.ON_BALLOT, Status.NOT_VOTED_IN, *sorted(ONCE_CHOSEN))
"""What a plan that stood on the ballot can be, before and after the results."""


class TallyError(ValueError):
    """A round cannot be counted, or not yet; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A round with its result, and the file from which anyone gets the same."""

    a_round: Round
    document: Document
    outcome: Outcome


def count_round(house: House, slug: str, seed: str | None = None) -> Counted:
    """Count the ballots of a round. Changes nothing; again gives the same.

    `seed` is the public number of the lot, drawn after closing. Raises TallyError
    before closing, for a plan without a cost, and for a lot that nobody has drawn.
    """
    a_round, document = house.db.read(lambda db: _document(house, db, slug, seed))
    outcome = count(document.election, document.settings)
    drawn = [tie for tie in outcome.ties if tie.broken_by is TieBreak.LOT]
    if drawn and seed is None:
        plans = " and ".join(drawn[0].plans)
        raise TallyError(
            f"Plans {plans} have equally many votes and cost the same. Draw the lot in "
            "public, and count again with its number: --seed"
        )
    return Counted(a_round, document, outcome)


def settings_of(
    a_round: Round, election: Election, seed: str, weights: Mapping[str, Fraction]
) -> Settings:
    """Return how a round is counted: the one place where its data become settings.

    `weights` is what a ballot of each group of voters counts. Without money per theme,
    Amsterdam's rule is most votes first, with skip. In the vote before the vote places
    are given, by quotas.
    """
    laid_down = a_round.allocation
    quotas = tuple(
        Quota(tuple(map(str, each.classes)), each.plans) for each in a_round.quotas
    )
    themes = {each.key: each.budget.cents for each in a_round.themes if each.budget}
    settings = Settings(
        rule=Rule.SKIP,
        ties=tie_order(election.plans, [TIES[each] for each in laid_down.ties], seed),
        themes=themes,
        quotas=quotas,
        per_author=None if quotas else laid_down.plans_per_author,
        weights=weights,
        fill=not quotas,
    )
    rule = QUOTAS if quotas else rule_of(a_round).value
    return with_rule(settings, rule, election)


def rule_of(a_round: Round) -> terms.Rule:
    """Return by which rule a round is counted, as `settings_of` says."""
    rule = a_round.allocation.rule
    has_money = any(each.budget for each in a_round.themes)
    if rule is terms.Rule.AMSTERDAM and not has_money:
        return terms.Rule.VOTES_SKIP
    return rule


TIES = {
    terms.Tie.CHEAPER: TieBreak.CHEAPER,
    terms.Tie.DEARER: TieBreak.DEARER,
    terms.Tie.NUMBER: TieBreak.LISTED,
    terms.Tie.LOT: TieBreak.LOT,
}


def _document(
    house: House, db: Connection, slug: str, seed: str | None
) -> tuple[Round, Document]:
    view = house.catalog.view(db)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        known = ", ".join(each.slug for each in view.rounds)
        raise TallyError(f'There is no round "{slug}". There are: {known}')
    _check_closed(a_round, house.clock())
    round_id = view.round_id(slug)
    rows = db.execute(_plans_of(db, a_round, round_id)).all()
    titles = {str(row.number): pick_text(row.title, "nl") for row in rows}
    listed = tuple(map(_plan, rows))
    return a_round, _counted_by(db, a_round, round_id, listed, titles, seed)


def _counted_by(
    db: Connection,
    a_round: Round,
    round_id: int,
    plans: tuple[Plan, ...],
    titles: Mapping[str, str],
    seed: str | None,
) -> Document:
    """Return these plans with all ballots of a round, and how they are counted."""
    cast = _cast(db, round_id)
    try:
        weighed = weigh(a_round.weights, _sizes(cast))
        ballots = _ballots(cast, weighed, {plan.id for plan in plans})
        election = Election(a_round.budget.cents, plans, ballots)
        settings = settings_of(a_round, election, seed or "", weighed.weights)
        settings.check(election)
    except (ElectionError, WeightError) as error:
        raise TallyError(f"{a_round.slug} cannot be counted: {error}.") from error
    return Document(
        election,
        settings,
        titles=titles,
        about=_about(a_round, seed, weighed),
        notes=tuple(_notes(weighed)),
    )


def as_published(
    db: Connection, a_round: Round, round_id: int, body: Mapping[str, Any]
) -> Document:
    """Return the election that a published result (`body`) is the count of.

    Its plans, costs and lot are those that were published, whatever became of the plans
    since. Raises TallyError where it cannot be counted.
    """
    numbers = [each["number"] for each in body["plans"]]
    found = select(PlanRow.number, PlanRow.resident_id)
    rows = db.execute(found.where(PlanRow.number.in_(numbers)))
    authors = {row.number: row.resident_id for row in rows}
    plans = tuple(
        Plan(
            str(each["number"]),
            each["cost_cents"],
            each["theme"] or "",
            str(authors.get(each["number"]) or ""),
        )
        for each in body["plans"]
    )
    return _counted_by(db, a_round, round_id, plans, {}, body["lot"])


Cast = Mapping[tuple[Kind, tuple[int, ...]], int]
"""How often the same picks came from voters of a class by a route."""


def _cast(db: Connection, round_id: int) -> Cast:
    columns = (BallotRow.voter_class, BallotRow.route, BallotRow.picks)
    found = select(*columns).where(BallotRow.round_id == round_id, COUNTS)
    return Counter(
        ((voters or "", route or ""), tuple(sorted(picks)))
        for voters, route, picks in db.execute(found)
    )


def _sizes(cast: Cast) -> Mapping[Kind, int]:
    sizes: Counter[Kind] = Counter()
    for (kind, _), many in cast.items():
        sizes[kind] += many
    return sizes


def _ballots(cast: Cast, weighed: Weighed, listed: Collection[str]) -> Counter[Ballot]:
    """Return ballots with the group of their voters, and plans that can be chosen."""
    ballots: Counter[Ballot] = Counter()
    for (kind, picks), many in cast.items():
        still = tuple(each for each in map(str, picks) if each in listed)
        ballots[Ballot(still, voters=weighed.groups[kind])] += many
    return ballots


def _notes(weighed: Weighed) -> Iterator[Note]:
    for name in weighed.missing:
        share = weighed.shares[name]
        what = f"{name} should be {share} of the outcome, and there is no such ballot"
        yield Note(0, f"{what}; the others make up the whole")


def _plans_of(db: Connection, a_round: Round, round_id: int) -> Any:  # noqa: ANN401
    """Return what stood on the ballot; for the vote before the vote as it was frozen.

    Raises TallyError if such a vote was never opened.
    """
    if not a_round.before:
        return _PLANS.where(PlanRow.round_id == round_id, PlanRow.status.in_(COUNTED))
    kept = frozen(db, round_id)
    if kept is None:
        raise TallyError(f"{a_round.slug} was never opened: there is nothing to count.")
    stands = PlanRow.status != Status.WITHDRAWN.value
    return _PLANS.where(PlanRow.number.in_(sorted(kept.numbers)), stands)


_PLANS = (
    select(
        PlanRow.number,
        PlanRow.cost_cents,
        PlanRow.theme,
        PlanRow.title,
        PlanRow.resident_id,
    )
    .where(PlanRow.title.is_not(None))
    .order_by(PlanRow.number)
)


def _check_closed(a_round: Round, now: datetime) -> None:
    closes = a_round.closes_at
    if closes is None or closes > now:
        when = (
            f"It closes at {closes:%Y-%m-%d %H:%M} UTC" if closes else "No day is set"
        )
        raise TallyError(
            f"Voting in {a_round.slug} has not closed. {when}. Nothing was counted, so "
            "that nobody can see how a vote stands while it goes on."
        )


def _plan(row: Row[Any]) -> Plan:
    if row.cost_cents is None:
        raise TallyError(
            f"Plan {row.number} has no cost. Enter it with `plans cost`, then count "
            "again."
        )
    author = "" if row.resident_id is None else str(row.resident_id)
    return Plan(str(row.number), row.cost_cents, row.theme or "", author)


def _about(a_round: Round, seed: str | None, weighed: Weighed) -> dict[str, str]:
    """Return what a file says of a round, in the words of its format."""
    begins, ends = a_round.day_of(Phase.VOTING), a_round.day_of(Phase.COUNTING)
    told = {
        "description": pick_text(a_round.title, "nl"),
        "unit": a_round.municipality,
        "district": pick_text(a_round.area, "nl"),
        "instance": a_round.slug,
        "date_begin": f"{begins:%d.%m.%Y}" if begins else "",
        "date_end": f"{ends:%d.%m.%Y}" if ends else "",
        "max_length": "" if a_round.ballot.budget else str(a_round.max_picks),
        "currency": "EUR",
        "lot_seed": seed or "",
        "voter_shares": ",".join(f"{k}={v}" for k, v in weighed.shares.items()),
    }
    return {key: value for key, value in told.items() if value}
