"""After the receipt: where is it, may we write, may we keep it, and goodbye."""

from dataclasses import replace
from datetime import datetime

from bot.domain.effects import (
    AddPhoto,
    AllowRecording,
    AllowWriting,
    Effect,
    PlacePlan,
)
from bot.domain.facts import Facts
from bot.domain.say import N_, Button, Reply, Say
from bot.flows.parts import HAVE_PLAN, HOW_GOES, menu_buttons
from bot.flows.state import (
    AskingConsent,
    AskingRecording,
    Kind,
    Message,
    PlacingPlan,
    Talk,
    Turn,
)
from bot.flows.talks import at, rest

SKIP = Button("skip", Say(N_("Skip this question")))


def ask_place(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask the one question that is left, and may be skipped."""
    del talk, facts, now
    says = (
        Say(N_("One more question: where in the neighbourhood is it?")),
        Say(N_("Say a street, a shop or a school.")),
    )
    return Reply(says, (SKIP,))


def place(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Keep where the plan is, in whatever form it comes; then say goodbye."""
    state = talk.state
    assert isinstance(state, PlacingPlan)  # noqa: S101 - narrows the type
    if message.act in {"skip", "no", "later", "nothing"}:
        return placed(talk, facts, now, Say(N_("All right.")))
    effect = _place_effect(state.plan, message)
    if effect is None:
        return None
    turn = placed(talk, facts, now, Say(N_("Thank you. I wrote it down.")))
    return replace(turn, effects=[effect, *turn.effects])


def _place_effect(plan: int, message: Message) -> Effect | None:
    if message.kind is Kind.PHOTO and message.media:
        return AddPhoto(plan, message.media)
    if message.pin:
        return PlacePlan(plan, pin=message.pin)
    if message.unheard and message.media:
        return PlacePlan(plan, note=message.media)
    if message.is_words:
        return PlacePlan(plan, words=message.text.strip())
    return None


def placed(talk: Talk, facts: Facts, now: datetime, *before: Say) -> Turn:
    """Close the telling of a plan: one consent on WhatsApp, a way back on the web."""
    state = talk.state
    assert isinstance(state, PlacingPlan)  # noqa: S101 - narrows the type
    if facts.asks_consent and facts.me.may_write is None:
        asked = at(talk, AskingConsent(state.plan))
        question = ask_consent(asked, facts, now)
        return Turn(asked, [question.after(*before)])
    says = [*before]
    if facts.links.back:
        says.append(Say(N_("Keep this link. It brings you back to this chat.")))
        says.append(Say(N_("%(link)s"), {"link": facts.links.back}))
    says.append(Say(N_("Want to hear how it goes? Type or say: status.")))
    turn = Turn(rest(talk), [Reply(tuple(says), (HOW_GOES, HAVE_PLAN))])
    return then_ask(turn, facts)


def ask_consent(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask once whether we may write first, about this plan only."""
    del talk, facts, now
    says = (Say(N_("May we send you messages about your plan?")),)
    return Reply(says, (MAY_WRITE, MAY_NOT))


MAY_WRITE = Button("yes", Say(N_("Yes, keep me posted")))


MAY_NOT = Button("no", Say(N_("No, do not write")))


def consent(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Keep her answer; on no she can still ask for news herself."""
    if message.act not in {"yes", "no"}:
        return None
    allowed = message.act == "yes"
    yes = N_("Thank you. We will write to you about your plan.")
    no = N_("All right. You can always type or say: status.")
    reply = Reply((Say(yes if allowed else no),), menu_buttons(facts, now))
    turn = Turn(rest(talk), [reply], [AllowWriting(allowed)])
    return then_ask(turn, facts)


def then_ask(turn: Turn, facts: Facts) -> Turn:
    """Ask apart whether her recordings may be kept, if a person wrote one down.

    The question brings a no with it: so it is asked once, and silence is no consent.
    """
    if not facts.asks_recording:
        return turn
    asked = at(turn.talk, AskingRecording())
    effects = [*turn.effects, AllowRecording(allowed=False)]
    return Turn(asked, [*turn.replies, ask_recording()], effects)


def ask_recording() -> Reply:
    """Ask what for and for how long, and name the way back."""
    says = (
        Say(N_("May we keep your voice messages for one year?")),
        Say(N_("With them we test how well our computer hears.")),
        TAKE_BACK,
    )
    return Reply(says, (KEEP_IT, DO_NOT_KEEP))


TAKE_BACK = Say(N_("You can take this back. Type or say: privacy."))
KEEP_IT = Button("yes", Say(N_("Yes, keep them")))
DO_NOT_KEEP = Button("no", Say(N_("No, do not keep")))


def recording(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Keep her answer; only a yes is one."""
    if message.act not in {"yes", "no", "recording:no"}:
        return None
    allowed = message.act == "yes"
    no = Say(N_("All right. We do not keep them for tests."))
    yes = (Say(N_("Thank you. We keep them for one year.")), TAKE_BACK)
    reply = Reply(yes if allowed else (no,), menu_buttons(facts, now))
    return Turn(rest(talk), [reply], [AllowRecording(allowed)])
