"""The count of an election. This package knows nothing of the bot.

`count` is a pure function from an `Election` and its `Settings` to an `Outcome`, in
whole cents, integers and fractions. `tally.pabulib` reads and writes files.
"""

from tally.count import count
from tally.election import Ballot, Election, ElectionError, Plan
from tally.onwards import Onward, Standing, go_on
from tally.outcome import Look, Outcome, Pot, Source, Step, Tie, Verdict
from tally.settings import (
    RULES,
    Measure,
    Quota,
    Rule,
    Settings,
    TieBreak,
    TieOrder,
    as_listed,
    cheaper_then_lot,
    lot,
    rule_name,
    tie_order,
    with_rule,
)

__all__ = [
    "RULES",
    "Ballot",
    "Election",
    "ElectionError",
    "Look",
    "Measure",
    "Onward",
    "Outcome",
    "Plan",
    "Pot",
    "Quota",
    "Rule",
    "Settings",
    "Source",
    "Standing",
    "Step",
    "Tie",
    "TieBreak",
    "TieOrder",
    "Verdict",
    "as_listed",
    "cheaper_then_lot",
    "count",
    "go_on",
    "lot",
    "rule_name",
    "tie_order",
    "with_rule",
]
