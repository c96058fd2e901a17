"""`/desk/results`: a round's result, prepared by two officials and told in three steps.

First the authors, then the voters, then everybody. Nothing goes out while one author
lacks a story, and the page ends with everybody reached or on the call list.
"""

from collections.abc import Callable
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES, NAMES
from bot.domain.plans import Status
from bot.services.answers import CallError
from bot.services.desk import night_acts
from bot.services.desk.night_corrections import (
    confirm_correction,
    corrections_of,
    drop_correction,
    propose_correction,
)
from bot.services.desk.night_count import fill
from bot.services.desk.night_plans import completeness, known_before
from bot.services.desk.night_progress import night_progress
from bot.services.desk.nights import (
    MOST_NEXT_STEP,
    MOST_TEXT,
    STEPS,
    Night,
    Setting,
    begin_night,
    newest_night,
)
from bot.services.desk.reaching import WAITS
from bot.services.desk.refusals import TurnedDownError
from bot.services.desk.rehearsing import samples, sound_of_sample
from bot.services.house import Scene
from bot.services.open_rounds import open_rounds
from bot.services.reasons import explain
from bot.services.rounds import RoundError
from bot.services.stories import OUTCOMES
from bot.web.context import house
from bot.web.desk.audience import audiences
from bot.web.desk.blueprint import desk
from bot.web.desk.forms import (
    line_in,
    local_moment,
    moment_in,
    number_in,
    posted_texts,
    texts_in,
)
from bot.web.desk.frame import (
    BAD,
    CONFLICT,
    GONE,
    MOST_ROWS,
    at_desk,
    frame,
    go_to,
    language_here,
    plain,
    told_in,
    whole_number,
)
from bot.web.desk.words.book import day, moment

__all__ = ["desk"]
_STORY = f"/results/<slug>/rehearsal/<int(max={MOST_ROWS}):number>"
_LATE = frozenset({"changed_meanwhile", "did_nothing", "same_person", "night_lacks"})


def scene() -> Callable[..., object]:
    """Return how this request reads: one job in one look at the database."""
    city = house()
    now = city.clock()

    def read(job: Callable[[Scene], object]) -> object:
        return city.db.read(lambda db: job(Scene(city, db, now)))

    return read


def night_here(slug: str) -> Night:
    """Return the newest night of a round. Raises TurnedDownError if there is none."""
    found = scene()(lambda at: newest_night(at, slug))
    if not isinstance(found, Night):
        raise TurnedDownError("night_gone")
    return found


def attempt(slug: str, job: Callable[[Night], str]) -> ResponseReturnValue:
    """Do something with the night of a round, or say on its page why not."""
    try:
        said = job(night_here(slug))
    except TurnedDownError as refusal:
        if refusal.word == "night_gone":
            return plain("night_gone", GONE)
        code = CONFLICT if refusal.word in _LATE else BAD
        return night_page(slug, refusal), code
    return go_to("desk.night", slug=slug, said=said)


@desk.get("/results")
def results() -> ResponseReturnValue:
    """List the rounds, and how far the result of each is."""
    read = scene()
    rounds = [
        (a_round, phase, read(partial(newest_night, slug=a_round.slug)))
        for a_round, phase in open_rounds(house())
    ]
    return render_template(
        "desk/results.html", **frame(at_desk()), said=told_in(request), rounds=rounds
    )


@desk.get("/results/<slug>")
def night(slug: str) -> ResponseReturnValue:
    """Show how far a round's result is, and what is to be done next."""
    known = {a_round.slug for a_round, _ in open_rounds(house())}
    if slug not in known:
        return plain("night_gone", GONE)
    return night_page(slug)


def night_page(slug: str, refusal: TurnedDownError | None = None) -> str:
    """Render the page of a round's result, with why something was turned down."""
    read, language = scene(), language_here()
    a_round = next(each for each, _ in open_rounds(house()) if each.slug == slug)
    found = read(lambda at: newest_night(at, slug))
    here = found if isinstance(found, Night) else None
    shown: dict[str, object] = {"here": here, "a_round": a_round}
    if here is not None:
        shown |= {
            "whole": read(lambda at: completeness(at, here)),
            "before": read(lambda at: known_before(at, here)),
            "wrongs": read(lambda at: corrections_of(at, here)) if here.is_told else [],
            "progress": read(lambda at: night_progress(at, here))
            if here.is_told
            else None,
            "at": {step: local_moment(here.at[step], a_round.zone) for step in STEPS},
        }
    return render_template(
        "desk/night.html",
        **frame(at_desk()),
        **shown,
        **shared(a_round.zone),
        said=told_in(request),
        refusal=refusal,
        posted=request.form,
        steps=STEPS,
        waits=WAITS,
        explain=partial(explain, language=language),
    )


def shared(zone: str) -> dict[str, object]:
    """Return what all pages of a night show with."""
    language = language_here()
    return {
        "languages": [(each, NAMES[each]) for each in LANGUAGES],
        "outcomes": [each.value for each in OUTCOMES],
        "posted_texts": posted_texts,
        "audience": audiences(language),
        "moment": partial(moment, zone=zone, language=language),
        "day": partial(day, zone=zone, language=language),
    }


@desk.get("/results/<slug>/progress")
def night_progress_part(slug: str) -> ResponseReturnValue:
    """Show only how far the telling is: the page asks for it again and again."""
    here = night_here(slug)
    return render_template(
        "desk/night_progress.html",
        **frame(at_desk()),
        **shared(here.a_round.zone),
        here=here,
        steps=STEPS,
        waits=WAITS,
        progress=scene()(lambda at: night_progress(at, here)),
    )


