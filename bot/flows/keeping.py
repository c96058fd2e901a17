"""How long things are kept where nobody asks to be forgotten, in words."""

from collections.abc import Iterable
from dataclasses import fields
from functools import cache

from bot.domain.round_terms import Retention
from bot.domain.rounds import Round
from bot.domain.say import N_, NN_, Say

_YEAR_DAYS = 365
_DAYS = NN_("after %(n)s day", "after %(n)s days")
_YEARS = NN_("after %(n)s year", "after %(n)s years")


def longest(rounds: Iterable[Round]) -> Retention:
    """Return how long these rounds keep what belongs to none of them."""
    return _longest(frozenset(each.retention for each in rounds))


@cache
def _longest(kept: frozenset[Retention]) -> Retention:
    names = [each.name for each in fields(Retention)]
    days = {
        name: max((getattr(each, name) for each in kept), default=0) for name in names
    }
    return Retention(**days) if kept else Retention()


def after(days: int) -> Say:
    """Say after how long: in years where they are whole, else in days."""
    years, rest = divmod(days, _YEAR_DAYS)
    n, (one, many) = (days, _DAYS) if rest or not years else (years, _YEARS)
    return Say(one, {"n": n}, plural=many)


def soon_rows(kept: Retention) -> tuple[Say, ...]:
    """Say what goes by itself within weeks, and that the rest goes when she asks."""
    sound = {"after": after(kept.sounds_days)}
    voted = {"after": after(kept.marks_days)}
    return (
        Say(N_("You confirmed the text? The sound goes %(after)s."), sound),
        Say(N_("The result is out? That you voted goes %(after)s."), voted),
        Say(N_("We delete the rest when you ask for it.")),
    )


def unasked_rows(kept: Retention) -> tuple[Say, ...]:
    """Say when the rest goes, though she never asks for it."""
    rest = (
        (N_("We delete messages %(after)s."), kept.messages_days),
        (N_("We delete answered questions %(after)s."), kept.tasks_days),
        (N_("You no longer write? Your number goes %(after)s."), kept.people_days),
        (N_("Your plan gets no money? It goes %(after)s."), kept.plans_days),
    )
    return (
        Say(N_("You do not ask? Then this goes by itself.")),
        *(Say(row, {"after": after(days)}) for row, days in rest),
        Say(N_("While a person still helps you, we keep it longer.")),
    )
