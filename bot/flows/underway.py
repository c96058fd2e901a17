"""A chosen plan on its way: who helps, who does what, and what was done."""

from collections.abc import Iterator, Mapping

from bot.domain.care import Care, Step, StepKey, Who
from bot.domain.facts import Facts
from bot.domain.plans import Plan, Status
from bot.domain.say import N_, Free, Local, Param, Say
from bot.flows.parts import local_day

ON_ITS_WAY = frozenset({Status.CHOSEN, Status.STARTED})
_STEPS: Mapping[StepKey, str] = {
    StepKey.PERMIT: N_("ask for the permits"),
    StepKey.ORDER: N_("order what is needed"),
    StepKey.NEIGHBOURS: N_("tell the neighbours"),
    StepKey.WORK: N_("carry out the plan"),
    StepKey.UPKEEP: N_("look after it"),
}
_WHO: Mapping[Who, str] = {
    Who.AUTHOR: N_("You: %(step)s."),
    Who.TOGETHER: N_("Together: %(step)s."),
    Who.MUNICIPALITY: N_("The municipality: %(step)s."),
}


def care_rows(plan: Plan, facts: Facts) -> Iterator[Say]:
    """Say who helps the author of `plan`, and when the municipality was heard last."""
    if plan.status not in ON_ITS_WAY:
        return
    if plan.contact:
        who = {"contact": Free(plan.contact)}
        yield Say(N_("Your contact person is %(contact)s."), who)
    care = facts.cares.get(plan.number)
    if care is None:
        return
    if care.answered_at:
        day = {"date": local_day(facts, care.answered_at)}
        yield Say(N_("The municipality last answered on %(date)s."), day)
    if care.next_at:
        yield from _next(care, facts)


def _next(care: Care, facts: Facts) -> Iterator[Say]:
    assert care.next_at is not None  # noqa: S101 - narrows the type
    day = {"date": local_day(facts, care.next_at)}
    if not care.is_late:
        yield Say(N_("Next news before %(date)s."), day)
        return
    yield Say(N_("We are late. We promised news before %(date)s."), day)
    yield Say(N_("We have asked the municipality about it."))


def step_rows(steps: tuple[Step, ...]) -> Iterator[Say]:
    """Say who does what, a row for each step."""
    if not steps:
        return
    yield Say(N_("This is who does what."))
    for step in steps:
        yield Say(_WHO[step.who], {"step": _named(step)})


def _named(step: Step) -> Param:
    if step.key is not None:
        return Say(_STEPS[step.key])
    return Local(step.texts or {})


def line_rows(number: int, facts: Facts) -> Iterator[Say]:
    """Say what happened with a plan, oldest first, a row for each line."""
    for line in facts.lines.get(number, ()):
        told: dict[str, Param] = {"date": local_day(facts, line.at)}
        told["words"] = Local(line.texts)
        yield Say(N_("%(date)s: %(words)s"), told)
