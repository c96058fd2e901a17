"""What authors are told when their plans are decided about, and when that was wrong."""

from datetime import date
from typing import Any

import pytest

from bot.domain.money import Money
from bot.domain.plans import Status
from bot.services.answers import FaultyCallError, NotNowError
from bot.services.broadcasts import Broadcast
from bot.services.hooks import Accepted, Call, accept
from bot.services.results import Correction, Corrections, Decided, Results
from bot.services.segments import parse_segment
from bot.services.stories import Contact
from tests.worlds import COLLECTING, VOTING, Person, World

OUTCOMES = {
    Status.CHOSEN,
    Status.ON_BALLOT,
    Status.BELOW_THRESHOLD,
    Status.INFEASIBLE,
    Status.NOT_PRESELECTED,
    Status.NOT_VOTED_IN,
}
REASON = {
    "nl": "Er liggen kabels.",
    "en": "There are cables.",
    "tr": "Kablolar var.",
    "ar": "هناك كابلات.",
}
BRAM = Contact("Bram de Wit", "020 123 4567")


def send(world: World, call: Call, call_id: str = "msg_1") -> dict[str, Any]:
    return dict(accept(world.house, call_id, call).answer)


def publish(world: World, *decided: Decided, **more: Any) -> dict[str, Any]:
    call_id = more.pop("call_id", "msg_1")
    call = Results(VOTING, more.pop("standing", "final"), decided, **more)
    return send(world, call, call_id)


def correct(world: World, *each: Correction, call_id: str = "msg_2") -> dict[str, Any]:
    return send(world, Corrections(VOTING, each), call_id)


def only_push(world: World, person: Person) -> Any:
    """Return the one story she was told; who does what comes behind an award."""
    (push,) = stories_of(world, person)
    return push


def stories_of(world: World, person: Person) -> list[Any]:
    pushes = world.pushes(person)
    return [push for push in pushes if not push.dedupe_key.endswith(":steps")]


# The first sentence of each story's own, in each language: the wrong story is seen.
HEART = {
    (Status.CHOSEN, "nl"): "Uw plan is gekozen.",
    (Status.CHOSEN, "en"): "Your plan is chosen.",
    (Status.CHOSEN, "tr"): "Planınız seçildi.",
    (Status.CHOSEN, "ar"): "تم اختيار خطتكم.",
    (Status.ON_BALLOT, "nl"): "Het is nog niet gekozen.",
    (Status.ON_BALLOT, "en"): "It is not chosen yet.",
    (Status.ON_BALLOT, "tr"): "Henüz seçilmiş değil.",
    (Status.ON_BALLOT, "ar"): "لم يتم اختيارها بعد.",
    (Status.BELOW_THRESHOLD, "nl"): "Daarom gaat uw plan dit jaar niet verder.",
    (Status.BELOW_THRESHOLD, "en"): "So your plan does not go on this year.",
    (Status.BELOW_THRESHOLD, "tr"): "Bu yüzden planınız bu yıl devam etmiyor.",
    (Status.BELOW_THRESHOLD, "ar"): "لذلك لا تستمر خطتكم هذا العام.",
    (Status.INFEASIBLE, "nl"): "Wij kunnen dit plan nu niet uitvoeren.",
    (Status.INFEASIBLE, "en"): "We cannot do this plan now.",
    (Status.INFEASIBLE, "tr"): "Bu planı şimdi gerçekleştiremiyoruz.",
    (Status.INFEASIBLE, "ar"): "لا نستطيع تنفيذها الآن.",
    (Status.NOT_PRESELECTED, "nl"): "Uw plan staat niet op die lijst.",
    (Status.NOT_PRESELECTED, "en"): "Your plan is not on that list.",
    (Status.NOT_PRESELECTED, "tr"): "Planınız bu listede değil.",
    (Status.NOT_PRESELECTED, "ar"): "خطتكم ليست في هذه القائمة.",
    (Status.NOT_VOTED_IN, "nl"): "Er was niet genoeg geld voor alle plannen.",
    (Status.NOT_VOTED_IN, "en"): "There was not enough money for all plans.",
    (Status.NOT_VOTED_IN, "tr"): "Bütün planlar için yeterli para yoktu.",
    (Status.NOT_VOTED_IN, "ar"): "لم يكفِ المال لكل الخطط.",
}
BUTTONS = {Status.CHOSEN: ["call"], Status.ON_BALLOT: []}


