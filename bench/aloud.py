"""What it costs a turn that its answer is read aloud, where the sound was made before.

Two people ask for the same thing by turns, on SQLite as a city has it; one of them
hears the answer. The turn ends when its answer is committed and on its way.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import click

from bench.report import machine, table
from bot.domain.messages import Inbound, Sender, Text
from bot.services.inbound import take_in
from bot.services.voicing import speak_once
from synthesis import open_voice
from tests.worlds import Person, World, open_world

GOAL_MS = 5.0
WORDS = ("help", "regels", "status")
TIMES = 300


@dataclass(frozen=True, slots=True)
class Turns:
    """How long turns took, in milliseconds, with one question and its answer."""

    words: str
    silent: Sequence[float]
    aloud: Sequence[float]

    @property
    def more(self) -> float:
        """How much longer the median turn takes that carries sound."""
        return statistics.median(self.aloud) - statistics.median(self.silent)


def measure(times: int = TIMES) -> list[Turns]:
    """Ask each question so often, by turns, once its sound was made."""
    voice = open_voice("espeak-ng", Path("none"))
    if voice is None:
        raise RuntimeError("there is no voice")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        url = f"sqlite:///{place / 'city.db'}"
        with open_world(url, place / "media", voice=voice) as world:
            found = [_measure(world, words, times) for words in WORDS]
    voice.close()
    return found


def _measure(world: World, words: str, times: int) -> Turns:
    silent, hears = world.person(channel="web"), world.person(channel="web")
    _ask(world, hears, "voorlezen")
    for _ in range(3):
        _ask(world, hears, words)
        while speak_once(world.house):
            pass
        _ask(world, silent, words)
    taken: dict[Person, list[float]] = {silent: [], hears: []}
    for _ in range(times):
        for person, each in taken.items():
            each.append(_ask(world, person, words))
    if world.told(hears)[-1].sound is None:
        raise RuntimeError(f"the answer to {words} carries no sound")
    return Turns(words, taken[silent], taken[hears])


def _ask(world: World, person: Person, words: str) -> float:
    """Take a message in; return how many milliseconds that took."""
    sender = Sender(person.address)
    inbound = Inbound(person.channel, uuid4().hex, sender, Text(words))
    begin = time.perf_counter()
    take_in(world.house, inbound)
    return (time.perf_counter() - begin) * 1000


def aloud_report(found: Sequence[Turns]) -> str:
    """Return a row for each question: both medians, what sound adds, and the goal."""
    heads = ["asked", "answer", "text alone ms", "with sound ms", "adds ms", "goal"]
    rows = [
        [
            each.words,
            "one message",
            f"{statistics.median(each.silent):.2f}",
            f"{statistics.median(each.aloud):.2f}",
            f"{each.more:.2f}",
            f"at most {GOAL_MS:g}: {'met' if each.more <= GOAL_MS else 'missed'}",
        ]
        for each in found
    ]
    return table(heads, rows)


@click.command()
@click.option("--times", default=TIMES, show_default=True)
def main(times: int) -> None:
    """Print what sound that is there adds to a turn."""
    click.echo(f"{machine()}\n\n{aloud_report(measure(times))}")


if __name__ == "__main__":
    main()
