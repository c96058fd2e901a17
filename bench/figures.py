"""What a measurement is told, and what it tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visit:
    """Whom the crowd talks to, and how; times are in seconds.

    `pid` is the bot's process, for its processor time; `show` prints the talk.
    """

    port: int
    secret: str
    pid: int
    residents: int
    seconds: float
    latency: float
    show: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """What one visit measured.

    Times are in milliseconds from post to the first reply's arrival at the Bot API;
    cores are the processor time of the bot and of the crowd per second of clock.
    """

    answered: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failures: dict[str, int]
    bot_cores: float
    crowd_cores: float


@dataclass(frozen=True, slots=True)
class Run:
    """One contestant, measured once; `latency` in seconds."""

    who: str
    latency: float
    round: int
    figures: Figures
