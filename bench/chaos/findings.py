"""What went wrong, by kind, with ids to look it up by."""

from collections import defaultdict
from dataclasses import dataclass, field

LOST = "lost"
STUCK = "stuck"
TURN_TWICE = "turns twice"
BALLOT_TWICE = "ballots twice"
NOT_AS_AGREED = "not as agreed"
REPEATED = "repeated without reason"
NEVER_SENT = "never sent"
OUT_OF_ORDER = "out of order"
KINDS = (
    *(LOST, STUCK, TURN_TWICE, BALLOT_TWICE, NOT_AS_AGREED),
    *(REPEATED, NEVER_SENT, OUT_OF_ORDER),
)


@dataclass
class Findings:
    """Violations by kind, and figures that are none."""

    broken: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    figures: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, kind: str, line: str) -> None:
        """Note a violation."""
        self.broken[kind].append(line)

    @property
    def lines(self) -> list[str]:
        """Return every violation as a line."""
        return [f"{kind}: {line}" for kind in KINDS for line in self.broken[kind]]
