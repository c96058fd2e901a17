"""The certificate that a round's records were destroyed, in Dutch: its archivist's."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.domain.languages import pick_text
from bot.domain.rounds import HOME_ZONE
from bot.services.destroyed import Destroyed
from letters import Minutes, Section, Table

LANGUAGE, ZONE = "nl", ZoneInfo(HOME_ZONE)
BLANK = "................................................................"
"""Room to fill in by hand."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "activities": "activiteiten van plannen",
        "audit_lines": "regels van het logboek",
        "ballots": "stembiljetten",
        "broadcast_drafts": "berichten in voorbereiding",
        "broadcasts": "berichten aan velen",
        "calls": "telefoongesprekken na de uitslag",
        "calls_made": "telefoongesprekken over berichten",
        "chain": "schakels van de openbare keten",
        "checkin_answers": "antwoorden op de vraag hoe het gaat",
        "checkins": "vragen hoe het gaat",
        "closing_moves": "verplaatsingen van de sluiting",
        "decisions": "besluiten over plannen",
        "desk_messages": "berichten van medewerkers",
        "files": "bestanden: geluid, foto's, bonnen",
        "follows": "volgers van plannen",
        "freed_awards": "toekenningen van vrij geld",
        "frozen_rounds": "bevroren spelregels",
        "hook_dispatches": "verzendingen aan systemen",
        "hook_events": "meldingen aan systemen",
        "hook_tries": "pogingen van verzendingen",
        "marks": "aantekeningen dat iemand stemde",
        "meetings": "ontmoetingen van makers",
        "night_corrections": "verbeteringen van de uitslag",
        "night_plans": "plannen op de uitslagavond",
        "nights": "uitslagavonden",
        "observer_acts": "handelingen van waarnemers",
        "outbound_messages": "verstuurde berichten",
        "pass_acts": "handelingen met stempassen",
        "passes": "stempassen",
        "plan_care": "afspraken over begeleiding",
        "plan_changes": "wijzigingen van plannen",
        "plan_lines": "regels over de voortgang",
        "plan_media": "geluid en foto's bij plannen",
        "plan_stages": "stappen van plannen",
        "plans": "plannen",
        "receipts": "ontvangstbewijzen",
        "renewals": "vragen om weer mee te doen",
        "replaced_ballots": "vervangen stembiljetten",
        "results": "uitslagen",
        "reviews": "beoordelingen",
        "round_statements": "verklaringen over de ronde",
        "rounds": "rondes",
        "seals": "verzegelingen",
        "speeches": "teksten om voor te lezen",
        "spendings": "uitgaven",
        "supports": "steunbetuigingen",
        "tasks": "taken",
        "trust_answers": "antwoorden over vertrouwen",
        "trust_asked": "vragen over vertrouwen",
        "turnout": "regels van de opkomst",
    }
)
"""What each table holds, for whoever reads the certificate."""


def certificate(left: Destroyed) -> Minutes:
    """Return the certificate of a round whose records are gone, files and all."""
    return Minutes(
        language=LANGUAGE,
        right_to_left=False,
        municipality=f"Gemeente {left.municipality}",
        heading="Verklaring van vernietiging",
        title=pick_text(left.title, LANGUAGE),
        sections=tuple(_sections(left)),
        signatures="Ondertekening",
        signing=("Naam", "Plaats en datum", "Handtekening"),
    )


def _sections(left: Destroyed) -> Iterator[Section]:
    period = f"van {_day(left.began_at)} tot en met {_day(left.ended_at)}"
    yield Section(
        "Wat er is vernietigd",
        paragraphs=(f"De gegevens van ronde {left.slug}, {period}.",),
        tables=(Table(("Soort", "Aantal"), tuple(_rows(left.counts))),),
    )
    yield Section("Grondslag", paragraphs=tuple(_grounds(left)))
    yield Section(
        "Wie en wanneer",
        paragraphs=(
            f"Vernietigd op {_day(left.finished_at or left.at)} door {left.by}.",
            f"Tweede verantwoordelijke: {left.second}.",
            "De gegevens zijn gewist uit de database en uit de opslag van bestanden.",
            "In een reservekopie van voor die dag staan zij nog. Vernietig ook die.",
        ),
    )
    yield Section(
        "Wat er is bewaard",
        paragraphs=(f"Het archief van de ronde, gemaakt op {_day(left.archived_at)}.",),
        codes=(("De SHA-256 van het manifest van dat archief:", left.archive_hash),),
    )


def _grounds(left: Destroyed) -> Iterator[str]:
    yield "De Archiefwet en de selectielijst voor gemeenten."
    yield f"Categorie van de selectielijst: {left.selection or BLANK}"


def _rows(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for name in sorted(counts, key=KINDS.__getitem__):
        if counts[name]:
            yield KINDS[name], format_decimal(counts[name], locale=LANGUAGE)


def _day(moment: datetime) -> str:
    return format_date(moment.astimezone(ZONE).date(), "d MMMM y", locale=LANGUAGE)
