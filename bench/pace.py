"""The pace of a broadcast: how near the limit it comes, and that it never passes it.

The real worker processes send through the real clients to a provider beside them, which
notes when each message came. A violation is a second, wherever it begins, in which more
came than the limit allows.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bench import postgres
from bench.outbox import empty, fill, left
from bench.report import machine, table
from bench.servers import ROOT, heard, running, told
from bot.store.database import Database

LIMITS: Mapping[str, int] = {"whatsapp": 80, "telegram": 30}
GOAL = 0.98
PATIENCE = 120.0
SECRET = "measured, not kept " * 2


@dataclass(frozen=True, slots=True)
class Pace:
    """One broadcast: what was allowed a second, what came, and how often too much."""

    database: str
    channel: str
    workers: int
    limit: int
    per_second: float
    most: int
    violations: int


def paced(database: str, channel: str, workers: int, seconds: float) -> Pace:
    """Let workers send a broadcast of about so many seconds, and judge its pace."""
    limit = LIMITS[channel]
    count = round(limit * seconds)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(empty(database))
        fill(url, channel, count)
        taker = stack.enter_context(_taker())
        port = heard(taker)["port"]
        environment = _environment(url, folder, f"http://127.0.0.1:{port}")
        command = [sys.executable, "-m", "bot", "worker"]
        for number in range(workers):
            place = folder / str(number)
            place.mkdir()
            stack.enter_context(running(command, place, environment))
        _wait_until_sent(url)
        told(taker, {})
        moments = heard(taker)["moments"]
    if len(moments) != count:
        raise click.ClickException(f"{count} were owed, {len(moments)} came")
    return Pace(database, channel, workers, limit, *judged(limit, moments))


def judged(limit: int, moments: list[float]) -> tuple[float, int, int]:
    """Return the pace of messages that came at these moments (in seconds).

    That is how many came a second, how many at most, and how often too many did.
    """
    times = sorted(moments)
    crowds, last = [], 0
    for first, begin in enumerate(times):
        while last < len(times) and times[last] < begin + 1:
            last += 1
        crowds.append(last - first)
    per_second = (len(times) - 1) / (times[-1] - times[0])
    return per_second, max(crowds), sum(crowd > limit for crowd in crowds)


def _wait_until_sent(url: str) -> None:
    database, give_up = Database(url), time.monotonic() + PATIENCE
    while left(database):
        if time.monotonic() > give_up:
            raise click.ClickException("the workers never came to an end")
        time.sleep(0.2)
    database.close()


@contextmanager
def _taker() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.taker"],
        cwd=ROOT,
        text=True,
        bufsize=1,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        yield process
        if process.stdin:
            process.stdin.close()


def _environment(url: str, folder: Path, api: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "CHAT_PER_MINUTE": "0",
        "PUBLIC_URL": "https://buurtstem.example",
        "MEDIA_URL": str(folder / "media"),
        "WHISPER_ENGINE": "none",
        "VOICE_ENGINE": "none",
        "QUIET_HOURS": "none",
        "TELEGRAM_TOKEN": "1:measured",
        "TELEGRAM_SECRET": "measured",
        "TELEGRAM_API": api,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "measured",
        "TWILIO_SENDER": "whatsapp:+14155238886",
        "TWILIO_API": api,
    }


def measure(rounds: int, seconds: float) -> list[Pace]:
    """Measure both channels with one worker and, on PostgreSQL, with four, in turns."""
    who = [("SQLite", 1)]
    if lack := postgres.lack():
        click.echo(lack, err=True)
    else:
        who += [("PostgreSQL", 1), ("PostgreSQL", 4)]
    done = []
    for _ in range(rounds):
        for channel in LIMITS:
            for database, workers in who:
                found = paced(database, channel, workers, seconds)
                click.echo("  ".join(_row(found)), err=True)
                done.append(found)
    return done


def _row(pace: Pace) -> list[str]:
    share = pace.per_second / pace.limit
    met = share >= GOAL and not pace.violations
    return [
        pace.database,
        pace.channel,
        str(pace.workers),
        str(pace.limit),
        f"{pace.per_second:.2f}",
        f"{share:.3f}",
        str(pace.most),
        str(pace.violations),
        "met" if met else "missed",
    ]


def pace_report(done: list[Pace]) -> str:
    """Return every broadcast as a row of Markdown."""
    heads = [
        "database",
        "channel",
        "workers",
        "limit/s",
        "seen/s",
        "share",
        "most in 1 s",
    ]
    return table([*heads, "violations", "outcome"], [_row(each) for each in done])


@click.command()
@click.option("--rounds", default=1, show_default=True)
@click.option("--seconds", default=60.0, show_default=True)
def main(rounds: int, seconds: float) -> None:
    """Measure the pace of broadcasts; Markdown on stdout, progress on stderr."""
    where = machine()
    click.echo(f"{where}\n\n{pace_report(measure(rounds, seconds))}")


if __name__ == "__main__":
    main()
