"""A voting pass in a turn: judged, bound to its chat, used; wrong ones counted.

The register knows a code as a keyed hash, the ballot box as another one under another
key. What joins the two is the code, which goes from the message into a ticket, is kept
encrypted with the unfinished ballot, and is gone once that is cast.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.facts import Admission, PassVerdict
from bot.domain.passes import (
    ALARM_AN_HOUR,
    MOST_PER_CHAT,
    SLIPS_A_DAY,
    UNKNOWN_A_DAY,
    WRONG_AN_HOUR,
    PassClass,
    PassState,
    code_of,
    is_code,
    is_token,
)
from bot.domain.round_terms import Act
from bot.domain.rounds import Round, vote_of
from bot.domain.say import N_, Say
from bot.keys import Keys, keyed_hash
from bot.services.catalog import CatalogView
from bot.services.doing import Doing
from bot.services.house import Scene
from bot.services.talks import TalkRow
from bot.services.voters import is_in_box
from bot.store.passes import PassRow, PassTry

log = logging.getLogger(__name__)
SLIP, UNKNOWN = "slip", "unknown"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USABLE = (PassState.OPEN.value, PassState.USED.value)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x50617373))
"""Codes typed in new chats are judged one after the other: many at once would be as
many guesses for free."""


class Ticket(NamedTuple):
    """What a pass was exchanged for: its row, its class, and the key of its ballot."""

    row: int
    kind: str
    voter: str

    def __str__(self) -> str:
        return f"{self.row}.{self.kind}.{self.voter}"


def read_ticket(ticket: str) -> Ticket:
    """Return the ticket that `str` wrote. Raises RefusedError for anything else."""
    row, _, rest = ticket.partition(".")
    kind, _, voter = rest.partition(".")
    if not (row.isdecimal() and kind and voter):
        raise RefusedError(_SHOW_IT)
    return Ticket(int(row), kind, voter)


def code_hash(keys: Keys, code: str) -> str:
    """Return what the register knows a code by."""
    return keyed_hash(keys.registrar, "code", code)


def token_hash(keys: Keys, token: str) -> str:
    """Return what the register knows the token of a square code by."""
    return keyed_hash(keys.registrar, "token", token)


def chat_hash(keys: Keys, channel: str, address: str) -> str:
    """Return what the register knows a chat by."""
    return keyed_hash(keys.registrar, "chat", channel, address)


def row_key(keys: Keys, slug: str, code: str) -> str:
    """Return what the ballot box of a round knows the ballot of a code by."""
    return keyed_hash(keys.ballots, "pass", slug, code)


def judge(scene: Scene, talk: TalkRow, view: CatalogView, secret: str) -> Admission:
    """Tell what a code or token is worth in this talk. Counts and changes nothing."""
    chat = _chat(scene, talk)
    if not is_token(secret) and (stopped := _stopped(scene, chat, secret)):
        return Admission(stopped)
    found = find_pass(scene, secret)
    if found is None:
        return Admission(PassVerdict.UNKNOWN)
    a_round = voting_of(view, found, scene.now)
    slug = a_round.slug
    verdict = _verdict(scene, found, a_round, chat)
    if verdict is PassVerdict.RIGHT and not a_round.allows(Act.VOTE, talk.channel):
        return Admission(PassVerdict.NOT_HERE, slug)
    if verdict is not PassVerdict.RIGHT:
        return Admission(verdict)
    code = code_of(secret, found.digits) if is_token(secret) else secret
    voter = row_key(scene.house.keys, slug, code)
    return Admission(
        verdict,
        slug,
        str(Ticket(found.id, found.kind, voter)),
        again=is_in_box(scene.db, view.round_id(slug), voter),
        test=found.kind == PassClass.TEST,
    )


def voting_of(view: CatalogView, found: Any, now: datetime) -> Round:  # noqa: ANN401
    """Return the vote in which a pass of the register can be used now."""
    slug = view.slug(found.round_id)
    own = next(each for each in view.rounds if each.slug == slug)
    return vote_of(view.rounds, own, found.kind, now)


def _chat(scene: Scene, talk: TalkRow) -> str:
    return chat_hash(scene.house.keys, talk.channel, talk.address)


def _stopped(scene: Scene, chat: str, digits: str) -> PassVerdict | None:
    """Return why a typed code is not looked up at all; None if it may be."""
    db, now = scene.db, scene.now
    tried = tries(db, PassTry.chat_hash == chat, now - DAY)
    if tried.get(UNKNOWN, 0) >= UNKNOWN_A_DAY or tried.get(SLIP, 0) >= SLIPS_A_DAY:
        return PassVerdict.PAUSED
    if not is_code(digits):
        return PassVerdict.SLIP
    if _has_pass(db, chat):
        return None
    if db.dialect.name != "sqlite":
        db.execute(_ONE_AT_A_TIME)
    busy = wrong_lately(db, now) >= WRONG_AN_HOUR
    return PassVerdict.BUSY if busy else None


def tries(db: Connection, where: Any, since: datetime) -> dict[str, int]:  # noqa: ANN401
    """Return how often a code was wrong since then, by what was wrong with it."""
    counted = (
        select(PassTry.kind, func.count().label("size"))
        .where(where, PassTry.at > since)
        .group_by(PassTry.kind)
    )
    return {row.kind: row.size for row in db.execute(counted)}


def wrong_lately(db: Connection, now: datetime) -> int:
    """Return how many unknown codes were typed in the last hour, everywhere."""
    return tries(db, PassTry.kind == UNKNOWN, now - HOUR).get(UNKNOWN, 0)


def _has_pass(db: Connection, chat: str) -> bool:
    own = select(PassRow.id).where(PassRow.chat_hash == chat).limit(1)
    return db.scalar(own) is not None


def find_pass(scene: Scene, secret: str) -> Any:  # noqa: ANN401 - a row
    """Return the register's row of a code or token; None for an unknown one."""
    keys = scene.house.keys
    if is_token(secret):
        known = PassRow.token_hash == token_hash(keys, secret)
    else:
        known = PassRow.code_hash == code_hash(keys, secret)
    return scene.db.execute(_PASS.where(known)).one_or_none()


