"""The stored ballots of a round, counted, and written to a file that anyone can count.

Both only after voting has closed: before, not even the municipality sees a trend.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.domain import round_terms as terms
from bot.domain.languages import pick_text
from bot.domain.plans import ONCE_CHOSEN, Status
from bot.domain.round_terms import VoterKind
from bot.domain.rounds import Phase, Round
from bot.services.chaining import COUNTS
from bot.services.house import House
from bot.store.civic import BallotRow, PlanRow
from tally import (
    Ballot,
    Election,
    ElectionError,
    Outcome,
    Plan,
    Rule,
    Settings,
    TieBreak,
    count,
    tie_order,
    with_rule,
)
from tally.pabulib import Document

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


def settings_of(a_round: Round, election: Election, seed: str) -> Settings:
    """Return how a round is counted: the one place where its data become settings.

    Without money per theme, Amsterdam's rule is most votes first, with skip. Raises
    TallyError for a weight that cannot be known from ballots in a box.
    """
    laid_down = a_round.allocation
    themes = {each.key: each.budget.cents for each in a_round.themes if each.budget}
    settings = Settings(
        rule=Rule.SKIP,
        ties=tie_order(election.plans, [TIES[each] for each in laid_down.ties], seed),
        themes=themes,
        per_author=laid_down.plans_per_author,
        weights=_weights(a_round),
        fill=True,
    )
    return with_rule(settings, rule_of(a_round).value, election)


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


def _weights(a_round: Round) -> Mapping[str, Fraction]:
    """Return what a ballot of each class counts."""
    found: dict[str, Fraction] = {}
    for weight in a_round.weights:
        if weight.each is None or weight.routes:
            raise TallyError(
                f"{a_round.slug} weighs ballots by their route or by a share of the "
                "outcome. The box does not know routes: export it, and count the file."
            )
        found |= dict.fromkeys(map(str, weight.classes or VoterKind), weight.each)
    return found


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
    rows = db.execute(_PLANS.where(PlanRow.round_id == round_id)).all()
    plans = tuple(_plan(row) for row in rows)
    cast = select(BallotRow.picks, BallotRow.voter_class).where(
        BallotRow.round_id == round_id, COUNTS
    )
    listed = {plan.id for plan in plans}
    ballots = Counter(
        Ballot(
            tuple(each for each in map(str, sorted(row.picks)) if each in listed),
            voters=row.voter_class or "",
        )
        for row in db.execute(cast)
    )
    try:
        election = Election(a_round.budget.cents, plans, ballots)
        settings = settings_of(a_round, election, seed or "")
        settings.check(election)
    except ElectionError as error:
        raise TallyError(f"{slug} cannot be counted: {error}.") from error
    titles = {str(row.number): pick_text(row.title, "nl") for row in rows}
    return a_round, Document(election, settings, titles, _about(a_round, seed))


_PLANS = (
    select(
        PlanRow.number,
        PlanRow.cost_cents,
        PlanRow.theme,
        PlanRow.title,
        PlanRow.resident_id,
    )
    .where(PlanRow.status.in_(COUNTED), PlanRow.title.is_not(None))
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


def _about(a_round: Round, seed: str | None) -> dict[str, str]:
    """Return what a file says of a round, in the words of its format."""
    begins, ends = a_round.day_of(Phase.VOTING), a_round.day_of(Phase.COUNTING)
    told = {
        "description": pick_text(a_round.title, "nl"),
        "unit": a_round.municipality,
        "district": pick_text(a_round.area, "nl"),
        "instance": a_round.slug,
        "date_begin": f"{begins:%d.%m.%Y}" if begins else "",
        "date_end": f"{ends:%d.%m.%Y}" if ends else "",
        "max_length": str(a_round.max_picks),
        "currency": "EUR",
        "lot_seed": seed or "",
    }
    return {key: value for key, value in told.items() if value}
