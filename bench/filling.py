"""A whole city in a database, as if it had talked for half a year: rows by the million.

Everything is written by statements that make their own rows, with the same contents on
both databases. Keys are unique and times rise with them, as in life; the people of a
row are spread over the whole city, so that neighbouring messages are of strangers.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench import postgres
from bench.city import LANGUAGE, PLACES, STEP, STRIDE
from bench.contestants import SECRET_KEY
from bot.domain.plans import is_plan_number
from bot.keys import derive_keys

HALF_A_YEAR = 180 * 86_400  # seconds
FIRST_NUMBER = 300
EMPTY, PICKS = "'{}'", "'[21, 30]'"
ENDINGS = "".join(f"{each:02}" for each in range(100) if is_plan_number(100 + each))
PER_HUNDRED = len(ENDINGS) // 2


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a city of so many `residents` has."""

    residents: int

    @property
    def messages(self) -> int:
        """How many messages came in; as many went out."""
        return self.residents * 5 // 2

    @property
    def plans(self) -> int:
        """How many plans were told."""
        return self.residents // 50

    @property
    def notes(self) -> int:
        """How many voice notes were heard."""
        return self.residents // 5

    @property
    def ballots(self) -> int:
        """How many have voted."""
        return self.residents * 3 // 10


@dataclass(frozen=True, slots=True)
class Words:
    """What the two databases spell differently."""

    series: str
    moment: Callable[[str], str]
    digest: Callable[[str], str]
    json: Callable[[str], str]
    yes: str
    no: str


SQLITE = Words(
    series=(
        "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {0})"
        " SELECT i FROM s) AS s"
    ),
    moment=lambda ago: (
        f"strftime('%Y-%m-%d %H:%M:%S.000000', 'now', -({ago}) || ' seconds')"
    ),
    digest=lambda _: "lower(hex(randomblob(16)))",
    json=lambda text: text,
    yes="1",
    no="0",
)
POSTGRES = Words(
    series="generate_series(1::bigint, {0}) AS s(i)",
    moment=lambda ago: f"now() - ({ago}) * interval '1 second'",
    digest=lambda seed: f"md5('city' || {seed})",
    json=lambda text: f"CAST({text} AS JSON)",
    yes="true",
    no="false",
)


