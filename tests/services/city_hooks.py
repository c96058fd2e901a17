"""A neighbourhood that tells a system of the city what happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.posting import Post
from bot.domain.events import Reach
from bot.services.desk.endpoints import KINDS, Sent, add_endpoint, lately_sent
from bot.services.house import Scene
from bot.services.outgoing import post_events
from bot.store.outhooks import HookEndpoint, HookTry
from tests.standins.city_system import CitySystem
from tests.worlds import World, table

ADMIN = "chantal@city.example"


@dataclass
class Told:
    """A world, and a system of the city that is connected to it."""

    world: World
    system: CitySystem
    secret: str
    endpoint: int

    def does(self, act: Any, *values: Any) -> Any:
        """Run an act of the desk in a transaction of its own."""
        house = self.world.house
        now = self.world.clock()
        return house.db.run(lambda db: act(Scene(house, db, now), *values))

    def posts(self, times: int = 1) -> None:
        """Let the worker look for work so often."""
        for _ in range(times):
            post_events(self.world.house)

    def sent(self) -> list[Sent]:
        """Return what the desk shows, newest first."""
        return self.world.house.db.read(lambda db: lately_sent(db, self.endpoint))

    def row(self) -> Any:
        mine = table(HookEndpoint).where(HookEndpoint.id == self.endpoint)
        return self.world.one(mine)

    def tries(self) -> list[Any]:
        return self.world.rows(table(HookTry).order_by(HookTry.id))

    def tell(self) -> None:
        """Let something happen that the city hears of."""
        self.world.plan(None)


@contextmanager
def posting(world: World, seconds: float = 5.0) -> Iterator[World]:
    """Give a world the means to post to this machine."""
    post = Post(Reach(on_this_machine=True), seconds)
    yield replace(world, house=replace(world.house, post=post))
    post.close()


@contextmanager
def connected(
    world: World, *kinds: str, seconds: float = 5.0, system: CitySystem | None = None
) -> Iterator[Told]:
    """Connect a system that is told of these kinds, of all without any."""
    with posting(world, seconds) as posts, system or CitySystem() as running:
        told = Told(posts, running, "", 0)
        told.secret = told.does(add_endpoint, running.hook, kinds or KINDS, ADMIN)
        running.secrets = [told.secret]
        told.endpoint = posts.one(table(HookEndpoint)).id
        yield told