@pytest.mark.parametrize(("outcome", "language"), HEART)
def test_each_author_hears_her_own_true_story(
    world: World, outcome: Status, language: str
) -> None:
    author = world.person(language)
    number = world.plan(author, supports=12, votes=312)
    answer = publish(world, Decided(number, outcome, reason=REASON))
    assert (answer["told"], answer["held"], answer["unreachable"]) == (1, 0, [])
    push = only_push(world, author)
    others = {text for (other, code), text in HEART.items() if other is not outcome}
    assert HEART[outcome, language] in push.text
    assert not [text for text in others if text in push.text]
    assert REASON[language] in push.text
    assert str(number) in push.text
    ids = [choice[0] for choice in push.choices]
    assert ids == BUTTONS.get(outcome, ["call", "join", "keep"])
    assert push.about == ({"kind": "results", "plan": number} if ids else None)
    assert "%(" not in push.text


def test_the_story_of_a_chosen_plan_is_told_whole(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, title={"en": "A bench"})
    decided = Decided(
        number,
        Status.CHOSEN,
        contact=BRAM,
        amount=Money.euros(12_500),
        call_before=date(2026, 12, 4),
    )
    publish(world, decided)
    assert only_push(world, author).text.split("\n") == [
        "Good news about your plan.",
        f"Plan {number} is called: A bench.",
        "Your plan is chosen.",
        "The money for your plan is 12,500 euros.",
        "Your contact person is Bram de Wit.",
        "The phone number is 020 123 4567.",
        "We will call you before Friday 4 December.",
        "Please do not spend your own money yet.",
        "Together we will agree who does what.",
    ]
    row = world.plan_row(number)
    assert row.status == "chosen"
    assert row.contact == {"name": "Bram de Wit", "phone": "020 123 4567"}
    assert world.stages(number)[-1] == ("chosen", {}, "hook")


def test_a_row_whose_value_is_missing_is_left_out(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.CHOSEN))
    rows = only_push(world, author).text.split("\n")
    assert rows[2:] == [
        "Your plan is chosen.",
        "Please do not spend your own money yet.",
        "Together we will agree who does what.",
    ]


def test_below_the_threshold_names_both_numbers(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, supports=28)
    publish(world, Decided(number, Status.BELOW_THRESHOLD))
    text = only_push(world, author).text
    assert "Neighbours who supported your plan: 28.\nThe number needed was: 30." in text


def test_numbers_that_do_not_add_up_are_left_out_with_a_warning(world: World) -> None:
    author = world.person("en")
    number = world.plan(author, supports=31)
    answer = publish(world, Decided(number, Status.BELOW_THRESHOLD))
    assert "31" not in only_push(world, author).text.replace(str(number), "")
    assert answer["warnings"][0]["path"] == "data.decisions[0].outcome"


