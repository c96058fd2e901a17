"""Who may do what at the desk: one table of acts, one of routes, looked at first.

A route that is not on the table opens for nobody, so a new page cannot be forgotten.
"""

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from bot.config import ON, REQUIRED
from bot.services.desk.sessions import CITY, Session, count_post
from bot.services.officials import ROLES, Person
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.frame import (
    FORBIDDEN,
    TOO_MANY,
    frame,
    go_to,
    language_here,
    plain,
)
from bot.web.desk.words.book import words

log = logging.getLogger(__name__)


class Act(StrEnum):
    """What officials do."""

    SEE = "see"
    ANSWER = "answer"
    COMPOSE = "compose"
    SEND = "send"
    ENTER = "enter"
    OWN = "own"
    MANAGE = "manage"
    REVIEW = "review"
    BRING = "bring"
    PAY = "pay"
    EXPORT = "export"
    CONNECT = "connect"
    MAKE_PUBLIC = "make_public"


MAY: Mapping[Act, frozenset[str]] = {
    Act.SEE: frozenset({"viewer", "reviewer", "communicator", "counter", "admin"}),
    Act.ANSWER: frozenset({"reviewer", "communicator", "admin"}),
    Act.COMPOSE: frozenset({"reviewer", "communicator", "admin"}),
    Act.SEND: frozenset({"communicator", "admin"}),
    Act.ENTER: frozenset({"counter", "volunteer", "admin"}),
    Act.OWN: frozenset(ROLES),
    Act.MANAGE: frozenset({"admin"}),
    Act.REVIEW: frozenset({"reviewer", "admin"}),
    Act.BRING: frozenset({"helper", "reviewer", "communicator", "admin"}),
    Act.EXPORT: frozenset({"reviewer", "communicator", "admin"}),
    Act.PAY: frozenset({"reviewer", "communicator", "admin"}),
    Act.CONNECT: frozenset({"admin"}),
    Act.MAKE_PUBLIC: frozenset({"reviewer", "admin"}),
}

OPEN = frozenset(
    {
        "login",
        "enter",
        "enter_password",
        "code",
        "enter_code",
        "city",
        "city_back",
        "leave",
        "static",
    }
)
"""What a stranger may ask for: the door, and what pages look like."""

SETTING_UP = frozenset(
    {
        "password",
        "set_password",
        "factor",
        "begin_factor",
        "confirm_factor",
        "factor_picture",
    }
)
"""All that an official sees who has to set up a second factor first."""

