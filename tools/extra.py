"""Print what an extra or a group of pyproject.toml requires; CI names no version."""

import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def main(name: str) -> None:
    """Print one requirement a line. Raises KeyError for an unknown name."""
    told = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    known = told["project"]["optional-dependencies"] | told["dependency-groups"]
    print("\n".join(known[name]))


if __name__ == "__main__":
    main(sys.argv[1])
