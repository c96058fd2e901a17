"""`/desk/login/city`: in by the city's own sign-on (OpenID Connect).

The way there and back crosses sites, so what we asked for is kept in a cookie of its
own, sealed, for ten minutes and one try, with her language. The session's cookie is
for our site only: a page of ours leads on, so that the browser sends it along.
"""

import hmac
import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.fernet import InvalidToken
from flask import Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bot.services.desk.account import prove_by_city
from bot.services.desk.asking import Asked, SignOnError, Vouched
from bot.services.desk.city_names import by_name
from bot.services.desk.logins import by_city
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    FORBIDDEN,
    SEE_OTHER,
    frame,
    go_to,
    her_session,
    language_here,
)
from bot.web.desk.login import door, visitor

__all__ = ["desk"]
log = logging.getLogger(__name__)


@desk.get("/login/city")
def city() -> ResponseReturnValue:
    """Send the browser to the city's sign-on."""
    return _lead_there()


@desk.get("/account/prove")
def prove() -> ResponseReturnValue:
    """Have her log in at the city's sign-on once more, to prove that it is she."""
    return _lead_there(her_session().id)


def _lead_there(prove_for: int | None = None) -> ResponseReturnValue:
    """Send the browser there; `prove_for` is a session that is in already."""
    sign_on, now = house().sign_on, house().clock()
    if sign_on is None:
        return go_to("desk.login")
    try:
        address, asked = sign_on.ask(now, anew=prove_for is not None)
    except SignOnError as error:
        return _turned_away(error)
    kept = asdict(asked) | {
        "at": now.isoformat(),
        "lang": language_here(),
        "session": prove_for,
    }
    there = redirect(address, SEE_OTHER)
    assert isinstance(there, Response)  # noqa: S101 - Flask's, not Werkzeug's
    session.keep_asked(there, house().keys.seal_asked(json.dumps(kept)))
    return there


@desk.get("/login/city/back")
def city_back() -> ResponseReturnValue:
    """Let in who comes back; 403 where anything is not as we asked for it."""
    sign_on, now = house().sign_on, house().clock()
    back = _asked(now)
    if sign_on is None or back is None:
        return _turned_away(SignOnError("token"))
    code = request.args.get("code", "")
    if not code:
        return _turned_away(SignOnError("refused"))
    try:
        since = None if back.session is None else back.at
        vouched = sign_on.person_of(code, back.asked, now, since)
        if back.session is not None:
            return _proved(vouched, back.session)
        entered = by_city(house(), vouched, visitor())
    except SignOnError as error:
        return _turned_away(error)
    inside = _leads_on("desk.today")
    session.remember(inside, entered.token)
    return inside


def _proved(vouched: Vouched, session_id: int) -> Response:
    """Keep that it is she, and lead back to where she was asked. Raises SignOnError."""
    named = house().db.read(lambda db: by_name(db, vouched))
    if named is None:
        raise SignOnError("other")
    if not prove_by_city(house(), named.official_id, session_id):
        raise SignOnError("token")
    return _leads_on("desk.account", "prove_city_done")


def _leads_on(place: str, said: str | None = None) -> Response:
    page = render_template(
        "desk/inside.html", **frame(), said="", place=place, told=said
    )
    inside = Response(page)
    session.drop_asked(inside)
    return inside


@dataclass(frozen=True, slots=True)
class _Back:
    """What a browser comes back from: when it left, and for which session, if any."""

    asked: Asked
    at: datetime
    session: int | None


def _asked(now: datetime) -> _Back | None:
    """Return what this browser had asked for, if it comes back from just that."""
    try:
        kept = json.loads(house().keys.open_asked(session.cookie(session.ASKED)))
        at = datetime.fromisoformat(kept["at"])
    except (InvalidToken, KeyError):  # one of an earlier version is asked for again
        return None
    g.language = kept["lang"]
    if at + session.UNTIL_BACK <= now:
        return None
    state = request.args.get("state", "")
    if not hmac.compare_digest(state.encode(), kept["state"].encode()):
        return None
    asked = Asked(kept["state"], kept["nonce"], kept["verifier"])
    return _Back(asked, at, kept["session"])


def _turned_away(error: SignOnError) -> ResponseReturnValue:
    """Say at the door why, and keep nothing of the try."""
    log.warning("sign on refused code=%s", error)
    page = door(f"city_{error}")
    session.drop_asked(page)
    return page, FORBIDDEN
