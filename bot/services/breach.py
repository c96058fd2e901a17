"""What happened between two moments, as the tables tell it: reads only."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.breach import Extent, Kind, Weighed, weigh
from bot.services.breach_extent import (
    extents,
    kinds_at_desk,
    of_recordings,
    of_table,
    of_talks,
)
from bot.store.audit import AuditLine
from bot.store.civic import Official, RoundRow
from bot.store.logins import DeskSession
from bot.store.outhooks import HookEndpoint
from bot.store.passes import PassAct
from bot.store.results import ObserverAct
from bot.store.talks import Talk

LISTENED = ("sound.play", "plan.listen")
LOOKED = ("plan.look",)
TAKEN = ("export", "audit.export")
DOOR = ("login", "logout", "login.failed")


@dataclass(frozen=True, slots=True)
class Login:
    """One login. `is_new`: this official never came from there before, as far as kept.

    `place` is a keyed hash of the network, or the browser where there is none.
    """

    official: int
    at: datetime
    how: str
    browser: str
    place: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A table or file that somebody took away."""

    at: datetime
    by: str
    what: str
    round: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An official who did something, by what it was and how often."""

    official: int | None
    role: str
    name: str
    acts: Mapping[str, int]
    is_suspect: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked into. Times are aware UTC; `accounts` are e-mail addresses.

    `everything`: whoever it was had the database or the machine itself.
    """

    since: datetime
    until: datetime
    discovered: datetime
    accounts: Sequence[str] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Breach:
    """What the tables tell. `open_sessions` are those that could still be in use."""

    asked: Asked
    accounts: Sequence[Account]
    logins: Sequence[Login]
    failed: int
    taken: Sequence[Taken]
    recordings: int
    extents: Mapping[Kind, Extent]
    residents: Sequence[int]
    weighed: Weighed
    channels: Sequence[str]
    systems: int
    open_sessions: int
    starts: Sequence[Mapping[str, str]] = field(default=())


class UnknownAccountError(Exception):
    """No official has this address."""


def look_into(
    db: Connection, asked: Asked, starts: Iterable[Mapping[str, str]] = ()
) -> Breach:
    """Return what happened. `starts` are log facts: when which version began to run.

    Raises UnknownAccountError for an account that is none of ours.
    """
    people = {row.email: row for row in db.execute(select(*_OFFICIAL))}
    for each in asked.accounts:
        if each not in people:
            raise UnknownAccountError(each)
    lines = list(_lines(db, asked))
    logins = _logins(db, asked, lines)
    new = {each.official for each in logins if each.is_new}
    suspect = {email for email, row in people.items() if row.id in new}
    suspect |= set(asked.accounts)
    taken = [*_tables(lines), *_files(db, asked)]
    seen = _seen(db, lines, taken)
    reach = _reach(suspect, everything=asked.everything)
    found = extents(db, seen, reach)
    return Breach(
        asked=asked,
        accounts=_accounts(lines, people, suspect),
        logins=logins,
        failed=sum(line.act == "login.failed" for line in lines),
        taken=taken,
        recordings=len(_recordings(lines)),
        extents=found,
        residents=sorted(set().union(*seen.values())),
        weighed=weigh(found, is_suspect=bool(suspect) or asked.everything),
        channels=sorted(db.scalars(select(Talk.channel).distinct())),
        systems=len(db.execute(select(HookEndpoint.id)).all()),
        open_sessions=len(db.execute(_open_sessions(asked)).all()),
        starts=list(starts),
    )


_OFFICIAL = (Official.id, Official.email, Official.role)


def _lines(db: Connection, asked: Asked) -> Iterable[Any]:
    columns = (
        AuditLine.at,
        AuditLine.by,
        AuditLine.act,
        AuditLine.subject,
        AuditLine.data,
    )
    found = select(*columns).where(
        AuditLine.at >= asked.since, AuditLine.at <= asked.until
    )
    return db.execute(found.order_by(AuditLine.id)).all()


