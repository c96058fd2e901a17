"""The words of letters and posters: from a round to what `letters` prints.

They are read, not heard, and stand in every language on one sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.languages import LANGUAGES, NAMES, Language, pick_text
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Code, Moment, Param, Say
from bot.flows.limits import rules_rows
from bot.i18n import direction, render
from bot.i18n.values import money_digits
from bot.services.letters import APPS, Printing, pass_links, poster_links
from bot.services.pass_files import PassCode
from letters import (
    Edition,
    Letter,
    Link,
    Poster,
    PosterPage,
    Theme,
    Words,
)
from letters import Plan as PrintedPlan

FIRST = LANGUAGES[0]
"""The language of what is printed once: the municipality, the words for pictures."""

MARK = "PROEF · PROOF"
PROOF = PassCode("000000", "test", "0" * 16, "proefbrief0000000000")
"""A pass that no register can hold: its check digits and its letters are wrong."""


def edition(printing: Printing, mark: str = "") -> Edition:
    """Return what all letters of a round share."""
    a_round = printing.round
    return Edition(
        title=pick_text(a_round.title, FIRST),
        municipality=_municipality(a_round, FIRST),
        page=printing.page,
        words=tuple(_words(printing, each) for each in LANGUAGES),
        themes=_themes(printing, LANGUAGES),
        mark=mark,
    )


def letter(printing: Printing, each: PassCode, address: Sequence[str] = ()) -> Letter:
    """Return the letter of one pass."""
    links = _links(pass_links(printing.openers, each.token), FIRST)
    return Letter(each.serial, each.code, links, tuple(address))


def proof(printing: Printing) -> Letter:
    """Return a letter with a code that cannot exist, addressed to nobody."""
    rows = ("A. B. Voorbeeld", "Voorbeeldstraat 1", "1000 AA  VOORBEELDSTAD")
    return letter(printing, PROOF, rows)


def poster(printing: Printing, now: datetime) -> Poster:
    """Return a poster in each language: how to vote or, now, how to tell a plan."""
    a_round = printing.round
    page = _plan_page if a_round.takes_plans(now) else _vote_page
    return Poster(
        title=pick_text(a_round.title, FIRST),
        page=printing.page,
        pages=tuple(page(printing, each) for each in LANGUAGES),
    )


def _words(printing: Printing, language: Language) -> Words:
    def text(msgid: str, **params: Param) -> str:
        return render(Say(msgid, params), language)

    return Words(
        language=language,
        right_to_left=direction(language) == "rtl",
        name=NAMES[language],
        heading=text(N_("Your voting pass")),
        title=pick_text(printing.round.title, language),
        help=_help(printing, language),
        serial=text(N_("Letter number")),
        rows=(*_decides(printing.round, language), *_until(printing.round, language)),
        steps=_vote_steps(printing, language),
        code=text(N_("Does it not work? Type or say this code.")),
        page=text(N_("No app? Go to this page:")),
        choose=_limits(printing, language),
    )


def _limits(printing: Printing, language: Language) -> str:
    """Say what one ballot may hold, as the talk says it."""
    a_round = printing.round
    rows = rules_rows(a_round.ballot, a_round.themes, len(printing.plans))
    return " ".join(render(each, language) for each in rows)


def _municipality(a_round: Round, language: Language) -> str:
    city = {"city": a_round.municipality}
    return render(Say(N_("Municipality of %(city)s"), city), language)


def _help(printing: Printing, language: Language) -> str:
    if not printing.phone:
        return ""
    phone = {"phone": Code(printing.phone)}
    return render(Say(N_("Questions? Call %(phone)s."), phone), language)


def _decides(a_round: Round, language: Language) -> tuple[str, ...]:
    """Say what the vote decides: in the round's own words, if it has some."""
    if own := a_round.decides.get(language, "").strip():
        return (own,)
    money = Say(
        N_("There is %(amount)s for your neighbourhood."), {"amount": a_round.budget}
    )
    which = Say(N_("You choose which plans get money."))
    return render(which, language), render(money, language)


