"""First contact: four languages, who we are, and what she came for survives."""

from dataclasses import replace

import pytest

from bot.domain.effects import (
    Forget,
    ListenAgain,
    RaiseTask,
    StopMessages,
    StorePlan,
    SupportPlan,
    TaskKind,
)
from bot.domain.languages import LANGUAGES, Language
from bot.flows.reading import read_start
from bot.flows.state import (
    ChoosingLanguage,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Forgetting,
    Heard,
    Kind,
    Menu,
    Message,
    Picks,
    PlacingPlan,
    Talk,
    Turn,
    Voting,
)
from tests.flows.cast import AUTHOR, COLLECT, DEAF, FACTS, NEXT, talk
from tests.flows.steps import (
    NOTE,
    PHOTO,
    note,
    offered,
    photo,
    take,
    tap,
    told,
)

STRANGER = Talk()
ALL_FOUR = tuple(f"lang:{language}" for language in LANGUAGES)
MENU = ("menu:plan", "menu:vote", "menu:status")
INTRODUCTION = (
    "You are talking to a computer.",
    "It works for the municipality of %(city)s.",
    "Want to know more? Type or say: privacy.",
)
BENCH = "A bench under the trees"


def arrived(media: int = NOTE) -> Message:
    return Message(Kind.NOTE_ARRIVED, media=media)


def after(*does: str | Message, before: Talk = STRANGER) -> Turn:
    """Take several steps, one after another."""
    turn = Turn(before)
    for each in does:
        turn = take(turn.talk, each)
    return turn


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("hallo", id="a greeting"),
        pytest.param(BENCH, id="a plan"),
        pytest.param("", id="nothing"),
        pytest.param("21", id="a number"),
        pytest.param(Message(Kind.UNKNOWN), id="a sticker"),
        pytest.param(photo(), id="a photo"),
        pytest.param(tap("yes"), id="a tap"),
        pytest.param(read_start("p62"), id="a link"),
        pytest.param(read_start(""), id="a start"),
        pytest.param("x" * 9_000, id="far too much"),
        pytest.param(note(STRANGER, "een bank"), id="a note in no clear language"),
    ],
)
def test_whatever_comes_first_gets_the_choice_of_language(first: str | Message) -> None:
    turn = take(STRANGER, first)
    assert offered(turn) == ALL_FOUR
    assert [say.language for say in turn.replies[0].says] == list(LANGUAGES)


CHOICES = {
    "nl": ["1", "١", "een", "nl", "NL", "Nederlands", "nederlands!"],
    "en": ["2", "٢", "two", "en", "English"],
    "tr": ["3", "üç", "Üç.", "tr", "Türkçe", "TÜRKÇE", "turkce"],
    "ar": ["4", "٤", "۴", "أربعة", "ar", "العربية", "عربي"],
}


@pytest.mark.parametrize(
    ("language", "words"),
    [(language, words) for language, row in CHOICES.items() for words in row],
)
def test_a_language_is_chosen_by_digit_code_or_name(
    language: Language, words: str
) -> None:
    assert after("hallo", words).talk.language == language
    assert after("hallo", note(STRANGER, words)).talk.language == language
    assert after("hallo", tap(f"lang:{language}")).talk.language == language


@pytest.mark.parametrize("words", ["5", "0", "deutsch", "euh", "dertien"])
def test_anything_else_is_asked_again(words: str) -> None:
    turn = after("hallo", words)
    assert turn.talk.language is None
    assert offered(turn) == ALL_FOUR


def test_the_welcome_says_who_we_are_and_what_is_open() -> None:
    turn = after("hallo", "2")
    said = told(turn)
    assert "Welcome to Buurtstem, from the municipality of %(city)s." in said
    assert "You are talking to a computer." in said
    assert "Want to know more? Type or say: privacy." in said
    assert offered(turn) == MENU


