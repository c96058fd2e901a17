"""`/desk/account`: her own password, second factor and sessions. One step per page."""

from functools import partial
from io import BytesIO

import segno
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.config import ON, REQUIRED
from bot.services.desk import account as own
from bot.services.desk.factors import codes_left, pending
from bot.services.desk.logins import Turned
from bot.services.desk.passwords import SHORTEST, WeakPasswordError
from bot.services.desk.sessions import browsers
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    FORBIDDEN,
    GONE,
    TOO_MANY,
    ZONE,
    at_desk,
    frame,
    go_to,
    her_session,
    language_here,
    plain,
    told_in,
    turned_away,
    whole_number,
)
from bot.web.desk.words.book import moment, waited, words

__all__ = ["desk"]


@desk.get("/account")
def account() -> ResponseReturnValue:
    """Show how she logs in, and where she is logged in."""
    return _account_page(told_in(request))


def _account_page(said: str = "", fault: str = "") -> str:
    here, now, language = her_session(), house().clock(), language_here()
    with_db = house().db.read
    return render_template(
        "desk/account.html",
        **frame(here.person),
        said=said,
        fault=fault,
        here=here,
        proof=own.proof_of(house(), here, now).value,
        passwords=house().settings.desk_passwords == ON,
        codes=with_db(lambda db: codes_left(db, here.person.id)),
        browsers=with_db(lambda db: browsers(db, here.person.id, now)),
        waited=partial(waited, now=now, language=language),
        moment=partial(moment, zone=ZONE, language=language),
    )


@desk.get("/account/password")
def password() -> ResponseReturnValue:
    """Ask for a new password."""
    if house().settings.desk_passwords != ON:
        return go_to("desk.account")
    return _password_page()


@desk.post("/account/password")
def set_password() -> ResponseReturnValue:
    """Keep a new password. Form: old (where she has one), new."""
    if house().settings.desk_passwords != ON:
        return go_to("desk.account")
    old, new = request.form.get("old", ""), request.form.get("new", "")
    here = her_session()
    try:
        turned = own.set_password(house(), here, old, new)
    except WeakPasswordError as weak:
        return _password_page(words(language_here())[f"password_{weak}"]), BAD
    if turned is not None:
        return _password_page(turned_away(turned.wait, "password_old_wrong")), _code(
            turned
        )
    first = house().settings.desk_second_factor == REQUIRED and not here.has_factor
    place = "desk.factor" if first else "desk.account"
    return go_to(place, said="password_kept")


@desk.get("/account/factor")
def factor() -> ResponseReturnValue:
    """Show the second factor: how to set it up, or what to do with it."""
    return _factor_page(told_in(request))


@desk.post("/account/factor/begin")
def begin_factor() -> ResponseReturnValue:
    """Make a secret to be set up on a phone."""
    own.begin_factor(house(), her_session())
    return go_to("desk.factor")


@desk.get("/account/factor.svg")
def factor_picture() -> ResponseReturnValue:
    """Show the QR code of a second factor that is being set up; 404 for none."""
    person = at_desk()
    found = house().db.read(lambda db: pending(house(), db, person))
    if found is None:
        return plain("factor_none", GONE)
    drawn = BytesIO()
    code = segno.make(found[0], error="m", micro=False)
    code.save(drawn, kind="svg", scale=5, border=4, light="#fff", svgclass=None)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@desk.post("/account/factor")
def confirm_factor() -> ResponseReturnValue:
    """Turn the second factor on, and show the recovery codes once. Form: code."""
    codes = own.confirm_factor(house(), her_session(), request.form.get("code", ""))
    if isinstance(codes, Turned):
        return _refused(codes)
    return _codes_page(codes)


@desk.post("/account/factor/off")
def factor_off() -> ResponseReturnValue:
    """Take the second factor away. Form: code."""
    typed = request.form.get("code", "")
    turned = own.turn_factor_off(house(), her_session(), typed, session.machine())
    if turned is not None:
        return _refused(turned)
    return go_to("desk.factor", said="factor_is_off")


@desk.post("/account/factor/codes")
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them once. Form: code."""
    typed = request.form.get("code", "")
    codes = own.renew_codes(house(), her_session(), typed, session.machine())
    return _refused(codes) if isinstance(codes, Turned) else _codes_page(codes)


@desk.post("/account/sessions/end")
def end_browser() -> ResponseReturnValue:
    """End another session of hers. Form: which, its number or "all"; proof.

    403 where what proves that it is she is wrong, 429 too often.
    """
    which = request.form.get("which", "")
    wanted = whole_number(which)
    if wanted is None and which != "all":
        return go_to("desk.account", said="did_nothing")
    typed = request.form.get("proof", "")
    turned = own.prove(house(), her_session(), typed, session.machine())
    if turned is not None:
        fault = turned_away(turned.wait, "prove_wrong")
        return _account_page(fault=fault), _code(turned)
    ended = own.end_browser(house(), her_session(), wanted)
    return go_to("desk.account", said="session_ended" if ended else "did_nothing")


def _refused(turned: Turned) -> ResponseReturnValue:
    return _factor_page(fault=turned_away(turned.wait, "code_wrong")), _code(turned)


def _code(turned: Turned) -> int:
    return TOO_MANY if turned.wait else FORBIDDEN


def _password_page(fault: str = "") -> str:
    here = her_session()
    return render_template(
        "desk/password.html",
        **frame(here.person),
        said="",
        fault=fault,
        asks_old=own.needs_old_password(here),
        shortest=SHORTEST,
    )


def _factor_page(said: str = "", fault: str = "") -> str:
    here = her_session()
    found = house().db.read(lambda db: pending(house(), db, here.person))
    key = found[1] if found and not here.has_factor else ""
    groups = [key[at : at + 4] for at in range(0, len(key), 4)]
    return render_template(
        "desk/factor.html",
        **frame(here.person),
        said=said,
        fault=fault,
        here=here,
        required=house().settings.desk_second_factor == REQUIRED,
        groups=groups,
    )


def _codes_page(codes: list[str]) -> str:
    return render_template("desk/codes.html", **frame(at_desk()), said="", codes=codes)
