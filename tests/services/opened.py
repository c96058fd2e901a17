"""A round from a file in a city, with plans on its ballot, two officials, a voice."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.languages import LANGUAGES
from bot.domain.rounds import Round
from bot.services.freezing import Frozen
from bot.services.house import Scene
from bot.services.officials import add_official
from bot.services.opening import Loaded, load_round, open_round
from bot.services.round_files import read_round_file
from bot.services.statements import ITEMS, Statement, declare
from synthesis import Voice
from tests.newcomer import blocks
from tests.worlds import World

SLUG = "oost-2027"
ELS, BRAM, VERA = "els@city.example", "bram@city.example", "vera@city.example"
OPENS = datetime(2027, 6, 1, 7, tzinfo=UTC)
CLOSES = datetime(2027, 6, 22, 18, tzinfo=UTC)


def file_text(**changes: str) -> str:
    """Return the example of the documentation, with other values for some keys."""
    (text,) = blocks("docs/rounds.md", "toml")
    for name, value in changes.items():
        text, times = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert times == 1, name
    return text


def read(**changes: str) -> Round:
    return read_round_file(file_text(**changes).encode())


def run(world: World, job: Any) -> Any:
    """Run `job`, which takes a scene, in a transaction."""
    now = world.clock()
    return world.house.db.run(lambda db: job(Scene(world.house, db, now)))


def load(world: World, **changes: str) -> Loaded:
    value = read(**changes)
    done: Loaded = run(world, lambda scene: load_round(scene, value))
    return done


def add_officials(world: World) -> None:
    roles = {ELS: "admin", BRAM: "counter", VERA: "viewer"}
    for email, role in roles.items():
        run(
            world,
            lambda scene, e=email, r=role: add_official(scene.db, e, r, "", scene.now),
        )


def add_plans(world: World, many: int = 3) -> list[int]:
    texts = dict.fromkeys(LANGUAGES, "Een bank")
    fine: dict[str, Any] = {
        "title": texts,
        "summary": texts,
        "public_at": world.clock(),
    }
    fine |= {"status": "on_ballot", "cost_cents": 20_000_00}
    return [world.plan(None, a_round=SLUG, **fine) for _ in range(many)]


def declare_all(world: World) -> None:
    for item in ITEMS:
        said = Statement(item, "gezien", ELS, world.clock())
        run(world, lambda scene, s=said: declare(scene.db, SLUG, s))


def make_ready(world: World, voice: Voice) -> list[int]:
    """Load the round and do all that opening needs; return the plans on its ballot."""
    world.house = replace(world.house, voice=voice)
    assert load(world) is Loaded.NEW
    add_officials(world)
    numbers = add_plans(world)
    declare_all(world)
    return numbers


def open_vote(world: World, by: str = ELS) -> Frozen:
    kept: Frozen = run(world, lambda scene: open_round(scene, SLUG, by))
    return kept


def round_of(world: World, slug: str = SLUG) -> Round:
    rounds = world.house.db.read(world.house.catalog.view).rounds
    return next(each for each in rounds if each.slug == slug)
