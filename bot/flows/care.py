"""What holds everywhere: help, a person, privacy, rules, stop, forget, and patience."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.effects import (
    AllowRecording,
    Forget,
    RaiseTask,
    StopMessages,
    TaskKind,
)
from bot.domain.facts import Facts
from bot.domain.languages import FALLBACK
from bot.domain.plans import ONCE_CHOSEN
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Local, Reply, Say
from bot.flows.aloud import choice
from bot.flows.keeping import soon_rows, unasked_rows
from bot.flows.parts import (
    PERSON,
    RULES,
    answer_day,
    menu_buttons,
)
from bot.flows.state import (
    ConfirmingPlan,
    Draft,
    Forgetting,
    Message,
    Talk,
    TellingMore,
    Turn,
)
from bot.flows.talks import at, rest


def greet(facts: Facts, now: datetime) -> Reply:
    """Say who we are, that this is a computer, what is open, and where privacy is."""
    says = [
        Say(
            N_("Welcome to Buurtstem, from the municipality of %(city)s."), _city(facts)
        ),
        Say(N_("You are talking to a computer.")),
        Say(N_("A person can help you too.")),
    ]
    for each in facts.collecting(now):
        money = {"amount": each.budget}
        says.append(Say(N_("There is %(amount)s for your neighbourhood."), money))
        says.append(Say(N_("Do you have a plan for the neighbourhood?")))
        says.append(Say(N_("Say it in a voice message, or type it.")))
        break
    if facts.voting(now):
        says.append(Say(N_("You can also vote now.")))
    return Reply((*says, *privacy_rows()), menu_buttons(facts, now))


def introduce(facts: Facts) -> Reply:
    """Say in short who we are, where a plan came first and is read back next."""
    return Reply(
        (Say(N_("You are talking to a computer.")), *_from(facts), *privacy_rows())
    )


def _from(facts: Facts) -> tuple[Say, ...]:
    return (Say(N_("It works for the municipality of %(city)s."), _city(facts)),)


def _city(facts: Facts) -> dict[str, Local]:
    return {"city": Local({FALLBACK: facts.city})}


def privacy_rows() -> tuple[Say, ...]:
    """Return the two rows on privacy that belong to every first contact."""
    return (
        Say(N_("We use your message only for the neighbourhood budget.")),
        Say(N_("Want to know more? Type or say: privacy.")),
    )


def help_me(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Tell what one can do here, in words that can be typed or said."""
    says = (
        Say(N_("This is what you can do here.")),
        *_acts_here(facts),
        Say(N_("Type or say: status. Then you hear how it goes.")),
        Say(N_("Type or say: person. Then a person helps you.")),
        Say(N_("Type or say: language. Then you choose another language.")),
        Say(N_("Type or say: read aloud. Then I read to you.")),
        link_row(),
        Say(N_("Type or say: stop. Then you get no more messages.")),
    )
    buttons = (*menu_buttons(facts, now), PERSON, RULES, LANGUAGE)
    return Turn(rest(talk), [Reply(says, buttons)])


def _acts_here(facts: Facts) -> Iterator[Say]:
    """Name what a round leaves open in this channel, whether it goes on now or not."""
    if facts.ever_allows(Act.PLAN):
        yield Say(N_("Type or say: plan. Then you tell your plan."))
    if facts.ever_allows(Act.VOTE):
        yield Say(N_("Type or say: vote. Then you choose plans."))


def link_row() -> Say:
    """Return the row that names linking."""
    return Say(N_("Do you use another app too? Type or say: link."))


LANGUAGE = Button("lang", Say(N_("Another language")))


