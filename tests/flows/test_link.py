"""Two apps, one person: a word is chosen here, and said with her plan there."""

from dataclasses import replace

import pytest

from bot.domain.effects import (
    DropMedia,
    GiveData,
    JoinPerson,
    KeepWord,
    Unlink,
    WrongWord,
)
from bot.domain.facts import Facts, Guess, Verdict
from bot.domain.languages import LANGUAGES, Language
from bot.flows.needs import guessed
from bot.flows.own_word import folded, may_be_kept, number_and_word
from bot.flows.saved import dump_talk
from bot.flows.state import (
    ChoosingLanguage,
    ChoosingWord,
    ConfirmingPlan,
    Heard,
    Linking,
    Menu,
    Wish,
)
from tests.flows.cast import AUTHOR, FACTS, THEIRS, VOTE, talk
from tests.flows.steps import (
    NOTE,
    Step,
    check,
    note,
    offered,
    photo,
    rows,
    take,
    tap,
    told,
)

WORD = "sunflower"
REST = talk(Menu())
CHOOSING = talk(ChoosingWord())
LINKING = talk(Linking())
NAMED = talk(Linking(THEIRS))
KNOWN = replace(AUTHOR, me=replace(AUTHOR.me, has_word=True))
LINKED = replace(KNOWN, me=replace(KNOWN.me, linked_after=True))
KEPT = (KeepWord(WORD),)
JOINED = (JoinPerson(THEIRS, WORD),)
CHOOSE = "Choose a word that only you know."
BOTH = "Which number has your plan? And which is your word?"
WORD_ALONE = "And which is your word? Type it, or say it."
NOT_THIS = "I cannot keep this word."
NOT_TOGETHER = "This number and this word do not belong together."


def judged(verdict: Verdict) -> Facts:
    return replace(FACTS, verdict=verdict)


RIGHT, WRONG = judged(Verdict.RIGHT), judged(Verdict.WRONG)

CHOOSES = [
    Step(
        "an author chooses a word",
        REST,
        "link",
        ChoosingWord(),
        says=(CHOOSE,),
        buttons=("link:there", "back"),
        facts=AUTHOR,
    ),
    Step(
        "who has one may choose another",
        REST,
        "link",
        ChoosingWord(),
        says=("You have a word already.",),
        facts=KNOWN,
    ),
    Step(
        "no pass is ever asked for",
        REST,
        "link",
        ChoosingWord(),
        says=("We never ask for your voting pass or your receipt here.",),
        facts=AUTHOR,
    ),
    Step("it is kept and read back", CHOOSING, "Sunflower!", Menu(), KEPT),
    Step("what is said around it goes", CHOOSING, "my word is sunflower", Menu(), KEPT),
    Step(
        "a spoken one is deleted",
        CHOOSING,
        note(CHOOSING, WORD),
        Menu(),
        (
            *KEPT,
            DropMedia(NOTE),
        ),
    ),
    Step(
        "one that nobody heard too",
        CHOOSING,
        note(CHOOSING, heard=Heard.BADLY),
        ChoosingWord(),
        (DropMedia(NOTE),),
        says=("I could not hear your word.",),
    ),
    Step("three letters are too few", CHOOSING, "sun", ChoosingWord(), (), (NOT_THIS,)),
    Step("forty-one too many", CHOOSING, "s" * 41, ChoosingWord(), (), (NOT_THIS,)),
    Step("a number is none", CHOOSING, "1234", ChoosingWord(), (), (NOT_THIS,)),
    Step("nor with one", CHOOSING, "130 sunflower", ChoosingWord(), (), (NOT_THIS,)),
    Step("nor in words", CHOOSING, "seven roses", ChoosingWord(), (), (NOT_THIS,)),
    Step("nor in Dutch", CHOOSING, "zeven rozen", ChoosingWord(), (), (NOT_THIS,)),
    Step("nor a word of ours", CHOOSING, "done", ChoosingWord(), (), (NOT_THIS,)),
    Step("nor one in Turkish", CHOOSING, "bitti", ChoosingWord(), (), (NOT_THIS,)),
    Step(
        "nor one of her plan",
        CHOOSING,
        "bench",
        ChoosingWord(),
        says=(NOT_THIS, "It does not stand in your plan."),
        facts=AUTHOR,
    ),
    Step("nor the city", CHOOSING, "amsterdam", ChoosingWord(), (), (NOT_THIS,)),
    Step(
        "nor a whole story",
        CHOOSING,
        "a tall yellow flower behind the house",
        ChoosingWord(),
        says=(NOT_THIS,),
    ),
    Step(
        "a login code is not taken",
        CHOOSING,
        "password geheim12",
        ChoosingWord(),
        says=(NOT_THIS, "I removed a private number from your message."),
    ),
    Step("a photo is no word", CHOOSING, photo(), ChoosingWord()),
    Step("'back' leaves", CHOOSING, "back", Menu(), says=("All right.",)),
    Step("words of everywhere work", CHOOSING, "status", Menu()),
    Step("her plan is elsewhere after all", CHOOSING, "i have a word", Linking()),
    Step("'again' asks again", CHOOSING, "again", ChoosingWord(), says=(CHOOSE,)),
]

