"""What pages with tasks share: their cards, and the one route that handles them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES
from bot.services.desk import handling
from bot.services.desk.handling import Closing, HandlingError, Outcome
from bot.services.officials import Person
from bot.services.reasons import explain
from bot.web.context import house
from bot.web.desk.access import MAY, Act
from bot.web.desk.blueprint import desk
from bot.web.desk.forms import day_of
from bot.web.desk.frame import (
    MOST_ROWS,
    ZONE,
    at_desk,
    go_to,
    language_here,
    whole_number,
)
from bot.web.desk.words.book import day, waited

__all__ = ["desk"]
BACK = {"today": "desk.today", "inbox": "desk.inbox", "talk": "desk.talk"}
"""Where a button of a card leads back to."""


def cards() -> Mapping[str, Any]:
    """Return what the cards of tasks need: names, days, colleagues, tomorrow."""
    now, language = house().clock(), language_here()
    people = house().db.read(
        lambda db: handling.colleagues(db, sorted(MAY[Act.ANSWER]))
    )
    tomorrow = now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    return {
        "now": now,
        "languages": NAMES,
        "colleagues": people,
        "names": {each.id: each.name or each.email for each in people},
        "tomorrow": tomorrow.isoformat(),
        "most_note": handling.MOST_NOTE,
        "undo": whole_number(request.args.get("undo", "")) or 0,
        "waited": partial(waited, now=now, language=language),
        "day": partial(day, zone=ZONE, language=language),
        "explain": partial(explain, language=language),
    }


@desk.post(f"/tasks/<int(max={MOST_ROWS}):task_id>")
def handle(task_id: int) -> ResponseReturnValue:
    """Take, leave, hand over, close or open a task again.

    Form: do = take, leave, reopen; hand_over with to (an official's id) and note; or
    an outcome, with note, and again (a day) for not_reached. back = where to return.
    """
    do = request.form.get("do", "")
    step = _STEPS.get(do, _close)
    try:
        said = step(task_id, at_desk())
    except HandlingError as error:
        return back(said=f"task_{error}")
    done = do in set(Outcome) - {Outcome.NOT_REACHED}
    return back(said=said, undo=task_id if done else None)


@desk.post(f"/talks/<int(max={MOST_ROWS}):talk_id>/called")
def called(talk_id: int) -> ResponseReturnValue:
    """Write down that somebody called about a plan. Form: plan, back."""
    plan = whole_number(request.form.get("plan", ""))
    fresh = plan is not None and handling.note_call(house(), talk_id, plan, at_desk())
    return back(said="did_called" if fresh else "task_gone")


def back(said: str, undo: int | None = None) -> Response:
    """Return to the page whose button was pressed, with what became of it."""
    place = BACK.get(request.form.get("back", ""), "desk.today")
    talk = whole_number(request.form.get("talk", ""))
    if place == "desk.talk" and talk is not None:
        return go_to(place, said=said, undo=undo, talk_id=talk)
    place = place if place != "desk.talk" else "desk.today"
    whose = "mine" if request.form.get("whose") == "mine" else None
    return go_to(place, said=said, undo=undo, whose=whose)


def _take(task_id: int, person: Person) -> str:
    handling.take(house(), task_id, person)
    return "did_take"


def _leave(task_id: int, person: Person) -> str:
    handling.leave(house(), task_id, person)
    return "did_leave"


def _reopen(task_id: int, person: Person) -> str:
    handling.reopen(house(), task_id, person)
    return "did_reopen"


def _hand_over(task_id: int, person: Person) -> str:
    wanted = request.form.get("to", "")
    roles = sorted(MAY[Act.ANSWER])
    people = house().db.read(lambda db: handling.colleagues(db, roles))
    colleague = next((each for each in people if str(each.id) == wanted), None)
    if colleague is None:
        raise HandlingError("colleague")
    why = request.form.get("note", "")
    handling.hand_over(house(), task_id, person, colleague, why)
    return "did_hand_over"


def _close(task_id: int, person: Person) -> str:
    form = request.form
    how = Closing(
        form.get("do", ""), form.get("note", ""), day_of(form.get("again", ""))
    )
    handling.close(house(), task_id, person, how)
    return f"did_{how.outcome}"


_STEPS: Mapping[str, Callable[[int, Person], str]] = {
    "take": _take,
    "leave": _leave,
    "reopen": _reopen,
    "hand_over": _hand_over,
}
