"""What people may write: anything. What is kept of it: only what we can use."""

from collections.abc import Iterable

import pytest

from bot.domain.messages import Content, Inbound, Reach, Sender, Tap, Text, Unknown
from bot.services.inbound import take_in
from bot.store.talks import InboundMessage, OutboundMessage, Talk
from tests.worlds import World, table

ENDLESS = ("b" * 10_000, "een bank " * 1_111, "\u202e" * 10_000, "🌳" * 10_000)
INVISIBLE = ("", " ", "\u200b\u200b", "\u202e\u2066", "\x00", "\ud83d", "\ufeff")
BUTTONS = ("vote:", "plan:99999999999999999999", "\x00", "x" * 500, "round:", ":")
KINDS = ("sticker", "x" * 200, "", "\x00")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mijn bsn is 111222333", "mijn bsn is •••"),
        ("NL91 ABNA 0417 1643 00", "•••"),
        ("digid code: 123456", "digid code: •••"),
    ],
)
def test_private_numbers_are_masked_before_anything_is_stored(
    world: World, text: str, kept: str
) -> None:
    person = world.person("en")
    world.says(person, text)
    assert world.inbound()[0].body == {"text": kept}
    assert any("private number" in said for said in world.texts(person))
    everything = str([world.rows(table(each)) for each in (Talk, OutboundMessage)])
    for secret in ("111222333", "0417", "123456"):
        assert secret not in everything


def bodies(world: World, contents: Iterable[Content]) -> list[dict[str, str]]:
    """Let somebody send each; return what was kept. Each has to be answered."""
    person = world.person()
    for number, content in enumerate(contents):
        told = len(world.texts(person))
        message = Inbound("telegram", str(number), Sender(person.address), content)
        assert take_in(world.house, message)
        assert len(world.texts(person)) > told, repr(content)[:80]
    rows = world.rows(table(InboundMessage).order_by(InboundMessage.id))
    assert {row.stage for row in rows} == {"done"}
    assert world.tasks() == [], "nothing broke and nobody was troubled"
    return [row.body for row in rows]


def test_ten_thousand_characters_are_answered_and_not_kept(each_world: World) -> None:
    kept = bodies(each_world, map(Text, ENDLESS))
    assert kept == [{"text": ""}] * len(ENDLESS)


def test_words_that_cannot_be_seen_are_answered_and_leave_nothing(
    each_world: World,
) -> None:
    person = each_world.person()
    for text in INVISIBLE:
        each_world.says(person, text)
    rows = each_world.inbound()
    assert [(row.stage, row.body) for row in rows] == [("done", {"text": ""})] * len(
        INVISIBLE
    )
    assert len(each_world.texts(person)) >= len(INVISIBLE)


def test_tricks_inside_words_are_taken_out(each_world: World) -> None:
    person = each_world.person("en")
    each_world.says(person, "a\u202e bench\x00 under\u200b the\u2066 tree")
    assert each_world.inbound()[0].body == {"text": "a bench under the tree"}


def test_what_we_cannot_use_is_answered_kindly(each_world: World) -> None:
    kept = bodies(each_world, [Unknown(kind) for kind in KINDS[:2]])
    assert [len(body["kind"]) <= 40 for body in kept] == [True, True]


@pytest.mark.parametrize("kind", KINDS)
def test_any_name_of_a_kind_is_taken(world: World, kind: str) -> None:
    assert len(bodies(world, [Unknown(kind)])) == 1


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_that_never_was_is_answered(world: World, button: str) -> None:
    (kept,) = bodies(world, [Tap(button)])
    assert len(kept["tap"]) <= 64


def test_buttons_that_never_were_hurt_no_database(each_world: World) -> None:
    person = each_world.person()
    for button in BUTTONS:
        each_world.taps(person, button)
    assert {row.stage for row in each_world.inbound()} == {"done"}


def test_blocking_and_unblocking_leave_no_message(world: World) -> None:
    person = world.person()
    for is_open in (False, True, False):
        reach = Reach(is_open)
        sender = Sender(person.address)
        assert take_in(world.house, Inbound("telegram", "1", sender, reach))
        assert (world.talk(person).closed_at is None) is is_open
    assert world.inbound() == []
    world.says(person, "hallo")
    assert world.talk(person).closed_at is None
