"""Somebody who listens at the desk, and notes that wait for her."""

from dataclasses import replace
from typing import Any

from bot.domain.languages import Language
from bot.services.listening import Words, Written, write_down
from bot.services.notes import listen_once
from bot.services.officials import Person as Official
from bot.store.civic import Correction
from bot.store.talks import Media
from tests.worlds import Person, World, table
from transcription import Transcriber

BRAM = Official(1, "bram@demo.example", "Bram de Wit", "reviewer")
WORDS = "Ik wil een bank onder de lindebomen."


def hearing(world: World, ears: Transcriber) -> World:
    """Return the same world with a recogniser."""
    house = replace(world.house, transcriber=ears)
    return World(house, world.clock, world.postman, world.serial)


def speaks(world: World, person: Person, note: bytes) -> Any:
    """Let somebody send a note that nobody understands; return the task of it."""
    world.sends_note(person, note)
    while listen_once(world.house):
        world.clock.pass_time(seconds=1)
    world.clock.pass_time(minutes=1)
    return [task for task in world.tasks() if task.kind == "listen"][-1]


def writes(
    world: World,
    task: Any,
    words: str = WORDS,
    spoken: str = "nl",
    language: Language = "nl",
) -> Written:
    """Write a note down as an official."""
    return write_down(world.house, task.id, Words(words, language, spoken), BRAM)


def corrected(world: World) -> list[Any]:
    """Return what is kept of notes that were written down."""
    return world.rows(table(Correction).order_by(Correction.media_id))


def medium(world: World, media_id: int) -> Any:
    """Return the row of a recording."""
    return world.one(table(Media).where(Media.id == media_id))
