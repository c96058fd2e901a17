"""What a round lets people do in some channels only: told kindly, and not offered."""

from collections.abc import Callable, Collection
from dataclasses import replace

import pytest

from bot.domain.effects import (
    BindPass,
    DropMedia,
    FollowPlan,
    RaiseTask,
    WithdrawPlan,
)
from bot.domain.facts import Admission, Facts, Links, PassVerdict
from bot.domain.languages import LANGUAGES, Language
from bot.domain.round_terms import Act
from bot.flows.state import (
    ConfirmingPlan,
    ConfirmingVote,
    Heard,
    Menu,
    NamingPlan,
    Talk,
    Voting,
    Walking,
    Withdrawing,
)
from bot.i18n import render
from tests.flows.cast import (
    AUTHOR,
    BETWEEN,
    CODES,
    FACTS,
    MINE,
    PASS_ROUND,
    THEIRS,
    VOTE,
    talk,
)
from tests.flows.steps import NOTE, Step, check, note, offered, rows, take, tap, told

REST = talk(Menu())
PAGE = "https://buurt.example/phone"


def only(*acts: Act, here: str = "whatsapp", facts: Facts = FACTS) -> Facts:
    """Return facts in which the rounds leave no more than `acts` open here."""
    rounds = tuple(replace(r, acts={here: frozenset(acts)}) for r in facts.rounds)
    return replace(facts, channel=here, rounds=rounds, links=Links("", PAGE))


RESULTS = only(Act.RESULTS)
AUTHORS = only(Act.RESULTS, facts=AUTHOR)
NO_VOTE = "You cannot vote in this chat."
NO_PLAN = "You cannot tell a plan in this chat."
NO_SUPPORT = "You cannot support plans in this chat."
HERE = "You can do it here:"
NOTHING = "Nothing more is sent."
BEGUN = talk(ConfirmingVote(), picks=(21, 30))
APP = "In the app %(app)s."
ASKING = ("person", "menu:status")

ELSEWHERE = [
    Step("a vote", REST, "vote", Menu(), says=(NO_VOTE, HERE, APP), buttons=ASKING),
    Step("a vote with numbers", REST, "vote 21", Menu(), says=(NO_VOTE,)),
    Step("an old button of the menu", REST, tap("menu:vote"), Menu(), says=(NO_VOTE,)),
    Step(
        "yes to a vote that was begun",
        BEGUN,
        "yes",
        Menu(),
        says=(NO_VOTE, NOTHING, HERE, APP),
        buttons=ASKING,
    ),
    Step(
        "numbers on a ballot that was open",
        talk(Voting(), picks=(21,)),
        "30",
        Menu(),
        says=(NO_VOTE, NOTHING, HERE),
    ),
    Step("'again' on such a ballot", BEGUN, "again", ConfirmingVote(), says=(NO_VOTE,)),
    Step(
        "a plan of a walk",
        talk(Walking("green"), picks=(21,)),
        "yes",
        Menu(),
        says=(NO_VOTE, NOTHING),
    ),
    Step("help to choose", REST, tap("vote:help"), Menu(), says=(NO_VOTE,)),
    Step("a plan", REST, "plan", Menu(), says=(NO_PLAN, HERE), buttons=ASKING),
    Step("the words of one", REST, "a bench in the park", Menu(), says=(NO_PLAN,)),
    Step(
        "a yes to one that was read back before",
        talk(ConfirmingPlan(), text="A bench"),
        "yes",
        Menu(),
        says=(NO_PLAN,),
    ),
    Step("support", REST, f"support {THEIRS}", Menu(), says=(NO_SUPPORT, HERE)),
    Step(
        "support by number",
        talk(NamingPlan("support")),
        str(THEIRS),
        Menu(),
        says=(NO_SUPPORT,),
    ),
]


@rows(ELSEWHERE)
def test_it_is_told_where_this_is_possible(step: Step) -> None:
    check(replace(step, facts=RESULTS))


def test_a_note_that_can_be_no_plan_here_waits_for_nobody() -> None:
    for before in (REST, talk(ConfirmingPlan(), text="A bench")):
        turn = take(before, note(before, heard=Heard.BADLY), RESULTS)
        assert NO_PLAN in told(turn)
        assert turn.effects == [DropMedia(NOTE)]
        assert turn.talk == replace(
            before, state=Menu(), offered=turn.talk.offered, aloud=True
        )
    anywhere = take(REST, note(REST, heard=Heard.BADLY), BETWEEN)
    assert [type(each) for each in anywhere.effects] == [RaiseTask]


STILL = [
    Step("a result", REST, "result", Menu(), facts=RESULTS),
    Step(
        "following a plan",
        REST,
        f"follow {THEIRS}",
        Menu(),
        (FollowPlan(THEIRS),),
        facts=RESULTS,
    ),
    Step(
        "taking her own plan back",
        talk(Withdrawing(MINE)),
        "yes",
        Menu(),
        (WithdrawPlan(MINE),),
        facts=AUTHORS,
    ),
]


