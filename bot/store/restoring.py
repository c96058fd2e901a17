"""A dump brought back beside the database, made ready there, and put in its place.

Until `put_in_place` nobody sees anything of it: killed before, the old data is what it
was. On SQLite that is a file beside the file, on PostgreSQL a schema beside the schema.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.store.database import make_engine
from bot.store.dumping import SQLITE, kind_of, sqlite_file
from bot.store.durable import OWN, flush_file, flush_folder
from bot.store.postgres_client import run_client

BESIDE = "buurtstem_restoring"
_ASIDE = "buurtstem_before"
_WAIT_MILLISECONDS = 5_000


class InUseError(Exception):
    """Somebody works with the database: it cannot be replaced under their hands."""


class Staged(Protocol):
    """A restored database beside the real one."""

    url: str

    def put_in_place(self) -> None:
        """Replace the database by this one, all at once. Raises InUseError."""
        ...

    def drop(self) -> None:
        """Take it away; nothing happens if it was put in place."""
        ...


def stage(url: str, dumped: Path, schema: str) -> Staged:
    """Bring a dump back beside the database at `url`.

    `schema` is the one it was dumped from. Raises ClientError.
    """
    if kind_of(url) == SQLITE:
        return StagedFile(url, dumped)
    return StagedSchema(url, dumped, schema)


class StagedFile:
    """A file of SQLite beside the one in use."""

    def __init__(self, url: str, dumped: Path) -> None:
        self._file = sqlite_file(url)
        self._beside = self._file.with_name(f"{self._file.name}.restoring")
        self.url = f"sqlite:///{self._beside}"
        self.drop()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dumped, self._beside)
        self._beside.chmod(OWN)

    def put_in_place(self) -> None:
        """See `Staged`: one renaming, once no log of either file is left."""
        _one_file(self._beside)
        if self._file.exists():
            _one_file(self._file)
        flush_file(self._beside)
        os.replace(self._beside, self._file)  # noqa: PTH105 - atomic
        flush_folder(self._file.parent)

    def drop(self) -> None:
        """See `Staged`."""
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._beside}{ending}").unlink(missing_ok=True)


def _one_file(file: Path) -> None:
    """Write a file's log back into it, which takes that nobody has it open."""
    with closing(sqlite3.connect(file, timeout=_WAIT_MILLISECONDS / 1_000)) as db:
        try:
            (mode,) = db.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise InUseError from error
    if mode != "delete":
        raise InUseError


class StagedSchema:
    """A schema of PostgreSQL beside the one in use."""

    def __init__(self, url: str, dumped: Path, schema: str) -> None:
        self._url = url
        address = make_url(url)
        options = f"{address.query.get('options', '')} -csearch_path={BESIDE}".strip()
        beside = address.update_query_dict({"options": options})
        self.url = beside.render_as_string(hide_password=False)
        self.drop()
        script = dumped.with_suffix(".sql")
        _write_script(dumped, script, schema)
        quiet = ("-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1")
        try:
            run_client(url, "psql", *quiet, f"--file={script}")
        finally:
            script.unlink(missing_ok=True)

    def put_in_place(self) -> None:
        """See `Staged`: the old schema goes, this one takes its name, in one commit."""
        name = self._name()
        try:
            self._do(
                f"SET LOCAL lock_timeout = {_WAIT_MILLISECONDS}",
                f"DROP SCHEMA {name} CASCADE",
                f"ALTER SCHEMA {BESIDE} RENAME TO {name}",
            )
        except OperationalError as error:
            raise InUseError from error

    def drop(self) -> None:
        """See `Staged`."""
        self._do(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE")

    def _name(self) -> str:
        """Return the schema in use, as a statement spells it."""
        engine = make_engine(self._url)
        try:
            with engine.connect() as db:
                return _quoted(str(db.scalar(text("SELECT current_schema()"))))
        finally:
            engine.dispose()

    def _do(self, *statements: str) -> None:
        engine = make_engine(self._url)
        try:
            with engine.begin() as db:
                for each in statements:
                    db.execute(text(each))
        finally:
            engine.dispose()


def _write_script(dumped: Path, script: Path, schema: str) -> None:
    """Write what brings a dump back under another name, and leaves its own alone."""
    quoted = _quoted(schema)
    body = script.with_suffix(".body")
    run_client(
        None,
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        f"--schema={schema}",
        f"--file={body}",
        str(dumped),
    )
    before = (
        f"DO $$ BEGIN IF to_regnamespace($n${quoted}$n$) IS NOT NULL THEN "
        f"ALTER SCHEMA {quoted} RENAME TO {_ASIDE}; END IF; END $$;\n"
        f"CREATE SCHEMA {quoted};\n"
    )
    after = (
        f"\nALTER SCHEMA {quoted} RENAME TO {BESIDE};\n"
        f"DO $$ BEGIN IF to_regnamespace('{_ASIDE}') IS NOT NULL THEN "
        f"ALTER SCHEMA {_ASIDE} RENAME TO {quoted}; END IF; END $$;\n"
    )
    with script.open("wb") as out, body.open("rb") as dump:
        out.write(before.encode())
        shutil.copyfileobj(dump, out)
        out.write(after.encode())
    body.unlink()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
