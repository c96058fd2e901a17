"""`/desk/after`: after the result. Who was reached, who wants what, whom to call.

No script is needed: each row has its own small form.
"""

from collections.abc import Callable
from functools import partial

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES, pick_text
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.services.desk import afterwards
from bot.services.desk.afterwards import CALLS, STEPS
from bot.services.house import Scene
from bot.services.meetings import MeetingError
from bot.services.plans import UnknownPlan
from bot.services.renewing import RenewError
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    GONE,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    told_in,
    whole_number,
)
from bot.web.desk.words.book import day

__all__ = ["desk"]
_ROW = f"/after/<slug>/<int(max={MOST_ROWS}):number>"


@desk.get("/after")
def after() -> ResponseReturnValue:
    """Show the rounds about whose plans something was decided."""
    decided = house().db.read(afterwards.rounds_decided)
    view = house().db.read(house().catalog.view)
    rounds = [
        (
            each,
            pick_text(each.title, language_here()),
            decided[view.round_id(each.slug)],
        )
        for each in view.rounds
        if view.round_id(each.slug) in decided
    ]
    return render_template(
        "desk/after_rounds.html", **frame(at_desk()), said="", rounds=rounds
    )


@desk.get("/after/<slug>")
def after_round(slug: str) -> ResponseReturnValue:
    """Show one round: the counts by story, then lists by next step."""
    return _page(slug, told_in(request))


@desk.post(f"{_ROW}/called")
def after_called(slug: str, number: int) -> ResponseReturnValue:
    """Note a call. Form: outcome."""
    outcome, by = request.form.get("outcome", ""), at_desk().email
    if outcome not in CALLS:
        return _page(slug, "after_outcome"), BAD

    def act(scene: Scene) -> None:
        afterwards.called(scene, number, outcome, by)

    return _done(slug, act, f"after_called_{outcome}")


@desk.post(f"{_ROW}/join")
def bring_together(slug: str, number: int) -> ResponseReturnValue:
    """Ask two authors whether they want to meet. Form: other (a plan number)."""
    other, by = whole_number(request.form.get("other", "").strip()), at_desk().email
    if other is None:
        return _page(slug, "join_unknown"), BAD

    def act(scene: Scene) -> None:
        afterwards.bring_together(scene, number, other, by)

    return _done(slug, act, "join_proposed")


@desk.post(f"{_ROW}/renew")
def renew(slug: str, number: int) -> ResponseReturnValue:
    """Ask whether a kept plan goes into another round. Form: round."""
    wanted, by = request.form.get("round", ""), at_desk().email

    def act(scene: Scene) -> None:
        afterwards.renew(scene, number, wanted, by)

    return _done(slug, act, "renew_asked")


def _done(slug: str, act: Callable[[Scene], None], said: str) -> ResponseReturnValue:
    city = house()
    now = city.clock()
    try:
        city.db.run(lambda db: act(Scene(city, db, now)))
    except UnknownPlan:
        abort(GONE)
    except MeetingError as error:
        return _page(slug, f"join_{error}"), BAD
    except RenewError as error:
        return _page(slug, f"renew_{error}"), BAD
    return go_to("desk.after_round", slug=slug, said=said)


def _page(slug: str, said: str) -> str:
    now, language = house().clock(), language_here()
    view = house().db.read(house().catalog.view)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        abort(GONE)
    round_id = view.round_id(slug)
    return render_template(
        "desk/after.html",
        **frame(at_desk()),
        said=said,
        now=now,
        round=a_round,
        title=pick_text(a_round.title, language),
        found=house().db.read(lambda db: afterwards.afterwards(db, round_id)),
        steps=STEPS,
        calls=CALLS,
        names=NAMES,
        open_rounds=[
            (each.slug, pick_text(each.title, language))
            for each in view.rounds
            if _takes_plans(each, slug)
        ],
        day=partial(day, zone=ZONE, language=language),
    )


def _takes_plans(a_round: Round, other: str) -> bool:
    return a_round.slug != other and a_round.takes(Act.PLAN, house().clock())
