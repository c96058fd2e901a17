"""Telling a plan: read back before anything is stored, nothing lost on the way."""

from dataclasses import replace

from bot.domain.effects import (
    RaiseTask,
    StorePlan,
    TaskKind,
)
from bot.domain.messages import Pin
from bot.domain.plans import Status
from bot.flows.state import (
    ChoosingRound,
    ConfirmingPlan,
    DescribingPlan,
    Draft,
    Heard,
    Kind,
    Menu,
    Message,
    PlacingPlan,
    TellingMore,
)
from tests.flows.cast import (
    AUTHOR,
    BETWEEN,
    COLLECT,
    DEAF,
    FACTS,
    HERS,
    NEXT,
    VOTE,
    VOTING_ROUND,
    a_round,
    talk,
)
from tests.flows.golden import OSDORP
from tests.flows.steps import (
    NOTE,
    PHOTO,
    Step,
    check,
    follow,
    late,
    note,
    offered,
    photo,
    rows,
    take,
    tap,
    told,
)

BENCH = "A bench under the trees"
REST = talk(Menu())
TELLING = talk(DescribingPlan())
READ_BACK = talk(ConfirmingPlan(), text=BENCH)
PLACING = talk(PlacingPlan(NEXT))
PIN = Message(Kind.PIN, pin=Pin(52.38, 4.81))
STICKER = Message(Kind.UNKNOWN)
MUMBLE = note(REST, heard=Heard.BADLY)
SILENCE = note(REST, heard=Heard.NOTHING)
LISTEN = RaiseTask(TaskKind.LISTEN, media=NOTE)
STORED = StorePlan(NEXT, COLLECT, BENCH)
THREE = replace(FACTS, rounds=(*FACTS.rounds, OSDORP))
CONFIRM = ("yes", "no", "person")

TELL = [
    Step("the word opens the telling", REST, "plan", DescribingPlan()),
    Step("the button too", REST, tap("menu:plan"), DescribingPlan()),
    Step("words at rest are a plan", REST, BENCH, ConfirmingPlan(), buttons=CONFIRM),
    Step("a voice note at rest too", REST, note(REST, BENCH), ConfirmingPlan()),
    Step("one spoken word is enough", REST, note(REST, "Bench"), ConfirmingPlan()),
    Step("no length is too short", TELLING, "Bench", ConfirmingPlan()),
    Step(
        "a photo alone asks for words",
        REST,
        photo(),
        DescribingPlan(),
        says=("Thank you. I keep the photo.",),
    ),
    Step(
        "a place alone asks for words",
        REST,
        PIN,
        DescribingPlan(),
        says=("Thank you. I keep the place.",),
    ),
    Step("a photo with words is a plan", REST, photo(BENCH), ConfirmingPlan()),
    Step("a sticker is not understood", REST, STICKER, Menu()),
    Step("a stray word is not a plan", REST, "euh", Menu()),
    Step("'back' leaves", TELLING, "back", Menu()),
    Step("'no' is not a plan", TELLING, "no", Menu()),
    Step(
        "a note that is not heard goes to a person",
        REST,
        MUMBLE,
        ConfirmingPlan(),
        (LISTEN,),
        says=("A person will listen to your message.",),
        facts=DEAF,
    ),
    Step(
        "silence is asked again",
        TELLING,
        SILENCE,
        DescribingPlan(),
        says=("Sorry, I did not hear it well.",),
    ),
    Step(
        "where nothing is collected the words are kept",
        REST,
        BENCH,
        Menu(),
        says=("We do not take plans now.", "I keep your words."),
        facts=BETWEEN,
    ),
    Step(
        "a photo there asks for nothing that cannot be sent",
        REST,
        photo(),
        Menu(),
        says=("We do not take plans now.",),
        facts=BETWEEN,
    ),
    Step(
        "at the limit the reason and two ways on",
        REST,
        "plan",
        Menu(),
        says=("The most plans for one person is: %(most)s.",),
        buttons=("menu:status", "person"),
        facts=AUTHOR,
    ),
    Step(
        "a draft under way is read back, not begun again",
        replace(READ_BACK, state=Menu()),
        "plan",
        ConfirmingPlan(),
        buttons=CONFIRM,
    ),
]


