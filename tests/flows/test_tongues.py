"""She speaks another language than her talk: it is offered, and nothing is switched."""

import pytest

from bot.domain.effects import RaiseTask, TaskKind
from bot.flows.state import (
    OTHER,
    ConfirmingPlan,
    Heard,
    Menu,
    State,
    Voting,
    Withdrawing,
)
from tests.flows.cast import FACTS, MINE, talk
from tests.flows.steps import NOTE, follow, note, offered, take, tap, told
from tests.flows.test_needs import STATES

REST = talk(Menu(), "nl")
BENCH = "Ağacın altına bir bank"
HEARD_IT = "I heard English."
OFFER = "Do you want to go on in English? Tap the button."
OWN = "You may speak your own language here."


def test_a_plan_in_another_language_is_read_back_and_the_language_offered() -> None:
    turn = take(REST, note(REST, BENCH, tongue="tr"))
    offer, read_back = turn.replies
    assert {say.language for say in offer.says} == {"tr"}, "in the language she spoke"
    assert told(turn)[:2] == [HEARD_IT, OFFER]
    assert [button.id for button in offer.buttons] == ["lang:tr"]
    assert [button.id for button in read_back.buttons] == ["yes", "no", "person"]
    assert turn.talk.language == "nl"
    assert turn.talk.draft is not None
    assert turn.talk.draft.text == BENCH


def test_a_yes_and_a_digit_mean_the_plan_and_not_the_language() -> None:
    turn = take(REST, note(REST, BENCH, tongue="tr"))
    for answer in ("ja", "1"):
        assert take(turn.talk, answer).talk.draft is None, "the plan is stored"


def test_a_tap_on_the_language_asks_the_open_question_in_it() -> None:
    turn = follow(REST, note(REST, BENCH, tongue="tr"), tap("lang:tr"))
    assert turn.talk.language == "tr"
    assert turn.talk.state == ConfirmingPlan()
    assert offered(turn) == ("yes", "no", "person")


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_no_note_changes_the_language_by_itself(state: State) -> None:
    before = talk(state, "nl", text="Een bankje", picks=(21,))
    turn = take(before, note(before, BENCH, tongue="tr"))
    assert turn.talk.language == "nl"
    assert HEARD_IT in told(turn)
    assert turn.replies[0].buttons[0].id == "lang:tr"


def test_a_word_that_names_the_language_is_enough_and_nothing_is_offered() -> None:
    choosing = follow(REST, "taal").talk
    turn = take(choosing, note(choosing, "Türkçe", tongue="tr"))
    assert turn.talk.language == "tr"
    assert HEARD_IT not in told(turn)


def test_a_language_we_do_not_know_is_welcome_and_a_person_listens() -> None:
    turn = take(REST, note(REST, heard=Heard.BADLY, tongue=OTHER))
    assert told(turn)[:3] == [
        OWN,
        "Thank you. I have your message.",
        "A person will listen to your message.",
    ]
    assert "You do not need to say it again." in told(turn)
    assert turn.replies[-1].sound == NOTE, "she hears her own recording"
    assert offered(turn) == ("yes", "no", "person")
    assert turn.effects == [RaiseTask(TaskKind.LISTEN, media=NOTE)]


@pytest.mark.parametrize("state", [Voting(), Withdrawing(MINE)], ids=repr)
def test_where_no_person_will_listen_none_is_promised(state: State) -> None:
    before = talk(state, picks=(21,))
    turn = take(before, note(before, heard=Heard.BADLY, tongue=OTHER), FACTS)
    assert OWN not in told(turn)
    assert "A person will listen to your message." not in told(turn)
