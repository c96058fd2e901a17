"""Plan numbers: each is given once, and nobody waits for anybody."""

import threading
from typing import Any

from sqlalchemy import func, select

from bot.domain.plans import is_plan_number, next_number
from bot.services.numbers import free_number
from bot.store.civic import PlanRow
from tests.need import postgres_url
from tests.worlds import World, open_world, own_postgres


def last(world: World) -> int:
    newest = select(func.max(PlanRow.number))
    return int(world.house.db.read(lambda db: db.scalar(newest)) or 0)


def test_the_free_number_follows_the_last_plan(each_world: World) -> None:
    before = last(each_world)
    assert each_world.house.db.run(free_number) == next_number(before)


def test_authors_at_the_same_moment_get_numbers_of_their_own(tmp_path: Any) -> None:
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, tmp_path / "media") as world,
    ):
        first = next_number(last(world))
        engine = world.house.db.engine
        with engine.begin() as one:
            with engine.begin() as two:
                held = [free_number(one), free_number(two), free_number(one)]
                assert held == [first, next_number(first), first]
            assert world.house.db.run(free_number) == next_number(first), "given back"


def test_many_authors_at_once_all_get_a_plan(each_world: World) -> None:
    people = [each_world.person() for _ in range(8)]
    for person in people:
        each_world.says(person, "Een bankje in het park")
    before = last(each_world)
    gate = threading.Barrier(len(people))

    def confirm(person: Any) -> None:
        gate.wait()
        each_world.taps(person, "yes")

    threads = [threading.Thread(target=confirm, args=(each,)) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = select(PlanRow.number, PlanRow.resident_id).where(PlanRow.number > before)
    rows = each_world.house.db.read(lambda db: db.execute(found).all())
    assert {row.resident_id for row in rows} == {each.resident for each in people}
    assert all(is_plan_number(row.number) for row in rows)
