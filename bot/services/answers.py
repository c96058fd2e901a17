"""What a web hook call answers, and the two ways in which it is turned down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value of a call, and where it stands in the body."""

    path: str
    fault: str


class CallError(Exception):
    """A call that changes nothing. `faults` name every reason by its path."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{each.path}: {each.fault}" for each in faults))
        self.faults = tuple(faults)


class FaultyCallError(CallError):
    """The body cannot be meant like this: the caller has to mend it."""


class NotNowError(CallError):
    """The body is fine, but as things are it cannot be done now."""


@dataclass(slots=True)
class Answer:
    """What became of an accepted call.

    `told` counts messages owed to the people it is meant for, `held` those of them that
    wait because the person had a message of ours less than three days ago, `followers`
    the messages to those who follow a plan. `unreachable` are the plans whose author
    has no address we may write to: somebody has to find her in another way.
    """

    told: int = 0
    held: int = 0
    followers: int = 0
    unreachable: list[int] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def warn(self, path: str, warning: str) -> None:
        """Tell the caller about something that was accepted and still needs a look."""
        self.warnings.append({"path": path, "warning": warning})

    def as_json(self) -> dict[str, Any]:
        """Return the answer as it is sent, and kept for a repeated call."""
        return {
            "accepted": True,
            "told": self.told,
            "held": self.held,
            "followers": self.followers,
            "unreachable": sorted(set(self.unreachable)),
            "warnings": self.warnings,
        }
