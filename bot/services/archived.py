"""An archive of a round, read back: whole, of this round, and of all that is there."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from bot.services.archiving import MANIFEST
from bot.store.audit import AuditLine

PAPERS = frozenset({"minutes.pdf", "report.pdf", "report.docx"})
"""Made from the records, with the day they were made: not the same bytes again."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive says of itself. `hash` is the SHA-256 of its manifest.

    `sums` are the SHA-256 of its files by name, `faults` what is wrong with it.
    """

    slug: str
    made_at: datetime
    hash: str
    sums: Mapping[str, str]
    faults: tuple[str, ...] = ()


def read_archive(folder: Path) -> Archived:
    """Return an archive with what is wrong with its files.

    Raises ValueError for a folder that has no manifest of ours.
    """
    try:
        manifest = (folder / MANIFEST).read_bytes()
        told = json.loads(manifest)
        slug, sums = told["round"], dict(told["sha256"])
        made_at = datetime.fromisoformat(told["made_at"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{folder} holds no archive: {MANIFEST} is not ours"
        ) from error
    faults = tuple(_faults(folder, sums))
    return Archived(slug, made_at, hashlib.sha256(manifest).hexdigest(), sums, faults)


def _faults(folder: Path, sums: Mapping[str, str]) -> Iterator[str]:
    there = {path.name for path in folder.iterdir() if path.is_file()}
    for name in sorted(sums):
        if name not in there:
            yield f"the archive lacks {name}"
        elif _sum(folder / name) != sums[name]:
            yield f"{name} of the archive is not what its manifest says"
    for name in sorted(there - sums.keys() - {MANIFEST}):
        yield f"the archive holds {name}, which its manifest does not name"


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lacking(kept: Archived, records: Mapping[str, bytes]) -> list[str]:
    """Return which records of a round are not in an archive as they are now."""
    return sorted(
        name
        for name, data in records.items()
        if name not in PAPERS
        and kept.sums.get(name) != hashlib.sha256(data).hexdigest()
    )


def is_ours(db: Connection, kept: Archived) -> bool:
    """Tell whether the trail says that this very archive was made here."""
    made = select(AuditLine.data).where(
        AuditLine.act == "round.archive", AuditLine.subject == f"round:{kept.slug}"
    )
    return any(data.get("sha256") == kept.hash for data in db.scalars(made))
