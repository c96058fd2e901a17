"""What the commands about broadcasts print."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from bot.domain.money import Money
from bot.services.campaigns import Progress
from bot.services.preview import Preview
from bot.services.reasons import explain

_SHOWN = ("queued", "held", "sent", "delivered", "read", "failed", "unsure", "dropped")


def preview_lines(told: Preview) -> Iterator[str]:
    """Say what a broadcast would be."""
    alike = f"{_counted(told.languages)}; {_counted(told.channels)}"
    yield f"People: {told.people} ({alike})"
    yield f"On WhatsApp: {told.inside} inside the window, {told.outside} outside it"
    for reason, people in told.unreachable.items():
        yield f"Not reached: {people} ({explain(reason)})"
    if told.held:
        yield f"Wait longer: {told.held} (had a message in the last three days)"
    if told.outside:
        days = ", ".join(f"{tier}: {days}" for tier, days in told.days.items())
        days_now = told.days[told.tier]
        yield f"At WhatsApp's limit of {told.tier} people a day: {days_now} days"
        yield f"Days by limit: {days}"
    yield f"From {_moment(told.starts_at)} to {_moment(told.ends_at)}"
    if told.cost:
        cost = told.cost
        yield (
            f"Cost: about {_euros(cost.forecast)}; spent so far {_euros(cost.spent)} "
            f"of {_euros(cost.budget)}"
        )
        if cost.warns:
            yield f"Warning: {cost.percent}% of the message budget is gone after this."
    for each in told.lacking:
        yield f"Cannot begin: not approved yet: {each}"


def progress_lines(told: Progress, *, briefly: bool) -> Iterator[str]:
    """Say how far a broadcast is, and why some were not reached."""
    percent = told.ended * 100 // told.total if told.total else 100
    counts = ", ".join(
        f"{told.counts[name]} {name}" for name in _SHOWN if told.counts[name]
    )
    done = f"{percent}% of {told.total}"
    yield "\t".join((str(told.id), told.state, done, told.segment, counts))
    if not briefly:
        for reason, messages in told.reasons.most_common():
            yield f"{messages}\t{explain(reason)}"


def progress_json(told: Progress) -> Mapping[str, Any]:
    """Return how far a broadcast is as JSON knows it."""
    known: dict[str, Any] = plain(told)
    return known | {"total": told.total, "ended": told.ended}


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a dataclass
    """Return a value as JSON knows it; money is whole cents."""
    if isinstance(value, Money):
        return value.cents
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def _euros(money: Money) -> str:
    return f"{money.cents // 100}.{money.cents % 100:02} euros"
