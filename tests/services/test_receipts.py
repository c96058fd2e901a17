"""Is my receipt in the box: yes or no, however it is written."""

import pytest
from sqlalchemy import insert, select

from bot.services.receipts import ReceiptError, is_in_box
from bot.store.civic import RoundRow
from bot.store.passes import Receipt
from tests.services.test_votes import votes
from tests.worlds import COLLECTING, VOTING, World, table


def given(world: World) -> str:
    """Let somebody vote and return the receipt as she sees it."""
    votes(world, world.person("ar"))
    (row,) = world.rows(table(Receipt))
    return str(row.receipt)


def arabic(digits: str) -> str:
    return "".join(chr(0x660 + int(d)) if d.isdigit() else d for d in digits)


def test_a_receipt_is_found_however_it_is_typed(each_world: World) -> None:
    shown = given(each_world)
    digits = "".join(filter(str.isdigit, shown))
    halves = digits[:4], digits[4:]
    ways = [shown, digits, " ".join(halves), "-".join(halves), f"  {digits}\n"]
    for typed in [*ways, *map(arabic, ways)]:
        assert is_in_box(each_world.house, VOTING, typed), typed
    other = str((int(digits) + 1) % 10**8).zfill(8)
    assert not is_in_box(each_world.house, VOTING, other)


def test_of_another_round_it_is_not_there(world: World) -> None:
    assert not is_in_box(world.house, COLLECTING, given(world))
    with pytest.raises(LookupError):
        is_in_box(world.house, "atlantis", "4821 7730")


@pytest.mark.parametrize("typed", ["", "482 177", "4821 7730 1", "stem 21", "KX", "%"])
def test_what_has_not_eight_digits_is_no_receipt(world: World, typed: str) -> None:
    with pytest.raises(ReceiptError):
        is_in_box(world.house, VOTING, typed)


@pytest.mark.parametrize("typed", ["KXQ4-7M2P", "kxq4 7m2p", "KXQ47M2P"])
def test_a_receipt_of_the_version_before_is_found_too(world: World, typed: str) -> None:
    with world.house.db.engine.begin() as db:
        mine = select(RoundRow.id).where(RoundRow.slug == VOTING)
        old = {"receipt": "KXQ4-7M2P", "round_id": db.scalar(mine)}
        db.execute(insert(Receipt).values(old))
    assert is_in_box(world.house, VOTING, typed)
    assert not is_in_box(world.house, VOTING, typed.upper().replace("K", "Z"))
