"""Backups: database, files and the ledger of the forgotten in one file, and back.

Restoring makes everything ready beside the database in use: brought up to the newest
schema, whoever is in the ledger forgotten again, messages of ours held. Then it takes
its place at once.
"""

import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, select, update

from bot.config import Settings
from bot.domain.messages import Delivery
from bot.keys import Keys, keyed_hash
from bot.rings import SealError
from bot.services.accounts import UNTIL_RESUMED, pause
from bot.services.archives import (
    ArchiveError,
    encrypt,
    extract,
    opened,
    packing,
    parts_in,
    read_manifest,
    recipients,
)
from bot.services.desk.audit import note
from bot.services.erasures import kept_lines, ledger_file, replay
from bot.services.house import House, Scene
from bot.services.sweep import sweep
from bot.store.dumping import dump, is_in_use, kind_of, sqlite_file
from bot.store.erasures import Erased, read_lines
from bot.store.media import MovableStore
from bot.store.migrating import is_known, migrate
from bot.store.restoring import Staged, stage
from bot.store.sealed_media import SealedMedia
from bot.store.talks import Media, OutboundMessage, Talk

log = logging.getLogger(__name__)
_MAKING, _RESTORING = ".making-", ".restoring-"
_A_DAY = timedelta(days=1)
DATABASE, ERASURES, FILES = "database", "erasures.jsonl", "media/"
RESTORED = "restored"
"""Why sending is paused, and why a reply is unsure, after a restore."""

Build = Callable[[Settings], House]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody who restores has said.

    `ledgers` are copies of the ledger of the forgotten from elsewhere; with
    `only_old_ledger` she knows that there is none newer than the backup.
    """

    replace: bool = False
    identity: Path | None = None
    ledgers: tuple[Path, ...] = ()
    only_old_ledger: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. `files_gone` are files that no row named any more."""

    made_at: datetime
    rows: int
    files: int
    files_gone: int
    forgotten: int
    held: int
    unsure: int
    has_files: bool


def back_up(
    house: House, folder: Path, *, for_whom: str | None, with_files: bool
) -> Path:
    """Write a backup into a folder, beside whoever works; return its file.

    `for_whom` are age's public keys, with commas. Raises ArchiveError, ClientError,
    MediaUnavailableError or OSError; then there is no file.
    """
    keys = recipients(for_whom) if for_whom else []
    folder.mkdir(parents=True, exist_ok=True)
    now = house.clock()
    _clear(folder, _MAKING, now - _A_DAY)  # a younger one may be at work
    target = folder / f"buurtstem-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar"
    with tempfile.TemporaryDirectory(dir=folder, prefix=_MAKING) as made:
        plain = Path(made) / target.name if keys else target
        _pack(house, plain, Path(made) / DATABASE, with_files=with_files)
        if keys:
            target = target.with_name(f"{target.name}.age")
            encrypt(plain, target, keys)
    return target


def _pack(house: House, target: Path, dumped: Path, *, with_files: bool) -> None:
    told = dump(house.settings.database_url, dumped)
    about: dict[str, Any] = {
        "product": f"buurtstem {version('buurtstem')}",
        "made_at": house.clock().isoformat(),
        "database": told.kind,
        "schema": told.schema,
        "revision": told.revision,
        "rows": dict(told.rows),
        "key_check": _key_check(house.keys),
        "media": "copied" if with_files else "listed",
    }
    store = _files(house)
    with packing(target, about) as made:
        made.add_file(DATABASE, dumped)
        path = ledger_file(house)
        made.add_bytes(ERASURES, path.read_bytes() if path.exists() else b"")
        sizes = store.sizes()
        if not with_files:
            made.add_bytes("media.json", json.dumps(dict(sizes)).encode())
            return
        for key in sorted(sizes):
            try:
                made.add_bytes(FILES + key, store.load(key))
            except FileNotFoundError:
                continue  # it was due, and went meanwhile


def _files(house: House) -> MovableStore:
    """Return the store of files as they lie there: sealed ones are not opened."""
    store = house.media
    return (
        store.inner if isinstance(store, SealedMedia) else cast("MovableStore", store)
    )


def _key_check(keys: Keys) -> str:
    """Return what tells whether keys are the same; it tells nothing of them."""
    return keyed_hash(keys.addresses, "the keys of a backup")


def restore(build: Build, settings: Settings, file: Path, wishes: Wishes) -> Restored:
    """Put a backup in the place of the database. Until the end, nothing is changed.

    Raises ArchiveError where it refuses, ClientError, InUseError or OSError; the
    database is what it was then.
    """
    near = _folder_near(settings)
    with tempfile.TemporaryDirectory(dir=near, prefix=_RESTORING) as made:
        plain = opened(file, wishes.identity, Path(made))
        manifest = read_manifest(plain)
        _check(settings, manifest, wishes)
        ledger = _ledgers(build, settings, wishes)
        dumped = Path(made) / DATABASE
        extract(plain, DATABASE, dumped)
        staged = stage(settings.database_url, dumped, manifest["schema"])
        try:
            ready = _make_ready(build, settings, staged, manifest, ledger)
            files = _bring_files(build, settings, staged, plain)
            staged.put_in_place()
        finally:
            staged.drop()
    has_files = manifest["media"] == "copied"
    gone = _finish(build, settings, prune=has_files)
    return replace(ready, files=files, files_gone=gone, has_files=has_files)


def _folder_near(settings: Settings) -> Path:
    """Return the folder to work in, without what a killed restore has left there."""
    on_sqlite = settings.on_sqlite
    near = sqlite_file(settings.database_url) if on_sqlite else settings.erasures_file
    folder = Path(near).parent
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder, _RESTORING)
    return folder