def test_the_voting_list_is_counted_when_every_plan_is_decided(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(
        world,
        Decided(number, Status.NOT_PRESELECTED, selectors={"en": "residents"}),
    )
    text = only_push(world, author).text
    assert "There were 45 plans for 40 places on the voting list." in text
    assert "The list was chosen by: residents." in text


def test_the_voting_list_is_not_counted_while_a_plan_is_open(world: World) -> None:
    author, other = world.person("en"), world.person("en")
    number = world.plan(author)
    world.plan(other)
    publish(world, Decided(number, Status.NOT_PRESELECTED))
    text = only_push(world, author).text
    assert "There were" not in text
    assert "This plan is not on the voting list." in text


def test_the_next_step_of_officials_comes_before_the_question(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    step = {"en": "Come to the library on Friday."}
    publish(world, Decided(number, Status.INFEASIBLE), next_step=step)
    assert only_push(world, author).text.split("\n")[-3:] == [
        "We are happy to help you with a next step.",
        "Come to the library on Friday.",
        "What would you like now?",
    ]


def test_a_provisional_result_says_so_and_may_become_final(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.CHOSEN), standing="provisional")
    publish(world, Decided(number, Status.CHOSEN), call_id="msg_2")
    first, second = (push.text for push in world.pushes(author))
    confirms = "The municipality will confirm this on Wednesday 23 December."
    assert confirms in first
    assert confirms not in second
    assert world.decision(number).standing == "final"


def test_a_provisional_result_may_become_another(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.CHOSEN), standing="provisional")
    publish(world, Decided(number, Status.NOT_VOTED_IN), call_id="msg_2")
    assert len(world.pushes(author)) == 2
    assert world.plan_row(number).status == "not_voted_in"


def test_another_final_outcome_is_refused_and_nothing_changes(world: World) -> None:
    author, other = world.person("en"), world.person("en")
    number, fine = world.plan(author), world.plan(other)
    publish(world, Decided(number, Status.CHOSEN))
    with pytest.raises(NotNowError) as refused:
        publish(
            world,
            Decided(fine, Status.CHOSEN),
            Decided(number, Status.INFEASIBLE),
            call_id="msg_2",
        )
    (fault,) = refused.value.faults
    assert (fault.path, fault.fault) == (
        "data.decisions[1].outcome",
        "the final outcome is chosen",
    )
    assert world.told(other) == []
    assert world.plan_row(fine).status == "received"
    assert world.decision(fine) is None


def test_being_on_the_ballot_is_no_end(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.ON_BALLOT))
    publish(world, Decided(number, Status.CHOSEN), call_id="msg_2")
    assert world.plan_row(number).status == "chosen"
    with pytest.raises(NotNowError):
        publish(world, Decided(number, Status.ON_BALLOT), call_id="msg_3")


def test_the_same_words_are_not_told_twice_but_new_ones_are(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.CHOSEN))
    again = publish(world, Decided(number, Status.CHOSEN), call_id="msg_2")
    assert again["told"] == 0
    assert again["warnings"][0]["path"] == "data.decisions[0]"
    publish(world, Decided(number, Status.CHOSEN, contact=BRAM), call_id="msg_3")
    assert "Bram" in stories_of(world, author)[-1].text
    assert len(stories_of(world, author)) == 2


def test_a_plan_that_is_being_done_stays_so(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.CHOSEN))
    world.change_plan(number, status="started")
    publish(world, Decided(number, Status.CHOSEN, contact=BRAM), call_id="msg_2")
    assert world.plan_row(number).status == "started"


def test_a_plan_of_another_round_is_refused(world: World) -> None:
    number = world.plan(world.person(), a_round=COLLECTING)
    with pytest.raises(NotNowError) as refused:
        publish(world, Decided(number, Status.CHOSEN))
    assert refused.value.faults[0].path == "data.decisions[0].plan"


def test_unknown_plans_and_plans_named_twice_are_all_named(world: World) -> None:
    number = world.plan(world.person())
    with pytest.raises(FaultyCallError) as refused:
        publish(
            world,
            Decided(99_999, Status.CHOSEN),
            Decided(number, Status.CHOSEN),
            Decided(number, Status.INFEASIBLE),
        )
    assert [fault.path for fault in refused.value.faults] == [
        "data.decisions[0].plan",
        "data.decisions[2].plan",
    ]


def test_an_unknown_round_is_a_fault(world: World) -> None:
    number = world.plan(world.person())
    with pytest.raises(FaultyCallError) as refused:
        send(world, Results("atlantis", "final", (Decided(number, Status.CHOSEN),)))
    assert refused.value.faults[0].path == "data.round"


