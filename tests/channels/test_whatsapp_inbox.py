"""What WhatsApp's list of messages gives back of what a webhook missed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import ChannelError, InboundSource, Outcome
from bot.channels.whatsapp_inbox import PAGE
from bot.domain.messages import Content, Photo, Received, Text, Unknown, Voice
from tests.channels.cases import WhatsAppCase
from tests.standins.server import HTML_503, Drop
from tests.standins.twilio import LISTING, SENDER, refused
from tests.standins.whatsapp_resident import WhatsAppResident

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTE = b"OggS a note"


def nobody(_: Sequence[str]) -> Sequence[str]:
    """Know none of the messages."""
    return ()


def cut_off(case: WhatsAppCase, at: datetime = NOON) -> WhatsAppResident:
    """Let somebody write to a bot that cannot be reached."""
    case.stand_in.is_cut_off = True
    case.stand_in.clock = lambda: at
    return case.stand_in.resident("+31612345678")


def source(case: WhatsAppCase) -> InboundSource:
    assert isinstance(case.channel, InboundSource)
    return case.channel


def listed(case: WhatsAppCase) -> Sequence[Received]:
    return source(case).received_since(NOON - HOUR, NOON + HOUR, nobody)


def contents(case: WhatsAppCase) -> list[Content]:
    return [each.inbound.content for each in listed(case)]


def test_a_message_is_as_its_webhook_would_have_brought_it(
    on_whatsapp: WhatsAppCase,
) -> None:
    resident = cut_off(on_whatsapp)
    form = resident.form(Body="hallo", MessageType="text")
    assert on_whatsapp.stand_in.hand_over(form) == 0
    on_whatsapp.stand_in.is_cut_off = False
    request = on_whatsapp.acts(lambda: on_whatsapp.stand_in.hand_over(form))
    (by_webhook,) = on_whatsapp.channel.parse(request)
    assert listed(on_whatsapp) == [Received(by_webhook, NOON)]
    assert by_webhook.to == SENDER


def test_a_voice_note_can_be_fetched_from_where_the_list_says(
    on_whatsapp: WhatsAppCase,
) -> None:
    cut_off(on_whatsapp).sends_voice(NOTE)
    (voice,) = contents(on_whatsapp)
    assert isinstance(voice, Voice)
    assert (voice.ref.mime, voice.ref.place[:24]) == (
        "audio/ogg",
        "https://api.twilio.com/2",
    )
    assert on_whatsapp.channel.fetch(voice.ref) == NOTE
    on_whatsapp.channel.delete_media(voice.ref)


def test_a_photo_keeps_its_caption(on_whatsapp: WhatsAppCase) -> None:
    cut_off(on_whatsapp).sends_photo(b"JPEG", "de stoep")
    (photo,) = contents(on_whatsapp)
    assert isinstance(photo, Photo)
    assert photo.caption == "de stoep"


def test_a_file_that_is_gone_is_no_reason_to_stop(on_whatsapp: WhatsAppCase) -> None:
    resident = cut_off(on_whatsapp)
    resident.sends_voice(NOTE)
    resident.says("hallo")
    (voice, _) = contents(on_whatsapp)
    assert isinstance(voice, Voice)
    on_whatsapp.channel.delete_media(voice.ref)
    assert contents(on_whatsapp) == [Unknown("document"), Text("hallo")]


def test_a_tap_is_its_label_and_a_place_is_empty(on_whatsapp: WhatsAppCase) -> None:
    resident = cut_off(on_whatsapp)
    resident.sends(Body="Ja", ButtonPayload="yes", ButtonText="Ja")
    resident.shares_place(52.37, 4.89)
    assert contents(on_whatsapp) == [Text("Ja"), Unknown("empty")]


def test_the_oldest_comes_first_over_several_pages(on_whatsapp: WhatsAppCase) -> None:
    resident = cut_off(on_whatsapp)
    for n in range(PAGE + 5):
        cut_off(on_whatsapp, NOON + timedelta(seconds=n // 3))
        resident.says(f"bericht {n}")
    assert contents(on_whatsapp) == [Text(f"bericht {n}") for n in range(PAGE + 5)]
    assert len(on_whatsapp.stand_in.made("/Messages.json")) == 2


def test_only_the_time_that_was_asked_for_counts(on_whatsapp: WhatsAppCase) -> None:
    for seconds in (-3601, -3600, 3599, 3600):
        cut_off(on_whatsapp, NOON + timedelta(seconds=seconds)).says(str(seconds))
    assert contents(on_whatsapp) == [Text("-3600"), Text("3599")]


def test_what_went_to_another_sender_is_not_ours(on_whatsapp: WhatsAppCase) -> None:
    resident = cut_off(on_whatsapp)
    resident.sends(Body="hallo", To="whatsapp:+31699999999")
    assert contents(on_whatsapp) == []


def test_nothing_more_is_asked_about_what_is_known(on_whatsapp: WhatsAppCase) -> None:
    resident = cut_off(on_whatsapp)
    resident.sends_voice(NOTE)
    resident.says("hallo")
    first = on_whatsapp.stand_in.received[0][1]["MessageSid"]
    found = source(on_whatsapp).received_since(
        NOON - HOUR, NOON + HOUR, lambda ids: {first} & set(ids)
    )
    assert [each.inbound.content for each in found] == [Text("hallo")]
    assert on_whatsapp.stand_in.made("/Media.json") == []


@pytest.mark.parametrize(
    "fault",
    [HTML_503, Drop(), refused(401, 20003), refused(429, 20429)],
    ids=["503", "dropped", "401", "429"],
)
def test_a_provider_that_does_not_answer_is_an_error(
    on_whatsapp: WhatsAppCase, fault: object
) -> None:
    cut_off(on_whatsapp).says("hallo")
    on_whatsapp.stand_in.will(fault, LISTING)  # type: ignore[arg-type]
    with pytest.raises(ChannelError) as failed:
        listed(on_whatsapp)
    assert failed.value.outcome is not Outcome.UNSURE
    assert contents(on_whatsapp) == [Text("hallo")]
