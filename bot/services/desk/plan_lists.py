"""Many plans at once, from a sheet: looked through first, entered whole or not at all.

Every fault is named by its row. What a row holds is text, a formula as well. A row that
was entered before is known again, so the same sheet twice enters nothing twice.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.languages import LANGUAGES
from bot.domain.text import clean, mask
from bot.flows.spelling import plain
from bot.keys import keyed_hash
from bot.services.child import NotOpenedError, open_file
from bot.services.desk.audit import note
from bot.services.desk.bringing import (
    BringRefusedError,
    Brought,
    checked,
    store_brought,
)
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.services.scanning import HarmfulError, check
from bot.store.civic import PlanRow
from bot.store.talks import Media

KIND, KEPT, MIME = "list", timedelta(days=1), "application/json"
MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 2_000_000, 40_000_000, 500
MOST_SHEET, MOST_COLUMNS, MOST_CELL = 2 * MOST_ROWS, 20, 16_000
COLUMNS = {
    "text": ("plan", "plan", "tekst", "text"),
    "language": ("taal", "language"),
    "place": ("plaats", "place"),
    "theme": ("thema", "theme"),
    "entry": ("ingevoerd bij", "entered at"),
}
"""What stands over a column, in Dutch or English; others that are known follow."""

_LANGUAGES = {
    plain(name): code
    for code, names in {
        "nl": "nl nederlands dutch",
        "en": "en engels english",
        "tr": "tr turks turkish türkçe",
        "ar": "ar arabisch arabic العربية",
    }.items()
    for name in names.split()
}


class ListRefusedError(ValueError):
    """A sheet cannot be read; `word` is our word for why, `detail` what of it."""

    def __init__(self, word: str, detail: str = "") -> None:
        super().__init__(word)
        self.word, self.detail = word, detail


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a sheet: its number there, its plan, what is wrong, or where it is."""

    row: int
    plan: Brought
    faults: Sequence[str] = ()
    already: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A sheet that was looked through and is kept for a day as `media`."""

    media: int
    rows: Sequence[ListRow]

    @property
    def faulty(self) -> Sequence[ListRow]:
        """The rows in which something is wrong."""
        return [each for each in self.rows if each.faults]

    @property
    def new(self) -> Sequence[ListRow]:
        """The rows that would be entered."""
        return [each for each in self.rows if not each.faults and not each.already]

    @property
    def known(self) -> Sequence[ListRow]:
        """The rows that were entered before."""
        return [each for each in self.rows if each.already]


def look_through(
    house: House, data: bytes, slug: str, entry: str, by: Person
) -> Looked:
    """Read a sheet and keep its rows for a day; nothing is entered yet. Commits.

    The file itself is not kept, and private numbers are masked in what is. `entry` is
    where its plans were taken in, for rows that do not say so themselves.
    Raises ListRefusedError, or MediaUnavailableError where it cannot be looked at by
    the city's virus scanner, or kept.
    """
    plans = _plans(_scanned(house, data), slug, entry)
    key = house.media.save(_dumped(plans), MIME)
    now = house.clock()

    def keep(db: Any) -> Looked:  # noqa: ANN401 - a connection
        scene = Scene(house, db, now)
        media = insert(Media).values(
            kind=KIND,
            channel="",
            mime=MIME,
            key=key,
            source={"place": "", "by": by.email, "round": slug, "entry": entry},
            attempts=0,
            fetched_at=now,
            delete_after=now + KEPT,
            created_at=now,
        )
        media_id = db.execute(media.returning(Media.id)).scalar_one()
        return Looked(media_id, _judged(scene, plans))

    return house.db.run(keep)


def enter_list(house: House, media_id: int, by: Person) -> list[int]:
    """Enter a sheet that was looked through; return the numbers its plans were given.

    All of it or nothing, in one transaction. Raises ListRefusedError for a sheet that
    is not this official's or no longer here, and one in which something is wrong.
    """
    kept = select(Media.key, Media.source).where(
        Media.id == media_id, Media.kind == KIND
    )
    row = house.db.read(lambda db: db.execute(kept).one_or_none())
    if row is None or row.key is None or row.source.get("by") != by.email:
        raise ListRefusedError("list_gone")
    try:
        data = house.media.load(row.key)
    except FileNotFoundError:
        raise ListRefusedError("list_gone") from None
    plans, now = _loaded(data), house.clock()
    numbers = house.db.run(lambda db: _enter(Scene(house, db, now), plans, by))
    done = update(Media).where(Media.id == media_id).values(key=None)
    house.db.run(lambda db: db.execute(done).rowcount)
    discard(house, row.key)
    return numbers


def _enter(scene: Scene, plans: Sequence[tuple[int, Brought]], by: Person) -> list[int]:
    rows = _judged(scene, plans)
    if any(each.faults for each in rows):
        raise ListRefusedError("list_faulty")
    fresh = [each.plan for each in rows if each.already is None]
    numbers = [store_brought(scene, each, by).number for each in fresh]
    told = {"plans": len(numbers), "before": len(rows) - len(numbers)}
    note(scene, by.email, "plan.list", "plans", **told)
    return numbers


def _judged(scene: Scene, plans: Sequence[tuple[int, Brought]]) -> list[ListRow]:
    """Say of each row what is wrong with it, and whether it is here already."""
    seen: Counter[str] = Counter()
    judged = []
    for row, plan in plans:
        said = "\x1f".join((plan.round, plain(plan.text), plain(plan.place)))
        seen[said] += 1
        key = keyed_hash(scene.house.keys.words, "entry", said, str(seen[said]))
        known = select(PlanRow.number).where(PlanRow.entry_key == key)
        already = scene.db.scalar(known)
        judged.append(
            ListRow(row, replace(plan, key=key), _faults(scene, plan), already)
        )
    return judged


def _faults(scene: Scene, plan: Brought) -> Sequence[str]:
    try:
        checked(scene, plan)
    except BringRefusedError as refusal:
        return refusal.words
    return ()


def _scanned(house: House, data: bytes) -> bytes:
    """Return a sheet of which the scanner has nothing to say. Raises ListRefusedError.

    It is not opened before; what is too large is not sent to it.
    """
    if len(data) > MOST_BYTES:
        raise ListRefusedError("list_large")
    try:
        check(house, data)
    except HarmfulError as found:
        raise ListRefusedError("list_harmful", str(found)) from found
    return data


def _plans(data: bytes, slug: str, entry: str) -> list[tuple[int, Brought]]:
    """Read the rows of a sheet below its head. Raises ListRefusedError."""
    rows = list(_sheet(data) if data.startswith(b"PK") else _csv(data))
    head = next((cells for _, cells in rows if any(cells)), None)
    if head is None:
        raise ListRefusedError("list_empty")
    names = _names(head)
    filled = [(at, cells) for at, cells in rows if any(cells) and cells is not head]
    if not filled:
        raise ListRefusedError("list_empty")
    if len(filled) > MOST_ROWS:
        raise ListRefusedError("list_long")
    return [(at, _plan(names, cells, slug, entry)) for at, cells in filled]


def _dumped(plans: Sequence[tuple[int, Brought]]) -> bytes:
    return json.dumps([(row, asdict(plan)) for row, plan in plans]).encode()


def _loaded(data: bytes) -> list[tuple[int, Brought]]:
    """Return the rows that were kept. Raises ListRefusedError for anything else."""
    try:
        return [(row, Brought(**plan)) for row, plan in json.loads(data)]
    except ValueError:
        raise ListRefusedError("list_gone") from None


def _names(head: Sequence[str]) -> list[str]:
    """Return which value stands in each column. Raises ListRefusedError."""
    known = {plain(word): name for name, words in COLUMNS.items() for word in words}
    names = []
    for cell in head:
        name = known.get(plain(cell), "")
        if cell and (not name or name in names):
            raise ListRefusedError("list_column", cell[:40])
        names.append(name)
    if "text" not in names:
        raise ListRefusedError("list_no_text")
    return names


def _plan(names: Sequence[str], cells: Sequence[str], slug: str, entry: str) -> Brought:
    said = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    code = plain(said.get("language", "")) or LANGUAGES[0]
    return Brought(
        round=slug,
        text=_masked(said.get("text", "")),
        language=_LANGUAGES.get(code, code),
        place=_masked(said.get("place", "")),
        theme=said.get("theme", ""),
        entry=_masked(said.get("entry", "") or entry),
    )


def _masked(text: str) -> str:
    """Mask private numbers; what is too long stays, so that it can be told as that."""
    cleaned = clean(text)
    return mask(text) if cleaned.too_long else cleaned.text


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file of text, whatever stands between its columns."""
    if b"\0" in data:
        raise ListRefusedError("list_unread")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    between = max(";\t,", key=first.count)
    try:
        for at, cells in enumerate(csv.reader(io.StringIO(text), delimiter=between), 1):
            yield at, [_cell(each) for each in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise ListRefusedError("list_unread") from error


def _sheet(data: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows of the first sheet of a workbook, formulas as they are written.

    Raises ListRefusedError.
    """
    limits = MOST_UNPACKED, MOST_SHEET, MOST_COLUMNS, MOST_CELL
    try:
        found, _ = open_file("sheet", data, *limits)
    except NotOpenedError as error:
        word = "list_large" if str(error) == "large" else "list_unread"
        raise ListRefusedError(word) from error
    if len(found["rows"]) > MOST_SHEET:
        raise ListRefusedError("list_long")
    rows = enumerate(found["rows"], 1)
    return [(at, [_cell(each) for each in cells]) for at, cells in rows]


def _cell(value: str) -> str:
    return value.replace("\0", "").strip()[:MOST_CELL]
