"""What has to go, goes: files past their date, old keys, people who asked for it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.channels.base import ChannelError
from bot.domain.messages import MediaRef
from bot.domain.rounds import Phase, Round
from bot.flows.saved import load_picks
from bot.services.desk.door import sweep_door
from bot.services.desk.sessions import sweep_sessions
from bot.services.events import sweep_events
from bot.services.files import ELSEWHERE, MESSAGE, is_final
from bot.services.forget import finish_forgetting, forgotten_talks
from bot.services.house import House, Scene
from bot.services.sounds import drop_unused
from bot.store.base import spelled
from bot.store.civic import Correction, HookCall, Mark
from bot.store.media import MediaUnavailableError
from bot.store.passes import PassTry
from bot.store.talks import Media, OutboundMessage, Talk

log = logging.getLogger(__name__)
HOOK_KEY_DAYS = 30
TRY_DAYS = 2
AT_ONCE = 100
SECRET_MINUTES = 60
MOST_FAILURES = 3
"""A store that fails so often in one sweep is asked again in the next."""

CLOSED_LATELY = timedelta(days=1)
_Due = Row[int, str | None, str, str, dict[str, Any], str]


def sweep(house: House) -> int:
    """Delete what is due now; return how many things went. Repeating it is harmless.

    A file that cannot be deleted keeps its key and is tried again in the next sweep;
    what was said in it goes at once all the same.
    """
    now = house.clock()
    due = house.db.run(lambda db: _due_media(db, now))
    kept = _delete_files(house, due)
    ids = [row.id for row in due]
    gone = [each for each in ids if each not in kept]
    return len(gone) + house.db.run(lambda db: _sweep_rows(house, db, ids, gone, now))


def _due_media(db: Connection, now: datetime) -> Sequence[_Due]:
    """Return media to delete, in no order: none that fails stands in another's way."""
    columns = (Media.id, Media.key, Media.kind, Media.channel, Media.source, Media.mime)
    due = select(*columns).where(
        Media.delete_after <= now,
        or_(Media.key.is_not(None), Media.transcript.is_not(None)),
    )
    return db.execute(due.order_by(func.random()).limit(AT_ONCE)).all()


def _delete_files(house: House, due: Sequence[_Due]) -> set[int]:
    """Delete the files of these media; return the ids of those that are still there."""
    kept: set[int] = set()
    failures = 0
    for row in due:
        if row.key is None:
            continue
        if failures == MOST_FAILURES:
            kept.add(row.id)
            continue
        try:
            _delete_file(house, row)
        except (MediaUnavailableError, ChannelError) as error:
            log.warning("file not deleted media=%s code=%s", row.id, error)
            kept.add(row.id)
            failures += 1
    return kept


def _delete_file(house: House, row: _Due) -> None:
    """Delete a file in our store, or a file or message that lies at a provider.

    Raises MediaUnavailableError or ChannelError where it has to be tried again.
    """
    if row.kind not in {ELSEWHERE, MESSAGE}:
        house.media.delete(row.key)
        return
    channel = house.channels.get(row.channel)
    if channel is None:
        raise MediaUnavailableError("channel_off")
    place = row.source["place"]
    try:
        if row.kind == MESSAGE:
            channel.erase(place)
        else:
            channel.delete_media(MediaRef(place, row.mime))
    except ChannelError as error:
        if not is_final(error):
            raise


def _sweep_rows(
    house: House, db: Connection, due: list[int], gone: list[int], now: datetime
) -> int:
    words = {"transcript": None, "problem": "deleted"}
    db.execute(update(Media).where(Media.id.in_(due)).values(words))
    db.execute(delete(Correction).where(Correction.media_id.in_(due)))
    db.execute(
        update(Media).where(Media.id.in_(gone)).values(key=None, source={"place": ""})
    )
    _empty_secrets(db, now)
    _drop_picks(house, db, now)
    talks = forgotten_talks(db)
    for talk_id in talks:
        finish_forgetting(db, talk_id)
    unused = drop_unused(Scene(house, db, now))
    tries = delete(PassTry).where(PassTry.at < now - timedelta(days=TRY_DAYS))
    kept = db.execute(tries).rowcount + _sweep_keys(db, now)
    kept += sweep_sessions(db, now) + sweep_door(db, now)
    return len(talks) + unused + kept + _sweep_marks(house, db, now)


def _empty_secrets(db: Connection, now: datetime) -> None:
    """Empty what shows a choice and was not fetched by the web page in time."""
    shown = update(OutboundMessage).where(
        OutboundMessage.secret,
        OutboundMessage.delivery != "queued",
        OutboundMessage.created_at < now - timedelta(minutes=SECRET_MINUTES),
        OutboundMessage.text != spelled(""),
    )
    db.execute(shown.values(text="", choices=[], picture=None))


def _drop_picks(house: House, db: Connection, now: datetime) -> None:
    """Delete unfinished ballots of rounds that no longer take votes.

    Each has to be opened to know its round, so it is not done in every sweep: after a
    closing, and otherwise in the first minute of an hour, for what a stop has missed.
    """
    view = house.catalog.view(db)
    if now.minute and not any(_closed_lately(each, now) for each in view.rounds):
        return
    voting = {each.slug for each in view.rounds if each.takes_votes(now)}
    voting |= {""} if voting else set()  # numbers said before the round was known
    begun = select(Talk.id, Talk.picks).where(Talk.picks.is_not(None))
    over = [
        row.id for row in db.execute(begun) if _round(house, row.picks) not in voting
    ]
    if over:
        gone = update(Talk).where(Talk.id == bindparam("over"))
        db.execute(gone.values(picks=None), [{"over": talk} for talk in over])


def _closed_lately(each: Round, now: datetime) -> bool:
    return each.takes_votes(now - CLOSED_LATELY) and not each.takes_votes(now)


def _round(house: House, sealed: bytes) -> str | None:
    """Return the round of an unfinished ballot; None if it cannot be opened."""
    try:
        picks = load_picks(house.keys.open(sealed))
    except InvalidToken:
        return None
    return picks.round if picks else None


def _sweep_keys(db: Connection, now: datetime) -> int:
    """Let go of what only served to recognise a repeated delivery."""
    old = now - timedelta(days=HOOK_KEY_DAYS)
    calls = db.execute(delete(HookCall).where(HookCall.at < old)).rowcount
    return calls + sweep_events(db, old)


def _sweep_marks(house: House, db: Connection, now: datetime) -> int:
    """Forget who has voted, so long after a round's results as the round lays down."""
    gone = 0
    view = house.catalog.view(db)
    for each in view.rounds:
        result = each.start_of(Phase.DOING)
        if result and result + timedelta(days=each.retention.marks_days) < now:
            marks = delete(Mark).where(Mark.round_id == view.round_id(each.slug))
            gone += db.execute(marks).rowcount
    return gone
