"""`/desk/hooks`: the city's own systems, what they are told, and how that ends.

A new secret is shown on the page that answers the form, once, and is in no address.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.events import UrlError
from bot.services.desk import endpoints
from bot.services.desk.calls import lately_called
from bot.services.desk.endpoints import KINDS, EndpointError
from bot.services.house import Scene
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    told_in,
)
from bot.web.desk.words.book import moment, waited

__all__ = ["desk"]
T = TypeVar("T")
_NUMBER = f"<int(max={MOST_ROWS}):number>"
_VERBS: dict[str, Callable[[Scene, int, str], object]] = {
    "off": endpoints.switch_off,
    "on": endpoints.switch_on,
    "remove": endpoints.remove,
    "test": endpoints.send_test,
}
_AGAIN = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_AGAIN |= {"week": timedelta(days=7), "month": timedelta(days=30)}


@desk.get("/hooks")
def hooks() -> ResponseReturnValue:
    """Show who is told, and the last of what each was told."""
    return _page(told_in(request))


@desk.post("/hooks")
def add_hook() -> ResponseReturnValue:
    """Connect a system; its secret is on the page that answers. Form: url, kind."""
    url, kinds = request.form.get("url", "").strip(), request.form.getlist("kind")
    try:
        secret = _act(lambda s: endpoints.add_endpoint(s, url, kinds, at_desk().email))
    except (UrlError, EndpointError) as refusal:
        return _page("", fault=f"hooks_{refusal}"), BAD
    return _page("", secret=secret, whose=url)


@desk.post(f"/hooks/{_NUMBER}/kinds")
def change_hook(number: int) -> ResponseReturnValue:
    """Change what a system is told. Form: kind."""
    kinds = request.form.getlist("kind")
    try:
        _act(lambda s: endpoints.change_kinds(s, number, kinds, at_desk().email))
    except EndpointError as refusal:
        return _page("", fault=f"hooks_{refusal}"), BAD
    return go_to("desk.hooks", said="hooks_did_kinds", _anchor=f"hook-{number}")


@desk.post(f"/hooks/{_NUMBER}/secret")
def rotate_hook(number: int) -> ResponseReturnValue:
    """Make a new secret. Form: made_at, when the present one was made."""
    try:
        made_at = datetime.fromisoformat(request.form.get("made_at", ""))
        made_at = made_at.astimezone(UTC)
        by = at_desk().email
        secret = _act(lambda s: endpoints.rotate(s, number, made_at, by))
    except EndpointError as refusal:
        return _page("", fault=f"hooks_{refusal}"), BAD
    except (ValueError, OverflowError):
        return _page("", fault="hooks_changed"), BAD
    return _page("hooks_did_rotate", secret=secret, whose=_url(number))


@desk.post(f"/hooks/{_NUMBER}/<any(off, on, remove, test):verb>")
def steer_hook(number: int, verb: str) -> ResponseReturnValue:
    """Switch a system off or on, take it away, or send it a test."""
    try:
        fresh = _act(lambda s: _VERBS[verb](s, number, at_desk().email))
    except EndpointError as refusal:
        return _page("", fault=f"hooks_{refusal}"), BAD
    said = "did_nothing" if fresh is False else f"hooks_did_{verb}"
    return go_to("desk.hooks", said=said)


@desk.post(f"/hooks/{_NUMBER}/again")
def hook_again(number: int) -> ResponseReturnValue:
    """Send all since some time ago anew. Form: since, one of hour, day, week, month."""
    ago = _AGAIN.get(request.form.get("since", ""), timedelta(days=1))
    try:
        _act(lambda s: endpoints.send_since(s, number, s.now - ago, at_desk().email))
    except EndpointError as refusal:
        return _page("", fault=f"hooks_{refusal}"), BAD
    return go_to("desk.hooks", said="hooks_did_again")


@desk.post(f"/hooks/events/{_NUMBER}/again")
def event_again(number: int) -> ResponseReturnValue:
    """Send one event anew."""
    whose = _act(lambda s: endpoints.send_again(s, number, at_desk().email))
    return go_to("desk.hooks", said="hooks_did_again" if whose else "did_nothing")


def _act(job: Callable[[Scene], T]) -> T:
    city, now = house(), house().clock()
    return city.db.run(lambda db: job(Scene(city, db, now)))


def _url(number: int) -> str:
    known = house().db.read(endpoints.endpoints)
    return next((each.url for each in known if each.id == number), "")


def _page(said: str, fault: str = "", secret: str = "", whose: str = "") -> str:
    now, language = house().clock(), language_here()
    known = house().db.read(endpoints.endpoints)
    form = request.form
    return render_template(
        "desk/hooks.html",
        **frame(at_desk()),
        said=said,
        fault=fault,
        new_secret=secret,
        whose=whose,
        endpoints=known,
        sent={each.id: _sent(each.id) for each in known},
        kinds=KINDS,
        calls=house().db.read(lately_called),
        hook_is_on=house().settings.hook_secret is not None,
        ticked=form.getlist("kind") if fault else list(KINDS),
        url=form.get("url", "") if fault else "",
        now=now,
        agos=list(_AGAIN),
        waited=partial(waited, now=now, language=language),
        moment=partial(moment, zone=ZONE, language=language),
    )


def _sent(number: int) -> list[Any]:
    most = 10 if request.args.get("all") != str(number) else endpoints.SHOWN
    return house().db.read(lambda db: endpoints.lately_sent(db, number, most))
