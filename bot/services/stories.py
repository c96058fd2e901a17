"""The true story of a decision, told to the author: six of them, and a correction.

Pure: each is a function of what is known. A row whose value is missing is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import NOT_CHOSEN, Plan, Status
from bot.domain.say import N_, Button, Code, Free, Local, Moment, Param, Reply, Say
from bot.flows.parts import HOW_GOES
from bot.flows.stages import stage_row

CALL = Button("call", Say(N_("Call me")))
JOIN = Button("join", Say(N_("Join another plan")))
KEEP = Button("keep", Say(N_("Keep it for later")))


@dataclass(frozen=True, slots=True)
class Contact:
    """Who at the municipality helps with a plan, and the number to call."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a plan's way, each None where it is not known or not true.

    `candidates` plans stood for `places` on the voting list; `closes` is when voting
    ends and `result_day` when the result comes, both None once they are past.
    """

    supports: int | None = None
    threshold: int | None = None
    votes: int | None = None
    candidates: int | None = None
    places: int | None = None
    closes: Moment | None = None
    result_day: date | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A decision about a plan, ready to be told. `named` is the row with its name.

    `is_later` tells that it was chosen after the result, with money that became free.
    """

    outcome: Status
    named: Say
    figures: Figures = Figures()
    reason: Texts = field(default_factory=dict)
    contact: Contact | None = None
    amount: Money | None = None
    call_before: date | None = None
    selectors: Texts = field(default_factory=dict)
    next_step: Texts = field(default_factory=dict)
    provisional: bool = False
    is_later: bool = False


def told(story: Story) -> Reply:
    """Return the message to the author: what was decided, why, and what comes next."""
    rows = _STORIES[story.outcome](story)
    if story.outcome in NOT_CHOSEN:
        thanks = Say(N_("Thank you for your plan."))
        says = (thanks, story.named, *rows, *_next_step(story))
        return Reply(says, (CALL, JOIN, KEEP))
    return Reply(tuple(rows), (CALL,) if story.outcome is Status.CHOSEN else ())


def corrected(story: Story, was: Status) -> Reply:
    """Return the message to the author that takes back `was` and tells what holds."""
    says = (
        Say(N_("We told you something wrong about your plan.")),
        story.named,
        *_correction(was, story.outcome),
        *_reason(story),
    )
    if story.outcome in NOT_CHOSEN:
        return Reply((*says, *_next_step(story)), (CALL, JOIN, KEEP))
    return Reply(says, (CALL,) if story.outcome is Status.CHOSEN else (HOW_GOES,))


def corrected_for_follower(named: Say, was: Status, now: Status) -> Reply:
    """Return the message to somebody who follows a plan we said a wrong thing about."""
    first = Say(N_("We told you something wrong about a plan."))
    return Reply((first, named, *_correction(was, now)), (HOW_GOES,))


def news_for_follower(named: Say, outcome: Status) -> Reply:
    """Return the message to somebody who follows a plan that was decided about."""
    first = Say(N_("There is news about a plan."))
    return Reply((first, named, stage(outcome)), (HOW_GOES,))


def _correction(was: Status, now: Status) -> tuple[Say, ...]:
    return (
        Say(N_("We said: %(status)s"), {"status": stage(was)}),
        Say(N_("That was our mistake. We are sorry.")),
        Say(N_("This is right: %(status)s"), {"status": stage(now)}),
    )


def stage(status: Status) -> Say:
    """Return the sentence that says how far a plan is."""
    return stage_row(Plan(0, "", status, {}, {}))


def _next_step(story: Story) -> tuple[Say, ...]:
    """Offer help with a next step; officials may name one of their own."""
    own = (Say(N_("%(words)s"), {"words": Local(story.next_step)}),)
    return (
        Say(N_("We are happy to help you with a next step.")),
        *(own if story.next_step else ()),
        Say(N_("What would you like now?")),
    )


def _below_threshold(story: Story) -> list[Say]:
    known = story.figures
    supports = N_("Neighbours who supported your plan: %(supports)s.")
    needed = N_("The number needed was: %(threshold)s.")
    counted = [
        *_row(supports, supports=known.supports),
        *_row(needed, threshold=known.threshold),
    ]
    so = Say(N_("So your plan does not go on this year."))
    why = [*_extras(story), *_unconfirmed(story)]
    return [*counted, so, *why] if counted else [*why, so]


