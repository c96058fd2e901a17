"""What only Telegram does."""

import os
import threading
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import MEDIA_BYTES, ChannelError, ForgedError, Outcome
from bot.channels.telegram import Telegram
from bot.channels.telegram_inbound import COMMANDS, parse_update
from bot.channels.telegram_outbound import button_text, make_keyboard
from bot.domain.messages import (
    Choice,
    Content,
    Inbound,
    MediaRef,
    Outbound,
    Photo,
    Pin,
    Reach,
    Tap,
    Text,
    Unknown,
    Voice,
)
from tests.channels.cases import TelegramCase
from tests.channels.conftest import NOTE, load
from tests.standins.server import Delivery
from tests.standins.telegram import TelegramStandIn, refused

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


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Ja", "Nee"], [2]),
        (["Nederlands", "English", "Türkçe", "العربية"], [2, 2]),
        (["Ja, dit is mijn plan", "Nee"], [1, 1]),
        (["Ja", "Nee", "Later"], [2, 1]),
    ],
)
def test_short_buttons_stand_side_by_side(labels: list[str], rows: list[int]) -> None:
    keyboard = make_keyboard([Choice(label, label) for label in labels])
    assert keyboard
    assert [len(row) for row in keyboard.inline_keyboard] == rows


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("", "Plan 21"),
        ("een bankje", "Plan 21 – een bankje"),
        ("een heel lang verhaal over een bankje", "Plan 21"),
    ],
)
def test_a_detail_is_shown_where_one_line_holds_it(detail: str, shown: str) -> None:
    assert button_text(Choice("plan:21", "Plan 21", detail)) == shown


def sound(number: int, text: str = "") -> Outbound:
    return Outbound(number, "42", "nl", text, sound="note")


def test_a_recording_is_uploaded_once(on_telegram: TelegramCase) -> None:
    for number in (1, 2):
        on_telegram.channel.send(sound(number)).result(9)
    first, second = on_telegram.stand_in.made("/sendVoice")
    assert first.files["voice"].content == NOTE
    assert (first.files["voice"].filename, second.files) == ("note.ogg", {})
    assert [heard.sound for heard in on_telegram.resident.heard] == [NOTE, NOTE]


def test_a_recording_that_telegram_forgot_is_uploaded_again(
    on_telegram: TelegramCase,
) -> None:
    on_telegram.channel.send(sound(1)).result(9)
    gone = refused(400, "Bad Request: wrong file_id")
    on_telegram.stand_in.will(gone, "/sendVoice")
    on_telegram.channel.send(sound(2)).result(9)
    assert [heard.sound for heard in on_telegram.resident.heard] == [NOTE, NOTE]


def test_who_forbids_voice_notes_gets_an_audio_file(on_telegram: TelegramCase) -> None:
    on_telegram.resident.forbids_voice = True
    on_telegram.channel.send(sound(1, "Klopt dit?")).result(9)
    kinds = [heard.kind for heard in on_telegram.resident.heard]
    assert kinds == ["audio", "text"]


def test_sound_that_telegram_dislikes_leaves_the_text(
    on_telegram: TelegramCase,
) -> None:
    on_telegram.stand_in.will(refused(400, "Bad Request: IMAGE_PROCESS"), "/sendVoice")
    sent = on_telegram.channel.send(sound(1, "Klopt dit?")).result(9)
    assert [heard.text for heard in on_telegram.resident.heard] == ["Klopt dit?"]
    assert len(sent.parts) == 1


def test_a_block_is_noticed_before_the_text(on_telegram: TelegramCase) -> None:
    on_telegram.resident.blocked = True
    error = on_telegram.channel.send(sound(1, "Klopt dit?")).exception(9)
    assert isinstance(error, ChannelError)
    assert (error.code, error.closes) == ("blocked", True)
    assert not on_telegram.stand_in.made("/sendMessage")