@rows(STILL)
def test_what_is_always_possible(step: Step) -> None:
    assert NO_VOTE not in told(check(step))


def test_new_words_for_a_plan_are_told_where_plans_are() -> None:
    shown = take(REST, str(MINE), AUTHORS)
    assert f"change:{MINE}" not in offered(shown)
    assert f"withdraw:{MINE}" in offered(shown)
    assert NO_PLAN in told(take(REST, tap(f"change:{MINE}"), AUTHORS))


@pytest.mark.parametrize(
    ("acts", "buttons"),
    [
        ((), {"menu:status"}),
        ((Act.PLAN,), {"menu:plan", "menu:status"}),
        ((Act.VOTE,), {"menu:vote", "menu:status"}),
        (tuple(Act), {"menu:plan", "menu:vote", "menu:status"}),
    ],
)
def test_the_menu_offers_what_is_open_here(
    acts: Collection[Act], buttons: set[str]
) -> None:
    turn = take(REST, "yes", only(*acts))
    assert set(offered(turn)) == buttons


def test_a_plan_offers_what_is_open_here() -> None:
    ballot = f"plan {10}"
    assert "menu:vote" in offered(take(REST, ballot, only(*Act)))
    assert "menu:vote" not in offered(take(REST, ballot, RESULTS))
    assert f"support:{THEIRS}" in offered(take(REST, f"plan {THEIRS}", only(*Act)))
    assert f"support:{THEIRS}" not in offered(take(REST, f"plan {THEIRS}", RESULTS))


def test_help_names_what_is_open_here() -> None:
    plan, vote = (
        "Type or say: plan. Then you tell your plan.",
        "Type or say: vote. Then you choose plans.",
    )
    assert {plan, vote} <= set(told(take(REST, "help", FACTS)))
    assert not {plan, vote} & set(told(take(REST, "help", RESULTS)))


def test_a_result_that_is_not_told_here_is_told_elsewhere() -> None:
    turn = take(REST, "result", only(Act.VOTE))
    assert told(turn)[:2] == ["You cannot see the result in this chat.", HERE]
    assert "On our page on the internet." in told(turn)


SAID: dict[Language, tuple[str, ...]] = {
    "nl": ("In deze chat kunt u niet stemmen.", "In de app Telegram.", "Op papier."),
    "en": ("You cannot vote in this chat.", "In the app Telegram.", "On paper."),
    "tr": (
        "Bu sohbette oy veremezsiniz.",
        "Telegram uygulamasında.",
        "Kâğıt üzerinde.",
    ),
    "ar": ("لا يمكنكم التصويت في هذه المحادثة.", "في تطبيق تيليغرام.", "على الورق."),
}


@pytest.mark.parametrize(
    ("before", "button"),
    [
        (lambda language: talk(Menu(), language), "menu:vote"),
        (lambda language: talk(ConfirmingVote(), language, picks=(21, 30)), "yes"),
    ],
    ids=["a new vote", "one that was begun"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_where(
    before: Callable[[Language], Talk], button: str, language: Language
) -> None:
    turn = take(before(language), tap(button), RESULTS)
    says = [say for reply in turn.replies for say in reply.says]
    rows = [render(say, language).translate(ISOLATES) for say in says]
    assert set(SAID[language]) <= set(rows)
    assert PAGE in rows


ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def test_where_nothing_is_open_a_person_can_be_asked() -> None:
    shut = {route: frozenset[Act]() for route in ("whatsapp", "telegram", "web")}
    shut |= {"desk": frozenset(), "paper": frozenset()}
    rounds = tuple(replace(each, acts=shut) for each in FACTS.rounds)
    turn = take(REST, "vote", replace(RESULTS, rounds=rounds))
    assert told(turn) == [NO_VOTE]
    assert offered(turn) == ASKING


def test_one_round_may_be_open_here_and_another_not() -> None:
    first, *others = FACTS.rounds
    closed = replace(first, acts={"telegram": frozenset()})
    facts = replace(FACTS, rounds=(closed, *others))
    assert NO_VOTE in told(take(REST, "vote", facts))
    assert "menu:plan" in offered(take(REST, "yes", facts))


def test_a_pass_is_neither_used_nor_bound_where_nobody_votes() -> None:
    facts = only(Act.RESULTS, facts=replace(FACTS, rounds=(PASS_ROUND,)))
    shown = replace(facts, admission=Admission(PassVerdict.NOT_HERE, VOTE))
    turn = take(REST, CODES[0], shown)
    assert told(turn)[0] == NO_VOTE
    assert APP in told(turn)
    assert not [each for each in turn.effects if isinstance(each, BindPass)]
    assert turn.talk.picks is None
