"""Who is at the desk: a random id in a cookie, and a secret in every form.

The secret of forms is made from the cookie; a cookie of another site is never sent
along, and a form of another site does not know the secret. Over HTTPS the names of the
cookies begin with `__Host-`: no other host, and no page without HTTPS, can set them.
"""

import hmac
import secrets
from datetime import timedelta

from flask import Response, g, request

from bot.keys import keyed_hash
from bot.services.desk.sessions import LIFE, Session, find_session, touch
from bot.web.context import house

COOKIE, DOOR, ASKED = "desk", "desk_door", "desk_asked"
UNTIL_BACK = timedelta(minutes=10)
AT_THE_DOOR = timedelta(hours=1)
_PREFIX = "__Host-"


def current() -> Session | None:
    """Return the session of this browser, if it has one that holds. One read.

    Once a minute it is written down that it is in use.
    """
    if "session" not in g:
        city, token = house(), cookie(COOKIE)
        now = city.clock()
        g.session = token and city.db.read(
            lambda db: find_session(db, city.keys, token, now)
        )
        if g.session:
            touch(city, g.session, now)
    return g.session or None


def cookie(name: str) -> str:
    """Return what our cookie `name` holds, "" if there is none."""
    return request.cookies.get(_full(name), "")


def remember(response: Response, token: str) -> None:
    """Log somebody in, for twelve hours and not for scripts or other sites."""
    _set(response, COOKIE, token, LIFE)
    _drop(response, DOOR)


def forget(response: Response) -> None:
    """Log out."""
    _drop(response, COOKIE)


def open_door(response: Response, door: str) -> None:
    """Note that the login page was opened here: its form goes with this cookie."""
    _set(response, DOOR, door, AT_THE_DOOR)


def new_door() -> str:
    """Return what ties the login form to the browser that opened it."""
    return secrets.token_urlsafe(24)


def form_secret(held: str) -> str:
    """Return what a form must hold when it comes with a cookie that holds this."""
    return keyed_hash(house().keys.sessions, "form", held)


def form_is_ours(name: str) -> bool:
    """Tell whether a posted form was made by us for the cookie it came with."""
    held = cookie(name)
    given = request.form.get("secret", "").encode()
    return bool(held) and hmac.compare_digest(given, form_secret(held).encode())


def machine() -> str | None:
    """Return the address of the machine that asks.

    Behind proxies of ours it is what the outermost of them saw; nothing else in such a
    header is believed.
    """
    proxies = house().settings.proxies
    if not proxies:
        return request.remote_addr
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    return seen[-proxies].strip() if len(seen) >= proxies else request.remote_addr


def keep_asked(response: Response, sealed: str) -> None:
    """Keep what the city's sign-on was asked for, until it sends the browser back.

    That comes from another site, so this cookie alone goes along with it.
    """
    _set(response, ASKED, sealed, UNTIL_BACK, same_site="Lax")


def drop_asked(response: Response) -> None:
    """Forget it: it serves for one try."""
    _drop(response, ASKED, same_site="Lax")


def _full(name: str) -> str:
    return f"{_PREFIX}{name}" if house().settings.over_https else name


def _path() -> str:
    """Return where our cookies are sent; with our prefix it has to be everywhere."""
    return "/" if house().settings.over_https else "/desk"


def _set(
    response: Response,
    name: str,
    value: str,
    life: timedelta,
    same_site: str = "Strict",
) -> None:
    response.set_cookie(
        _full(name),
        value,
        max_age=life,
        path=_path(),
        secure=house().settings.over_https,
        httponly=True,
        samesite=same_site,
    )


def _drop(response: Response, name: str, same_site: str = "Strict") -> None:
    secure = house().settings.over_https
    response.delete_cookie(
        _full(name), path=_path(), secure=secure, httponly=True, samesite=same_site
    )
