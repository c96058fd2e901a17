"""What every adapter promises about what goes out, and about how it can fail."""

import logging
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.base import ChannelError, Outcome
from bot.channels.moment import begin_by, is_too_late
from bot.channels.whatsapp_sender import Account
from bot.domain.messages import Choice, Outbound
from tests.channels.cases import AdapterCase, MessengerCase
from tests.channels.conftest import make_messenger
from tests.standins import telegram, twilio
from tests.standins.server import HTML_200, HTML_503, PASS, Answer, Drop, Fault, Hang

GREETINGS = {
    "nl": "Dank u wel. Uw plan heeft nummer 21.",
    "en": "Thank you. Your plan has number 21.",
    "tr": "Teşekkür ederiz. Planınızın numarası: \u206821\u2069.",
    "ar": "شكراً لكم. رقم خطتكم: \u206821\u2069.",
}


def make(case: AdapterCase, text: str, labels: int = 0, **more: Any) -> Outbound:
    choices = tuple(
        Choice(f"plan:{n}", f"Plan {n}", f"bij de vijver {n}") for n in range(labels)
    )
    more = {"language": "nl", "list_label": "Kies een plan", **more}
    return Outbound(7, case.user_id, text=text, choices=choices, **more)


@pytest.mark.parametrize("language", GREETINGS)
def test_text_arrives_in_four_languages(
    messenger: MessengerCase, language: str
) -> None:
    text = GREETINGS[language]
    sent = messenger.channel.send(make(messenger, text, language=language)).result(9)
    [heard] = messenger.heard()
    assert heard.text == text
    assert (sent.external_id, sent.parts) == (heard.external_id, (heard.external_id,))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10])
def test_buttons_carry_their_ids(messenger: MessengerCase, count: int) -> None:
    out = make(messenger, "Welk plan?\n\nKies er een.", count)
    sent = messenger.channel.send(out).result(9)
    [heard] = messenger.heard()
    assert heard.text == out.text
    assert [choice for choice, _ in heard.buttons] == [c.id for c in out.choices]
    assert sent.external_id == heard.external_id


def test_eleven_choices_can_all_be_answered(messenger: MessengerCase) -> None:
    messenger.channel.send(make(messenger, "Welk plan?", 11)).result(9)
    [heard] = messenger.heard()
    shown = heard.text + " ".join(label for _, label in heard.buttons)
    assert all(f"Plan {n}" in shown for n in range(11))
    assert heard.buttons or "11. Plan 10" in heard.text


def test_a_long_text_comes_in_parts_with_the_buttons_last(
    messenger: MessengerCase,
) -> None:
    text = "Dit is een zin van gewone lengte. " * 300
    sent = messenger.channel.send(make(messenger, text, 2)).result(9)
    heard = messenger.heard()
    assert " ".join(message.text for message in heard).split() == text.split()
    assert all(message.text.endswith(".") for message in heard)
    assert [bool(message.buttons) for message in heard[-2:]] == [False, True]
    assert sent.parts == tuple(message.external_id for message in heard)
    assert sent.external_id == heard[-1].external_id


def test_sound_goes_before_the_text_it_belongs_to(messenger: MessengerCase) -> None:
    sent = messenger.channel.send(make(messenger, "Klopt dit?", 2, sound="note"))
    first, second = sent.result(9).parts
    assert [heard.text for heard in messenger.heard()] == ["", "Klopt dit?"]
    assert [heard.external_id for heard in messenger.heard()] == [first, second]


def test_a_picture_goes_before_all_else(messenger: MessengerCase) -> None:
    out = make(messenger, "Klopt dit?", 2, sound="note", picture="plan.jpg")
    sent = messenger.channel.send(out).result(9)
    heard = messenger.heard()
    assert [each.kind for each in heard] == ["photo", "voice", "text"]
    assert [bool(each.buttons) for each in heard] == [False, False, True]
    assert sent.parts == tuple(each.external_id for each in heard)


def test_a_picture_and_its_text_are_two_messages(messenger: MessengerCase) -> None:
    out = make(messenger, "50 – Een bank", 3, picture="plan.jpg")
    messenger.channel.send(out).result(9)
    assert [each.kind for each in messenger.heard()] == ["photo", "text"]


