"""What a turn does to ballots: cast, and an earlier one replaced."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert

from bot.domain import effects as ask
from bot.domain.chain import commitment
from bot.domain.errors import RefusedError
from bot.domain.say import N_, Say
from bot.flows.vote import VOTED_ELSEWHERE
from bot.services.chaining import new_nonce
from bot.services.doing import Doing
from bot.services.voters import voter_of
from bot.store.chain import ReplacedBallot
from bot.store.civic import BallotRow, Mark
from bot.store.dialect import insert_once
from bot.store.prepared import Prepared


def cast(doing: Doing, effect: ask.CastBallot) -> None:
    """Count the ballot; the voter's earlier one in this round gives way to it.

    What was chosen and who voted go to different tables; only a keyed hash joins a
    voter to a ballot, so that she can change it until closing. It is made from the
    address, so that being forgotten and coming back does not give a second ballot. Who
    has linked two apps and voted in the other one changes her ballot there.

    Raises RefusedError after closing, and where another app of hers has the ballot.
    """
    a_round = next(r for r in doing.view.rounds if r.slug == effect.round)
    if not a_round.takes_votes(doing.now):
        raise RefusedError(Say(N_("Voting is closed.")))
    round_id = doing.view.round_id(effect.round)
    voter = voter_of(doing.house, doing.talk, effect.round)
    ballot = {
        "id": uuid4().hex,
        "round": round_id,
        "voter": voter,
        "picks": sorted(effect.picks),
        "receipt": effect.receipt,
        "nonce": new_nonce(),
    }
    replaced = _EARLIER_BALLOT.rows(doing.db, ballot)
    _BALLOT.run(doing.db, ballot)
    _tell_chain(doing, round_id, replaced)
    day = doing.now.astimezone(ZoneInfo(a_round.zone)).date().isoformat()
    mark = insert_once(doing.db, Mark).values(
        round_id=round_id, resident_id=doing.talk.resident_id, day=day
    )
    marked = doing.db.execute(mark).rowcount
    if not marked and not replaced:
        raise RefusedError(VOTED_ELSEWHERE)


def _tell_chain(
    doing: Doing, round_id: int, replaced: Sequence[tuple[Any, ...]]
) -> None:
    """Let the chain say that a ballot it knows has been replaced."""
    for nonce, picks, place in replaced:
        if place is not None:
            gone = {"commitment": commitment(nonce, picks), "round": round_id}
            _REPLACED.run(doing.db, gone)


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
    )
)
