"""What a voter may pick: an approval ballot of up to `max_picks` plans.

A ballot is a value with rules. It knows nothing of buttons, languages or channels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.domain.plans import Plan


@dataclass(frozen=True, slots=True)
class Marked:
    """A ballot after somebody named plans: the picks now, and what became of each."""

    picks: tuple[int, ...]
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    over: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """The plans one may choose from, and how many."""

    round: str
    plans: tuple[Plan, ...]
    max_picks: int

    def plan(self, number: int) -> Plan | None:
        """Return the plan with public number `number`, if it is on this ballot."""
        return next((plan for plan in self.plans if plan.number == number), None)

    def mark(self, picks: Iterable[int], numbers: Iterable[int]) -> Marked:
        """Toggle `numbers` on the picks: new ones on, chosen ones off.

        A number named twice in one breath counts once. Numbers beyond `max_picks` are
        left out and listed in `over`; removals come first, so that an exchange
        ("30 41" with 30 chosen and the ballot full) works in either order.
        """
        named = list(dict.fromkeys(numbers))
        unknown = tuple(n for n in named if self.plan(n) is None)
        before = tuple(picks)
        removed = tuple(n for n in named if n in before)
        kept = tuple(n for n in before if n not in removed)
        wanted = [n for n in named if n not in before and n not in unknown]
        room = self.max_picks - len(kept)
        added, over = tuple(wanted[:room]), tuple(wanted[room:])
        return Marked(kept + added, added, removed, unknown, over)

    def in_theme(self, theme: str, voter: str) -> tuple[Plan, ...]:
        """Return the theme's plans in this voter's own, unchanging random order.

        Plans without a theme are in "other".
        """
        chosen = [plan for plan in self.plans if (plan.theme or "other") == theme]
        return tuple(sorted(chosen, key=lambda plan: _place(voter, plan.number)))

    def titles(self, picks: Sequence[int]) -> tuple[Plan, ...]:
        """Return the picked plans, in the order of their numbers."""
        return tuple(plan for n in sorted(picks) if (plan := self.plan(n)))


def _place(voter: str, number: int) -> bytes:
    """Where a plan stands for a voter: a hash, so no order favours any plan."""
    return blake2b(f"{voter}:{number}".encode(), digest_size=8).digest()
