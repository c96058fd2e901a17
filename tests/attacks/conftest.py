"""Attacks are tried on the whole application, on real databases."""

from tests.web.conftest import at_desk, each_world, world

__all__ = ["at_desk", "each_world", "world"]