def test_a_picture_that_is_gone_counts_and_is_not_sent(
    messenger: MessengerCase,
) -> None:
    out = make(messenger, "50 – Een bank", 3, picture="")
    again = replace(out, done=1)
    assert len(messenger.channel.send(again).result(9).parts) == 1
    assert [each.text for each in messenger.heard()] == ["50 – Een bank"]
    assert len(messenger.channel.send(out).result(9).parts) == 1
    assert [each.kind for each in messenger.heard()] == ["text", "text"]


def test_a_sound_that_is_gone_counts_and_is_not_sent(
    messenger: MessengerCase,
) -> None:
    out = make(messenger, "Klopt dit?", 2, sound="")
    again = replace(out, done=1)
    assert len(messenger.channel.send(again).result(9).parts) == 1
    assert [each.text for each in messenger.heard()] == ["Klopt dit?"]
    assert len(messenger.channel.send(out).result(9).parts) == 1
    assert [each.kind for each in messenger.heard()] == ["text", "text"]


def test_a_retry_behind_a_picture_does_not_show_it_again(
    messenger: MessengerCase,
) -> None:
    out = make(messenger, "50 – Een bank", 3, picture="plan.jpg")
    if messenger.text_path == "/Messages.json":
        messenger.provider.will(PASS, messenger.text_path)
    messenger.provider.will(HTML_503, messenger.text_path)
    error = failure(messenger, out)
    assert (error.outcome, error.done) == (RETRY, 1)
    messenger.channel.send(replace(out, done=error.done)).result(9)
    assert [each.kind for each in messenger.heard()] == ["photo", "text"]


def test_a_provider_that_is_busy_at_the_picture_gets_all_of_it_later(
    messenger: MessengerCase,
) -> None:
    out = make(messenger, "50 – Een bank", 3, picture="plan.jpg")
    path = "/sendPhoto" if messenger.text_path == "/sendMessage" else "/Messages.json"
    messenger.provider.will(HTML_503, path)
    error = failure(messenger, out)
    assert (error.outcome, error.done) == (RETRY, 0)
    assert messenger.heard() == []


def test_what_is_late_does_not_begin(messenger: MessengerCase) -> None:
    late = make(messenger, "Kom langs.", begin_by=time.monotonic() - 0.001)
    with pytest.raises(ChannelError, match="retry: late"):
        messenger.channel.send(late).result(9)
    assert messenger.heard() == []
    in_time = replace(late, begin_by=time.monotonic() + 60)
    messenger.channel.send(in_time).result(9)
    assert len(messenger.heard()) == 1


def test_only_the_first_request_of_a_message_can_be_late() -> None:
    with begin_by(time.monotonic() - 0.001):
        assert [is_too_late(), is_too_late()] == [True, False]
    with begin_by(None):
        assert not is_too_late()
    assert not is_too_late()


def test_nothing_to_say_is_refused(messenger: MessengerCase) -> None:
    with pytest.raises(ChannelError, match="refused: empty"):
        messenger.channel.send(make(messenger, " \n ")).result(9)


def test_the_web_page_fetches_by_itself(case: AdapterCase) -> None:
    if isinstance(case, MessengerCase):
        return
    assert case.channel.send(make(case, "Hallo")).result(0).external_id == "web:7"


def test_handing_over_does_not_block(messenger: MessengerCase) -> None:
    messenger.channel.send(make(messenger, "eerst")).result(9)
    messenger.provider.will(Hang(0.5), messenger.text_path)
    begun = time.perf_counter()
    future = messenger.channel.send(make(messenger, "traag"))
    assert time.perf_counter() - begun < 0.2
    assert not future.done()
    assert future.result(9).external_id


def test_many_threads_may_send_at_once(messenger: MessengerCase) -> None:
    futures = []

    def send(number: int) -> None:
        out = make(messenger, f"bericht {number}", number % 4)
        futures.append(messenger.channel.send(out))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({future.result(9).external_id for future in futures}) == 24
    assert len(messenger.heard()) == 24