def test_a_link_is_followed_right_after_the_choice() -> None:
    turn = after(read_start("p62"), "2")
    assert turn.effects == [SupportPlan(62)]
    assert told(turn)[: len(INTRODUCTION) - 1] == list(INTRODUCTION[:2])
    assert INTRODUCTION[2] in told(turn)


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        pytest.param("vote", Voting(), id="the word for voting"),
        pytest.param(read_start("vote"), Voting(), id="the link for voting"),
        pytest.param("plan", DescribingPlan(), id="the word for a plan"),
        pytest.param(tap("menu:plan"), DescribingPlan(), id="an old button"),
        pytest.param(BENCH, ConfirmingPlan(), id="the plan itself"),
        pytest.param(photo(BENCH), ConfirmingPlan(), id="a photo with words"),
        pytest.param("vote 21 30", ConfirmingVote(), id="a whole vote"),
        pytest.param("status", Menu(), id="a question for news"),
    ],
)
def test_what_she_came_for_is_done_right_after_the_choice(
    wish: str | Message, state: object
) -> None:
    turn = after(wish, "2")
    assert turn.talk.state == state
    assert INTRODUCTION[0] in told(turn)
    assert "Welcome to Buurtstem, from the municipality of %(city)s." not in told(turn)


def test_a_plan_told_in_two_messages_before_the_choice_is_whole() -> None:
    turn = after("I want a bench", "and a bin beside it", "2")
    assert turn.talk.draft is not None
    assert turn.talk.draft.text == "I want a bench\nand a bin beside it"


def test_all_notes_before_the_choice_are_listened_to_again() -> None:
    one = note(STRANGER, "een bank", media=1)
    two = note(STRANGER, "en een boom", media=2)
    turn = after(arrived(1), one, arrived(2), two, "1")
    assert turn.effects == [ListenAgain(1), ListenAgain(2)]


def test_a_link_and_a_note_before_the_choice_are_both_kept() -> None:
    turn = after(read_start("p62"), arrived(), note(STRANGER, "een bank"), "1")
    assert turn.effects == [SupportPlan(62), ListenAgain(NOTE)]


def test_a_link_survives_a_note_in_a_clear_language() -> None:
    spoken = note(STRANGER, "Een bank onder de bomen", language="nl")
    turn = after(read_start("p62"), arrived(), spoken)
    assert SupportPlan(62) in turn.effects
    assert isinstance(turn.talk.state, ConfirmingPlan)


def test_a_number_from_a_poster_is_shown_after_the_choice() -> None:
    turn = after("62", "2")
    assert offered(turn) == ("support:62", "follow:62")


def test_a_message_that_was_too_long_is_not_passed_over_in_silence() -> None:
    turn = after("x" * 9_000, "2")
    assert "Your message is too long for me." in told(turn)


def test_the_choice_of_a_vote_does_not_wait_in_the_clear() -> None:
    turn = after("vote 21 30")
    state = turn.talk.state
    assert isinstance(state, ChoosingLanguage)
    assert "21" not in str(state.wish)
    assert turn.talk.picks == Picks("", (21, 30))


def test_a_first_note_in_a_clear_language_is_a_plan_already() -> None:
    thanks = take(STRANGER, arrived())
    assert [say.language for say in thanks.replies[0].says] == list(LANGUAGES)
    spoken = note(STRANGER, "Ağaç dikilsin", language="tr")
    turn = take(thanks.talk, spoken)
    assert turn.talk.language == "tr"
    assert isinstance(turn.talk.state, ConfirmingPlan)
    assert told(turn)[:2] == list(INTRODUCTION[:2])
    assert StorePlan(NEXT, COLLECT, "Ağaç dikilsin", (NOTE,), None, spoken=True) in (
        take(turn.talk, "evet").effects
    )


def test_without_a_recogniser_the_choice_comes_and_then_a_person_listens() -> None:
    assert take(STRANGER, arrived(), DEAF).replies == []
    asked = take(STRANGER, note(STRANGER, heard=Heard.BADLY), DEAF)
    assert offered(asked) == ALL_FOUR
    chosen = take(asked.talk, "4", DEAF)
    assert chosen.effects == [ListenAgain(NOTE)]
    unheard = take(chosen.talk, note(chosen.talk, heard=Heard.BADLY), DEAF)
    assert unheard.effects == [RaiseTask(TaskKind.LISTEN, media=NOTE)]
    assert isinstance(unheard.talk.state, ConfirmingPlan)


