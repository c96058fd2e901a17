"""The end of a round: its records are destroyed once its archive holds them.

Two officials answer for it. All rows go in one transaction, which writes down what
went; files go after it, one by one. Whoever is interrupted runs it again: what is
written down says what is left to do.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select, text, update

from bot.domain.rounds import Round
from bot.domain.trail import places_hash
from bot.services.archived import Archived, is_ours, lacking, read_archive
from bot.services.archiving import records
from bot.services.belonging import Roots, delete_all, lines_of, roots_of, tasks_of
from bot.services.catalog import touch
from bot.services.desk.audit import note
from bot.services.destroyed import Destroyed, destroyed_round
from bot.services.freezing import lock_round
from bot.services.house import House, Scene
from bot.services.lasting import reasons
from bot.services.publishing import PublishError
from bot.services.retiring import IN_USE, end_of_round
from bot.services.rounds import RoundError
from bot.services.statements import find_official
from bot.services.trail_checks import adopt
from bot.store.audit import AuditLine
from bot.store.care import PlanLine
from bot.store.civic import CheckIn, CheckInAnswer, Correction, PlanMedia, PlanRow, Task
from bot.store.database import Database
from bot.store.destroyed import DestroyedRound
from bot.store.drafts import BroadcastDraft
from bot.store.media import MediaUnavailableError
from bot.store.outreach import Broadcast
from bot.store.spending import Spending
from bot.store.talks import Media
from bot.store.trail import close, take_out

log = logging.getLogger(__name__)
AT_ONCE = 50
MOST_SELECTION = 240


class DestroyError(RoundError):
    """The records of a round may not go. `reasons` are all there are, for officials."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(f"- {each}" for each in reasons))
        self.reasons = tuple(reasons)


class UnfinishedError(RoundError):
    """Rows are gone, and some files could not be deleted yet: run it again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Which round's records go, on whose word, and which archive holds them.

    `by` and `second` are e-mail addresses of officials, `selection` the category of the
    municipality's selection list, "" where it is to be filled in by hand.
    """

    slug: str
    archive: Path
    by: str
    second: str
    selection: str = ""


def check(house: House, ending: Ending) -> Archived:
    """Return the archive that holds a round, if its records may be destroyed now.

    Raises DestroyError with every reason why not, RoundError for an unknown round.
    """
    now = house.clock()
    found = house.db.read(lambda db: _reasons(Scene(house, db, now), ending))
    try:
        kept = read_archive(ending.archive)
    except ValueError as error:
        raise DestroyError([*found, str(error)]) from error
    found += _doubts(house, kept, ending.slug)
    if found:
        raise DestroyError(found)
    return kept


def _reasons(scene: Scene, ending: Ending) -> list[str]:
    a_round, roots = _find(scene, ending.slug)
    return _of_people(scene.db, ending) + reasons(scene, a_round, roots)


def _find(scene: Scene, slug: str) -> tuple[Round, Roots]:
    view = scene.house.catalog.view(scene.db)
    for each in view.rounds:
        if each.slug == slug:
            return each, roots_of(scene.db, slug, view.round_id(slug))
    raise RoundError(f"there is no round {slug}: buurtstem rounds lists them")


def _of_people(db: Connection, ending: Ending) -> list[str]:
    """Return what is wrong with those who answer for it, and with what they say."""
    found, ids = [], set()
    for email in (ending.by, ending.second):
        try:
            ids.add(find_official(db, email).id)
        except RoundError as refusal:
            found.append(str(refusal))
    if not found and len(ids) == 1:
        found.append("two different officials have to answer for it")
    if len(ending.selection) > MOST_SELECTION:
        found.append(f"the category is longer than {MOST_SELECTION} characters")
    return found


def _doubts(house: House, kept: Archived, slug: str) -> list[str]:
    """Return why an archive does not stand for all that is kept of a round."""
    if kept.slug != slug:
        return [f"the archive is of round {kept.slug}"]
    found = list(kept.faults)
    if not house.db.read(lambda db: is_ours(db, kept)):
        found.append("the trail knows no archive of this round with its hash")
    try:
        missing = lacking(kept, records(house, slug))
    except PublishError as refusal:
        return [*found, str(refusal)]
    if missing:
        named = ", ".join(missing)
        found.append(
            f"since the archive was made, this has changed: {named}. Make a new one"
        )
    return found


def destroy(house: House, ending: Ending) -> Destroyed:
    """Destroy the records of a round; return what is left of it. Commits.

    Where they are destroyed already it deletes what files are left and changes nothing
    else. Raises DestroyError as `check` does, UnfinishedError where files have to be
    tried again.
    """
    if destroyed_round(house, ending.slug) is None:
        now = house.clock()
        seen = house.db.read(lambda db: _last_act(Scene(house, db, now), ending.slug))
        kept = check(house, ending)
        adopt(house)
        house.db.run(lambda db: _delete_rows(Scene(house, db, now), ending, kept, seen))
        log.info("round destroyed slug=%s", ending.slug)
    return finish(house, ending.slug)


def _last_act(scene: Scene, slug: str) -> int:
    """Return the last line of the trail about a round: whoever acts adds one."""
    _, roots = _find(scene, slug)
    last = select(func.max(AuditLine.id)).where(lines_of(roots))
    return scene.db.scalar(last) or 0


