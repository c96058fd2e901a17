"""`/desk/after/<round>/freed`: money that became free, and who is next by the rule."""

from collections.abc import Callable
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.i18n.values import amount_words
from bot.services.desk import freeing
from bot.services.desk.freeing import Award
from bot.services.desk.refusals import TurnedDownError
from bot.services.freed import Next
from bot.services.house import Scene
from bot.services.stories import Contact
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.changes import is_conflict, reason_form, reason_in
from bot.web.desk.forms import day_in, line_in
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
    plain,
    told_in,
    whole_number,
)
from bot.web.desk.words.book import day
from tally import Look, Pot

__all__ = ["desk"]
_ROUND = "/after/<slug>/freed"
_ONE = f"{_ROUND}/<int(max={MOST_ROWS}):award>/<any(confirm, drop):verb>"


@desk.get(_ROUND)
def freed(slug: str) -> ResponseReturnValue:
    """Show what is free in a round, who is next by the rule, and the way there."""
    return _page(slug)


@desk.post(_ROUND)
def award_freed(slug: str) -> ResponseReturnValue:
    """Propose it to a colleague.

    Form: plans, name, phone, call_before, phrase or reason.*, translator.
    """

    def job() -> str:
        freeing.propose(house(), slug, _award(), at_desk().email)
        return "freed_proposed"

    return _attempt(slug, job)


@desk.post(_ONE)
def settle_freed(slug: str, award: int, verb: str) -> ResponseReturnValue:
    """Agree: the next plans are chosen and their authors told; or let it be."""

    def job() -> str:
        if verb == "drop":
            now = house().clock()
            by = at_desk().email
            house().db.run(
                lambda db: freeing.drop(Scene(house(), db, now), slug, award, by)
            )
            return "freed_dropped"
        freeing.confirm(house(), slug, award, at_desk().email)
        return "freed_awarded"

    return _attempt(slug, job)


def _award() -> Award:
    """Return what a form proposes. Raises TurnedDownError for what it lacks."""
    reason, translator = reason_in(freeing.REASONS)
    before = day_in("call_before")
    if before is None:
        raise TurnedDownError("freed_no_day")
    numbers = map(whole_number, request.form.get("plans", "").split(","))
    return Award(
        plans=tuple(each or 0 for each in numbers),  # what is no number is no plan
        reason=reason,
        translator=translator,
        contact=Contact(line_in("name"), line_in("phone")),
        call_before=before,
    )


def _attempt(slug: str, job: Callable[[], str]) -> ResponseReturnValue:
    try:
        said = job()
    except TurnedDownError as refusal:
        return _page(slug, refusal, CONFLICT if is_conflict(refusal) else BAD)
    return go_to("desk.freed", slug=slug, said=said)


def _page(
    slug: str, refusal: TurnedDownError | None = None, code: int = 200
) -> ResponseReturnValue:
    city, language = house(), language_here()
    view = city.db.read(city.catalog.view)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        return plain("freed_no_round", GONE)
    found, why_not = _next(slug)
    round_id = view.round_id(slug)
    page = render_template(
        "desk/freed.html",
        **frame(at_desk()),
        **reason_form(freeing.REASONS),
        said=told_in(request),
        refusal=refusal,
        slug=slug,
        title=pick_text(a_round.title, language),
        found=found,
        why_not=why_not,
        waits=city.db.read(lambda db: freeing.waiting_in(db, round_id)),
        pots=_pots(found) if found else [],
        posted=request.form,
        euros=partial(amount_words, language=language),
        cents=Money,
        day=partial(day, zone=ZONE, language=language),
        pick=partial(pick_text, language=language),
    )
    return page, code


def _next(slug: str) -> tuple[Next | None, str]:
    """Return who is next, or our word for why that cannot be said."""
    try:
        return freeing.next_in(house(), slug), ""
    except TurnedDownError as refusal:
        return None, refusal.word


def _pots(found: Next) -> list[tuple[Pot, list[Look]]]:
    """Return the way to the next plans: each pot with the plans looked at."""
    pots: list[tuple[Pot, list[Look]]] = []
    for step in found.onward.steps:
        if isinstance(step, Pot):
            pots.append((step, []))
        else:
            pots[-1][1].append(step)
    return pots
