"""What runs under kills showed, as Markdown."""

from collections import Counter
from collections.abc import Callable, Sequence

from bench.chaos.findings import (
    BALLOT_TWICE,
    LOST,
    NEVER_SENT,
    NOT_AS_AGREED,
    OUT_OF_ORDER,
    REPEATED,
    STUCK,
    TURN_TWICE,
)
from bench.chaos.run import Run
from bench.report import table

Row = tuple[str, str, Callable[[Run], str]]


def kill_report(runs: Sequence[Run]) -> str:
    """Return what was promised and what was seen, and every violation as a line."""
    names = [run.chaos.database for run in runs]
    parts = [
        table(["promise", "allowed", *names], _filled(PROMISES, runs)),
        table(["seen", "of", *names], _filled(SEEN, runs)),
    ]
    for run in runs:
        if lines := run.findings.lines:
            head = f"Violations on {run.chaos.database}, seed {run.chaos.seed}:\n"
            parts.append("\n".join([head, *(f"- {line}" for line in lines)]))
    return "\n\n".join(parts)


def _filled(rows: Sequence[Row], runs: Sequence[Run]) -> list[list[str]]:
    return [[name, of, *(cell(run) for run in runs)] for name, of, cell in rows]


def _broken(kind: str) -> Callable[[Run], str]:
    return lambda run: str(len(run.findings.broken[kind]))


def _figure(*names: str) -> Callable[[Run], str]:
    return lambda run: " / ".join(str(run.findings.figures[name]) for name in names)


def _count(*names: str) -> Callable[[Run], str]:
    return lambda run: " / ".join(str(run.ledger.counts[name]) for name in names)


def _kills(run: Run) -> str:
    """Return how many kills there were, and of what."""
    kinds = Counter(
        kill.roles[0] if len(kill.roles) == 1 else "all" for kill in run.ledger.kills
    )
    told = ", ".join(f"{times} {kind}" for kind, times in sorted(kinds.items()))
    return f"{len(run.ledger.kills)} ({told})"


def _leased(run: Run) -> str:
    return str(sum(len(kill.leased) for kill in run.ledger.kills))


def _never(run: Run) -> str:
    kept = run.findings.figures["kept unacknowledged"]
    return f"{kept} / {run.ledger.counts['never acknowledged'] - kept}"


PROMISES: Sequence[Row] = (
    ("acknowledged messages lost", "0", _broken(LOST)),
    ("messages stuck", "0", _broken(STUCK)),
    ("turns done twice", "0", _broken(TURN_TWICE)),
    ("ballots counted twice", "0", _broken(BALLOT_TWICE)),
    ("plans, supports, ballots not as agreed", "0", _broken(NOT_AS_AGREED)),
    ("outbound repeated without a kill under lease", "0", _broken(REPEATED)),
    ("outbound said to be sent, never seen", "0", _broken(NEVER_SENT)),
    ("talks out of order", "0", _broken(OUT_OF_ORDER)),
)
SEEN: Sequence[Row] = (
    ("kills", "", _kills),
    ("messages acknowledged", "residents", _figure("acknowledged")),
    ("kept / lost without 200", "Twilio", _never),
    ("deliveries repeated / reordered", "providers", _count("repeated", "reordered")),
    ("plans / supports / ballots", "stored", _figure("plans", "supports", "ballots")),
    ("ballots changed", "voters", _figure("ballots changed")),
    ("turns that failed", "turns", _figure("failed turns")),
    ("messages owed", "outbox", _figure("owed")),
    ("429 / 503 / hung / reset", "requests", _count("429", "503", "hung", "reset")),
    ("rows under lease", "all kills", _leased),
    ("repeated", "outbound", _figure("repeated")),
    ("repeated under lease at a kill", "outbound", _figure("repeated under lease")),
    ("unsure / failed", "outbound", _figure("ended unsure", "ended failed")),
    ("statuses posted", "Twilio", _count("statuses")),
    ("asked again / gave up", "residents", _count("asked again", "gave up")),
    (
        "longest from kill to next answer",
        "seconds",
        lambda run: f"{run.ledger.longest_silence():.1f}",
    ),
    (
        "longest wait for an answer",
        "seconds",
        lambda run: f"{run.ledger.longest_wait:.1f}",
    ),
    ("duration", "seconds", lambda run: f"{run.seconds:.0f}"),
    ("seed", "", lambda run: str(run.chaos.seed)),
)
