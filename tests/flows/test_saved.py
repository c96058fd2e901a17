"""A talk to JSON and back: nothing is lost, and nobody is stranded by an old one."""

import json
from dataclasses import fields, replace
from typing import Any, get_args

import pytest

from bot.domain.languages import LANGUAGES, Language
from bot.domain.messages import Pin
from bot.flows.saved import dump_picks, dump_talk, load_picks, load_talk
from bot.flows.state import (
    Browsing,
    ChoosingLanguage,
    ConfirmingPlan,
    ConfirmingVote,
    Draft,
    LeavingNumber,
    Menu,
    PlacingPlan,
    State,
    Talk,
    TellingMore,
    Walking,
    Wish,
)
from tests.flows.cast import VOTE, talk
from tests.flows.steps import take

DRAFT = Draft(
    "مقعد\nunder the trees 🌳",
    notes=(1, 2),
    photos=(3,),
    pin=Pin(52.38, -4.81),
    spoken=True,
    unheard=True,
    round="slotermeer-2027",
    misheard=1,
)
WISH = Wish("een bank", "support", (21,), (4, 5), (6,), too_long=True)
FULL = Talk(
    ChoosingLanguage(WISH, before=ConfirmingPlan(21)),
    "ar",
    ("yes", "no"),
    2,
    DRAFT,
    replace(DRAFT, text="anders"),
    aloud=False,
)


def round_trip(before: Talk) -> Talk:
    return load_talk(dump_talk(before), dump_picks(before.picks))


def a_state(cls: type[Any]) -> State:
    """Return a state of this kind with something in every field."""
    some: dict[str, Any] = {
        "int": 64,
        "str": "green",
        "int | None": 64,
        "Wish | None": WISH,
    }
    some |= {"tuple[int, ...]": (62, 64)}
    values = {each.name: some.get(str(each.type)) for each in fields(cls)}
    named = {"goal": "store", "task": "stuck", "act": "follow", "before": Menu()}
    known = {name: named.get(name, value) for name, value in values.items()}
    return cls(**known)  # type: ignore[no-any-return]


@pytest.mark.parametrize("cls", get_args(State), ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_every_state_comes_back(cls: type[Any], language: Language | None) -> None:
    before = talk(a_state(cls), picks=(21, 30), text="A bench", offered=("yes",))
    before = replace(before, language=language, misses=3)
    assert round_trip(before) == before


@pytest.mark.parametrize("cls", get_args(State), ids=lambda cls: cls.__name__)
def test_every_state_can_wait_behind_the_choice_of_language(cls: type[Any]) -> None:
    before = talk(ChoosingLanguage(before=a_state(cls)))
    assert round_trip(before) == before


def test_everything_a_talk_can_hold_comes_back() -> None:
    assert round_trip(FULL) == FULL
    unset = [f.name for f in fields(Talk) if getattr(FULL, f.name) == f.default]
    assert unset == ["picks"]


def test_a_talk_at_rest_is_short() -> None:
    assert len(dump_talk(Talk(Menu(), "nl"))) < 80


def test_the_picks_are_not_in_the_talk() -> None:
    before = talk(ConfirmingVote(), picks=(21, 30))
    assert "21" not in dump_talk(before)
    assert VOTE not in dump_talk(before)
    assert dump_picks(before.picks) == f'["{VOTE}",21,30]'
    assert dump_picks(None) is None
    assert load_picks(None) is None


def test_nobody_has_written_before() -> None:
    assert load_talk(None) == Talk()


STORED = json.loads(dump_talk(talk(PlacingPlan(64), "tr", text="A bench")))


def without(*path: str) -> str:
    """Return the stored talk without one of its parts."""
    data = json.loads(json.dumps(STORED))
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return json.dumps(data)


def changed(value: object, *path: str) -> str:
    """Return the stored talk with one of its parts changed."""
    data = json.loads(json.dumps(STORED))
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(changed(999, "v"), id="a version of the future"),
        pytest.param(changed(0, "v"), id="a version of the past"),
        pytest.param(without("v"), id="no version"),
        pytest.param(without("state"), id="no state"),
        pytest.param(changed("Dancing", "state", "at"), id="a state that is gone"),
        pytest.param(changed(["x"], "state"), id="a state that is a list"),
        pytest.param(without("state", "plan"), id="a field that is missing"),
        pytest.param(changed(1, "talk", "shoe"), id="a field that is gone"),
        pytest.param(changed(1, "talk", "draft", "shoe"), id="one inside the draft"),
        pytest.param(changed({"at": "Menu"}, "state", "before"), id="an odd nesting"),
    ],
)
def test_what_cannot_be_read_becomes_the_menu_in_her_language(stored: str) -> None:
    loaded = load_talk(stored)
    assert loaded.language == "tr"
    assert loaded.state in (Menu(), PlacingPlan(64))
    assert take(loaded, "durum").replies


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="half of it"),
        pytest.param("null", id="null"),
        pytest.param("[]", id="a list"),
        pytest.param("7", id="a number"),
        pytest.param('"talk"', id="a string"),
        pytest.param("{}", id="an empty talk"),
        pytest.param(changed("de", "talk", "language"), id="a language that is none"),
        pytest.param(changed(["tr"], "talk", "language"), id="a list of languages"),
        pytest.param(changed(None, "talk"), id="no talk inside"),
        pytest.param(changed([], "talk"), id="a list inside"),
        pytest.param("\x00", id="noise"),
    ],
)
def test_garbage_asks_for_the_language_again(stored: str) -> None:
    loaded = load_talk(stored)
    assert loaded.language is None
    assert len(take(loaded, "hallo").replies[-1].buttons) == 4


@pytest.mark.parametrize("picks", ["", "{", "null", "[]", "7"])
def test_a_ballot_that_cannot_be_read_does_not_take_the_talk_with_it(
    picks: str,
) -> None:
    stored = dump_talk(talk(ConfirmingVote(), "tr", text="A bench"))
    loaded = load_talk(stored, picks)
    assert loaded.language == "tr"
    assert loaded.picks is None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("no number", id="words for a number"),
        pytest.param(None, id="nothing for a number"),
        pytest.param([64], id="a list for a number"),
        pytest.param({"a": 1}, id="an object for a number"),
    ],
)
def test_a_value_of_another_kind_strands_nobody(value: object) -> None:
    loaded = load_talk(changed(value, "state", "plan"))
    assert loaded.language == "tr"
    for does in ("evet", "okulun yanında", "durum", "21"):
        assert take(loaded, does).replies


@pytest.mark.parametrize(
    "state",
    [
        Browsing("no such theme", 99),
        Walking("no such theme", 99),
        LeavingNumber(None, "x"),
        TellingMore("no kind"),
    ],
)
def test_values_that_no_longer_mean_anything_strand_nobody(state: State) -> None:
    for does in ("21", "back", "more", "done", "euh"):
        assert take(talk(state, picks=()), does).replies
