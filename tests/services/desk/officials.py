"""Officials of the demo, and what tests of the desk do with them."""

from datetime import date
from uuid import uuid4

from bot.services.desk import answering
from bot.services.desk.answering import Draft
from bot.services.desk.talks import TalkSeen, load_talk
from bot.services.house import Scene
from bot.services.officials import Person as Official
from bot.services.officials import officials
from tests.worlds import Person, World

TOMORROW = date(2026, 11, 19)


def official(world: World, role: str = "reviewer") -> Official:
    """Return the demo's official with this role."""
    return next(each for each in world.house.db.run(officials) if each.role == role)


def draft(**how: object) -> Draft:
    """Return what a form holds that was opened just now."""
    return Draft(**({"once": uuid4().hex} | how))  # type: ignore[arg-type]


def writes(world: World, person: Person, **how: object) -> bool:
    """Let Bram send somebody a message, and put it on its way if it is due."""
    bram = official(world)
    sent = answering.send(world.house, person.talk, draft(**how), bram)
    if person.channel == "web":
        world.send_due()
    return sent


def seen(world: World, person: Person) -> TalkSeen | None:
    """Return the talk as an official sees it."""
    now = world.clock()
    return world.house.db.read(
        lambda db: load_talk(Scene(world.house, db, now), person.talk)
    )


def shown(world: World, person: Person) -> str:
    """Return all words of a talk that an official sees."""
    talk = seen(world, person)
    assert talk is not None
    return "\n".join(line.text for line in talk.lines)
