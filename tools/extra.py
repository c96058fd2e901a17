"""Print what one extra of pyproject.toml requires, so that CI names no version."""

import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def main(extra: str) -> None:
    """Print one requirement a line. Raises KeyError for an unknown extra."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    print("\n".join(project["optional-dependencies"][extra]))


if __name__ == "__main__":
    main(sys.argv[1])
