"""What becomes of a due message at the last moment: it goes, waits, or is dropped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.domain.kinds import ANSWER
from bot.domain.messages import Delivery, Filled
from bot.domain.rounds import HOME_ZONE
from bot.meters import Dropped
from bot.services.awaiting import HELD
from bot.services.desk.announcing import keep_whole
from bot.services.house import Scene
from bot.services.news import push_time
from bot.services.outbox import PUSH
from bot.services.templates import all_approved, choose, fill
from bot.services.unreached import cannot_reach
from bot.store.talks import OutboundMessage, Talk

DAY = timedelta(days=1)
CHAT_GAP = timedelta(seconds=1)
"""Telegram wants a second between two messages to one chat."""

Going = tuple[Row[Any], Filled | None]


@dataclass(slots=True)
class Fates:
    """Due rows by what becomes of them. `go` are in their order, with a template."""

    go: list[Going] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    later: list[tuple[int, datetime]] = field(default_factory=list)


def sort_out(scene: Scene, rows: Sequence[Row[Any]]) -> Fates:
    """Decide about due rows and write down all but those that go."""
    fates, nights = Fates(), _Nights(scene)
    shut = []
    for row in rows:
        if row.priority == PUSH and row.stopped_at is not None:
            fates.dropped.append(row.id)
            scene.noted.append(Dropped(row.channel, row.priority))
        elif row.priority == PUSH and row.closed_at is not None:
            cannot_reach(scene.db, row, scene.now)
        elif row.priority == PUSH and (morning := nights.over(row)):
            fates.later.append((row.id, morning))
        elif is_shut(scene, row):
            shut.append(row)
        else:
            fates.go.append((row, None))
    if shut:
        _as_templates(scene, shut, fates)
    _keep_apart(scene, fates)
    _write(scene, fates)
    return fates


class _Nights:
    """Knows until when what is due at night waits: it was due before, and is late."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._zones: dict[int | None, str] | None = None

    def over(self, row: Row[Any]) -> datetime | None:
        """Return when the night is over where this is read; None by day."""
        house, now = self._scene.house, self._scene.now
        if house.settings.quiet_hours is None:
            return None
        if self._zones is None:
            self._zones = self._look_up()
        zone = self._zones.get(row.round_id, self._zones[None])
        due = push_time(house, now, zone)
        return due if due > now else None

    def _look_up(self) -> dict[int | None, str]:
        """Return the zone of each round; None stands for what belongs to no round."""
        view = self._scene.house.catalog.view(self._scene.db)
        zones: dict[int | None, str] = {
            view.round_id(each.slug): each.zone for each in view.rounds
        }
        return {None: next(iter(zones.values()), HOME_ZONE)} | zones


def is_shut(scene: Scene, talk: Any) -> bool:  # noqa: ANN401 - a row with its columns
    """Tell whether only a template may be sent: she wrote too long ago, or elsewhere.

    Where the channel knows no such rule, `window_until` is None.
    """
    if talk.window_until is None:
        return False
    channel = scene.house.channels.get(talk.channel)
    ours = channel.ours if channel else None
    moved = None not in {talk.heard_by, ours} and talk.heard_by != ours
    return bool(moved or talk.window_until <= scene.now)


def _as_templates(scene: Scene, rows: Iterable[Row[Any]], fates: Fates) -> None:
    """Let rows go as their templates, as many new people a day as we may write to."""
    approved, city = all_approved(scene.db), _city(scene)
    openings = _Openings(scene)
    for row in rows:
        found = choose(approved, row.kind, row.language)
        if found is None:
            fates.held.append(row.id)
        elif wait := openings.wait_for(row):
            fates.later.append((row.id, wait))
        else:
            fates.go.append((row, fill(found, city | (row.slots or {}))))


def _city(scene: Scene) -> dict[str, str]:
    """Return who writes, for what was not worded with it."""
    rounds = scene.house.catalog.view(scene.db).rounds
    return {"city": rounds[0].municipality} if rounds else {}