ROUTES: Mapping[str, Act] = {
    "today": Act.SEE,
    "inbox": Act.SEE,
    "sound": Act.SEE,
    "handle": Act.ANSWER,
    "called": Act.ANSWER,
    "talk": Act.SEE,
    "talk_sound": Act.SEE,
    "answer": Act.ANSWER,
    "talk_in_dutch": Act.ANSWER,
    "record": Act.ANSWER,
    "let_go": Act.ANSWER,
    "listening": Act.SEE,
    "write": Act.ANSWER,
    "delivery": Act.SEE,
    "go_on": Act.SEND,
    "steer": Act.SEND,
    "settle_doubt": Act.ANSWER,
    "ballots": Act.ENTER,
    "look": Act.ENTER,
    "take_in": Act.ENTER,
    "account": Act.OWN,
    "password": Act.OWN,
    "set_password": Act.OWN,
    "factor": Act.OWN,
    "begin_factor": Act.OWN,
    "confirm_factor": Act.OWN,
    "factor_picture": Act.OWN,
    "factor_off": Act.OWN,
    "renew_codes": Act.OWN,
    "end_browser": Act.OWN,
    "prove": Act.OWN,
    "officials": Act.MANAGE,
    "invite": Act.MANAGE,
    "official": Act.MANAGE,
    "change_official": Act.MANAGE,
    "link_official": Act.MANAGE,
    "steer_official": Act.MANAGE,
    "audit": Act.MANAGE,
    "export_audit": Act.MANAGE,
    "plans": Act.SEE,
    "plan": Act.SEE,
    "plan_media": Act.SEE,
    "review_plan": Act.REVIEW,
    "settle_review": Act.REVIEW,
    "publish_plan": Act.REVIEW,
    "draft_plan": Act.REVIEW,
    "plan_picture": Act.REVIEW,
    "new_plan": Act.BRING,
    "take_plan": Act.BRING,
    "plan_receipt": Act.BRING,
    "broadcasts": Act.SEE,
    "broadcast": Act.SEE,
    "broadcast_part": Act.SEE,
    "draft_new": Act.COMPOSE,
    "draft_make": Act.COMPOSE,
    "draft": Act.SEE,
    "draft_save": Act.COMPOSE,
    "draft_propose": Act.COMPOSE,
    "draft_put": Act.COMPOSE,
    "draft_record": Act.COMPOSE,
    "draft_sound": Act.SEE,
    "draft_release": Act.SEND,
    "broadcast_call_list": Act.ANSWER,
    "broadcast_called": Act.ANSWER,
    "results": Act.SEE,
    "night": Act.SEE,
    "night_progress_part": Act.SEE,
    "night_plans": Act.SEE,
    "rehearsal": Act.SEE,
    "rehearsal_sound": Act.SEE,
    "night_begin": Act.COMPOSE,
    "night_fill": Act.COMPOSE,
    "night_fill_lacking": Act.COMPOSE,
    "night_decide": Act.COMPOSE,
    "night_set": Act.COMPOSE,
    "night_propose": Act.COMPOSE,
    "night_wrong": Act.COMPOSE,
    "night_release": Act.SEND,
    "night_stop": Act.SEND,
    "night_drop": Act.SEND,
    "night_settle_wrong": Act.SEND,
    "night_calls": Act.ANSWER,
    "night_call_list": Act.ANSWER,
    "night_called": Act.ANSWER,
    "at_a_glance": Act.SEE,
    "round_at_a_glance": Act.SEE,
    "plans_behind": Act.SEE,
    "exports": Act.EXPORT,
    "take_away": Act.EXPORT,
    "money": Act.SEE,
    "money_of": Act.SEE,
    "pay": Act.PAY,
    "approve_line": Act.PAY,
    "send_line_back": Act.PAY,
    "take_line_back": Act.PAY,
    "file_line": Act.PAY,
    "line_photo": Act.PAY,
    "hooks": Act.CONNECT,
    "add_hook": Act.CONNECT,
    "change_hook": Act.CONNECT,
    "rotate_hook": Act.CONNECT,
    "steer_hook": Act.CONNECT,
    "hook_again": Act.CONNECT,
    "event_again": Act.CONNECT,
    "plan_list": Act.BRING,
    "look_at_list": Act.BRING,
    "enter_plans": Act.BRING,
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
    "after_called": Act.ANSWER,
    "bring_together": Act.ANSWER,
    "renew": Act.ANSWER,
    "plan_change": Act.SEE,
    "change_plan": Act.PAY,
    "settle_change": Act.PAY,
    "freed": Act.SEE,
    "award_freed": Act.PAY,
    "settle_freed": Act.PAY,
}
"""The act that each route of the desk asks for, by its endpoint."""

NAV: Mapping[str, Act] = {
    "today": Act.SEE,
    "inbox": Act.SEE,
    "plans": Act.SEE,
    "listening": Act.SEE,
    "checkins": Act.SEE,
    "new_plan": Act.BRING,
    "results": Act.SEE,
    "after": Act.SEE,
    "contacts": Act.SEE,
    "broadcasts": Act.SEE,
    "delivery": Act.SEE,
    "money": Act.SEE,
    "at_a_glance": Act.SEE,
    "exports": Act.EXPORT,
    "ballots": Act.ENTER,
    "officials": Act.MANAGE,
    "audit": Act.MANAGE,
    "hooks": Act.CONNECT,
}
"""The pages that stand in the head of every page; each has a word of the same name."""

FIRST = 5
"""How many of them are always in sight; the rest unfolds."""

_SECRET = frozenset("secret pass token draft password old new code proof".split())
"""Fields of forms that no page shows again."""

UPLOADS: Mapping[str, int] = {
    "take_plan": 12 * 1024 * 1024,
    "look_at_list": 3 * 1024 * 1024,
}
"""How many bytes may be posted where a file comes along; elsewhere it is a megabyte."""

_WITH_FILES = frozenset({"help_her", "add_contact", "change_contact"})
"""Routes whose forms hold a photo or a recording, straight from a phone."""

_MOST_FILE = 16 * 1024 * 1024

