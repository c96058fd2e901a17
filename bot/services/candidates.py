"""Which plans are on a ballot as long as it is not frozen."""

from typing import Any

from sqlalchemy import Row, select

from bot.domain.plans import Status
from bot.store.civic import PlanRow, RoundRow


def ballot_of(row: Row[Any]) -> tuple[Any, ...]:
    """Return which plans are on the ballot of a round (its id and data) now.

    Those that were put there; in the vote before the vote the public ones with enough
    supports, which are the plans that passed the review.
    """
    before = row.data.get("before")
    if not before:
        on_it = PlanRow.status == Status.ON_BALLOT.value
        return (PlanRow.round_id == row.id, on_it)
    owner = select(RoundRow.id).where(RoundRow.slug == before).scalar_subquery()
    return (
        PlanRow.round_id == owner,
        PlanRow.status == Status.PUBLIC.value,
        PlanRow.supports >= row.data["threshold"],
        PlanRow.title.is_not(None),
    )


def first_vote(slug: str) -> str:
    """Return the slug of the vote that makes the ballot of a round."""
    return f"{slug}-preselection"
