"""Our account at each provider: the pace of what we begin, and pauses of it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.config import Settings
from bot.domain.pace import gap
from bot.services.desk.audit import note
from bot.services.house import Scene
from bot.store.dialect import insert_once
from bot.store.outreach import Account

UNTIL_RESUMED = timedelta(days=3650)
"""A pause that only a person ends."""


def apart(settings: Settings, channel: str) -> timedelta | None:
    """Return how far apart pushes on `channel` go out; None for no limit."""
    limits = {
        "telegram": settings.telegram_per_second,
        "whatsapp": settings.whatsapp_per_second,
    }
    return gap(limits[channel]) if channel in limits else None


def lock_account(db: Connection, channel: str, now: datetime) -> Row[Any]:
    """Return the account's row, locked: whoever gives places away comes alone."""
    return _account(db, channel, now, _ACCOUNT.with_for_update())


def find_account(db: Connection, channel: str, now: datetime) -> Row[Any]:
    """Return the account's row as it is now."""
    return _account(db, channel, now, _ACCOUNT)


_ACCOUNT: Any = select(Account.next_at, Account.paused_until)


def _account(db: Connection, channel: str, now: datetime, one: Any) -> Row[Any]:  # noqa: ANN401 - a select
    """Return the account's row, made if there is none."""
    found: Any = one.where(Account.channel == channel)
    row: Row[Any] | None = db.execute(found).one_or_none()
    if row is not None:
        return row
    db.execute(insert_once(db, Account).values(channel=channel, next_at=now))
    made: Row[Any] = db.execute(found).one()
    return made


def keep_next(db: Connection, channel: str, next_at: datetime) -> None:
    """Keep when the next push may go."""
    account = update(Account).where(Account.channel == channel)
    db.execute(account.values(next_at=next_at))


def pause(db: Connection, channel: str, until: datetime, why: str) -> None:
    """Let nothing that we begin go out until then; a longer pause stays."""
    db.execute(insert_once(db, Account).values(channel=channel, next_at=until))
    shorter = or_(Account.paused_until.is_(None), Account.paused_until < until)
    account = update(Account).where(Account.channel == channel, shorter)
    db.execute(account.values(paused_until=until, paused_for=why[:40]))


def resume(db: Connection, channel: str) -> bool:
    """End a pause; False if there was none."""
    paused = update(Account).where(
        Account.channel == channel, Account.paused_until.is_not(None)
    )
    return db.execute(paused.values(paused_until=None, paused_for=None)).rowcount > 0


def resume_by(scene: Scene, channel: str, by: str) -> bool:
    """End a pause in somebody's name; False if there was none."""
    ended = resume(scene.db, channel)
    if ended:
        note(scene, by, "sending.resume", f"account:{channel}")
    return ended


def pauses(db: Connection, now: datetime) -> list[Row[Any]]:
    """Return what is paused now: `channel`, `paused_until`, `paused_for`."""
    columns = (Account.channel, Account.paused_until, Account.paused_for)
    found = select(*columns).where(Account.paused_until > now)
    return list(db.execute(found.order_by(Account.channel)))