def test_who_cannot_be_told_is_named(world: World) -> None:
    stopped, closed = world.person(), world.person()
    world.change_talk(stopped, stopped_at=world.clock())
    world.change_talk(closed, closed_at=world.clock())
    silent = world.person("nl", "whatsapp")
    world.change_resident(silent, may_write=False)
    numbers = [world.plan(each) for each in (None, stopped, closed, silent)]
    fine = world.plan(world.person())
    decided = [Decided(number, Status.CHOSEN) for number in [*numbers, fine]]
    answer = publish(world, *decided)
    assert (answer["told"], answer["unreachable"]) == (1, numbers)
    assert world.plan_row(numbers[0]).status == "chosen"


def test_nobody_is_told_of_a_plan_she_took_back(world: World) -> None:
    author = world.person()
    number = world.plan(author, status="withdrawn")
    answer = publish(world, Decided(number, Status.CHOSEN))
    assert answer["told"] == 0
    assert answer["warnings"][0]["path"] == "data.decisions[0]"
    assert world.plan_row(number).status == "withdrawn"
    assert world.told(author) == []


def test_followers_hear_without_reason_or_question(world: World) -> None:
    author, friend = world.person("nl"), world.person("tr")
    number = world.plan(author, title={"nl": "Een bank", "tr": "Bir bank"})
    world.follow(friend, number)
    world.follow(author, number)
    answer = publish(world, Decided(number, Status.INFEASIBLE, reason=REASON))
    assert (answer["told"], answer["followers"]) == (1, 1)
    push = only_push(world, friend)
    assert "Bir bank" in push.text
    assert REASON["tr"] not in push.text
    assert push.about is None


def test_a_follower_never_reads_words_nobody_has_ticked(world: World) -> None:
    author, friend = world.person("nl"), world.person("nl")
    number = world.plan(author, "Mijn buurvrouw Fatma wil een bank.")
    world.follow(friend, number)
    publish(world, Decided(number, Status.CHOSEN))
    assert "Fatma" in only_push(world, author).text
    assert "Fatma" not in only_push(world, friend).text


def test_own_results_are_never_held(world: World) -> None:
    author = world.person()
    world.change_resident(author, pushed_at=world.clock())
    number = world.plan(author)
    answer = publish(world, Decided(number, Status.CHOSEN))
    assert (answer["told"], answer["held"]) == (1, 0)
    assert only_push(world, author).due_at == world.clock()


def test_quiet_hours_hold_the_message_and_not_her_next_words(world: World) -> None:
    from datetime import time

    from bot.config import QuietHours

    asleep = world.with_settings(quiet_hours=QuietHours(time(21), time(8)))
    author = world.person("en")
    number = world.plan(author)
    world.clock.pass_time(hours=11)
    publish(asleep, Decided(number, Status.INFEASIBLE))
    push = only_push(world, author)
    assert push.due_at.isoformat() == "2026-11-19T07:00:00+00:00"
    assert world.talk(author).about_id is None
    assert world.talk(author).asked_id is None


@pytest.mark.parametrize("answer", ["call", "join", "keep"])
def test_her_next_step_becomes_a_task(world: World, answer: str) -> None:
    author = world.person("en", "whatsapp", phone="+31612345678")
    number = world.plan(author)
    publish(world, Decided(number, Status.NOT_VOTED_IN))
    world.taps(author, answer)
    if answer == "call":
        world.says(author, "06 12345678")
        world.says(author, "after six")
    assert [(task.kind, task.plan_id) for task in world.tasks()] == [
        (answer, world.plan_row(number).id)
    ]
    assert world.decision(number).next_step == answer


def test_the_digit_picks_the_button_of_the_result(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.NOT_VOTED_IN))
    world.says(author, "3")
    assert world.decision(number).next_step == "keep"


