"""What of a round is kept for years: in open formats, with nothing about residents.

Everything in it was public or is a record of the municipality. Plans stand in their
public words, ballots without voters, payments without names.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, select

from bot.domain.rounds import Round
from bot.services.desk.audit import note
from bot.services.freezing import all_versions
from bot.services.house import House, Scene
from bot.services.open_data import public_chain, public_plans, visible
from bot.services.open_ledger import public_ledger
from bot.services.publishing import PublishError, all_published
from bot.services.tallying import TallyError, count_round
from bot.store.civic import Decision, PlanRow, PlanStage
from tally.pabulib import PabulibError, write

README, MANIFEST = "README.md", "manifest.json"


def records(house: House, slug: str) -> dict[str, bytes]:
    """Return the files of a round's record, by name.

    Raises PublishError for a round that is not there or has no public result.
    """
    found, lot = house.db.read(lambda db: _from_rows(house, db, slug))
    found["chain.json"] = _json(public_chain(house, slug))
    found["plans.json"] = _json(public_plans(house, slug))
    found["ledger.json"] = _json(public_ledger(house, slug))
    try:
        document = count_round(house, slug, lot).document
        found["ballots.pb"] = "".join(write(document)).encode()
    except (TallyError, PabulibError) as error:
        raise PublishError(str(error)) from error
    return found


def _from_rows(
    house: House, db: Connection, slug: str
) -> tuple[dict[str, bytes], str | None]:
    """Return what is in tables, and the number of the lot that was drawn."""
    view = house.catalog.view(db)
    if slug not in (view.ids or {}):
        raise PublishError(f"There is no round {slug}: buurtstem rounds lists them.")
    round_id = view.round_id(slug)
    results = visible(view, round_id, all_published(db, round_id))
    if not results:
        raise PublishError(f"Round {slug} has no public result yet.")
    settings = {
        f"settings-{each.version}.json": each.settings.encode()
        for each in all_versions(db, round_id)
    }
    told = {f"result-{each.version}.json": each.body.encode() for each in results}
    stages = select(PlanRow.number, PlanStage.status, PlanStage.at).join(
        PlanStage, PlanStage.plan_id == PlanRow.id
    )
    decided = select(
        PlanRow.number, Decision.outcome, Decision.standing, Decision.at
    ).join(Decision, Decision.plan_id == PlanRow.id)
    public = (PlanRow.round_id == round_id, PlanRow.public_at.is_not(None))
    files = {
        **settings,
        **told,
        "stages.csv": _csv(
            ("plan", "status", "at"),
            db.execute(stages.where(*public).order_by(PlanRow.number, PlanStage.id)),
        ),
        "decisions.csv": _csv(
            ("plan", "outcome", "standing", "at"),
            db.execute(decided.where(*public).order_by(PlanRow.number)),
        ),
    }
    return files, results[-1].data["lot"]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _csv(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head)
    for row in rows:
        table.writerow(
            each.isoformat() if isinstance(each, datetime) else each for each in row
        )
    return out.getvalue().encode()


def write_archive(
    house: House, slug: str, folder: Path, files: Mapping[str, bytes], by: str
) -> str:
    """Write a record into a new folder; return the SHA-256 of its manifest.

    Raises FileExistsError if the folder holds something. A line of the trail names the
    hash, so that anybody can tell later whether an archive is the one that was made.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    folder.mkdir(parents=True, exist_ok=True)
    now = house.clock()
    a_round = house.db.read(
        lambda db: next(r for r in house.catalog.view(db).rounds if r.slug == slug)
    )
    whole = {**files, README: _read_me(a_round, files, now).encode()}
    for name, data in whole.items():
        (folder / name).write_bytes(data)
    about = {
        "round": slug,
        "product": f"buurtstem {version('buurtstem')}",
        "made_at": now.isoformat(),
        "made_by": by,
        "sha256": {n: hashlib.sha256(data).hexdigest() for n, data in whole.items()},
    }
    manifest = _json(about)
    (folder / MANIFEST).write_bytes(manifest)
    told = hashlib.sha256(manifest).hexdigest()
    house.db.run(
        lambda db: note(
            Scene(house, db, now), by, "round.archive", f"round:{slug}", sha256=told
        )
    )
    return told


_WHAT: Mapping[str, str] = {
    "settings-": "de bevroren spelregels van de stemming, per versie (JSON)",
    "result-": "de gepubliceerde uitslag, per versie (JSON)",
    "chain.json": "de openbare keten waarmee iedereen de telling kan nagaan (JSON)",
    "plans.json": "de plannen in hun openbare woorden (JSON)",
    "ledger.json": "wat aan gekozen plannen is uitgegeven, zonder namen (JSON)",
    "ballots.pb": "de stemmen zonder kiezers, om na te tellen (Pabulib, tekst)",
    "stages.csv": "wanneer een plan welke status kreeg (CSV, UTF-8)",
    "decisions.csv": "wat er over een plan is besloten (CSV, UTF-8)",
    "minutes.pdf": "het proces-verbaal van de telling (PDF/UA)",
    "report.pdf": "het verslag voor de raad (PDF/UA)",
    "report.docx": "hetzelfde verslag (Office Open XML)",
}


def _read_me(a_round: Round, files: Mapping[str, bytes], now: datetime) -> str:
    """Return what is in an archive, in Dutch: officials of later years read it."""
    title = _words(a_round.title.get("nl", a_round.slug))
    city, day = _words(a_round.municipality), f"{now:%Y-%m-%d}"
    lines = [
        f"# {title}",
        "",
        f"Archief van ronde `{a_round.slug}` van {city}, gemaakt op {day}.",
        f"Grondslag: {_words(a_round.legal_basis)}",
        f"Besluit: {_words(a_round.decision)}",
        "",
        "Er staan geen gegevens van bewoners in die niet openbaar waren.",
        "",
        "| Bestand | Wat het is |",
        "|---|---|",
        *(f"| `{name}` | {_what(name)} |" for name in sorted(files)),
        "",
        f"`{MANIFEST}` noemt van elk bestand de SHA-256.",
        "Zo ziet iedereen of er iets is veranderd: `sha256sum *`.",
    ]
    return "\n".join(lines) + "\n"


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")


def _words(text: str) -> str:
    """Return what somebody wrote as words on one line, whatever shows Markdown."""
    line = " ".join(text.split())
    letters = "".join(each for each in line if each.isprintable())
    return _MARKDOWN.sub(r"\\\1", letters)


def _what(name: str) -> str:
    return next(what for begin, what in _WHAT.items() if name.startswith(begin))
