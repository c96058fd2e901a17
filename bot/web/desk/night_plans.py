"""`/desk/results/<round>/plans`: what each author is to hear, a form for each plan."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.plans import Status
from bot.domain.wording import doubts_about
from bot.services.desk.night_plans import (
    PAGE,
    Told,
    cards,
    completeness,
    line_of,
)
from bot.services.desk.night_writing import fill_lacking, save_plan
from bot.services.desk.nights import Night
from bot.services.desk.refusals import TurnedDownError
from bot.services.stories import OUTCOMES, Contact
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.forms import day_in, euros_in, line_in, number_in, texts_in
from bot.web.desk.frame import (
    BAD,
    CONFLICT,
    MOST_ROWS,
    at_desk,
    frame,
    go_to,
    told_in,
    whole_number,
)
from bot.web.desk.results import attempt, night_here, scene, shared

__all__ = ["desk"]
_SHOWS = frozenset({"lacks", *(each.value for each in OUTCOMES)})


@desk.get("/results/<slug>/plans")
def night_plans(slug: str) -> ResponseReturnValue:
    """List plans with their stories; `show` is lacks or an outcome."""
    return _page(night_here(slug))


@desk.post(f"/results/<slug>/plans/<int(max={MOST_ROWS}):number>")
def night_decide(slug: str, number: int) -> ResponseReturnValue:
    """Keep what one author is to hear.

    Form: outcome, reason.*, name, phone, euros, call_before, version.
    """
    here = night_here(slug)
    try:
        told = _told()
        version = number_in("version")
        save_plan(house(), here.id, number, told, version, at_desk().email)
    except TurnedDownError as refusal:
        is_late = refusal.word in {"changed_meanwhile", "night_told"}
        return _page(here, refusal, number), CONFLICT if is_late else BAD
    said = "saved_look" if doubts_about(told.reason) else "saved"
    show = request.args.get("show")
    back = {"show": show, "after": request.args.get("after")}
    return go_to("desk.night_plans", slug=slug, said=said, **back)


@desk.post("/results/<slug>/fill/<outcome>")
def night_fill_lacking(slug: str, outcome: str) -> ResponseReturnValue:
    """Give all plans of an outcome what they lack. Form: as for one plan."""

    def job(here: Night) -> str:
        if outcome not in _SHOWS - {"lacks"}:
            raise TurnedDownError("night_outcome")
        given = Told(
            Status(outcome),
            texts_in("reason"),
            _contact(),
            call_before=day_in("call_before"),
        )
        fill_lacking(house(), here.id, Status(outcome), given, at_desk().email)
        return "night_filled"

    return attempt(slug, job)


def _told() -> Told:
    """Return the decision in the form. Raises TurnedDownError for what is none."""
    outcome = line_in("outcome")
    if outcome not in _SHOWS - {"lacks"}:
        raise TurnedDownError("night_outcome")
    return Told(
        outcome=Status(outcome),
        reason=texts_in("reason"),
        contact=_contact(),
        amount=euros_in("euros"),
        call_before=day_in("call_before"),
    )


def _contact() -> Contact | None:
    name, phone = line_in("name"), line_in("phone")
    return Contact(name, phone) if name else None


def _page(here: Night, refusal: TurnedDownError | None = None, number: int = 0) -> str:
    read = scene()
    show = request.args.get("show", "")
    show = show if show in _SHOWS and not number else ""
    asked = whole_number(request.args.get("after")) or 0
    after = number - 1 if number else asked
    listed = read(lambda at: cards(at, here, show, max(after, 0)))
    assert isinstance(listed, list)  # noqa: S101 - narrows the type
    return render_template(
        "desk/night_plans.html",
        **frame(at_desk()),
        **shared(here.a_round.zone),
        said=told_in(request),
        refusal=refusal,
        here=here,
        a_round=here.a_round,
        cards=listed,
        more=listed[-1].number if len(listed) == PAGE else None,
        whole=read(lambda at: completeness(at, here)),
        line=read(lambda at: line_of(at, here)),
        show=show,
        posted=(number, request.form),
    )
