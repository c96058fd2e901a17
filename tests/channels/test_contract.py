"""What every adapter promises about what comes in. See `bot.channels.base.Channel`."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.base import DeepLinked, ForgedError, Request
from bot.channels.edge import BODY_BYTES
from bot.domain.messages import (
    Content,
    Inbound,
    Photo,
    Pin,
    Tap,
    Text,
    Unknown,
    Voice,
)
from tests.channels.cases import AdapterCase, MessengerCase, TelegramCase
from tests.channels.conftest import NOTE

LANGUAGES = {
    "nl": "Ik wil een bankje bij de vijver, s.v.p. €\u00a0500 é",
    "en": "A bench by the pond, please",
    "tr": "Göletin yanına bir bank: İyi günler, ığüşöç",
    "ar": "أريد مقعداً قرب البركة، ٢١",
}
STRANGE = {
    "bidi": "\u202eabc\u202c \u2067def\u2069 \u200f\u061c",
    "zero width": "a\u200bb\u200c\u200d\ufeff",
    "emoji": "👩‍👩‍👧‍👦🇳🇱👍🏽",
    "line breaks": "een\n\ntwee\r\ndrie\u2028vier",
    "form signs": "a=b&c=d%20+e;f",
    "markup": "<b>*_~`[x](y)</b> {{1}}",
    "long": "woord " * 600,
}


def only(case: AdapterCase, request: Request) -> Inbound:
    [inbound] = case.channel.parse(request)
    return inbound


def content(case: AdapterCase, request: Request) -> Content:
    return only(case, request).content


def test_a_message_says_where_it_comes_from(case: AdapterCase) -> None:
    inbound = only(case, case.says("hallo"))
    assert inbound.channel == case.channel.name
    assert inbound.sender.user_id == case.user_id
    shown = inbound.sender.phone is not None
    assert shown is case.channel.shows_number


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_words_arrive_in_four_languages(case: AdapterCase, text: str) -> None:
    assert content(case, case.says(text)) == Text(text)


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_words_arrive_untouched(case: AdapterCase, text: str) -> None:
    assert content(case, case.says(text)) == Text(text)


@pytest.mark.parametrize("text", ["a\0b", "\0"], ids=["inside", "alone"])
def test_no_nul_reaches_a_database(case: AdapterCase, text: str) -> None:
    for inbound in case.channel.parse(case.says(text)):
        assert "\0" not in repr(inbound.content)


def test_the_same_delivery_twice_is_one_message(case: AdapterCase) -> None:
    request = case.says("hallo")
    first, second = only(case, request), only(case, request)
    assert first == second
    assert only(case, case.says("hallo")).external_id != first.external_id


@pytest.mark.parametrize("choice", ["yes", "menu:plan", "plan:21", "lang:ar"])
def test_a_tap_names_its_button_and_its_message(case: AdapterCase, choice: str) -> None:
    tap = content(case, case.taps(choice, on="77"))
    assert isinstance(tap, Tap)
    assert (tap.id, tap.on) == (choice, "77")


def test_a_place_arrives_in_degrees(case: AdapterCase) -> None:
    assert content(case, case.shares_place(52.379, 4.8)) == Pin(52.379, 4.8)


@pytest.mark.parametrize("latitude", [91.0, float("nan"), float("inf"), -1e300])
def test_an_impossible_place_is_none(case: AdapterCase, latitude: float) -> None:
    found = case.channel.parse(case.shares_place(latitude, 4.8))
    assert not any(isinstance(inbound.content, Pin) for inbound in found)


def test_unknown_fields_do_no_harm(case: AdapterCase) -> None:
    request = case.adds_unknown(case.says("hallo"))
    assert content(case, request) == Text("hallo")


def test_without_a_signature_nothing_comes_in(case: AdapterCase) -> None:
    with pytest.raises(ForgedError):
        case.channel.parse(case.unsigned(case.says("hallo")))


def test_with_a_wrong_signature_nothing_comes_in(case: AdapterCase) -> None:
    with pytest.raises(ForgedError):
        case.channel.parse(case.forged(case.says("hallo")))


NONSENSE = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"{",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"update_id": ' + b"9" * 5000 + b"}",
    b'{"update_id": true, "message": {"text": "x"}}',
    b'{"update_id": 1, "message": []}',
    b'{"update_id": 1, "message": {"chat": {"id": "42", "type": "private"}}}',
    b'{"update_id": 1, "callback_query": {"from": 7, "data": {}}}',
    b'{"id": 7, "text": "x"}',
    b"MessageSid=SM1&Body=x",
    b"MessageSid=&From=whatsapp:%2B31612345678",
    b"From=whatsapp:&MessageSid=SM1",
    b"From=%2B31612345678&MessageSid=SM1&Body=from+a+text+message",
]


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_no_message(case: AdapterCase, body: bytes) -> None:
    assert case.channel.parse(case.raw(body)) == []


def test_a_body_too_large_is_no_message(case: AdapterCase) -> None:
    body = json.dumps({"update_id": 1, "text": "x" * (BODY_BYTES + 1)}).encode()
    assert case.channel.parse(case.raw(body)) == []


def test_a_voice_note_arrives_and_can_be_fetched(messenger: MessengerCase) -> None:
    voice = content(messenger, messenger.sends_voice(NOTE))
    assert isinstance(voice, Voice)
    assert voice.ref.mime == "audio/ogg"
    assert messenger.channel.fetch(voice.ref) == NOTE
    messenger.channel.delete_media(voice.ref)


def test_a_picture_arrives_with_its_caption(messenger: MessengerCase) -> None:
    request = messenger.sends_photo(b"\xff\xd8 a pond", "de vijver")
    photo = content(messenger, request)
    assert isinstance(photo, Photo)
    assert photo.caption == "de vijver"
    assert messenger.channel.fetch(photo.ref) == b"\xff\xd8 a pond"


def test_what_no_talk_can_use_has_a_name(messenger: MessengerCase) -> None:
    assert content(messenger, messenger.sends_sticker()) == Unknown("sticker")


def test_a_link_takes_the_number_of_a_plan(case: AdapterCase) -> None:
    link = case.channel.support_link()
    if not link:  # Telegram has to tell the bot's name first
        wait_for_name(case)
        link = case.channel.support_link()
    assert (link % 21).replace("+", " ").endswith(("p21", "steun 21"))
    assert link.replace("%d", "21") == link % 21


def test_a_link_takes_the_words_that_open_a_chat(messenger: MessengerCase) -> None:
    assert isinstance(messenger.channel, DeepLinked)
    link = messenger.channel.opening_link() % "stem%20k_23"
    assert link.startswith(("https://t.me/", "https://wa.me/"))
    [words] = parse_qs(urlsplit(link).query).values()
    assert words == ["stem k_23"]


def wait_for_name(case: AdapterCase) -> None:
    assert isinstance(case, TelegramCase)
    case.stand_in.wait_until(lambda: bool(case.stand_in.made("/getMe")))
    # One more answer on the same loop: by then the first one has been read.
    voice = content(case, case.sends_voice(NOTE))
    assert isinstance(voice, Voice)
    case.channel.fetch(voice.ref)


def test_a_tap_can_be_acknowledged_at_any_time(case: AdapterCase) -> None:
    tap = content(case, case.taps("yes", on="77"))
    assert isinstance(tap, Tap)
    for _ in range(2):  # the second is too late, as far as Telegram goes
        case.channel.acknowledge(tap)
    case.channel.acknowledge(Tap("yes"))


def test_a_channel_can_be_closed_twice_and_used_again(messenger: MessengerCase) -> None:
    voice = content(messenger, messenger.sends_voice(NOTE))
    assert isinstance(voice, Voice)
    assert messenger.channel.fetch(voice.ref) == NOTE
    messenger.channel.close()
    messenger.channel.close()
    assert messenger.channel.fetch(voice.ref) == NOTE


def test_no_secret_is_shown(messenger: MessengerCase) -> None:
    assert messenger.token not in repr(messenger.channel)
