"""Who may do what at the desk: one table of acts, one of routes, looked at first.

A route that is not on the table opens for nobody, so a new page cannot be forgotten.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from bot.services.officials import Person
from bot.web.desk import session
from bot.web.desk.frame import FORBIDDEN, frame, go_to, language_here
from bot.web.desk.words.book import words


class Act(StrEnum):
    """What officials do."""

    SEE = "see"
    ANSWER = "answer"
    SEND = "send"
    ENTER = "enter"
    MAKE_PUBLIC = "make_public"


MAY: Mapping[Act, frozenset[str]] = {
    Act.SEE: frozenset({"viewer", "reviewer", "communicator", "counter", "admin"}),
    Act.ANSWER: frozenset({"reviewer", "communicator", "admin"}),
    Act.SEND: frozenset({"communicator", "admin"}),
    Act.ENTER: frozenset({"counter", "volunteer", "admin"}),
    Act.MAKE_PUBLIC: frozenset({"reviewer", "admin"}),
}

OPEN = frozenset({"login", "enter", "leave", "static"})
"""What a stranger may ask for: the door, and what pages look like."""

ROUTES: Mapping[str, Act] = {
    "inbox": Act.SEE,
    "sound": Act.SEE,
    "done": Act.ANSWER,
    "listening": Act.SEE,
    "write": Act.ANSWER,
    "delivery": Act.SEE,
    "go_on": Act.SEND,
    "steer": Act.SEND,
    "settle_doubt": Act.ANSWER,
    "ballots": Act.ENTER,
    "look": Act.ENTER,
    "take_in": Act.ENTER,
    "checkins": Act.SEE,
    "checkin": Act.SEE,
    "did": Act.ANSWER,
    "help_her": Act.ANSWER,
    "tick_line": Act.MAKE_PUBLIC,
    "tell_answer": Act.MAKE_PUBLIC,
    "cadence": Act.ANSWER,
    "steps": Act.ANSWER,
    "contacts": Act.SEE,
    "contact": Act.SEE,
    "photo": Act.SEE,
    "add_contact": Act.SEND,
    "change_contact": Act.SEND,
    "leave_plans": Act.SEND,
    "undo_leave": Act.SEND,
    "after": Act.SEE,
    "after_round": Act.SEE,
    "called": Act.ANSWER,
    "bring_together": Act.ANSWER,
    "renew": Act.ANSWER,
}
"""The act that each route of the desk asks for, by its endpoint."""

NAV: Mapping[str, Act] = {
    "inbox": Act.SEE,
    "listening": Act.SEE,
    "after": Act.SEE,
    "checkins": Act.SEE,
    "contacts": Act.SEE,
    "delivery": Act.SEE,
    "ballots": Act.ENTER,
}
"""The pages that stand in the head of every page; each has a word of the same name."""

_WITH_FILES = frozenset({"help_her", "add_contact", "change_contact"})
"""Routes whose forms hold a photo or a recording, straight from a phone."""

_MOST_FILE = 16 * 1024 * 1024
_SECRET = frozenset({"secret", "pass", "token", "draft"})
"""Fields of forms that no page shows again."""


def may(person: Person, act: Act) -> bool:
    """Tell whether somebody's role allows an act."""
    return person.role in MAY[act]


def guard(desk: Blueprint) -> None:
    """Have every request to `desk` looked at before its view."""
    desk.before_request(_look)
    desk.context_processor(_shown)


def _look() -> ResponseReturnValue | None:
    """Let a request through, or say why not; None lets it through."""
    place = (request.endpoint or "").rpartition(".")[2]
    if place in OPEN:
        return None
    person, posts = session.current_official(), request.method == "POST"
    if person is None:
        return _kept("login", None) if posts else go_to("desk.login")
    if place in _WITH_FILES:
        request.max_content_length = _MOST_FILE
    act = ROUTES.get(place)
    if act is None or not may(person, act):
        return _elsewhere(person) or _kept("may_not", person)
    if posts and not session.form_is_ours(session.COOKIE):
        return _kept("form_old", person)
    g.person = person
    return None


def _elsewhere(person: Person) -> ResponseReturnValue | None:
    """Lead whoever has one page only to it, from every other."""
    if request.method == "POST" or may(person, Act.SEE):
        return None
    return next(
        (go_to(f"desk.{place}") for place, act in NAV.items() if may(person, act)),
        None,
    )


def _kept(said: str, person: Person | None) -> ResponseReturnValue:
    """Refuse, and show again what was written: nobody types it twice."""
    form = request.form.items(multi=True)
    written = [
        text for name, text in form if name not in _SECRET and len(text.split()) > 1
    ]
    page = render_template(
        "desk/refused.html", **frame(person), said=said, written=written
    )
    return page, FORBIDDEN


def _shown() -> dict[str, Any]:
    """Return what every page can ask: where she may go, and what she may do."""
    person: Person | None = g.get("person")
    here = words(language_here())
    if person is None:
        return {"nav": [], "may": {}}
    nav = [(place, here[place]) for place, act in NAV.items() if may(person, act)]
    return {"nav": nav, "may": {act.value: may(person, act) for act in Act}}