NOTED = frozenset(
    {
        "sound",
        "talk_sound",
        "plan_media",
        "take_away",
        "broadcast_call_list",
        "night_call_list",
    }
)
"""What is only read, but leaves a line in the trail: only our own pages lead there."""

_OURS = frozenset({"same-origin", "none"})
"""Where a browser says a request comes from: a page of ours, or the person herself."""


def may(person: Person, act: Act) -> bool:
    """Tell whether somebody's role allows an act."""
    return person.role in MAY[act]


def guard(desk: Blueprint) -> None:
    """Have every request to `desk` looked at before its view."""
    desk.before_request(_refuse_forged)
    desk.before_request(_look)
    desk.context_processor(_shown)


def _look() -> ResponseReturnValue | None:
    """Let a request through, or say why not; None lets it through."""
    place = (request.endpoint or "").rpartition(".")[2]
    if place in OPEN:
        return None
    here, posts = session.current(), request.method == "POST"
    if here is None:
        return _kept("login", None) if posts else go_to("desk.login")
    if here.is_half:
        return _kept("login", None) if posts else go_to("desk.code")
    person = here.person
    if place in _WITH_FILES:
        request.max_content_length = _MOST_FILE
    act = ROUTES.get(place)
    if act is None or not may(person, act):
        return _elsewhere(person) or _kept("may_not", person)
    if posts and place in UPLOADS:
        request.max_content_length = UPLOADS[place]
    if posts and not session.form_is_ours(session.COOKIE):
        return _kept("form_old", person)
    if posts and not count_post(house(), here, house().clock()):
        return _kept("too_many", person, TOO_MANY)
    if place not in SETTING_UP and (first := to_set_up(here)):
        return go_to(f"desk.{first}")
    g.person = person
    return None


def _refuse_forged() -> ResponseReturnValue | None:
    """Refuse what a page of another host has a browser ask, unseen by anybody.

    Cookies go along with what another host of the same domain asks, so browsers are
    asked where it began. One that does not say is held by the secret of our forms. A
    link on another page may still lead to a page of ours, for somebody to look at.
    """
    asked = request.headers
    if asked.get("Sec-Fetch-Site", "none") in _OURS:
        return None
    place = (request.endpoint or "").rpartition(".")[2]
    is_read = request.method == "GET" and place not in NOTED
    seen = asked.get("Sec-Fetch-Mode"), asked.get("Sec-Fetch-Dest")
    if is_read and seen == ("navigate", "document"):
        return None
    log.warning("desk refused why=from_elsewhere place=%s", place)
    return plain("from_elsewhere", FORBIDDEN)


def to_set_up(here: Session) -> str | None:
    """Return the page where an official has to set something up first, if she has to.

    The city's own sign-on has asked for its second factor itself.
    """
    settings = house().settings
    if settings.desk_second_factor != REQUIRED or here.has_factor or here.how == CITY:
        return None
    without = settings.desk_passwords == ON and not here.has_password
    return "password" if without else "factor"


def _elsewhere(person: Person) -> ResponseReturnValue | None:
    """Lead whoever has one page only to it, from every other."""
    if request.method == "POST" or may(person, Act.SEE):
        return None
    return next(
        (go_to(f"desk.{place}") for place, act in NAV.items() if may(person, act)),
        None,
    )


def _kept(
    said: str, person: Person | None, code: int = FORBIDDEN
) -> ResponseReturnValue:
    """Refuse, and show again what was written: nobody types it twice."""
    log.warning(
        "desk refused why=%s place=%s official=%s",
        said,
        (request.endpoint or "").rpartition(".")[2],
        person.id if person else "none",
    )
    form = request.form.items(multi=True)
    written = [
        text for name, text in form if name not in _SECRET and len(text.split()) > 1
    ]
    page = render_template(
        "desk/refused.html", **frame(person), said=said, written=written
    )
    return page, code


def _shown() -> dict[str, Any]:
    """Return what every page can ask: where she may go, and what she may do."""
    person: Person | None = g.get("person")
    here = words(language_here())
    if person is None:
        return {"nav": [], "more_nav": [], "may": {}}
    nav = [(place, here[place]) for place, act in NAV.items() if may(person, act)]
    if to_set_up(g.session):
        nav = []
    return {
        "nav": nav[:FIRST],
        "more_nav": nav[FIRST:],
        "may": {act.value: may(person, act) for act in Act},
        "unsafe": not g.session.has_factor and g.session.how != CITY,
    }