def statements(size: Size, words: Words, voting: int, collecting: int) -> list[str]:
    """Return what fills an empty city; the ids of two rounds are given."""
    n, said, plans = size.residents, size.messages, size.plans

    def rows(count: int) -> str:
        return f"FROM {words.series.format(count)}"

    def ago(total: int) -> str:
        """Return the moment of row `i` of so many, the last one a minute ago."""
        return words.moment(f"60 + ({total} - i) * {HALF_A_YEAR} / {total}")

    def who(index: str) -> str:
        """Return the talk (and resident) of a row."""
        return f"({index}) * {STEP} % {n} + 1"

    telegram = "i % 3 <> 0"
    channel = f"CASE WHEN {telegram} THEN 'telegram' ELSE 'whatsapp' END"
    their = channel.replace("i %", f"({who('i')}) %")
    chat = f"{PLACES[0]} + CAST(i AS BIGINT) * {STRIDE} % {PLACES[1]}"
    address = (
        f"CASE WHEN {telegram} THEN CAST({chat} AS VARCHAR(20)) "
        "ELSE 'whatsapp:+31' || (600000000 + i) END"
    )
    place = f"CAST((i - 1) % {PER_HUNDRED} * 2 + 1 AS INTEGER)"
    ending = f"CAST(substr('{ENDINGS}', {place}, 2) AS INTEGER)"
    number = f"{FIRST_NUMBER} + (i - 1) / {PER_HUNDRED} * 100 + {ending}"
    state = f'{{"v":1,"state":{{"at":"Menu"}},"talk":{{"language":"{LANGUAGE}"}}}}'
    choices = (
        '[["menu:plan", "Bir planım var", ""], ["menu:vote", "Oy vermek istiyorum", '
        '""], ["menu:status", "Nasıl gidiyor?", ""]]'
    )
    sent = (
        "CASE WHEN i % 200 = 0 THEN 'failed' WHEN i % 97 = 0 THEN 'dropped' "
        "WHEN i % 3 = 0 THEN 'read' ELSE 'sent' END"
    )
    body = (
        'CASE WHEN i % 2 = 0 THEN \'{"tap": "menu:plan"}\' ELSE '
        "'{\"text\": \"Parka yeni bir bank istiyorum, numara ' || i || '.\"}' END"
    )
    title = f'CASE WHEN i % 2 = 1 THEN \'{{"{LANGUAGE}": "Yeni bir bank"}}\' END'
    shown = f"CASE WHEN i % 15 = 0 THEN '[]' ELSE '{choices}' END"
    source = words.json('\'{"place": "a file id", "size": 20000}\'')
    return [
        (
            "INSERT INTO residents (id, may_write, pushed_at, created_at) "
            f"SELECT i, CASE WHEN i % 3 = 0 THEN {words.yes} END, "
            f"CASE WHEN i % 4 = 0 THEN {words.moment('864000')} END, {ago(n)} {rows(n)}"
        ),
        (
            "INSERT INTO talks (id, resident_id, channel, address, language, state, "
            "asked_id, stopped_at, closed_at, last_inbound_at, created_at) "
            f"SELECT i, i, {channel}, {address}, '{LANGUAGE}', '{state}', i, "
            f"CASE WHEN i % 50 = 7 THEN {ago(n)} END, "
            f"CASE WHEN i % 100 = 9 THEN {ago(n)} END, {ago(n)}, {ago(n)} {rows(n)}"
        ),
        (
            "UPDATE talks SET forgotten_at = created_at, state = NULL, "
            "address = 'forgotten:' || id WHERE id % 1000 = 500"
        ),
        (
            "INSERT INTO inbound_messages (id, talk_id, channel, external_id, stage, kind, "
            "body, attempts, received_at) "
            f"SELECT i, {who('i')}, {their}, CAST(700000000 + i AS VARCHAR(20)), "
            "CASE WHEN i % 5000 = 0 THEN 'failed' ELSE 'done' END, "
            f"CASE WHEN i % 2 = 0 THEN 'tap' ELSE 'text' END, {words.json(body)}, "
            f"0, {ago(said)} {rows(said)}"
        ),
        (
            "INSERT INTO outbound_messages (id, talk_id, channel, dedupe_key, priority, "
            "text, choices, secret, delivery, external_id, reason, attempts, due_at, "
            "created_at, sent_at) "
            f"SELECT i, {who('i')}, {their}, "
            "CASE WHEN i % 10 = 0 THEN 'results:' ELSE 'in:' END || i || ':0', "
            "CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END, "
            "CASE WHEN i % 15 = 0 THEN '' ELSE 'Teşekkür ederiz. Planınız kaydedildi. "
            "Planınızın numarası: ' || i || '. Önce bir kişi okur. Sonra komşular görür.' "
            f"END, {words.json(shown)}, "
            f"CASE WHEN i % 15 = 0 THEN {words.yes} ELSE {words.no} END, "
            f"{sent}, CAST(500000000 + i AS VARCHAR(20)), "
            "CASE WHEN i % 200 = 0 THEN 'blocked' END, "
            f"1, {ago(said)}, {ago(said)}, {ago(said)} {rows(said)}"
        ),
        (
            "INSERT INTO media (id, talk_id, channel, kind, source, key, mime, seconds, "
            "transcript, heard, language, attempts, fetched_at, delete_after, created_at) "
            f"SELECT i, {who('i')}, {their}, "
            f"CASE WHEN i % 10 = 0 THEN 'photo' ELSE 'voice' END, {source}, "
            "CASE WHEN i % 3 = 0 THEN NULL ELSE 'aa/' || i || '.ogg' END, 'audio/ogg', 9, "
            "CASE WHEN i % 3 = 0 THEN NULL ELSE 'Parka yeni bir bank' END, 'well', "
            f"'{LANGUAGE}', 1, {ago(size.notes)}, "
            f"CASE WHEN i % 3 = 0 THEN {words.moment('86400')} "
            f"WHEN i % 3 = 1 THEN {words.moment('-864000')} END, "
            f"{ago(size.notes)} {rows(size.notes)}"
        ),
        (
            "INSERT INTO plans (id, number, round_id, resident_id, talk_id, status, text, "
            "language, spoken, place, supports, public_at, title, created_at) "
            f"SELECT 1000 + i, {number}, {collecting}, {who('i')}, {who('i')}, "
            "CASE WHEN i % 20 = 0 THEN 'withdrawn' WHEN i % 2 = 0 THEN 'received' "
            "ELSE 'public' END, 'Parka yeni bir bank istiyorum.', "
            f"'{LANGUAGE}', {words.no}, '', 5, CASE WHEN i % 2 = 1 THEN {ago(plans)} END, "
            f"{words.json(title)}, {ago(plans)} {rows(plans)}"
        ),
        (
            'INSERT INTO plan_stages (id, plan_id, status, note, "by", at) '
            "SELECT 1000 + i, 1000 + (i + 1) / 2, "
            f"CASE WHEN i % 2 = 1 THEN 'received' ELSE 'public' END, "
            f"{words.json(EMPTY)}, 'author', {ago(plans * 2)} {rows(plans * 2)}"
        ),
        (
            "INSERT INTO supports (plan_id, resident_id, at) "
            f"SELECT 1000 + i % {plans} + 1, {who('i')}, {ago(plans * 5)} "
            f"{rows(plans * 5)}"
        ),
        (
            "INSERT INTO follows (plan_id, resident_id, at) "
            f"SELECT 1000 + i % {plans} + 1, {who('i + 1')}, {ago(plans * 2)} "
            f"{rows(plans * 2)}"
        ),
        (
            "INSERT INTO marks (round_id, resident_id, day) "
            f"SELECT {voting}, (i - 1) / 3 * 10 + (i - 1) % 3 + 1, '2026-11-18' "
            f"{rows(size.ballots)}"
        ),
        (
            "INSERT INTO ballots (id, round_id, voter, picks, receipt, nonce, place) "
            f"SELECT {words.digest('i')}, {voting}, "
            f"{words.digest('-i')} || {words.digest('i')}, {words.json(PICKS)}, 'R' || i, "
            f"{words.digest('i')}, 1 {rows(size.ballots)}"
        ),
        (
            "INSERT INTO tasks (id, kind, talk_id, note, due_at, created_at, done_at) "
            f"SELECT i, 'call', {who('i')}, 'Lütfen arayın.', {ago(n // 50)}, "
            f"{ago(n // 50)}, CASE WHEN i % 20 <> 0 THEN {ago(n // 50)} END "
            f"{rows(n // 50)}"
        ),
    ]


