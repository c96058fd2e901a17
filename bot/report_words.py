"""The report for the council about a round, in Dutch: figures, and what to write."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from babel.dates import format_timedelta

from bot.domain.languages import NAMES, pick_text
from bot.domain.money import Money
from bot.i18n.values import amount_words
from bot.public_words import day, route_name
from bot.services.desk.funnel import Step
from bot.services.desk.glance import Glance
from bot.services.desk.parts import SPOKEN, WRITTEN
from bot.services.desk.spans import Spans
from bot.services.desk.trust import Answered
from letters import Report, ReportBar, ReportChart, ReportSection, Table

_NL = "nl"
_STEPS: Mapping[Step, str] = {
    Step.TOLD: "Verteld",
    Step.SUPPORTED: "Genoeg steun",
    Step.ON_BALLOT: "Op de stemlijst",
    Step.CHOSEN: "Gekozen",
}
_WAYS = {SPOKEN: "Ingesproken", WRITTEN: "Getypt"}
_TRUST = {
    "listened": "De gemeente luistert naar mij",
    "involved": "Ik kan meedenken over mijn buurt",
    "room": "Er is ruimte voor ideeën van bewoners",
}
_HIDDEN = "niet getoond"
_LESSONS = (
    "Wat is er gedaan, en wat vinden bewoners daarvan? Bezoek drie plekken.",
    "Wat ging goed bij ons, wat liep vast, en bij welke afdeling?",
    "Wat hoorden wij van de indieners die niet zijn gekozen?",
    "Wat doen wij de volgende ronde anders, en wie zorgt daarvoor?",
)
Figures = Mapping[str, int | None]


def council_report(seen: Glance, now: datetime) -> Report:
    """Return the report about a round as it stands at `now`."""
    a_round = seen.a_round
    return Report(
        language=_NL,
        municipality=f"Gemeente {a_round.municipality}",
        heading="Verslag aan de gemeenteraad",
        title=pick_text(a_round.title, _NL),
        day=f"Stand van {day(now, a_round.zone, _NL)}",
        mark="Nog te schrijven:",
        sections=tuple(_sections(seen)),
    )


def _sections(seen: Glance) -> Iterator[ReportSection]:
    yield _funnel(seen)
    yield _money(seen)
    yield _reach(seen)
    yield _answers(seen)
    yield _heard(seen)
    yield _votes(seen)
    yield _trust(seen)
    yield ReportSection(
        "Lessen",
        (
            (
                "Cijfers zeggen niet wat een ronde betekende. Dit deel schrijft een "
                "mens, met wat is afgesproken en afgerond ernaast."
            ),
        ),
        tables=(_done(seen),),
        to_write=_LESSONS,
    )


def _funnel(seen: Glance) -> ReportSection:
    figures = {_STEPS[each.step]: each.plans for each in seen.steps}
    rows = tuple(
        (_STEPS[each.step], str(each.plans), str(each.people)) for each in seen.steps
    )
    told, *_, chosen = seen.steps
    lead = (
        f"Bewoners vertelden {told.plans} plannen. Daarvan zijn er {chosen.plans} "
        "gekozen. Achter elk ander plan staat ook iemand die antwoord moet krijgen."
    )
    return ReportSection(
        "Van idee tot gekozen plan",
        (lead,),
        (
            _chart(
                "Plannen per stap", "Hoeveel plannen tot welke stap kwamen.", figures
            ),
        ),
        (Table(("Stap", "Plannen", "Mensen"), rows),),
    )


def _money(seen: Glance) -> ReportSection:
    sums = seen.sums
    rows = tuple(
        (
            f"{each.plan} {pick_text(each.title, _NL)}",
            _amount(each.granted),
            _amount(each.spent),
            _amount(each.left),
        )
        for each in seen.accounts
    )
    lead = (
        f"Er is {_amount(sums.budget)}. Toegezegd is {_amount(sums.granted)}, betaald "
        f"is {_amount(sums.paid)}, nog vrij is {_amount(sums.free)}. Elke betaling is "
        "door twee medewerkers bekeken en staat openbaar."
    )
    cents = {
        "Toegezegd": sums.granted.cents,
        "Betaald": sums.paid.cents,
        "Nog vrij": max(0, sums.free.cents),
    }
    most = max(cents.values()) or 1
    bars = [ReportBar(name, _amount(Money(n)), n / most) for name, n in cents.items()]
    chart = ReportChart("Geld", "Wat is toegezegd, betaald en nog vrij.", bars)
    table = Table(("Plan", "Toegezegd", "Betaald", "Over"), rows)
    return ReportSection("Geld", (lead,), (chart,), (table,) if rows else ())


def _reach(seen: Glance) -> ReportSection:
    reach = seen.reach
    if not reach.decided:
        return ReportSection("Bereik", ("Er is nog geen besluit verstuurd.",))
    lead = (
        f"Van {reach.decided} indieners hoorden {reach.reached} wat er met hun plan "
        f"gebeurt. {reach.to_call} moeten nog gebeld worden, {reach.called} zijn "
        f"gebeld, en {reach.no_way} kunnen wij niet schrijven."
    )
    figures = {
        "Bereikt": reach.reached,
        "Nog te bellen": reach.to_call,
        "Niet te schrijven": reach.no_way,
    }
    chart = _chart("Wie is bereikt", "Indieners die het besluit hoorden.", figures)
    return ReportSection("Bereik", (lead,), (chart,))


def _answers(seen: Glance) -> ReportSection:
    answers = seen.answers
    rows = (
        _span("Eerste antwoord op een plan", answers.first),
        _span("Kan het plan, ja of nee", answers.advice),
        _span("Wat wij beloofden te doen", answers.tasks),
    )
    heads = (
        "Wat",
        "De helft binnen",
        "Negen van de tien binnen",
        "Beantwoord",
        "Te laat",
        "Nog open",
    )
    promised = f"Beloofd is een antwoord binnen {seen.a_round.answer_days} dagen."
    return ReportSection(
        "Hoe snel wij antwoordden", (promised,), (), (Table(heads, rows),)
    )


def _span(name: str, each: Spans) -> tuple[str, ...]:
    took = (_took(each.median), _took(each.nine_of_ten))
    return (name, *took, str(each.many), str(each.late), str(each.open))


def _took(span: timedelta | None) -> str:
    if span is None:
        return "–"
    least = max(span, timedelta(minutes=1))
    return format_timedelta(least, granularity="minute", threshold=1.5, locale=_NL)


def _heard(seen: Glance) -> ReportSection:
    plans = seen.plans
    few = ", ".join(_language(each) for each in plans.few) or "geen"
    charts = (
        _chart(
            "Plannen per taal",
            "In welke taal plannen zijn verteld.",
            _named(plans.by_language),
        ),
        _chart(
            "Ingesproken of getypt",
            "Hoe plannen zijn verteld.",
            {_WAYS[each]: n for each, n in plans.by_way.items()},
        ),
        _chart(
            "Plannen per kanaal", "Waarlangs plannen kwamen.", _routes(plans.by_channel)
        ),
    )
    rows = (
        "Groepen onder de tien staan er niet in, zodat niemand te vinden is.",
        f"Minder dan tien plannen kwamen uit deze talen en straten: {few}.",
    )
    return ReportSection(
        "Wie wij hoorden",
        rows,
        charts,
        to_write=("Wat doen wij om wie stil bleef de volgende keer wel te horen?",),
    )


def _votes(seen: Glance) -> ReportSection:
    votes = seen.votes
    if votes is None:
        return ReportSection("Wie stemde", ("Het stemmen is nog niet gesloten.",))
    charts = (
        _chart(
            "Stemmen per taal",
            "In welke taal mensen stemden.",
            _named(votes.by_language),
        ),
        _chart("Stemmen per kanaal", "Hoe mensen stemden.", _routes(votes.by_route)),
    )
    return ReportSection("Wie stemde", (f"Er zijn {votes.ballots} stemmen.",), charts)


def _trust(seen: Glance) -> ReportSection:
    rows = tuple(
        (_TRUST[question], _mean(moments["before"]), _mean(moments["after"]))
        for question, moments in seen.trust.items()
    )
    lead = (
        "Bewoners konden in de chat drie vragen beantwoorden, met een cijfer van 1 tot "
        "5. Antwoorden staan los van personen. Vóór en na zijn niet dezelfde mensen."
    )
    table = Table(("Gemiddeld", "Vóór de ronde", "Na de ronde"), rows)
    return ReportSection("Vertrouwen", (lead,), (), (table,))


def _mean(each: Answered) -> str:
    if each.mean is not None:
        return f"{each.mean:.1f} ({each.many})".replace(".", ",", 1)
    return "minder dan 10" if each.many is None else "–"


def _done(seen: Glance) -> Table:
    tasks = seen.answers.tasks
    rows = (
        ("Afgerond", str(tasks.many)),
        ("Te laat", str(tasks.late)),
        ("Nog open", str(tasks.open)),
    )
    return Table(("Wat wij beloofden te doen", "Hoeveel"), rows)


def _chart(title: str, told: str, figures: Figures) -> ReportChart:
    most = max((n or 0 for n in figures.values()), default=0) or 1
    bars = [
        ReportBar(name, _HIDDEN if n is None else str(n), (n or 0) / most)
        for name, n in figures.items()
    ]
    return ReportChart(title, told, bars)


def _named(figures: Figures) -> Figures:
    return {_language(code): n for code, n in figures.items()}


def _routes(figures: Figures) -> Figures:
    return {route_name(route, _NL): n for route, n in figures.items()}


def _language(code: str) -> str:
    names = {str(known): name for known, name in NAMES.items()}
    return "onbekend" if code == "unknown" else names.get(code, code)


def _amount(money: Money | None) -> str:
    return amount_words(money, _NL)