@desk.post("/results/<slug>/begin")
def night_begin(slug: str) -> ResponseReturnValue:
    """Begin: from now on the result waits for its moment."""
    try:
        begin_night(house(), slug, line_in("standing"), at_desk().email)
    except RoundError:
        return plain("night_gone", GONE)
    return go_to("desk.night", slug=slug, said="night_begun")


@desk.post("/results/<slug>/fill")
def night_fill(slug: str) -> ResponseReturnValue:
    """Take over the count and what is known of plans. Form: seed, the lot's number."""

    def job(here: Night) -> str:
        fill(house(), here.id, line_in("seed")[:80] or None, at_desk().email)
        return "night_filled"

    return attempt(slug, job)


@desk.post("/results/<slug>/set")
def night_set(slug: str) -> ResponseReturnValue:
    """Keep texts and moments. Form: next.*, told.*, and the steps."""

    def job(here: Night) -> str:
        next_step, voters = texts_in("next"), texts_in("told")
        if any(len(each) > MOST_NEXT_STEP for each in next_step.values()):
            raise TurnedDownError("reason_too_long")
        if any(len(each) > MOST_TEXT for each in voters.values()):
            raise TurnedDownError("text_too_long")
        zone = here.a_round.zone
        setting = Setting(
            standing="provisional" if line_in("standing") == "provisional" else "final",
            next_step=next_step,
            voters_text=voters,
            **{step: moment_in(step, zone) for step in STEPS},
        )
        version = number_in("version")
        night_acts.save_setting(house(), here.id, setting, version, at_desk().email)
        return "saved"

    return attempt(slug, job)


@desk.post("/results/<slug>/propose")
def night_propose(slug: str) -> ResponseReturnValue:
    """Hand it to a second person."""

    def job(here: Night) -> str:
        night_acts.propose(house(), here.id, number_in("version"), at_desk().email)
        return "night_proposed"

    return attempt(slug, job)


@desk.post("/results/<slug>/release")
def night_release(slug: str) -> ResponseReturnValue:
    """Let it go: never by whoever proposed it."""

    def job(here: Night) -> str:
        night_acts.release(house(), here.id, number_in("version"), at_desk().email)
        return "night_released"

    return attempt(slug, job)


@desk.post("/results/<slug>/stop")
def night_stop(slug: str) -> ResponseReturnValue:
    """Let nothing more go out until it is released anew."""

    def job(here: Night) -> str:
        night_acts.stop(house(), here.id, at_desk().email)
        return "night_stopped"

    return attempt(slug, job)


@desk.post("/results/<slug>/drop")
def night_drop(slug: str) -> ResponseReturnValue:
    """Give it up before anybody was told."""

    def job(here: Night) -> str:
        night_acts.drop(house(), here.id, at_desk().email)
        return "night_dropped"

    return attempt(slug, job)


@desk.get("/results/<slug>/rehearsal")
def rehearsal(slug: str) -> ResponseReturnValue:
    """Show every story once, in every language; nobody is sent anything."""
    here = night_here(slug)
    wanted = whole_number(request.args.get("plan"))
    try:
        shown = scene()(lambda at: samples(at, here, wanted))
    except CallError as refusal:
        return _turned(refusal)
    return render_template(
        "desk/rehearsal.html",
        **frame(at_desk()),
        **shared(here.a_round.zone),
        said="",
        here=here,
        a_round=here.a_round,
        samples=shown,
        aloud=house().voice is not None,
    )


def _turned(refusal: CallError) -> ResponseReturnValue:
    told = "\n".join(f"{each.path}: {each.fault}" for each in refusal.faults)
    return told + "\n", CONFLICT, {"Content-Type": "text/plain; charset=utf-8"}


@desk.get(f"{_STORY}/<any(nl, en, tr, ar):lang_of>")
def rehearsal_sound(slug: str, number: int, lang_of: str) -> ResponseReturnValue:
    """Play one story in one language."""
    here = night_here(slug)
    try:
        sound = sound_of_sample(house(), here.id, number, lang_of)
    except TurnedDownError as refusal:
        return plain(refusal.word, GONE)
    if sound is None:
        return plain("no_sound", GONE)
    return sound, 200, {"Content-Type": "audio/ogg"}


@desk.post("/results/<slug>/wrong")
def night_wrong(slug: str) -> ResponseReturnValue:
    """Say that an outcome was told wrongly. Form: plan, now and why.*, in words."""

    def job(here: Night) -> str:
        right = line_in("now")
        if right not in {each.value for each in OUTCOMES}:
            raise TurnedDownError("night_outcome")
        propose_correction(
            house(),
            here.id,
            number_in("plan"),
            Status(right),
            texts_in("why"),
            at_desk().email,
        )
        return "wrong_proposed"

    return attempt(slug, job)


@desk.post(
    f"/results/<slug>/wrong/<int(max={MOST_ROWS}):wrong>/<any(confirm, drop):verb>"
)
def night_settle_wrong(slug: str, wrong: int, verb: str) -> ResponseReturnValue:
    """Tell a correction, or let it be."""

    def job(here: Night) -> str:
        del here
        settle = confirm_correction if verb == "confirm" else drop_correction
        settle(house(), wrong, at_desk().email)
        return "wrong_confirmed" if verb == "confirm" else "wrong_dropped"

    return attempt(slug, job)
