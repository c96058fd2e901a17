"""What only Telegram does when something comes in."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import ForgedError
from bot.channels.telegram import Telegram
from bot.channels.telegram_inbound import parse_update
from bot.domain.messages import (
    Content,
    MediaRef,
    Photo,
    Pin,
    Reach,
    Tap,
    Text,
    Unknown,
    Voice,
)
from tests.channels.cases import TelegramCase
from tests.channels.conftest import load

FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 9}
PLACE = {"latitude": 52.0, "longitude": 4.0}


def content(case: TelegramCase, **fields: object) -> Content | None:
    """Return what a message with `fields` says to us."""
    found = case.channel.parse(case.sends(**fields))
    return found[0].content if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", Text("", start="")),
        ("/start p21", Text("", start="p21")),
        ("/start@buurtstem_bot p21", Text("", start="p21")),
        ("/START\np21 ", Text("", start="p21")),
        ("/plan", Tap("menu:plan")),
        ("/Help@buurtstem_bot", Tap("menu:help")),
        ("/language", Text("language")),
        ("/stem", Text("stem")),
        ("/plan een bankje", Text("plan een bankje")),
        ("/خطة", Text("خطة")),
        ("/", Text("/")),
        ("9/11", Text("9/11")),
    ],
)
def test_commands_mean_what_their_buttons_mean(
    on_telegram: TelegramCase, text: str, expected: Content
) -> None:
    assert content(on_telegram, text=text) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"audio": FILE | {"mime_type": "audio/mpeg", "duration": 7}},
            Voice(MediaRef("f", "audio/mpeg", 9, 7.0)),
        ),
        ({"voice": FILE}, Voice(MediaRef("f", "audio/ogg", 9))),
        ({"voice": {"duration": 3}}, Unknown("audio")),
        (
            {"document": FILE | {"mime_type": "image/png"}, "caption": "hier"},
            Photo(MediaRef("f", "image/png", 9), "hier"),
        ),
        (
            {"document": FILE | {"mime_type": "audio/ogg"}},
            Voice(MediaRef("f", "audio/ogg", 9)),
        ),
        ({"document": FILE | {"mime_type": "application/pdf"}}, Unknown("document")),
        (
            {"animation": FILE, "document": FILE | {"mime_type": "image/gif"}},
            Unknown("document"),
        ),
        (
            {"venue": {"location": PLACE, "title": "Plein"}, "location": PLACE},
            Pin(52.0, 4.0),
        ),
        ({"location": {"latitude": "x"}}, Unknown("location")),
        ({"photo": []}, Unknown("photo")),
        ({"contact": {"phone_number": "+31"}}, Unknown("contact")),
        ({"video_note": FILE}, Unknown("video_note")),
        ({"hologram": {}}, Unknown("other")),
        ({"pinned_message": {}}, None),
    ],
)
def test_every_kind_of_message(
    on_telegram: TelegramCase, fields: dict[str, object], expected: Content | None
) -> None:
    assert content(on_telegram, **fields) == expected


def test_the_largest_picture_that_may_be_fetched_is_taken(
    on_telegram: TelegramCase,
) -> None:
    sizes = [
        {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
        {"file_id": "good", "width": 1280, "height": 960, "file_size": 99_000},
        {"file_id": "huge", "width": 9000, "height": 9000, "file_size": 17 << 20},
    ]
    photo = content(on_telegram, photo=sizes)
    assert isinstance(photo, Photo)
    assert photo.ref == MediaRef("good", "image/jpeg", 99_000)


@pytest.mark.parametrize(
    "more",
    [
        {"chat": {"id": -100, "type": "supergroup"}},
        {"chat": {"id": 7, "type": "channel"}},
        {"from": {"id": 8, "is_bot": True}},
        {"chat": {"id": None, "type": "private"}},
    ],
    ids=["group", "channel", "another bot", "no chat"],
)
def test_only_people_in_private_are_heard(
    on_telegram: TelegramCase, more: dict[str, object]
) -> None:
    assert content(on_telegram, text="hallo", **more) is None


def test_an_edit_is_no_second_message(on_telegram: TelegramCase) -> None:
    request = on_telegram.acts(lambda: on_telegram.resident.edits("anders"))
    assert on_telegram.channel.parse(request) == []


def test_blocking_and_coming_back_are_told(on_telegram: TelegramCase) -> None:
    resident, parse = on_telegram.resident, on_telegram.channel.parse
    [gone] = parse(on_telegram.acts(resident.blocks))
    [back] = parse(on_telegram.acts(resident.unblocks))
    assert (gone.content, back.content) == (Reach(open=False), Reach(open=True))


def test_a_tap_on_a_message_that_is_gone_still_counts(
    on_telegram: TelegramCase,
) -> None:
    query = {"id": "9", "from": on_telegram.resident.person, "data": "yes"}
    request = on_telegram.hands_over({"update_id": 5, "callback_query": query})
    [inbound] = on_telegram.channel.parse(request)
    assert inbound.content == Tap("yes", on=None, callback="9")
    assert (inbound.external_id, inbound.sender.user_id) == ("5", "42")


def test_the_language_of_the_app_is_a_hint(on_telegram: TelegramCase) -> None:
    on_telegram.resident.language = "tr"
    [inbound] = on_telegram.channel.parse(on_telegram.says("selam"))
    assert inbound.sender.language_hint == "tr"


def test_half_a_surrogate_pair_does_not_reach_an_encoder() -> None:
    chat = {"id": 1, "type": "private"}
    inbound = parse_update(
        {"update_id": 1, "message": {"chat": chat, "text": "a\ud83db"}}
    )
    assert inbound
    assert inbound.content == Text("a\ufffdb")


@pytest.mark.parametrize("secret", ["", "x"], ids=["unset", "set"])
def test_without_a_secret_of_our_own_nothing_comes_in(
    on_telegram: TelegramCase, secret: str
) -> None:
    channel = Telegram("1:a", secret, load=load)
    with pytest.raises(ForgedError):
        channel.parse(on_telegram.unsigned(on_telegram.says("hallo")))


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
FIELDS = st.sampled_from(
    [
        *("update_id", "message", "callback_query", "my_chat_member", "from", "chat"),
        *("id", "type", "is_bot", "text", "voice", "photo", "location", "data"),
        *("document", "mime_type", "new_chat_member", "status", "latitude", "width"),
    ]
)
ANYTHING = st.recursive(
    LEAVES | st.just("private"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5)
    ),
    max_leaves=25,
)


@given(
    st.dictionaries(FIELDS, ANYTHING),
    ANYTHING,
    st.sampled_from(["message", "callback_query", "my_chat_member"]),
)
@settings(max_examples=150, deadline=None)
def test_no_json_can_break_the_parser(
    update: Mapping[str, object], inner: object, field: str
) -> None:
    if isinstance(inner, dict):
        inner["chat"] = {"id": 1, "type": "private"}
    found = parse_update({**update, "update_id": 1, field: inner})
    assert found is None or repr(found).encode()
