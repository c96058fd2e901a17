"""Brings a database to the newest schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.store.database import make_engine

_FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str, revision: str = "head") -> None:
    """Run all migrations up to `revision`. Repeating it changes nothing."""
    engine = make_engine(url)
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


@cache
def newest_revision() -> str:
    """Return the name of the newest migration."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the folder holds at least one
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
