"""Bringing the provider's templates in step with our wordings."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    delete,
    or_,
    select,
    tuple_,
    update,
)

from bot.channels.base import Approval, ChannelError, Outcome, TemplateSource
from bot.domain.split import cut
from bot.services.awaiting import release
from bot.services.house import House
from bot.services.templates import (
    APPROVED,
    NOT_MADE,
    PENDING,
    UNSUBMITTED,
    template_source,
)
from bot.services.wordings import (
    CATEGORY,
    Wording,
    all_wordings,
)
from bot.store.dialect import insert_once
from bot.store.outreach import Template

log = logging.getLogger(__name__)
CHECK = timedelta(minutes=15)
_APPROVAL_CHARACTERS, _REASON_CHARACTERS = 16, 240


@dataclass(frozen=True, slots=True)
class State:
    """How far today's wording of a kind is in one language.

    `in_use` tells that messages can go out, with this wording or an older one.
    """

    kind: str
    language: str
    approval: str
    reason: str = ""
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. `stopped` is why it ended early, a machine word; else "".

    `refused` names what was refused of single templates, `charged` those that the
    provider put into another category than ours, `released` is how many messages that
    waited for an approval can go now.
    """

    states: tuple[State, ...]
    refused: tuple[str, ...] = ()
    charged: tuple[str, ...] = ()
    released: int = 0
    stopped: str = ""


def states(
    db: Connection, wordings: Sequence[Wording] | None = None
) -> tuple[State, ...]:
    """Return how far every wording is (or these are), as the database knows it."""
    rows = _rows(db)
    usable = {(row.kind, row.language) for row in rows if row.approval == APPROVED}
    known = {_key(row): row for row in rows}
    return tuple(
        State(
            each.kind,
            each.language,
            row.approval if row else NOT_MADE,
            (row.reason or "") if row else "",
            in_use=(each.kind, each.language) in usable,
        )
        for each in (all_wordings() if wordings is None else wordings)
        for row in [known.get(_key(each))]
    )


def sync_templates(house: House, wordings: Sequence[Wording] | None = None) -> Report:
    """Make and submit what is missing, ask how far the rest is, release what waited.

    `wordings` are all of ours unless others are given. Repeating does nothing twice,
    also after a run that died half-way. Ends early, with the reason in `stopped`, where
    asking on makes no sense: without the channel, with a wrong token, or while the
    provider does not answer.
    """
    wanted = all_wordings() if wordings is None else wordings
    source = template_source(house)
    if source is None:
        return Report(
            house.db.read(lambda db: states(db, wanted)), stopped="channel_off"
        )
    visit = _Visit(house, source)
    stopped = ""
    try:
        visit.bring_all(wanted)
    except ChannelError as error:
        stopped = error.code
    released = release(house)
    found = house.db.read(lambda db: states(db, wanted))
    return Report(found, tuple(visit.refused), tuple(visit.charged), released, stopped)


def check_templates(house: House) -> bool:
    """Ask for approvals that are pending, each every 15 minutes; release what waited.

    For a loop of the worker: it never asks to be run again at once. With several
    workers, each approval is asked for by one of them.
    """
    source = template_source(house)
    if source is not None:
        due = house.db.run(lambda db: _take_due(db, house.clock()))
        try:
            _Visit(house, source).follow_all(due)
        except ChannelError as error:
            log.warning("approvals not asked for code=%s", error.code)
    release(house)
    return False