@rows(TELL)
def test_telling(step: Step) -> None:
    check(step)


ANSWER = [
    Step("yes stores it", READ_BACK, "yes", PlacingPlan(NEXT), (STORED,)),
    Step("the button too", READ_BACK, tap("yes"), PlacingPlan(NEXT), (STORED,)),
    Step(
        "the digit too",
        replace(READ_BACK, offered=CONFIRM),
        "1",
        PLACING.state,
        (STORED,),
    ),
    Step("the label too", READ_BACK, "Yes, this is my plan", PLACING.state, (STORED,)),
    Step(
        "a spoken yes too", READ_BACK, note(READ_BACK, "Yes."), PLACING.state, (STORED,)
    ),
    Step("no asks anew", READ_BACK, "no", DescribingPlan()),
    Step(
        "an old yes stores nothing", READ_BACK, tap("yes", stale=True), READ_BACK.state
    ),
    Step(
        "nor does a typed one that came late",
        READ_BACK,
        late(READ_BACK, "yes"),
        READ_BACK.state,
        says=("Your answer belongs to an older question.",),
        buttons=CONFIRM,
    ),
    Step(
        "nor a digit",
        replace(READ_BACK, offered=CONFIRM),
        late(READ_BACK, "1"),
        READ_BACK.state,
    ),
    Step("late words are words", READ_BACK, late(READ_BACK, "a bin"), READ_BACK.state),
    Step("a late number is a plan's", READ_BACK, late(READ_BACK, "62"), Menu()),
    Step("more words join it", READ_BACK, "and a bin beside it", ConfirmingPlan()),
    Step(
        "yes with more words joins it", READ_BACK, "yes and a swing", ConfirmingPlan()
    ),
    Step("'not sure' stores nothing", READ_BACK, "not sure", ConfirmingPlan()),
    Step("a photo joins it", READ_BACK, photo(), ConfirmingPlan(), buttons=CONFIRM),
    Step("a sticker changes nothing", READ_BACK, STICKER, ConfirmingPlan()),
    Step("a plan's number shows that plan", READ_BACK, "62", Menu()),
    Step(
        "a question goes to a person, with its words",
        READ_BACK,
        tap("person"),
        Menu(),
        (RaiseTask(TaskKind.PERSON, note=BENCH),),
    ),
    Step(
        "yes too late keeps the words",
        READ_BACK,
        "yes",
        Menu(),
        says=("I keep your words.",),
        facts=BETWEEN,
    ),
    Step("yes at the limit keeps the words", READ_BACK, "yes", Menu(), facts=AUTHOR),
    Step(
        "a neighbourhood that closed meanwhile is not used",
        replace(READ_BACK, draft=Draft(BENCH, round=VOTE)),
        "yes",
        PlacingPlan(NEXT),
        (STORED,),
    ),
    Step(
        "a neighbourhood where she has no room left is not used",
        replace(READ_BACK, draft=Draft(BENCH, round=COLLECT)),
        "yes",
        PlacingPlan(NEXT),
        (StorePlan(NEXT, OSDORP.slug, BENCH),),
        facts=replace(AUTHOR, rounds=(*FACTS.rounds, OSDORP)),
    ),
    Step(
        "of two neighbourhoods she is asked which",
        READ_BACK,
        "yes",
        ChoosingRound("store"),
        buttons=(f"round:{COLLECT}", f"round:{OSDORP.slug}"),
        facts=THREE,
    ),
]


@rows(ANSWER)
def test_answering_the_read_back(step: Step) -> None:
    turn = check(step)
    draft = turn.talk.draft
    lost = draft is None or BENCH not in draft.text
    assert not lost or turn.effects or step.does == "no"


def test_words_of_a_question_do_not_join_the_next_plan() -> None:
    turn = follow(REST, "My rent is too high", tap("person"), "A pool for all", "yes")
    assert turn.effects == [StorePlan(NEXT, COLLECT, "A pool for all")]


def test_no_takes_the_words_back_and_keeps_the_photo() -> None:
    turn = follow(READ_BACK, photo(), "no", "A pool for all", "yes")
    assert turn.effects == [StorePlan(NEXT, COLLECT, "A pool for all", (PHOTO,))]