@pytest.mark.parametrize(
    ("word", "language"),
    [("stop", "nl"), ("dur", "tr"), ("توقف", "ar"), ("unsubscribe", "en")],
)
def test_stop_needs_no_language(word: str, language: Language) -> None:
    turn = take(STRANGER, word)
    assert turn.effects == [StopMessages()]
    assert turn.talk.language == language


def test_forget_needs_no_language_either() -> None:
    turn = take(STRANGER, "unut beni")
    assert turn.effects == []
    turn = take(STRANGER, "beni unut")
    assert (turn.talk.state, turn.talk.language) == (Forgetting(), "tr")
    assert take(turn.talk, "evet").effects == [Forget(keep_plans=True)]


OPEN = {
    "a plan read back": talk(ConfirmingPlan(), text=BENCH),
    "a vote read back": talk(ConfirmingVote(), picks=(21,)),
    "a plan being told": talk(DescribingPlan()),
    "the place asked for": talk(PlacingPlan(NEXT)),
    "nothing": talk(Menu()),
}


@pytest.mark.parametrize("name", OPEN)
def test_switching_language_asks_the_open_question_in_the_new_one(name: str) -> None:
    before = OPEN[name]
    question = take(before, "again").replies[-1]
    turn = after("language", "3", before=before)
    assert turn.talk.language == "tr"
    assert turn.talk.state == before.state
    assert turn.replies[-1] == question
    assert (turn.talk.draft, turn.talk.picks) == (before.draft, before.picks)


@pytest.mark.parametrize("word", ["taal", "language", "dil", "لغة"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_for_language_works_from_every_language(
    word: str, language: Language
) -> None:
    assert offered(take(talk(Menu(), language), word)) == ALL_FOUR


@pytest.mark.parametrize("name", OPEN)
def test_a_yes_at_the_choice_of_language_answers_nothing_else(name: str) -> None:
    for answer in ("yes", "skip", tap("yes", stale=True), tap("forget:drop")):
        turn = after("language", answer, before=OPEN[name])
        assert turn.effects == []


def test_a_note_at_the_choice_of_language_is_waited_for_and_kept() -> None:
    asked = take(talk(Menu()), "language")
    waiting = take(asked.talk, arrived())
    assert waiting.talk.misses == 0
    assert "Sorry, I do not understand this yet." not in told(waiting)
    turn = take(waiting.talk, note(waiting.talk, "I want a bench in the park"))
    assert turn.talk.draft is not None


def test_a_menu_word_at_the_choice_of_language_works() -> None:
    turn = after("language", "status", before=talk(Menu()))
    assert turn.talk.state == Menu()
    assert "You have no plan here yet." in told(turn)


def test_every_button_of_the_welcome_can_be_chosen_by_its_digit() -> None:
    turn = after("hallo", "2")
    assert isinstance(take(turn.talk, "1").talk.state, DescribingPlan)
    assert isinstance(take(turn.talk, "٢").talk.state, Voting)
    assert take(turn.talk, "three", AUTHOR).talk.state == Menu()


def test_the_welcome_offers_only_what_is_open() -> None:
    closed = replace(FACTS, rounds=(), papers={})
    asked = take(STRANGER, "hallo", closed)
    assert offered(take(asked.talk, "1", closed)) == ("menu:status",)


def test_photos_before_the_choice_are_all_kept() -> None:
    turn = after(photo(media=1), photo("A bench here please", media=PHOTO), "2")
    assert turn.talk.draft is not None
    assert set(turn.talk.draft.photos) == {1, PHOTO}


def test_a_first_note_does_not_answer_what_she_was_not_asked_yet() -> None:
    told = take(STRANGER, "een bank onder de bomen")
    turn = take(told.talk, note(told.talk, "right"))
    assert isinstance(turn.talk.state, ConfirmingPlan)
    assert not turn.effects


@pytest.mark.parametrize("yes", ["a spoken one", "a typed one"])
def test_what_she_told_first_is_not_stored_by_a_yes_to_nothing(yes: str) -> None:
    """She has not heard it read back: no yes can be the answer to it."""
    spoken = [note(STRANGER, "ok", language="nl")]
    turn = after(
        "een bank onder de bomen", *(spoken if "spoken" in yes else ["ja", "1"])
    )
    assert turn.talk.state == ConfirmingPlan()
    assert turn.talk.draft is not None
    assert turn.effects == []