RETRY, REFUSED, UNSURE = Outcome.RETRY, Outcome.REFUSED, Outcome.UNSURE
BAD_GATEWAY = Answer(502, b"<html>Bad Gateway</html>", "text/html")
GATEWAY_TIMEOUT = Answer(504, b"<html>Timeout</html>", "text/html")


def refusal(status: int, words: str) -> Fault:
    prefix = {400: "Bad Request: ", 403: "Forbidden: "}.get(status, "")
    return telegram.refused(status, prefix + words)


OUTCOMES: list[tuple[str, Fault, Outcome, str, str]] = [
    ("telegram", telegram.throttled(7), RETRY, "throttled", "waits 7"),
    ("telegram", telegram.throttled(0), RETRY, "throttled", "waits 1"),
    ("telegram", HTML_503, RETRY, "provider_fault", ""),
    ("telegram", BAD_GATEWAY, RETRY, "provider_fault", ""),
    ("telegram", GATEWAY_TIMEOUT, UNSURE, "timeout", ""),
    ("telegram", HTML_200, UNSURE, "bad_answer", ""),
    ("telegram", Answer(200, b"[]"), UNSURE, "bad_answer", ""),
    ("telegram", Drop(), UNSURE, "dropped", ""),
    (
        "telegram",
        refusal(403, "bot was blocked by the user"),
        REFUSED,
        "blocked",
        "closes",
    ),
    (
        "telegram",
        refusal(403, "user is deactivated"),
        REFUSED,
        "blocked",
        "closes",
    ),
    (
        "telegram",
        refusal(400, "chat not found"),
        REFUSED,
        "no_chat",
        "closes",
    ),
    (
        "telegram",
        refusal(400, "message is too long"),
        REFUSED,
        "too_long",
        "ours",
    ),
    (
        "telegram",
        refusal(400, "BUTTON_DATA_INVALID"),
        REFUSED,
        "bad_request",
        "ours",
    ),
    ("telegram", refusal(401, "Unauthorized"), REFUSED, "bad_token", "ours"),
    ("telegram", refusal(404, "Not Found"), REFUSED, "bad_token", "ours"),
    ("telegram", refusal(409, "Conflict"), RETRY, "conflict", "ours"),
    ("telegram", telegram.migrated(-100), REFUSED, "migrated", "closes"),
    ("telegram", Answer(413, b""), REFUSED, "too_large", ""),
    ("whatsapp", twilio.refused(429, 20429), RETRY, "throttled", ""),
    ("whatsapp", Answer(429, b"slow down"), RETRY, "throttled", ""),
    ("whatsapp", HTML_503, RETRY, "provider_fault", ""),
    ("whatsapp", twilio.refused(500, 20500), RETRY, "provider_fault", ""),
    ("whatsapp", GATEWAY_TIMEOUT, UNSURE, "timeout", ""),
    ("whatsapp", HTML_200, UNSURE, "bad_answer", ""),
    ("whatsapp", Answer(201, b"{}"), UNSURE, "bad_answer", ""),
    ("whatsapp", Drop(), UNSURE, "dropped", ""),
    ("whatsapp", twilio.refused(400, 21610), REFUSED, "opted_out", "closes"),
    ("whatsapp", twilio.refused(400, 21211), REFUSED, "no_address", "closes"),
    ("whatsapp", twilio.refused(400, 63016), REFUSED, "outside_window", ""),
    ("whatsapp", twilio.refused(400, 21617), REFUSED, "too_long", "ours"),
    ("whatsapp", twilio.refused(400, 21611), RETRY, "queue_full", "waits 60"),
    ("whatsapp", twilio.refused(401, 20003), REFUSED, "bad_token", "ours"),
    ("whatsapp", Answer(401, b""), REFUSED, "bad_token", "ours"),
    ("whatsapp", twilio.refused(400, 99999), REFUSED, "99999", ""),
    ("whatsapp", Answer(302, b""), REFUSED, "http_302", "ours"),
]


