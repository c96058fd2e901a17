"""A ballot that an official enters: with its voter at the counter, or from paper.

One register for chat, web, desk and paper: the same passes, the same limits, the same
box. A ballot from the paper box never takes the place of another one; at the counter
the voter herself is there, and two people may let hers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import Connection, select, update

from bot.domain.ballots import NO_THEME, BallotPaper, Fault, Limit
from bot.domain.passes import (
    PassClass,
    PassState,
    code_of,
    is_code,
    is_token,
    token_in,
    typed_digits,
)
from bot.domain.plans import Plan
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.keys import Keys
from bot.services.house import House, Scene
from bot.services.pass_register import write_act
from bot.services.passes import (
    USABLE,
    Ticket,
    chat_hash,
    find_pass,
    row_key,
    used_in,
    voting_of,
)
from bot.services.vote_effects import Ballot, Way, put_ballot
from bot.services.voters import free_receipt
from bot.store.civic import BallotRow
from bot.store.passes import PassRow

DESK, PAPER = "desk", "paper"
ROUTES = (DESK, PAPER)
REFUSED = "paper refused"


class Why(StrEnum):
    """Why a ballot is not taken in; `bot.services.entering_words` says each."""

    NO_PASS = "no_pass"  # noqa: S105 - a word
    UNKNOWN = "unknown"
    PAUSED = "paused"
    PRINTED = "printed"
    VOID = "void"
    OTHER_ROUND = "other_round"
    CLOSED = "closed"
    NOT_HERE = "not_here"
    VOTED = "voted"
    NO_PLANS = "no_plans"
    NO_NUMBER = "no_number"
    NOT_LISTED = "not_listed"
    TWICE = "twice"
    MOST = "most"
    LEAST = "least"
    THEME = "theme"
    MONEY = "money"


class EntryError(ValueError):
    """A ballot is not taken in. `about` is the number, round or limit it is about."""

    def __init__(self, why: Why, about: object = "") -> None:
        super().__init__(f"{why.value} {about}".strip())
        self.why = why
        self.about = str(about)


@dataclass(frozen=True, slots=True)
class Draft:
    """A ballot that can be taken in, to be read back first. `has_ballot` is about it.

    `ticket` is a secret: it is shown to nobody, and leaves the server encrypted only.
    """

    slug: str
    route: str
    serial: str
    ticket: str = field(repr=False)
    picks: tuple[int, ...]
    has_ballot: bool = False

    @property
    def is_test(self) -> bool:
        """Whether it is a test pass, whose ballot is not counted."""
        return _ticket(self).kind == PassClass.TEST


class Entered(NamedTuple):
    """A ballot that is in: its receipt, the serial of its pass, what it replaced."""

    slug: str
    serial: str
    receipt: str
    replaced: bool


def read_secret(text: str) -> str | None:
    """Return the code or token in what was typed or scanned; None if there is none.

    A scanner types what the square code holds: a link, or words, with the token in it.
    """
    if token := token_in(unquote(text)):
        return token
    digits = typed_digits(text)
    return digits if digits and is_code(digits) else None


def read_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of plans. Raises EntryError for anything but numbers."""
    words = [word for word in re.split(r"[\s,;+.]+", text) if word]
    if not words:
        raise EntryError(Why.NO_PLANS)
    for word in words:
        if not word.isdecimal():
            raise EntryError(Why.NO_NUMBER, word)
    return tuple(map(int, words))


def draft(
    scene: Scene, secret: str | None, picks: Sequence[int], route: str, slug: str = ""
) -> Draft:
    """Return the ballot of a pass, to be read back. Changes nothing.

    With `slug`, only for passes of this round. Raises EntryError.
    """
    if secret is None:
        raise EntryError(Why.NO_PASS)
    found = find_pass(scene, secret)
    if found is None:
        raise EntryError(Why.UNKNOWN)
    view = scene.house.catalog.view(scene.db)
    a_round = voting_of(view, found, scene.now)
    _check_pass(scene, found, a_round, route, slug)
    _check_picks(a_round, (view.papers or {}).get(a_round.slug), picks)
    code = code_of(secret, found.digits) if is_token(secret) else secret
    voter = row_key(scene.house.keys, a_round.slug, code)
    return Draft(
        a_round.slug,
        route,
        found.serial,
        str(Ticket(found.id, found.kind, voter)),
        tuple(picks),
        has_ballot=_picks_of(scene.db, view.round_id(a_round.slug), voter) is not None,
    )


def _check_pass(
    scene: Scene,
    found: Any,  # noqa: ANN401 - a row
    a_round: Round,
    route: str,
    slug: str,
) -> None:
    if slug and a_round.slug != slug:
        raise EntryError(Why.OTHER_ROUND, a_round.slug)
    states = {PassState.VOID: Why.VOID, PassState.PRINTED: Why.PRINTED}
    if why := states.get(PassState(found.state)):
        raise EntryError(why, found.serial)
    is_open = a_round.asks_pass and a_round.takes_votes(scene.now)
    if not (is_open and a_round.admits(found.kind)):
        raise EntryError(Why.CLOSED, a_round.slug)
    if Act.VOTE not in a_round.acts.get(route, frozenset(Act)):
        raise EntryError(Why.NOT_HERE, route)


def _check_picks(
    a_round: Round, paper: BallotPaper | None, picks: Sequence[int]
) -> None:
    """Raise EntryError for the first rule of the ballot that is not kept."""
    paper = paper or BallotPaper(a_round.slug, (), a_round.ballot)
    for fault in paper.faults(picks):
        raise EntryError(_WHY[fault.limit], _about(fault, a_round, paper))