def test_all_parts_are_stored_in_the_order_in_which_they_came() -> None:
    first, second = note(REST, "A bench", media=1), note(REST, "and a bin", media=2)
    turn = follow(REST, first, second, photo("like this"), PIN, "yes")
    text = "A bench\nand a bin\nlike this"
    stored = StorePlan(NEXT, COLLECT, text, (1, 2, PHOTO), PIN.pin, spoken=True)
    assert turn.effects == [stored]
    assert isinstance(turn.talk.state, Menu)


def test_the_read_back_says_all_that_will_be_stored() -> None:
    turn = follow(REST, "A bench", photo(), PIN)
    words = " ".join(told(turn))
    assert "%(plan_text)s" in words
    assert "Photos" in words
    assert "place" in words


def test_a_receipt_names_the_number_first_and_then_what_happens_when() -> None:
    receipt, place = take(READ_BACK, "yes").replies
    numbers = [
        v for say in receipt.says for v in say.params.values() if isinstance(v, int)
    ]
    assert numbers[0] == NEXT
    until = "Neighbours can support your plan until %(date)s."
    assert until in [say.msgid for say in receipt.says]
    assert [button.id for button in place.buttons] == ["skip"]


def test_a_plan_that_was_only_spoken_comes_back_as_sound() -> None:
    turn = take(REST, MUMBLE, DEAF)
    assert turn.replies[-1].sound == NOTE
    stored = take(turn.talk, "yes", DEAF)
    assert stored.effects == [StorePlan(NEXT, COLLECT, "", (NOTE,), spoken=True)]


def test_a_plan_that_grows_too_long_is_refused_and_its_beginning_kept() -> None:
    first = take(REST, "a " * 1_500)
    turn = take(first.talk, "b " * 1_500)
    assert turn.talk.draft == first.talk.draft
    assert "Your message is too long for me." in told(turn)


def test_at_the_limit_a_plan_taken_back_makes_room() -> None:
    gone = replace(HERS[0], status=Status.WITHDRAWN)
    facts = replace(AUTHOR, me=replace(AUTHOR.me, plans=(gone, HERS[1])))
    assert isinstance(take(REST, "plan", facts).talk.state, DescribingPlan)


def test_when_the_next_round_begins_is_said() -> None:
    later = a_round("later", dict.fromkeys(OSDORP.starts, 30))
    turn = take(REST, "plan", replace(FACTS, rounds=(VOTING_ROUND, later)))
    assert "You can tell your plan from %(date)s." in told(turn)


def test_her_own_words_to_a_person_are_not_a_plan() -> None:
    turn = take(talk(TellingMore(TaskKind.PERSON)), "My street has no light at all")
    assert turn.effects == [
        RaiseTask(TaskKind.PERSON, None, "My street has no light at all")
    ]
    assert "yes" not in offered(turn)


def test_whoever_is_misheard_twice_need_not_say_it_a_third_time() -> None:
    before = talk(DescribingPlan())
    first = take(before, note(before, "een tank"))
    again = take(first.talk, "nee")
    assert again.talk.state == DescribingPlan()
    assert again.effects == []
    second = take(again.talk, note(again.talk, "een plank", media=NOTE + 1))
    turn = take(second.talk, "nee")
    assert turn.effects == [RaiseTask(TaskKind.LISTEN, media=NOTE + 1)]
    assert turn.talk.state == ConfirmingPlan()
    assert "A person will listen to your message." in told(turn)
    assert "%(plan_text)s" not in told(turn), "nothing wrong is read back"
    assert turn.replies[-1].sound == NOTE + 1, "she hears herself"
    assert turn.talk.draft is not None
    assert turn.talk.draft.unheard
    stored = take(turn.talk, "ja").effects
    assert [(e.text, e.media) for e in stored if isinstance(e, StorePlan)] == [
        ("", (NOTE + 1,))
    ]


def test_what_she_typed_herself_is_not_misheard() -> None:
    before = talk(DescribingPlan())
    for words in ("een tank", "een plank"):
        turn = take(take(before, words).talk, "nee")
        assert turn.effects == []
        before = turn.talk
    assert before.draft is not None
    assert before.draft.misheard == 0
