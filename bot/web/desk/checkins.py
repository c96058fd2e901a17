"""`/desk/checkins`: chosen plans on their way. Say what was done; help; ask again.

A page for what waits, and one for each plan; every form of the latter comes back to it.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.cadences import CADENCES
from bot.domain.care import Step, StepKey, Who
from bot.domain.languages import NAMES
from bot.services.desk import care_acts
from bot.services.desk.care_acts import CareError, Given
from bot.services.desk.plan_care import CareFile, care_file, overview
from bot.services.desk.wording import (
    ANSWERS,
    DEEDS,
    WordingError,
    worded,
)
from bot.services.house import Scene
from bot.services.plans import UnknownPlan
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
)
from bot.web.desk.worded import FAULTS, given_words, shown_words
from bot.web.desk.words.book import day, waited

__all__ = ["desk"]
Kept = TypeVar("Kept")
_PLAN = f"/checkins/<int(max={MOST_ROWS}):number>"
_OWN_STEPS = 3
_WRONG = {
    **FAULTS,
    "cadence": "care_cadence_unknown",
    "steps": "care_steps_many",
    "sound": "care_sound_wrong",
    "long_sound": "care_sound_long",
    "private": "care_private",
}


@desk.get("/checkins")
def checkins() -> ResponseReturnValue:
    """Show chosen plans: who needs help, where the municipality is silent, who is."""
    now, language = house().clock(), language_here()
    return render_template(
        "desk/checkins.html",
        **frame(at_desk()),
        said=told_in(request),
        found=house().db.read(lambda db: overview(db, now)),
        now=now,
        waited=partial(waited, now=now, language=language),
        day=partial(day, zone=ZONE, language=language),
    )


@desk.get(_PLAN)
def checkin(number: int) -> ResponseReturnValue:
    """Show one chosen plan; 404 for a plan that was never chosen."""
    return _page(number, told_in(request))


@desk.post(f"{_PLAN}/did")
def did(number: int) -> ResponseReturnValue:
    """Keep what the municipality did. Form: phrase or text_nl …, checked."""
    person = at_desk()

    def act() -> str:
        texts = worded(given_words(), DEEDS)
        _run(lambda scene: care_acts.report(scene, number, texts, person.email))
        return "care_reported" if len(texts) > 1 else "care_reported_dutch"

    return _done(number, act)


@desk.post(f"{_PLAN}/help")
def help_her(number: int) -> ResponseReturnValue:
    """Answer an author who is stuck. Form: phrase or text_nl …, checked, sound."""
    person = at_desk()

    def act() -> str:
        sound = request.files.get("sound")
        data = sound.read() if sound else b""
        given = given_words()
        silent = not given.phrase and not any(map(str.strip, given.texts.values()))
        texts = {} if data and silent else worded(given, ANSWERS)
        help_ = Given(texts, data)
        told = care_acts.help_author(house(), number, help_, person.email)
        return "care_helped" if told else "care_unreached"

    return _done(number, act)


@desk.post(f"{_PLAN}/lines/<int(max={MOST_ROWS}):line>")
def tick_line(number: int, line: int) -> ResponseReturnValue:
    """Make a line public, or private again. Form: public = yes or no."""
    public, person = request.form.get("public") == "yes", at_desk()

    def act() -> str:
        done = _run(
            lambda scene: care_acts.tick(scene, line, person.email, public=public)
        )
        ticked = "care_public" if public else "care_private_again"
        return ticked if done else "did_nothing"

    return _done(number, act)


@desk.post(f"{_PLAN}/answers/<int(max={MOST_ROWS}):answer>")
def tell_answer(number: int, answer: int) -> ResponseReturnValue:
    """Make public what an author said. Form: text_nl …, checked."""
    person = at_desk()

    def act() -> str:
        texts = worded(given_words(), {})
        by = person.email
        _run(lambda scene: care_acts.tell_of_answer(scene, answer, texts, by))
        return "care_public"

    return _done(number, act)


@desk.post(f"{_PLAN}/cadence")
def cadence(number: int) -> ResponseReturnValue:
    """Ask more or less often. Form: cadence."""
    wanted, by = request.form.get("cadence", ""), at_desk().email

    def act() -> str:
        _run(lambda scene: care_acts.change_cadence(scene, number, wanted, by))
        return "care_cadence_kept"

    return _done(number, act)


@desk.post(f"{_PLAN}/steps")
def steps(number: int) -> ResponseReturnValue:
    """Keep who does what. Form: who_<key> …, own_<n>_nl …, own_<n>_who."""
    by = at_desk().email

    def act() -> str:
        agreed = [*_known_steps(), *_own_steps()]
        _run(lambda scene: care_acts.change_steps(scene, number, agreed, by))
        return "care_steps_kept"

    return _done(number, act)


def _known_steps() -> list[Step]:
    """Return the known steps that somebody does; "none" takes one off."""
    chosen = {key: request.form.get(f"who_{key.value}", "") for key in StepKey}
    return [Step(Who(who), key) for key, who in chosen.items() if who in set(Who)]


def _own_steps() -> list[Step]:
    found = []
    for place in range(_OWN_STEPS):
        given = given_words(f"own_{place}")
        who = request.form.get(f"own_{place}_who", "")
        if any(map(str.strip, given.texts.values())) and who in set(Who):
            found.append(Step(Who(who), texts=worded(given, {})))
    return found


def _run(act: Callable[[Scene], Kept]) -> Kept:
    city = house()
    now = city.clock()
    return city.db.run(lambda db: act(Scene(city, db, now)))


def _done(number: int, act: Callable[[], str]) -> ResponseReturnValue:
    """Do it and go back to the plan; what was wrong is said above the form."""
    try:
        said = act()
    except UnknownPlan:
        abort(GONE)
    except (WordingError, CareError) as error:
        if str(error) not in _WRONG:
            abort(GONE)
        return _page(number, _WRONG[str(error)]), BAD
    except LookupError:
        abort(GONE)
    return go_to("desk.checkin", number=number, said=said)


def _page(number: int, said: str) -> str:
    now, language = house().clock(), language_here()
    try:
        found = house().db.read(lambda db: care_file(db, number, now))
    except LookupError:
        abort(GONE)
    return render_template(
        "desk/checkin.html",
        **frame(at_desk()),
        said=said,
        now=now,
        posted=request.form,
        waited=partial(waited, now=now, language=language),
        day=partial(day, zone=ZONE, language=language),
        **care_values(found),
    )


def care_values(found: CareFile) -> dict[str, object]:
    """Return what the sections under `templates/desk/plan/` need of a chosen plan."""
    own = [each for each in found.steps if each.key is None]
    return {
        "care": found,
        "names": NAMES,
        "cadences": tuple(CADENCES),
        "deeds": shown_words(DEEDS, language_here()),
        "helps": shown_words(ANSWERS, language_here()),
        "step_keys": tuple(StepKey),
        "who": tuple(Who),
        "agreed": {each.key: each.who for each in found.steps if each.key},
        "own_steps": [*own, *[None] * max(0, _OWN_STEPS - len(own))][:_OWN_STEPS],
    }
