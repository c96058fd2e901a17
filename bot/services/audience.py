"""Who is in a segment, counted by the database: nobody is fetched for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from bot.domain.languages import FALLBACK
from bot.services.holding import QUIET_DAYS
from bot.services.house import Scene
from bot.services.segments import Segment, find_people, is_one_of
from bot.services.spacing import LIMITED
from bot.store.talks import Resident, Talk

REACHED = ""
SAID_NO, STOPPED, CLOSED = "said_no", "stopped", "unreachable"


@dataclass(frozen=True, slots=True)
class Group:
    """People who are alike, by the talk they would hear it in.

    `lost` is why they cannot be written to (said_no, stopped or unreachable), "" if
    they can. `shut` tells that only a template may be sent, `held` that a message less
    than three days before makes them wait.
    """

    language: str
    channel: str
    lost: str
    shut: bool
    held: bool
    people: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody in a segment whom we know, in groups."""

    groups: tuple[Group, ...]

    @property
    def reached(self) -> tuple[Group, ...]:
        """Those who can be written to."""
        return tuple(each for each in self.groups if each.lost == REACHED)

    @property
    def opened(self) -> tuple[Group, ...]:
        """Those who can be written to only with an approved template."""
        return tuple(each for each in self.reached if each.shut)


def count(groups: Iterable[Group]) -> int:
    """Return how many people are in these groups."""
    return sum(each.people for each in groups)


def count_audience(scene: Scene, segment: Segment, at: datetime) -> Audience:
    """Count whom a message to a segment would reach if it went out at `at`.

    Raises FaultyCallError for a plan or an area that is not there.
    """
    last = _last_talks(scene, is_one_of(find_people(scene, segment)), at)
    held = func.coalesce(Resident.pushed_at > at - timedelta(days=QUIET_DAYS), false())
    lost = case((Resident.may_write.is_(False), SAID_NO), else_=last.c.lost)
    columns = (
        func.coalesce(last.c.language, FALLBACK).label("language"),
        last.c.channel,
        lost.label("lost"),
        last.c.shut,
        held.label("held"),
    )
    alike = (
        select(*columns, func.count().label("people"))
        .join(Resident, Resident.id == last.c.resident_id)
        .where(last.c.place == 1)
        .group_by(*columns)
    )
    if segment.locale is not None:
        alike = alike.where(last.c.language == segment.locale)
    rows = scene.db.execute(alike)
    groups = (
        Group(row.language, row.channel, row.lost, bool(row.shut), bool(row.held), n)
        for row in rows
        for n in [row.people]
    )
    return Audience(tuple(groups))


def _last_talks(scene: Scene, people: ColumnElement[bool], at: datetime) -> Subquery:
    """Return each person's talks, the one she would hear it in as `place` 1."""
    is_open = and_(Talk.stopped_at.is_(None), Talk.closed_at.is_(None))
    lost = case(
        (is_open, REACHED), (Talk.stopped_at.is_not(None), STOPPED), else_=CLOSED
    )
    place = func.row_number().over(
        partition_by=Talk.resident_id,
        order_by=(
            case((is_open, 0), else_=1),
            Talk.last_inbound_at.desc().nulls_last(),
            Talk.id.desc(),
        ),
    )
    columns: tuple[Any, ...] = (
        Talk.resident_id,
        Talk.language,
        Talk.channel,
        lost.label("lost"),
        _is_shut(scene, at).label("shut"),
        place.label("place"),
    )
    return select(*columns).where(people, Talk.forgotten_at.is_(None)).subquery()


def _is_shut(scene: Scene, at: datetime) -> ColumnElement[bool]:
    """Tell what `fates.is_shut` tells, of a moment to come."""
    channel = scene.house.channels.get(LIMITED)
    ours = channel.ours if channel else None
    moved = false() if ours is None else Talk.heard_by != literal(ours)
    shut = or_(Talk.window_until <= at, func.coalesce(moved, false()))
    return and_(Talk.window_until.is_not(None), shut)