_PASS = select(
    PassRow.id,
    PassRow.round_id,
    PassRow.kind,
    PassRow.digits,
    PassRow.state,
    PassRow.chat_hash,
    PassRow.serial,
)


def _verdict(scene: Scene, found: Any, a_round: Round, chat: str) -> PassVerdict:  # noqa: ANN401
    if found.state == PassState.VOID:
        return PassVerdict.VOID
    if found.state == PassState.PRINTED:
        return PassVerdict.PRINTED
    is_open = a_round.asks_pass and a_round.takes_votes(scene.now)
    if not (is_open and a_round.admits(found.kind)):
        return PassVerdict.CLOSED
    if found.chat_hash == chat:
        return PassVerdict.RIGHT
    if found.chat_hash is not None:
        return PassVerdict.ELSEWHERE
    here = select(func.count()).where(
        PassRow.chat_hash == chat, PassRow.round_id == found.round_id
    )
    full = (scene.db.scalar(here) or 0) >= MOST_PER_CHAT
    return PassVerdict.FULL if full else PassVerdict.RIGHT


def bind_pass(doing: Doing, effect: ask.BindPass) -> None:
    """Tie a pass to this chat from its first use on; again is no change.

    The database decides, in one statement: of two chats at once one has it. Raises
    RefusedError for the other.
    """
    chat = _chat(doing.scene, doing.talk)
    mine = or_(PassRow.chat_hash.is_(None), PassRow.chat_hash == chat)
    _change(doing.db, read_ticket(effect.ticket), mine, chat_hash=chat)


def use_pass(doing: Doing, ticket: Ticket, a_round: Round) -> None:
    """Use a pass in a vote. Raises RefusedError unless it is this chat's, and open."""
    chat = _chat(doing.scene, doing.talk)
    owner = doing.view.round_id(a_round.register)
    mine = and_(PassRow.chat_hash == chat, PassRow.round_id == owner)
    _change(doing.db, ticket, mine, **used_in(a_round, chat))


def used_in(a_round: Round, chat: str) -> dict[str, str]:
    """Return what a vote changes in the register: whose the pass is now, and its state.

    In the vote before the vote it stays open: the vote itself is still to come.
    """
    held = {"chat_hash": chat}
    return held if a_round.before else held | {"state": PassState.USED.value}


def _change(db: Connection, ticket: Ticket, mine: Any, **values: Any) -> None:  # noqa: ANN401
    row = update(PassRow).where(
        PassRow.id == ticket.row, PassRow.state.in_(USABLE), mine
    )
    if db.execute(row.values(values)).rowcount != 1:
        raise RefusedError(_SHOW_IT)


_SHOW_IT = Say(N_("This pass cannot be used here now. A person can help you."))


def count_wrong(doing: Doing, effect: ask.WrongPass) -> None:
    """Count a slip or an unknown code; staff are alarmed when there are many."""
    kind = SLIP if effect.slip else UNKNOWN
    chat = _chat(doing.scene, doing.talk)
    tried = insert(PassTry).values(chat_hash=chat, kind=kind, at=doing.now)
    doing.db.execute(tried)
    if not effect.slip and wrong_lately(doing.db, doing.now) == ALARM_AN_HOUR:
        log.warning("many unknown passes last_hour=%s", ALARM_AN_HOUR)
