"""The block PROJECTS: plans, their names, and what the file says of the result."""

from dataclasses import dataclass, field
from fractions import Fraction

from tally.election import Plan
from tally.pabulib.amounts import cents, number
from tally.pabulib.document import Fault
from tally.pabulib.rows import Block

CHOSEN = "1"  # later files also have 2: paid for from elsewhere, or in part

Said = dict[str, tuple[Fraction, int]]
"""What a file says a plan has, and in which line."""


@dataclass(slots=True)
class Listing:
    """The plans of a file, in their order; `selected` is None if no column says."""

    plans: dict[str, Plan] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    votes: Said = field(default_factory=dict)
    scores: Said = field(default_factory=dict)
    selected: frozenset[str] | None = None
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, block: Block, theme_column: str) -> "Listing":
        """Read the block; what is wrong in it is in `faults`."""
        listing = cls()
        chosen = set()
        for line, cells in block.cells():
            plan = listing.plan(line, cells, theme_column)
            if plan is None:
                continue
            listing.plans[plan.id] = plan
            listing.titles[plan.id] = cells.get("name", "")
            listing.said(line, plan.id, cells)
            if cells.get("selected", "").strip() == CHOSEN:
                chosen.add(plan.id)
        if "selected" in block.head:
            listing.selected = frozenset(chosen)
        return listing

    def plan(self, line: int, cells: dict[str, str], column: str) -> Plan | None:
        """Return the plan of a line; None, and a fault, if it cannot be one."""
        name = cells["project_id"].strip()
        if not name:
            self.faults.append(Fault(line, "this plan has no project_id"))
        elif name in self.plans:
            self.faults.append(Fault(line, f"plan {name} is listed twice"))
        else:
            try:
                cost = cents(cells["cost"])
            except ValueError as error:
                self.faults.append(Fault(line, f"cost of plan {name}: {error}"))
                cost = 0
            theme, author = cells.get(column, ""), cells.get("author", "")
            return Plan(name, cost, theme.strip(), author.strip())
        return None

    def said(self, line: int, plan: str, cells: dict[str, str]) -> None:
        """Keep what the file says a plan has, where it is a number."""
        for column, kept in (("votes", self.votes), ("score", self.scores)):
            try:
                kept[plan] = number(cells.get(column, "")), line
            except ValueError:
                continue
