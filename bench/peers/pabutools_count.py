"""One count by pabutools, in its own environment: seconds and memory as JSON.

Run by path with another interpreter, so it imports nothing of ours. Equal ballots are
taken together, as it offers. A plan without a vote, which it would give left-over
money, is left out of what it chose.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule


def peak_megabytes() -> float:
    """Return the most that this process has held, in megabytes (10^6 bytes)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(each for each in status.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1_000_000


def counted(file: str, way: str) -> dict[str, Any]:
    """Read and count a file."""
    begin = time.process_time()
    instance, profile = parse_pabulib(file)
    profile = profile.as_multiprofile()
    read = time.process_time()
    listed = {plan: place for place, plan in enumerate(_listed(file))}
    ties = TieBreakingRule(lambda _instance, _profile, plan: listed[plan.name])
    how = {"sat_class": Cost_Sat, "tie_breaking": ties}
    if way == "greedy":
        found = greedy_utilitarian_welfare(instance, profile, **how)
    else:
        how["voter_budget_increment"] = 1 if way == "with increase" else None
        found = method_of_equal_shares(instance, profile, **how)
    seconds = time.process_time() - begin
    voted = {plan.name for ballot in profile for plan in ballot}
    return {
        "reading": read - begin,
        "seconds": seconds,
        "megabytes": peak_megabytes(),
        "chosen": sorted(plan.name for plan in found if plan.name in voted),
    }


def _listed(file: str) -> list[str]:
    """Return the ids of the plans in the order of the file."""
    text = Path(file).read_text(encoding="utf-8-sig")
    block = text.partition("PROJECTS\n")[2].partition("VOTES\n")[0]
    return [line.partition(";")[0] for line in block.splitlines()[1:]]


def main(file: str, way: str, most_megabytes: int) -> None:
    """Count FILE; say so if it takes more memory than it may have."""
    most = most_megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        seen = counted(file, way)
    except MemoryError:
        seen = {"stopped": f"more than {most_megabytes / 1000:g} GB"}
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
