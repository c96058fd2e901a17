"""A theme by its name, typed or said: nobody should need its digit."""

from collections.abc import Iterable

from bot.domain.facts import Facts
from bot.domain.languages import Language, pick_text
from bot.domain.plans import Plan
from bot.domain.rounds import Theme
from bot.flows.spelling import plain
from bot.flows.state import Message, Talk
from bot.flows.words import is_empty, is_joint

MOST_WORDS = 6
"""Longer words are no answer; nor are any in which two themes can be meant."""


def theme_meant(talk: Talk, message: Message, themes: Iterable[Theme]) -> str | None:
    """Return the key of the theme she tapped or named; None if that is none of these.

    One word of a longer name will do, if no other theme has it.
    """
    known = {each.key: each for each in themes}
    if message.act is not None:
        key = message.act.removeprefix("theme:")
        return key if message.act != key and key in known else None
    if not message.is_words or message.numbers or talk.language is None:
        return None
    said = _telling(message.text, talk.language)
    if not 0 < len(said) <= MOST_WORDS:
        return None
    names = {key: _name(each, talk.language) for key, each in known.items()}
    found = [key for key, name in names.items() if name and name <= said]
    found = found or [key for key, name in names.items() if said <= name]
    return found[0] if len(found) == 1 else None


def themes_of(facts: Facts, plan: Plan) -> tuple[Theme, ...]:
    """Return the themes of the plan's round."""
    a_round = facts.round(plan.round)
    return a_round.themes if a_round else ()


def _name(theme: Theme, language: Language) -> frozenset[str]:
    return _telling(pick_text(theme.title, language), language)


def _telling(text: str, language: Language) -> frozenset[str]:
    """Return the words that tell something: "en" and "please" do not."""
    words = plain(text, language).split()
    return frozenset(w for w in words if not (is_empty(w, language) or is_joint(w)))
