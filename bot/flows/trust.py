"""Three questions about trust: one a message, by tap, number or voice, or skipped.

An answer is kept at once and tied to nobody; where she is in the questions is all that
the talk remembers, and what she says here is kept nowhere (`state.is_secret`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.effects import AnswerTrust, BeginTrust, Effect
from bot.domain.facts import Facts
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Button, Reply, Say
from bot.domain.trust import AFTER, BEFORE, MARKS, QUESTIONS
from bot.flows.parts import menu_buttons
from bot.flows.state import AskingTrust, Message, Talk, Turn
from bot.flows.talks import at, rest

_ROWS: Mapping[str, Say] = {
    "listened": Say(N_("The municipality listens to me.")),
    "involved": Say(N_("I can think along about my neighbourhood.")),
    "room": Say(N_("There is room for ideas of residents.")),
}
_LABELS = (
    N_("1: not at all"),
    N_("2: not really"),
    N_("3: a bit"),
    N_("4: mostly"),
    N_("5: completely"),
)
_BUTTONS = tuple(
    Button(each, Say(label)) for each, label in zip(MARKS, _LABELS, strict=True)
)
SKIP = Button("skip", Say(N_("Skip this question")))
_AFTERWARDS = frozenset({Phase.COUNTING, Phase.DOING})


def begin(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Ask the first question; once for each person, before and after a round."""
    a_round = asked_about(facts.rounds, now)
    if a_round is None or facts.asked_trust:
        done = Say(N_("Thank you. There is no question for you now."))
        return Turn(rest(talk), [Reply((done,), menu_buttons(facts, now))])
    state = AskingTrust(a_round.slug, moment_of(a_round, now))
    asked = at(talk, state)
    says = (
        Say(N_("I ask you three short questions.")),
        Say(N_("Nobody can see what you answered.")),
        Say(N_("You can skip every question.")),
    )
    effect = BeginTrust(state.round, state.moment)
    return Turn(asked, [Reply(says), ask(asked)], [effect])


def asked_about(rounds: Iterable[Round], now: datetime) -> Round | None:
    """Return the round that is asked about: the one that is furthest on."""
    begun = [each for each in rounds if each.phase_at(now) and not each.before]
    order = list(Phase)

    def how_far(each: Round) -> int:
        phase = each.phase_at(now)
        return order.index(phase) if phase else -1

    return max(begun, key=how_far, default=None)


def moment_of(a_round: Round, now: datetime) -> str:
    """Return whether an answer is one from before or from after the vote."""
    return AFTER if a_round.phase_at(now) in _AFTERWARDS else BEFORE


def ask(talk: Talk) -> Reply:
    """Ask the question that is open."""
    state = talk.state
    assert isinstance(state, AskingTrust)  # noqa: S101 - narrows the type
    says = (
        _ROWS[QUESTIONS[state.question]],
        Say(N_("How true is that for you? Choose 1 to 5.")),
    )
    return Reply(says, (*_BUTTONS, SKIP))


def answer(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Keep an answer and go on; back ends the questions."""
    state = talk.state
    assert isinstance(state, AskingTrust)  # noqa: S101 - narrows the type
    if message.act in {"back", "later", "nothing"}:
        fine = Say(N_("All right."))
        return Turn(rest(talk), [Reply((fine,), menu_buttons(facts, now))])
    effects: list[Effect] = []
    if message.act is not None and message.act in MARKS:
        question = QUESTIONS[state.question]
        given = MARKS[message.act]
        effects = [AnswerTrust(state.round, state.moment, question, given)]
    elif message.act not in {"skip", "no"}:
        return None
    if state.question + 1 == len(QUESTIONS):
        thanks = Say(N_("Thank you for your answers."))
        turn = Reply((thanks,), menu_buttons(facts, now))
        return Turn(rest(talk), [turn], effects)
    following = at(talk, AskingTrust(state.round, state.moment, state.question + 1))
    return Turn(following, [ask(following)], effects)
