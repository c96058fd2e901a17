"""`/desk/plans/<plan>/change`: a chosen plan shrinks, moves, changes hands or stops.

A change of money waits for a colleague; each can be undone for ten minutes.
"""

from collections.abc import Callable, Mapping
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.changes import CAN_CHANGE, MONEY, Kind, State
from bot.domain.languages import LANGUAGES, NAMES, Texts
from bot.i18n.values import amount_words
from bot.services.desk import changing
from bot.services.desk.changing import Wish
from bot.services.desk.money_page import parse_amount
from bot.services.desk.refusals import TurnedDownError
from bot.services.desk.wording import phrase_texts
from bot.services.house import Scene
from bot.services.plan_changes import changes_of
from bot.services.plans import UnknownPlan, plan_key
from bot.services.spending import account_of
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.forms import line_in, texts_in
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
)
from bot.web.desk.words.book import day, hour

__all__ = ["desk"]
_PLAN = f"/plans/<int(max={MOST_ROWS}):number>/change"
_ONE = f"{_PLAN}/<int(max={MOST_ROWS}):change>/<any(confirm, drop, undo):verb>"
_CONFLICTS = frozenset(
    {"change_own", "change_waits", "change_moved", "change_told", "taken"}
    | {"did_nothing", "freed_moved", "freed_waits", "freed_wait"}
)
_SAID = {
    "confirm": "change_done",
    "drop": "change_dropped",
    "undo": "change_undone",
}


@desk.get(_PLAN)
def plan_change(number: int) -> ResponseReturnValue:
    """Show what can change about a chosen plan, and what did."""
    return _page(number)


@desk.post(_PLAN)
def change_plan(number: int) -> ResponseReturnValue:
    """Change a plan. Form: kind, amount, words, phrase or reason.*, translator."""
    by = at_desk().email

    def job(scene: Scene) -> str:
        state = changing.propose(scene, number, _wish(), by)
        return "change_proposed" if state is State.PROPOSED else "change_done"

    return _attempt(number, job)


@desk.post(_ONE)
def settle_change(number: int, change: int, verb: str) -> ResponseReturnValue:
    """Agree to a proposed change, let it be, or take back one nobody heard of."""
    by = at_desk().email
    act = {
        "confirm": changing.confirm,
        "drop": changing.drop,
        "undo": changing.undo,
    }[verb]

    def job(scene: Scene) -> str:
        act(scene, number, change, by)
        return _SAID[verb]

    return _attempt(number, job)


def _wish() -> Wish:
    """Return the change that a form asks for. Raises TurnedDownError for no kind."""
    kind = request.form.get("kind", "")
    if kind not in set(Kind):
        raise TurnedDownError("change_no_kind")
    reason, translator = reason_in(changing.REASONS)
    amount = parse_amount(request.form.get("amount", ""))
    words = line_in("carrier" if kind == Kind.CHANGES_HANDS else "place")
    return Wish(Kind(kind), reason, translator, amount, words)


def reason_in(phrases: Mapping[str, str]) -> tuple[Texts, str]:
    """Return why, in all languages, and who answers for the translations.

    Raises TurnedDownError where own words have no named translator.
    """
    phrase = request.form.get("phrase", "")
    if phrase in phrases:
        return phrase_texts(phrases[phrase]), ""
    reason, translator = texts_in("reason"), line_in("translator")[:120]
    if reason and not translator:
        raise TurnedDownError("change_no_translator")
    return reason, translator


def _attempt(number: int, job: Callable[[Scene], str]) -> ResponseReturnValue:
    city = house()
    now = city.clock()
    try:
        said = city.db.run(lambda db: job(Scene(city, db, now)))
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    except TurnedDownError as refusal:
        return _page(number, refusal, CONFLICT if is_conflict(refusal) else BAD)
    return go_to("desk.plan_change", number=number, said=said)


def is_conflict(refusal: TurnedDownError) -> bool:
    """Tell whether something else happened meanwhile, or somebody else has to do it."""
    return refusal.word in _CONFLICTS


def _page(
    number: int, refusal: TurnedDownError | None = None, code: int = 200
) -> ResponseReturnValue:
    city, language = house(), language_here()
    now = city.clock()
    try:
        plan = city.db.read(lambda db: plan_key(db, number))
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    account = city.db.read(lambda db: account_of(db, number))
    if account is None:
        return plain("money_no_plan", GONE)
    view = city.db.read(city.catalog.view)
    page = render_template(
        "desk/plan_change.html",
        **frame(at_desk()),
        **reason_form(changing.REASONS),
        said=told_in(request),
        refusal=refusal,
        number=number,
        account=account,
        slug=view.slug(plan.round_id),
        can_change=plan.status in CAN_CHANGE,
        changes=city.db.read(lambda db: changes_of(db, number)),
        kinds=list(Kind),
        money_kinds=MONEY,
        now=now,
        posted=request.form,
        euros=partial(amount_words, language=language),
        day=partial(day, zone=ZONE, language=language),
        hour=partial(hour, zone=ZONE),
    )
    return page, code


def reason_form(phrases: Mapping[str, str]) -> Mapping[str, object]:
    """Return what the fields of a reason show with."""
    language = language_here()
    return {
        "languages": [(each, NAMES[each]) for each in LANGUAGES],
        "phrases": {key: phrase_texts(say)[language] for key, say in phrases.items()},
        "reason": texts_in("reason"),
    }
