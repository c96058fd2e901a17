"""A round under other rules, written into a database behind everybody's back."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, select, update

from bot.domain.rounds import Round
from bot.services.catalog import touch
from bot.services.rounds import round_from_json, round_to_json
from bot.store.civic import RoundRow
from tests.services.opened import round_of
from tests.worlds import VOTING, World


def rewrite(engine: Engine, slug: str, **changes: Any) -> None:
    """Change fields of a round in a database."""
    with engine.begin() as db:
        data = db.scalar(select(RoundRow.data).where(RoundRow.slug == slug))
        changed = replace(round_from_json(data or {}), **changes)
        row = update(RoundRow).where(RoundRow.slug == slug)
        db.execute(row.values(data=round_to_json(changed)))
        touch(db)


def lay_down(world: World, slug: str = VOTING, **changes: Any) -> Round:
    """Change fields of a round in a test world, and return it."""
    rewrite(world.house.db.engine, slug, **changes)
    return round_of(world, slug)


def limit_theme(world: World, key: str, most: int) -> Round:
    """Lay down how many plans of a theme one ballot may name."""
    themes = round_of(world, VOTING).themes
    limited = (
        replace(each, max_picks=most) if each.key == key else each for each in themes
    )
    return lay_down(world, themes=tuple(limited))
