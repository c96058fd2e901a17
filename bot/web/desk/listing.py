"""`/desk/plans/import`: many plans from a sheet, looked through first."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.services.desk.bringing import open_rounds
from bot.services.desk.plan_lists import (
    COLUMNS,
    ListRefusedError,
    Looked,
    enter_list,
    look_through,
)
from bot.services.house import Scene
from bot.services.officials import Person
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import BAD, at_desk, frame, language_here, whole_number
from bot.web.desk.plans import helpers
from bot.web.desk.words.book import DUTCH, ENGLISH

__all__ = ["desk"]


@desk.get("/plans/import")
def plan_list() -> ResponseReturnValue:
    """Show how a sheet looks, and ask for one."""
    return _page(at_desk())


@desk.post("/plans/import")
def look_at_list() -> ResponseReturnValue:
    """Look a sheet through and show what would be entered. Form: round, entry, file."""
    person, form = at_desk(), request.form
    sent = request.files.get("file")
    data = sent.read() if sent else b""
    slug, entry = form.get("round", "")[:80], form.get("entry", "").strip()[:80]
    try:
        looked = look_through(house(), data, slug, entry, person)
    except ListRefusedError as refusal:
        return _page(person, refused=refusal), BAD
    return _page(person, looked=looked), BAD if looked.faulty else 200


@desk.post("/plans/import/enter")
def enter_plans() -> ResponseReturnValue:
    """Enter a sheet that was looked through. Form: list."""
    person, media_id = at_desk(), whole_number(request.form.get("list", "")) or 0
    try:
        numbers = enter_list(house(), media_id, person)
    except ListRefusedError as refusal:
        return _page(person, refused=refusal), BAD
    return _page(person, numbers=numbers)


def _page(
    person: Person,
    *,
    looked: Looked | None = None,
    refused: ListRefusedError | None = None,
    numbers: list[int] | None = None,
) -> str:
    city = house()
    now = city.clock()
    column = (DUTCH, ENGLISH).index(language_here())
    return render_template(
        "desk/plan_list.html",
        **frame(person),
        **helpers(),
        rounds=city.db.read(lambda db: open_rounds(Scene(city, db, now))),
        columns={name: words[column] for name, words in COLUMNS.items()},
        posted=request.form,
        looked=looked,
        refused=refused,
        numbers=numbers,
        said="",
    )
