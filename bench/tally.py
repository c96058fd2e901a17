"""The count beside pabutools: seconds and peak memory, each in a process of its own.

Lodz 2022 is a real election of 90,494 ballots (`../shared/pabulib`); the others are
made up: up to five of 200 plans, a few of which nearly everybody likes. Seconds are the
processor's, from opening the file to the result, without the start of the interpreter:
a count waits for nothing, so the clock of a quiet machine says the same. Ours include
the steps, the ties and the margins, which pabutools does not make.
"""

import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import click

from bench.report import machine, table, verdict

ROOT = Path(__file__).parents[1]
LODZ = ROOT.parent / "shared" / "pabulib" / "Poland_Lodz_2022.pb"
PEER = ROOT / "bench" / "peers" / "pabutools_count.py"
PABUTOOLS = ROOT / "var" / "ci" / "judge" / "bin" / "python"

WAYS = ("greedy", "one run", "with increase")
FASTER = {"greedy": 20.0, "one run": 1.0, "with increase": 10.0}
LESS_MEMORY = {"greedy": 10.0}
MILLION, MILLION_SECONDS = 1_000_000, 10.0
PLANS, PICKS = 200, 5
MOST_SECONDS, MOST_MEGABYTES = 300, 5_000


@dataclass(frozen=True, slots=True)
class Count:
    """One count; `stopped` is why it did not end, and nothing else counts then."""

    what: str
    ballots: int
    way: str
    who: str
    seconds: float = 0.0
    reading: float = 0.0
    megabytes: float = 0.0
    chosen: tuple[str, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """How often, how many made-up ballots, which python has pabutools, and patience."""

    rounds: int = 3
    small: int = 100_000
    large: int = MILLION
    pabutools: Path | None = None
    most_seconds: int = MOST_SECONDS


def write_ballots(path: Path, ballots: int) -> None:
    """Write an election of so many made-up ballots, always the same."""
    chance = random.Random(7)
    plans = [f"P{at:03}" for at in range(PLANS)]
    liked = list(accumulate(1 / (at + 3) for at in range(PLANS)))
    head = {
        "description": "Made up", "country": "-", "unit": "-", "instance": "1",
        "num_projects": PLANS, "num_votes": ballots, "budget": 5_000_000,
        "vote_type": "approval", "rule": "greedy", "max_length": PICKS,
        "date_begin": "01.01.2026", "date_end": "31.01.2026",
    }  # fmt: skip
    with path.open("w", encoding="utf-8") as file:
        file.write("META\nkey;value\n")
        file.writelines(f"{key};{value}\n" for key, value in head.items())
        file.write("PROJECTS\nproject_id;cost;name\n")
        costs = (chance.randrange(5, 400) * 1000 for _ in plans)
        file.writelines(
            f"{p};{cost};Plan {p}\n" for p, cost in zip(plans, costs, strict=True)
        )
        file.write("VOTES\nvoter_id;vote\n")
        for voter in range(ballots):
            number = chance.choice((3, 4, PICKS, PICKS))
            picks = set(chance.choices(plans, cum_weights=liked, k=number))
            file.write(f"{voter};{','.join(sorted(picks))}\n")


def measure(contest: Contest) -> list[Count]:
    """Count every election in each way, by turns."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.pb"), Path(folder, "large.pb")
        write_ballots(small, contest.small)
        write_ballots(large, contest.large)
        asked = [("Lodz 2022", LODZ, 90_494, way) for way in WAYS if LODZ.exists()]
        asked += [("made up", small, contest.small, way) for way in WAYS[:2]]
        asked += [("made up", large, contest.large, "greedy")]
        return [
            count
            for what, file, ballots, way in asked
            for _ in range(contest.rounds)
            for count in _both(contest, what, file, ballots, way)
        ]


def _both(
    contest: Contest, what: str, file: Path, ballots: int, way: str
) -> Iterator[Count]:
    ours = [sys.executable, "-m", "bench.counting", str(file), way]
    yield Count(what, ballots, way, "Buurtstem", **run(ours, contest.most_seconds))
    if contest.pabutools:
        told = [str(contest.pabutools), str(PEER), str(file), way, str(MOST_MEGABYTES)]
        yield Count(what, ballots, way, "pabutools", **run(told, contest.most_seconds))


def run(command: Sequence[str], seconds: int = MOST_SECONDS) -> dict[str, Any]:
    """Run a contestant; return what it told, or why it did not come to the end."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, check=True, timeout=seconds, capture_output=True
        )
    except subprocess.TimeoutExpired:
        return {"stopped": f"more than {seconds} s"}
    except subprocess.CalledProcessError as error:
        if error.returncode >= 0:
            raise
        return {"stopped": f"killed ({signal.Signals(-error.returncode).name})"}
    told: dict[str, Any] = json.loads(done.stdout)
    return told | {"chosen": tuple(told.get("chosen", ()))}


