"""`/desk/plans/<number>/review`: a review is decided, settled by a second, undone."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.domain.languages import LANGUAGES
from bot.domain.reviews import State, Verdict
from bot.services.desk.amounts import read_amount
from bot.services.desk.plan_page import plan_page
from bot.services.desk.reviewing import (
    Advice,
    OvertakenError,
    ReviewRefusedError,
    review,
    settle,
    undo,
)
from bot.services.house import Scene
from bot.services.officials import Person
from bot.services.plans import UnknownPlan
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    CONFLICT,
    GONE,
    MOST_ROWS,
    at_desk,
    frame,
    go_to,
    plain,
    whole_number,
)
from bot.web.desk.plans import helpers, page_of, values_of

__all__ = ["desk"]
_PLAN = f"/plans/<int(max={MOST_ROWS}):number>"
_MOST_TEXT = 4_000
SAID = {
    State.DONE: "reviewed",
    State.PROPOSED: "review_proposed",
    State.DECLINED: "review_declined",
}


@desk.post(f"{_PLAN}/review")
def review_plan(number: int) -> ResponseReturnValue:
    """Decide about a plan.

    Form: verdict, words, ground, text-<language>, tick, department, person, cost; seen
    and status say what the page showed.
    """
    person = at_desk()
    try:
        advice = _advice(request.form)
        done = _do(lambda scene: review(scene, number, advice, person))
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except OvertakenError:
        return _overtaken(person, number)
    except ReviewRefusedError as refusal:
        return page_of(person, number, BAD, faults=refusal.words, posted=request.form)
    return go_to("desk.plan", SAID[done], number=number, _anchor="review")


@desk.post(f"{_PLAN}/review/<int(max={MOST_ROWS}):review_id>/<verb>")
def settle_review(number: int, review_id: int, verb: str) -> ResponseReturnValue:
    """Agree to a proposed review, decline it, or undo one that is still held."""
    person = at_desk()
    try:
        said = _settled(number, review_id, verb, person)
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except OvertakenError:
        return _overtaken(person, number)
    except ReviewRefusedError as refusal:
        return page_of(person, number, BAD, faults=refusal.words)
    if said is None:
        return plain("no_plan_here", GONE)
    return go_to("desk.plan", said, number=number, _anchor="review")


def _settled(number: int, review_id: int, verb: str, person: Person) -> str | None:
    if verb == "undo":
        _do(lambda scene: undo(scene, number, review_id, person))
        return "review_undone"
    if verb in {"agree", "decline"}:
        agrees = verb == "agree"
        done = _do(
            lambda scene: settle(scene, number, review_id, person, agrees=agrees)
        )
        return SAID[done]
    return None


def _do(act: Any) -> Any:  # noqa: ANN401 - what the act returns
    city = house()
    now = city.clock()
    return city.db.run(lambda db: act(Scene(city, db, now)))


def _overtaken(person: Person, number: int) -> ResponseReturnValue:
    """Show what a colleague decided beside what was written; nothing is lost."""
    city = house()
    now = city.clock()
    page = city.db.read(lambda db: plan_page(Scene(city, db, now), number))
    shown = render_template(
        "desk/overtaken.html",
        **frame(person),
        **helpers(),
        **values_of(page),
        posted=request.form,
        faults=(),
        said="",
    )
    return shown, CONFLICT


def _advice(form: "MultiDict[str, str]") -> Advice:
    """Read the form. Raises ReviewRefusedError for what cannot be read."""
    verdict, faults = form.get("verdict", ""), []
    if verdict not in set(Verdict):
        faults.append("review_no_verdict")
    try:
        cost = read_amount(form.get("cost", ""))
    except ValueError:
        faults.append("review_bad_cost")
    if faults:
        raise ReviewRefusedError(*faults)
    seen = whole_number(form.get("seen", ""))
    return Advice(
        verdict=Verdict(verdict),
        words=_text(form, "words"),
        seen=-1 if seen is None else seen,
        status=form.get("status", ""),
        ground=form.get("ground", "").removeprefix(f"{verdict}:"),
        texts={code: _text(form, f"text-{code}") for code in LANGUAGES},
        ticked=form.get("tick") == "yes",
        department=_text(form, "department"),
        person=_text(form, "person"),
        cost=cost,
    )


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\0", "").strip()[:_MOST_TEXT]
