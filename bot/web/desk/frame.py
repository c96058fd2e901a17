"""What all pages of the desk share: their frame, the language, who may act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Request, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.domain.rounds import HOME_ZONE
from bot.services.desk.sessions import Session
from bot.services.officials import Person
from bot.web.context import house
from bot.web.desk import session
from bot.web.desk.words.book import DUTCH, ENGLISH, WORDS, waited, words

ZONE = HOME_ZONE
MOST_ROWS = 2**53
"""More rows than there will be; a longer number is no row of ours."""

_MOST_DIGITS = 15

SEE_OTHER, BAD, FORBIDDEN, GONE, CONFLICT = 303, 400, 403, 404, 409
TOO_MANY, NOT_NOW = 429, 503


def at_desk() -> Person:
    """Return who is logged in here; only routes behind the guard may ask."""
    person: Person = g.person
    return person


def her_session() -> Session:
    """Return the session she is here in; only routes behind the guard may ask."""
    found: Session = g.session
    return found


def frame(person: Person | None = None) -> Mapping[str, object]:
    """Return what every page needs: its words, the other language, who is there."""
    language = language_here()
    other = DUTCH if language == ENGLISH else ENGLISH
    kept: dict[str, object] = {
        "w": words(language),
        "language": language,
        "other": other,
    }
    if person is not None:
        held = session.cookie(session.COOKIE)
        kept |= {"person": person, "secret": session.form_secret(held)}
    return kept


def language_here() -> str:
    """Return the language of the page that is asked for.

    Who comes back from the city's sign-on reads the one she left in (`g.language`).
    """
    asked = g.get("language") or request.args.get("lang")
    return ENGLISH if asked == ENGLISH else DUTCH


def told_in(asked: Request) -> str:
    """Return which of our own words an address asks to show, "" for none."""
    said = asked.args.get("said", "")
    return said if said in WORDS else ""


def turned_away(wait: datetime | None, wrong: str) -> str:
    """Return what to say to who is turned away: to wait, or our word for `wrong`."""
    here = words(language_here())
    if wait is None:
        return here[wrong]
    how_long = waited(house().clock(), wait, language_here())
    return f"{here['wait_a_while']} {how_long}."


def typed(text: str) -> str:
    """Return what was typed without the one character that no database keeps."""
    return text.replace("\0", "").strip()


def whole_number(text: str | None) -> int | None:
    """Return the number that somebody sent, None for anything else.

    Every number of a form or an address is read here: one that no column holds, or of
    more digits than Python reads, is none.
    """
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) <= _MOST_DIGITS else None


def go_to(place: str, said: str | None = None, **more: Any) -> Response:  # noqa: ANN401
    """Send the browser on, in the language it came in."""
    lang = ENGLISH if language_here() == ENGLISH else None
    address = url_for(place, said=said, lang=lang, **more)
    answer = redirect(address, SEE_OTHER)
    assert isinstance(answer, Response)  # noqa: S101 - Flask's, not Werkzeug's
    return answer


def plain(word: str, code: int) -> ResponseReturnValue:
    """Answer with one of our words and nothing else."""
    return Response(words(language_here())[word] + "\n", code, mimetype="text/plain")
