"""`/desk/login`: the door. A link that was handed over, or a password and a code."""

from typing import cast

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.config import ON
from bot.services.desk.logins import (
    Entered,
    Turned,
    Visitor,
    by_code,
    by_link,
    by_password,
    log_out,
)
from bot.services.desk.sessions import Session
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.blueprint import desk
from bot.web.desk.browsers import browser_of
from bot.web.desk.frame import FORBIDDEN, TOO_MANY, frame, go_to, told_in, turned_away

__all__ = ["desk"]


@desk.get("/login")
def login() -> ResponseReturnValue:
    """Show the door."""
    return door(told_in(request))


@desk.post("/login")
def enter() -> ResponseReturnValue:
    """Use a login link up and go in; 403 for one that is unknown, used or over."""
    if not session.form_is_ours(session.DOOR):
        return door("login_again"), FORBIDDEN
    token = request.form.get("token", "").strip().rpartition("#")[2]
    entered = by_link(house(), token, visitor())
    return (door("login_used"), FORBIDDEN) if entered is None else welcome(entered)


@desk.post("/login/password")
def enter_password() -> ResponseReturnValue:
    """Look at an e-mail address and a password; 403 if they are wrong, 429 too often.

    Form: email, password.
    """
    if not session.form_is_ours(session.DOOR):
        return door("login_again"), FORBIDDEN
    if house().settings.desk_passwords != ON:
        return door("login_no_passwords"), FORBIDDEN
    form = request.form
    email, password = form.get("email", ""), form.get("password", "")
    entered = by_password(house(), email, password, visitor())
    if isinstance(entered, Turned):
        fault = turned_away(entered.wait, "login_wrong")
        return door(fault=fault), TOO_MANY if entered.wait else FORBIDDEN
    return welcome(entered)


@desk.get("/login/code")
def code() -> ResponseReturnValue:
    """Ask for the second factor of who is half in; also for a recovery code."""
    half = session.current()
    if half is None or not half.is_half:
        return go_to("desk.login" if half is None else "desk.today")
    return _code_page(half)


@desk.post("/login/code")
def enter_code() -> ResponseReturnValue:
    """Look at a code. Form: code. 403 if it is wrong or used, 429 too often."""
    half = session.current()
    if half is None or not half.is_half or not session.form_is_ours(session.COOKIE):
        return go_to("desk.login", said="login_again")
    typed = request.form.get("code", "")
    entered = by_code(house(), half, typed, visitor())
    if isinstance(entered, Turned):
        fault = turned_away(entered.wait, "code_wrong")
        return _code_page(half, fault), TOO_MANY if entered.wait else FORBIDDEN
    return welcome(entered)


@desk.post("/logout")
def leave() -> ResponseReturnValue:
    """Log out."""
    here = session.current()
    if not session.form_is_ours(session.COOKIE):
        return go_to("desk.today")
    outside = go_to("desk.login")
    session.forget(outside)
    if here is not None:
        log_out(house(), here)
    return outside


def visitor() -> Visitor:
    """Return where this request comes from."""
    browser = browser_of(request.headers.get("User-Agent", ""))
    return Visitor(browser, session.machine())


def welcome(entered: Entered) -> Response:
    """Send who got in, or half in, on; her browser keeps the new id."""
    inside = go_to("desk.code" if entered.is_half else "desk.today")
    session.remember(inside, entered.token)
    return inside


def door(said: str = "", fault: str = "") -> Response:
    """Return the login page, tied to this browser."""
    held = session.cookie(session.DOOR) or session.new_door()
    page = render_template(
        "desk/login.html",
        **frame(),
        said=said,
        fault=fault,
        secret=session.form_secret(held),
        email=request.form.get("email", ""),
        passwords=house().settings.desk_passwords == ON,
        city=house().sign_on is not None,
    )
    shown = Response(page)
    session.open_door(shown, held)
    return shown


def _code_page(half: Session, fault: str = "") -> str:
    asked = cast("dict[str, str]", request.values)
    return render_template(
        "desk/code.html",
        **frame(),
        said="",
        fault=fault,
        email=half.person.email,
        secret=session.form_secret(session.cookie(session.COOKIE)),
        recovery=asked.get("with") == "recovery",
    )
