"""How many ballots came in, by route and language; never what is on them."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from bot.store.passes import Receipt, Turnout


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
