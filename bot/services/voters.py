"""By what a ballot is known to come from an address, whether there is one; receipts."""

from sqlalchemy import Connection, bindparam, select

from bot.keys import keyed_hash
from bot.services.catalog import CatalogView
from bot.services.house import House, Scene
from bot.services.talks import TalkRow
from bot.store.civic import BallotRow
from bot.store.passes import Receipt
from bot.store.prepared import Prepared

_HAS_BALLOT = Prepared(
    select(BallotRow.round_id).where(
        BallotRow.round_id == bindparam("round"), BallotRow.voter == bindparam("voter")
    )
)


def voter_of(house: House, talk: TalkRow, slug: str) -> str:
    """Return the keyed hash by which this address is a voter in a round."""
    return keyed_hash(house.keys.ballots, slug, talk.channel, talk.address)


def has_ballot(scene: Scene, talk: TalkRow, view: CatalogView, slug: str) -> bool:
    """Tell whether a ballot came from this address; what is on it is not read."""
    found = {
        "round": view.round_id(slug),
        "voter": voter_of(scene.house, talk, slug),
    }
    return _HAS_BALLOT.one(scene.db, found) is not None


def is_in_box(db: Connection, round_id: int, voter: str) -> bool:
    """Tell whether the box of a round holds a ballot under this row key."""
    return _HAS_BALLOT.one(db, {"round": round_id, "voter": voter}) is not None


_TAKEN = Prepared(select(Receipt.round_id).where(Receipt.receipt == bindparam("it")))


def free_receipt(house: House, db: Connection) -> str:
    """Return a receipt that nobody has: eight digits are not so many."""
    while True:
        receipt = house.receipt()
        if _TAKEN.one(db, {"it": receipt}) is None:
            return receipt
