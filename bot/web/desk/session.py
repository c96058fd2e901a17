"""Who is at the desk: a signed cookie, and a secret in every form.

Both come from the sessions key; a cookie of another site is never sent along, and a
form of another site does not know the secret.
"""

import hmac
import secrets
from datetime import timedelta

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.keys import keyed_hash
from bot.services.officials import Person, official
from bot.web.context import house

COOKIE, DOOR = "desk", "desk_door"
SESSION = timedelta(hours=12)
AT_THE_DOOR = timedelta(hours=1)
PATH = "/desk"


def current_official() -> Person | None:
    """Return who is logged in: an official we still know, within twelve hours."""
    cookie = request.cookies.get(COOKIE, "")
    try:
        official_id = _box().loads(cookie, max_age=int(SESSION.total_seconds()))
    except BadSignature:
        return None
    return house().db.read(lambda db: official(db, official_id))


def remember(response: Response, person: Person) -> None:
    """Log an official in, for twelve hours and not for scripts or other sites."""
    _set(response, COOKIE, _box().dumps(person.id), SESSION)
    response.delete_cookie(DOOR, path=PATH)


def forget(response: Response) -> None:
    """Log out."""
    response.delete_cookie(COOKIE, path=PATH)


def open_door(response: Response, door: str) -> None:
    """Note that the login page was opened here: its form goes with this cookie."""
    _set(response, DOOR, door, AT_THE_DOOR)


def new_door() -> str:
    """Return what ties the login form to the browser that opened it."""
    return secrets.token_urlsafe(24)


def form_secret(cookie: str) -> str:
    """Return what a form must hold when it comes with this cookie."""
    return keyed_hash(house().keys.sessions, "form", cookie)


def form_is_ours(cookie_name: str) -> bool:
    """Tell whether a posted form was made by us for the cookie it came with."""
    cookie = request.cookies.get(cookie_name, "")
    given = request.form.get("secret", "").encode()
    return bool(cookie) and hmac.compare_digest(given, form_secret(cookie).encode())


def _box() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house().keys.sessions, salt="desk")


def _set(response: Response, name: str, value: str, life: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=life,
        path=PATH,
        secure=house().settings.public_url.startswith("https:"),
        httponly=True,
        samesite="Strict",
    )
