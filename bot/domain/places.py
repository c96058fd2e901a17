"""Places, no more exact than a plan needs."""

from bot.domain.messages import Pin

GRID_DEGREES = 0.0005
"""About 50 m: a pin is the place of a plan, not of a person."""


def rounded(pin: Pin) -> Pin:
    """Return the nearest point of a 50 m grid."""
    return Pin(_to_grid(pin.latitude), _to_grid(pin.longitude))


def _to_grid(degrees: float) -> float:
    return round(round(degrees / GRID_DEGREES) * GRID_DEGREES, 4)
