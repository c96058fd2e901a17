"""Commands for rounds: the file, the opening of the vote, and what is frozen then."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import click

from bot.cli import Builder, named, settings_or_exit

if TYPE_CHECKING:
    from bot.services.freezing import Frozen
    from bot.services.house import Scene
    from bot.services.readiness import Point

T = TypeVar("T")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BY = click.option("--by", required=True, help="An official, by e-mail address.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")


@click.group("round")
def rounds() -> None:
    """Rounds: their files, and the opening of a vote."""


@rounds.command("check")
@click.argument("file", type=_FILE)
@_JSON
def check(file: Path, *, as_json: bool) -> None:
    """Check a round FILE; name every fault with its place. Exit code 1: there is one.

    Needs no settings and no database.
    """
    from bot.services.round_files import FaultyRoundError, read_round_file

    try:
        read_round_file(file.read_bytes())
        faults = []
    except FaultyRoundError as error:
        faults = [asdict(each) for each in error.faults]
        if not as_json:
            click.echo(str(error))
    if as_json:
        told = {"file": str(file), "ok": not faults, "faults": faults}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif not faults:
        click.echo(f"{file}: no faults.", err=True)
    if faults:
        raise SystemExit(1)


@rounds.command("load")
@click.argument("file", type=_FILE)
@click.pass_obj
def load(build: Builder, file: Path) -> None:
    """Store the round in FILE, or what has changed in it. Again changes nothing.

    Its vote does not begin before it is opened. Refuses to change what is frozen.
    """
    from bot.services.opening import load_round
    from bot.services.round_files import FaultyRoundError, read_round_file

    try:
        a_round = read_round_file(file.read_bytes())
    except FaultyRoundError as faults:
        raise click.ClickException(f"{file} has faults:\n{faults}") from faults
    with _scene(build) as run:
        done = run(lambda scene: load_round(scene, a_round))
    told = {"new": "is stored", "changed": "is changed", "same": "is there already"}
    click.echo(f"{a_round.slug} {told[done]}.", err=True)


@rounds.command("ready")
@click.argument("slug")
@_JSON
@click.pass_obj
def ready(build: Builder, slug: str, *, as_json: bool) -> None:
    """List what blocks the opening of a vote, and who has to see to it.

    Exit code 1: something does. Of an open vote it says whether an outage in its last
    day is a reason to close later.
    """
    from bot.services.readiness import late_news, readiness

    with _scene(build) as run:
        points, late = run(
            lambda scene: (readiness(scene, slug), late_news(scene, slug))
        )
    blocked = [each for each in points if not each.ready]
    if as_json:
        kept = {"ready": not blocked, "points": [asdict(each) for each in points]}
        click.echo(json.dumps(kept | {"late": late}, ensure_ascii=False))
    else:
        for line in (*map(_point, points), *late):
            click.echo(line)
    if blocked:
        raise SystemExit(1)


def _point(point: "Point") -> str:
    """Return a point as one line: a mark, whose it is, how it is, what to do."""
    mark = "ok" if point.ready else "no"
    todo = f" → {point.todo}" if point.todo else ""
    return f"{mark:<4}{point.name} ({point.owner}): {point.seen}{todo}"


@rounds.command("state")
@click.argument("slug")
@click.argument("item")
@_BY
@click.option("--note", required=True, help="What was decided or looked at, and where.")
@click.option("--withdraw", is_flag=True, help="Take the statement back.")
@click.pass_obj
def state(
    build: Builder, slug: str, item: str, by: str, note: str, *, withdraw: bool
) -> None:
    """Declare ITEM of a round, such as processor-agreements, in somebody's name."""
    from bot.services.statements import Statement, declare

    with _scene(build) as run:
        run(
            lambda scene: declare(
                scene.db, slug, Statement(item, note, by, scene.now), holds=not withdraw
            )
        )
    click.echo(f"{item} is {'taken back' if withdraw else 'declared'}.", err=True)


@rounds.command("open")
@click.argument("slug")
@_BY
@click.pass_obj
def open_vote(build: Builder, slug: str, by: str) -> None:
    """Open the vote of a round and freeze its settings; prints their hash.

    Refuses while something blocks it: see `buurtstem round ready`.
    """
    from bot.services.opening import NotReadyError, open_round

    with _scene(build) as run:
        try:
            kept = run(lambda scene: open_round(scene, slug, by))
        except NotReadyError as refusal:
            lines = "\n".join(map(_point, refusal.points))
            told = f"{slug} is not ready, nothing was opened:\n{lines}"
            raise click.ClickException(told) from refusal
    click.echo(kept.hash)