def faults(seen: Sequence[Count]) -> list[str]:
    """Name every count whose result differs from the first one of the same."""
    first: dict[tuple[str, int, str], tuple[str, ...]] = {}
    ended = [each for each in seen if not each.stopped]
    return [
        f"{each.what}, {each.way}: {each.who} chose other plans"
        for each in ended
        if first.setdefault((each.what, each.ballots, each.way), each.chosen)
        != each.chosen
    ]


def tally_report(seen: Sequence[Count]) -> str:
    """Return a row for each count: medians, and how they stand to pabutools."""
    heads = ["ballots", "way", "who", "seconds", "of it reading", "peak MB"]
    heads += ["times faster", "goal", "times less memory", "goal"]
    keys = dict.fromkeys((each.what, each.ballots, each.way, each.who) for each in seen)
    rows = [_row(seen, *key) for key in keys]
    return "\n".join([table(heads, rows), *_million(seen), *_same(seen)])


def _of(seen: Sequence[Count], *key: object) -> list[Count]:
    return [e for e in seen if (e.what, e.ballots, e.way, e.who) == key]


def _row(
    seen: Sequence[Count], what: str, ballots: int, way: str, who: str
) -> list[str]:
    found = _of(seen, what, ballots, way, who)
    row = [f"{what}: {ballots:,}", way, who]
    if found[0].stopped:
        return [*row, found[0].stopped, *["–"] * 6]
    seconds, reading, megabytes = _medians(found)
    row += [f"{seconds:.2f}", f"{reading:.2f}", f"{megabytes:.0f}"]
    theirs = _of(seen, what, ballots, way, "pabutools")
    if who == "pabutools" or not theirs or theirs[0].stopped:
        return [*row, *["–"] * 4]
    their_seconds, _, their_megabytes = _medians(theirs)
    row += _held(their_seconds / seconds, FASTER.get(way))
    return row + _held(their_megabytes / megabytes, LESS_MEMORY.get(way))


def _medians(found: Sequence[Count]) -> tuple[float, float, float]:
    return (
        statistics.median(each.seconds for each in found),
        statistics.median(each.reading for each in found),
        statistics.median(each.megabytes for each in found),
    )


def _held(ratio: float, goal: float | None) -> list[str]:
    if goal is None:
        return [f"{ratio:.1f}", "–"]
    return [f"{ratio:.1f}", f"{goal:g}: {verdict(ratio, goal, higher_is_better=True)}"]


def _million(seen: Sequence[Count]) -> Iterator[str]:
    """Say how the count of a million ballots stands to its goal."""
    found = _of(seen, "made up", MILLION, "greedy", "Buurtstem")
    if found:
        seconds, _, _ = _medians(found)
        met = verdict(seconds, MILLION_SECONDS, higher_is_better=False)
        told = f"{seconds:.1f} s; goal {MILLION_SECONDS:g} s: {met}."
        yield f"\n1,000,000 ballots, read and counted, in {told}"


def _same(seen: Sequence[Count]) -> Iterator[str]:
    wrong = faults(seen)
    yield "\n" + ("; ".join(wrong) if wrong else "All who ended chose the same plans.")


def pabutools_here() -> Path | None:
    """Return the interpreter that CI makes for pabutools, if it is there."""
    return PABUTOOLS if PABUTOOLS.exists() else None


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--small", default=100_000, show_default=True, help="Ballots.")
@click.option("--large", default=MILLION, show_default=True, help="Ballots.")
@click.option(
    "--pabutools",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A python that has it. Default: the one of .ci/run, else without.",
)
@click.option("--most-seconds", default=MOST_SECONDS, show_default=True)
def main(
    rounds: int, small: int, large: int, pabutools: Path | None, most_seconds: int
) -> None:
    """Measure the count; Markdown on stdout. Exits 1 if two results differ."""
    where = machine()
    peer = pabutools or pabutools_here()
    seen = measure(Contest(rounds, small, large, peer, most_seconds))
    click.echo(f"{where}\n\n{tally_report(seen)}")
    if faults(seen):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
