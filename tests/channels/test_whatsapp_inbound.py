"""What only WhatsApp does when something comes in."""

from dataclasses import replace

import pytest
from twilio.request_validator import HMAC_SHA256

from bot.channels.base import ForgedError
from bot.domain.messages import (
    Content,
    Outbound,
    Photo,
    Tap,
    Text,
    Unknown,
    Voice,
)
from tests.channels.cases import WhatsAppCase, to_request
from tests.channels.conftest import PUBLIC_URL


def content(case: WhatsAppCase, **fields: str) -> Content:
    [inbound] = case.channel.parse(case.sends(**fields))
    return inbound.content


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("+31612345678", "+31612345678"),
        ("NL.1a2bCD", None),
        ("NL.ENT.1a2b", None),
        ("31612345678", None),
        ("+٣١٦١٢٣٤٥٦٧٨", None),
    ],
    ids=["number", "scoped id", "linked", "no plus", "other digits"],
)
def test_only_a_real_number_is_a_phone(
    on_whatsapp: WhatsAppCase, address: str, phone: str | None
) -> None:
    resident = on_whatsapp.stand_in.resident(address)
    request = on_whatsapp.acts(lambda: resident.says("hallo"))
    [inbound] = on_whatsapp.channel.parse(request)
    assert (inbound.sender.user_id, inbound.sender.phone) == (address, phone)
    sent = on_whatsapp.channel.send(Outbound(1, address, "nl", "hallo")).result(9)
    assert [heard.sid for heard in resident.heard] == [sent.external_id]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Body": "Ja", "ButtonPayload": "yes", "ButtonText": "Ja"}, Tap("yes")),
        ({"Body": "Plan", "ListId": "plan:21"}, Tap("plan:21")),
        ({"Latitude": "x", "Longitude": "4"}, Unknown("location")),
        ({"MessageType": "order"}, Unknown("order")),
        ({"NumMedia": "x"}, Unknown("document")),
        ({}, Unknown("empty")),
        ({"Body": " "}, Text(" ")),
    ],
)
def test_every_kind_of_form(
    on_whatsapp: WhatsAppCase, fields: dict[str, str], expected: Content
) -> None:
    assert content(on_whatsapp, **fields) == expected


@pytest.mark.parametrize(
    ("mime", "expected"),
    [
        ("Audio/OGG; codecs=opus", Voice),
        ("image/png", Photo),
        ("image/webp", Unknown("sticker")),
        ("video/mp4", Unknown("video")),
        ("text/vcard", Unknown("contact")),
        ("application/pdf", Unknown("document")),
        ("", Unknown("document")),
    ],
)
def test_every_kind_of_file(
    on_whatsapp: WhatsAppCase, mime: str, expected: object
) -> None:
    request = on_whatsapp.acts(lambda: on_whatsapp.resident.sends_file(b"x", mime))
    [inbound] = on_whatsapp.channel.parse(request)
    found = inbound.content
    assert type(found) is expected if isinstance(expected, type) else found == expected


def test_a_shared_key_signs_with_sha_256(on_whatsapp: WhatsAppCase) -> None:
    form = on_whatsapp.resident.form(Body="hallo")
    url = f"{PUBLIC_URL}/whatsapp"
    request = to_request(on_whatsapp.stand_in.signed(form, url, HMAC_SHA256))
    assert on_whatsapp.channel.parse(request)
    settings = {"x-twilio-webhooks-signature-settings": "algorithm=HMAC_MD5"}
    weak = replace(request, headers={**request.headers, **settings})
    with pytest.raises(ForgedError):
        on_whatsapp.channel.parse(weak)


@pytest.mark.parametrize("query", ["", "?u=a%2Cb", "?x=%D8%B9&y="])
def test_the_query_is_signed_as_it_came(on_whatsapp: WhatsAppCase, query: str) -> None:
    form = on_whatsapp.resident.form(Body="")
    url = f"{PUBLIC_URL}/whatsapp{query}"
    request = to_request(on_whatsapp.stand_in.signed(form, url))
    assert on_whatsapp.channel.parse(request)
