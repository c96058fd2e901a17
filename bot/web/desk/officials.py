"""`/desk/officials`: who works here, and what each may do. For admins."""

from functools import partial

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.services.desk import people
from bot.services.desk.people import AT_ONCE, OfficialError, colleague, colleagues
from bot.services.officials import LINK_HOURS, ROLES
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    CONFLICT,
    GONE,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    told_in,
    typed,
    whole_number,
)
from bot.web.desk.words.book import moment, words

__all__ = ["desk"]
_ONE = f"/officials/<int(max={MOST_ROWS}):number>"
_STEPS = {
    "suspend": people.suspend,
    "restore": people.restore,
    "reset": people.reset,
    "unbind": people.unbind,
}
_CODES = {"gone": GONE, "self": CONFLICT, "last_admin": CONFLICT, "known": CONFLICT}
_MOST_PAGES = 10_000


@desk.get("/officials")
def officials() -> ResponseReturnValue:
    """Show who works here, a page at a time."""
    return _list_page(told_in(request))


@desk.post("/officials")
def invite() -> ResponseReturnValue:
    """Invite somebody and show the link once. Form: email, name, role."""
    form = request.form
    email, role, name = (
        form.get("email", ""),
        form.get("role", ""),
        form.get("name", ""),
    )
    try:
        number, link = people.invite(house(), at_desk(), email, role, typed(name))
    except OfficialError as error:
        return _list_page(fault=_told(error)), _CODES.get(str(error), BAD)
    return _link_page(number, link)


@desk.get(_ONE)
def official(number: int) -> ResponseReturnValue:
    """Show one official and what can be done."""
    return _one_page(number, told_in(request))


@desk.post(_ONE)
def change_official(number: int) -> ResponseReturnValue:
    """Change role or name. Form: role, name."""
    form = request.form
    role, name = form.get("role", ""), form.get("name", "")
    try:
        people.change(house(), at_desk(), number, role, typed(name))
    except OfficialError as error:
        return _refused(number, error)
    return go_to("desk.official", number=number, said="official_changed")


@desk.post(f"{_ONE}/link")
def link_official(number: int) -> ResponseReturnValue:
    """Make a new login link and show it once."""
    try:
        link = people.new_link(house(), at_desk(), number)
    except OfficialError as error:
        return _refused(number, error)
    return _link_page(number, link)


@desk.post(f"{_ONE}/<any(suspend, restore, reset, unbind):verb>")
def steer_official(number: int, verb: str) -> ResponseReturnValue:
    """Suspend or restore; take a lost second factor, or her city name, away."""
    try:
        _STEPS[verb](house(), at_desk(), number)
    except OfficialError as error:
        return _refused(number, error)
    return go_to("desk.official", number=number, said=f"official_{verb}")


def _refused(number: int, error: OfficialError) -> ResponseReturnValue:
    code = _CODES.get(str(error), BAD)
    if code == GONE:
        return _list_page(fault=_told(error)), code
    return _one_page(number, fault=_told(error)), code


def _told(error: OfficialError) -> str:
    return words(language_here())[f"official_error_{error}"]


def _list_page(said: str = "", fault: str = "") -> str:
    page = min(max(whole_number(request.args.get("page", "")) or 1, 1), _MOST_PAGES)
    found, count = house().db.read(lambda db: colleagues(db, page))
    return render_template(
        "desk/officials.html",
        **frame(at_desk()),
        said=said,
        fault=fault,
        found=found,
        page=page,
        pages=-(-count // AT_ONCE),
        roles=ROLES,
        form=request.form,
        moment=partial(moment, zone=ZONE, language=language_here()),
    )


def _one_page(number: int, said: str = "", fault: str = "") -> str:
    """Show one official; raises NotFound where somebody made a number up."""
    found = house().db.read(lambda db: colleague(db, number))
    if found is None:
        abort(GONE)
    return render_template(
        "desk/official.html",
        **frame(at_desk()),
        said=said,
        fault=fault,
        each=found,
        mine=found.id == at_desk().id,
        roles=ROLES,
        moment=partial(moment, zone=ZONE, language=language_here()),
    )


def _link_page(number: int, link: str) -> str:
    found = house().db.read(lambda db: colleague(db, number))
    return render_template(
        "desk/official_link.html",
        **frame(at_desk()),
        said="",
        each=found,
        link=link,
        hours=LINK_HOURS,
    )
