"""A message that held a voting pass goes at its provider too."""

import pytest

from bot.channels.base import ChannelError
from tests.channels.cases import TelegramCase, WhatsAppCase
from tests.standins.server import HTML_503
from tests.standins.telegram import refused

CODE, SID = "4711 0815 4216", f"SM{0:032}"


def test_telegram_deletes_her_message_and_twice_is_no_error(
    on_telegram: TelegramCase,
) -> None:
    [inbound] = on_telegram.channel.parse(on_telegram.says(CODE))
    assert inbound.place.startswith("42:")
    for _ in range(2):
        on_telegram.channel.erase(inbound.place)
    assert on_telegram.stand_in.deleted == [inbound.place]


def test_telegram_may_refuse_after_two_days(on_telegram: TelegramCase) -> None:
    old = refused(400, "Bad Request: message can't be deleted")
    on_telegram.stand_in.will(old, "/deleteMessage")
    with pytest.raises(ChannelError, match="refused"):
        on_telegram.channel.erase("42:7")


def test_twilio_empties_the_body_and_keeps_the_rest(on_whatsapp: WhatsAppCase) -> None:
    [inbound] = on_whatsapp.channel.parse(on_whatsapp.says(CODE))
    ((_, form),) = on_whatsapp.stand_in.received
    assert form["Body"] == CODE
    on_whatsapp.channel.erase(inbound.place)
    ((_, left),) = on_whatsapp.stand_in.received
    assert left == {**form, "Body": ""}


def test_a_message_twilio_has_no_more_is_as_good(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.erase(SID)


def test_a_provider_that_is_away_is_asked_again(
    on_telegram: TelegramCase, on_whatsapp: WhatsAppCase
) -> None:
    on_telegram.stand_in.will(HTML_503, "/deleteMessage")
    on_whatsapp.stand_in.will(HTML_503, f"/{SID}.json")
    for case, place in ((on_telegram, "42:7"), (on_whatsapp, SID)):
        with pytest.raises(ChannelError):
            case.channel.erase(place)