@rounds.command("preselect")
@click.argument("slug")
@_BY
@click.option("--seed", help="The public number of the lot, where one decides.")
@click.pass_obj
def preselect(build: Builder, slug: str, by: str, seed: str | None) -> None:
    """Put the plans on the ballot that the vote before the vote has chosen.

    Prints their numbers; every author is told, in her language. Where there are no more
    plans than places all go on, without a vote. Again tells nobody anew.
    """
    from bot.services.preselecting import preselect as run
    from bot.services.rounds import RoundError
    from bot.services.tallying import TallyError

    house = build(settings_or_exit())
    try:
        done = run(house, slug, by, seed)
    except (RoundError, TallyError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for number in done.chosen:
        click.echo(number)
    told = f"{len(done.chosen)} plans are on the ballot, {len(done.others)} are not"
    how = "" if done.voted else ": no more than there are places, so nobody had to vote"
    click.echo(f"{told}{how}. {done.answer.told} messages go to authors.", err=True)
    for number in done.answer.unreachable:
        click.echo(f"The author of plan {number} cannot be reached here.", err=True)


@rounds.command("hash")
@click.argument("slug")
@_JSON
@click.pass_obj
def show_hash(build: Builder, slug: str, *, as_json: bool) -> None:
    """Print the hash of a round's frozen settings. Exit code 1: they are not kept to.

    With --json also the settings themselves and every version before.
    """
    with _scene(build) as run:
        versions, intact = run(lambda scene: _versions(scene, slug))
    if as_json:
        told = [
            {"hash": each.hash, "by": each.by, "at": each.at.isoformat()}
            for each in versions
        ]
        kept = json.loads(versions[-1].settings)
        whole = {"hash": versions[-1].hash, "intact": intact, "settings": kept}
        click.echo(json.dumps(whole | {"versions": told}, ensure_ascii=False))
    else:
        click.echo(versions[-1].hash)
    if not intact:
        click.echo("What is in the database is not what was frozen.", err=True)
        raise SystemExit(1)


def _versions(scene: "Scene", slug: str) -> "tuple[list[Frozen], bool]":
    from bot.services.freezing import FrozenError, all_versions, is_intact
    from bot.services.readiness import find_round

    find_round(scene, slug)
    round_id = scene.house.catalog.view(scene.db).round_id(slug)
    versions = all_versions(scene.db, round_id)
    if not versions:
        raise FrozenError(f"the vote of {slug} was not opened: nothing is frozen")
    return versions, is_intact(scene.db, round_id, versions[-1])


@rounds.command("move-closing")
@click.argument("slug")
@click.option("--to", required=True, help="When, like 2026-12-06T18:00, local time.")
@click.option("--reason", "reasons", multiple=True, required=True, help="nl=… (en …)")
@_BY
@click.pass_obj
def move_closing(
    build: Builder, slug: str, to: str, reasons: tuple[str, ...], by: str
) -> None:
    """Propose that voting closes later; a second official confirms it."""
    from bot.services.closing import propose_closing
    from bot.services.readiness import find_round

    reason = dict(named(each) for each in reasons)
    with _scene(build) as run:
        move = run(
            lambda scene: propose_closing(
                scene, slug, _local(to, find_round(scene, slug).zone), reason, by
            )
        )
    click.echo(
        f"Proposed: {slug} closes at {move.closes_to:%Y-%m-%d %H:%M} UTC. Another "
        f"official confirms it: buurtstem round confirm-closing {slug} --by …",
        err=True,
    )


@rounds.command("confirm-closing")
@click.argument("slug")
@_BY
@click.pass_obj
def confirm(build: Builder, slug: str, by: str) -> None:
    """Confirm what another official proposed: voting closes later, and people hear it.

    Prints the hash of the settings that hold from now on.
    """
    from bot.services.closing import confirm_closing

    with _scene(build) as run:
        moved = run(lambda scene: confirm_closing(scene, slug, by))
    click.echo(moved.frozen.hash)
    click.echo(
        f"{slug} closes at {moved.move.closes_to:%Y-%m-%d %H:%M} UTC. Broadcast "
        f"{moved.move.broadcast_id} tells {moved.people} people.",
        err=True,
    )


def _local(text: str, zone: str) -> datetime:
    """Read a local time of the round, or a moment with its zone.

    Raises click.BadParameter for anything else, and for a time that does not exist.
    """
    from bot.services.round_values import as_instant

    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else as_instant(moment, ZoneInfo(zone))
    except ValueError as error:
        told = f"--to must look like 2026-12-06T18:00 ({error})"
        raise click.BadParameter(told) from error


@contextmanager
def _scene(build: Builder) -> "Iterator[Callable[[Callable[[Scene], T]], T]]":
    """Yield what runs a job in a transaction; a refusal of ours becomes one line."""
    from bot.services.answers import CallError
    from bot.services.house import Scene
    from bot.services.rounds import RoundError

    house = build(settings_or_exit())
    now = house.clock()
    try:
        yield lambda job: house.db.run(lambda db: job(Scene(house, db, now)))
    except (CallError, RoundError) as refusal:
        raise click.ClickException(str(refusal)) from refusal


@click.command("rehearse")
@click.argument("slug")
@click.option("--voters", type=click.IntRange(1, 1_000), default=40, show_default=True)
@_JSON
@click.pass_obj
def rehearse(build: Builder, slug: str, voters: int, *, as_json: bool) -> None:
    """Let test voters vote in a copy of a round, and throw the copy away.

    Nothing is sent and nothing is left behind. Exit code 1: the ballots were not right.
    """
    from bot.services.rehearsal import rehearse as run
    from bot.services.rounds import RoundError

    house = build(settings_or_exit())
    try:
        done = run(house, slug, voters)
    except RoundError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        for number, votes in sorted(done.votes.items()):
            click.echo(f"{number}\t{votes}")
        told = f"{done.voters} voters, {done.ballots} ballots; nothing was kept."
        click.echo("\n".join((told, *done.faults)), err=True)
    if done.faults:
        raise SystemExit(1)
