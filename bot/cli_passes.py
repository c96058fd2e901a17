"""Commands about voting passes. Codes are printed once, and are nowhere afterwards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import Builder, settings_or_exit
from bot.cli_acts import act, by_two, sink, two_people
from bot.domain.passes import LENGTHS, PassClass, PassState

if TYPE_CHECKING:
    from bot.services.house import Scene
    from bot.services.pass_register import Making

REAL = [each.value for each in PassClass if each is not PassClass.TEST]


@click.group()
def passes() -> None:
    """Voting passes: make, open, void, replace, recast, count, seal."""


def _digits(command: Callable[..., None]) -> Callable[..., None]:
    lengths = click.Choice([str(each) for each in LENGTHS])
    return click.option(
        "--digits", type=lengths, default=str(LENGTHS[0]), show_default=True
    )(command)


def _out(command: Callable[..., None]) -> Callable[..., None]:
    path = click.Path(path_type=Path, dir_okay=False)
    told = "Write there, readable by you only; never over a file. Default: stdout."
    return click.option("--out", type=path, help=told)(command)


def _by(command: Callable[..., None]) -> Callable[..., None]:
    told = "Who does it, for the trail."
    return click.option("--by", default="command line", show_default=True, help=told)(
        command
    )


@passes.command("create")
@click.option("--round", "slug", required=True)
@click.option("--class", "kind", type=click.Choice(REAL), required=True)
@click.option("--count", type=click.IntRange(min=1), required=True)
@_digits
@_out
@_by
@click.pass_obj
def passes_create(  # noqa: PLR0913 - one parameter per option
    build: Builder,
    *,
    slug: str,
    kind: str,
    count: int,
    digits: str,
    out: Path | None,
    by: str,
) -> None:
    """Make passes and print serial, class, code and token as CSV, once.

    They open with `passes open`, when the letters are out. Refused where more than 0.05
    lucky guesses are to be expected in the voting weeks.
    """
    from bot.services.pass_register import Making

    making = Making(slug, PassClass(kind), count, int(digits), by)
    _make(build, making, out)


@passes.command("test")
@click.option("--round", "slug", required=True)
@click.option("--count", type=click.IntRange(min=1), default=3, show_default=True)
@_digits
@_out
@_by
@click.pass_obj
def passes_test(
    build: Builder, slug: str, count: int, digits: str, out: Path | None, by: str
) -> None:
    """Make test passes, open at once; their codes begin with 0000, tokens with test.

    Their ballots are never counted.
    """
    from bot.services.pass_register import Making

    state = PassState.OPEN
    making = Making(slug, PassClass.TEST, count, int(digits), by, state)
    _make(build, making, out)


def _make(build: Builder, making: "Making", out: Path | None) -> None:
    from bot.services.pass_register import as_csv, make_passes

    with sink(out) as write:
        house = build(settings_or_exit())
        letters = act(house, lambda scene: make_passes(scene, making))
        write(as_csv(letters))
    where = f" They stand in {out}." if out else ""
    click.echo(f"{len(letters)} passes made: keep their codes safe.{where}", err=True)


@passes.command("open")
@click.option("--round", "slug", required=True)
@click.option("--class", "kind", type=click.Choice(REAL), help="Default: all.")
@_by
@click.pass_obj
def passes_open(build: Builder, slug: str, kind: str | None, by: str) -> None:
    """Open all that is printed, once the letters are out.

    Running it again opens what was made since: make spares afterwards, and leave them
    printed.
    """
    from bot.services.pass_register import open_passes

    house = build(settings_or_exit())
    only = PassClass(kind) if kind else None
    opened = act(house, lambda scene: open_passes(scene, slug, only, by))
    click.echo(f"{opened} passes are open now.", err=True)


@passes.command("void")
@click.argument("serial")
@by_two
@click.pass_obj
def passes_void(build: Builder, serial: str, people: tuple[str, ...]) -> None:
    """Let pass SERIAL count no more, if it was never used. Takes two people."""
    from bot.services.pass_register import void_pass

    by = two_people(people)
    act(build(settings_or_exit()), lambda scene: void_pass(scene, serial, by))
    click.echo(f"Pass {serial} is void.", err=True)


@passes.command("replace")
@click.argument("serial")
@click.option("--with", "spare", help="Serial of a printed spare, not open yet.")
@_out
@by_two
@click.pass_obj
def passes_replace(
    build: Builder,
    serial: str,
    spare: str | None,
    out: Path | None,
    people: tuple[str, ...],
) -> None:
    """Void pass SERIAL, if it was never used, and give another one, open at once.

    With a spare from a sealed envelope nobody here sees its code; without one, a pass
    is made and printed as CSV, once. Takes two people.
    """
    from bot.services.pass_register import as_csv, replace_pass

    by = two_people(people)
    with sink(out) as write:
        house = build(settings_or_exit())
        given = act(house, lambda scene: replace_pass(scene, serial, by, spare))
        if given is not None:
            write(as_csv([given]))
    now = spare or (given.serial if given else "")
    click.echo(f"Pass {serial} is void; pass {now} is open instead.", err=True)


@passes.command("recast")
@click.argument("serial")
@by_two
@click.pass_obj
def passes_recast(build: Builder, serial: str, people: tuple[str, ...]) -> None:
    """Let the holder of pass SERIAL vote anew, where somebody else has used it.

    Her new vote replaces the first one. The chat in which it was used is not told, and
    the pass no longer works there. She has her letter with her, and votes at once.
    Takes two people.
    """
    from bot.services.pass_register import recast_pass

    by = two_people(people)
    act(build(settings_or_exit()), lambda scene: recast_pass(scene, serial, by))
    click.echo(f"Pass {serial} is free: let her vote here and now.", err=True)


@passes.command("count")
@click.option("--round", "slug", required=True)
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@click.pass_obj
def passes_count(build: Builder, slug: str, *, as_json: bool) -> None:
    """Count the passes of a round, by class and state. Never shows a code."""
    from bot.services.pass_register import count_passes, find_round

    def count(scene: "Scene") -> list[dict[str, str | int]]:
        _, round_id = find_round(scene, slug)
        counted = sorted(count_passes(scene.db, round_id).items())
        return [
            {"class": kind, "state": state, "passes": size}
            for (kind, state), size in counted
        ]

    rows = act(build(settings_or_exit()), count)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("\t".join(map(str, row.values())))


@passes.command("list")
@click.option("--round", "slug", required=True)
@click.pass_obj
def passes_list(build: Builder, slug: str) -> None:
    """List what was done to the passes of a round: when, by whom, to which."""
    from bot.services.pass_register import find_round, list_acts

    house = build(settings_or_exit())
    acts = act(house, lambda scene: list_acts(scene.db, find_round(scene, slug)[1]))
    for each in acts:
        what = each.serial or f"{each.passes} passes"
        words = (each.at.isoformat(), each.by, each.act, each.kind or "all", what)
        click.echo("\t".join(words))


@passes.command("seal")
@click.option("--round", "slug", required=True)
@by_two
@click.pass_obj
def passes_seal(build: Builder, slug: str, people: tuple[str, ...]) -> None:
    """Cut the ballots of a round loose from passes and receipts, for good.

    After closing only. Then the key of the ballot box may be destroyed. Takes two
    people; a second time changes nothing.
    """
    from bot.services.pass_register import PassRefusedError
    from bot.services.sealing import seal

    house = build(settings_or_exit())
    try:
        sealed = seal(house, slug, two_people(people))
    except PassRefusedError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    done = "are sealed now" if sealed.anew else "were sealed before"
    click.echo(f"{sealed.ballots} ballots of round {slug} {done}.", err=True)
    if sealed.anew:
        said = "Destroy BALLOT_BOX_KEY now, and old backups: docs/passes.md"
        click.echo(said, err=True)
