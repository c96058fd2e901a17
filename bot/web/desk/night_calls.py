"""`/desk/results/<round>/calls`: whom no message reached, to be told by telephone."""

from functools import partial

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES, pick_text
from bot.services.desk.night_progress import (
    Author,
    NightProgress,
    night_progress,
    tick_called,
)
from bot.services.desk.nights import Night
from bot.services.desk.sheets import Row
from bot.services.reasons import explain
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    MOST_ROWS,
    at_desk,
    frame,
    go_to,
    language_here,
    told_in,
)
from bot.web.desk.results import attempt, night_here, scene, shared
from bot.web.desk.taking import table_file
from bot.web.desk.words.book import words

__all__ = ["desk"]
_HEAD = ("plan", "title", "what", "why", "phone", "speaks", "via")


@desk.get("/results/<slug>/calls")
def night_calls(slug: str) -> ResponseReturnValue:
    """List whom to call, and whom we called."""
    here = night_here(slug)
    return render_template(
        "desk/night_calls.html",
        **frame(at_desk()),
        **shared(here.a_round.zone),
        said=told_in(request),
        here=here,
        a_round=here.a_round,
        progress=_progress(here),
        names=NAMES,
        explain=partial(explain, language=language_here()),
    )


@desk.get("/results/<slug>/calls.<any(csv, xlsx):form>")
def night_call_list(slug: str, form: str) -> ResponseReturnValue:
    """Give the list for a spreadsheet; nothing in it is taken for a formula."""
    rows = call_rows(_progress(night_here(slug)).calls, language_here())
    w = words(language_here())
    return table_file(f"{slug}-calls", form, [w[name] for name in _HEAD], rows)


def call_rows(calls: tuple[Author, ...], language: str) -> list[Row]:
    """Return whom to call as a table, without its head."""
    w = words(language)
    return [
        [
            each.plan,
            pick_text(each.title, language) if each.title else "",
            w[f"outcome_{each.outcome.value}"],
            explain(each.why, language),
            each.phone,
            NAMES.get(each.language or "", ""),  # type: ignore[call-overload]
            each.channel,
        ]
        for each in calls
    ]


@desk.post(f"/results/<slug>/calls/<int(max={MOST_ROWS}):number>")
def night_called(slug: str, number: int) -> ResponseReturnValue:
    """Note that somebody called and told her. Form: undo=yes takes that back."""
    called = request.form.get("undo") != "yes"

    def job(here: Night) -> str:
        tick_called(house(), here.id, number, at_desk().email, called=called)
        return "called_noted"

    answer = attempt(slug, job)
    if isinstance(answer, Response):
        said = "called_noted" if called else "called_undone"
        return go_to("desk.night_calls", slug=slug, said=said)
    return answer


def _progress(here: Night) -> NightProgress:
    found = scene()(lambda at: night_progress(at, here))
    assert isinstance(found, NightProgress)  # noqa: S101 - narrows the type
    return found
