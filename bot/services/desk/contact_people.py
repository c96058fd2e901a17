"""Contact persons, as officials see them: who they are, which plans they help."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.services.desk.audit import note
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.links import JPEG
from bot.services.pictures import without_traces
from bot.services.scanning import check
from bot.store.care import CareRow, ContactRow
from bot.store.civic import Official, PlanRow
from bot.store.logins import OfficialLogin
from bot.store.talks import Media

MOST_SHOWN = 200
PHOTO_SIDE, PHOTO_QUALITY = 640, 80
KIND = "contact"


class ContactError(ValueError):
    """A contact person that cannot be kept like this; the message is a machine word.

    It is name, phone, picture, official, gone or same.
    """


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Somebody residents can turn to.

    `has_gone` tells that the account is closed or suspended.
    """

    id: int
    name: str
    phone: str
    photo: int | None
    official: int | None
    plans: int
    has_left: bool
    has_gone: bool = False

    @property
    def is_red(self) -> bool:
        """Whether plans are left with somebody who is not there any more."""
        return self.plans > 0 and (self.has_left or self.has_gone)


@dataclass(frozen=True, slots=True)
class Card:
    """What a form says about a contact person. `photo` is the bytes of a picture."""

    name: str
    phone: str = ""
    official: int | None = None
    photo: bytes | None = None


_PLANS = (
    select(func.count())
    .select_from(CareRow)
    .where(CareRow.contact_id == ContactRow.id)
    .correlate(ContactRow)
    .scalar_subquery()
    .label("plans")
)
_FOUND: Any = (
    select(
        ContactRow.id,
        ContactRow.name,
        ContactRow.phone,
        ContactRow.photo_id,
        ContactRow.official_id,
        ContactRow.left_at,
        Official.id.label("known"),
        OfficialLogin.suspended_at,
        _PLANS,
    )
    .outerjoin(Official, Official.id == ContactRow.official_id)
    .outerjoin(OfficialLogin, OfficialLogin.official_id == ContactRow.official_id)
    .order_by(ContactRow.name, ContactRow.id)
)


def contact_people(db: Connection, *, present: bool = False) -> list[ContactPerson]:
    """Return contact persons by name; with `present` only those who can take plans."""
    found = _FOUND.where(ContactRow.left_at.is_(None)) if present else _FOUND
    people = [_person(row) for row in db.execute(found.limit(MOST_SHOWN))]
    return [each for each in people if not (present and each.has_gone)]


def contact_person(db: Connection, contact_id: int) -> ContactPerson:
    """Return one contact person. Raises LookupError."""
    row = db.execute(_FOUND.where(ContactRow.id == contact_id)).one_or_none()
    if row is None:
        raise LookupError(contact_id)
    return _person(row)


def _person(row: Row[Any]) -> ContactPerson:
    unknown = row.official_id is not None and row.known is None
    return ContactPerson(
        id=row.id,
        name=row.name,
        phone=row.phone,
        photo=row.photo_id,
        official=row.official_id,
        plans=row.plans,
        has_left=row.left_at is not None,
        has_gone=unknown or row.suspended_at is not None,
    )


@dataclass(frozen=True, slots=True)
class HelpedPlan:
    """A plan that a contact person helps with."""

    id: int
    number: int
    title: dict[str, str]


def plans_of(db: Connection, contact_id: int | None) -> Sequence[HelpedPlan]:
    """Return the plans somebody helps with, by number; None: those without anybody."""
    mine: Any = CareRow.contact_id == contact_id
    if contact_id is None:
        mine = CareRow.contact_id.is_(None) & CareRow.next_at.is_not(None)
    found = (
        select(PlanRow.id, PlanRow.number, PlanRow.title)
        .join(CareRow, CareRow.plan_id == PlanRow.id)
        .where(mine)
        .order_by(PlanRow.number)
        .limit(MOST_SHOWN)
    )
    return [HelpedPlan(r.id, r.number, r.title or {}) for r in db.execute(found)]


