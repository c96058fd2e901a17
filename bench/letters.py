"""How fast letters are set, beside bare sheets set by typst in the same run.

A bare sheet has one line on each of its two pages, in the same fonts, tagged as ours.
Every measurement is a process of its own, in turns, so that neither fills a cache for
the other; its peak of memory is that of the process.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import click
import typst

from bench.report import machine, table
from bot.services.pass_files import PassCode
from letters import print_letters
from letters.printing import ROOM
from tests.letters.samples import TOKEN, printing, shared

LABELS = {"letters": "letters of the demo", "bare": "bare sheets"}
BARE = """
#set document(title: "Bare")
#set text(font: "Noto Sans", lang: "nl")
#for number in range(int(sys.inputs.count)) [
  = Sheet #number
  #pagebreak()
  One line.
  #pagebreak(weak: true)
]
"""


@dataclass(frozen=True, slots=True)
class Set:
    """A batch that was set: seconds, peak of memory in MB, and bytes of the PDF."""

    what: str
    count: int
    seconds: float
    memory: float
    size: int

    @property
    def per_second(self) -> float:
        """Sheets for each second."""
        return self.count / self.seconds


def set_letters(count: int) -> bytes:
    """Set letters with codes and tokens of their own."""
    from bot.letter_words import letter

    passes = [
        PassCode(f"{at:06}", "test", f"{at:016}", TOKEN[:14] + f"{at:06}")
        for at in range(count)
    ]
    return print_letters(
        shared(), [letter(printing(), each, ("A. B.", "Straat 1")) for each in passes]
    )


def set_bare(count: int) -> bytes:
    """Set as many sheets with a line on each page."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[ROOM / "fonts"],
    )
    setter = typst.Compiler(BARE.encode(), font_paths=fonts)
    made = setter.compile(
        format="pdf", pdf_standards="ua-1", sys_inputs={"count": str(count)}
    )
    assert isinstance(made, bytes)
    return made


WAYS: Mapping[str, Callable[[int], bytes]] = {"letters": set_letters, "bare": set_bare}


def measure(rounds: int, counts: tuple[int, ...] = (1, 100)) -> list[Set]:
    """Set batches of each size in both ways, in turns, each in its own process."""
    turns = [(way, n) for _ in range(rounds) for n in counts for way in WAYS]
    return [_in_a_process(*turn) for turn in turns]


def _in_a_process(what: str, count: int) -> Set:
    command = [sys.executable, "-m", "bench.letters", "--alone", what, str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Set(what, count, **json.loads(done.stdout))


def _alone(what: str, count: int) -> None:
    """Set one batch here, and print what it took."""
    begin = time.perf_counter()
    size = len(WAYS[what](count))
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory": memory, "size": size}))


def letters_report(runs: list[Set]) -> str:
    """Return a row for each way and size: medians, and the range seen."""
    heads = ["what", "in one PDF", "sheets/s", "lowest–highest", "memory MB", "kB each"]
    return table(heads, _rows(runs))


def _rows(runs: list[Set]) -> Iterator[list[str]]:
    for what, count in dict.fromkeys((run.what, run.count) for run in runs):
        own = [run for run in runs if (run.what, run.count) == (what, count)]
        rates = [run.per_second for run in own]
        yield [
            LABELS[what],
            str(count),
            f"{statistics.median(rates):.1f}",
            f"{min(rates):.1f}–{max(rates):.1f}",
            f"{statistics.median(run.memory for run in own):.0f}",
            f"{own[0].size / 1024 / count:.0f}",
        ]


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--alone", nargs=2, type=(click.Choice(list(WAYS)), int), hidden=True)
def main(rounds: int, alone: tuple[str, int] | None) -> None:
    """Measure letters, and print the table of docs/performance.md."""
    if alone:
        _alone(*alone)
        return
    where = machine()
    click.echo(f"{where}\n\n{letters_report(measure(rounds))}")


if __name__ == "__main__":
    main()
