"""How many more votes a plan that was not chosen would have needed."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from math import ceil

from tally.election import Number

Gets = Callable[[Mapping[str, Number]], bool]
"""From totals per plan to whether a plan is chosen."""


def margin(
    plan: str, totals: Mapping[str, Number], least: Number, gets: Gets
) -> int | None:
    """Return the fewest whole votes that `plan` needs on top of what it has.

    All others keep theirs. None if it is not chosen even with more than anyone has and
    the `least` that counts. Right for rules in which more votes never do harm.
    """
    own = totals[plan]

    def is_chosen(more: int) -> bool:
        return gets({**totals, plan: own + more})

    # Only drawing level with another plan, or passing it, can change anything.
    level = {ceil(total - own) for total in (*totals.values(), least, 1)}
    tried = sorted({max(1, more + past) for more in level for past in (0, 1)})
    place = bisect_left(tried, True, key=is_chosen)  # noqa: FBT003 - False, then True
    return tried[place] if place < len(tried) else None