def _infeasible(story: Story) -> list[Say]:
    return [
        Say(N_("We looked at your plan with care.")),
        Say(N_("We cannot do this plan now.")),
        *_extras(story),
        *_unconfirmed(story),
        Say(N_("Do you see it differently? Please tell us.")),
    ]


def _not_preselected(story: Story) -> list[Say]:
    known = story.figures
    room = N_(
        "There were %(candidates)s plans for %(places)s places on the voting list."
    )
    counted = _row(room, candidates=known.candidates, places=known.places)
    that = Say(N_("Your plan is not on that list."))
    selectors = Local(story.selectors) if story.selectors else None
    by = N_("The list was chosen by: %(selectors)s.")
    return [
        Say(N_("Your plan is possible.")),
        *([*counted, that] if counted else [stage(Status.NOT_PRESELECTED)]),
        *_row(by, selectors=selectors),
        *_extras(story),
        *_unconfirmed(story),
    ]


def _not_voted_in(story: Story) -> list[Say]:
    return [
        Say(N_("Your plan was on the voting list.")),
        *_row(N_("Votes for your plan: %(votes)s."), votes=story.figures.votes),
        Say(N_("There was not enough money for all plans.")),
        Say(N_("How did we count? Say: explain.")),
        *_extras(story),
        *_unconfirmed(story),
    ]


def _chosen(story: Story) -> list[Say]:
    return [
        Say(N_("Good news about your plan.")),
        story.named,
        *_later(story),
        Say(N_("Your plan is chosen.")),
        *_unconfirmed(story),
        *_row(N_("The money for your plan is %(amount)s."), amount=story.amount),
        *_extras(story),
        Say(N_("Please do not spend your own money yet.")),
        Say(N_("Together we will agree who does what.")),
    ]


def _later(story: Story) -> list[Say]:
    """Say why it is chosen only now, though she was told that it was not."""
    if not story.is_later:
        return []
    return [
        Say(N_("After the result, money became free.")),
        Say(N_("By the same rule your plan was next.")),
    ]


def _on_ballot(story: Story) -> list[Say]:
    closes, result_day = story.figures.closes, story.figures.result_day
    rows = [
        Say(N_("There is news about your plan.")),
        story.named,
        Say(N_("Your plan is on the voting list.")),
        Say(N_("It is not chosen yet.")),
        *_extras(story),
    ]
    if closes:
        rows.append(
            Say(N_("Residents can vote until %(closing)s."), {"closing": closes})
        )
        rows.append(Say(N_("After that we will tell you the result.")))
        return rows
    return [*rows, *_row(N_("The result comes on %(date)s."), date=result_day)]


def _extras(story: Story) -> list[Say]:
    """Say the reason, the contact person and the promised call, as far as given."""
    contact = story.contact
    name = Free(contact.name) if contact else None
    phone = Code(contact.phone) if contact and contact.phone else None
    return [
        *_reason(story),
        *_row(N_("Your contact person is %(contact)s."), contact=name),
        *_row(N_("The phone number is %(phone)s."), phone=phone),
        *_row(N_("We will call you before %(date)s."), date=story.call_before),
    ]


def _reason(story: Story) -> list[Say]:
    reason = Local(story.reason) if story.reason else None
    return _row(N_("The reason is: %(reason)s"), reason=reason)


def _unconfirmed(story: Story) -> list[Say]:
    """Say that the municipality still has to confirm it, and when, if that is known."""
    if not story.provisional:
        return []
    if story.figures.result_day is None:
        return [Say(N_("The municipality still has to confirm this."))]
    day = {"date": story.figures.result_day}
    return [Say(N_("The municipality will confirm this on %(date)s."), day)]


def _row(msgid: str, **values: Param | None) -> list[Say]:
    """Return the row, or nothing if one of its values is missing."""
    known = {name: value for name, value in values.items() if value is not None}
    return [Say(msgid, known)] if len(known) == len(values) else []


_STORIES: Mapping[Status, Callable[[Story], list[Say]]] = {
    Status.CHOSEN: _chosen,
    Status.ON_BALLOT: _on_ballot,
    Status.BELOW_THRESHOLD: _below_threshold,
    Status.INFEASIBLE: _infeasible,
    Status.NOT_PRESELECTED: _not_preselected,
    Status.NOT_VOTED_IN: _not_voted_in,
}
OUTCOMES = tuple(_STORIES)
