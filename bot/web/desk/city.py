"""`/desk/login/city`: in by the city's own sign-on (OpenID Connect).

The way there and back crosses sites, so what we asked for is kept in a cookie of its
own, sealed, for ten minutes and one try. The session's cookie is for our site only: a
page of ours leads on, so that the browser sends it along.
"""

import hmac
import json
import logging
from dataclasses import asdict
from datetime import datetime

from cryptography.fernet import InvalidToken
from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bot.services.desk.asking import Asked, SignOnError
from bot.services.desk.logins import by_city
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import FORBIDDEN, SEE_OTHER, frame, go_to
from bot.web.desk.login import door, visitor

__all__ = ["desk"]
log = logging.getLogger(__name__)


@desk.get("/login/city")
def city() -> ResponseReturnValue:
    """Send the browser to the city's sign-on."""
    sign_on, now = house().sign_on, house().clock()
    if sign_on is None:
        return go_to("desk.login")
    try:
        address, asked = sign_on.ask(now)
    except SignOnError as error:
        return _turned_away(error)
    kept = asdict(asked) | {"until": (now + session.UNTIL_BACK).isoformat()}
    there = redirect(address, SEE_OTHER)
    assert isinstance(there, Response)  # noqa: S101 - Flask's, not Werkzeug's
    session.keep_asked(there, house().keys.seal_asked(json.dumps(kept)))
    return there


@desk.get("/login/city/back")
def city_back() -> ResponseReturnValue:
    """Let in who comes back; 403 where anything is not as we asked for it."""
    sign_on, now = house().sign_on, house().clock()
    asked = _asked(now)
    if sign_on is None or asked is None:
        return _turned_away(SignOnError("token"))
    code = request.args.get("code", "")
    if not code:
        return _turned_away(SignOnError("refused"))
    try:
        email = sign_on.email_of(code, asked, now)
    except SignOnError as error:
        return _turned_away(error)
    entered = by_city(house(), email, visitor())
    if entered is None:
        return _turned_away(SignOnError("unknown"))
    inside = Response(render_template("desk/inside.html", **frame(), said=""))
    session.remember(inside, entered.token)
    session.drop_asked(inside)
    return inside


def _asked(now: datetime) -> Asked | None:
    """Return what this browser had asked for, if it comes back from just that."""
    try:
        kept = json.loads(house().keys.open_asked(session.cookie(session.ASKED)))
    except InvalidToken:
        return None
    if datetime.fromisoformat(kept["until"]) <= now:
        return None
    state = request.args.get("state", "")
    if not hmac.compare_digest(state.encode(), kept["state"].encode()):
        return None
    return Asked(kept["state"], kept["nonce"], kept["verifier"])


def _turned_away(error: SignOnError) -> ResponseReturnValue:
    """Say at the door why, and keep nothing of the try."""
    log.warning("sign on refused code=%s", error)
    page = door(f"city_{error}")
    session.drop_asked(page)
    return page, FORBIDDEN