_WHY = {
    Limit.LIST: Why.NOT_LISTED,
    Limit.TWICE: Why.TWICE,
    Limit.MOST: Why.MOST,
    Limit.LEAST: Why.LEAST,
    Limit.THEME: Why.THEME,
    Limit.MONEY: Why.MONEY,
}


def _about(fault: Fault, a_round: Round, paper: BallotPaper) -> object:
    """Return what a rule is told with: the plan, or the limit."""
    rules = a_round.ballot
    plan = paper.plan(fault.plan) if fault.plan is not None else None
    limits: dict[Limit, object] = {
        Limit.MOST: rules.max_picks,
        Limit.LEAST: rules.min_picks,
        Limit.THEME: rules.per_theme.get(plan.theme or NO_THEME) if plan else None,
        Limit.MONEY: rules.budget.cents // 100 if rules.budget else None,
    }
    return limits.get(fault.limit, fault.plan)


def titles_of(scene: Scene, of: Draft) -> Sequence[Plan]:
    """Return the plans on a draft, to be read back, in the order of their numbers."""
    paper = (scene.house.catalog.view(scene.db).papers or {}).get(of.slug)
    return paper.titles(of.picks) if paper else ()


def enter(house: House, of: Draft, by: str, *, replaces: bool = False) -> Entered:
    """Take a ballot in, in a transaction of its own, and write down by whom.

    `replaces` lets a ballot that was entered at the counter take the place of the one
    that her pass has. Raises EntryError. A ballot from the paper box whose pass has
    another one is refused, and that stands on the trail.
    """
    now = house.clock()
    try:
        return house.db.run(
            lambda db: _enter(Scene(house, db, now), of, by, replaces=replaces)
        )
    except EntryError as refusal:
        if refusal.why is Why.VOTED and of.route == PAPER:
            note_refused(house, of, by)
        raise


def note_refused(house: House, of: Draft, by: str) -> None:
    """Write down that a ballot from the paper box was not taken: its pass has one.

    Not if it is this very paper that is in: somebody pressed the button again.
    """
    now = house.clock()

    def write(db: Connection) -> None:
        scene = Scene(house, db, now)
        if not is_entered(scene, of):
            _write(scene, of, REFUSED, by)

    house.db.run(write)


def _enter(scene: Scene, of: Draft, by: str, *, replaces: bool) -> Entered:
    view = scene.house.catalog.view(scene.db)
    a_round = next(each for each in view.rounds if each.slug == of.slug)
    if not a_round.takes_votes(scene.now):
        raise EntryError(Why.CLOSED, of.slug)
    ticket, round_id = _ticket(of), view.round_id(of.slug)
    _take_pass(scene, of, ticket, a_round)
    had = _picks_of(scene.db, round_id, ticket.voter) is not None
    if had and not (replaces and of.route == DESK):
        raise EntryError(Why.VOTED, of.serial)
    ballot = Ballot(
        round_id,
        ticket.voter,
        of.picks,
        free_receipt(scene.house, scene.db),
        ticket.kind,
        Way(of.route, None),
        of.route if a_round.weighs_routes else None,
    )
    put_ballot(scene, ballot)
    _write(scene, of, f"{of.route} again" if had else of.route, by)
    return Entered(of.slug, of.serial, ballot.receipt, had)


def _take_pass(scene: Scene, of: Draft, ticket: Ticket, a_round: Round) -> None:
    """Use the pass, and hold it, so that no chat and nobody else has it meanwhile.

    It belongs to no chat from now on: whoever wants to change this ballot comes to the
    counter. The row stays locked until the ballot is in, so that what is looked up
    about the box next is true.
    """
    held = entered_hash(scene.house.keys, of)
    row = update(PassRow).where(PassRow.id == ticket.row, PassRow.state.in_(USABLE))
    taken = row.values(used_in(a_round, held))
    if scene.db.execute(taken).rowcount != 1:
        raise EntryError(Why.VOID, of.serial)


def entered_hash(keys: Keys, of: Draft) -> str:
    """Return what stands in the place of a chat for a pass that was entered."""
    return chat_hash(keys, of.route, of.serial)


def _write(scene: Scene, of: Draft, act: str, by: str) -> None:
    row = select(PassRow.round_id).where(PassRow.id == _ticket(of).row)
    round_id = scene.db.execute(row).scalar_one()
    kind = _ticket(of).kind
    write_act(scene, round_id, act, by, 1, kind=kind, serial=of.serial)


def _ticket(of: Draft) -> Ticket:
    row, kind, voter = of.ticket.split(".")
    return Ticket(int(row), kind, voter)


def _picks_of(db: Connection, round_id: int, voter: str) -> list[int] | None:
    mine = (BallotRow.round_id == round_id, BallotRow.voter == voter)
    return db.scalar(select(BallotRow.picks).where(*mine))


def is_entered(scene: Scene, of: Draft) -> bool:
    """Tell whether this very paper is in already: the same pass, the same plans.

    Only of a pass whose ballot came from the paper box, so that nobody finds out here
    what somebody chose in a chat.
    """
    held = select(PassRow.chat_hash).where(PassRow.id == _ticket(of).row)
    if scene.db.scalar(held) != entered_hash(scene.house.keys, of):
        return False
    round_id = scene.house.catalog.view(scene.db).round_id(of.slug)
    return _picks_of(scene.db, round_id, _ticket(of).voter) == sorted(of.picks)
