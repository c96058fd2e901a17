"""What the web page shows of a talk, and what it may fetch."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    update,
)

from bot.domain.facts import Facts
from bot.domain.languages import FALLBACK, pick_text
from bot.domain.messages import Choice
from bot.flows.ballot import balance
from bot.i18n import render
from bot.services.house import House, Scene
from bot.services.links import open_back
from bot.services.scanning import load_checked
from bot.services.turning import open_state
from bot.store.civic import PlanRow
from bot.store.talks import HER_DATA, InboundMessage, Media, OutboundMessage, Talk

PAGE = 100
_CURSOR = re.compile(r"i(\d{1,18})o(\d{1,18})")


@dataclass(frozen=True, slots=True)
class WebPicture:
    """A plan's public picture: its media id, and the plan's title in her language."""

    media: int
    title: str


@dataclass(frozen=True, slots=True)
class WebMessage:
    """One bubble. `sound` and `file` are media ids.

    `erased` tells that its words were secret.
    """

    id: str
    mine: bool
    text: str
    choices: tuple[Choice, ...]
    sound: str | None
    at: datetime
    erased: bool
    kind: str = "text"
    picture: WebPicture | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class WebBalance:
    """How much of a ballot's sum is chosen: in cents, and in her own language.

    It shows a choice, so it is stored nowhere: it is made anew for whoever asks.
    """

    spent_cents: int
    budget_cents: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Messages after a cursor, oldest first, and the cursor after them.

    `balance` is there as long as a ballot with a sum is open.
    """

    messages: tuple[WebMessage, ...]
    cursor: str
    listening: bool
    language: str | None
    balance: WebBalance | None = None


def history(house: House, user_id: str, after: str) -> History:
    """Return what is new in a web talk since `after` ("" for the last hundred).

    Asking for what comes after a cursor tells that everything before it has arrived:
    messages that showed a choice are emptied then.
    """
    seen_in, seen_out = _read_cursor(after)
    return house.db.run(
        lambda db: _history(Scene(house, db, house.clock()), user_id, seen_in, seen_out)
    )


