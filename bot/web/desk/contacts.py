"""`/desk/contacts`: whom residents turn to, and who takes over when somebody leaves."""

from functools import partial
from io import BytesIO

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot.domain.languages import pick_text
from bot.services.desk.contact_people import (
    Card,
    ContactError,
    ContactPerson,
    contact_people,
    contact_person,
    contact_photo,
    keep_contact,
    plans_of,
)
from bot.services.desk.takeovers import lately, take_over, undo_takeover
from bot.services.handing_over import Takeover
from bot.services.house import Scene
from bot.services.links import JPEG
from bot.services.officials import officials
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    CONFLICT,
    GONE,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    plain,
    told_in,
    whole_number,
)
from bot.web.desk.words.book import moment

__all__ = ["desk"]
_ONE = f"/contacts/<int(max={MOST_ROWS}):contact>"
_WRONG = {
    "name": "contact_name_wrong",
    "phone": "contact_phone_wrong",
    "picture": "contact_picture_wrong",
    "official": "contact_official_wrong",
}


@desk.get("/contacts")
def contacts() -> ResponseReturnValue:
    """Show all contact persons, plans without one, and what was handed over lately."""
    return _list(told_in(request))


@desk.post("/contacts")
def add_contact() -> ResponseReturnValue:
    """Add a contact person. Form: name, phone, official, photo."""
    try:
        made = keep_contact(house(), _card(), at_desk().email)
    except ContactError as error:
        return _list(_WRONG[str(error)]), BAD
    return go_to("desk.contact", contact=made, said="contact_kept")


@desk.get(_ONE)
def contact(contact: int) -> ResponseReturnValue:
    """Show one contact person, and a form to hand the plans over. 0: nobody."""
    return _page(contact, told_in(request))


@desk.post(_ONE)
def change_contact(contact: int) -> ResponseReturnValue:
    """Change name, number, photo or account. Form as in `add_contact`."""
    try:
        keep_contact(house(), _card(), at_desk().email, contact)
    except ContactError as error:
        return _page(contact, _WRONG[str(error)]), BAD
    except LookupError:
        abort(GONE)
    return go_to("desk.contact", contact=contact, said="contact_kept")


@desk.get(f"{_ONE}/photo")
def photo(contact: int) -> ResponseReturnValue:
    """Show the photo of a contact person."""
    found = contact_photo(house(), contact)
    if found is None:
        return plain("contact_no_photo", GONE)
    return send_file(BytesIO(found), mimetype=JPEG)


@desk.post(f"{_ONE}/leave")
def leave_plans(contact: int) -> ResponseReturnValue:
    """Hand plans over. Form: to (for all), to_<plan row> ("" as for all), leaves."""
    person = at_desk()
    helped = house().db.read(lambda db: plans_of(db, contact or None))
    to = {each.id: _new(each.id) for each in helped}
    chosen = {plan: new for plan, new in to.items() if new and new != contact}
    leaves = request.form.get("leaves") == "yes" and bool(contact)
    if leaves and len(chosen) < len(to):
        return _page(contact, "contact_left_over"), BAD
    if not chosen and not leaves:
        return _page(contact, "contact_choose"), BAD
    order = Takeover(contact or None, chosen, leaves, person.email)
    city = house()
    now = city.clock()
    try:
        city.db.run(lambda db: take_over(Scene(city, db, now), order))
    except LookupError:
        return _page(contact, "contact_choose"), BAD
    return go_to("desk.contacts", said="contact_moved")


@desk.post(f"/contacts/handovers/<int(max={MOST_ROWS}):handover>/undo")
def undo_leave(handover: int) -> ResponseReturnValue:
    """Give all plans back, as long as nobody was told."""
    city, by = house(), at_desk().email
    now = city.clock()
    back = city.db.run(lambda db: undo_takeover(Scene(city, db, now), handover, by))
    if not back:
        return _list("contact_undo_late"), CONFLICT
    return go_to("desk.contacts", said="contact_undone")


def _new(plan: int) -> int:
    """Return who takes over a plan: who was chosen for it, else for all; 0: nobody."""
    form = request.form
    chosen = form.get(f"to_{plan}", "") or form.get("to", "")
    return whole_number(chosen) or 0


def _card() -> Card:
    form, file = request.form, request.files.get("photo")
    chosen = form.get("official", "")
    known = (whole_number(chosen) or 0) if chosen else None  # 0 is nobody, and refused
    photo = (file.read() if file else b"") or None
    return Card(form.get("name", ""), form.get("phone", ""), known, photo)


def _list(said: str) -> str:
    now, language = house().clock(), language_here()
    with_db = house().db.read
    return render_template(
        "desk/contacts.html",
        **frame(at_desk()),
        said=said,
        people=with_db(contact_people),
        alone=len(with_db(lambda db: plans_of(db, None))),
        handovers=with_db(lambda db: lately(db, now)),
        officials=with_db(officials),
        posted=request.form,
        moment=partial(moment, zone=ZONE, language=language),
    )


def _page(contact: int, said: str) -> str:
    person = _person(contact)
    with_db, language = house().db.read, language_here()
    others = with_db(lambda db: contact_people(db, present=True))
    return render_template(
        "desk/contact.html",
        **frame(at_desk()),
        said=said,
        one=person,
        plans=[
            (each, pick_text(each.title, language))
            for each in with_db(lambda db: plans_of(db, contact or None))
        ],
        others=[each for each in others if each.id != contact],
        officials=with_db(officials),
        posted=request.form,
    )


def _person(contact: int) -> ContactPerson | None:
    """Return a contact person, None for nobody (0). Aborts with 404 for a stranger."""
    if not contact:
        return None
    try:
        found = house().db.read(lambda db: contact_person(db, contact))
    except LookupError:
        abort(GONE)
    return found
