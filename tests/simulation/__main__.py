"""Replays one simulation: `python -m tests.simulation --seed 7 --messages 5000`."""

import argparse
import sys

from tests.simulation.running import simulate

STEPS_SHOWN = 60


def main() -> int:
    """Run one seed and show the steps before whatever broke a rule."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=3_000)
    parser.add_argument("--database", help="an empty PostgreSQL database, by its URL")
    given = parser.parse_args()
    report = simulate(given.seed, given.messages, given.database)
    if report.violations:
        print("\n".join(report.trail[-STEPS_SHOWN:]))
    print(report)
    print("\n".join(map(str, report.violations[:20])))
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