SAYS = [
    Step("without a plan she has it elsewhere", REST, "link", Linking(), says=(BOTH,)),
    Step("in another language", REST, "koppel", Linking(), says=(BOTH,)),
    Step("a draft waits", talk(ConfirmingPlan(), text="A bench"), "link", Linking()),
    Step("both at once", LINKING, "62 sunflower", Menu(), JOINED, facts=RIGHT),
    Step("the word first", LINKING, "sunflower, 62", Menu(), JOINED, facts=RIGHT),
    Step(
        "in a sentence",
        LINKING,
        "plan 62 and my word is Sun-flower",
        Menu(),
        JOINED,
        facts=RIGHT,
    ),
    Step(
        "the number in words",
        LINKING,
        "sixty-two sunflower",
        Menu(),
        JOINED,
        facts=RIGHT,
    ),
    Step("in Arabic digits", LINKING, "٦٢ sunflower", Menu(), JOINED, facts=RIGHT),
    Step("the number alone", LINKING, "62", Linking(THEIRS), says=(WORD_ALONE,)),
    Step("called a plan", LINKING, "plan 62", Linking(THEIRS), says=(WORD_ALONE,)),
    Step("then the word", NAMED, WORD, Menu(), JOINED, facts=RIGHT),
    Step("or another number", NAMED, "21", Linking(21), says=(WORD_ALONE,)),
    Step("or both after all", NAMED, "62 sunflower", Menu(), JOINED, facts=RIGHT),
    Step("the word alone is no answer", LINKING, WORD, Linking(), says=(BOTH,)),
    Step("nor two numbers", LINKING, "62 21 sunflower", Linking(), says=(BOTH,)),
    Step("nor three letters", NAMED, "sun", Linking(THEIRS), says=(WORD_ALONE,)),
    Step(
        "a wrong one is counted, and both asked again",
        NAMED,
        WORD,
        Linking(),
        (WrongWord(THEIRS),),
        says=(NOT_TOGETHER,),
        buttons=("person", "back"),
        facts=WRONG,
    ),
    Step(
        "after too many a person helps",
        NAMED,
        WORD,
        Menu(),
        says=("Please try again tomorrow.",),
        facts=judged(Verdict.CLOSED),
    ),
    Step(
        "her own plan needs no word",
        NAMED,
        WORD,
        Menu(),
        says=("This plan is yours here already.",),
        facts=judged(Verdict.SAME),
    ),
    Step(
        "a spoken word is deleted",
        NAMED,
        note(NAMED, WORD),
        Menu(),
        (*JOINED, DropMedia(NOTE)),
        facts=RIGHT,
    ),
    Step(
        "what nobody heard too",
        NAMED,
        note(NAMED, heard=Heard.NOTHING),
        Linking(62),
        (DropMedia(NOTE),),
        says=("Please type it.",),
    ),
    Step("the button for back is 1", replace(LINKING, offered=("back",)), "1", Menu()),
    Step("words of everywhere work", LINKING, "my data", Linking(), (GiveData(),)),
]

PARTS = [
    Step("she unlinks", REST, "unlink", Menu(), (Unlink(),), facts=LINKED),
    Step("in another language", REST, "ontkoppel", Menu(), (Unlink(),), facts=LINKED),
    Step("by a tap", REST, tap("unlink"), Menu(), (Unlink(),), facts=LINKED),
    Step(
        "where she is asked for a word",
        CHOOSING,
        "unlink my apps",
        Menu(),
        (Unlink(),),
        says=("Your word is gone too.",),
        facts=LINKED,
    ),
    Step(
        "it is offered",
        REST,
        "link",
        ChoosingWord(),
        buttons=("link:there", "unlink", "back"),
        facts=LINKED,
    ),
    Step(
        "what she began stays",
        talk(ConfirmingPlan(), text="A bench"),
        "unlink",
        Menu(),
        (Unlink(),),
        facts=LINKED,
    ),
    Step(
        "nothing was linked after this app",
        REST,
        "unlink",
        Menu(),
        says=("No app was linked after this one.",),
        facts=KNOWN,
    ),
]


