"""`/desk/login`: the door. A link that was handed over logs somebody in once."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.services.officials import log_in
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import FORBIDDEN, frame, go_to

__all__ = ["desk"]


@desk.get("/login")
def login() -> ResponseReturnValue:
    """Show the door."""
    return _door()


@desk.post("/login")
def enter() -> ResponseReturnValue:
    """Use a login link up and go in; 403 for one that is unknown, used or over."""
    if not session.form_is_ours(session.DOOR):
        return _door("login_again"), FORBIDDEN
    token = request.form.get("token", "").strip().rpartition("#")[2]
    city = house()
    now = city.clock()
    # Another thread may run the job with its own: it knows nothing of this request.
    person = city.db.run(lambda db: log_in(city, db, token, now))
    if person is None:
        return _door("login_used"), FORBIDDEN
    inside = go_to("desk.today")
    session.remember(inside, person)
    return inside


@desk.post("/logout")
def leave() -> ResponseReturnValue:
    """Log out."""
    if not session.form_is_ours(session.COOKIE):
        return go_to("desk.today")
    outside = go_to("desk.login")
    session.forget(outside)
    return outside


def _door(said: str = "") -> Response:
    door = request.cookies.get(session.DOOR) or session.new_door()
    page = render_template(
        "desk/login.html", **frame(), said=said, secret=session.form_secret(door)
    )
    shown = Response(page)
    session.open_door(shown, door)
    return shown
