"""One person in two apps: she chooses a word here, and says it with her plan there.

The word is a secret. It is in no state and no reply but the one that reads it back, and
what she says in these states is kept nowhere (`bot.services.arriving.reveals`).
"""

from datetime import datetime

from bot.domain.effects import JoinPerson, KeepWord, Unlink, WrongWord
from bot.domain.facts import Facts, Guess, Verdict
from bot.domain.languages import Language
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.flows.own_word import folded, may_be_kept, number_and_word, shown
from bot.flows.parts import BACK, HOW_GOES, PERSON, menu_buttons
from bot.flows.state import ChoosingWord, Linking, Message, Talk, Turn
from bot.flows.talks import at, rest

HAVE_WORD = Button("link:there", Say(N_("I have a word")))
UNLINK = Button("unlink", Say(N_("Unlink")))
_LEAVES = frozenset({"back", "no", "later", "nothing"})


def begin(talk: Talk, facts: Facts) -> Turn:
    """Let an author choose a word; anybody else has her plan in the other app."""
    if not facts.me.plans:
        return say_both(talk)
    asked = at(talk, ChoosingWord())
    return Turn(asked, [ask_word(facts)])


def say_both(talk: Talk) -> Turn:
    """Ask for the plan and the word of the other app."""
    asked = at(talk, Linking())
    return Turn(asked, [ask_link(asked)])


def ask_word(facts: Facts) -> Reply:
    """Ask for a word, or for another one."""
    if facts.me.has_word:
        says = (
            Say(N_("You have a word already.")),
            Say(N_("In your other app, type or say: link.")),
            Say(N_("Do you want another word? Type it, or say it.")),
        )
    else:
        says = (
            Say(N_("You can link another app. Then you get each message once.")),
            Say(N_("Choose a word that only you know.")),
            Say(N_("It has four letters or more. Type it, or say it.")),
        )
    buttons = (HAVE_WORD, UNLINK, BACK) if facts.me.linked_after else (HAVE_WORD, BACK)
    return Reply((*says, _never_a_pass()), buttons)


def _never_a_pass() -> Say:
    return Say(N_("We never ask for your voting pass or your receipt here."))


def ask_link(talk: Talk) -> Reply:
    """Ask for number and word, or for the word alone once the number is said."""
    if isinstance(talk.state, Linking) and talk.state.plan is not None:
        return Reply((Say(N_("And which is your word? Type it, or say it.")),), (BACK,))
    says = (
        Say(N_("Which number has your plan? And which is your word?")),
        Say(N_("Type or say both. First the number, then the word.")),
        Say(N_("Do you have no word yet? Choose it where your plan is.")),
        Say(N_("In that app, type or say: link.")),
        _never_a_pass(),
    )
    return Reply(says, (BACK,))


def choose(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Keep the word she chose and read it back; one heard wrong can be said again."""
    if message.act in _LEAVES:
        return _left(talk, facts, now)
    if message.unheard:
        return Turn(talk, [_not_heard(ask_word(facts))])
    if not message.is_words:
        return None
    if message.masked or not may_be_kept(message.text, facts):
        return Turn(talk, [_not_this_one()])
    says = (
        Say(N_("Your word is: %(word)s."), {"word": Free(shown(message.text))}),
        Say(N_("Remember it. Tell it to nobody.")),
        Say(N_("In your other app, type or say: link.")),
        Say(N_("Is the word not right? Type or say: link.")),
    )
    read = Reply(says, menu_buttons(facts, now), secret=True)
    return Turn(rest(talk), [read], [KeepWord(folded(message.text))])


def unlink(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Part her from the apps that were linked after this one."""
    buttons = (PERSON, *menu_buttons(facts, now)[:2])
    if not facts.me.linked_after:
        nothing = (
            Say(N_("No app was linked after this one.")),
            Say(N_("Do you have another app? Type or say it there: unlink.")),
        )
        return Turn(rest(talk), [Reply(nothing, buttons)])
    says = (
        Say(N_("Done. The other app no longer belongs to you.")),
        Say(N_("Your word is gone too.")),
        Say(N_("Do you want to link again? Type or say: link.")),
    )
    return Turn(rest(talk), [Reply(says, buttons)], [Unlink()])


def _left(talk: Talk, facts: Facts, now: datetime) -> Turn:
    fine = Reply((Say(N_("All right.")),), menu_buttons(facts, now))
    return Turn(rest(talk), [fine])


def _not_heard(asked: Reply) -> Reply:
    says = (Say(N_("I could not hear your word.")), Say(N_("Please type it.")))
    return Reply(says, asked.buttons)


def _not_this_one() -> Reply:
    says = (
        Say(N_("I cannot keep this word.")),
        Say(N_("It has four letters or more, and no numbers.")),
        Say(N_("It does not stand in your plan.")),
        Say(N_("Choose another word. Type it, or say it.")),
    )
    return Reply(says, (HAVE_WORD, BACK))


def guess_in(
    state: Linking, message: Message, language: Language | None
) -> Guess | None:
    """Return the plan and the word that `message` completes, None if it does not."""
    if message.act not in {None, "plan"} or not message.is_words or message.masked:
        return None
    number, word = number_and_word(message.text, language)
    plan = number or state.plan
    return Guess(plan, word) if plan and word else None


def link(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Take number and word, together or one after the other."""
    state = talk.state
    assert isinstance(state, Linking)  # noqa: S101 - narrows the type
    if message.act in _LEAVES:
        return _left(talk, facts, now)
    if message.unheard:
        return Turn(talk, [_not_heard(ask_link(talk))])
    guess = guess_in(state, message, talk.language)
    if guess is not None and facts.verdict is not None:
        return _judged(talk, guess, facts.verdict, facts, now)
    number, _ = number_and_word(message.text, talk.language)
    if number is None or message.act not in {None, "plan"}:
        return None
    asked = at(talk, Linking(number))
    return Turn(asked, [ask_link(asked)])


def _judged(
    talk: Talk, guess: Guess, verdict: Verdict, facts: Facts, now: datetime
) -> Turn:
    if verdict is Verdict.RIGHT:
        joined = Reply(_joined(), (HOW_GOES,))
        return Turn(rest(talk), [joined], [JoinPerson(guess.plan, guess.word)])
    if verdict is Verdict.WRONG:
        again = Reply(_wrong(), (PERSON, BACK))
        return Turn(at(talk, Linking()), [again], [WrongWord(guess.plan)])
    if verdict is Verdict.SAME:
        says: tuple[Say, ...] = (Say(N_("This plan is yours here already.")),)
        return Turn(rest(talk), [Reply(says, menu_buttons(facts, now))])
    says = (
        Say(N_("This was tried five times.")),
        Say(N_("Please try again tomorrow.")),
        Say(N_("A person can help you.")),
    )
    return Turn(rest(talk), [Reply(says, (PERSON, *menu_buttons(facts, now)[:2]))])


def _joined() -> tuple[Say, ...]:
    return (
        Say(N_("Thank you. Your two apps are linked now.")),
        Say(N_("You get each message once, in the app you used last.")),
        Say(N_("Type or say: status. Then you hear how it goes.")),
    )


def _wrong() -> tuple[Say, ...]:
    """Say one and the same thing whatever does not fit, so that nobody learns more."""
    return (
        Say(N_("This number and this word do not belong together.")),
        Say(N_("You can try again. Type or say both.")),
        Say(N_("After five times you have to wait a day.")),
        Say(N_("Do you not remember? Type or say: person.")),
    )
