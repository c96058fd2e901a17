"""What only WhatsApp does when something goes out."""

import json
import os

import pytest

from bot.channels.content import MemoryContents, Rich, make_rich, number_choices
from bot.channels.limits import WHATSAPP_RICH_BODY
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from bot.domain.messages import (
    Choice,
    Outbound,
)
from tests.channels.cases import WhatsAppCase
from tests.channels.conftest import PUBLIC_URL
from tests.standins.recorder import Call
from tests.standins.server import HTML_503, Answer
from tests.standins.twilio import TwilioStandIn, refused

YES_NO = (Choice("yes", "Ja"), Choice("no", "Nee"))
PLANS = tuple(Choice(f"plan:{n}", f"{n} – Bankje", "bij de vijver") for n in range(9))


def ask(
    text: str, choices: tuple[Choice, ...] = YES_NO, language: str = "nl"
) -> Outbound:
    return Outbound(7, "+31612345678", language, text, choices, list_label="Kies")


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


def test_a_file_to_keep_is_a_link_below_its_caption(
    on_whatsapp: WhatsAppCase,
) -> None:
    out = Outbound(7, "+31612345678", "nl", "Uw gegevens", document="hers.zip")
    on_whatsapp.channel.send(out).result(9)
    (heard,) = on_whatsapp.resident.heard
    caption, link = heard.text.split("\n")
    assert caption == "Uw gegevens"
    assert link.endswith("hers.zip")
    assert heard.media == (), "WhatsApp takes no archive as a file"


class Forgetful(MemoryContents):
    def put(self, key: str, sid: str) -> None:
        raise RuntimeError("no room")


def test_a_store_that_fails_does_not_silence_us(twilio: TwilioStandIn) -> None:
    channel = build(twilio, Forgetful())
    assert channel.send(ask("Ja of nee?")).result(9).external_id
    assert twilio.heard[0].buttons
    channel.close()


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