def _until(a_round: Round, language: Language) -> tuple[str, ...]:
    """Say from when one can vote and, last, until when."""
    rows = []
    if opens := a_round.day_of(Phase.VOTING):
        rows.append(Say(N_("Voting starts on %(date)s."), {"date": opens}))
    if closes := a_round.closes_at:
        until = {"closing": Moment(closes, a_round.zone)}
        rows.append(Say(N_("You can vote until %(closing)s."), until))
    return tuple(render(row, language) for row in rows)


def _first_step(printing: Printing) -> Say:
    if printing.openers:
        return Say(N_("Scan with your phone."))
    return Say(N_("Open the page below."))


def _vote_steps(printing: Printing, language: Language) -> tuple[str, str, str]:
    number = Say(N_("Say or type the plan numbers."))
    return _steps(_first_step(printing), number, language)


def _steps(first: Say, second: Say, language: Language) -> tuple[str, str, str]:
    last = Say(N_("Listen, and say yes."))
    return render(first, language), render(second, language), render(last, language)


def _links(urls: Mapping[str, str], language: Language) -> tuple[Link, ...]:
    said = N_("Square to scan: opens %(app)s")
    return tuple(
        Link(APPS[name], url, render(Say(said, {"app": APPS[name]}), language))
        for name, url in urls.items()
    )


def _themes(printing: Printing, languages: Sequence[Language]) -> tuple[Theme, ...]:
    """Return the plans of the ballot by their themes; those of none come last."""
    known = {each.key for each in printing.round.themes}
    rest = [each for each in printing.plans if each.theme not in known]
    found = [
        Theme(
            theme.icon,
            tuple(pick_text(theme.title, each) for each in languages),
            tuple(_plan(p, languages) for p in printing.plans if p.theme == theme.key),
        )
        for theme in printing.round.themes
    ]
    other = Say(N_("Other plans"))
    names = tuple(render(other, each) for each in languages)
    found.append(Theme("", names, tuple(_plan(each, languages) for each in rest)))
    return tuple(each for each in found if each.plans)


def _plan(plan: Plan, languages: Sequence[Language]) -> PrintedPlan:
    """Return a plan as it is printed; an amount for several languages is in Dutch."""
    titles = tuple(pick_text(plan.title, each) for each in languages)
    cost = money_digits(plan.cost or Money(0), languages[0])
    return PrintedPlan(plan.number, titles, cost)


def _vote_page(printing: Printing, language: Language) -> PosterPage:
    until = _until(printing.round, language)
    return replace(
        _page(printing, "vote", language),
        lead=render(Say(N_("Vote for your neighbourhood")), language),
        rows=(*_decides(printing.round, language), *until),
        steps=_vote_steps(printing, language),
        themes=_themes(printing, (language,)),
    )


def _plan_page(printing: Printing, language: Language) -> PosterPage:
    a_round = printing.round
    amount = {"amount": a_round.budget}
    rows = [Say(N_("There is %(amount)s for your neighbourhood."), amount)]
    ends = a_round.day_of(Phase.SUPPORTING) or a_round.supports_until
    if ends:
        rows.append(Say(N_("You can tell a plan until %(date)s."), {"date": ends}))
    second = Say(N_("Say or type your plan."))
    return replace(
        _page(printing, "plan", language),
        lead=render(Say(N_("Do you have a plan for the neighbourhood?")), language),
        rows=tuple(render(each, language) for each in rows),
        steps=_steps(_first_step(printing), second, language),
    )


def _page(printing: Printing, wish: str, language: Language) -> PosterPage:
    """Return what stands on either poster; the rest is filled in."""
    return PosterPage(
        language=language,
        right_to_left=direction(language) == "rtl",
        municipality=_municipality(printing.round, language),
        lead="",
        title=pick_text(printing.round.title, language),
        rows=(),
        steps=("", "", ""),
        help=_help(printing, language),
        page=render(Say(N_("No app? Go to this page:")), language),
        links=_links(poster_links(printing.openers, wish, language), language),
    )
