"""What a turn does to ballots: cast, and an earlier one replaced."""

from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.say import N_, Say
from bot.keys import keyed_hash
from bot.services.doing import Doing
from bot.store.civic import BallotRow, Mark
from bot.store.dialect import insert_once
from bot.store.prepared import Prepared


def cast(doing: Doing, effect: ask.CastBallot) -> None:
    """Count the ballot; the voter's earlier one in this round gives way to it.

    What was chosen and who voted go to different tables; only a keyed hash joins a
    voter to a ballot, so that she can change it until closing. It is made from the
    address, so that being forgotten and coming back does not give a second ballot.
    """
    a_round = next(r for r in doing.view.rounds if r.slug == effect.round)
    if not a_round.takes_votes(doing.now):
        raise RefusedError(Say(N_("Voting is closed.")))
    round_id = doing.view.round_id(effect.round)
    voter = keyed_hash(
        doing.house.keys.ballots, effect.round, doing.talk.channel, doing.talk.address
    )
    ballot = {
        "id": uuid4().hex,
        "round": round_id,
        "voter": voter,
        "picks": sorted(effect.picks),
        "receipt": effect.receipt,
    }
    _EARLIER_BALLOT.run(doing.db, ballot)
    _BALLOT.run(doing.db, ballot)
    day = doing.now.astimezone(ZoneInfo(a_round.zone)).date().isoformat()
    mark = insert_once(doing.db, Mark).values(
        round_id=round_id, resident_id=doing.talk.resident_id, day=day
    )
    doing.db.execute(mark)


_EARLIER_BALLOT = Prepared(
    delete(BallotRow).where(
        BallotRow.round_id == bindparam("round"), BallotRow.voter == bindparam("voter")
    )
)


_BALLOT = Prepared(
    insert(BallotRow).values(
        id=bindparam("id"),
        round_id=bindparam("round"),
        voter=bindparam("voter"),
        picks=bindparam("picks"),
        receipt=bindparam("receipt"),
    )
)
