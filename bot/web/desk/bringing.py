"""`/desk/plans/new`: a plan is taken in for a resident, with a receipt of paper."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.domain.languages import NAMES
from bot.services.desk.bringing import (
    BringRefusedError,
    Brought,
    TakenIn,
    bring_plan,
    entries,
    open_rounds,
)
from bot.services.desk.paper_receipt import receipt_of
from bot.services.house import Scene
from bot.services.officials import Person
from bot.services.plans import UnknownPlan
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    GONE,
    MOST_ROWS,
    at_desk,
    frame,
    go_to,
    plain,
    told_in,
)
from bot.web.desk.plans import helpers

__all__ = ["desk"]
_MOST_TEXT = 17_000
"""More than any plan: what is too long is said so, not cut."""


@desk.get("/plans/new")
def new_plan() -> ResponseReturnValue:
    """Show the form, and where plans were taken in so far."""
    return _page(at_desk())


@desk.post("/plans/new")
def take_plan() -> ResponseReturnValue:
    """Take a plan in; its fields are those of `Brought`, and photo is a file."""
    person = at_desk()
    sent = request.files.get("photo")
    photo = sent.read() if sent else b""
    try:
        taken = bring_plan(house(), _brought(), person, photo or None)
    except BringRefusedError as refusal:
        return _page(person, refusal.words), BAD
    return go_to("desk.plan_receipt", _said(taken), number=taken.number)


@desk.get(f"/plans/<int(max={MOST_ROWS}):number>/receipt")
def plan_receipt(number: int) -> ResponseReturnValue:
    """Show the receipt of a plan that was taken in here, to be printed."""
    try:
        receipt = receipt_of(house(), number)
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    return render_template(
        "desk/plan_receipt.html",
        **frame(at_desk()),
        receipt=receipt,
        square=Markup(receipt.square),  # noqa: S704 - drawn by us, from our address
        said=told_in(request),
    )


def _said(taken: TakenIn) -> str:
    return "brought_told" if taken.told else "brought"


def _brought() -> Brought:
    names = ("round", "text", "language", "place", "theme", "entry", "phone")
    form = {
        each: request.form.get(each, "").replace("\0", "")[:_MOST_TEXT]
        for each in names
    }
    return Brought(**form)


def _page(person: Person, faults: tuple[str, ...] = ()) -> str:
    city = house()
    now = city.clock()
    chosen = request.form.get("round", "")
    rounds = city.db.read(lambda db: open_rounds(Scene(city, db, now)))
    slug = chosen or (rounds[0].slug if rounds else "")
    return render_template(
        "desk/new_plan.html",
        **frame(person),
        **helpers(),
        rounds=rounds,
        entries=city.db.read(lambda db: entries(Scene(city, db, now), slug)),
        languages=NAMES,
        faults=faults,
        posted=request.form,
        said=told_in(request),
    )