class _Openings:
    """Counts whom we write to first: the provider allows so many people in 24 hours."""

    def __init__(self, scene: Scene) -> None:
        self._now, self._db = scene.now, scene.db
        self._tier = scene.house.settings.whatsapp_tier
        self._left: int | None = None
        self._put_off = 0

    def wait_for(self, row: Row[Any]) -> datetime | None:
        """Return until when this person has to wait; None if she may be written to."""
        if row.opened_at is not None and row.opened_at > self._now - DAY:
            return None
        if self._left is None:
            self._left = self._tier - self._count(row.channel)
        if self._left > 0:
            self._left -= 1
            return None
        self._put_off += 1
        return self._freed(row.channel, self._put_off)

    def _opened(self, channel: str) -> Any:  # noqa: ANN401 - SQL conditions
        return (Talk.channel == channel, Talk.opened_at > self._now - DAY)

    def _count(self, channel: str) -> int:
        within = select(Talk.id).where(*self._opened(channel)).limit(self._tier)
        counted = select(func.count()).select_from(within.subquery())
        return int(self._db.scalar(counted) or 0)

    def _freed(self, channel: str, place: int) -> datetime:
        """Return when the so-many-th of today's openings is a day old."""
        oldest = (
            select(Talk.opened_at)
            .where(*self._opened(channel))
            .order_by(Talk.opened_at)
            .offset((place - 1) % self._tier)
            .limit(1)
        )
        opened = self._db.scalar(oldest)
        return (opened or self._now) + DAY


def _keep_apart(scene: Scene, fates: Fates) -> None:
    """Put off what would come within a second of the last push to the same chat."""
    pushed = [r for r, _ in fates.go if r.priority == PUSH and r.channel == "telegram"]
    if not pushed:
        return
    talks = [row.talk_id for row in pushed]
    last = _last_pushes(scene, talks)
    soon = {row.id: last[row.talk_id] for row in pushed if row.talk_id in last}
    fates.go = [going for going in fates.go if going[0].id not in soon]
    fates.later += [(row, at + CHAT_GAP) for row, at in soon.items()]


def _last_pushes(scene: Scene, talks: Sequence[int]) -> dict[int, datetime]:
    recent = (
        select(OutboundMessage.talk_id, func.max(OutboundMessage.sent_at).label("at"))
        .where(
            OutboundMessage.priority == PUSH,
            OutboundMessage.channel == "telegram",
            OutboundMessage.sent_at > scene.now - CHAT_GAP,
            OutboundMessage.talk_id.in_(talks),
        )
        .group_by(OutboundMessage.talk_id)
    )
    return {row.talk_id: row.at for row in scene.db.execute(recent)}


def _write(scene: Scene, fates: Fates) -> None:
    """Write what is dropped, held or put off, and what goes as a template.

    An answer that has to wait has become a message that we begin: it does not hold up
    what she is answered next, and is pulled when she writes.
    """
    db, row = scene.db, OutboundMessage
    if fates.dropped:
        gone = {"delivery": Delivery.DROPPED.value, "reason": "stopped", "text": ""}
        db.execute(update(row).where(row.id.in_(fates.dropped)).values(gone))
    if fates.held:
        held = {"held": HELD, "priority": PUSH}
        db.execute(update(row).where(row.id.in_(fates.held)).values(held))
    for row_id, at in fates.later:
        later = {"due_at": at, "priority": PUSH}
        db.execute(update(row).where(row.id == row_id).values(later))
    opened = [(each, filled) for each, filled in fates.go if filled]
    for each, filled in opened:
        as_template = update(row).where(row.id == each.id)
        db.execute(as_template.values(template=filled.sid))
        if each.kind == ANSWER:
            keep_whole(scene, each.id, each.language)
    if opened:
        talks = [each.talk_id for each, _ in opened]
        first = update(Talk).where(Talk.id.in_(talks))
        db.execute(first.values(opened_at=scene.now))
