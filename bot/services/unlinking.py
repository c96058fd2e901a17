"""Apps that were linked become people of their own again: it was not her."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.say import N_, Say
from bot.flows.saved import dump_talk, load_talk
from bot.flows.talks import rest
from bot.services.doing import Doing
from bot.services.house import Scene
from bot.services.joining import drop_waiting, hold
from bot.services.outbox import PUSH
from bot.services.talks import TalkRow, talk_by_id
from bot.services.voters import has_ballot
from bot.store.civic import Mark
from bot.store.talks import HER_DATA, Media, OutboundMessage, Resident, Talk

UNLINKED = "unlinked"


def linked_after(scene: Scene, talk_id: int) -> list[int]:
    """Return the talks of the same person that were linked later than this one.

    Only these can be unlinked from here: whoever came in by a word, guessed or heard,
    cannot turn out whom the plans belong to.
    """
    mine = aliased(Talk)
    later = (
        select(Talk.id)
        .join(mine, mine.resident_id == Talk.resident_id)
        .where(
            mine.id == talk_id,
            Talk.linked_at.is_not(None),
            or_(mine.linked_at.is_(None), mine.linked_at < Talk.linked_at),
        )
    )
    return list(scene.db.scalars(later.order_by(Talk.id)))


def unlink(doing: Doing, _: ask.Unlink) -> None:
    """Make the apps that were linked after this one one other person.

    Her plans, supports and follows stay hers, whichever app they came from; a mark goes
    with the ballot. News of hers that waits for those apps is dropped, which officials
    see, and so is a file with her data. Her word goes: somebody else may know it.
    Raises RefusedError where no app was linked later.
    """
    scene, hers = doing.scene, doing.talk.resident_id
    hold(scene.db, hers)
    gone = [talk_by_id(scene, each) for each in linked_after(scene, doing.talk.id)]
    if not gone:
        raise RefusedError(Say(N_("A person can help you.")))
    begun = insert(Resident).values(created_at=doing.now).returning(Resident.id)
    other = scene.db.execute(begun).scalar_one()
    _part_marks(doing, gone, other)
    for talk in gone:
        _turn_out(scene, talk, other)
    ids = [talk.id for talk in gone]
    _drop_news(doing, ids)
    files = update(Media).where(Media.talk_id.in_(ids), Media.kind == HER_DATA)
    scene.db.execute(files.values(delete_after=doing.now))
    word = {"word_hash": None, "word_tries": None, "word_tried_at": None}
    scene.db.execute(update(Resident).where(Resident.id == hers).values(word))


def _turn_out(scene: Scene, talk: TalkRow, other: int) -> None:
    """Give a talk to somebody else; what it was about, and what we asked, is over."""
    resting = rest(load_talk(talk.state))
    over: dict[str, Any] = dict.fromkeys(("linked_at", "about_id", "asked_id"))
    values = over | {"resident_id": other, "state": dump_talk(resting)}
    scene.db.execute(update(Talk).where(Talk.id == talk.id).values(values))


def _part_marks(doing: Doing, gone: Sequence[TalkRow], other: int) -> None:
    """Mark whoever has a ballot in a round; each can change her own, and no other."""
    hers = doing.talk.resident_id
    ids = [talk.id for talk in gone]
    stay = select(Talk.id).where(Talk.resident_id == hers, Talk.id.not_in(ids))
    stays = [talk_by_id(doing.scene, each) for each in doing.db.scalars(stay)]
    marks = select(Mark.round_id, Mark.day).where(Mark.resident_id == hers)
    for mark in doing.db.execute(marks).all():
        if not _has_one(doing, gone, mark.round_id):
            continue
        theirs = insert(Mark).values(round_id=mark.round_id, resident_id=other)
        doing.db.execute(theirs.values(day=mark.day))
        if not _has_one(doing, stays, mark.round_id):
            mine = (Mark.resident_id == hers, Mark.round_id == mark.round_id)
            doing.db.execute(delete(Mark).where(*mine))


def _has_one(doing: Doing, talks: Sequence[TalkRow], round_id: int) -> bool:
    slug = doing.view.slug(round_id)
    return any(has_ballot(doing.scene, each, doing.view, slug) for each in talks)


def _drop_news(doing: Doing, talks: Sequence[int]) -> None:
    """Drop what is owed to her there; what all get stays owed."""
    hers = (
        OutboundMessage.talk_id.in_(talks),
        OutboundMessage.priority == PUSH,
        OutboundMessage.broadcast_id.is_(None),
    )
    drop_waiting(doing.db, hers, UNLINKED, doing.now)
