"""What only WhatsApp through Twilio does."""

import itertools
import json
import os
from dataclasses import replace
from functools import partial

import pytest
from twilio.request_validator import HMAC_SHA256

from bot.channels.base import MEDIA_BYTES, ChannelError, ForgedError, Request
from bot.channels.content import MemoryContents, Rich, make_rich, number_choices
from bot.channels.limits import WHATSAPP_RICH_BODY
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from bot.domain.messages import (
    RANK,
    Choice,
    Content,
    Delivery,
    MediaRef,
    Outbound,
    Photo,
    StatusUpdate,
    Tap,
    Text,
    Unknown,
    Voice,
)
from tests.channels.cases import WhatsAppCase, to_request
from tests.channels.conftest import NOTE, PUBLIC_URL
from tests.standins.recorder import Call
from tests.standins.server import HTML_503, Answer
from tests.standins.twilio import TwilioStandIn, refused

YES_NO = (Choice("yes", "Ja"), Choice("no", "Nee"))
PLANS = tuple(Choice(f"plan:{n}", f"{n} – Bankje", "bij de vijver") for n in range(9))


def ask(
    text: str, choices: tuple[Choice, ...] = YES_NO, language: str = "nl"
) -> Outbound:
    return Outbound(7, "+31612345678", language, text, choices, list_label="Kies")


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


def test_buttons_are_stored_once_for_each_language(on_whatsapp: WhatsAppCase) -> None:
    for text, language in [("Een\nTwee", "nl"), ("Drie\nVier", "nl"), ("A\nB", "en")]:
        on_whatsapp.channel.send(ask(text, language=language)).result(9)
    assert len(on_whatsapp.stand_in.made("/Content")) == 2
    texts = [heard.text for heard in on_whatsapp.resident.heard]
    assert texts == ["Een\nTwee", "Drie\nVier", "A\nB"]


def test_what_was_stored_is_remembered_over_a_restart(twilio: TwilioStandIn) -> None:
    contents = MemoryContents()
    for _ in range(2):
        channel = build(twilio, contents)
        channel.send(ask("Ja of nee?")).result(9)
        channel.close()
    assert len(twilio.made("/Content")) == 1


def build(twilio: TwilioStandIn, contents: MemoryContents | None = None) -> WhatsApp:
    account = Account(twilio.sid, twilio.token, twilio.sender, twilio.url)
    return WhatsApp(
        account, public_url=PUBLIC_URL, media_url=lambda key: key, contents=contents
    )


def test_a_resource_that_somebody_deleted_is_made_again(
    on_whatsapp: WhatsAppCase,
) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    on_whatsapp.stand_in.contents.clear()
    on_whatsapp.channel.send(ask("Nog eens?")).result(9)
    assert on_whatsapp.resident.heard[-1].text == "Nog eens?"
    assert len(on_whatsapp.stand_in.made("/Content")) == 2


@pytest.mark.parametrize("fault", [HTML_503, refused(400, 20001), Answer(201, b"{}")])
def test_without_buttons_the_question_is_still_asked(
    on_whatsapp: WhatsAppCase, fault: Answer
) -> None:
    on_whatsapp.stand_in.will(fault, "/Content")
    on_whatsapp.channel.send(ask("Klopt dit?")).result(9)
    assert on_whatsapp.resident.heard[0].text == "Klopt dit?\n\n1. Ja\n2. Nee"


TEXTS = [
    "'s Avonds 3'ü {{1}} en {{naam}}",
    "tab\there,      six spaces",
    "een\n\n\ntwee\n \ndrie",
    "woord " * 160,
    "\u2068" + "م" * 600 + "\u2069",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_any_text_can_carry_buttons(on_whatsapp: WhatsAppCase, text: str) -> None:
    on_whatsapp.channel.send(ask(text, PLANS)).result(9)
    heard = on_whatsapp.resident.heard[-1].text
    bare = str.maketrans("", "", " \t\n\u2068\u2069")
    assert heard.translate(bare) == text.translate(bare)


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["Ja", "Nee", "Later"], "twilio/quick-reply"),
        (["Ja, dit is mijn plan!", "Nee"], "twilio/list-picker"),
        (["Een", "Twee", "Drie", "Vier"], "twilio/list-picker"),
        (["Ja", "Ja"], None),
        (["Ja", " "], None),
        ([str(n) for n in range(11)], None),
        (["Een heel lang plan voor later", "Een heel lang plan voor nu"], None),
    ],
)
def test_the_shape_follows_the_choices(labels: list[str], kind: str | None) -> None:
    choices = tuple(Choice(f"x:{n}", label) for n, label in enumerate(labels))
    rich = make_rich(ask("Welk?", choices), "Welk?")
    assert (rich.kind if rich else None) == kind


def test_a_title_that_was_cut_stands_whole_below() -> None:
    plan = Choice("plan:21", "21 – Een bankje bij de vijver", "EUR 5.000")
    rich = make_rich(ask("Welk?", (plan, *PLANS[:3])), "Welk?")
    assert rich
    [item, *_] = json.loads(json.dumps(rich.shape))["items"]
    assert item["item"] == "21 – Een bankje bij de…"
    assert item["description"] == "21 – Een bankje bij de vijver EUR 5.000"