def test_no_thank_you_is_an_answer_too(world: World) -> None:
    author = world.person("en")
    number = world.plan(author)
    publish(world, Decided(number, Status.NOT_VOTED_IN))
    world.says(author, "nothing")
    assert world.decision(number).next_step == "nothing"
    assert world.tasks() == []


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_a_correction_says_what_was_wrong_and_what_holds(
    world: World, language: str
) -> None:
    author, friend = world.person(language), world.person(language)
    number = world.plan(author)
    world.follow(friend, number)
    publish(world, Decided(number, Status.CHOSEN))
    answer = correct(
        world, Correction(number, Status.CHOSEN, Status.NOT_VOTED_IN, REASON)
    )
    assert (answer["told"], answer["followers"]) == (1, 1)
    stage = {
        "nl": ("Dit plan is gekozen.", "Er was niet genoeg geld voor dit plan."),
        "en": ("This plan is chosen.", "There was not enough money for this plan."),
        "tr": ("Bu plan seçildi.", "Bu plan için yeterli para yoktu."),
        "ar": ("تم اختيار هذه الخطة.", "لم يكفِ المال لهذه الخطة."),
    }[language]
    for person in (author, friend):
        text = world.pushes(person)[-1].text
        assert text.index(stage[0]) < text.index(stage[1])
    mine = world.pushes(author)[-1]
    assert REASON[language] in mine.text
    assert [choice[0] for choice in mine.choices] == ["call", "join", "keep"]
    assert world.plan_row(number).status == "not_voted_in"
    assert world.stages(number)[-1] == ("not_voted_in", REASON, "hook")
    assert world.decision(number).outcome == "not_voted_in"


def test_a_correction_of_what_was_not_said_is_refused(world: World) -> None:
    author = world.person()
    number = world.plan(author)
    publish(world, Decided(number, Status.CHOSEN))
    with pytest.raises(NotNowError) as refused:
        correct(world, Correction(number, Status.INFEASIBLE, Status.CHOSEN, REASON))
    assert refused.value.faults[0].path == "data.corrections[0].from"
    assert len(world.pushes(author)) == 1


def test_a_corrected_result_can_be_answered_anew(world: World) -> None:
    author = world.person("en", "whatsapp", phone="+31612345678")
    number = world.plan(author)
    publish(world, Decided(number, Status.NOT_VOTED_IN))
    world.taps(author, "keep")
    correct(world, Correction(number, Status.NOT_VOTED_IN, Status.INFEASIBLE, REASON))
    assert world.decision(number).next_step is None
    world.taps(author, "join")
    assert world.decision(number).next_step == "join"


def test_a_status_set_by_staff_can_be_corrected(world: World) -> None:
    number = world.plan(world.person(), status="infeasible")
    answer = correct(
        world, Correction(number, Status.INFEASIBLE, Status.ON_BALLOT, REASON)
    )
    assert answer["told"] == 1
    assert world.decision(number).outcome == "on_ballot"


def test_results_on_each_database(each_world: World) -> None:
    author = each_world.person("tr")
    number = each_world.plan(author)
    publish(each_world, Decided(number, Status.NOT_PRESELECTED, reason=REASON))
    correct(
        each_world,
        Correction(number, Status.NOT_PRESELECTED, Status.ON_BALLOT, REASON),
    )
    assert [push.about for push in each_world.pushes(author)] == [
        {"kind": "results", "plan": number},
        None,
    ]


def test_the_same_call_changes_nothing_and_answers_the_same(world: World) -> None:
    author = world.person()
    call = Results(VOTING, "final", (Decided(world.plan(author), Status.CHOSEN),))
    first, again = (accept(world.house, "msg_1", call) for _ in range(2))
    assert first == Accepted(again.answer, new=True)
    assert not again.new
    assert len(world.pushes(author)) == 1


def test_a_held_broadcast_does_not_stand_in_the_way_of_a_result(world: World) -> None:
    author = world.person("en")
    world.change_resident(author, pushed_at=world.clock())
    send(world, Broadcast(parse_segment("all"), REASON))
    world.spread()
    publish(world, Decided(world.plan(author), Status.CHOSEN), call_id="msg_2")
    assert ["Your plan is chosen." in owed.out.text for owed in world.send_due()] == [
        True
    ]
