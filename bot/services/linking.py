"""One person in two apps: her word kept, compared, and counted where it is wrong.

The word itself is nowhere: what is kept is a keyed hash of it and of whose it is.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.facts import Guess, Verdict
from bot.domain.rounds import HOME_ZONE
from bot.domain.say import N_, Reply, Say
from bot.flows.link import UNLINK
from bot.flows.parts import PERSON
from bot.keys import keyed_hash
from bot.services.doing import Doing
from bot.services.house import House, Scene
from bot.services.joining import join
from bot.services.news import News, Telling, tell
from bot.services.talks import TalkRow
from bot.store.civic import PlanRow
from bot.store.talks import Resident, Talk

TRIES = 5
DAY = timedelta(days=1)


class Keeper(NamedTuple):
    """A person, her word as a keyed hash, and the wrong guesses of hers or at it."""

    id: int
    word_hash: str | None
    word_tries: int | None
    word_tried_at: datetime | None

    def tries(self, now: datetime) -> int:
        """Return the wrong guesses in a row; after a day without one it starts anew."""
        fresh = self.word_tried_at is not None and now < self.word_tried_at + DAY
        return (self.word_tries or 0) if fresh else 0

    def is_closed(self, now: datetime) -> bool:
        """Tell whether there were too many, for a day from the last one."""
        return self.tries(now) >= TRIES


_KEEPER = select(
    Resident.id, Resident.word_hash, Resident.word_tries, Resident.word_tried_at
)
_LETTER_BOXES: Any = (
    select(Talk.id, Talk.channel, Talk.address, Talk.language, Talk.aloud)
    .where(
        Talk.stopped_at.is_(None),
        Talk.closed_at.is_(None),
        Talk.forgotten_at.is_(None),
    )
    .order_by(Talk.id)
)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x4C696E6B))
"""Guesses are judged one after the other: many at once would be as many for free."""


def judge(scene: Scene, talk: TalkRow, guess: Guess) -> Verdict:
    """Tell what a guess is worth; others who guess wait until we have committed."""
    db, now = scene.db, scene.now
    if db.dialect.name != "sqlite":
        db.execute(_ONE_AT_A_TIME)
    if _herself(db, talk).is_closed(now):
        return Verdict.CLOSED
    owner = _owner(db, guess.plan)
    if owner is not None and owner.id == talk.resident_id:
        return Verdict.SAME
    if owner is None or owner.word_hash is None or owner.is_closed(now):
        return Verdict.WRONG
    said = _hash(scene.house, owner.id, guess.word)
    same = hmac.compare_digest(said, owner.word_hash)
    return Verdict.RIGHT if same else Verdict.WRONG


def _herself(db: Connection, talk: TalkRow) -> Keeper:
    return Keeper(*db.execute(_KEEPER.where(Resident.id == talk.resident_id)).one())


def _owner(db: Connection, number: int) -> Keeper | None:
    """Return the author of a plan, None if there is no such plan or author."""
    of_plan = _KEEPER.join(PlanRow, PlanRow.resident_id == Resident.id)
    row = db.execute(of_plan.where(PlanRow.number == number)).one_or_none()
    return None if row is None else Keeper(*row)


def _hash(house: House, resident_id: int, word: str) -> str:
    return keyed_hash(house.keys.words, str(resident_id), word)


def keep_word(doing: Doing, effect: ask.KeepWord) -> None:
    """Keep the word she chose; an earlier one no longer opens anything."""
    resident_id = doing.talk.resident_id
    person = update(Resident).where(Resident.id == resident_id)
    word_hash = _hash(doing.house, resident_id, effect.word)
    doing.db.execute(person.values(word_hash=word_hash))


def join_person(doing: Doing, effect: ask.JoinPerson) -> None:
    """Make the person of this talk and the author of the plan one.

    What was hers is the author's now, and the author hears of it in her other apps, for
    it could be somebody else who guessed: there she can unlink this one. Raises
    RefusedError if the word is wrong.
    """
    guess = Guess(effect.plan, effect.word)
    if judge(doing.scene, doing.talk, guess) is not Verdict.RIGHT:
        raise RefusedError(Say(N_("A person can help you.")))
    owner = _owner(doing.db, effect.plan)
    assert owner is not None  # noqa: S101 - the guess was right
    says = (
        Say(N_("Your other app is linked now.")),
        Say(N_("Was it not you? Type or say: unlink.")),
    )
    warning = Reply(says, (UNLINK, PERSON))
    _warn(
        doing, owner.id, warning, f"linked:{doing.talk.id}:{doing.now.timestamp():.0f}"
    )
    newcomers = update(Talk).where(Talk.resident_id == doing.talk.resident_id)
    doing.db.execute(newcomers.values(linked_at=doing.now))
    join(doing.db, doing.talk.resident_id, owner.id, doing.now)
    _write_tries(doing.db, owner.id, None, None)


def wrong_word(doing: Doing, effect: ask.WrongWord) -> None:
    """Count a wrong guess: of the one who guesses, and at the plan's author.

    After the fifth neither goes on for a day. The author hears of it, once.
    """
    db, now = doing.db, doing.now
    herself, owner = _herself(db, doing.talk), _owner(db, effect.plan)
    _write_tries(db, herself.id, herself.tries(now) + 1, now)
    if owner is None or owner.word_hash is None or owner.is_closed(now):
        return
    tries = owner.tries(now) + 1
    _write_tries(db, owner.id, tries, now)
    if tries >= TRIES:
        says = (
            Say(N_("Somebody tried to link an app to your plan.")),
            Say(N_("The word was wrong. We stopped it for a day.")),
            Say(N_("Was it not you? Type or say: person.")),
        )
        warning = Reply(says, (PERSON,))
        _warn(doing, owner.id, warning, f"guessed:{now.timestamp():.0f}")


def _write_tries(
    db: Connection, resident_id: int, tries: int | None, at: datetime | None
) -> None:
    person = update(Resident).where(Resident.id == resident_id)
    db.execute(person.values(word_tries=tries, word_tried_at=at))


def _warn(doing: Doing, resident_id: int, warning: Reply, key: str) -> None:
    """Push a warning to all apps of the author; not where she said stop.

    To all, for the one she used last may be a stranger's.
    """
    hers = _LETTER_BOXES.where(Talk.resident_id == resident_id)
    zone = next((each.zone for each in doing.view.rounds), HOME_ZONE)
    for reader in doing.db.execute(hers).all():
        tell(Telling(doing.scene, zone), reader, News(warning), f"{key}:{reader.id}")
