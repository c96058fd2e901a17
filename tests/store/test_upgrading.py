"""Cities update: what a released version left is kept, and goes on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from bot.channels.base import Sent
from bot.store.database import make_engine
from bot.store.migrating import _config, migrate, newest_revision
from bot.store.talks import Talk
from tests.services.test_outbox import ends, row_of
from tests.store.released import RELEASED, content, fill
from tests.worlds import NOON, World, open_world, table


def differing(before: Any, after: Any) -> list[object]:
    """Return the rows of `before` that are not in `after` with the same values."""
    lost: list[object] = []
    for name, rows in before.items():
        seen = [{key: row[key] for key in rows[0]} for row in after[name]]
        lost += [(name, row) for row in rows if row not in seen]
        if len(seen) != len(rows):
            lost.append((name, len(seen), len(rows)))
    return lost


def downgrade(url: str, revision: str) -> None:
    engine, config = make_engine(url), _config()
    with engine.connect() as db:
        config.attributes["connection"] = db
        command.downgrade(config, revision)
        db.commit()
    engine.dispose()


@pytest.mark.parametrize("revision", RELEASED)
def test_an_update_keeps_every_row_there_and_back(url: str, revision: str) -> None:
    migrate(url, revision)
    engine = make_engine(url)
    fill(engine)
    before = content(engine)
    assert all(before.values()), "every table has a row"
    migrate(url)
    assert differing(before, content(engine)) == []
    downgrade(url, revision)
    assert content(engine) == before
    migrate(url)
    assert differing(before, content(engine)) == []
    with engine.connect() as db:
        found = db.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    assert found == newest_revision()


@pytest.mark.parametrize("revision", RELEASED)
def test_what_was_owed_before_an_update_is_sent_after_it(
    url: str, revision: str, tmp_path: Path
) -> None:
    migrate(url, revision)
    engine = make_engine(url)
    fill(engine)
    engine.dispose()
    with open_world(url, tmp_path / "media", demo=False) as world:
        owed = world.claim()
        assert [(each.row, each.channel) for each in owed] == [
            (1, "whatsapp"),
            (8, "telegram"),
        ]
        for each in owed:
            assert each.out.text == "Dank u wel."
            ends(world, each, Sent(f"x{each.row}"))
        assert {row_of(world, each.row).delivery for each in owed} == {"sent"}
        world.clock.pass_time(days=2)
        assert [each.row for each in world.claim()] == [9], "and what was for later"
        assert windows(world) == [NOON + timedelta(minutes=1425), None, None, None]


def windows(world: World) -> list[Any]:
    return [row.window_until for row in world.rows(table(Talk).order_by(Talk.id))]
