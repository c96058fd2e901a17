"""`/desk/broadcasts/drafts`: write to many in four languages, with a second person.

Every post keeps what was written; what is wrong is said beside it.
"""

from collections.abc import Callable
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES, NAMES
from bot.i18n.values import amount_words
from bot.services.answers import CallError
from bot.services.desk.draft_sounds import drop_sound, keep_sound, sound_of_draft
from bot.services.desk.drafts import (
    Draft,
    Written,
    drop_draft,
    find_draft,
    new_draft,
    propose_draft,
    reach_of,
    release_draft,
    save_draft,
    segment_of,
    shown_as,
    take_back,
)
from bot.services.desk.refusals import ChangedError, TurnedDownError
from bot.services.open_rounds import open_rounds
from bot.services.reasons import explain
from bot.services.segments import Segment
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.forms import line_in, local_moment, moment_in, number_in, texts_in
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
from bot.web.desk.results import scene, shared

__all__ = ["desk"]
WHO = (
    "all",
    "authors",
    "authors:chosen",
    "authors:not_chosen",
    "voters",
    "followers",
)
_ONE = f"/broadcasts/drafts/<int(max={MOST_ROWS}):number>"
_LATE = frozenset({"did_nothing", "same_person", "draft_sent", "draft_templates"})


@desk.get("/broadcasts/new")
def draft_new() -> ResponseReturnValue:
    """Show an empty form."""
    return _page(None)


@desk.post("/broadcasts/new")
def draft_make() -> ResponseReturnValue:
    """Keep a new draft. Form: who, plan, locale, area, text.*, at."""
    try:
        number = new_draft(house(), _written(), at_desk().email)
    except TurnedDownError as refusal:
        return _page(None, refusal), BAD
    return go_to("desk.draft", number=number, said="draft_saved")


@desk.get(_ONE)
def draft(number: int) -> ResponseReturnValue:
    """Show a draft as it will look, whom it reaches, and what comes next."""
    return _page(_found(number))


@desk.post(_ONE)
def draft_save(number: int) -> ResponseReturnValue:
    """Keep what was written. Form: as for a new one, and version."""

    def job(version: int, who: str) -> str:
        save_draft(house(), number, _written(), version, who)
        return "draft_saved"

    return _attempt(number, job)


@desk.post(f"{_ONE}/propose")
def draft_propose(number: int) -> ResponseReturnValue:
    """Hand it to a second person."""

    def job(version: int, who: str) -> str:
        propose_draft(house(), number, version, who)
        return "draft_proposed"

    return _attempt(number, job)


@desk.post(f"{_ONE}/release")
def draft_release(number: int) -> ResponseReturnValue:
    """Send it: never by whoever proposed it."""

    def job(version: int, who: str) -> str:
        release_draft(house(), number, version, who)
        return "draft_released"

    answer = _attempt(number, job)
    sent = _found(number).broadcast_id
    if sent is not None and not isinstance(answer, tuple):
        return go_to("desk.broadcast", number=sent, said="draft_released")
    return answer


@desk.post(f"{_ONE}/<any(drop, back):verb>")
def draft_put(number: int, verb: str) -> ResponseReturnValue:
    """Put it away, or take it back to write in."""

    def job(version: int, who: str) -> str:
        put = drop_draft if verb == "drop" else take_back
        put(house(), number, version, who)
        return "draft_dropped" if verb == "drop" else "draft_back"

    return _attempt(number, job)


@desk.post(f"{_ONE}/sound/<any(nl, en, tr, ar):lang_of>")
def draft_record(number: int, lang_of: str) -> ResponseReturnValue:
    """Keep what somebody read. Form: sound (a file); or drop=yes."""

    def job(version: int, who: str) -> str:
        if request.form.get("drop") == "yes":
            drop_sound(house(), number, lang_of, version, who)
            return "sound_dropped"
        given = request.files.get("sound")
        data = given.read() if given else b""
        keep_sound(house(), number, lang_of, data, version, who)
        return "sound_kept"

    return _attempt(number, job)


@desk.get(f"{_ONE}/sound/<any(nl, en, tr, ar):lang_of>")
def draft_sound(number: int, lang_of: str) -> ResponseReturnValue:
    """Play a draft in a language."""
    try:
        sound = sound_of_draft(house(), number, lang_of)
    except FileNotFoundError:
        sound = None
    if sound is None:
        return plain("no_sound", GONE)
    return sound, 200, {"Content-Type": "audio/ogg"}


def _found(number: int) -> Draft:
    return house().db.read(lambda db: find_draft(db, number))


def _attempt(number: int, job: Callable[[int, str], str]) -> ResponseReturnValue:
    """Do something with a draft, or say on its page why not."""
    try:
        said = job(number_in("version"), at_desk().email)
    except TurnedDownError as refusal:
        if refusal.word == "draft_gone":
            raise
        late = isinstance(refusal, ChangedError) or refusal.word in _LATE
        return _page(_found(number), refusal), CONFLICT if late else BAD
    return go_to("desk.draft", number=number, said=said)


def _written() -> Written:
    """Return what is in the form. Raises TurnedDownError for what cannot be meant."""
    who, plan = line_in("who"), number_in("plan")
    if who not in WHO or (who == "followers" and not plan):
        raise TurnedDownError("draft_segment")
    locale, area = line_in("locale"), line_in("area")
    segment = Segment(
        who=who,
        plan=plan if who == "followers" else None,
        locale=locale or None,
        area=area or None,
    )
    return Written(str(segment), texts_in("text"), moment_in("at", ZONE))


def _page(found: Draft | None, refusal: TurnedDownError | None = None) -> str:
    read = scene()
    shown: dict[str, object] = {"bubbles": (), "reach": None, "segment": Segment("all")}
    if found is not None:
        shown["segment"] = segment_of(found)
        try:
            shown["bubbles"] = (
                read(lambda at: shown_as(at, found))
                if any(found.texts.values())
                else ()
            )
            shown["reach"] = read(lambda at: reach_of(at, found))
        except CallError:
            refusal = refusal or TurnedDownError("draft_segment")
    return render_template(
        "desk/draft.html",
        **frame(at_desk()),
        **shared(ZONE),
        euros=partial(amount_words, language=language_here()),
        **shown,
        said=told_in(request),
        refusal=refusal,
        draft=found,
        who=WHO,
        rounds=[a_round for a_round, _ in open_rounds(house())],
        names={each: NAMES[each] for each in LANGUAGES},
        at=local_moment(found.at if found else None, ZONE),
        posted=request.form if refusal else {},
        explained=partial(explain, language=language_here()),
        aloud=house().voice is not None,
        quiet=house().settings.quiet_hours,
    )
