"""What an official writes about a plan in a results night: kept, never written over."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert, update

from bot.domain.plans import Status
from bot.services.desk.audit import note
from bot.services.desk.night_plans import Card, Told, as_columns, card_of, cards
from bot.services.desk.nights import Night, find_night, keep_night
from bot.services.desk.refusals import ChangedError, TurnedDownError
from bot.services.house import House, Scene
from bot.store.nights import DRAFT, NightPlan

MOST_REASON = 240
MOST_NAME = 60


def save_plan(
    house: House, night_id: int, number: int, told: Told, version: int, who: str
) -> None:
    """Keep what one author is to hear. Commits.

    A night that was proposed is a draft again. Raises ChangedError if somebody saved
    this plan meanwhile, TurnedDownError for what cannot be kept.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        night = open_to_change(scene, night_id)
        card = card_of(scene, night, number)
        if card.version != version:
            raise ChangedError(card.by)
        write_plans(scene, night, [(card, told)], who)
        note(
            scene,
            who,
            "night.decide",
            f"plan:{number}",
            night=night_id,
            outcome=told.outcome.value,
        )

    house.db.run(job)


def fill_lacking(
    house: House, night_id: int, outcome: Status, told: Told, who: str
) -> int:
    """Give all plans of an outcome what they lack and `told` has. Commits.

    Returns how many were changed.
    """
    now = house.clock()

    def job(db: Connection) -> int:
        scene = Scene(house, db, now)
        night = open_to_change(scene, night_id)
        found = cards(scene, night, outcome.value, most=10_000)
        pairs = [(each, _filled(each.told, told)) for each in found if each.told]
        changed = [(each, fresh) for each, fresh in pairs if fresh != each.told]
        write_plans(scene, night, changed, who)
        about = {"outcome": outcome.value, "plans": len(changed)}
        note(scene, who, "night.fill", f"night:{night_id}", **about)
        return len(changed)

    return house.db.run(job)


def _filled(told: Told, given: Told) -> Told:
    """Return a decision with what it lacks, as far as it is given."""
    return Told(
        outcome=told.outcome,
        reason=told.reason if any(told.reason.values()) else given.reason,
        contact=told.contact or given.contact,
        amount=told.amount,
        call_before=told.call_before or given.call_before,
    )


def open_to_change(scene: Scene, night_id: int) -> Night:
    """Return a night that may be written in, locked. Raises TurnedDownError if not."""
    night = find_night(scene, night_id, lock=True)
    if not night.is_open:
        raise TurnedDownError("night_told" if night.is_told else "night_stop_first")
    return night


def write_plans(
    scene: Scene, night: Night, pairs: Sequence[tuple[Card, Told]], who: str
) -> None:
    """Write decisions by hand; the night is a draft again, for a second look."""
    check_words(told for _, told in pairs)
    for card, told in pairs:
        _write(scene, night, card, told, who)
    keep_night(scene, night, who, state=DRAFT)


def check_words(all_told: Iterable[Told]) -> None:
    """Raise TurnedDownError for what does not fit into a message."""
    for told in all_told:
        if any(len(text) > MOST_REASON for text in told.reason.values()):
            raise TurnedDownError("reason_too_long")
        contact = told.contact
        if contact and max(len(contact.name), len(contact.phone)) > MOST_NAME:
            raise TurnedDownError("contact_too_long")


def _write(scene: Scene, night: Night, card: Card, told: Told, who: str) -> None:
    values = as_columns(told) | {
        "by_hand": True,
        "version": card.version + 1,
        "changed_by": who,
        "changed_at": scene.now,
    }
    mine = (NightPlan.night_id == night.id, NightPlan.plan_id == card.plan_id)
    if card.version:
        scene.db.execute(update(NightPlan).where(*mine).values(values))
        return
    key = {"night_id": night.id, "plan_id": card.plan_id}
    scene.db.execute(insert(NightPlan).values(key | values))
