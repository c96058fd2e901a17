"""How a ballot comes into the box: cast in a turn, or entered by an official."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, insert

from bot.domain import effects as ask
from bot.domain.ballots import BallotPaper
from bot.domain.chain import commitment
from bot.domain.errors import RefusedError
from bot.domain.passes import PassClass
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.domain.say import N_, Say
from bot.flows.limits import remarks
from bot.flows.vote import VOTED_ELSEWHERE
from bot.keys import keyed_hash
from bot.services.chaining import new_nonce
from bot.services.doing import Doing, refuse_elsewhere
from bot.services.house import Scene
from bot.services.passes import read_ticket, use_pass
from bot.services.voters import voter_of
from bot.store.chain import ReplacedBallot
from bot.store.civic import BallotRow, Mark
from bot.store.dialect import insert_once
from bot.store.passes import Receipt
from bot.store.prepared import Prepared


def cast(doing: Doing, effect: ask.CastBallot) -> None:
    """Count the ballot; the voter's earlier one in this round gives way to it.

    What was chosen and who voted go to different tables; only a keyed hash joins a
    voter to a ballot, so that it can be changed until closing. It is made from the
    pass, or where none is asked from the address, so that being forgotten and coming
    back does not give a second ballot. Who has linked two apps and voted in the other
    one changes her ballot there.

    Raises RefusedError after closing, where the round's file keeps votes off this
    channel, where the picks break a rule of the ballot, where another app of hers has
    the ballot, and where a pass is asked and hers is not this chat's, or void.
    """
    a_round = next(r for r in doing.view.rounds if r.slug == effect.round)
    if not a_round.takes_votes(doing.now):
        raise RefusedError(Say(N_("Voting is closed.")))
    refuse_elsewhere(doing, a_round, Act.VOTE)
    _check_rules(doing, a_round, effect.picks)
    round_id = doing.view.round_id(effect.round)
    by_pass = a_round.asks_pass
    ticket = read_ticket(effect.ticket) if by_pass else None
    if ticket is not None:
        use_pass(doing, ticket, a_round)
        voter, kind = ticket.voter, ticket.kind
    else:
        voter, kind = voter_of(doing.house, doing.talk, effect.round), None
    way = Way(doing.talk.channel, doing.talk.language)
    ballot = Ballot(round_id, voter, effect.picks, effect.receipt, kind, way)
    if a_round.weighs_routes:
        ballot = ballot._replace(box_route=way.route)
    replaced = put_ballot(doing.scene, ballot)
    marked = _mark(doing, a_round, round_id)
    if not (marked or replaced or by_pass):
        raise RefusedError(VOTED_ELSEWHERE)


def _check_rules(doing: Doing, a_round: Round, picks: Sequence[int]) -> None:
    """Raise RefusedError with the first rule of the ballot that the picks break."""
    papers = doing.view.papers or {}
    nothing = BallotPaper(a_round.slug, (), a_round.ballot)
    paper = papers.get(a_round.slug, nothing)
    if faults := paper.faults(picks):
        raise RefusedError(remarks(faults[:1], a_round, paper)[-1])


class Way(NamedTuple):
    """By which route, and in which language, a ballot came: for the turnout."""

    route: str
    language: str | None


class Ballot(NamedTuple):
    """A ballot on its way into the box: `voter` is its row key there.

    `way` stays with the receipt. Beside the picks the box knows a route, `box_route`,
    only where a round weighs ballots by it.
    """

    round_id: int
    voter: str
    picks: tuple[int, ...]
    receipt: str
    voter_class: str | None
    way: Way
    box_route: str | None = None


def put_ballot(scene: Scene, ballot: Ballot) -> bool:
    """Put a ballot into the box; tell whether it replaced one of the same voter.

    The receipt goes to a table of its own, under another hash of the voter.
    """
    random = uuid4().hex
    row = {
        "id": random,
        "round": ballot.round_id,
        "voter": ballot.voter,
        "picks": sorted(ballot.picks),
        "receipt": random[:24],
        "voter_class": ballot.voter_class,
        "route": ballot.box_route,
        "nonce": new_nonce(),
    }
    replaced = _EARLIER_BALLOT.rows(scene.db, row)
    _BALLOT.run(scene.db, row)
    _tell_chain(scene.db, ballot.round_id, replaced)
    holder = keyed_hash(scene.house.keys.ballots, "receipt", ballot.voter)
    told = {"round": ballot.round_id, "receipt": ballot.receipt, "holder": holder}
    # A test pass is nobody's turnout.
    real = ballot.voter_class != PassClass.TEST
    told |= ballot.way._asdict() if real else {"route": None, "language": None}
    _EARLIER_RECEIPT.run(scene.db, told)
    _RECEIPT.run(scene.db, told)
    return bool(replaced)


def _mark(doing: Doing, a_round: Round, round_id: int) -> bool:
    """Note that a person has a ballot in the round; False if that was known."""
    day = doing.now.astimezone(ZoneInfo(a_round.zone)).date().isoformat()
    mark = insert_once(doing.db, Mark).values(
        round_id=round_id, resident_id=doing.talk.resident_id, day=day
    )
    return bool(doing.db.execute(mark).rowcount)


def _tell_chain(
    db: Connection, round_id: int, replaced: Sequence[tuple[Any, ...]]
) -> None:
    """Let the chain say that a ballot it knows has been replaced."""
    for nonce, picks, place in replaced:
        if place is not None:
            gone = {"commitment": commitment(nonce, picks), "round": round_id}
            _REPLACED.run(db, gone)


_EARLIER_BALLOT = Prepared(
    delete(BallotRow)
    .where(
        BallotRow.round_id == bindparam("round"), BallotRow.voter == bindparam("voter")
    )
    .returning(BallotRow.nonce, BallotRow.picks, BallotRow.place)
)

_REPLACED = Prepared(
    insert(ReplacedBallot).values(
        commitment=bindparam("commitment"), round_id=bindparam("round")
    )
)


_BALLOT = Prepared(
    insert(BallotRow).values(
        id=bindparam("id"),
        round_id=bindparam("round"),
        voter=bindparam("voter"),
        picks=bindparam("picks"),
        receipt=bindparam("receipt"),
        nonce=bindparam("nonce"),
        voter_class=bindparam("voter_class"),
        route=bindparam("route"),
    )
)
_EARLIER_RECEIPT = Prepared(
    delete(Receipt).where(
        Receipt.round_id == bindparam("round"), Receipt.holder == bindparam("holder")
    )
)
_RECEIPT = Prepared(
    insert(Receipt).values(
        receipt=bindparam("receipt"),
        round_id=bindparam("round"),
        holder=bindparam("holder"),
        route=bindparam("route"),
        language=bindparam("language"),
    )
)
