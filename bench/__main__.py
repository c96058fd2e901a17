"""All measurements, as the Markdown that stands in `docs/performance.md`."""

import click

from bench.accepting import accepting_report
from bench.accepting import measure as measure_accepting
from bench.broadcast import broadcast_report
from bench.broadcast import measure as measure_broadcast
from bench.chaos.report import kill_report
from bench.chaos.run import LOCAL_POSTGRES, Chaos, databases
from bench.fuzz import Size, fuzz_report, guide
from bench.fuzz import main as fuzz_alone
from bench.fuzz import measure as measure_fuzz
from bench.growth import Growth
from bench.growth import measure as measure_growth
from bench.growth_report import growth_report
from bench.inbound import Contest
from bench.inbound import measure as measure_inbound
from bench.kill import measure as measure_kills
from bench.letters import letters_report
from bench.letters import measure as measure_letters
from bench.pace import measure as measure_pace
from bench.pace import pace_report
from bench.report import inbound_report, machine
from bench.retiring import measure as measure_retiring
from bench.retiring import retiring_report
from bench.speaking import measure as measure_speaking
from bench.speaking import speaking_report
from bench.start import measure as measure_start
from bench.start import start_report
from bench.tally import Contest as CountContest
from bench.tally import faults as count_faults
from bench.tally import measure as measure_tally
from bench.tally import pabutools_here, tally_report


@click.group(invoke_without_command=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=8.0, show_default=True)
@click.option("--kills", default=200, show_default=True, help="On each database.")
@click.option("--server", default=LOCAL_POSTGRES, show_default=True)
@click.option("--quick", is_flag=True, help="Small sizes: only try the machinery.")
@click.pass_context
def main(
    context: click.Context,
    rounds: int,
    seconds: float,
    kills: int,
    server: str,
    *,
    quick: bool,
) -> None:
    """Measure everything; takes some hours with the defaults, most of them for fuzzing.

    The first time some more: two databases are filled with a million people. Exits 1 if
    a message was not answered or a promise was broken.
    """
    if context.invoked_subcommand:
        return
    contest = Contest(rounds=rounds, seconds=seconds)
    growth = Growth(seconds=seconds)
    if quick:
        contest, growth = Contest(rounds=1, seconds=1.0), growth.quick()
    where = machine()
    starts = measure_start(5)
    spoken = measure_speaking(1 if quick else 9)
    printed = measure_letters(1, (1, 5)) if quick else measure_letters(3)
    counted = measure_tally(
        CountContest(1, 1_000, 5_000, pabutools_here())
        if quick
        else CountContest(rounds, pabutools=pabutools_here())
    )
    accepted = measure_accepting(*((1, 20) if quick else (rounds, 500)))
    runs = measure_inbound(contest)
    grown = measure_growth(growth)
    emptied = measure_broadcast(*((1, 200, 1_000) if quick else (3, 1_000, 100_000)))
    kept = measure_pace(1, 4.0) if quick else measure_pace(1, 60.0)
    retired = measure_retiring((400, 4_000) if quick else (40_000, 400_000))
    killed = [
        measure_kills(Chaos(each, 4 if quick else kills, server=server))
        for each in databases(server)
    ]
    size = Size().quick() if quick else Size()
    fuzzed, guided = measure_fuzz(size, 1), guide(size.guided, 1)
    parts = [
        where,
        "## Start",
        start_report(starts),
        "## Speaking",
        speaking_report(spoken),
        "## Letters",
        letters_report(printed),
        "## The count",
        tally_report(counted),
        "## Accepting ballots",
        accepting_report(accepted),
        f"## {contest.residents} residents, {seconds:g} s, median of {rounds} rounds",
        inbound_report(runs),
        f"## {growth.large:,} residents beside {growth.small:,}",
        growth_report(grown),
        "## Broadcasts",
        broadcast_report(emptied),
        "## Pace",
        pace_report(kept),
        "## The night's job",
        retiring_report(retired),
        "## Kills",
        kill_report(killed),
        "## Fuzzing",
        fuzz_report(fuzzed),
        guided,
    ]
    click.echo("\n\n".join(parts))
    broken = any(run.findings.lines for run in killed)
    broken |= not grown.went_well or bool(count_faults(counted))
    broken |= any(report.found for report in fuzzed.values()) or "FOUND" in guided
    if broken or any(run.figures.failures for run in runs):
        raise click.exceptions.Exit(1)


main.add_command(fuzz_alone)


if __name__ == "__main__":
    main()
