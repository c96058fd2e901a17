"""Checking a round: its chain, the ballots in the box, and what was published."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.chain import Entry, Fact, commitment, committed, first_break
from bot.services.canonical import hash_of
from bot.services.chaining import COUNTS, entries_of
from bot.services.freezing import all_versions
from bot.services.house import House
from bot.services.publishing import all_published
from bot.services.tallying import TallyError, count_round
from bot.store.chain import ReplacedBallot
from bot.store.civic import BallotRow


class NoChainError(ValueError):
    """There is nothing to check; the message says why, for an official."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the chain's length and last value, and every fault.

    `ballots` are committed to in the chain; `loose` are in the box and not yet in it.
    """

    entries: int
    value: str
    ballots: int
    loose: int
    faults: tuple[str, ...]


def check_round(house: House, slug: str, noted: Sequence[str] = ()) -> Checked:
    """Check a round's chain, and that the box holds exactly what it commits to.

    Where a result is published, the box is counted again and has to give it. `noted`
    are values that somebody wrote down before. Raises NoChainError.
    """

    def found(db: Connection) -> Checked:
        ids = house.catalog.view(db).ids or {}
        if slug not in ids:
            raise NoChainError(f"There is no round called {slug}.")
        entries = entries_of(db, ids[slug])
        if not entries:
            raise NoChainError(
                f"The chain of {slug} is not there yet: a worker begins it when "
                "voting opens."
            )
        alone = check_chain(slug, entries, noted)
        loose, faults = _compare(db, ids[slug], committed(entries))
        faults += _other_settings(db, ids[slug], entries)
        return replace(alone, loose=loose, faults=alone.faults + faults)

    checked = house.db.read(found)
    return replace(checked, faults=checked.faults + _other_result(house, slug))


def check_chain(
    slug: str, entries: Sequence[Entry], noted: Iterable[str] = ()
) -> Checked:
    """Check that each entry follows from those before, and holds what was noted."""
    faults = []
    broken = first_break(slug, entries)
    if broken is not None:
        faults.append(f"entry {broken} does not follow from what is before it")
    values = {each.value for each in entries}
    faults += [f"no entry has the value {each}" for each in noted if each not in values]
    standing = committed(entries)
    closed = [each for each in entries if each.fact == Fact.CLOSED]
    faults += [
        f"entry {each.place} tells {each.body['ballots']} ballots, not {len(standing)}"
        for each in closed
        if each.body["ballots"] != len(standing)
    ]
    return Checked(len(entries), entries[-1].value, len(standing), 0, tuple(faults))


def _compare(
    db: Connection, round_id: int, standing: frozenset[str]
) -> tuple[int, tuple[str, ...]]:
    """Compare the box with the chain; return how many ballots the chain lacks yet."""
    columns = (BallotRow.nonce, BallotRow.picks, BallotRow.place)
    rows = db.execute(
        select(*columns).where(BallotRow.round_id == round_id, COUNTS)
    ).all()
    box = Counter(
        commitment(row.nonce, row.picks) for row in rows if row.place is not None
    )
    replaced = select(ReplacedBallot.commitment)
    waiting = set(db.scalars(replaced.where(ReplacedBallot.round_id == round_id)))
    strange = box - Counter(standing)
    missing = standing - box.keys() - waiting
    faults = []
    if strange:
        faults.append(f"{strange.total()} ballots in the box are not in the chain")
    if missing:
        faults.append(f"{len(missing)} ballots of the chain are not in the box")
    return sum(row.place is None for row in rows), tuple(faults)


def _other_settings(
    db: Connection, round_id: int, entries: Sequence[Entry]
) -> tuple[str, ...]:
    """Compare the settings that are frozen with those the chain tells."""
    kept = {each.version: hash_of(each.settings) for each in all_versions(db, round_id)}
    told = {
        each.body["version"]: each.body["hash"]
        for each in entries
        if each.fact == Fact.SETTINGS
    }
    return tuple(
        f"version {version} of the settings is not what the chain tells"
        for version, value in told.items()
        if kept.get(version) != value
    )


def _other_result(house: House, slug: str) -> tuple[str, ...]:
    """Compare what was published with its hashes, and the newest with the ballots."""
    versions = house.db.read(
        lambda db: all_published(db, house.catalog.view(db).round_id(slug))
    )
    faults = [
        f"version {each.version} of the result is not what its hash tells"
        for each in versions
        if hash_of(each.body) != each.hash
    ]
    if versions and not faults:
        last = versions[-1]
        try:
            again = count_round(house, slug, last.data["lot"]).outcome
        except TallyError as refusal:
            faults.append(f"the ballots cannot be counted again: {refusal}")
        else:
            if again != last.outcome():
                faults.append("the published result is not what the ballots give")
    return tuple(faults)


def chain_to_json(slug: str, entries: Iterable[Entry]) -> Mapping[str, Any]:
    """Return a chain as it is published; `chain_from_json` gives it back."""
    told = [
        {
            "place": each.place,
            "fact": each.fact,
            "at": each.at.isoformat(timespec="seconds"),
            "body": dict(each.body),
            "value": each.value,
        }
        for each in entries
    ]
    return {"round": slug, "entries": told}


def chain_from_json(data: object) -> tuple[str, list[Entry]]:
    """Return whose chain was published, and its entries. Raises NoChainError."""
    try:
        assert isinstance(data, dict)  # noqa: S101 - told below
        entries = [
            Entry(
                int(each["place"]),
                str(each["fact"]),
                datetime.fromisoformat(each["at"]),
                dict(each["body"]),
                str(each["value"]),
            )
            for each in data["entries"]
        ]
        slug = str(data["round"])
        committed(entries)
    except (AssertionError, LookupError, TypeError, ValueError) as fault:
        raise NoChainError("This is no chain as we publish it.") from fault
    if not entries:
        raise NoChainError("The chain is empty.")
    return slug, entries