def _read_cursor(cursor: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(cursor)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _history(scene: Scene, user_id: str, seen_in: int, seen_out: int) -> History:
    db, now = scene.db, scene.now
    talk = db.execute(_TALK, {"user": user_id}).one_or_none()
    if talk is None:
        return History((), "i0o0", listening=False, language=None)
    theirs = db.execute(_SAID, {"talk": talk.id, "seen": seen_in}).all()
    told = {"talk": talk.id, "seen": seen_out, "now": now}
    ours = db.execute(_TOLD, told).all()
    _arrived(db, talk.id, seen_out, [row.id for row in ours if row.priority])
    labels = _labels(db, talk.id) if any(row.kind == "tap" for row in theirs) else {}
    bubbles = [
        (row.received_at, 0, row.id, _said_bubble(row, labels)) for row in theirs
    ]
    shown = _pictures(db, ours, talk.language)
    bubbles += [(row.due_at, 1, row.id, _told_bubble(row, shown)) for row in ours]
    rows = [bubble for *_, bubble in sorted(bubbles, key=lambda each: each[:3])]
    last_in = max((row.id for row in theirs), default=seen_in)
    last_out = max((row.id for row in ours), default=seen_out)
    listening = talk.listening_until is not None and talk.listening_until > now
    cursor = f"i{last_in}o{last_out}"
    return History(
        tuple(rows[-PAGE:]), cursor, listening, talk.language, _balance(scene, talk)
    )


def _balance(scene: Scene, talk: Row[Any]) -> WebBalance | None:
    """Return the running balance of the ballot she is at, if it has a sum."""
    if talk.picks is None or talk.language is None:
        return None
    view = scene.house.catalog.view(scene.db)
    facts = Facts(channel="web", rounds=view.rounds, papers=view.papers or {})
    state = open_state(scene.house, talk.id, talk.state, talk.picks)
    found = balance(state, facts, scene.now)
    if found is None:
        return None
    words = tuple(render(say, talk.language) for say in found.says)
    return WebBalance(found.spent.cents, found.budget.cents, words)


# A page asks every few seconds: what it asks is built once.
_TALK: Any = select(
    Talk.id, Talk.language, Talk.listening_until, Talk.state, Talk.picks
).where(Talk.channel == "web", Talk.address == bindparam("user"))
_SAID = (
    select(
        InboundMessage.id,
        InboundMessage.kind,
        InboundMessage.body,
        InboundMessage.media_id,
        InboundMessage.received_at,
        InboundMessage.external_id,
    )
    .where(InboundMessage.talk_id == bindparam("talk"))
    .where(InboundMessage.id > bindparam("seen"))
    .where(InboundMessage.kind.in_(("text", "photo", "voice", "pin", "tap")))
    .order_by(InboundMessage.id.desc())
    .limit(PAGE)
)
_LATE_PUSH = and_(OutboundMessage.priority == 1, OutboundMessage.delivery == "sent")
"""Pushes that came due later count as new, whatever the page has seen."""

_TOLD = (
    select(
        OutboundMessage.id,
        OutboundMessage.text,
        OutboundMessage.choices,
        OutboundMessage.secret,
        OutboundMessage.priority,
        OutboundMessage.due_at,
        OutboundMessage.picture,
        case((Media.key.is_not(None), Media.id)).label("sound"),
        Media.kind.label("media_kind"),
    )
    .outerjoin(Media, Media.id == OutboundMessage.sound)
    .where(OutboundMessage.talk_id == bindparam("talk"))
    .where(or_(OutboundMessage.id > bindparam("seen"), _LATE_PUSH))
    .where(OutboundMessage.delivery.in_(("queued", "sent", "delivered", "read")))
    .where(OutboundMessage.due_at <= bindparam("now"))
    .order_by(OutboundMessage.id.desc())
    .limit(PAGE)
)
_SHOWN = (
    select(OutboundMessage.choices)
    .where(OutboundMessage.talk_id == bindparam("talk"))
    .order_by(OutboundMessage.id.desc())
    .limit(PAGE)
)


def _labels(db: Connection, talk_id: int) -> Mapping[str, str]:
    """Return what the buttons of this talk's last messages said, by their id."""
    newest_last = reversed(list(db.scalars(_SHOWN, {"talk": talk_id})))
    return {choice[0]: choice[1] for choices in newest_last for choice in choices}


def _pictures(
    db: Connection, rows: Sequence[Row[Any]], language: str | None
) -> Mapping[int, WebPicture]:
    """Return the pictures of these messages that are still there, by their media."""
    media = sorted({row.picture for row in rows if row.picture})
    if not media:
        return {}
    plans = select(PlanRow.picture_id, PlanRow.title).where(
        PlanRow.picture_id.in_(media), PlanRow.title.is_not(None)
    )
    reader = language or FALLBACK
    return {
        row.picture_id: WebPicture(row.picture_id, pick_text(row.title, reader))
        for row in db.execute(plans)
    }


def _said_bubble(row: Row[Any], labels: Mapping[str, str]) -> WebMessage:
    tapped = row.body.get("tap", "")
    text = row.body.get("text", "") or labels.get(tapped, tapped)
    sound = str(row.media_id) if row.kind == "voice" and row.media_id else None
    erased = row.kind in {"text", "tap"} and not row.body
    return WebMessage(
        row.external_id,
        mine=True,
        text=text,
        choices=(),
        sound=sound,
        at=row.received_at,
        erased=erased,
        kind=row.kind,
    )


def _told_bubble(row: Row[Any], shown: Mapping[int, WebPicture]) -> WebMessage:
    choices = tuple(Choice(*each) for each in row.choices)
    given = str(row.sound) if row.sound else None
    is_file = row.media_kind == HER_DATA
    sound = None if is_file else given
    erased = row.secret and not row.text and not sound
    return WebMessage(
        f"web:{row.id}",
        mine=False,
        text=row.text,
        choices=choices,
        sound=sound,
        at=row.due_at,
        erased=erased,
        picture=shown.get(row.picture),
        file=given if is_file else None,
    )


def _arrived(db: Connection, talk_id: int, seen: int, pushes: list[int]) -> None:
    """Mark what the page has as delivered, and empty what showed a choice."""
    if not seen and not pushes:
        return
    here = {"talk": talk_id, "seen": seen, "pushes": pushes}
    db.execute(_DELIVERED, here)
    db.execute(_EMPTIED, here)


_HERE = and_(
    OutboundMessage.talk_id == bindparam("talk"),
    or_(
        OutboundMessage.id <= bindparam("seen"),
        OutboundMessage.id.in_(bindparam("pushes", expanding=True)),
    ),
)
_DELIVERED = (
    update(OutboundMessage)
    .where(_HERE, OutboundMessage.delivery == "sent")
    .values(delivery="delivered")
)
_EMPTIED = (
    update(OutboundMessage)
    .where(_HERE, OutboundMessage.secret, OutboundMessage.text != "")
    .values(text="", choices=[], picture=None)
)


def language(house: House, user_id: str) -> str | None:
    """Return the language of a web talk; None if she has not chosen one yet."""
    found = select(Talk.language).where(Talk.channel == "web", Talk.address == user_id)
    return house.db.read(lambda db: db.scalar(found))


def open_return(house: House, token: str) -> str | None:
    """Return the web address a return link leads to; None if it is not ours."""
    return open_back(house, token)


def recording(house: House, user_id: str, media_id: int) -> tuple[bytes, str] | None:
    """Return bytes and type of a recording of this talk; None if it is not there.

    Raises MediaUnavailableError if the store does not answer.
    """
    hers = select(Talk.id).where(Talk.channel == "web", Talk.address == user_id)
    talk = hers.scalar_subquery()
    told = exists().where(
        OutboundMessage.talk_id == talk, OutboundMessage.sound == Media.id
    )
    mine = select(Media.key, Media.mime).where(
        Media.id == media_id, or_(Media.talk_id == talk, told)
    )
    row = house.db.read(lambda db: db.execute(mine).one_or_none())
    if row is None or row.key is None:
        return None
    try:
        return load_checked(house, media_id, row.key), row.mime
    except FileNotFoundError:
        return None
