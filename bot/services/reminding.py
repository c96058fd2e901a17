"""A reminder before closing, to those who began to vote and did not finish."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, Row, String, cast, exists, literal, select

from bot.domain.kinds import REMINDER
from bot.domain.rounds import Round
from bot.domain.say import N_, Local, Moment, Reply, Say
from bot.flows.parts import WANT_VOTE
from bot.flows.saved import load_picks
from bot.services.house import House, Scene
from bot.services.news import READERS, News, Telling, one_each, push_time, tell
from bot.services.outbox import Letter
from bot.store.talks import OutboundMessage, Talk

BEFORE = timedelta(hours=48)
PORTION = 500


def remind_voters(house: House) -> bool:
    """Remind everybody once who has a ballot that is not sent; False in the end.

    Only in the last two days of a round; before that it costs a look at the rounds in
    memory. Repeating it, or dying half-way, reminds nobody twice.
    """
    now = house.clock()
    view = house.db.read(house.catalog.view)
    for each in view.rounds:
        if is_closing(each, now):
            alone = _alone(view.rounds, now)
            _remind(house, _Ending(each, view.round_id(each.slug), alone), now)
    return False


def is_closing(a_round: Round, now: datetime) -> bool:
    """Tell whether these are the last two days to vote."""
    closes = a_round.closes_at
    return closes is not None and a_round.takes_votes(now) and closes - BEFORE <= now


def _alone(rounds: Sequence[Round], now: datetime) -> bool:
    return len([each for each in rounds if each.takes_votes(now)]) == 1


@dataclass(frozen=True, slots=True)
class _Ending:
    """A round that closes soon; `alone` tells that no other one is voting."""

    a_round: Round
    id: int
    alone: bool

    def has(self, slug: str) -> bool:
        """Tell whether a ballot is of this round; numbers may come before a round."""
        return slug == self.a_round.slug or (self.alone and not slug)


def _remind(house: House, ending: _Ending, now: datetime) -> None:
    """Owe the reminder in portions, each in a transaction of its own."""
    for residents in _unfinished(house, ending):
        job = partial(_tell, house=house, now=now, ending=ending, residents=residents)
        house.db.run(job)


def _unfinished(house: House, ending: _Ending) -> Iterator[list[int]]:
    """Yield residents with such a ballot, a portion at a time."""
    after = 0
    while portion := house.db.read(partial(_begun, ending=ending, after=after)):
        hers = [r.resident_id for r in portion if _is_of(house, r.picks, ending)]
        if hers:
            yield hers
        after = portion[-1].id


def _begun(db: Connection, ending: _Ending, after: int) -> Sequence[Row[Any]]:
    """Return the next talks with an unfinished ballot that were not reminded yet."""
    hers = literal(f"{_key(ending)}:").concat(cast(Talk.resident_id, String))
    reminded = exists().where(OutboundMessage.dedupe_key == hers)
    begun: Any = (
        select(Talk.id, Talk.resident_id, Talk.picks)
        .where(Talk.picks.is_not(None), Talk.id > after, ~reminded)
        .order_by(Talk.id)
        .limit(PORTION)
    )
    rows: Sequence[Row[Any]] = db.execute(begun).all()
    return rows


def _key(ending: _Ending) -> str:
    return f"reminder:{ending.id}"


def _is_of(house: House, sealed: bytes, ending: _Ending) -> bool:
    try:
        picks = load_picks(house.keys.open(sealed))
    except InvalidToken:
        return False
    return picks is not None and ending.has(picks.round)


def _tell(
    db: Connection,
    house: House,
    now: datetime,
    ending: _Ending,
    residents: Sequence[int],
) -> None:
    a_round, scene = ending.a_round, Scene(house, db, now)
    due = push_time(house, now, a_round.zone)
    if a_round.closes_at is None or due >= a_round.closes_at:
        return
    begun = READERS.where(Talk.resident_id.in_(residents), Talk.picks.is_not(None))
    telling = Telling(scene, a_round.zone, ending.id)
    news = reminder(a_round, a_round.closes_at)
    for reader in one_each(db.execute(begun)):
        tell(telling, reader, news, f"{_key(ending)}:{reader.resident_id}")


def reminder(a_round: Round, closes_at: datetime) -> News:
    """Say until when she can send what she began; nothing shows what it is."""
    area, closing = Local(a_round.area), Moment(closes_at, a_round.zone)
    says = (
        Say(N_("Hello. This is about the vote in %(area)s."), {"area": area}),
        Say(N_("Your vote is not sent yet. I keep your choice.")),
        Say(N_("Your vote counts only after you say yes.")),
        Say(N_("You can vote until %(closing)s."), {"closing": closing}),
    )
    letter = Letter(REMINDER, {"area": area, "closing": closing})
    return News(Reply(says, (WANT_VOTE,)), letter)
