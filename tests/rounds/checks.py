"""What must hold at the end of a round, looked at from outside."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from bot.domain.plans import Status
from bot.services.chaining import LAST_COMMITS
from bot.services.turnout import turnout_of
from bot.services.verifying import check_round
from bot.store.civic import BallotRow, PlanRow
from bot.store.passes import Receipt
from tests.rounds.counts import Priced
from tests.rounds.plans import Told
from tests.rounds.town import Town
from tests.rounds.voters import Electorate
from tests.services.test_results import HEART
from tests.worlds import table

MOST_ASKED = 300
RECEIPT = re.compile(r"(?<!\d)\d{4}\u00a0\d{4}(?![\u00a0\d])")


def numbers_of(town: Town, status: Status) -> set[int]:
    """Return the numbers of all plans with this status."""
    rows = select(PlanRow.number).where(PlanRow.status == status.value)
    return {row.number for row in town.world.rows(rows)}


def priced(town: Town, numbers: Iterable[int]) -> list[Priced]:
    """Return what these plans cost, and their themes."""
    rows = table(PlanRow).where(PlanRow.number.in_(list(numbers)))
    return [
        Priced(row.number, row.cost_cents, row.theme) for row in town.world.rows(rows)
    ]


def _box(electorate: Electorate) -> list[Any]:
    world = electorate.town.world
    view = world.house.db.read(world.house.catalog.view)
    mine = BallotRow.round_id == view.round_id(electorate.slug)
    return world.rows(table(BallotRow).where(mine))


def the_box_holds_what_was_wanted(electorate: Electorate) -> None:
    rows = _box(electorate)
    held = Counter((tuple(row.picks), row.voter_class) for row in rows)
    wanted = Counter(
        (each.picks, str(each.kind)) for each in electorate.wanted.values()
    )
    assert held == wanted, (held - wanted, wanted - held)


def turnout_is_what_came(electorate: Electorate) -> None:
    house = electorate.town.world.house
    round_id = house.db.read(house.catalog.view).round_id(electorate.slug)
    cells = house.db.read(lambda db: turnout_of(db, round_id))
    wanted = Counter((each.route, each.language) for each in electorate.wanted.values())
    assert {(cell.route, cell.language): cell.ballots for cell in cells} == wanted


def the_chain_closes(electorate: Electorate) -> None:
    """Let the worker close the chain, and check it against the box."""
    town = electorate.town
    town.is_at(town.now + LAST_COMMITS, minutes=1)
    town.chain()
    seen = check_round(town.world.house, electorate.slug)
    assert (seen.faults, seen.loose) == ((), 0)
    assert seen.ballots == len(_box(electorate))


def receipts_are_in_the_box(electorate: Electorate) -> None:
    """Check that a receipt told last on a phone can be looked up, for all phones."""
    house = electorate.town.world.house
    round_id = house.db.read(house.catalog.view).round_id(electorate.slug)
    mine = table(Receipt).where(Receipt.round_id == round_id)
    known = {row.receipt for row in electorate.town.world.rows(mine)}
    phones = list(dict.fromkeys(electorate.phones.values()))
    for who in phones[:MOST_ASKED]:
        texts = electorate.town.told(who)
        told = [found for text in texts for found in RECEIPT.findall(text)]
        assert told[-1] in known, texts[-1]
    assert len(known) == len(electorate.wanted)


def every_author_was_told(town: Town, plans: Iterable[Told], outcome: Status) -> None:
    """Check that each of them heard what became of her plan, in her language."""
    for each in plans:
        heart = HEART[outcome, each.author.language]
        hers = [text for text in town.told(each.author) if heart in text]
        assert len(hers) == 1, (each.number, outcome, town.told(each.author)[-1])
