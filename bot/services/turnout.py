"""How many ballots came in, by route and language; never what is on them.

What is published of it hides every group of fewer than ten, and what would give one
away (`bot.domain.hiding`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, func, select

from bot.domain.hiding import SUM, hide, with_sums
from bot.domain.languages import LANGUAGES
from bot.domain.passes import PassClass, PassState
from bot.domain.round_terms import ROUTES
from bot.services.pass_register import count_passes
from bot.store.passes import Receipt, Turnout

T = TypeVar("T")
UNKNOWN = "unknown"
"""The route or language of a ballot of which it is not known."""

_SENT = (PassState.OPEN.value, PassState.USED.value)
Figure = int | None
"""A number of people; None where it is hidden."""


class Cell(NamedTuple):
    """So many ballots came by one route in one language ("" where none is known)."""

    route: str
    language: str
    ballots: int


def turnout_of(db: Connection, round_id: int) -> list[Cell]:
    """Return the turnout of a round by route and language, ballots of test passes not.

    From the receipts, as long as these know; from what was added up once the round is
    sealed.
    """
    language = func.coalesce(Receipt.language, "")
    known = (
        select(Receipt.route, language, func.count())
        .where(Receipt.round_id == round_id, Receipt.route.is_not(None))
        .group_by(Receipt.route, language)
        .order_by(Receipt.route, language)
    )
    added_up = (
        select(Turnout.route, Turnout.language, Turnout.ballots)
        .where(Turnout.round_id == round_id)
        .order_by(Turnout.route, Turnout.language)
    )
    rows = db.execute(added_up).all() or db.execute(known).all()
    return [Cell(str(route), language, many) for route, language, many in rows]


@dataclass(frozen=True, slots=True)
class PublicTurnout:
    """What everybody may know of the turnout; None stands for what is hidden.

    `passes` is, by class of voters, how many were sent and how many were used.
    """

    ballots: int
    by_route: Mapping[str, Figure]
    by_language: Mapping[str, Figure]
    by_both: Mapping[str, Mapping[str, Figure]]
    passes: Mapping[str, tuple[Figure, Figure]]


def public_turnout(
    cells: Sequence[Cell], ballots: int, passes: Mapping[tuple[str, str], int]
) -> PublicTurnout:
    """Return the turnout with small groups hidden.

    `ballots` is how many were counted, which the chain tells too; `passes` counts the
    passes of a round by class and state. All routes and languages are there, used or
    not, so that nothing follows from which of them are.
    """
    counts = {(each.route, each.language or UNKNOWN): each.ballots for each in cells}
    rest = ballots - sum(counts.values())
    if rest > 0:
        counts[UNKNOWN, UNKNOWN] = rest
    routes = [*ROUTES, *sorted({route for route, _ in counts} - {*ROUTES})]
    known = {language for _, language in counts}
    languages = [*LANGUAGES, *sorted(known - {*LANGUAGES})]
    shown = hide(with_sums(routes, languages, counts))
    return PublicTurnout(
        ballots=ballots,
        by_route={route: shown[route, SUM] for route in routes},
        by_language={each: shown[SUM, each] for each in languages},
        by_both={
            route: {each: shown[route, each] for each in languages} for route in routes
        },
        passes=_passes(passes),
    )


def _passes(
    counted: Mapping[tuple[str, str], int],
) -> Mapping[str, tuple[Figure, Figure]]:
    """Return passes sent and used by class; those for trying out are none.

    How many were used in all is the number of ballots, which everybody knows.
    """
    used, unused = PassState.USED.value, PassState.OPEN.value
    sent = {
        (kind, state): many
        for (kind, state), many in counted.items()
        if kind != PassClass.TEST and state in _SENT
    }
    kinds = [each.value for each in PassClass if any(k == each for k, _ in sent)]
    full = with_sums(kinds, (used, unused), sent)
    shown = hide(full, known=[(SUM, used)])
    return {kind: (shown[kind, SUM], shown[kind, used]) for kind in kinds}


def turnout_to_json(turnout: PublicTurnout) -> Mapping[str, Any]:
    """Return a turnout as it is published; null is what is hidden."""
    return {
        "ballots": turnout.ballots,
        "by_route": dict(turnout.by_route),
        "by_language": dict(turnout.by_language),
        "by_both": {route: dict(each) for route, each in turnout.by_both.items()},
        "passes": {
            kind: {"sent": sent, "used": used}
            for kind, (sent, used) in turnout.passes.items()
        },
    }


def turnout_from_json(data: Mapping[str, Any]) -> PublicTurnout:
    """Return a turnout from what was published."""
    passes = {
        kind: (each["sent"], each["used"]) for kind, each in data["passes"].items()
    }
    both = data["by_both"]
    return PublicTurnout(
        ballots=data["ballots"],
        by_route=_in_order(data["by_route"], ROUTES),
        by_language=_in_order(data["by_language"], LANGUAGES),
        by_both={
            route: _in_order(both[route], LANGUAGES)
            for route in _in_order(both, ROUTES)
        },
        passes=_in_order(passes, [each.value for each in PassClass]),
    )


def _in_order(parts: Mapping[str, T], order: Sequence[str]) -> dict[str, T]:
    """Return parts in the order in which they are told; others come last."""
    rest = sorted(parts.keys() - {*order})
    return {each: parts[each] for each in (*order, *rest) if each in parts}


def published_turnout(db: Connection, round_id: int, ballots: int) -> PublicTurnout:
    """Return the turnout of a closed round as everybody may know it."""
    passes = count_passes(db, round_id)
    return public_turnout(turnout_of(db, round_id), ballots, passes)
