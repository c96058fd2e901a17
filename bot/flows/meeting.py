"""Two authors who may meet: asked each by herself, no unless she says yes.

Nothing of hers goes to the other one before both have said yes, and she has heard what
it is that goes. A kept plan that may go into a new round is asked about here too.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.effects import AnswerMeeting, CloseQuestion, EndMeetings
from bot.domain.facts import About, Facts
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.flows.parts import BACK, menu_buttons
from bot.flows.state import ConfirmingPlan, Draft, Message, SharingName, Talk, Turn
from bot.flows.submit import ask_confirm
from bot.flows.talks import at, rest

JOIN, RENEW = "join", "renew"
OFFERS = frozenset({JOIN, RENEW})
OFFERED = frozenset({"yes", "no", "later", "nothing"})
"""What answers an offer; whatever is no yes, is no."""

RIGHT = Button("yes", Say(N_("Yes, give this")))
WRONG = Button("no", Say(N_("No, something else")))
_LEAVING = frozenset({"back", "later", "nothing"})


def answer_offer(
    talk: Talk, message: Message, about: About, facts: Facts, now: datetime
) -> Turn | None:
    """Take yes or no to what we asked her; None for anything else."""
    if message.act not in OFFERED:
        return None
    if about.kind == RENEW:
        return _renew(talk, message.act == "yes", about, facts, now)
    if message.act != "yes":
        return _declined(talk, about.plan, facts, now)
    asked = at(talk, SharingName(about.plan))
    return Turn(asked, [ask_name(asked, facts, now)])


def _declined(talk: Talk, plan: int, facts: Facts, now: datetime) -> Turn:
    says = (
        Say(N_("All right.")),
        Say(N_("Nobody gets your name or your number.")),
    )
    reply = Reply(says, menu_buttons(facts, now))
    return Turn(rest(talk), [reply], [AnswerMeeting(plan, agrees=False)])


def ask_name(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask what the other author may have; then read it back."""
    del facts, now
    state = talk.state
    assert isinstance(state, SharingName)  # noqa: S101 - narrows the type
    if not state.words:
        says = (
            Say(N_("What may the other author know?")),
            Say(N_("Say or type your name and phone number.")),
        )
        return Reply(says, (BACK,))
    rows = (
        Say(N_("The other author gets this:")),
        Say(N_("%(words)s"), {"words": Free(state.words)}),
        Say(N_("Is that right?")),
    )
    return Reply(rows, (RIGHT, WRONG, BACK))


def name_given(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Read back what she would give, and keep it only after her yes."""
    state = talk.state
    assert isinstance(state, SharingName)  # noqa: S101 - narrows the type
    if message.act in _LEAVING or (message.act == "no" and not state.words):
        return _declined(talk, state.plan, facts, now)
    if message.act == "yes" and state.words:
        return _agreed(talk, state, facts, now)
    words = "" if message.act == "no" else message.text.strip()
    if message.act != "no" and not (message.is_words and words):
        return None
    asked = at(talk, replace(state, words=words[:MOST_NAME]))
    return Turn(asked, [ask_name(asked, facts, now)])


MOST_NAME = 120
"""Characters of a name and a number."""


def _agreed(talk: Talk, state: SharingName, facts: Facts, now: datetime) -> Turn:
    says = (
        Say(N_("Thank you. I wrote it down.")),
        Say(N_("The other author gets it only after a yes too.")),
        Say(N_("Take it back? Type or say: not together.")),
    )
    effect = AnswerMeeting(state.plan, agrees=True, words=state.words)
    return Turn(rest(talk), [Reply(says, menu_buttons(facts, now))], [effect])


def take_back(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Take back that another author may have her name and number."""
    says = (
        Say(N_("All right. We deleted your name and number.")),
        Say(N_("The other author may not use them any more.")),
    )
    reply = Reply(says, menu_buttons(facts, now))
    return Turn(rest(talk), [reply], [EndMeetings()])


def _renew(talk: Talk, yes: bool, about: About, facts: Facts, now: datetime) -> Turn:  # noqa: FBT001 - her answer
    """Read a kept plan back for the new round; only her next yes stores it there."""
    if not yes:
        says = (Say(N_("All right.")), Say(N_("We keep your plan.")))
        reply = Reply(says, menu_buttons(facts, now))
        return Turn(rest(talk), [reply], [CloseQuestion()])
    draft = Draft(text=about.text, round=about.round or None)
    asked = at(replace(talk, draft=draft), ConfirmingPlan())
    return Turn(asked, [ask_confirm(asked, facts, now)], [CloseQuestion()])
