"""Which neighbourhood? Asked only where two rounds are open for the same thing."""

from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.plans import Plan, Status
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Local, Reply, Say
from bot.flows.parts import LIST_ROWS
from bot.flows.spelling import plain
from bot.flows.state import ChoosingRound, Message, Talk


def ask_round(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Offer the open rounds; the name of a street does as well."""
    says = (
        Say(N_("Which neighbourhood is it?")),
        Say(N_("Tap it, or say the name of your street.")),
    )
    buttons = tuple(
        Button(f"round:{each.slug}", Say(N_("%(area)s"), {"area": Local(each.title)}))
        for each in open_for(talk, facts, now)
    )
    return Reply(says, buttons[:LIST_ROWS])


def open_for(talk: Talk, facts: Facts, now: datetime) -> tuple[Round, ...]:
    """Return the rounds that are open for what she wants."""
    state = talk.state
    voting = isinstance(state, ChoosingRound) and state.goal == "vote"
    return facts.voting(now) if voting else with_room(facts, now)


def with_room(facts: Facts, now: datetime) -> tuple[Round, ...]:
    """Return the rounds that take plans and in which she may still add one."""
    return tuple(
        each
        for each in facts.collecting(now)
        if _count_in(each, facts.me.plans) < each.plans_per_person
    )


def _count_in(a_round: Round, plans: tuple[Plan, ...]) -> int:
    """Count her plans in a round; one that she took back makes room again."""
    return sum(
        plan.round == a_round.slug and plan.status is not Status.WITHDRAWN
        for plan in plans
    )


def chosen_round(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> str | None:
    """Return the slug of the round she tapped, named, or whose street she named."""
    choices = open_for(talk, facts, now)
    if message.act and message.act.startswith("round:"):
        slug = message.act.removeprefix("round:")
        return slug if any(each.slug == slug for each in choices) else None
    words = plain(message.text) if message.is_words else ""
    found = [each for each in choices if words and _named(each, words)]
    return found[0].slug if len(found) == 1 else None


def _named(each: Round, words: str) -> bool:
    """Tell whether `words` hold one of the round's streets or one of its names."""
    names = (*each.streets, *each.area.values(), *each.title.values())
    return any(plain(name) in words for name in names if name)
