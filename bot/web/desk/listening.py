"""`/desk/listening`: notes for ears. Listen, correct, send back; or leave it to others.

One form for each note, with a button for each way it can go on; no script is needed.
"""

from collections.abc import Mapping
from functools import partial
from typing import cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import LANGUAGES, SPOKEN, Language, is_language, is_spoken
from bot.services.dictation import Outcome
from bot.services.listening import DictationError, Words, Written, write_down
from bot.services.officials import Person
from bot.services.tasks import UNKNOWN, hand_over, open_notes
from bot.services.unclear import ask_once_more
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
    told_in,
)
from bot.web.desk.words.book import day, waited, words

__all__ = ["desk"]
_SAID = {
    Outcome.READ_BACK: "read_back",
    Outcome.KEPT: "kept",
    Outcome.MORE: "more_notes",
    Outcome.STORED: "stored",
    Outcome.MOVED_ON: "moved_on",
    Outcome.ASKED_AGAIN: "asked_again",
}
_TELLING = frozenset({Outcome.READ_BACK, Outcome.KEPT, Outcome.STORED})
_FAULTS = {
    "empty": (BAD, "empty"),
    "too_long": (BAD, "too_long"),
    "done": (CONFLICT, "taken"),
    "gone": (GONE, "gone"),
}


@desk.get("/listening")
def listening() -> ResponseReturnValue:
    """Show the notes that wait for ears, oldest first, and those that wait for her."""
    return _page(told_in(request))


@desk.post(f"/notes/<int(max={MOST_ROWS}):task_id>")
def write(task_id: int) -> ResponseReturnValue:
    """Send a note on: its words to her (`do` = send), a question, or to a colleague.

    Form: do = send with text, language and spoken; unclear; or pass with spoken.
    """
    person = at_desk()
    steps = {"unclear": _unclear, "pass": _pass}
    step = steps.get(request.form.get("do", ""), _send)
    try:
        said = step(task_id, person)
    except DictationError as error:
        code, said = _FAULTS[str(error)]
        return _page(said, task_id), code
    if said in {"written_in", "spoken_in"}:
        return _page(said, task_id), BAD
    return go_to("desk.listening", said=said, speaks=_wanted())


def _send(task_id: int, person: Person) -> str:
    """Send the words back to her; return which of our words says what became of it."""
    form = request.form
    language = form.get("language")
    if not is_language(language):
        return "written_in"
    spoken = form.get("spoken", language)
    if not is_spoken(spoken):
        return "spoken_in"
    text = Words(form.get("text", ""), cast("Language", language), cast("str", spoken))
    return _told(write_down(house(), task_id, text, person))


def _told(written: Written) -> str:
    untold = written.outcome in _TELLING and not written.told
    return "untold" if untold else _SAID[written.outcome]


def _unclear(task_id: int, person: Person) -> str:
    asked = ask_once_more(house(), task_id, person)
    if asked.outcome is Outcome.ASKED_AGAIN and not asked.told:
        return "unclear_untold"
    return _SAID[asked.outcome]


def _pass(task_id: int, person: Person) -> str:
    spoken = request.form.get("spoken")
    if not is_spoken(spoken):
        return "spoken_in"
    if not hand_over(house(), task_id, cast("str", spoken), person):
        raise DictationError("done")
    return "handed_over"


def _wanted() -> str | None:
    """Return the language this page shows, None for all."""
    speaks = request.args.get("speaks")
    return speaks if is_spoken(speaks) or speaks == UNKNOWN else None


def _page(said: str = "", task: int = 0) -> str:
    """Render the queue; what was posted goes back into the form of `task`."""
    now, language, wanted = house().clock(), language_here(), _wanted()
    queue = house().db.read(lambda db: open_notes(db, now, wanted))
    here = any(each.task == task for each in queue.notes)
    return render_template(
        "desk/listening.html",
        **frame(at_desk()),
        queue=queue,
        said=said,
        posted=(task, request.form),
        lost="" if here else request.form.get("text", ""),
        wanted=wanted,
        now=now,
        written=LANGUAGES,
        choices=SPOKEN,
        spoken=_names(words(language)),
        waited=partial(waited, now=now, language=language),
        day=partial(day, zone=ZONE, language=language),
    )


def _names(here: Mapping[str, str]) -> Mapping[str, str]:
    """Return what officials call each language, and one that nobody knows."""
    return {code: here[f"speaks_{code}"] for code in (*SPOKEN, UNKNOWN)}