def person(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Give her to a person at once, and let her say what it is about."""
    says = (
        Say(N_("I will ask a person to help you.")),
        Say(
            N_("You will hear from us before %(date)s."),
            {"date": answer_day(facts, now)},
        ),
        Say(N_("What is your question? Say it, or type it.")),
    )
    if isinstance(talk.state, ConfirmingPlan) and talk.state.changing is None:
        return _pass_on(talk, says[:2], facts, now)
    asked = at(talk, TellingMore(TaskKind.PERSON))
    return Turn(asked, [Reply(says)], [RaiseTask(TaskKind.PERSON)])


def _pass_on(talk: Talk, says: tuple[Say, ...], facts: Facts, now: datetime) -> Turn:
    """What was read back is a question, not a plan: she need not say it twice."""
    draft = talk.draft or Draft()
    note = draft.notes[-1] if draft.notes else None
    task = RaiseTask(TaskKind.PERSON, note=draft.text, media=note)
    passed = rest(replace(talk, draft=None))
    return Turn(passed, [Reply(says, menu_buttons(facts, now))], [task])


def ask_more(_: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask again what a person should know."""
    return Reply((Say(N_("Tell me more. Say it, or type it.")),))


def told_more(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Pass her own words on to a person."""
    state = talk.state
    assert isinstance(state, TellingMore)  # noqa: S101 - narrows the type
    words = "" if message.unheard else message.text.strip()
    task = RaiseTask(state.task, state.plan, words, message.media)
    says = (
        Say(N_("Thank you. A person will read or hear this.")),
        Say(
            N_("You will hear from us before %(date)s."),
            {"date": answer_day(facts, now)},
        ),
    )
    return Turn(rest(talk), [Reply(says, menu_buttons(facts, now))], [task])


def privacy(talk: Talk, facts: Facts) -> Turn:
    """Tell what we keep and why, how long, until when unasked, who sees it, her rights.

    One subject a message; what can be tapped stands below the last one.
    """
    kept = (
        Say(N_("This service is from the municipality of %(city)s."), _city(facts)),
        Say(N_("It is the municipality's public task.")),
        Say(N_("We keep your plan, your messages and your number.")),
        Say(N_("We use them only for the neighbourhood budget.")),
    )
    how_long = (*soon_rows(facts.kept), *recording_rows(facts))
    asks = (
        Say(N_("Type or say: my data. Then you see what we keep.")),
        Say(N_("Type or say: forget me. Then we delete it.")),
        Say(N_("Type or say: person. Then a person helps you.")),
        Say(N_("You can also complain to the data protection authority.")),
    )
    buttons = (*take_back(facts), MY_DATA, PERSON)
    told = [Reply(kept), Reply(how_long), Reply(unasked_rows(facts.kept))]
    told.append(Reply(_seen_rows(facts)))
    return Turn(talk, [*told, Reply(asks, buttons)])


def _seen_rows(facts: Facts) -> tuple[Say, ...]:
    """Say who sees what, and what cannot be promised in a chat."""
    return (
        Say(N_("People of the municipality can read or hear your messages.")),
        *_app_row(facts),
        Say(N_("Neighbours see a plan only after a person has read it.")),
        Say(N_("They do not see your name.")),
        Say(N_("Your name is not on your vote.")),
        *_pass_rows(facts),
        Say(N_("We cannot see who reads along on your phone.")),
    )


def _pass_rows(facts: Facts) -> list[Say]:
    """Say what cannot be promised where one votes with a pass."""
    if not any(each.asks_pass for each in facts.rounds):
        return []
    return [
        Say(N_("Until the count, somebody with the key could find your vote.")),
        Say(N_("After that, nobody can.")),
    ]


def recording_rows(facts: Facts) -> list[Say]:
    """Name what she has allowed, and how to take it back."""
    if not facts.me.may_record:
        return []
    return [
        Say(N_("You let us keep voice messages for tests, for one year.")),
        Say(N_("Take this back? Tap: Do not keep them.")),
    ]


def take_back(facts: Facts) -> tuple[Button, ...]:
    """Offer to take back that her recordings may be kept, where she has allowed it."""
    return (KEEP_NONE,) if facts.me.may_record else ()


KEEP_NONE = Button("recording:no", Say(N_("Do not keep them")))


def stop_recording(talk: Talk, facts: Facts) -> Turn:
    """Take back that her recordings may be kept for tests; the talk goes on."""
    if not facts.me.may_record:
        none = Reply((Say(N_("We keep no voice messages of yours for tests.")),))
        return Turn(talk, [none])
    says = (
        Say(N_("All right. We no longer keep them for tests.")),
        Say(N_("They are deleted 30 days after you confirmed the text.")),
    )
    return Turn(talk, [Reply(says)], [AllowRecording(allowed=False)])


def _app_row(facts: Facts) -> list[Say]:
    """Say honestly who else reads along: the company of the app, not on our page."""
    if facts.channel == "web":
        return []
    return [Say(N_("The company of this chat app can see your messages."))]


MY_DATA = Button("mydata", Say(N_("My data")))


def rules(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Tell what can and cannot be done in each open round."""
    language = talk.language or "nl"
    open_rounds = facts.collecting(now) or facts.voting(now) or facts.rounds
    says = [say for each in open_rounds for say in _rules_of(each, language)]
    if not says:
        says = [Say(N_("You cannot send plans or vote now."))]
    return Turn(talk, [Reply(tuple(says), menu_buttons(facts, now))])


def _rules_of(each: Round, language: str) -> list[Say]:
    lines = each.rules.get(language) or each.rules.get("nl", ())
    return [
        Say(N_("These are the rules.")),
        Say(N_("There is %(amount)s for your neighbourhood."), {"amount": each.budget}),
        *(Say(N_("%(rule)s"), {"rule": Local({FALLBACK: line})}) for line in lines),
    ]


def stop(talk: Talk) -> Turn:
    """End all messages at once; plan and vote stay."""
    says = (
        Say(N_("All right. You will get no more messages.")),
        Say(N_("Your plan and your vote stay.")),
        Say(N_("Want messages again? Send us a message.")),
    )
    return Turn(rest(talk), [Reply(says)], [StopMessages()])


def forget(talk: Talk, facts: Facts) -> Turn:
    """Ask how to forget her: an author decides about her plans first."""
    return Turn(at(talk, Forgetting()), [ask_forget(talk, facts)])


def ask_forget(_: Talk, facts: Facts) -> Reply:
    """Say what forgetting does, and offer the choices."""
    says = [
        Say(N_("We will delete your number and your messages.")),
        Say(N_("Your vote still counts.")),
    ]
    if not facts.me.plans:
        return Reply(tuple(says), (FORGET_YES, FORGET_BACK))
    if any(plan.status in ONCE_CHOSEN for plan in facts.me.plans):
        says.append(Say(N_("What was paid for a chosen plan stays written down.")))
    says.append(Say(N_("May your plan stay, without your name?")))
    return Reply(tuple(says), (FORGET_KEEP, FORGET_DROP, FORGET_BACK))


FORGET_YES = Button("yes", Say(N_("Yes, forget me")))
FORGET_KEEP = Button("forget:keep", Say(N_("Keep the plan")))
FORGET_DROP = Button("forget:drop", Say(N_("Remove my plan")))
FORGET_BACK = Button("back", Say(N_("Do not delete")))


def forgetting(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Erase her as she chose, or leave everything as it is."""
    if message.act in {"back", "no"}:
        kept = Say(N_("All right. Nothing is deleted."))
        return Turn(rest(talk), [Reply((kept,), menu_buttons(facts, now))])
    chosen = {"forget:keep": True, "forget:drop": False}
    if message.act == "yes" and not facts.me.plans:
        chosen["yes"] = True
    if message.act not in chosen:
        return None
    gone = Reply(
        (
            Say(N_("We have deleted your number and your messages.")),
            Say(N_("Thank you for taking part.")),
        )
    )
    return Turn(Talk(language=talk.language), [gone], [Forget(chosen[message.act])])


def misunderstood(talk: Talk, message: Message, asked: Reply) -> Turn:
    """Say kindly that we did not understand, each time otherwise; then offer a person.

    Words are tried three times; a voice note is asked for once more, and no oftener:
    to speak again costs more than to type again. `asked` is the question that is still
    open; it is asked again, so that nobody has to remember it.
    """
    misses = min(talk.misses + 1, 3)
    spoken = message.kind == "note"
    tries = (_not_heard,) if spoken else (_not_read, _still_not)
    given_up = misses > len(tries)
    says = (_offer_person if given_up else tries[misses - 1])()
    reply = asked.after(*says)
    if given_up:
        reply = _with_person(reply)
    return Turn(at(talk, talk.state, misses=misses), [reply])


def _with_person(reply: Reply) -> Reply:
    """Put a person among the buttons; last where the rows number the others."""
    others = tuple(each for each in reply.buttons if each.id != PERSON.id)
    if reply.aloud is None:
        return replace(reply, buttons=(PERSON, *others[:2]))
    buttons = (*others, PERSON)
    last = choice(PERSON, len(buttons))
    return replace(reply, buttons=buttons, aloud=(*reply.aloud, last))


def _not_heard() -> tuple[Say, ...]:
    return (
        Say(N_("Sorry, I did not hear it well.")),
        Say(N_("Could you say it again?")),
    )


def _not_read() -> tuple[Say, ...]:
    return (Say(N_("Sorry, I do not understand this yet.")),)


def _still_not() -> tuple[Say, ...]:
    return (
        Say(N_("Sorry, I still do not understand.")),
        Say(N_("You can tap a button, or send its number.")),
    )


def _offer_person() -> tuple[Say, ...]:
    return (
        Say(N_("I am sorry. I do not understand you well.")),
        Say(N_("Shall a person help you? Tap: Ask a person.")),
    )


def menu_again(_: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask what she would like, at rest."""
    return Reply((Say(N_("What would you like to do?")),), menu_buttons(facts, now))
