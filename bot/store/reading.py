"""A database that is only read: a copy, a backup, or one whose disk is sealed."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL


def reading_engine(url: str) -> Engine:
    """Return an engine that cannot write, whatever it is asked to.

    A SQLite file needs no log beside it and no folder that can be written to. Raises
    FileNotFoundError if the file is not there: none is made.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(_of_file(address), hide_parameters=True)
        event.listen(engine, "connect", lambda it, _: it.execute("PRAGMA query_only=1"))
        return engine
    options = {"options": "-c default_transaction_read_only=on", "connect_timeout": 10}
    return create_engine(address, connect_args=options, hide_parameters=True)


def _of_file(address: URL) -> URL:
    """Return the address that opens a file for reading; sealed, if no log is beside it.

    With a log of writes there is something to take into account, and SQLite does.
    """
    path = Path(address.database or "").resolve()
    if not path.is_file():
        raise FileNotFoundError(path)
    query = {"uri": "true", "mode": "ro"}
    if not Path(f"{path}-wal").exists():
        query["immutable"] = "1"
    return address.set(database=path.as_uri(), query=query)
