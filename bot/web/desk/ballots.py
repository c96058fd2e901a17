"""`/desk/ballots`: a pass and plan numbers are typed or scanned, read back, entered.

Two steps and two forms; between them the ballot travels encrypted. A pass is in no
address: it comes in the body of a form, and no page shows it again.
"""

from cryptography.fernet import InvalidToken
from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import pick_text
from bot.services.entering import (
    DESK,
    PAPER,
    ROUTES,
    Draft,
    EntryError,
    Why,
    draft,
    enter,
    note_refused,
    read_numbers,
    read_secret,
    titles_of,
)
from bot.services.entering_desk import (
    count_unknown,
    may_type,
    open_draft,
    seal_draft,
)
from bot.services.entering_words import say_why, slip
from bot.services.house import Scene
from bot.services.officials import Person
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import BAD, at_desk, frame, language_here
from bot.web.desk.words.book import words

__all__ = ["desk"]
_MOST_NAME = 80


@desk.get("/ballots")
def ballots() -> ResponseReturnValue:
    """Show the form."""
    return _page(at_desk())


@desk.post("/ballots")
def look() -> ResponseReturnValue:
    """Read a ballot back. Form: route, pass, plans, second (a name)."""
    person = at_desk()
    form = request.form
    route = form.get("route") if form.get("route") in ROUTES else PAPER
    by = _two(person)
    if route == PAPER and by is None:
        return _page(person, words(language_here())["ballots_alone"]), BAD
    try:
        found = _draft(person, str(route))
    except EntryError as refusal:
        return _page(person, say_why(refusal, language_here())), BAD
    if found.has_ballot and route == PAPER:
        note_refused(house(), found, by or person.email)
        voted = EntryError(Why.VOTED, found.serial)
        return _page(person, say_why(voted, language_here())), BAD
    return _read_back(person, found)


@desk.post("/ballots/enter")
def take_in() -> ResponseReturnValue:
    """Enter what was read back. Form: draft, second, and replace where she has one."""
    person = at_desk()
    try:
        found = open_draft(house().keys, request.form.get("draft", ""))
    except InvalidToken:
        return _page(person, words(language_here())["form_old"]), BAD
    replaces = request.form.get("replace") == "yes"
    if found.has_ballot and not replaces:
        return _page(person, words(language_here())["ballots_keep"])
    by = _two(person)
    if by is None and (found.route == PAPER or replaces):
        told = words(language_here())["ballots_alone"]
        return _read_back(person, found, told), BAD
    try:
        entered = enter(house(), found, by or person.email, replaces=replaces)
    except EntryError as refusal:
        return _page(person, say_why(refusal, language_here())), BAD
    return _render(
        person, entered=entered, slip=slip(entered.receipt), hers=found.route == DESK
    )


def _draft(person: Person, route: str) -> Draft:
    """Return the ballot in the form; an unknown code is counted. Raises EntryError."""
    city, form = house(), request.form
    now = city.clock()
    if not city.db.read(lambda db: may_type(Scene(city, db, now), person.id)):
        raise EntryError(Why.PAUSED)
    secret = read_secret(form.get("pass", ""))
    picks = read_numbers(form.get("plans", ""))
    try:
        return city.db.read(
            lambda db: draft(Scene(city, db, now), secret, picks, route)
        )
    except EntryError as refusal:
        if refusal.why is Why.UNKNOWN:
            city.db.run(lambda db: count_unknown(Scene(city, db, now), person.id))
        raise


def _two(person: Person) -> str | None:
    """Return both who are at the desk, for the trail; None if she is alone."""
    second = " ".join(request.form.get("second", "").split())[:_MOST_NAME]
    own = {person.email.casefold(), person.name.casefold(), ""}
    return None if second.casefold() in own else f"{person.email} and {second}"


def _read_back(person: Person, found: Draft, fault: str = "") -> str:
    city, language = house(), language_here()
    now = city.clock()
    plans = city.db.read(lambda db: titles_of(Scene(city, db, now), found))
    titles = [(each.number, pick_text(each.title, language)) for each in plans]
    sealed = seal_draft(city.keys, found)
    return _render(person, fault=fault, draft=found, titles=titles, sealed=sealed)


def _page(person: Person, fault: str = "") -> str:
    return _render(person, fault=fault)


def _render(person: Person, **shown: object) -> str:
    kept = {"fault": "", "draft": None, "entered": None} | shown
    form = request.form
    return render_template(
        "desk/ballots.html",
        **frame(person),
        **kept,
        said="",
        second=form.get("second", ""),
        route=form.get("route", PAPER),
        plans=form.get("plans", "") if kept["fault"] else "",
    )