def begun(size: Size) -> list[tuple[bytes, int]]:
    """Return the ballots that lie unfinished, encrypted, each with its talk."""
    keys = derive_keys(SECRET_KEY)
    talks = range(200, size.residents + 1, 200)
    return [(keys.seal('["slotermeer-2026",21,30]'), talk) for talk in talks]


def fill(url: str, size: Size) -> None:
    """Fill a migrated database with the demo in it; PostgreSQL knows what it holds.

    SQLite does not: nobody tells it in life either.

    Indexes are taken away meanwhile: each is built once, from all its rows. On
    PostgreSQL it needs no more than to own the tables.
    """
    if make_url(url).get_backend_name() == "sqlite":
        _fill_sqlite(Path(str(make_url(url).database)), size)
    else:
        _fill_postgres(url, size)


ROUNDS = "SELECT id FROM rounds ORDER BY slug"


def _fill_sqlite(path: Path, size: Size) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in (
            "foreign_keys=OFF",
            "synchronous=OFF",
            "journal_mode=OFF",
            "cache_size=-1000000",
            "temp_store=MEMORY",
        ):
            db.execute(f"PRAGMA {pragma}")
        voting, collecting = (row[0] for row in db.execute(ROUNDS))
        with _without_indexes_sqlite(db):
            for each in statements(size, SQLITE, voting, collecting):
                db.execute(each)
            db.executemany("UPDATE talks SET picks = ? WHERE id = ?", begun(size))
        db.execute("PRAGMA journal_mode=WAL")


@contextmanager
def _without_indexes_sqlite(db: sqlite3.Connection) -> Iterator[None]:
    found = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        db.execute(f"DROP INDEX {name}")
    yield
    for _, made in found:
        db.execute(made)


def _fill_postgres(url: str, size: Size) -> None:
    with postgres.connected(url) as db:
        for setting in (
            "synchronous_commit = off",
            "maintenance_work_mem = '512MB'",
        ):
            db.execute(f"SET {setting}".encode())
        voting, collecting = (row[0] for row in db.execute(ROUNDS.encode()))
        with _without_indexes_postgres(db):
            for each in statements(size, POSTGRES, voting, collecting):
                db.execute(each.encode())
            with db.cursor() as cursor:
                seal = "UPDATE talks SET picks = %s WHERE id = %s"
                cursor.executemany(seal, begun(size))
        _set_numbers(db)
        db.execute("VACUUM (ANALYZE)")


@contextmanager
def _without_indexes_postgres(db: "psycopg.Connection") -> Iterator[None]:
    """Take away indexes, and foreign keys: only a superuser may leave those unchecked.

    Each key is checked once for all rows when it comes back. The indexes of some rows
    stay: they are small, and a condition is not always told as it was made.
    """
    keys = db.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
        "FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    ).fetchall()
    indexes = db.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE c.relnamespace = 'public'::regnamespace AND i.indpred IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)"
    ).fetchall()
    for table, name, _ in keys:
        db.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}".encode())
    yield
    for _, made in indexes:
        db.execute(made.encode())
    for table, name, made in keys:
        db.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}'.encode())


def _set_numbers(db: "psycopg.Connection") -> None:
    """Let every table go on numbering after the rows that brought their own ids."""
    found = db.execute(
        "SELECT table_name, pg_get_serial_sequence(table_name, 'id') "
        "FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name = 'id' AND data_type IN ('integer', 'bigint')"
    ).fetchall()
    for table, sequence in found:
        if sequence:
            last = f'(SELECT coalesce(max(id), 0) + 1 FROM "{table}")'  # noqa: S608 - ours
            db.execute(f"SELECT setval('{sequence}', {last}, false)".encode())
