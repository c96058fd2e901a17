"""`/open`: pages for everybody about rounds and results. They work without scripts."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from bot.domain.languages import FALLBACK, LANGUAGES, NAMES, is_language, pick_text
from bot.domain.rounds import HOME_ZONE
from bot.domain.say import Code, Free, Say
from bot.i18n import direction, render
from bot.public_money import PublicMoney
from bot.public_round import PublicRound
from bot.public_words import PHASES, day, privacy_rows, word
from bot.services.destroyed import destroyed_round
from bot.services.open_rounds import open_round, open_rounds
from bot.services.receipts import ReceiptError, is_in_box
from bot.web.context import house
from bot.web.open_result import DrawnResult

bp = Blueprint(
    "open_pages",
    __name__,
    url_prefix="/open",
    static_folder="static",
    template_folder="templates",
)
FRESH_SECONDS = 60
STANDARD = "EN 301 549 (WCAG 2.2 AA)"
STATED = date(2026, 11, 26)
"""When the statement of accessibility was last looked at; see docs/accessibility.md."""

MOST_RECEIPT = 60
BAD, GONE = 400, 410
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'none';"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}


@bp.get("")
def rounds() -> ResponseReturnValue:
    """List the rounds that have begun, the newest first."""
    language = language_here()
    listed = [
        {
            "slug": a_round.slug,
            "title": pick_text(a_round.title, language),
            "area": pick_text(a_round.area, language),
            "phase": render(Say(PHASES[phase]), language),
        }
        for a_round, phase in open_rounds(house())
    ]
    return _fresh(_page("open_rounds.html", "rounds", {"rounds": listed}))


@bp.get("/rounds/<slug>")
def one_round(slug: str) -> ResponseReturnValue:
    """Show a round: its rules and plans and, once it is published, its result."""
    found = open_round(house(), slug)
    if found is None:
        return _over(slug)
    language = language_here()
    shown: dict[str, object] = {"page": PublicRound(found, language)}
    if found.ledger:
        shown["money"] = PublicMoney(found, language)
    if found.result is not None:
        shown["result"] = DrawnResult(found, found.result, language)
    return _fresh(_page("open_round.html", "one_round", shown, slug=slug))


def _over(slug: str) -> ResponseReturnValue:
    """Say that a round is over and where its record is. Raises NotFound for no round.

    That is all that is left of one whose records were destroyed.
    """
    left = destroyed_round(house(), slug)
    if left is None:
        raise NotFound
    language = language_here()
    shown = {
        "title": pick_text(left.title, language),
        "city": word("over_city", language, city=Free(left.municipality)),
    }
    return _alone(_page("open_over.html", "one_round", shown, slug=slug)), GONE


@bp.get("/rounds/<slug>/receipt")
def receipt(slug: str) -> ResponseReturnValue:
    """Tell whether a receipt is in the box of a round; never what belongs to it."""
    found = open_round(house(), slug)
    if found is None:
        return _over(slug)
    typed = request.args.get("receipt", "").strip()[:MOST_RECEIPT]
    answer, code = "", 200
    if typed:
        try:
            answer = "yes" if is_in_box(house(), slug, typed) else "no"
        except ReceiptError:
            answer, code = "bad", BAD
    language = language_here()
    phone = house().settings.help_phone
    ask = word("receipt_ask", language)
    if phone:
        ask = word("receipt_call", language, phone=Code(phone))
    shown = {
        "title": pick_text(found.a_round.title, language),
        "hint": word("receipt_hint", language, receipt=Code("4821 7730")),
        "typed": typed,
        "answer": answer,
        "ask": ask,
    }
    return _alone(_page("open_receipt.html", "receipt", shown, slug=slug)), code


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Tell who is responsible, what is kept, how long, who sees it, and what to ask."""
    language = language_here()
    rounds = house().db.read(house().catalog.view).rounds
    cities = dict.fromkeys(each.municipality for each in rounds)
    phone = house().settings.help_phone
    ask = word("privacy_chat", language)
    if phone:
        ask = word("privacy_call", language, phone=Code(phone))
    shown = {
        "cities": [word("privacy_city", language, city=Free(each)) for each in cities],
        "ask": ask,
        "told": privacy_rows(language, rounds),
    }
    return _fresh(_page("open_privacy.html", "privacy", shown))


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """Say how far everybody can use this, what is lacking, and whom to tell."""
    language, phone = language_here(), house().settings.help_phone
    ask = word("access_ask", language)
    if phone:
        ask = word("access_call", language, phone=Code(phone))
    shown = {
        "partly": word("access_partly", language, standard=Code(STANDARD)),
        "ask": ask,
        "day": word("access_day", language, day=day(STATED, HOME_ZONE, language)),
    }
    return _fresh(_page("open_accessibility.html", "accessibility", shown))


def language_here() -> str:
    """Return the language that is asked for: by the address, else by the browser."""
    wished = request.args.get("lang", "")
    if is_language(wished):
        return wished
    # Not best_match: for "tr-TR, en" it prefers English, the exact match.
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next(filter(is_language, asked), FALLBACK)


@bp.errorhandler(HTTPException)
def refuse(error: HTTPException) -> ResponseReturnValue:
    """Say on a page of ours that there is none."""
    return _alone(_page("open_lost.html", "rounds", {})), error.code or BAD


@bp.after_request
def guard(response: Response) -> Response:
    """Let no page be framed, or use what is not ours."""
    response.headers.update(HEADERS)
    return response


def _page(
    template: str, place: str, shown: Mapping[str, object], slug: str | None = None
) -> Response:
    """Render a page in the reader's language, with links to it in the others."""
    language = language_here()
    others = [
        (code, NAMES[code], url_for(f"open_pages.{place}", lang=code, slug=slug))
        for code in LANGUAGES
    ]
    html = render_template(
        template,
        **shown,
        language=language,
        direction=direction(language),
        others=others,
        w=partial(_word, language),
        slug=slug,
    )
    answer = Response(html)
    answer.headers["Content-Language"] = language
    return answer


def _fresh(page: Response) -> Response:
    """Let a page be kept for a minute, and not be fetched again if it is the same."""
    page.cache_control.public = True
    page.cache_control.max_age = FRESH_SECONDS
    page.add_etag()
    page.make_conditional(request)
    return page


def _alone(page: Response) -> Response:
    """Keep a page out of caches."""
    page.headers["Cache-Control"] = "no-store"
    return page


def _word(language: str, key: str) -> str:
    return word(key, language)
