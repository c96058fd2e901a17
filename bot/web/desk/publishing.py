"""`/desk/plans/<number>/publish` and `/picture`: what everybody may read and see."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES
from bot.services.desk.machine_drafts import draft_public
from bot.services.desk.public_words import (
    PublicWords,
    WordsRefusedError,
    hide_photo,
    make_public,
    show_photo,
)
from bot.services.desk.translating import TranslatorError
from bot.services.house import Scene
from bot.services.plans import PlanRefused, UnknownPlan
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import BAD, GONE, MOST_ROWS, at_desk, go_to, plain, whole_number
from bot.web.desk.plans import page_of

__all__ = ["desk"]
_PLAN = f"/plans/<int(max={MOST_ROWS}):number>"
_MOST_TEXT = 2_000


@desk.post(f"{_PLAN}/publish")
def publish_plan(number: int) -> ResponseReturnValue:
    """Make a plan public. Form: title-, summary- and tick-<language>."""
    person, city, form = at_desk(), house(), request.form
    now, words = city.clock(), _words()
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


@desk.post(f"{_PLAN}/draft")
def draft_plan(number: int) -> ResponseReturnValue:
    """Fill what is empty of a plan's public words by the city's translation server."""
    person = at_desk()
    try:
        drafted = draft_public(house(), number, _words(), person)
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except TranslatorError as error:
        unfit: Mapping[str, tuple[str, ...]] = {f"draft_{error}": ()}
        return page_of(person, number, BAD, unfit=unfit, written=request.form)
    return page_of(person, number, said="draft_made", written=_written(drafted))


def _words() -> PublicWords:
    """Return what stands in the form."""
    return PublicWords(
        titles={code: _text(f"title-{code}") for code in LANGUAGES},
        summaries={code: _text(f"summary-{code}") for code in LANGUAGES},
        ticked=frozenset(
            code for code in LANGUAGES if request.form.get(f"tick-{code}") == "yes"
        ),
    )


def _written(words: PublicWords) -> Mapping[str, str]:
    """Return words as a form holds them."""
    titles = {f"title-{code}": text for code, text in words.titles.items()}
    summaries = {f"summary-{code}": text for code, text in words.summaries.items()}
    return titles | summaries | {f"tick-{code}": "yes" for code in words.ticked}


@desk.post(f"{_PLAN}/picture")
def plan_picture(number: int) -> ResponseReturnValue:
    """Show a photo of a plan to everybody. Form: photo and tick, or remove."""
    person, city, form = at_desk(), house(), request.form
    now, media_id = city.clock(), whole_number(form.get("photo", "")) or 0
    try:
        if form.get("remove") == "yes":
            city.db.run(lambda db: hide_photo(Scene(city, db, now), number, person))
            return go_to("desk.plan", "picture_gone", number=number, _anchor="public")
        if form.get("tick") != "yes":
            return page_of(person, number, BAD, unshown="picture_not_ticked")
        show_photo(city, number, media_id, person.email)
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except PlanRefused:
        return page_of(person, number, BAD, unshown="picture_refused")
    return go_to("desk.plan", "picture_shown", number=number, _anchor="public")


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\0", "")[:_MOST_TEXT]