@dataclass(slots=True)
class _Visit:
    """One run at the provider. What concerns a single template does not end it."""

    house: House
    source: TemplateSource
    refused: list[str] = field(default_factory=list)
    charged: list[str] = field(default_factory=list)
    stored: Mapping[str, str] | None = None
    made: set[str] = field(default_factory=set)

    def bring_all(self, wordings: Sequence[Wording]) -> None:
        """Bring each wording as far as it goes. Raises ChannelError to end the run."""
        known = {_key(row): row for row in self.house.db.read(_rows)}
        for each in wordings:
            with self._noting(each.kind, each.language):
                row = known.pop(_key(each), None) or self._make(each)
                self._follow(row, each)
        self.follow_all(row for row in known.values() if row.approval in _ALIVE)

    def follow_all(self, rows: Iterable[Row[Any]]) -> None:
        """Ask how far these are, and submit none. Raises ChannelError to end it."""
        for row in rows:
            with self._noting(row.kind, row.language):
                self._follow(row)

    @contextmanager
    def _noting(self, kind: str, language: str) -> Iterator[None]:
        """Note what is wrong with one template; let pass what would meet all others."""
        try:
            yield
        except ChannelError as error:
            if error.outcome is not Outcome.REFUSED or error.code == "bad_token":
                raise
            self.refused.append(f"{kind} ({language}): {error.code}")

    def _make(self, each: Wording) -> Row[Any]:
        """Return the row of a wording that had none, with its resource.

        One that was made by a run that died before it wrote the row has the same name.
        """
        if self.stored is None:
            self.stored = self.source.list_templates()
        sid = self.stored.get(each.name)
        if sid is None:
            sid = self.source.create_template(each.draft)
            self.made.add(sid)
        now = self.house.clock()
        return self.house.db.run(lambda db: _add(db, each, sid, now))

    def _follow(self, row: Row[Any], each: Wording | None = None) -> None:
        """Ask how far a template is, submit it if it is today's, and write it down."""
        now = self.house.clock()
        try:
            approval = self._approval(row, each)
        except ChannelError as error:
            if error.code == "gone":
                gone = delete(Template).where(Template.id == row.id)
                self.house.db.run(lambda db: db.execute(gone))
            raise
        if approval.category not in {"", CATEGORY}:
            self.charged.append(f"{row.kind} ({row.language}): {approval.category}")
        self.house.db.run(lambda db: _record(db, row.id, approval, now))

    def _approval(self, row: Row[Any], each: Wording | None) -> Approval:
        found = self._known_approval(row)
        if found.status != UNSUBMITTED or each is None:
            return found
        answer = self.source.submit_template(row.sid, each.name, CATEGORY)
        # The answer may still tell the state before it.
        status = "received" if answer.status == UNSUBMITTED else answer.status
        return replace(answer, status=status)

    def _known_approval(self, row: Row[Any]) -> Approval:
        if row.sid in self.made:
            return Approval(UNSUBMITTED)
        try:
            return self.source.template_approval(row.sid)
        except ChannelError as error:
            # Whether the resource is gone, or only no approval known: submitting tells.
            if error.code != "gone" or row.approval != UNSUBMITTED:
                raise
            return Approval(UNSUBMITTED)


_ALIVE = PENDING | {APPROVED}


def _rows(db: Connection) -> list[Row[Any]]:
    return list(db.execute(_ALL.order_by(Template.id)))


_ALL: Any = select(
    Template.id,
    Template.kind,
    Template.language,
    Template.digest,
    Template.sid,
    Template.approval,
    Template.reason,
)


def _key(each: Wording | Row[Any]) -> tuple[str, str, str]:
    return each.kind, each.language, each.digest


def _add(db: Connection, each: Wording, sid: str, now: datetime) -> Row[Any]:
    """Write the row of a new resource; of two runs at once, the first one's stays."""
    values = {
        "kind": each.kind,
        "language": each.language,
        "digest": each.digest,
        "sid": sid,
        "slots": list(each.slots),
        "approval": UNSUBMITTED,
        "created_at": now,
    }
    db.execute(insert_once(db, Template).values(values))
    mine = tuple_(Template.kind, Template.language, Template.digest) == _key(each)
    return db.execute(_ALL.where(mine)).one()


def _record(db: Connection, row_id: int, approval: Approval, now: datetime) -> None:
    values = {
        "approval": approval.status[:_APPROVAL_CHARACTERS],
        "reason": cut(approval.reason, _REASON_CHARACTERS) or None,
        "checked_at": now,
    }
    db.execute(update(Template).where(Template.id == row_id).values(values))


def _take_due(db: Connection, now: datetime) -> list[Row[Any]]:
    """Return the pending templates it is time to ask for, for nobody else to ask."""
    due = or_(Template.checked_at.is_(None), Template.checked_at <= now - CHECK)
    taken = (
        update(Template)
        .where(Template.approval.in_(PENDING), due)
        .values(checked_at=now)
        .returning(*_ALL.selected_columns)
    )
    return list(db.execute(taken))