@pytest.mark.parametrize(
    ("size", "code"), [(MEDIA_BYTES + 1, "too_large"), (21 << 20, "too_large")]
)
def test_a_file_too_large_is_refused(
    on_telegram: TelegramCase, size: int, code: str
) -> None:
    name = str(on_telegram.stand_in.keep(bytes(size), "voice/x.oga")["file_id"])
    with pytest.raises(ChannelError, match=f"refused: {code}"):
        on_telegram.channel.fetch(MediaRef(name, "audio/ogg"))


def test_a_file_that_is_gone_is_refused_and_trouble_is_not(
    on_telegram: TelegramCase,
) -> None:
    with pytest.raises(ChannelError, match="refused: gone"):
        on_telegram.channel.fetch(MediaRef("nothing", "audio/ogg"))
    on_telegram.stand_in.will(refused(504, "?"), "/getFile")
    with pytest.raises(ChannelError, match="retry: timeout"):
        on_telegram.channel.fetch(MediaRef("nothing", "audio/ogg"))


def test_the_webhook_is_registered_with_its_secret(
    telegram: Telegram, bot_api: TelegramStandIn
) -> None:
    bot_api.webhook = ""
    telegram.set_webhook("https://buurtstem.example/telegram")
    assert bot_api.webhook == "https://buurtstem.example/telegram"
    [call] = bot_api.made("/setWebhook")
    assert call.form["secret_token"] == bot_api.secret
    assert "edited_message" not in call.form["allowed_updates"]


def test_commands_are_shown_in_every_language(
    telegram: Telegram, bot_api: TelegramStandIn
) -> None:
    texts = {
        language: {name: f"{name} ({language})" for name in COMMANDS}
        for language in ("nl", "en", "tr", "ar")
    }
    telegram.set_commands(texts)
    forms = [call.form for call in bot_api.made("/setMyCommands")]
    languages = [form.get("language_code") for form in forms]
    assert languages == ["nl", "en", "tr", "ar", None]
    assert "(nl)" in forms[-1]["commands"]


def test_a_laptop_can_ask_for_its_messages(
    telegram: Telegram, bot_api: TelegramStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram._CALM_SECONDS", 0.05)
    heard: list[Inbound] = []
    stop = threading.Event()

    def handle(inbound: Inbound) -> None:
        heard.append(inbound)
        if len(heard) == 2:
            stop.set()

    def caught(delivery: Delivery) -> int:
        return 200

    bot_api.deliver = caught
    bot_api.will(refused(502, "?"), "/getUpdates")
    poller = threading.Thread(target=telegram.poll, args=(handle, stop))
    poller.start()
    bot_api.wait_until(lambda: bot_api.webhook == "")
    for text in ("een", "twee"):
        bot_api.resident(42).says(text)
    poller.join(10)
    assert not poller.is_alive()
    assert [inbound.content for inbound in heard] == [Text("een"), Text("twee")]


def test_polling_ends_when_telegram_refuses(
    telegram: Telegram, bot_api: TelegramStandIn
) -> None:
    bot_api.will(refused(401, "Unauthorized"), "/getUpdates")
    with pytest.raises(ChannelError) as caught:
        telegram.poll(lambda _: None, threading.Event())
    assert (caught.value.outcome, caught.value.ours) == (Outcome.REFUSED, True)


def test_it_still_sends_after_a_fork(on_telegram: TelegramCase) -> None:
    on_telegram.channel.send(Outbound(1, "42", "nl", "ouder")).result(9)
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        sent = on_telegram.channel.send(Outbound(2, "42", "nl", "kind"))
        os._exit(0 if sent.result(9).external_id else 1)
    assert os.waitpid(child, 0)[1] == 0
    on_telegram.channel.send(Outbound(3, "42", "nl", "ouder weer")).result(9)
    texts = [heard.text for heard in on_telegram.resident.heard]
    assert texts == ["ouder", "kind", "ouder weer"]