def keep_contact(
    house: House, card: Card, by: str, contact_id: int | None = None
) -> int:
    """Add a contact person, or change one; return the row. Commits.

    Plans follow the new name and number at once. Raises ContactError, and LookupError
    for somebody who is not there.
    """
    name, phone = " ".join(card.name.split()), " ".join(card.phone.split())
    if not 1 < len(name) <= 80:  # noqa: PLR2004 - the column
        raise ContactError("name")
    if phone and not _is_phone(phone):
        raise ContactError("phone")
    key = _save(house, card.photo) if card.photo else None
    now = house.clock()
    values = {"name": name, "phone": phone, "official_id": card.official}
    try:
        return house.db.run(
            lambda db: _keep(Scene(house, db, now), values, key, by, contact_id)
        )
    except (LookupError, ContactError):
        if key:
            discard(house, key)
        raise


def _is_phone(phone: str) -> bool:
    digits = sum(sign.isdigit() for sign in phone)
    known = all(sign.isdigit() or sign in "+-() ./" for sign in phone)
    return known and 3 <= digits <= 15 and len(phone) <= 40  # noqa: PLR2004 - E.164


def _save(house: House, photo: bytes) -> str:
    try:
        check(house, photo)
        small = without_traces(photo, PHOTO_SIDE, PHOTO_QUALITY)
    except ValueError:
        raise ContactError("picture") from None
    return house.media.save(small, JPEG)


def _keep(
    scene: Scene, values: dict[str, Any], key: str | None, by: str, known: int | None
) -> int:
    db = scene.db
    account = values["official_id"]
    found = select(Official.id).where(Official.id == account)
    if account is not None and db.scalar(found) is None:
        raise ContactError("official")
    if known is None:
        row = insert(ContactRow).values(values | {"created_at": scene.now})
        contact_id = int(db.execute(row.returning(ContactRow.id)).scalar_one())
    else:
        contact_id = contact_person(db, known).id
        changed = update(ContactRow).where(ContactRow.id == contact_id)
        db.execute(changed.values(values))
    if key:
        _show(scene, contact_id, key)
    name_on_plans(db, contact_id)
    note(scene, by, "contact.keep", f"contact:{contact_id}", photo=bool(key))
    return contact_id


def _show(scene: Scene, contact_id: int, key: str) -> None:
    """Keep the file as the photo; the one before is left to the sweep."""
    db = scene.db
    former = db.scalar(select(ContactRow.photo_id).where(ContactRow.id == contact_id))
    if former is not None:
        old = update(Media).where(Media.id == former)
        db.execute(old.values(delete_after=scene.now))
    row: dict[str, Any] = {"kind": KIND, "channel": "", "mime": JPEG, "key": key}
    row |= {"source": {"place": ""}, "attempts": 0}
    row |= {"fetched_at": scene.now, "created_at": scene.now}
    photo = db.scalar(insert(Media).values(row).returning(Media.id))
    shown = update(ContactRow).where(ContactRow.id == contact_id)
    db.execute(shown.values(photo_id=photo))


def name_on_plans(db: Connection, contact_id: int) -> None:
    """Write name and number to every plan that this contact person helps with."""
    row = db.execute(
        select(ContactRow.name, ContactRow.phone).where(ContactRow.id == contact_id)
    ).one()
    mine = select(CareRow.plan_id).where(CareRow.contact_id == contact_id)
    named = update(PlanRow).where(PlanRow.id.in_(mine))
    db.execute(named.values(contact={"name": row.name, "phone": row.phone}))


def contact_photo(house: House, contact_id: int) -> bytes | None:
    """Return the photo as a JPEG; None if there is none.

    Raises MediaUnavailableError if the store does not answer.
    """
    found = (
        select(Media.key)
        .join(ContactRow, ContactRow.photo_id == Media.id)
        .where(ContactRow.id == contact_id)
    )
    key = house.db.read(lambda db: db.scalar(found))
    if key is None:
        return None
    try:
        return house.media.load(key)
    except FileNotFoundError:
        return None
