"""An author files her own plan under a theme, on both databases."""

from sqlalchemy import select

from bot.store.civic import PlanRow
from tests.worlds import COLLECTING, World


def theme_of(world: World, number: int) -> str | None:
    found = select(PlanRow.theme).where(PlanRow.number == number)
    return world.house.db.read(lambda db: db.scalar(found))


def test_her_own_plan_is_filed_where_she_says(each_world: World) -> None:
    world = each_world
    ayse = world.person()
    number = world.plan(ayse, a_round=COLLECTING, status="received", theme=None)
    world.taps(ayse, f"about:{number}")
    world.taps(ayse, "theme:together")
    assert theme_of(world, number) == "together"


def test_nobody_files_the_plan_of_somebody_else(world: World) -> None:
    number = world.plan(world.person(), a_round=COLLECTING, status="public", theme=None)
    stranger = world.person()
    world.taps(stranger, f"about:{number}")
    world.taps(stranger, "theme:together")
    assert theme_of(world, number) is None
