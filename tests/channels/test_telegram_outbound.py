"""What only Telegram does when something goes out, and around it."""

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from bot.channels.base import MEDIA_BYTES, ChannelError, Outcome
from bot.channels.telegram import Telegram
from bot.channels.telegram_inbound import COMMANDS
from bot.channels.telegram_outbound import button_text, make_keyboard
from bot.domain.messages import (
    Choice,
    Inbound,
    MediaRef,
    Outbound,
    Text,
)
from tests.channels.cases import TelegramCase
from tests.channels.conftest import ARCHIVE, NOTE, PICTURE
from tests.standins.server import Delivery
from tests.standins.telegram import TelegramStandIn, refused


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


def shown(number: int) -> Outbound:
    return Outbound(number, "42", "nl", "50 – Een bank", picture="plan.jpg")


def test_a_picture_is_uploaded_once(on_telegram: TelegramCase) -> None:
    for number in (1, 2):
        on_telegram.channel.send(shown(number)).result(9)
    first, second = on_telegram.stand_in.made("/sendPhoto")
    assert first.files["photo"].content == PICTURE
    assert second.files == {}
    pictures = [heard.picture for heard in on_telegram.resident.heard if heard.picture]
    assert pictures == [PICTURE, PICTURE]


def hers(number: int, key: str = "hers.zip") -> Outbound:
    return Outbound(number, "42", "nl", "Uw gegevens", document=key)


def test_a_file_to_keep_is_one_message_with_its_caption(
    on_telegram: TelegramCase,
) -> None:
    sent = on_telegram.channel.send(hers(1)).result(9)
    (heard,) = on_telegram.resident.heard
    assert (heard.text, heard.document) == ("Uw gegevens", ARCHIVE)
    assert sent.external_id == str(heard.message_id)
    (call,) = on_telegram.stand_in.made("/sendDocument")
    assert call.files["document"].filename == "buurtstem.zip"


def test_a_file_that_is_gone_is_not_tried_again(on_telegram: TelegramCase) -> None:
    error = on_telegram.channel.send(hers(1, "gone.zip")).exception(9)
    assert isinstance(error, ChannelError)
    assert (error.outcome, error.code) == (Outcome.REFUSED, "gone")
    assert on_telegram.resident.heard == []


def test_a_file_that_cannot_be_read_now_is_tried_again(
    bot_api: TelegramStandIn,
) -> None:
    with reading(bot_api, Shelf(OSError())) as channel:
        error = channel.send(hers(1)).exception(9)
        assert isinstance(error, ChannelError)
        assert (error.outcome, error.code) == (Outcome.RETRY, "not_readable")


def test_a_picture_that_telegram_forgot_is_uploaded_again(
    on_telegram: TelegramCase,
) -> None:
    on_telegram.channel.send(shown(1)).result(9)
    on_telegram.stand_in.will(refused(400, "Bad Request: wrong file_id"), "/sendPhoto")
    on_telegram.channel.send(shown(2)).result(9)
    uploads = [bool(call.files) for call in on_telegram.stand_in.made("/sendPhoto")]
    assert uploads == [True, False, True]


def test_a_store_that_hangs_holds_up_neither_sound_nor_text(
    bot_api: TelegramStandIn,
) -> None:
    with reading(bot_api, Shelf(OSError(), seconds=4.0)) as channel:
        out = replace(sound(1, "Klopt dit?"), picture="plan.jpg")
        assert channel.send(out).result(13).external_id
        assert [heard.text for heard in bot_api.resident(42).heard] == ["Klopt dit?"]


def test_a_block_is_noticed_at_the_picture(on_telegram: TelegramCase) -> None:
    on_telegram.resident.blocked = True
    error = on_telegram.channel.send(shown(1)).exception(9)
    assert isinstance(error, ChannelError)
    assert (error.code, error.closes) == ("blocked", True)
    assert not on_telegram.stand_in.made("/sendMessage")


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


@dataclass
class Shelf:
    """Recordings that cannot be read, for a reason or after a while."""

    error: Exception
    seconds: float = 0.0

    def load(self, key: str) -> bytes:
        time.sleep(self.seconds)
        raise self.error


@contextmanager
def reading(bot_api: TelegramStandIn, shelf: Shelf) -> Iterator[Telegram]:
    bot_api.resident(42)
    channel = Telegram(bot_api.token, bot_api.secret, api=bot_api.url, load=shelf.load)
    yield channel
    channel.close()


UNREADABLE = [
    (FileNotFoundError(), Outcome.REFUSED, "gone"),
    (OSError(errno.EIO, "read"), Outcome.RETRY, "not_readable"),
]


@pytest.mark.parametrize(("error", "outcome", "code"), UNREADABLE)
def test_a_recording_that_cannot_be_read_leaves_the_text_or_is_said(
    bot_api: TelegramStandIn, error: OSError, outcome: Outcome, code: str
) -> None:
    with reading(bot_api, Shelf(error)) as channel:
        assert channel.send(sound(1, "Klopt dit?")).result(9).external_id
        assert [heard.text for heard in bot_api.resident(42).heard] == ["Klopt dit?"]
        alone = replace(sound(2), choices=(Choice("yes", "Ja"),))
        with pytest.raises(ChannelError) as failed:
            channel.send(alone).result(9)
    assert (failed.value.outcome, failed.value.code) == (outcome, code)


def test_buttons_below_a_recording_that_is_gone_are_refused(
    on_telegram: TelegramCase,
) -> None:
    alone = replace(sound(1), sound="", choices=(Choice("yes", "Ja"),))
    with pytest.raises(ChannelError, match="refused: gone"):
        on_telegram.channel.send(alone).result(9)
    assert on_telegram.resident.heard == []


def test_a_store_that_is_slow_to_answer_does_not_hold_up_the_text(
    bot_api: TelegramStandIn,
) -> None:
    with reading(bot_api, Shelf(OSError(), seconds=6.0)) as channel:
        began = time.monotonic()
        assert channel.send(sound(1, "Klopt dit?")).result(9).external_id
        assert time.monotonic() - began < 6.0


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
