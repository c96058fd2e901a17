"""Who asked to be forgotten: written down twice, and gone through after a restore."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Connection, select, update

from bot.keys import Keys, keyed_hash
from bot.services.forget import erase_person, finish_forgetting
from bot.services.house import House, Scene
from bot.services.talks import TalkRow
from bot.store.civic import Erasure
from bot.store.dialect import insert_once
from bot.store.erasures import Erased, add_lines, newest, read_lines
from bot.store.talks import Talk


def erase(scene: Scene, talk: TalkRow, *, keep_plans: bool) -> None:
    """Erase the person of this talk, in every app she has linked.

    Her addresses stand in the ledger, here and outside the database, before anything
    is deleted: a backup that is restored later lets us forget her again. Raises
    OSError if the file cannot be written; then nothing is erased and nobody is told.
    """
    hers = select(Talk.channel, Talk.address)
    rows = scene.db.execute(hers.where(Talk.resident_id == talk.resident_id)).all()
    keys, now = scene.house.keys, scene.now
    lines = [Erased(address_hash(keys, *row), keep_plans, now) for row in rows]
    add_lines(ledger_file(scene.house), lines)
    keep_lines(scene.db, lines)
    erase_person(scene, talk.resident_id, keep_plans=keep_plans)


def ledger_file(house: House) -> Path:
    """Return where the ledger outside the database stands."""
    return Path(house.settings.erasures_file)


def address_hash(keys: Keys, channel: str, address: str) -> str:
    """Return how an address stands in the ledger: nobody can read it back."""
    return keyed_hash(keys.addresses, channel, address)


def keep_lines(db: Connection, lines: Iterable[Erased]) -> None:
    """Keep lines in the database's own ledger; of one address the last one counts."""
    for each in lines:
        values = {"kept_plans": each.kept_plans, "at": each.at}
        made = insert_once(db, Erasure).values(address_hash=each.address_hash, **values)
        if not db.execute(made).rowcount:
            older = (Erasure.address_hash == each.address_hash) & (Erasure.at < each.at)
            db.execute(update(Erasure).where(older).values(values))


def kept_lines(db: Connection) -> list[Erased]:
    """Return the database's own ledger."""
    columns = (Erasure.address_hash, Erasure.kept_plans, Erasure.at)
    return [Erased(*row) for row in db.execute(select(*columns))]


def even_out(house: House) -> int:
    """Add to the file here what other machines have written into the database."""
    path = ledger_file(house)
    known = set(read_lines(path)) if path.exists() else set()
    missing = [each for each in house.db.read(kept_lines) if each not in known]
    if missing:
        add_lines(path, missing)
    return len(missing)


def replay(house: House, more: Iterable[Erased] = ()) -> int:
    """Forget again everybody in the ledger who is here; return how many. Commits.

    Looks at the ledger's file, at the database's own and at `more`, and brings both up
    to all of it. Whoever wrote to us again after she was forgotten is left alone.
    Repeating it changes nothing.
    """
    now = house.clock()
    path = ledger_file(house)
    outside = read_lines(path) if path.exists() else []
    given = [*outside, *more]
    again, all_of_it = house.db.run(lambda db: _replay(Scene(house, db, now), given))
    known = newest(outside)
    missing = [
        each for each in all_of_it.values() if known.get(each.address_hash) != each
    ]
    if missing:
        add_lines(path, missing)
    return again


def _replay(scene: Scene, given: Iterable[Erased]) -> tuple[int, Mapping[str, Erased]]:
    db = scene.db
    ledger = newest([*given, *kept_lines(db)])
    keep_lines(db, ledger.values())
    again = 0
    for row in db.execute(_TALKS).all():
        line = ledger.get(address_hash(scene.house.keys, row.channel, row.address))
        if line is not None and row.created_at <= line.at:
            erase_person(scene, row.resident_id, keep_plans=line.kept_plans)
            finish_forgetting(db, row.id)  # there is nothing to say to her
            again += 1
    return again, ledger


_TALKS = select(
    Talk.id, Talk.resident_id, Talk.channel, Talk.address, Talk.created_at
).order_by(Talk.id)
