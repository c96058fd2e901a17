"""Are open votes as they were frozen, and does one of them need more time?"""

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.domain.findings import Finding, bad, ok, warn
from bot.domain.rounds import Round
from bot.services.closing import proposed_closing
from bot.services.freezing import frozen, is_intact
from bot.services.house import House
from bot.services.outages import late_outages


def check_rounds(house: House) -> Iterator[Finding]:
    """Yield how each round is whose vote was opened. Only reads."""
    yield from house.db.read(lambda db: list(_check(house, db)))


def _check(house: House, db: Connection) -> Iterator[Finding]:
    view = house.catalog.view(db)
    opened = [each for each in view.rounds if each.opened_at is not None]
    for each in opened:
        yield from _one(house, db, each, view.round_id(each.slug))
    if not opened:
        yield ok("rounds", "no vote was opened")


def _one(
    house: House, db: Connection, a_round: Round, round_id: int
) -> Iterator[Finding]:
    name, kept = f"round {a_round.slug}", frozen(db, round_id)
    if kept is None or not is_intact(db, round_id, kept):
        seen = "its settings or plans are not what was frozen"
        yield bad(name, seen, "Compare with /open/rounds.json; count nothing yet.")
    else:
        yield ok(name, f"frozen, hash {kept.hash[:12]}")
    if proposed_closing(db, round_id):
        yield warn(
            name,
            "moving its closing waits for a second official",
            f"buurtstem round confirm-closing {a_round.slug} --by …",
        )
        return
    gaps = late_outages(db, a_round, house.clock())
    if gaps:
        missed = sum(each.missed for each in gaps)
        yield warn(
            name,
            f"in the last day before closing messages did not reach us ({missed})",
            f"Let it close later: buurtstem round move-closing {a_round.slug}",
        )
