"""However a command ends, it leaves no connection behind."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import QueuePool

from bot import cli
from bot.__main__ import build
from bot.config import Settings
from bot.services.house import House
from bot.store.migrating import migrate
from tests.worlds import SECRET_KEY


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("voices show", 0),
        ("templates show", 0),
        ("audit trail", 0),
        ("official reset nobody@city.example", 1),
        ("round ready nowhere", 1),
        ("passes list --round nowhere", 1),
        ("broadcast show 12", 1),
        ("export --round nowhere --format pb", 1),
    ],
)
def test_a_house_is_closed_when_its_command_ends(
    words: str, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    houses: list[House] = []

    def kept(settings: Settings) -> House:
        houses.append(build(settings))
        return houses[-1]

    url = f"sqlite:///{tmp_path}/city.db"
    migrate(url)
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("MEDIA_URL", str(tmp_path / "media"))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.main, words.split(), obj=kept)
    assert done.exit_code == code, done.output
    (house,) = houses
    pool = house.db.engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.checkedin(), pool.checkedout()) == (0, 0)