@rows(PARTS)
def test_she_parts_from_an_app_that_is_not_hers(step: Step) -> None:
    check(step)


@rows(CHOOSES)
def test_she_chooses_a_word(step: Step) -> None:
    check(step)


@rows(SAYS)
def test_she_says_it_in_her_other_app(step: Step) -> None:
    check(step)


def test_what_was_wished_before_the_language_is_done_after_it() -> None:
    before = talk(ChoosingLanguage(Wish(act="link")))
    turn = take(replace(before, language=None), tap("lang:en"))
    assert turn.talk.state == Linking()


def test_the_word_is_in_no_state_and_in_one_secret_reply() -> None:
    turn = take(CHOOSING, "Sunflower")
    assert WORD not in dump_talk(turn.talk).lower()
    assert [reply.secret for reply in turn.replies] == [True]
    assert WORD not in repr(turn.effects).lower()
    for before in (NAMED, LINKING):
        turn = take(before, "62 sunflower", WRONG)
        assert WORD not in dump_talk(turn.talk)
        assert WORD not in repr(turn)


def test_a_guess_is_made_where_she_is_asked_and_nowhere_else() -> None:
    guess = Guess(THEIRS, WORD)
    behind = talk(ChoosingLanguage(before=Linking()))
    for before in (LINKING, NAMED, behind):
        assert guessed(before, note(before, "62 sunflower")) == guess
    for before in (REST, CHOOSING, talk(ConfirmingPlan())):
        assert guessed(before, note(before, "62 sunflower")) is None
    assert guessed(NAMED, note(NAMED, "status")) is None


@pytest.mark.parametrize(
    ("chosen", "said", "language"),
    [
        ("Zonnebloem", "ZONNE-BLOEM", "nl"),
        ("zonne bloem", "zonnebloem.", "ar"),
        ("Café", "cafe", "en"),
        ("IŞIK", "ışık", "tr"),
        ("ısparta", "ISPARTA", "nl"),
        ("İncir", "incir", "nl"),
        ("شجرة", "شجره", "ar"),
        ("أزهار", "ازهار", "nl"),
        ("زَهْرَة", "زهرة", "ar"),
        ("benim kelimem lale bahçesi", "lale bahcesi", "ar"),
        ("وردة", "كلمتي هي وردة", "ar"),
    ],
)
def test_a_word_is_the_same_however_it_is_spelled(
    chosen: str, said: str, language: Language
) -> None:
    assert may_be_kept(chosen, FACTS)
    word = folded(chosen)
    assert len(word) >= 4
    for text in (f"62 {said}", f"{said} ٦٢", f"62, {said}!"):
        assert number_and_word(text, language) == (62, word)


def test_and_written_on_to_an_arabic_word_changes_nothing() -> None:
    assert number_and_word("٦٢ وزهرة", "ar") == (62, folded("زهرة"))
    assert number_and_word("٦٢ و زهرة", "ar") == (62, folded("زهرة"))


def test_two_words_are_not_the_same() -> None:
    words = ("zonnebloem", "zonnebloemen", "zon", "maanbloem", "")
    assert len({folded(word) for word in words}) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works_in_every_language(language: Language) -> None:
    first = take(talk(Menu(), language), tap("link"), AUTHOR)
    second = take(first.talk, "zonnebloem", AUTHOR)
    assert second.effects == [KeepWord("zonnebloem")]
    there = take(talk(Menu(), language), tap("link"))
    assert there.talk.state == Linking()
    assert offered(there) == ("back",)


def test_who_voted_in_another_app_is_sent_there() -> None:
    me = replace(FACTS.me, voted=frozenset({VOTE}), voted_elsewhere=frozenset({VOTE}))
    for does in ("vote", "vote 21 30", "help me choose"):
        turn = take(REST, does, replace(FACTS, me=me))
        assert turn.talk.state == Menu()
        assert turn.talk.picks is None
        assert told(turn) == [
            "You voted in your other app. You can change your vote there."
        ]
