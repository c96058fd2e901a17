"""Small steps from one talk to the next."""

from dataclasses import replace

from bot.flows.state import Menu, State, Talk


def at(talk: Talk, state: State, *, misses: int = 0) -> Talk:
    """Return the talk in another state; what she began is kept."""
    return replace(talk, state=state, misses=misses)


def rest(talk: Talk) -> Talk:
    """Return the talk at the menu; what she began is kept."""
    return at(talk, Menu())