def test_no_list_without_a_word_on_its_button() -> None:
    assert make_rich(Outbound(1, "x", "nl", "Welk?", PLANS), "Welk?") is None


def test_a_body_too_long_for_buttons_is_none() -> None:
    assert make_rich(ask("x"), "x" * (WHATSAPP_RICH_BODY.most + 1)) is None


def test_a_key_names_shape_and_language_only() -> None:
    asked = [
        make_rich(ask(text, choices, language), text)
        for text in ("Een", "Twee")
        for choices in (YES_NO, PLANS)
        for language in ("nl", "ar")
    ]
    keys = {rich.key for rich in asked if isinstance(rich, Rich)}
    assert len(keys) == 4


def test_numbers_stand_before_the_labels() -> None:
    assert number_choices("", YES_NO) == "1. Ja\n2. Nee"


STATUSES = [
    ("queued", None, Delivery.QUEUED, None),
    ("sending", None, Delivery.QUEUED, None),
    ("sent", None, Delivery.SENT, None),
    ("delivered", None, Delivery.DELIVERED, None),
    ("read", None, Delivery.READ, None),
    ("undelivered", 63016, Delivery.FAILED, "outside_window"),
    ("undelivered", 63024, Delivery.FAILED, "not_on_whatsapp"),
    ("failed", 21610, Delivery.FAILED, "opted_out"),
    ("failed", 63049, Delivery.FAILED, "held_back"),
    ("failed", 64999, Delivery.FAILED, "64999"),
    ("failed", 0, Delivery.FAILED, None),
]


@pytest.mark.parametrize(("status", "code", "delivery", "reason"), STATUSES)
def test_statuses_are_told(
    on_whatsapp: WhatsAppCase,
    status: str,
    code: int | None,
    delivery: Delivery,
    reason: str | None,
) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    [heard] = on_whatsapp.resident.heard
    request = on_whatsapp.acts(lambda: on_whatsapp.stand_in.report(heard, status, code))
    [update] = parse_status(on_whatsapp, request)
    assert (update.external_id, update.delivery) == (heard.sid, delivery)
    assert update.code == (str(code) if code else None)
    assert (update.extra.get("reason"), update.extra["out"]) == (reason, "7")
    closing = {"opted_out", "not_on_whatsapp"}
    assert ("closes" in update.extra) is (reason in closing)


def parse_status(case: WhatsAppCase, request: Request) -> list[StatusUpdate]:
    assert isinstance(case.channel, WhatsApp)
    return list(case.channel.parse_status(request))


def test_every_order_of_statuses_ends_the_same(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    [heard] = on_whatsapp.resident.heard
    report = on_whatsapp.stand_in.report
    told = [
        update.delivery
        for status in ("sent", "delivered", "read", "sent")
        for update in parse_status(
            on_whatsapp, on_whatsapp.acts(partial(report, heard, status))
        )
    ]
    ends = set()
    for order in itertools.permutations(told):
        best = Delivery.QUEUED
        for delivery in order:
            best = max(best, delivery, key=RANK.__getitem__)
        ends.add(best)
    assert (len(told), ends) == (4, {Delivery.READ})


def test_an_unknown_status_and_a_forged_one(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    [heard] = on_whatsapp.resident.heard
    request = on_whatsapp.acts(lambda: on_whatsapp.stand_in.report(heard, "teleported"))
    assert parse_status(on_whatsapp, request) == []
    with pytest.raises(ForgedError):
        parse_status(on_whatsapp, on_whatsapp.forged(request))


def test_an_inbound_message_is_no_status(on_whatsapp: WhatsAppCase) -> None:
    assert parse_status(on_whatsapp, on_whatsapp.says("hallo")) == []


def test_a_laptop_asks_for_no_statuses() -> None:
    account = Account("AC1", "token", "whatsapp:+1")
    local = WhatsApp(account, public_url="http://127.0.0.1:8080", media_url=str)
    assert local._callback(ask("x")) is None


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


def test_the_environment_does_not_divert_us(
    twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TWILIO_REGION", "TWILIO_EDGE"):
        monkeypatch.setenv(name, "ie1")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    channel = build(twilio)
    assert channel.send(ask("Ja of nee?")).result(9).external_id
    live = channel._live.get()
    assert live.sender._client.get_hostname("https://api.twilio.com/x") == (
        "https://api.twilio.com/x"
    )
    channel.close()


def test_it_still_sends_after_a_fork(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.send(ask("ouder")).result(9)
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        sent = on_whatsapp.channel.send(ask("kind"))
        os._exit(0 if sent.result(9).external_id else 1)
    assert os.waitpid(child, 0)[1] == 0
    on_whatsapp.channel.send(ask("ouder weer")).result(9)
    texts = [heard.text for heard in on_whatsapp.resident.heard]
    assert texts == ["ouder", "kind", "ouder weer"]


def test_every_message_asks_for_its_status(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.channel.send(ask("Ja of nee?")).result(9)
    call: Call = on_whatsapp.stand_in.made("/Messages.json")[0]
    assert call.form["StatusCallback"] == f"{PUBLIC_URL}/whatsapp/status?out=7"
