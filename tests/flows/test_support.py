"""One plan by its number: seeing, supporting, following it; and the status of all."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.effects import FollowPlan, SupportPlan
from bot.domain.languages import LANGUAGES
from bot.domain.plans import Stage, Status
from bot.domain.rounds import Phase
from bot.flows.reading import read_start
from bot.flows.stages import stage_row
from bot.flows.state import Menu, NamingPlan
from bot.i18n import render
from tests.flows.cast import (
    AUTHOR,
    FACTS,
    HERS,
    MINE,
    MINE_PUBLIC,
    NOW,
    OTHERS,
    PLANS,
    THEIRS,
    UNREAD,
    VOTE,
    a_round,
    talk,
)
from tests.flows.steps import Step, check, offered, plan_rows, rows, take, tap, told

REST = talk(Menu())
UNKNOWN = ("I do not know plan %(plan)s.",)
SUPPORTED = replace(OTHERS[0], supported=True)
FOLLOWED = replace(OTHERS[0], followed=True)
AGAIN = replace(FACTS, plans={**PLANS, THEIRS: SUPPORTED})
FOLLOWING = replace(FACTS, plans={**PLANS, THEIRS: FOLLOWED})
REVIEWING = replace(
    FACTS, rounds=(a_round("slotermeer-2027", {Phase.REVIEWING: -1, Phase.VOTING: 30}),)
)

SUPPORT = [
    Step("by its number", REST, f"support {THEIRS}", Menu(), (SupportPlan(THEIRS),)),
    Step("by button", REST, tap(f"support:{THEIRS}"), Menu(), (SupportPlan(THEIRS),)),
    Step(
        "by deep link", REST, read_start(f"p{THEIRS}"), Menu(), (SupportPlan(THEIRS),)
    ),
    Step("by words", REST, f"I support plan {THEIRS}", Menu(), (SupportPlan(THEIRS),)),
    Step("in other digits", REST, "support ٦٢", Menu(), (SupportPlan(THEIRS),)),
    Step(
        "once a person",
        REST,
        f"support {THEIRS}",
        Menu(),
        says=("You support this plan already:",),
        facts=AGAIN,
    ),
    Step(
        "not her own",
        REST,
        f"support {MINE_PUBLIC}",
        Menu(),
        says=("This is your own plan. Your neighbours can support it.",),
        facts=AUTHOR,
    ),
    Step(
        "not before a person has read it",
        REST,
        f"support {UNREAD}",
        Menu(),
        says=UNKNOWN,
    ),
    Step("not one that does not exist", REST, "support 299", Menu(), says=UNKNOWN),
    Step(
        "not one on the ballot",
        REST,
        "support 21",
        Menu(),
        says=("This plan needs no support now.",),
    ),
    Step(
        "not when supporting is over",
        REST,
        f"support {THEIRS}",
        Menu(),
        says=("This plan needs no support now.",),
        facts=REVIEWING,
    ),
    Step("without a number it is asked for", REST, "support", NamingPlan("support")),
    Step(
        "the number then supports it",
        talk(NamingPlan("support")),
        str(THEIRS),
        Menu(),
        (SupportPlan(THEIRS),),
    ),
    Step("or 'back' leaves", talk(NamingPlan("support")), "back", Menu()),
    Step("following", REST, f"follow {THEIRS}", Menu(), (FollowPlan(THEIRS),)),
    Step(
        "following by button",
        REST,
        tap(f"follow:{THEIRS}"),
        Menu(),
        (FollowPlan(THEIRS),),
    ),
    Step("following one on the ballot", REST, "follow 21", Menu(), (FollowPlan(21),)),
    Step(
        "following twice says so",
        REST,
        f"follow {THEIRS}",
        Menu(),
        says=("You hear from us about this plan already.",),
        facts=FOLLOWING,
    ),
    Step("following asks for the number", REST, "follow", NamingPlan("follow")),
    Step("not what nobody has read", REST, f"follow {UNREAD}", Menu(), says=UNKNOWN),
]


@rows(SUPPORT)
def test_supporting_and_following(step: Step) -> None:
    check(step)


def test_two_plans_can_be_supported_in_one_breath() -> None:
    two = replace(FACTS, plans={**PLANS, 66: replace(OTHERS[0], number=66)})
    turn = take(REST, f"support {THEIRS} and 66", two)
    assert turn.effects == [SupportPlan(THEIRS), SupportPlan(66)]
    assert plan_rows(turn) == [THEIRS, 66]


def test_a_plan_named_twice_is_supported_once() -> None:
    turn = take(REST, f"support {THEIRS} {THEIRS}")
    assert turn.effects == [SupportPlan(THEIRS)]


SHOW = [
    Step(
        "its number shows it", REST, "62", Menu(), buttons=("support:62", "follow:62")
    ),
    Step(
        "so does 'plan 62'",
        REST,
        "plan 62",
        Menu(),
        buttons=("support:62", "follow:62"),
    ),
    Step(
        "and a tap", REST, tap("plan:62"), Menu(), buttons=("support:62", "follow:62")
    ),
    Step(
        "on the ballot one can vote",
        REST,
        "21",
        Menu(),
        buttons=("menu:vote", "follow:21"),
    ),
    Step(
        "who supports it can follow it",
        REST,
        "62",
        Menu(),
        buttons=("follow:62",),
        facts=AGAIN,
    ),
    Step(
        "hers can be changed",
        REST,
        "60",
        Menu(),
        buttons=("change:60", "withdraw:60", "about:60"),
        facts=AUTHOR,
    ),
    Step("what nobody has read is not shown", REST, "63", Menu(), says=UNKNOWN),
    Step("nor what does not exist", REST, "299", Menu(), says=UNKNOWN),
    Step("12 could be 21 misheard", REST, "12", Menu(), says=UNKNOWN),
]


@rows(SHOW)
def test_seeing_a_plan(step: Step) -> None:
    check(step)


def test_an_author_sees_what_happened_to_her_plan() -> None:
    refused = Stage(Status.INFEASIBLE, NOW, {"nl": "Er ligt een kabel."})
    full = replace(
        HERS[1], status=Status.INFEASIBLE, history=(*HERS[1].history, refused)
    )
    bare = replace(full, history=())
    facts = replace(
        FACTS, me=replace(FACTS.me, plans=(bare,)), plans={**PLANS, full.number: full}
    )
    turn = take(REST, str(MINE_PUBLIC), facts)
    assert told(turn).count("%(date)s: %(status)s") == 2
    assert "The reason is: %(reason)s" in told(turn)


def test_what_happened_at_night_happened_on_the_day_of_the_residents() -> None:
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    late = replace(HERS[0], history=(Stage(Status.RECEIVED, night, {}),))
    facts = replace(AUTHOR, plans={MINE: late}, me=replace(AUTHOR.me, since=night))
    says = [*take(REST, "60", facts).replies[0].says]
    says += take(REST, "my data", facts).replies[0].says
    days = [say.params["date"] for say in says if "date" in say.params]
    assert days == [date(2026, 11, 21)] * 2


def test_nobody_else_sees_it() -> None:
    told_publicly = replace(
        OTHERS[0], history=(Stage(Status.PUBLIC, NOW, {"nl": "mooi"}),), contact="Ed"
    )
    turn = take(REST, "62", replace(FACTS, plans={THEIRS: told_publicly}))
    assert "%(date)s: %(status)s" not in told(turn)
    assert "Your contact person is %(contact)s." not in told(turn)


def test_status_lists_each_of_her_plans_once() -> None:
    turn = take(REST, "status", AUTHOR)
    assert len(turn.replies) == 1
    assert plan_rows(turn) == [MINE, MINE_PUBLIC]
    assert told(turn).count("Support so far: %(supports)s of %(threshold)s.") == 1


def test_status_tells_that_she_has_voted_and_never_what() -> None:
    voted = replace(FACTS, me=replace(FACTS.me, voted=frozenset({VOTE})))
    turn = take(talk(Menu(), picks=(21, 30)), "status", voted)
    assert "We have your vote." in told(turn)
    assert plan_rows(turn) == []
    assert "You have not voted yet." in told(take(REST, "status"))


def test_status_lists_what_she_follows_and_supports_and_the_next_date() -> None:
    me = replace(FACTS.me, followed=(FOLLOWED,), supported=3)
    turn = take(REST, "status", replace(FACTS, me=me))
    assert plan_rows(turn) == [THEIRS]
    assert "Plans you support: %(count)s." in told(turn)
    assert "The result comes on %(date)s." in told(turn)
    assert "The municipality looks at the plans from %(date)s." in told(turn)


def test_who_asks_for_the_result_hears_what_was_chosen_or_when_it_comes() -> None:
    before = take(REST, "result")
    assert "The result comes on %(date)s." in told(before)
    assert plan_rows(before) == []
    chosen = replace(PLANS[21], status=Status.CHOSEN)
    turn = take(REST, "result", replace(FACTS, chosen=(chosen,)))
    assert "These plans are chosen:" in told(turn)
    assert plan_rows(turn) == [21]
    assert told(turn).count("The result comes on %(date)s.") == (
        told(before).count("The result comes on %(date)s.") - 1
    )
    many = tuple(replace(chosen, number=n) for n in range(100, 120))
    pages = take(REST, "result", replace(FACTS, chosen=many))
    assert plan_rows(pages) == list(range(100, 120))


PAGE = "https://buurt.example/open/rounds/slotermeer-2026"
COUNT_HERE = "See the whole count here:"


def test_who_asks_for_the_result_hears_where_the_count_is_once_it_is_published() -> (
    None
):
    chosen = replace(PLANS[21], status=Status.CHOSEN)
    assert COUNT_HERE not in told(
        take(REST, "result", replace(FACTS, chosen=(chosen,)))
    )
    for plans in ((chosen,), (), tuple(replace(chosen, number=n) for n in range(40))):
        facts = replace(FACTS, chosen=plans, counts={VOTE: PAGE})
        says = [
            say for reply in take(REST, "result", facts).replies for say in reply.says
        ]
        assert [say.msgid for say in says].count(COUNT_HERE) == 1
        assert [say.params["link"] for say in says if "link" in say.params] == [PAGE]


def test_status_with_many_plans_still_fits_ten_buttons() -> None:
    many = tuple(replace(HERS[0], number=n) for n in range(100, 130))
    turn = take(REST, "status", replace(FACTS, me=replace(FACTS.me, plans=many)))
    assert len(offered(turn)) == 10
    assert len(plan_rows(turn)) == 30


def test_a_plan_that_is_only_sound_has_a_title_too() -> None:
    sound = replace(AUTHOR, me=replace(FACTS.me, plans=(replace(HERS[0], title={}),)))
    row = take(REST, "status", sound).replies[0].says[0]
    assert all(render(row, each) != f"{MINE} –" for each in LANGUAGES)
    assert all(len(render(row, each)) > len(f"{MINE} – ") for each in LANGUAGES)


@pytest.mark.parametrize("status", list(Status))
def test_every_stage_is_told_in_a_sentence_of_its_own(status: Status) -> None:
    sentences = {stage_row(HERS[0], each).msgid for each in Status}
    assert len(sentences) == len(Status)
    turn = take(
        REST,
        "status",
        replace(FACTS, me=replace(FACTS.me, plans=(replace(HERS[0], status=status),))),
    )
    assert stage_row(HERS[0], status).msgid in told(turn)
