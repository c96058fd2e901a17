"""Does a message cost more in a big city? The same talks, with few and many rows.

Strangers and residents, drawn at random from all, say the same to the product on a
small and on a large database, by turns. What counts is processor time per answered
message, of the product and of the database's own processes together. Beside it: what
the worker's loops cost that find nothing to do, and what a claim costs that finds a
full queue.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from bench import claiming, idle, postgres
from bench.cities import ENGINES, City, copied
from bench.contestants import SECRET, Product, product
from bench.figures import Figures, Growing, Grown, Visit
from bench.growth_report import growth_report
from bench.report import machine
from bench.servers import (
    NotServingError,
    bot_api,
    free_port,
    heard,
    last_words,
    told,
    wait_until_ready,
)


@dataclass(frozen=True, slots=True)
class Growth:
    """What to measure; `crowd` people talk at once, `seconds` each time."""

    small: int = 1_000
    large: int = 1_000_000
    crowd: int = 16
    seconds: float = 8.0
    rounds: int = 5
    engines: tuple[str, ...] = ENGINES

    def quick(self) -> "Growth":
        """Return a small version that only shows that everything works."""
        return replace(self, small=100, large=10_000, seconds=1.0, rounds=1, crowd=4)


def measure(growth: Growth) -> Growing:
    """Measure on every engine and tell on stderr how it goes."""
    seen = Growing()
    for engine in measurable(growth.engines):
        with copied(engine, growth.large) as large:
            for number in range(growth.rounds):
                for each in _visits(engine, growth, large, number):
                    seen.visits.append(each)
                    _tell(each)
            with copied(engine, growth.small) as small:
                seen.rests.extend(idle.measure(small) + idle.measure(large))
                seen.claims.extend(claiming.measure(small, large))
    return seen


def measurable(engines: tuple[str, ...]) -> list[str]:
    """Leave out PostgreSQL, and say so, where no server answers."""
    lack = postgres.lack() if "PostgreSQL" in engines else None
    if lack:
        click.echo(lack, err=True)
    return [each for each in engines if not (lack and each == "PostgreSQL")]


def _visits(engine: str, growth: Growth, large: City, number: int) -> Iterator[Grown]:
    """Visit the small one, afresh, then the large one; in turns the other way round."""
    with ExitStack() as stack:
        small = stack.enter_context(copied(engine, growth.small))
        both = (small, large) if number % 2 == 0 else (large, small)
        for city in both:
            yield Grown(engine, city.residents, number, visited(city, growth))


def visited(city: City, growth: Growth) -> Figures:
    """Start the product on a database, let the crowd talk, end it.

    Where it does not serve to the end, that is what the figures tell.
    """
    try:
        return _visited(city, growth)
    except NotServingError as error:
        return Figures(0, 0.0, 0.0, 0.0, {}, 0.0, 0.0, broken=error.message)


def _visited(city: City, growth: Growth) -> Figures:
    port = free_port()
    with bot_api() as provider:
        api = f"http://127.0.0.1:{heard(provider)['port']}"
        with product(port, api, city.folder, Product(city.database)) as process:
            wait_until_ready(process, port)
            visit = Visit(
                port=port,
                secret=SECRET,
                pid=process.pid,
                residents=growth.crowd,
                seconds=growth.seconds,
                latency=0.0,
                database=city.database,
                city=city.residents,
            )
            told(provider, asdict(visit))
            figures = Figures(**heard(provider))
            if figures.failures:
                click.echo(last_words(city.folder), err=True)
            return figures


def _tell(grown: Grown) -> None:
    figures = grown.figures
    click.echo(
        f"round {grown.round + 1}  {grown.engine:10} {grown.residents:9,} residents "
        f"{figures.per_second:7.1f}/s  cores {figures.bot_cores:.2f} + "
        f"{figures.database_cores:.2f}  p50 {figures.p50_ms:6.1f} ms  "
        f"{figures.failures or ''}{figures.broken}",
        err=True,
    )


def _engines(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    names = {name.lower(): name for name in ENGINES}
    try:
        return tuple(names[part] for part in value.lower().split(","))
    except KeyError as error:
        raise click.BadParameter(f"some of {', '.join(ENGINES)}") from error


@click.command()
@click.option("--small", default=1_000, show_default=True)
@click.option("--large", default=1_000_000, show_default=True)
@click.option("--crowd", default=16, show_default=True)
@click.option("--seconds", default=8.0, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--engines", default=",".join(ENGINES), callback=_engines)
@click.option("--quick", is_flag=True, help="10,000 residents: only try the machinery.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="All figures.")
def main(out: Path | None, *, quick: bool, **options: object) -> None:
    """Measure what a message costs in a small and a large city.

    Markdown on stdout, progress on stderr. Exits 1 if a message was not answered
    or a visit did not come to its end.
    """
    growth = Growth(**options)  # type: ignore[arg-type]
    where = machine()
    seen = measure(growth.quick() if quick else growth)
    if out:
        out.write_text(json.dumps(asdict(seen), indent=1))
    click.echo(f"{where}\n\n{growth_report(seen)}")
    if not seen.went_well:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
