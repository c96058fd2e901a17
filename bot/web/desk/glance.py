"""`/desk/glance`: a round at a glance, and the plans behind each step of it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from babel.dates import format_timedelta
from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES
from bot.i18n.values import amount_words
from bot.services.desk.funnel import AT_ONCE, Step, plans_at
from bot.services.desk.glance import Glance, glance, rounds_at_a_glance
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.charts import chart_of
from bot.web.desk.frame import GONE, ZONE, at_desk, frame, language_here, whole_number
from bot.web.desk.frame import plain as say_plainly
from bot.web.desk.words.book import LOCALES, day, words

__all__ = ["desk"]
Figures = Mapping[str, int | None]
_LANGUAGE_NAMES: Mapping[str, str] = {str(code): name for code, name in NAMES.items()}


@desk.get("/glance")
def at_a_glance() -> ResponseReturnValue:
    """List the rounds, the newest first."""
    return render_template(
        "desk/glance.html",
        **frame(at_desk()),
        said="",
        rounds=rounds_at_a_glance(house()),
    )


@desk.get("/glance/<slug>")
def round_at_a_glance(slug: str) -> ResponseReturnValue:
    """Show the funnel, whom we heard, how fast we answered, and who was reached."""
    seen = glance(house(), slug)
    if seen is None:
        return say_plainly("glance_gone", GONE)
    language = language_here()
    here = words(language)
    return render_template(
        "desk/glance_round.html",
        **frame(at_desk()),
        said="",
        seen=seen,
        charts=_charts(seen, here, language),
        unheard=_unheard(seen),
        euros=partial(amount_words, language=language),
        took=partial(took, language=language),
    )


@desk.get("/glance/<slug>/plans")
def plans_behind(slug: str) -> ResponseReturnValue:
    """List the plans that came to a step (`step`), 50 at a time behind `after`."""
    wished = request.args.get("step", "")
    begin = whole_number(request.args.get("after")) or 0
    view = house().db.read(house().catalog.view)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None or wished not in set(Step):
        return say_plainly("glance_gone", GONE)
    step, round_id = Step(wished), view.round_id(slug)
    plans = house().db.read(
        lambda db: plans_at(db, round_id, a_round.threshold, step, begin)
    )
    return render_template(
        "desk/glance_plans.html",
        **frame(at_desk()),
        said="",
        a_round=a_round,
        step=step,
        plans=plans,
        after=plans[-1].number if len(plans) == AT_ONCE else 0,
    )


def took(span: timedelta | None, language: str) -> str:
    """Return how long something took, roughly; a dash where nothing did."""
    if span is None:
        return "–"
    least = max(span, timedelta(minutes=1))
    locale = LOCALES[language]
    return format_timedelta(least, granularity="minute", threshold=1.5, locale=locale)


def _charts(
    seen: Glance, here: Mapping[str, str], language: str
) -> Mapping[str, tuple[str, Any, Figures]]:
    """Return each chart by its key: what it shows, the picture, and its figures."""
    plans, votes = seen.plans, seen.votes
    parts: dict[str, Figures] = {
        "by_language_of_plan": _named(plans.by_language, here, "language"),
        "by_way": _named(plans.by_way, here, "way"),
        "by_channel": _named(plans.by_channel, here, "channel"),
        "by_street": plans.by_street,
    }
    if votes is not None:
        parts["votes_by_language"] = _named(votes.by_language, here, "language")
        parts["votes_by_route"] = _named(votes.by_route, here, "channel")
    if seen.days:
        parts["votes_by_day"] = {
            day(each, ZONE, language): n for each, n in seen.days.items()
        }
    return {
        key: (here[key], chart_of(figures), figures)
        for key, figures in parts.items()
        if figures
    }


def _named(figures: Figures, here: Mapping[str, str], kind: str) -> Figures:
    """Return figures by what officials call each part."""
    return {
        _LANGUAGE_NAMES.get(key) or here.get(f"{kind}_{key}") or here["unknown_part"]: n
        for key, n in figures.items()
    }


def _unheard(seen: Glance) -> list[str]:
    """Name the languages and streets in which fewer than ten plans were told."""
    return [_LANGUAGE_NAMES.get(each, each) for each in seen.plans.few]
