"""Money that became free, given by two officials to whom the published rule names.

The rule decides, people confirm: nothing is given away by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.changes import State
from bot.domain.languages import LANGUAGES, Texts
from bot.domain.money import Money
from bot.domain.say import N_
from bot.services import later_awards
from bot.services.desk.audit import note
from bot.services.desk.changing import MOST_REASON
from bot.services.desk.nights import MOST_BY
from bot.services.desk.refusals import TurnedDownError
from bot.services.freed import FreedError, Next, still_stands, who_is_next
from bot.services.freezing import lock_round
from bot.services.house import House, Scene
from bot.services.later_awards import LaterAward
from bot.services.plan_changes import undoable_in
from bot.services.publishing import publish_onward
from bot.services.stories import Contact
from bot.store.changes import FreedAward

MOST_NAME = 60

REASONS: Mapping[str, str] = {
    "freed": N_("A chosen plan stopped or needs less money."),
    "left": N_("There was still money for this in the neighbourhood budget."),
}
"""Why there is money for another plan, worded in all four languages."""


@dataclass(frozen=True, slots=True)
class Award:
    """What an official proposes: to whom the rule named, with why and who helps.

    `plans` are the numbers that the page showed: another answer of the rule by now is
    not what she proposed.
    """

    plans: tuple[int, ...]
    reason: Texts
    translator: str
    contact: Contact
    call_before: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """An award that waits for a second person."""

    id: int
    plans: Mapping[int, Money]
    reason: Texts
    translator: str
    contact: Contact
    call_before: date
    by: str


def next_in(house: House, slug: str) -> Next:
    """Return what is free and who is next. Raises TurnedDownError with why not."""
    now = house.clock()
    try:
        return house.db.read(lambda db: who_is_next(Scene(house, db, now), slug))
    except FreedError as refusal:
        raise TurnedDownError(str(refusal)) from refusal


def waiting_in(db: Connection, round_id: int) -> Waiting | None:
    """Return the award that waits in a round, if one does."""
    waits = _AWARDS.where(
        FreedAward.round_id == round_id, FreedAward.state == State.PROPOSED.value
    )
    row = db.execute(waits).one_or_none()
    if row is None:
        return None
    return Waiting(
        id=row.id,
        plans={each["number"]: Money(each["amount_cents"]) for each in row.plans},
        reason=row.reason,
        translator=row.translator,
        contact=_contact(row),
        call_before=date.fromisoformat(row.call_before),
        by=row.by,
    )


_AWARDS: Any = select(*FreedAward.__table__.c)


def propose(house: House, slug: str, award: Award, by: str) -> None:
    """Propose to a second person what the rule gives; nobody hears it yet. Commits.

    Raises TurnedDownError where nobody is next, where the rule names others by now,
    while a change can still be undone, and for words that are missing.
    """
    now = house.clock()
    _check(award, now.date())
    found = next_in(house, slug)
    if not found.plans:
        raise TurnedDownError("freed_nobody")
    if tuple(number for number, _ in found.plans) != award.plans:
        raise TurnedDownError("freed_moved")
    house.db.run(lambda db: _propose(Scene(house, db, now), found, award, by))


def _propose(scene: Scene, found: Next, award: Award, by: str) -> None:
    slug = found.a_round.slug
    lock_round(scene.db, slug)
    if not still_stands(scene, found):
        raise TurnedDownError("freed_moved")
    if undoable_in(scene.db, found.round_id, scene.now):
        raise TurnedDownError("freed_wait")
    values = {
        "round_id": found.round_id,
        "plans": _as_json(found),
        "data": found.as_step(),
        "reason": dict(award.reason),
        "translator": award.translator,
        "contact": {"name": award.contact.name, "phone": award.contact.phone},
        "call_before": award.call_before.isoformat(),
        "state": State.PROPOSED.value,
        "by": by,
        "at": scene.now,
    }
    try:
        with scene.db.begin_nested():
            scene.db.execute(insert(FreedAward).values(values))
    except IntegrityError as error:
        raise TurnedDownError("freed_waits") from error
    about = {"plans": list(award.plans), "free_cents": found.free.cents}
    note(scene, by, "freed.propose", f"round:{slug}", **about)


def _check(award: Award, today: date) -> None:
    if any(not award.reason.get(each, "").strip() for each in LANGUAGES):
        raise TurnedDownError("change_reason_lacks")
    if any(len(text) > MOST_REASON for text in award.reason.values()):
        raise TurnedDownError("reason_too_long")
    if not award.contact.name:
        raise TurnedDownError("freed_no_contact")
    if max(len(award.contact.name), len(award.contact.phone)) > MOST_NAME:
        raise TurnedDownError("contact_too_long")
    if award.call_before <= today:
        raise TurnedDownError("freed_no_day")


def _as_json(found: Next) -> list[dict[str, int]]:
    return [
        {"number": number, "amount_cents": amount.cents}
        for number, amount in found.plans
    ]


def confirm(house: House, slug: str, award_id: int, by: str) -> None:
    """Agree: the next plans are chosen, their authors told, the result goes on.

    Commits all of it in one transaction. The rule is asked once more before. Raises
    TurnedDownError for one's own, for one that no longer waits, and where the rule
    names others or other amounts by now.
    """
    found, now = next_in(house, slug), house.clock()
    house.db.run(lambda db: _confirm(Scene(house, db, now), found, award_id, by))


def _confirm(scene: Scene, found: Next, award_id: int, by: str) -> None:
    slug = found.a_round.slug
    round_id = lock_round(scene.db, slug).id
    row = _waits(scene, round_id, award_id)
    if row.by.casefold() == by.casefold():
        raise TurnedDownError("change_own")
    is_same = (_as_json(found), found.as_step()) == (row.plans, row.data)
    if not is_same or not still_stands(scene, found):
        raise TurnedDownError("freed_moved")
    both = f"{row.by} and {by}"[:MOST_BY]
    award = LaterAward(
        amounts=dict(found.plans),
        reason=row.reason,
        contact=_contact(row),
        call_before=date.fromisoformat(row.call_before),
    )
    told = later_awards.award(scene, slug, award, f"freed:{row.id}", both)
    publish_onward(scene, round_id, row.data, row.reason, both)
    _settle(scene, row.id, State.DONE, by)
    about = {"plans": [each["number"] for each in row.plans], "told": told}
    note(scene, by, "freed.award", f"round:{slug}", **about)


def drop(scene: Scene, slug: str, award_id: int, by: str) -> None:
    """Let a proposed award be. Raises TurnedDownError if it no longer waits."""
    round_id = lock_round(scene.db, slug).id
    row = _waits(scene, round_id, award_id)
    _settle(scene, row.id, State.DROPPED, by)
    note(scene, by, "freed.drop", f"round:{slug}", award=row.id)


def _waits(scene: Scene, round_id: int, award_id: int) -> Row[Any]:
    mine = _AWARDS.where(FreedAward.id == award_id, FreedAward.round_id == round_id)
    row: Row[Any] | None = scene.db.execute(mine.with_for_update()).one_or_none()
    if row is None:
        raise TurnedDownError("did_nothing")
    if row.state != State.PROPOSED:
        raise TurnedDownError("taken")
    return row


def _settle(scene: Scene, award_id: int, state: State, by: str) -> None:
    ended = {"state": state.value, "second": by, "settled_at": scene.now}
    mine = update(FreedAward).where(FreedAward.id == award_id)
    scene.db.execute(mine.values(ended))


def _contact(row: Row[Any]) -> Contact:
    return Contact(row.contact["name"], row.contact.get("phone", ""))
