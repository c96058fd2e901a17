"""`/desk/delivery`: what is on its way to residents, and who was not reached."""

from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES, NAMES
from bot.services import accounts, campaigns
from bot.services.approvals import states
from bot.services.doubts import settle
from bot.services.house import Scene
from bot.services.ledger import open_ledger
from bot.services.reasons import explain
from bot.services.tasks import open_doubts
from bot.services.templates import NOT_MADE
from bot.web.context import house
from bot.web.desk.audience import audiences
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    told_in,
)
from bot.web.desk.words.book import day, moment, waited

__all__ = ["desk"]
_BROADCAST = f"/delivery/broadcasts/<int(max={MOST_ROWS}):number>"
_VERBS = {
    "pause": campaigns.pause,
    "resume": campaigns.resume,
    "cancel": campaigns.cancel,
}


@desk.get("/delivery")
def delivery() -> ResponseReturnValue:
    """Show broadcasts, doubts, who was not reached, and what may be sent at all."""
    return _page(told_in(request))


@desk.post("/delivery/accounts/<any(whatsapp, telegram, web):channel>/resume")
def go_on(channel: str) -> ResponseReturnValue:
    """End the pause of an account."""
    city, by = house(), at_desk().email
    now = city.clock()
    ended = city.db.run(
        lambda db: accounts.resume_by(Scene(city, db, now), channel, by)
    )
    return _done("did_go_on", fresh=ended)


@desk.post(f"{_BROADCAST}/<any(pause, resume, cancel):verb>")
def steer(number: int, verb: str) -> ResponseReturnValue:
    """Pause, resume or cancel a broadcast."""
    changed = _VERBS[verb](house(), number, at_desk().email)
    return _done(f"did_{verb}", fresh=changed)


@desk.post(f"/tasks/<int(max={MOST_ROWS}):task_id>/settle")
def settle_doubt(task_id: int) -> ResponseReturnValue:
    """Keep whether messages in doubt arrived, or have them sent again."""
    said = {"yes": "did_arrive", "no": "did_send_again"}
    answer = request.form.get("arrived", "")
    if answer not in said:
        return _page("doubts_how"), BAD
    fresh = settle(house(), task_id, at_desk().email, arrived=answer == "yes")
    return _done(said[answer], fresh=fresh)


def _done(said: str, *, fresh: bool) -> ResponseReturnValue:
    place = "desk.today" if request.form.get("from") == "today" else "desk.delivery"
    return go_to(place, said=said if fresh else "did_nothing")


def _page(said: str) -> str:
    now, language = house().clock(), language_here()
    with_db = house().db.read
    approvals = with_db(states)
    return render_template(
        "desk/delivery.html",
        **frame(at_desk()),
        said=said,
        now=now,
        paused=with_db(lambda db: accounts.pauses(db, now)),
        long_after=now + accounts.UNTIL_RESUMED / 2,
        broadcasts=with_db(campaigns.all_progress),
        doubts=with_db(open_doubts),
        ledger=with_db(open_ledger),
        approvals={(each.kind, each.language): each for each in approvals},
        any_made=any(each.approval != NOT_MADE for each in approvals),
        kinds=list(dict.fromkeys(each.kind for each in approvals)),
        languages=[(each, NAMES[each]) for each in LANGUAGES],
        explain=partial(explain, language=language),
        audience=audiences(language),
        waited=partial(waited, now=now, language=language),
        day=partial(day, zone=ZONE, language=language),
        moment=partial(moment, zone=ZONE, language=language),
    )