def _clear(folder: Path, begin: str, before: datetime | None = None) -> None:
    """Delete what a killed command has left from before then: copies of everything."""
    for each in folder.glob(f"{begin}*"):
        if before is None or each.stat().st_mtime < before.timestamp():
            shutil.rmtree(each)


def _check(settings: Settings, manifest: Mapping[str, Any], wishes: Wishes) -> None:
    kind = kind_of(settings.database_url)
    if manifest["database"] != kind:
        raise ArchiveError(
            f"The backup is of {manifest['database']}, and DATABASE_URL of {kind}."
        )
    if not is_known(manifest["revision"]):
        raise ArchiveError(
            f"The backup was made by {manifest['product']}, whose schema is newer than "
            "that of this version. Update first, then restore."
        )
    if is_in_use(settings.database_url) and not wishes.replace:
        raise ArchiveError(
            "The database is not empty. Back it up, then say --replace: what is in it "
            "goes."
        )


def _ledgers(build: Build, settings: Settings, wishes: Wishes) -> list[Erased]:
    """Return who asked to be forgotten since the backup, as far as anybody knows."""
    path = Path(settings.erasures_file)
    if not (path.exists() or wishes.ledgers or wishes.only_old_ledger):
        raise ArchiveError(
            f"There is no ledger of the forgotten at {path} (ERASURES_FILE). Whoever "
            "asked after the backup was made would be back. Give a copy with "
            "--erasures, or say --only-old-erasures if there is none."
        )
    found = [line for each in wishes.ledgers for line in read_lines(each)]
    if not is_in_use(settings.database_url):
        return found
    house = build(settings)
    try:
        return found + house.db.read(kept_lines)
    finally:
        let_go(house)


def _make_ready(
    build: Build,
    settings: Settings,
    staged: Staged,
    manifest: Mapping[str, Any],
    ledger: Iterable[Erased],
) -> Restored:
    migrate(staged.url)
    house = build(replace(settings, database_url=staged.url))
    try:
        if manifest["key_check"] != _key_check(house.keys):
            raise ArchiveError(
                "SECRET_KEY is not that of the backup: nobody could be found who asked "
                "to be forgotten. Set the one that was in use then."
            )
        forgotten = _forgotten(house, ledger)
        made_at = datetime.fromisoformat(manifest["made_at"])
        now = house.clock()
        held, unsure = house.db.run(lambda db: _hold(Scene(house, db, now), made_at))
    finally:
        let_go(house)
    rows = sum(manifest["rows"].values())
    return Restored(made_at, rows, 0, 0, forgotten, held, unsure, has_files=True)


def _forgotten(house: House, ledger: Iterable[Erased]) -> int:
    """Forget again whoever asked. Raises ArchiveError where a key is not here."""
    try:
        return replay(house, ledger)
    except SealError as error:
        raise ArchiveError(
            f"this backup was sealed with a key that is not here ({error}): put the "
            "keys of KEYS_DIR back that were in use then, and begin again."
        ) from None


def _hold(scene: Scene, made_at: datetime) -> tuple[int, int]:
    """Let nothing go out twice blindly: pause all news, ask about replies."""
    db, now = scene.db, scene.now
    known = set(db.scalars(select(Talk.channel).distinct()))
    for channel in sorted(known | scene.house.channels.keys()):
        pause(db, channel, now + UNTIL_RESUMED, RESTORED)
    queued = OutboundMessage.delivery == Delivery.QUEUED.value
    free = {"leased_until": None, "leased_by": None}
    replies = update(OutboundMessage).where(queued, OutboundMessage.priority == 0)
    values = free | {"delivery": Delivery.UNSURE.value, "reason": RESTORED}
    unsure = db.execute(replies.values(values)).rowcount
    held = db.execute(update(OutboundMessage).where(queued).values(free)).rowcount
    data = {"made_at": made_at.isoformat(), "held": held, "unsure": unsure}
    note(scene, "command line", "backup.restore", "database", **data)
    return held, unsure


def _bring_files(build: Build, settings: Settings, staged: Staged, plain: Path) -> int:
    """Bring the files back that a row names, and none that is about to go anyway."""
    house = build(replace(settings, database_url=staged.url))
    now = house.clock()
    try:
        named = house.db.read(lambda db: _named(db, now))
        store = _files(house)
        there = store.sizes()
        brought = 0
        for key, data in parts_in(plain, FILES):
            if key in named and there.get(key) != len(data):
                store.put(key, data)
                brought += 1
        return brought
    finally:
        let_go(house)


def _named(db: Connection, now: datetime | None = None) -> set[str]:
    """Return the keys of files that rows name; with `now`, only those that stay."""
    found = select(Media.key).where(Media.key.is_not(None))
    if now is not None:
        found = found.where(Media.delete_after.is_(None) | (Media.delete_after > now))
    return {key for key in db.scalars(found) if key}


def _finish(build: Build, settings: Settings, *, prune: bool) -> int:
    """Delete what is due now, and files that nothing leads to any more."""
    house = build(settings)
    try:
        while sweep(house):
            pass
        if not prune:
            return 0
        store = _files(house)
        lost = store.sizes().keys() - house.db.read(_named)
        for key in lost:
            store.delete(key)
        return len(lost)
    finally:
        let_go(house)


def let_go(house: House) -> None:
    """Close what a command has opened."""
    for channel in house.channels.values():
        channel.close()
    house.db.close()
    house.media.close()
