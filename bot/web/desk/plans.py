"""`/desk/plans`: the board and the list of plans, and the page of each."""

from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES, NAMES, pick_text
from bot.domain.plans import Status
from bot.domain.reviews import GROUNDS, REVIEWABLE, State, Verdict
from bot.domain.rounds import Round
from bot.i18n.values import amount_words
from bot.services.desk.plan_list import (
    NO_THEME,
    Wanted,
    board,
    count_waiting,
    find_plans,
    rounds_by_id,
)
from bot.services.desk.plan_media import open_media
from bot.services.desk.plan_page import PlanPage, plan_page
from bot.services.desk.reviewing import prepared
from bot.services.desk.talks import FEW, TalkSeen, load_talk
from bot.services.house import Scene
from bot.services.officials import Person
from bot.services.plans import UnknownPlan
from bot.services.readiness import LONGEST_TITLE
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    GONE,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    language_here,
    plain,
    told_in,
    whole_number,
)
from bot.web.desk.words.book import day, hour, moment

__all__ = ["desk"]
MOST_PAGES = 10_000
_MEDIA = f"/plans/<int(max={MOST_ROWS}):number>/media/<int(max={MOST_ROWS}):media_id>"


@desk.get("/plans")
def plans() -> ResponseReturnValue:
    """Show how many plans are in each stage, and those that are wanted."""
    city, wanted = house(), _wanted(request.args)
    now = city.clock()

    def read(db: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a connection
        scene = Scene(city, db, now)
        return {
            "columns": board(scene, wanted.round) if wanted.is_all else (),
            "found": find_plans(scene, wanted),
            "waiting": count_waiting(db),
            "rounds": tuple(rounds_by_id(scene).values()),
        }

    shown = city.db.read(read)
    return render_template(
        "desk/plans.html",
        **frame(at_desk()),
        **shown,
        themes=_themes(shown["rounds"]),
        **helpers(),
        wanted=wanted,
        asked=_asked(wanted),
        stages=list(Status),
        no_theme=NO_THEME,
        languages=NAMES,
        said=told_in(request),
    )


@desk.get(f"/plans/<int(max={MOST_ROWS}):number>")
def plan(number: int) -> ResponseReturnValue:
    """Show one plan; 404 where there is none with this number."""
    return page_of(at_desk(), number)


@desk.get(_MEDIA)
def plan_media(number: int, media_id: int) -> ResponseReturnValue:
    """Play a note of a plan, or show a photo; who does so is written down."""
    found = open_media(house(), number, media_id, at_desk())
    if found is None:
        return plain("no_sound", GONE)
    data, mime = found
    return send_file(BytesIO(data), mimetype=mime, conditional=True)


def page_of(
    person: Person, number: int, code: int = 200, **shown: object
) -> ResponseReturnValue:
    """Return the page of a plan with what a refused form said, or 404."""
    city = house()
    now = city.clock()
    try:
        page, seen = city.db.read(lambda db: _read(Scene(city, db, now), number))
    except UnknownPlan:
        return plain("no_plan_here", GONE)
    kept: dict[str, object] = {"faults": (), "posted": {}, "said": told_in(request)}
    made = render_template(
        "desk/plan.html",
        **frame(person),
        **helpers(),
        **(kept | shown),
        **values_of(page),
        seen=seen,
        moment=partial(moment, zone=ZONE, language=language_here()),
    )
    return made, code


def _read(scene: Scene, number: int) -> tuple[PlanPage, TalkSeen | None]:
    """Return a plan with the end of the talk in which it was told."""
    page = plan_page(scene, number)
    talk = page.head.talk
    return page, load_talk(scene, talk, FEW) if talk else None


def values_of(page: PlanPage) -> Mapping[str, object]:
    """Return what the template of a plan's page asks for."""
    language = language_here()
    grounds = {
        verdict: {key: prepared(verdict, key)[language] for key in GROUNDS[verdict]}
        for verdict in (Verdict.INFEASIBLE, Verdict.NEEDS_CHANGE)
    }
    return {
        "page": page,
        "drafts": house().translator is not None,
        "can_review": page.head.status in REVIEWABLE and not page.head.frozen,
        "proposed": State.PROPOSED,
        "verdicts": list(Verdict),
        "grounds": grounds,
        "languages": NAMES,
        "lacking": [each for each in LANGUAGES if not page.public.title.get(each)],
        "longest_title": LONGEST_TITLE,
    }


def helpers() -> Mapping[str, object]:
    """Return how a page says days, money and texts in the reader's language."""
    language = language_here()
    return {
        "now": house().clock(),
        "day": partial(day, zone=ZONE, language=language),
        "hour": partial(hour, zone=ZONE),
        "euros": partial(amount_words, language=language),
        "pick": partial(pick_text, language=language),
        "named_in": _named_in,
    }


def _themes(rounds: Sequence[Round]) -> Mapping[str, str]:
    """Return the names of all themes by their keys, those of one key once."""
    language = language_here()
    return {
        each.key: pick_text(each.title, language)
        for a_round in rounds
        for each in a_round.themes
    }


def _named_in(texts: Mapping[str, str]) -> str:
    """Return the language in which a text is shown here, for `lang=`."""
    language = language_here()
    filled = [code for code, text in texts.items() if text]
    wanted = (language, "nl", *filled)
    return next((code for code in wanted if code in filled), language)


def _wanted(args: Mapping[str, str]) -> Wanted:
    """Read what an address asks for; what makes no sense asks for nothing."""
    stage, page = args.get("stage", ""), whole_number(args.get("page", "")) or 1
    spoken = {"yes": True, "no": False}.get(args.get("spoken", ""))
    language = args.get("language", "")
    return Wanted(
        round=args.get("round", "")[:80],
        stage=Status(stage) if stage in set(Status) else None,
        language=language if language in LANGUAGES else "",
        theme=args.get("theme", "")[:40],
        place=args.get("place", "").replace("\0", "")[:80],
        spoken=spoken,
        waiting=args.get("waiting") == "yes",
        asked=args.get("q", "").replace("\0", "")[:200],
        page=min(page, MOST_PAGES),
    )


def _asked(wanted: Wanted) -> Mapping[str, str]:
    """Return the address of what is wanted, but for its page."""
    spoken = {True: "yes", False: "no", None: ""}[wanted.spoken]
    named = {
        "round": wanted.round,
        "stage": wanted.stage.value if wanted.stage else "",
        "language": wanted.language,
        "theme": wanted.theme,
        "place": wanted.place,
        "spoken": spoken,
        "waiting": "yes" if wanted.waiting else "",
        "q": wanted.asked,
    }
    if language_here() == "en":
        named["lang"] = "en"
    return {key: value for key, value in named.items() if value}
