"""Files at Twilio."""

import pytest

from bot.channels.base import MEDIA_BYTES, ChannelError
from bot.domain.messages import (
    MediaRef,
    Voice,
)
from tests.channels.cases import WhatsAppCase
from tests.channels.conftest import NOTE
from tests.standins.server import HTML_503, Answer


def voice_ref(case: WhatsAppCase, sound: bytes = NOTE) -> MediaRef:
    request = case.acts(lambda: case.resident.sends_voice(sound))
    [inbound] = case.channel.parse(request)
    assert isinstance(inbound.content, Voice)
    return inbound.content.ref


def test_credentials_stay_with_the_rest_host(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.fetch(voice_ref(on_whatsapp))
    first, second = [
        call for call in on_whatsapp.stand_in.calls if call.method == "GET"
    ]
    assert "authorization" in first.headers
    assert "authorization" not in second.headers
    assert second.headers["host"].startswith("localhost:")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/2010-04-01/Accounts/AC1/Messages/SM1/Media/ME1",
        "https://api.twilio.com.evil.example/x",
        "http://api.twilio.com/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_no_other_host_is_asked(on_whatsapp: WhatsAppCase, url: str) -> None:
    with pytest.raises(ChannelError, match="refused: foreign_host"):
        on_whatsapp.channel.fetch(MediaRef(url, "audio/ogg"))
    assert not on_whatsapp.stand_in.calls


@pytest.mark.parametrize(
    "place", ["ftp://elsewhere/x", "file:///etc/passwd", "//[bad", ""]
)
def test_a_redirect_leads_nowhere_else(on_whatsapp: WhatsAppCase, place: str) -> None:
    ref = voice_ref(on_whatsapp)
    moved = Answer(307, headers={"Location": place})
    on_whatsapp.stand_in.will(moved, ref.place.rpartition("/")[2], times=9)
    with pytest.raises(ChannelError):
        on_whatsapp.channel.fetch(ref)


def test_a_file_too_large_is_given_up(on_whatsapp: WhatsAppCase) -> None:
    ref = voice_ref(on_whatsapp, bytes(MEDIA_BYTES + 1))
    with pytest.raises(ChannelError, match="refused: too_large"):
        on_whatsapp.channel.fetch(ref)


def test_a_deleted_file_is_gone_and_deleting_twice_is_fine(
    on_whatsapp: WhatsAppCase,
) -> None:
    ref = voice_ref(on_whatsapp)
    on_whatsapp.channel.delete_media(ref)
    on_whatsapp.channel.delete_media(ref)
    with pytest.raises(ChannelError, match="refused: gone"):
        on_whatsapp.channel.fetch(ref)


def test_a_deletion_that_failed_is_told(on_whatsapp: WhatsAppCase) -> None:
    ref = voice_ref(on_whatsapp)
    on_whatsapp.stand_in.will(HTML_503, ".json")
    with pytest.raises(ChannelError, match="retry: provider_fault"):
        on_whatsapp.channel.delete_media(ref)
    with pytest.raises(ChannelError, match="refused: foreign_host"):
        on_whatsapp.channel.delete_media(MediaRef("https://x.example/y", "audio/ogg"))