def _logins(db: Connection, asked: Asked, lines: Sequence[Any]) -> list[Login]:
    """Return the logins, each with whether its place is new for this official."""
    before = select(AuditLine.subject, AuditLine.data).where(
        AuditLine.act == "login", AuditLine.at < asked.since
    )
    known = {(row.subject, _place(row.data)) for row in db.execute(before)}
    found = []
    for line in lines:
        if line.act != "login":
            continue
        place = _place(line.data)
        found.append(
            Login(
                official=int(line.subject.partition(":")[2]),
                at=line.at,
                how=str(line.data.get("how", "")),
                browser=str(line.data.get("browser", "")),
                place=place,
                is_new=(line.subject, place) not in known,
            )
        )
        known.add((line.subject, place))
    return found


def _place(data: Mapping[str, Any]) -> str:
    return str(data.get("place") or data.get("browser") or "")


def _accounts(
    lines: Sequence[Any], people: Mapping[str, Any], suspect: Collection[str]
) -> list[Account]:
    acts: dict[str, Counter[str]] = {each: Counter() for each in sorted(suspect)}
    for line in lines:
        acts.setdefault(line.by, Counter())[line.act] += 1
    return [
        Account(
            official=people[by].id if by in people else None,
            role=people[by].role if by in people else "",
            name=by,
            acts=dict(sorted(counted.items())),
            is_suspect=by in suspect,
        )
        for by, counted in sorted(acts.items())
    ]


def _tables(lines: Sequence[Any]) -> list[Taken]:
    """Return the tables that were taken away, as the trail names them."""
    found = []
    for line in lines:
        if line.act not in TAKEN:
            continue
        kind, _, name = line.subject.partition(":")
        what = str(line.data.get("table") or name or kind)
        found.append(Taken(line.at, line.by, what, name if kind == "round" else None))
    return found


def _files(db: Connection, asked: Asked) -> list[Taken]:
    """Return ballots that observers fetched, and what was done to lists of passes."""
    ballots = (
        select(ObserverAct.at, ObserverAct.by, RoundRow.slug)
        .join(RoundRow, RoundRow.id == ObserverAct.round_id)
        .where(
            ObserverAct.act == "file",
            ObserverAct.at >= asked.since,
            ObserverAct.at <= asked.until,
        )
    )
    passes = (
        select(PassAct.at, PassAct.by, RoundRow.slug, PassAct.act)
        .join(RoundRow, RoundRow.id == PassAct.round_id)
        .where(PassAct.at >= asked.since, PassAct.at <= asked.until)
    )
    return [
        *(Taken(row.at, row.by, "ballots", row.slug) for row in db.execute(ballots)),
        *(
            Taken(row.at, row.by, f"passes {row.act}", row.slug)
            for row in db.execute(passes)
        ),
    ]


def _recordings(lines: Sequence[Any]) -> set[int]:
    """Return the numbers of the notes and photos that were opened."""
    found = set()
    for line in lines:
        if line.act == "sound.play":
            found.add(int(line.subject.partition(":")[2]))
        elif line.act in (*LISTENED, *LOOKED) and "media" in line.data:
            found.add(int(line.data["media"]))
    return found


def _seen(
    db: Connection, lines: Sequence[Any], taken: Sequence[Taken]
) -> dict[Kind, set[int]]:
    """Return the residents of whom the trail says that something was read."""
    seen = of_recordings(db, _recordings(lines))
    seen[Kind.PLANS] = set()
    for each in taken:
        is_of_plans = each.what not in {"ballots", "audit"}
        if is_of_plans and not each.what.startswith("passes"):
            seen[Kind.PLANS] |= of_table(db, each.what, each.round)
    talks = [
        int(line.subject.partition(":")[2])
        for line in lines
        if line.subject.startswith("talk:")
    ]
    seen[Kind.MESSAGES] = of_talks(db, talks)
    return seen


def _reach(suspect: Collection[str], *, everything: bool) -> set[Kind]:
    """Return what could have been read, by whom nobody wrote down.

    A page that is only looked at leaves no line. So whoever was in under a wrong name
    may have read whatever the desk shows.
    """
    if everything:
        return set(Kind)
    return kinds_at_desk() if suspect else set()


def _open_sessions(asked: Asked) -> Any:  # noqa: ANN401 - a select
    return select(DeskSession.id).where(
        DeskSession.created_at <= asked.until, DeskSession.until > asked.discovered
    )
