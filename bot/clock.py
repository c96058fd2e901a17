"""The only place that reads the wall clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment as aware UTC."""
    return datetime.now(UTC)
