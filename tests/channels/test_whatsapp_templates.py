"""Templates over the real client: kept, submitted, followed, sent."""

import json
from dataclasses import replace

import pytest

from bot.channels.base import Approval, ChannelError
from bot.channels.whatsapp import WhatsApp
from bot.domain.messages import Choice, Filled, Outbound
from bot.services.wordings import CATEGORY, Wording, all_wordings, wording
from tests.channels.cases import WhatsAppCase
from tests.standins.approvals import fault_of
from tests.standins.server import HTML_503, Answer, Drop
from tests.standins.twilio import TwilioStandIn, refused

NOWHERE = "HX" + "0" * 32


def handed_in(channel: WhatsApp, one: Wording) -> str:
    sid = channel.create_template(one.draft)
    channel.submit_template(sid, one.name, CATEGORY)
    return sid


def test_meta_takes_every_wording(whatsapp: WhatsApp, twilio: TwilioStandIn) -> None:
    """What was sent is judged by Twilio's own description when all tests are done."""
    sids = [handed_in(whatsapp, one) for one in all_wordings()]
    twilio.approvals.approve()
    faults = [fault_of(twilio.contents[sid]) for sid in sids]
    assert faults == [""] * len(sids)
    assert {whatsapp.template_approval(sid).status for sid in sids} == {"approved"}


def test_what_was_made_is_found_by_name_on_every_page(
    whatsapp: WhatsApp, twilio: TwilioStandIn
) -> None:
    for n in range(230):
        twilio.contents[f"HX{n:032x}"] = {"friendly_name": f"name_{n}"}
    found = whatsapp.list_templates()
    assert len(found) == 230
    assert found["name_229"] == f"HX{229:032x}"
    assert len(twilio.made("/v1/Content")) == 3


def test_an_approval_is_followed(whatsapp: WhatsApp, twilio: TwilioStandIn) -> None:
    one = wording("message", "ar")
    sid = whatsapp.create_template(one.draft)
    assert whatsapp.template_approval(sid) == Approval("unsubmitted")
    answer = whatsapp.submit_template(sid, one.name, CATEGORY)
    assert answer == Approval("received", "", CATEGORY)
    twilio.approvals.decide(sid, "rejected", "INVALID_FORMAT")
    told = whatsapp.template_approval(sid)
    assert told == Approval("rejected", "INVALID_FORMAT", CATEGORY)


def test_what_is_not_there_is_refused(whatsapp: WhatsApp) -> None:
    with pytest.raises(ChannelError, match="gone"):
        whatsapp.template_approval(NOWHERE)
    with pytest.raises(ChannelError, match="gone"):
        whatsapp.submit_template(NOWHERE, "name", CATEGORY)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (HTML_503, "provider_fault"),
        (refused(401, 20003), "bad_token"),
        (Drop(), "dropped"),
    ],
)
def test_a_list_that_cannot_be_had_says_why(
    whatsapp: WhatsApp, twilio: TwilioStandIn, fault: Answer | Drop, code: str
) -> None:
    twilio.will(fault, "/v1/Content")
    with pytest.raises(ChannelError, match=code):
        whatsapp.list_templates()


def test_handing_in_twice_is_refused(whatsapp: WhatsApp) -> None:
    one = wording("message", "nl")
    sid = handed_in(whatsapp, one)
    with pytest.raises(ChannelError, match="refused"):
        whatsapp.submit_template(sid, one.name, CATEGORY)


def message(sid: str, *values: str) -> Outbound:
    """Return a message that has more to it than its template."""
    out = Outbound(7, "+31612345678", "nl", "Het hele bericht.", (Choice("yes", "Ja"),))
    return replace(out, sound="note", template=Filled(sid, values))


def test_outside_the_window_only_an_approved_template_arrives(
    on_whatsapp: WhatsAppCase,
) -> None:
    channel, twilio = on_whatsapp.channel, on_whatsapp.stand_in
    assert isinstance(channel, WhatsApp)
    on_whatsapp.resident.window_open = False
    sid = handed_in(channel, wording("broadcast", "nl"))
    channel.send(message(sid, "Amsterdam", "Te vroeg.")).result(9)
    channel.send(replace(message(sid), template=None)).result(9)
    assert on_whatsapp.resident.heard == []
    twilio.approvals.approve()
    channel.send(message(sid, "Amsterdam", "'s Avonds\nis er {{1}} feest.")).result(9)
    [heard] = on_whatsapp.resident.heard
    assert "Ons bericht aan u: 's Avonds is er { {1} } feest." in heard.text
    assert heard.buttons[0] == ("listen", "Luister")


def test_a_template_goes_alone_and_asks_for_its_status(
    on_whatsapp: WhatsAppCase,
) -> None:
    assert isinstance(on_whatsapp.channel, WhatsApp)
    sid = handed_in(on_whatsapp.channel, wording("message", "nl"))
    sent = on_whatsapp.channel.send(message(sid, "x" * 300)).result(9)
    [call] = on_whatsapp.stand_in.made("/Messages.json")
    assert set(call.form) == {
        *("To", "From", "StatusCallback", "ContentSid", "ContentVariables"),
    }
    assert call.form["StatusCallback"].endswith("?out=7")
    [value] = json.loads(call.form["ContentVariables"]).values()
    assert value == "x" * 249 + "…"
    assert sent.external_id == on_whatsapp.resident.heard[0].sid


def test_a_template_that_is_gone_is_refused_and_our_fault(
    on_whatsapp: WhatsAppCase,
) -> None:
    with pytest.raises(ChannelError, match="content_gone") as raised:
        on_whatsapp.channel.send(message(NOWHERE, "x")).result(9)
    assert raised.value.ours


def test_writing_opens_the_window(on_whatsapp: WhatsAppCase) -> None:
    on_whatsapp.resident.window_open = False
    on_whatsapp.says("hallo")
    on_whatsapp.channel.send(replace(message(NOWHERE), template=None)).result(9)
    assert on_whatsapp.resident.heard[-1].text == "Het hele bericht."
