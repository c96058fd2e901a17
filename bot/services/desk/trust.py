"""Three questions about trust, before and after a round: what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.domain.hiding import LEAST
from bot.store.trust import TrustAnswer

QUESTIONS = ("listened", "involved", "room")
MOMENTS = ("before", "after")


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answered, and their mean mark from 1 to 5; None for under ten."""

    many: int | None
    mean: float | None


TrustTable = Mapping[str, Mapping[str, Answered]]
"""By question, then by moment."""


def trust_of(db: Connection, round_id: int) -> TrustTable:
    """Return what was answered in a round, before and after it.

    Nothing is told of fewer than ten: a mean of few tells who said what. Both moments
    stand apart, for they are not the same people.
    """
    rows = db.execute(
        select(
            TrustAnswer.question,
            TrustAnswer.moment,
            func.count(),
            func.sum(TrustAnswer.answer),
        )
        .where(TrustAnswer.round_id == round_id)
        .group_by(TrustAnswer.question, TrustAnswer.moment)
    )
    found = {(question, moment): (n, total) for question, moment, n, total in rows}
    return {
        question: {
            moment: _answered(*found.get((question, moment), (0, 0)))
            for moment in MOMENTS
        }
        for question in QUESTIONS
    }


def _answered(many: int, total: int) -> Answered:
    if many < LEAST:
        return Answered(0 if not many else None, None)
    return Answered(many, round(int(total) / many, 1))
