"""`/desk/audit`: who did what, when. For admins; nobody can change a line."""

from collections.abc import Mapping
from functools import partial

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES
from bot.services.desk.sheets import CSV, MIMES, as_file
from bot.services.desk.trail import HEAD, Wanted, take_away, trail
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.forms import day_of
from bot.web.desk.frame import (
    ZONE,
    at_desk,
    frame,
    language_here,
    told_in,
    typed,
    whole_number,
)
from bot.web.desk.words.book import WORDS, moment, words

__all__ = ["desk"]
_LONGEST = 120
_FIELDS = ("by", "act", "subject", "day")
_ACT, _ABOUT = "act_", "subject_"
_VALUES = (
    *("verdict", "stage", "how", "role", "export", "cadence", "event"),
    "change_kind",
)
"""The kinds of machine words that a line can hold, by how their own words begin."""


@desk.get("/audit")
def audit() -> ResponseReturnValue:
    """Show the trail. Query: by, act, subject, day, and before, a line's number."""
    asked, language = _asked(request.args), language_here()
    before = whole_number(request.args.get("before", ""))
    page = house().db.read(lambda db: trail(db, _wanted(asked), before))
    here = words(language)
    return render_template(
        "desk/audit.html",
        **frame(at_desk()),
        said=told_in(request),
        page=page,
        asked=asked,
        acts=sorted(
            (told, key.removeprefix(_ACT))
            for key, told in here.items()
            if key.startswith(_ACT)
        ),
        moment=partial(moment, zone=ZONE, language=language),
        named=partial(_named, w=here),
        told=partial(_told, w=here),
    )


@desk.post("/audit/export")
def export_audit() -> ResponseReturnValue:
    """Give the trail away as a file, and note that. Form: form, and as for the page."""
    form = request.form.get("form", CSV)
    form = form if form in MIMES else CSV
    rows = take_away(house(), _wanted(_asked(request.form)), at_desk())
    head = [words(language_here())[f"audit_{each}"] for each in HEAD]
    title = words(language_here())["audit"]
    day = f"{house().clock():%Y-%m-%d}"
    file = Response(as_file(form, head, rows, ZONE, title), mimetype=MIMES[form])
    file.headers["Content-Disposition"] = f'attachment; filename="audit-{day}.{form}"'
    return file


def _named(subject: str, w: Mapping[str, str]) -> str:
    """Return what a line is about as one says it: "Plan 130"."""
    kind, _, which = subject.partition(":")
    return f"{w.get(_ABOUT + kind, kind)} {which}".strip()


def _subject(asked: str) -> str:
    """Return what was typed as the trail keeps it: "Plan 130" is "plan:130"."""
    name, _, which = asked.partition(" ")
    kinds = {
        told.casefold(): key.removeprefix(_ABOUT)
        for key, pair in WORDS.items()
        if key.startswith(_ABOUT)
        for told in pair
    }
    kind = kinds.get(name.casefold())
    return asked if kind is None else f"{kind}:{which}" if which else kind


def _told(value: object, w: Mapping[str, str]) -> object:
    """Return a value of a line in words, where it is a machine's."""
    if isinstance(value, bool):
        return w["audit_yes" if value else "audit_no"]
    if isinstance(value, list):
        return " · ".join(str(_told(each, w)) for each in value)
    if spoken := [name for code, name in NAMES.items() if code == value]:
        return spoken[0]
    ours = (f"{kind}_{value}" for kind in _VALUES)
    return next((w[key] for key in ours if key in w), value)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    return {name: typed(given.get(name, ""))[:_LONGEST] for name in _FIELDS}


def _wanted(asked: Mapping[str, str]) -> Wanted:
    return Wanted(
        ZONE,
        asked["by"],
        asked["act"],
        _subject(asked["subject"]),
        day_of(asked["day"]),
    )
