"""What processes cost, read from /proc: processor seconds and memory."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in megabytes (10^6 bytes) of a whole tree of processes.

    `rss` counts pages shared between its processes once for each, `pss` once in all.
    """

    rss: float
    pss: float
    processes: int


def tree(pid: int) -> list[int]:
    """Return `pid` and all that descend from it, as they are now."""
    children = defaultdict(list)
    for stat in PROC.glob("[0-9]*/stat"):
        fields = _stat(stat)
        if fields:
            children[int(fields[1])].append(int(stat.parent.name))
    found = [pid]
    for member in found:
        found += children[member]
    return found


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds the living tree of `pid` has used so far."""
    ticks = 0
    for member in tree(pid):
        fields = _stat(PROC / str(member) / "stat")
        ticks += sum(int(field) for field in fields[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def own_cpu_seconds(pid: int) -> float:
    """Return what one process has used so far, without its children; 0.0 if ended."""
    fields = _stat(PROC / str(pid) / "stat")
    ticks = sum(int(field) for field in fields[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float:
    """Return the processor seconds that all of this machine has used so far."""
    first = (PROC / "stat").read_text().splitlines()[0]
    user, nice, system, _idle, _waiting, *others = map(int, first.split()[1:9])
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> Memory:
    """Return what the tree of `pid` holds. Raises OSError if it ended meanwhile."""
    members = tree(pid)
    rolls = [(PROC / str(member) / "smaps_rollup").read_text() for member in members]
    return Memory(
        rss=sum(_megabytes(roll, "Rss:") for roll in rolls),
        pss=sum(_megabytes(roll, "Pss:") for roll in rolls),
        processes=len(members),
    )


def peak_megabytes() -> float:
    """Return the most that this process has held, in megabytes (10^6 bytes).

    Not `getrusage`: that counts what its parent held when it was started.
    """
    return _megabytes((PROC / "self" / "status").read_text(), "VmHWM:")


def _stat(path: Path) -> list[str]:
    """Return the fields after the name: state, parent, …; nothing if it has ended."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _megabytes(roll: str, name: str) -> float:
    line = next(line for line in roll.splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1_000_000