@pytest.mark.parametrize(
    ("name", "fault", "outcome", "code", "more"),
    OUTCOMES,
    ids=[f"{row[0]}-{n}-{row[3]}" for n, row in enumerate(OUTCOMES)],
)
def test_how_a_send_can_end(
    request: pytest.FixtureRequest,
    name: str,
    fault: Fault,
    outcome: Outcome,
    code: str,
    more: str,
) -> None:
    case = make_messenger(request, name)
    case.provider.will(fault, case.text_path)
    error = failure(case, make(case, "hallo"))
    assert (error.outcome, error.code) == (outcome, code)
    assert shown(error) == more
    assert len(case.provider.made(case.text_path)) == 1, "it was tried again"


def failure(case: MessengerCase, out: Outbound) -> ChannelError:
    error = case.channel.send(out).exception(20)
    assert isinstance(error, ChannelError)
    return error


def shown(error: ChannelError) -> str:
    waits = f"waits {error.wait_seconds:.0f}" if error.wait_seconds else ""
    said = [waits, "closes" * error.closes, "ours" * error.ours]
    return " ".join(filter(None, said))


def test_an_answer_that_never_comes_is_unsure(
    messenger: MessengerCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram_sender.ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("bot.channels.twilio_http.SOCKET_SECONDS", (0.3, 0.3))
    messenger.provider.will(Hang(0.8), messenger.text_path)
    error = failure(messenger, make(messenger, "hallo"))
    assert (error.outcome, error.code) == (UNSURE, "timeout")


def test_a_provider_that_is_away_gets_it_later(messenger: MessengerCase) -> None:
    messenger.provider.stop()
    error = failure(messenger, make(messenger, "hallo"))
    assert (error.outcome, error.code) == (RETRY, "unreachable")


def test_a_retry_goes_on_where_it_stopped(messenger: MessengerCase) -> None:
    text = "Dit is een zin van gewone lengte. " * 200
    out = make(messenger, text, sound="note")
    messenger.provider.will(PASS, messenger.text_path)
    messenger.provider.will(HTML_503, messenger.text_path)
    error = failure(messenger, out)
    assert error.outcome is RETRY
    went_out = messenger.heard()
    assert error.done == len(went_out)
    assert went_out
    sent = messenger.channel.send(replace(out, done=error.done)).result(9)
    heard = messenger.heard()
    assert heard[: error.done] == went_out
    assert sent.parts == tuple(message.external_id for message in heard[error.done :])
    assert not heard[0].text
    assert " ".join(message.text for message in heard).split() == text.split()


def test_sound_that_cannot_be_had_leaves_the_text(messenger: MessengerCase) -> None:
    if messenger.text_path != "/sendMessage":
        bad = twilio.refused(400, 12300)
        messenger.provider.will(bad, messenger.text_path)
    sent = messenger.channel.send(make(messenger, "Klopt dit?", 2, sound="lost"))
    assert len(sent.result(9).parts) == 1
    assert [heard.text for heard in messenger.heard()] == ["Klopt dit?"]


def test_a_picture_that_is_refused_leaves_the_text(messenger: MessengerCase) -> None:
    if messenger.text_path == "/sendMessage":
        bad = telegram.refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        messenger.provider.will(bad, "/sendPhoto")
    else:
        messenger.provider.will(twilio.refused(400, 12300), messenger.text_path)
    out = make(messenger, "50 – Een bank", 3, picture="plan.jpg")
    assert len(messenger.channel.send(out).result(9).parts) == 1
    assert [heard.text for heard in messenger.heard()] == ["50 – Een bank"]


def test_logs_and_errors_hold_no_secret_and_no_word(
    messenger: MessengerCase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    word = "geheimwoord"
    told = []
    for fault in (HTML_503, HTML_200, Drop(), telegram.throttled(3), None):
        if fault:
            messenger.provider.will(fault, messenger.text_path)
        error = messenger.channel.send(make(messenger, word, 2)).exception(9)
        told.append(f"{error!r} {error.__cause__!r}" if error else "")
    messenger.provider.stop()
    told.append(repr(failure(messenger, make(messenger, word))))
    everything = caplog.text + " ".join(told)
    assert messenger.token not in everything
    assert word not in everything
    assert messenger.user_id not in everything


def test_an_account_does_not_show_its_token() -> None:
    assert "secret" not in repr(Account("AC1", "secret", "whatsapp:+1"))
