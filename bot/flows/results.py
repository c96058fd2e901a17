"""Answers to what we told or asked about a plan: next steps, and how it goes."""

from datetime import datetime

from bot.domain.effects import (
    AnswerCheckIn,
    AnswerNextStep,
    Effect,
    RaiseTask,
    TaskKind,
)
from bot.domain.facts import About, Facts
from bot.domain.languages import FALLBACK
from bot.domain.say import N_, Button, Reply, Say
from bot.domain.text import clean
from bot.flows.checking import ask_check
from bot.flows.digits import find_digits, in_pairs
from bot.flows.drafts import listen_task
from bot.flows.parts import BACK, HOW_GOES, answer_day, menu_buttons
from bot.flows.spelling import plain
from bot.flows.state import Checking, LeavingNumber, Message, Talk, TellingMore, Turn
from bot.flows.talks import at, rest

NEXT_STEPS = frozenset({"call", "join", "keep", "nothing"})
CHECK_INS = frozenset({"good", "stuck", "later"})


def next_step(
    talk: Talk, answer: str, about: About | None, facts: Facts, now: datetime
) -> Turn:
    """Keep what she wants now; a call needs a number where the channel hides hers."""
    if answer == "call":
        return call_me(talk, about, facts, now)
    if about is None or about.kind != "results":
        return nothing_asked(talk, facts, now)
    words = {
        "join": N_("Good. A person looks for a plan that fits you."),
        "keep": N_("Good. We keep your plan for the next time."),
        "nothing": N_("All right. Thank you for your plan."),
    }
    says = [Say(words[answer])]
    if answer == "join":
        says.append(_before(facts, now))
    effect = AnswerNextStep(about.plan, answer)
    return Turn(rest(talk), [Reply(tuple(says), (HOW_GOES,))], [effect])


def call_me(talk: Talk, about: About | None, facts: Facts, now: datetime) -> Turn:
    """Promise a call before a date; ask for number and hour if we have none."""
    plan = about.plan if about else None
    if facts.shows_number:
        effect = AnswerNextStep(plan, "call") if plan else RaiseTask(TaskKind.CALL)
        says = (Say(N_("Good. We will call you.")), _before(facts, now))
        return Turn(rest(talk), [Reply(says, (HOW_GOES,))], [effect])
    asked = at(talk, LeavingNumber(plan))
    return Turn(asked, [ask_number(asked, facts, now)])


def ask_number(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask which number to call, then when: one question at a time."""
    state = talk.state
    assert isinstance(state, LeavingNumber)  # noqa: S101 - narrows the type
    if state.number:
        return Reply((Say(N_("At what time can we call you?")),), (ANY_TIME,))
    return Reply((Say(N_("Which phone number can we call?")),), (BACK,))


ANY_TIME = Button("skip", Say(N_("Any time is fine")))


def number_left(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Keep the number and the hour as she said them, for the person who calls."""
    state = talk.state
    assert isinstance(state, LeavingNumber)  # noqa: S101 - narrows the type
    if message.unheard and message.media:
        return _will_call(talk, state, state.number, message.media, facts, now)
    if state.number:
        hour = "" if message.act in _NO_HOUR else message.text.strip()
        note = f"{state.number}; {hour}" if hour else state.number
        return _will_call(talk, state, note, None, facts, now)
    if message.act in {"back", "no", "later", "nothing"}:
        fine = (Say(N_("All right.")),)
        return Turn(rest(talk), [Reply(fine, menu_buttons(facts, now))])
    if not message.is_words:
        return None
    if message.spoken:
        return _number_heard(talk, message)
    asked = at(talk, LeavingNumber(state.plan, message.text.strip()))
    return Turn(asked, [ask_number(asked, facts, now)])


def _number_heard(talk: Talk, message: Message) -> Turn | None:
    """Read back a telephone number that was said; None if there is none in it."""
    language = talk.language or FALLBACK
    digits = find_digits(plain(message.text, language).split(), language)
    if digits is None or not _CALLABLE <= len(digits) <= _LONGEST:
        return None
    if clean(digits).masked:
        return None
    heard = Checking(talk.state, words=in_pairs(digits))
    return Turn(at(talk, heard), [ask_check(heard)])


_CALLABLE, _LONGEST = 8, 17
"""Digits of a number that can be called: without a country, or with 00 and E.164."""

_NO_HOUR = frozenset({"skip", "no", "later", "nothing", "back"})


def _will_call(
    talk: Talk,
    state: LeavingNumber,
    note: str,
    media: int | None,
    facts: Facts,
    now: datetime,
) -> Turn:
    effect: Effect = RaiseTask(TaskKind.CALL, None, note, media)
    if state.plan is not None:
        effect = AnswerNextStep(state.plan, "call", note, media)
    says = (Say(N_("Thank you. We will call you.")), _before(facts, now))
    return Turn(rest(talk), [Reply(says, (HOW_GOES,))], [effect])


def check_in(
    talk: Talk, answer: str, about: About | None, facts: Facts, now: datetime
) -> Turn:
    """Keep how the plan goes; "stuck" reaches her contact person and asks for words."""
    if about is None or about.kind != "checkin":
        return nothing_asked(talk, facts, now)
    effect = AnswerCheckIn(about.plan, answer)
    if answer != "stuck":
        noted = (Say(N_("Thank you. I wrote it down.")),)
        return Turn(rest(talk), [Reply(noted, (HOW_GOES,))], [effect])
    says = (
        Say(N_("Thank you for telling us.")),
        Say(N_("A person will help you with this.")),
        _before(facts, now),
        Say(N_("What do you need? Say it, or type it.")),
    )
    asked = at(talk, TellingMore(TaskKind.STUCK, about.plan))
    return Turn(asked, [Reply(says)], [effect])


def told_how_it_goes(
    talk: Talk, message: Message, about: About, facts: Facts, now: datetime
) -> Turn:
    """Keep words or a note that answer an open check-in, at rest."""
    words = message.text.strip() if not message.unheard else ""
    effect = AnswerCheckIn(about.plan, "told", words, message.media)
    says = (
        Say(N_("Thank you. I wrote this down with your plan.")),
        Say(N_("Plan %(plan)s."), {"plan": about.plan}),
    )
    effects = [effect, *listen_task(message, about.plan)]
    return Turn(rest(talk), [Reply(says, menu_buttons(facts, now))], effects)


def nothing_asked(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Say that there is nothing open to answer, and what can be done."""
    says = (Say(N_("There is no question open now.")),)
    return Turn(rest(talk), [Reply(says, menu_buttons(facts, now))])


def _before(facts: Facts, now: datetime) -> Say:
    day = {"date": answer_day(facts, now)}
    return Say(N_("You will hear from us before %(date)s."), day)
