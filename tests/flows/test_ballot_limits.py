"""The limits of a ballot in the talk: told at once, kept to, and nothing lost."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.effects import CastBallot
from bot.domain.facts import Facts
from bot.domain.languages import LANGUAGES, Language
from bot.domain.money import Money
from bot.domain.rounds import Round
from bot.flows.ballot import balance
from bot.flows.state import (
    Browsing,
    Checking,
    ConfirmingVote,
    Menu,
    Picks,
    State,
    Talk,
    Voting,
    Walking,
)
from bot.i18n import render
from tests.flows.cast import (
    AFTER,
    ALIKE,
    AT_LEAST,
    BALLOT,
    EXACTLY,
    FACTS,
    KNAPSACK,
    NOW,
    PER_THEME,
    VOTE,
    facts_of,
    talk,
)
from tests.flows.steps import Step, check, offered, rows, take, tap, told

REST = talk(Menu())
SUM, FEW, EXACT, THEMED = map(facts_of, (KNAPSACK, AT_LEAST, EXACTLY, PER_THEME))
LEFT = "There is %(amount)s left."
DEAR = "Plan %(plan)s costs %(amount)s. That is more than what is left."
MORE = "Choose one more plan."
KEPT = "Your vote is not sent yet. I keep your choice."
OFF = "This one is not on your list: plan %(plan)s."
GONE = "Plan %(plan)s is not on the list."
THEME = "%(theme)s: at most %(n)s plan."
TOO_FEW = ("vote:help", "repeat", "back")
SENDING = ("yes", "no", "repeat")


def at(state: State, *picks: int) -> Talk:
    return talk(state, picks=picks)


LIMITS = [
    Step(
        "a sum is told when the ballot opens",
        REST,
        "vote",
        Voting(),
        says=("Your plans may cost %(amount)s together.",),
        facts=SUM,
    ),
    Step(
        "what is too dear stays off, and what is left is said",
        at(Voting()),
        "21 40 30",
        ConfirmingVote(),
        says=(DEAR, LEFT),
        buttons=SENDING,
        facts=SUM,
    ),
    Step(
        "an exchange fits",
        at(ConfirmingVote(), 21, 30),
        "40 30 21",
        ConfirmingVote(),
        says=(LEFT,),
        facts=SUM,
    ),
    Step(
        "the last euro is told as well",
        at(Voting()),
        "20 40",
        ConfirmingVote(),
        says=("There is no money left.",),
        facts=SUM,
    ),
    Step(
        "a tap says how much is chosen, and how much is left",
        at(Browsing("green")),
        tap("plan:21"),
        Browsing("green"),
        says=("Chosen so far: %(amount)s of %(budget)s.", LEFT),
        facts=SUM,
    ),
    Step(
        "when nothing more fits it is read back",
        at(Browsing("green"), 20),
        tap("plan:40"),
        ConfirmingVote(),
        buttons=SENDING,
        facts=SUM,
    ),
    Step(
        "a least is told when the ballot opens",
        REST,
        "vote",
        Voting(),
        says=("Choose at least one plan.", "Choose at most one plan."),
        facts=FEW,
    ),
    Step(
        "exactly so many are told as that",
        REST,
        "vote",
        Voting(),
        says=("Choose exactly one plan.",),
        facts=EXACT,
    ),
    Step(
        "with too few there is nothing to send yet",
        at(Voting()),
        "21 30",
        ConfirmingVote(),
        says=(MORE,),
        buttons=TOO_FEW,
        facts=FEW,
    ),
    Step(
        "a yes with too few sends nothing and loses nothing",
        at(ConfirmingVote(), 21, 30),
        "yes",
        ConfirmingVote(),
        says=(KEPT, MORE),
        buttons=TOO_FEW,
        facts=FEW,
    ),
    Step(
        "'ready' with too few says how many more",
        at(Browsing("green"), 21),
        "done",
        ConfirmingVote(),
        says=(MORE,),
        buttons=TOO_FEW,
        facts=FEW,
    ),
    Step(
        "'help me choose' goes on from there",
        at(ConfirmingVote(), 21),
        tap("vote:help"),
        Browsing(),
        facts=FEW,
    ),
    Step(
        "'back' keeps it",
        at(ConfirmingVote(), 21),
        "back",
        Menu(),
        says=(KEPT,),
        facts=FEW,
    ),
    Step(
        "one too many of a range is told with the most",
        at(ConfirmingVote(), 10, 11, 20, 21, 22),
        "30",
        ConfirmingVote(),
        says=("Choose at most one plan.", OFF),
        facts=FEW,
    ),
    Step(
        "limits of themes are told by name",
        REST,
        "vote",
        Voting(),
        says=(THEME,),
        facts=THEMED,
    ),
    Step(
        "one limit for all themes is told once",
        REST,
        "vote",
        Voting(),
        says=("You may choose one plan of each subject.",),
        facts=facts_of(ALIKE),
    ),
    Step(
        "one too many of a theme stays off, with the theme's limit",
        at(Voting()),
        "21 42 43",
        ConfirmingVote(),
        says=(THEME, OFF),
        buttons=SENDING,
        facts=THEMED,
    ),
    Step(
        "a plan that left the list is told on yes, before anything is sent",
        at(ConfirmingVote(), 12, 21),
        "yes",
        ConfirmingVote(),
        says=(GONE, KEPT),
        buttons=SENDING,
    ),
    Step(
        "where it was the only one, nothing is chosen",
        at(ConfirmingVote(), 12),
        "yes",
        Voting(),
        says=(GONE, "No plan is chosen now."),
    ),
    Step(
        "enough are sent",
        at(ConfirmingVote(), 21, 30, 31),
        "yes",
        Menu(),
        (CastBallot(VOTE, (21, 30, 31), FACTS.receipt),),
        facts=FEW,
    ),
]


@rows(LIMITS)
def test_limits(step: Step) -> None:
    check(step)


def test_what_has_left_the_list_is_not_sent_with_the_next_yes() -> None:
    turn = take(at(ConfirmingVote(), 12, 21), "yes")
    assert turn.talk.picks == Picks(VOTE, (21,))
    sent = take(turn.talk, "yes")
    assert tuple(sent.effects) == (CastBallot(VOTE, (21,), FACTS.receipt),)


SAID: dict[Language, tuple[str, ...]] = {
    "nl": (
        "Plan 40 kost 20.000 euro. Dat is meer dan er nog over is.",
        "Er is nog 4.500 euro over.",
        "Kies nog 2 plannen.",
        "Veilig: hoogstens één plan.",
    ),
    "en": (
        "Plan 40 costs 20,000 euros. That is more than what is left.",
        "There is 4,500 euros left.",
        "Choose 2 more plans.",
        "Safe: at most one plan.",
    ),
    "tr": (
        "40 numaralı planın maliyeti: 20.000 euro. Bu, kalan paradan fazla.",
        "Kalan para: 4.500 euro.",
        "2 plan daha seçin.",
        "Güvenlik: en fazla 1 plan.",
    ),
    "ar": (
        "تكلفة الخطة رقم 40: 20.000 يورو. وهذا أكثر من المبلغ المتبقي.",
        "المبلغ المتبقي: 4.500 يورو.",
        "اختاروا خطتين أخريين.",
        "موضوع الأمان: خطة واحدة على الأكثر.",
    ),
}
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def heard(language: Language, a_round: Round, words: str) -> str:
    """Return all that is answered to plan numbers, in one language."""
    before = replace(at(Voting()), language=language)
    turn = take(before, words, facts_of(a_round))
    says = [say for reply in turn.replies for say in reply.says]
    return "\n".join(render(say, language) for say in says).translate(ISOLATES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_limits(language: Language) -> None:
    dear, left, more, theme = SAID[language]
    answer = heard(language, KNAPSACK, "21 30 40")
    assert dear in answer
    assert left in answer
    assert more in heard(language, AT_LEAST, "21")
    assert theme in heard(language, PER_THEME, "42 43")


def test_a_number_that_cannot_be_reached_is_not_told() -> None:
    """A sum alone limits this ballot; of the 200 that are allowed nobody speaks."""
    assert not [row for row in told(take(REST, "vote", SUM)) if "You may choose" in row]
    capped = facts_of(replace(KNAPSACK, max_picks=5))
    assert "You may choose one plan." in told(take(REST, "vote", capped))


@pytest.mark.parametrize(
    "state", [Voting(), Browsing("green"), ConfirmingVote(), Checking(Voting())]
)
def test_the_balance_is_there_while_the_ballot_is_open(state: State) -> None:
    found = balance(at(state, 21, 30), SUM, NOW)
    assert found is not None
    assert (found.spent, found.budget) == (Money.euros(25_500), Money.euros(30_000))
    assert [say.msgid for say in found.says][1] == LEFT


@pytest.mark.parametrize(
    ("before", "facts", "now"),
    [
        pytest.param(at(Menu(), 21), SUM, NOW, id="she has left the ballot"),
        pytest.param(talk(Voting()), SUM, NOW, id="there are no picks"),
        pytest.param(at(Voting(), 21), FACTS, NOW, id="the ballot has no sum"),
        pytest.param(at(Voting(), 21), SUM, AFTER, id="voting is closed"),
    ],
)
def test_otherwise_there_is_no_balance(
    before: Talk, facts: Facts, now: datetime
) -> None:
    assert balance(before, facts, now) is None


def test_an_open_ballot_of_a_sum_offers_all_plans() -> None:
    first = take(at(Browsing()), tap("theme:safe"), SUM)
    turn = take(first.talk, tap("vote:list"), SUM)
    safe = [plan.number for plan in BALLOT.plans if plan.theme == "safe"]
    assert {f"plan:{number}" for number in safe} <= set(offered(turn))


def test_one_by_one_a_yes_says_what_is_left_of_the_sum() -> None:
    first = take(at(Browsing()), tap("theme:safe"), SUM)
    turn = take(first.talk, "yes", SUM)
    assert turn.talk.picks is not None
    spent = SUM.papers[VOTE].cost(turn.talk.picks.numbers)
    shown = [
        value
        for reply in turn.replies
        for s in reply.says
        for value in s.params.values()
    ]
    assert spent in shown


def test_one_by_one_what_is_too_dear_is_said_and_the_walk_goes_on() -> None:
    first = take(at(Browsing(), 30), tap("theme:green"), SUM)
    dear = take(take(first.talk, "yes", SUM).talk, "yes", SUM)
    assert dear.talk.picks is not None
    assert dear.talk.picks.numbers == (30, 10), "plan 21 costs more than is left"
    assert told(dear)[0].endswith("That is more than what is left.")
    assert dear.talk.state == Walking("green", 2)
