"""Files of strangers, looked at by the city's virus scanner before anybody opens them.

Where no scanner is set nothing is looked at. Where it is away, a file waits as it does
for a store that is away: nothing passes that was not looked at, and nothing is lost.
"""

import logging
from datetime import timedelta

from sqlalchemy import Connection, select, update

from bot.domain.effects import TaskKind
from bot.domain.say import N_, Reply, Say
from bot.services.clamd import ScannerError
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.outbox import owe
from bot.services.talks import talk_by_id
from bot.services.task_rows import open_task
from bot.store.media import MediaUnavailableError
from bot.store.talks import Media

log = logging.getLogger(__name__)
HARMFUL = "harmful"
"""The `problem` of a file in which something was found: it is deleted."""

STRANGE = ("voice", "photo")
"""The kinds of files that residents send; the others are made here."""

TOLD = Say(N_("Your file may hold a virus. We have deleted it. You can send another."))


class HarmfulError(ValueError):
    """Something was found in a file; the message is its name."""


class ScannerAwayError(MediaUnavailableError):
    """The scanner cannot be asked now: the file waits."""


def check(house: House, data: bytes) -> None:
    """Have a file looked at. Raises HarmfulError, and ScannerAwayError."""
    if house.scanner is None:
        return
    try:
        name = house.scanner.find(data)
    except ScannerError as error:
        raise ScannerAwayError(f"scanner_{error}") from error
    if name is not None:
        log.warning("scan found name=%s", name)
        raise HarmfulError(name)


def load_checked(house: House, media_id: int, key: str) -> bytes:
    """Return the bytes of a file for somebody to open; look at it first if need be.

    Commits. Raises FileNotFoundError for what is gone, or is deleted here because of
    what was found, and MediaUnavailableError where store or scanner do not answer.
    """
    data = house.media.load(key)
    if house.scanner is None or not house.db.read(lambda db: _waits(db, media_id)):
        return data
    try:
        check(house, data)
    except HarmfulError as found:
        delete_harmful(house, media_id, key, str(found))
        raise FileNotFoundError from found
    mark(house, media_id)
    return data


def mark(house: House, media_id: int) -> None:
    """Keep that nothing was found in a file. Commits."""
    if house.scanner is None:
        return
    seen = update(Media).where(Media.id == media_id)
    now = house.clock()
    house.db.run(lambda db: db.execute(seen.values(scanned_at=now)).rowcount)


def delete_harmful(house: House, media_id: int, key: str, name: str) -> None:
    """Delete a file that somebody was about to open, and tell of it. Commits."""
    now = house.clock()
    gone = {"key": None, "problem": HARMFUL, "transcript": None, "fetched_at": now}
    mine = update(Media).where(Media.id == media_id, Media.key == key).values(gone)

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        found = select(Media.talk_id).where(Media.id == media_id, Media.key == key)
        talk_id = db.scalar(found)
        if db.execute(mine).rowcount and talk_id is not None:
            report(scene, talk_id, media_id, name)
            tell(scene, talk_id, media_id)

    house.db.run(job)
    discard(house, key)


def report(scene: Scene, talk_id: int, media_id: int, name: str) -> None:
    """Have officials see what was found in whose file; it is gone by then."""
    task = {"kind": TaskKind.HARMFUL, "talk_id": talk_id, "media_id": media_id}
    due = scene.now + timedelta(days=1)
    open_task(scene.db, task | {"note": name, "due_at": due, "created_at": scene.now})


def tell(scene: Scene, talk_id: int, media_id: int) -> None:
    """Tell her who sent a file that it is deleted, unless she wants to hear nothing."""
    talk = talk_by_id(scene, talk_id)
    if not (talk.stopped_at or talk.closed_at or talk.forgotten_at):
        owe(scene, talk, Reply((TOLD,)), f"harmful:{media_id}")


def _waits(db: Connection, media_id: int) -> bool:
    """Tell whether a file of a resident was not looked at yet."""
    found = select(Media.id).where(
        Media.id == media_id, Media.kind.in_(STRANGE), Media.scanned_at.is_(None)
    )
    return db.scalar(found) is not None
