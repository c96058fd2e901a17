"""`/desk/money`: what is paid for chosen plans, looked at by a second person."""

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import Any

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.spending import PaidBy, PaidTo
from bot.i18n.values import amount_words
from bot.services.desk import spending
from bot.services.desk.bills import bill_photo
from bot.services.desk.money_page import money_of_plan, parse_amount, parse_day
from bot.services.desk.spending import Payment, SpendingError
from bot.services.house import Scene
from bot.services.spending import PLANS_AT_ONCE, accounts_in, line
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
    plain,
    told_in,
    whole_number,
)
from bot.web.desk.words.book import day, local_day, waited

__all__ = ["desk"]
_PLAN = "/money/<int(max=2147483647):plan>"
_LINE = f"/money/lines/<int(max={MOST_ROWS}):number>"
_CONFLICTS = frozenset({"taken", "money_own_line", "money_taken_back", "did_nothing"})


@desk.get("/money")
def money() -> ResponseReturnValue:
    """Show what waits for a second person, the alarms, and every chosen plan."""
    return _overview(told_in(request))


@desk.get(_PLAN)
def money_of(plan: int) -> ResponseReturnValue:
    """Show the money of one chosen plan, with a form for the next payment."""
    return _page(plan, told_in(request))


@desk.post(_PLAN)
def pay(plan: int) -> ResponseReturnValue:
    """Enter a payment, which waits for a colleague.

    Form: amount, kind, what-nl (-en, -tr, -ar), paid_to, day, activity, new_activity.
    """
    by = at_desk().email

    def enter(scene: Scene) -> int:
        return spending.enter(scene, plan, _payment(), by)

    return _done(plan, enter, "money_entered")


@desk.post(f"{_LINE}/approve")
def approve_line(number: int) -> ResponseReturnValue:
    """Approve what somebody else entered; of a receipt the form says the rest."""
    by, filled = at_desk().email, "what-nl" in request.form

    def approve(scene: Scene) -> None:
        spending.approve(scene, number, by, _payment(of=number) if filled else None)

    return _done(_plan_of(number), approve, "money_approved", number)


@desk.post(f"{_LINE}/back")
def send_line_back(number: int) -> ResponseReturnValue:
    """Send a line back, with why (reason-nl, -en, -tr, -ar)."""
    by, reason = at_desk().email, _texts("reason")

    def send_back(scene: Scene) -> None:
        spending.send_back(scene, number, by, reason)

    return _done(_plan_of(number), send_back, "money_sent_back", number)


@desk.post(f"{_LINE}/undo")
def take_line_back(number: int) -> ResponseReturnValue:
    """Add a line that takes an approved one back; it waits for a colleague."""
    by = at_desk().email

    def take_back(scene: Scene) -> int:
        return spending.take_back(scene, number, by)

    return _done(_plan_of(number), take_back, "money_entered", number)


@desk.post(f"{_LINE}/activity")
def file_line(number: int) -> ResponseReturnValue:
    """Say which part of the plan a payment belongs to: activity, or new_activity."""
    by = at_desk().email

    def file(scene: Scene) -> None:
        activity, new = _activity()
        spending.file_under(scene, number, by, activity, new)

    return _done(_plan_of(number), file, "money_filed", number)


@desk.get(f"{_LINE}/photo.jpg")
def line_photo(number: int) -> ResponseReturnValue:
    """Show the photo of a receipt to whoever may approve it."""
    found = bill_photo(house(), number)
    if found is None:
        return plain("money_no_photo", GONE)
    return send_file(BytesIO(found), mimetype="image/jpeg")


def _done(
    plan: int | None,
    act: Callable[[Scene], Any],
    said: str,
    number: int | None = None,
) -> ResponseReturnValue:
    """Do it in one transaction, or show the page again with what was written."""
    now = house().clock()

    if plan is None:
        return plain("money_gone", GONE)
    try:
        house().db.run(lambda db: act(Scene(house(), db, now)))
    except SpendingError as error:
        code = CONFLICT if error.word in _CONFLICTS else BAD
        return _page(plan, error.word, number, code)
    return go_to("desk.money_of", said=said, plan=plan)


def _payment(of: int | None = None) -> Payment:
    """Return the payment a form tells. Raises SpendingError for what it lacks.

    `of` is the line whose amount holds already.
    """
    form = request.form
    paid = parse_day(form.get("day", ""))
    if paid is None:
        raise SpendingError("money_later")
    if form.get("kind") not in set(PaidBy) or form.get("paid_to") not in set(PaidTo):
        raise SpendingError("money_needs_choice")
    activity, new = _activity()
    amount = Money(1) if of else parse_amount(form.get("amount", ""))
    return Payment(
        amount=amount,
        kind=PaidBy(form["kind"]),
        what=_texts("what"),
        paid_to=PaidTo(form["paid_to"]),
        day=paid,
        activity=activity,
        new_activity=new,
    )


def _activity() -> tuple[int | None, str]:
    known = whole_number(request.form.get("activity", ""))
    return known, request.form.get("new_activity", "")


def _texts(name: str) -> Mapping[str, str]:
    return {code: request.form.get(f"{name}-{code}", "") for code in LANGUAGES}


def _plan_of(number: int) -> int | None:
    found = house().db.read(lambda db: line(db, number))
    return None if found is None else found.plan


def _overview(said: str) -> str:
    now, after = house().clock(), whole_number(request.args.get("after")) or 0
    plans = house().db.read(lambda db: accounts_in(db, None, after=after))
    return render_template(
        "desk/money.html",
        **_values(said),
        waiting=house().db.read(lambda db: spending.waiting(db, now)),
        plans=plans,
        after=plans[-1].plan if len(plans) == PLANS_AT_ONCE else 0,
    )


def _page(
    plan: int, said: str = "", posted: int | None = None, code: int = 200
) -> ResponseReturnValue:
    """Render a plan's money; what was posted goes back into the form it came from."""
    found = house().db.read(lambda db: money_of_plan(db, plan))
    if found is None:
        return plain("money_no_plan", GONE)
    page = render_template(
        "desk/money_plan.html",
        **_values(said),
        money=found,
        posted=request.form,
        posted_line=posted,
    )
    return Response(page, code)


def _values(said: str) -> dict[str, Any]:
    now, language = house().clock(), language_here()
    return {
        **frame(at_desk()),
        "said": said,
        "kinds": list(PaidBy),
        "roles": list(PaidTo),
        "today": local_day(now, ZONE).isoformat(),
        "euros": partial(amount_words, language=language),
        "waited": partial(waited, now=now, language=language),
        "day": partial(day, zone=ZONE, language=language),
    }
