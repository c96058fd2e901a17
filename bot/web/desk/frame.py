"""What all pages of the desk share: their frame, the language, who may act."""

from collections.abc import Mapping
from typing import Any

from flask import Request, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.services.officials import Person
from bot.web.desk import session
from bot.web.desk.words.book import DUTCH, ENGLISH, WORDS, words

ZONE = "Europe/Amsterdam"
MOST_ROWS = 2**53
"""More rows than there will be; a longer number is no row of ours."""

SEE_OTHER, BAD, FORBIDDEN, GONE, CONFLICT = 303, 400, 403, 404, 409
NOT_NOW = 503


def at_desk() -> Person:
    """Return who is logged in here; only routes behind the guard may ask."""
    person: Person = g.person
    return person


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
        cookie = request.cookies.get(session.COOKIE, "")
        kept |= {"person": person, "secret": session.form_secret(cookie)}
    return kept


def language_here() -> str:
    """Return the language of the page that is asked for."""
    return ENGLISH if request.args.get("lang") == ENGLISH else DUTCH


def told_in(asked: Request) -> str:
    """Return which of our own words an address asks to show, "" for none."""
    said = asked.args.get("said", "")
    return said if said in WORDS else ""


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
