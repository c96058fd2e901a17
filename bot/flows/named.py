"""A name that was asked for goes before a word that only sounds like it.

A subject may be called "Plants", and a note that says so is a letter beside "plan".
Where she is asked for a subject or a neighbourhood, and names one, that is meant.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.rounds import Theme
from bot.flows.ballot import open_paper
from bot.flows.rounds import chosen_round
from bot.flows.state import (
    Browsing,
    Checking,
    ChoosingRound,
    ChoosingTheme,
    Message,
    Talk,
)
from bot.flows.themes import theme_meant, themes_of


def as_named(talk: Talk, message: Message, facts: Facts, now: datetime) -> Message:
    """Return a note as its own words, if they name what she is asked for.

    Only instead of a command that it is near; numbers were said, not names.
    """
    if not message.near or message.numbers:
        return message
    state = talk.state
    there = replace(talk, state=state.before if isinstance(state, Checking) else state)
    words = replace(message, act=None, acts=(), only_numbers=False, near="")
    return words if _names(there, words, facts, now) else message


def _names(talk: Talk, words: Message, facts: Facts, now: datetime) -> bool:
    if isinstance(talk.state, ChoosingRound):
        return chosen_round(talk, words, facts, now) is not None
    return theme_meant(talk, words, _themes_asked(talk, facts)) is not None


def _themes_asked(talk: Talk, facts: Facts) -> tuple[Theme, ...]:
    """Return the subjects that she can choose from now."""
    state = talk.state
    if isinstance(state, ChoosingTheme):
        plan = facts.mine(state.plan)
        return themes_of(facts, plan) if plan else ()
    if isinstance(state, Browsing) and not state.theme:
        a_round, _ = open_paper(talk, facts)
        return a_round.themes if a_round else ()
    return ()