def _delete_rows(scene: Scene, ending: Ending, kept: Archived, seen: int) -> None:
    """Delete all rows of a round, and write down that it was so.

    `seen` is the last act before its archive was compared with what is there.
    """
    db = scene.db
    lock_round(db, ending.slug)
    found = _reasons(scene, ending)
    if _last_act(scene, ending.slug) != seen:
        found.append("somebody acted on it at this very moment: run the command again")
    if found:
        raise DestroyError(found)
    a_round, roots = _find(scene, ending.slug)
    files = _files(db, roots)
    subject = f"round:{ending.slug}"
    places = take_out(db, subject, lines_of(roots))
    counts = delete_all(db, roots)
    close(db, subject)
    alone = list(db.scalars(_not_in_use(files)))
    gone = update(Media).where(Media.id.in_(alone))
    db.execute(gone.values(delete_after=scene.now, transcript=None))
    by, second = (find_official(db, each) for each in (ending.by, ending.second))
    starts = sorted(a_round.starts.values())
    values = {
        "slug": a_round.slug,
        "title": dict(a_round.title),
        "municipality": a_round.municipality,
        "began_at": starts[0],
        "ended_at": end_of_round(a_round),
        "selection": ending.selection.strip(),
        "archive_hash": kept.hash,
        "archived_at": kept.made_at,
        "counts": counts | {"files": len(alone)},
        "files": alone,
        "last_number": max(roots.numbers, default=0),
        "by": by.email,
        "second": second.email,
        "at": scene.now,
    }
    db.execute(insert(DestroyedRound).values(values))
    told = {"second": second.email, "archive": kept.hash, "rows": sum(counts.values())}
    lines = {"lines": len(places), "lines_hash": places_hash(places)}
    note(scene, by.email, "round.destroy", subject, **told, **lines)
    touch(db)


def _files(db: Connection, roots: Roots) -> list[int]:
    """Return the files of plans, payments, answers, tasks and broadcasts of a round."""
    mine = roots.plans
    asked = select(CheckIn.id).where(CheckIn.plan_id.in_(mine))
    found: set[int | None] = set()
    for column, condition in (
        (PlanMedia.media_id, PlanMedia.plan_id.in_(mine)),
        (PlanRow.picture_id, PlanRow.round_id == roots.round),
        (PlanLine.media_id, PlanLine.plan_id.in_(mine)),
        (Spending.media_id, Spending.plan_id.in_(mine)),
        (CheckInAnswer.media_id, CheckInAnswer.checkin_id.in_(asked)),
        (Task.media_id, tasks_of(roots)),
    ):
        found |= set(db.scalars(select(column).where(condition)))
    for table, ids in (
        (Broadcast, roots.broadcasts),
        (BroadcastDraft, roots.drafts),
    ):
        for sounds in db.scalars(select(table.sounds).where(table.id.in_(ids))):
            found |= set((sounds or {}).values())
    return sorted(each for each in found if each is not None)


def _not_in_use(files: list[int]) -> Any:  # noqa: ANN401 - a select
    """Return those of these files that nothing needs: not her yes to keep one."""
    lent = exists().where(Correction.media_id == Media.id)
    return select(Media.id).where(
        Media.id.in_(files), Media.key.is_not(None), ~IN_USE, ~lent
    )


def finish(house: House, slug: str) -> Destroyed:
    """Delete the files that are left of a destroyed round. Repeating it is harmless.

    Raises UnfinishedError if the store does not answer, KeyError for a round that is
    not destroyed.
    """
    while files := house.db.read(lambda db: _waiting(db, slug)):
        _delete_files(house, slug, files)
    left = destroyed_round(house, slug)
    if left is None:
        raise KeyError(slug)
    if left.finished_at is None:
        _leave_no_traces(house.db, left.counts)
        done = update(DestroyedRound).where(DestroyedRound.slug == slug)
        now = house.clock()
        house.db.run(lambda db: db.execute(done.values(finished_at=now)).rowcount)
        left = destroyed_round(house, slug) or left
    return left


def _waiting(db: Connection, slug: str) -> list[int]:
    found = select(DestroyedRound.files).where(DestroyedRound.slug == slug)
    return (db.scalar(found) or [])[:AT_ONCE]


def _delete_files(house: House, slug: str, files: list[int]) -> None:
    """Delete these files, and then what says where they were."""
    mine = Media.id.in_(files)
    keys = house.db.read(lambda db: list(db.scalars(select(Media.key).where(mine))))
    try:
        for key in filter(None, keys):
            house.media.delete(key)
    except MediaUnavailableError as error:
        raise UnfinishedError(
            "All rows are gone. Some files could not be deleted now: run the command "
            "again."
        ) from error
    house.db.run(lambda db: _forget_files(db, slug, files))


def _forget_files(db: Connection, slug: str, files: list[int]) -> None:
    emptied = {"key": None, "source": {"place": ""}, "problem": "deleted"}
    db.execute(update(Media).where(Media.id.in_(files)).values(emptied))
    mine = DestroyedRound.slug == slug
    waits = db.scalar(select(DestroyedRound.files).where(mine)) or []
    left = [each for each in waits if each not in files]
    db.execute(update(DestroyedRound).where(mine).values(files=left))


def _leave_no_traces(database: Database, counts: Mapping[str, int]) -> None:
    """Take away what the database itself remembers of rows that went.

    SQLite wipes them as it deletes, but for its log; PostgreSQL keeps them until it
    tidies up, which is asked of it here.
    """
    if database.is_sqlite:
        raw = database.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
        return
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        for name in sorted(counts.keys() - {"files"}):
            db.execute(text(f"VACUUM {name}"))
