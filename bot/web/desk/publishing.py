"""`/desk/plans/<number>/publish` and `/picture`: what everybody may read and see."""

from flask import request
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES
from bot.services.desk.public_words import (
    PublicWords,
    WordsRefusedError,
    hide_photo,
    make_public,
    show_photo,
)
from bot.services.house import Scene
from bot.services.plans import PlanRefused, UnknownPlan
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import BAD, GONE, MOST_ROWS, at_desk, go_to, plain
from bot.web.desk.plans import page_of

__all__ = ["desk"]
_PLAN = f"/plans/<int(max={MOST_ROWS}):number>"
_MOST_TEXT = 2_000


@desk.post(f"{_PLAN}/publish")
def publish_plan(number: int) -> ResponseReturnValue:
    """Make a plan public. Form: title-, summary- and tick-<language>."""
    person, city, form = at_desk(), house(), request.form
    now = city.clock()
    words = PublicWords(
        titles={code: _text(f"title-{code}") for code in LANGUAGES},
        summaries={code: _text(f"summary-{code}") for code in LANGUAGES},
        ticked=frozenset(c for c in LANGUAGES if form.get(f"tick-{c}") == "yes"),
    )
    try:
        city.db.run(lambda db: make_public(Scene(city, db, now), number, words, person))
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except WordsRefusedError as refusal:
        return page_of(person, number, BAD, unfit=refusal.faults, written=form)
    except PlanRefused:
        unfit = {"title_not_now": ()}
        return page_of(person, number, BAD, unfit=unfit, written=form)
    return go_to("desk.plan", "published", number=number, _anchor="public")


@desk.post(f"{_PLAN}/picture")
def plan_picture(number: int) -> ResponseReturnValue:
    """Show a photo of a plan to everybody. Form: photo and tick, or remove."""
    person, city, form = at_desk(), house(), request.form
    now, photo = city.clock(), form.get("photo", "")
    try:
        if form.get("remove") == "yes":
            city.db.run(lambda db: hide_photo(Scene(city, db, now), number, person))
            return go_to("desk.plan", "picture_gone", number=number, _anchor="public")
        if form.get("tick") != "yes":
            return page_of(person, number, BAD, unshown="picture_not_ticked")
        media_id = int(photo) if photo.isdecimal() and len(photo) < 16 else 0  # noqa: PLR2004 - digits of a row
        show_photo(city, number, media_id, person.email)
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except PlanRefused:
        return page_of(person, number, BAD, unshown="picture_refused")
    return go_to("desk.plan", "picture_shown", number=number, _anchor="public")


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\0", "")[:_MOST_TEXT]
