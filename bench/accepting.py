"""Ballots accepted per second, beside a bare insert into the same table.

A ballot is more than a row: the pass is marked as used, an earlier ballot and its
receipt give way, the receipt is kept apart, the talk forgets the plans, and the answer
is owed; all in one transaction, on disk before anybody is told. Beside it, through the
same pool and with the same commit, one row is inserted and nothing else. By turns, a
ballot and a row, so that a busy machine harms both.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from uuid import uuid4

import click
from sqlalchemy import delete, insert, select

from bench.postgres import fresh, lack
from bench.report import machine, table
from bot.domain.messages import Content, Inbound, Sender, Tap, Text
from bot.domain.passes import PassClass, PassState
from bot.services.house import Scene
from bot.services.inbound import take_in
from bot.services.pass_register import Letter, Making, make_passes
from bot.store.civic import BallotRow, RoundRow
from tests.worlds import VOTING, Person, World, open_world

PICKS = (21, 30, 40)
DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one round took: seconds for so many votes, yeses, and bare rows."""

    database: str
    ballots: int
    vote: float
    yes: float
    row: float


def measure(rounds: int, ballots: int) -> list[Accepted]:
    """Let so many holders of passes vote in each round, on each database there is."""
    seen = []
    for database in DATABASES:
        if database == "PostgreSQL" and (why := lack()):
            click.echo(why, err=True)
            continue
        with _town(database) as world:
            _votes(world, database, ballots // 5)  # warm
            seen += [_votes(world, database, ballots) for _ in range(rounds)]
    return seen


@contextmanager
def _town(database: str) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if database == "SQLite":
            url = f"sqlite:///{folder / 'city.db'}"
            with open_world(url, folder / "media", eligibility="pass") as world:
                yield world
            return
        with (
            fresh() as url,
            open_world(url, folder / "media", eligibility="pass") as world,
        ):
            yield world


_serial = count()


def _votes(world: World, database: str, ballots: int) -> Accepted:
    """Return the seconds of one round."""
    house, taken = world.house, dict.fromkeys(("shown", "named", "yes", "row"), 0.0)
    making = Making(VOTING, PassClass.RESIDENT, ballots, 12, "bench", PassState.OPEN)
    letters = house.db.run(
        lambda db: make_passes(Scene(house, db, house.clock()), making)
    )
    round_id = world.one(select(RoundRow.id).where(RoundRow.slug == VOTING)).id
    for letter in letters:
        holder = world.person()
        for step, content in _said(letter):
            taken[step] += _seconds(partial(_say, world, holder, content))
        taken["row"] += _seconds(partial(_bare, world, round_id))
    clean = delete(BallotRow).where(BallotRow.voter.like("bare-%"))
    rows = house.db.run(lambda db: db.execute(clean).rowcount)
    held = house.db.run(lambda db: db.execute(delete(BallotRow)).rowcount)
    if (rows, held) != (ballots, ballots):
        raise click.ClickException(f"{held} of {ballots} ballots are in the box")
    vote = taken["shown"] + taken["named"] + taken["yes"]
    return Accepted(database, ballots, vote, taken["yes"], taken["row"])


def _said(letter: Letter) -> Iterator[tuple[str, Content]]:
    yield "shown", Text("", start=f"k_{letter.token}")
    yield "named", Text(" ".join(map(str, PICKS)))
    yield "yes", Tap("yes")


def _say(world: World, holder: Person, content: Content) -> None:
    sender = Sender(holder.address)
    take_in(world.house, Inbound(holder.channel, f"m{next(_serial)}", sender, content))


def _bare(world: World, round_id: int) -> None:
    key = uuid4().hex
    row = {
        "id": key,
        "round_id": round_id,
        "voter": f"bare-{key}",
        "picks": list(PICKS),
        "receipt": key[:24],
    }
    world.house.db.run(lambda db: db.execute(insert(BallotRow).values(row)))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def accepting_report(seen: list[Accepted]) -> str:
    """Return ballots per second beside bare rows, medians of all rounds."""
    heads = ["database", "unit", "votes of three messages", "a yes alone"]
    heads += ["bare insert", "bare inserts in the time of a yes"]
    rows = []
    for database in dict.fromkeys(each.database for each in seen):
        mine = [each for each in seen if each.database == database]
        vote, yes, row = (
            statistics.median(each.ballots / getattr(each, name) for each in mine)
            for name in ("vote", "yes", "row")
        )
        figures = [f"{vote:.0f}", f"{yes:.0f}", f"{row:.0f}", f"{row / yes:.1f}"]
        rows.append([database, "per second", *figures])
    return table(heads, rows)


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--ballots", default=500, show_default=True, help="In each round.")
def main(rounds: int, ballots: int) -> None:
    """Measure how fast ballots are accepted, one by one; Markdown on stdout."""
    click.echo(f"{machine()}\n\n{accepting_report(measure(rounds, ballots))}")


if __name__ == "__main__":
    main()
