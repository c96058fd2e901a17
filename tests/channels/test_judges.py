"""The judges bite: each of these requests is wrong, and they say so."""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.channels.limits import LIMITS
from tests.channels.cases import TelegramCase
from tests.need import need
from tests.photographs import jpeg
from tests.standins.judge_telegram import update_faults
from tests.standins.judges import verdicts
from tests.standins.recorder import Call, Upload
from tests.standins.server import Delivery
from tests.standins.twilio import SENDER, SID

MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"
CONTENT_SID = "HX" + "0" * 32
GOOD_TEXT = {"chat_id": "42", "text": "hallo"}
GOOD_FORM = {"To": "whatsapp:+31612345678", "From": SENDER, "Body": "hallo"}
FORM = "application/x-www-form-urlencoded"
Json = dict[str, object]


def bot_call(method: str, form: dict[str, str], **files: Upload) -> Call:
    body = urlencode(form).encode()
    path = f"/bot1:a/{method}"
    fields = list(form.items())
    return Call(
        "telegram", "POST", path, "", {"content-type": FORM}, body, files, fields
    )


def rest_call(path: str, form: dict[str, str], more: str = "") -> Call:
    body = "&".join(filter(None, [urlencode(form), more])).encode()
    fields = parse_qsl(body.decode(), keep_blank_values=True)
    return Call("twilio", "POST", path, "", {"content-type": FORM}, body, {}, fields)


def content_call(types: Json, **more: object) -> Call:
    body = json.dumps({"language": "nl", "types": types, **more}).encode()
    headers = {"content-type": "application/json"}
    return Call("twilio", "POST", "/v1/Content", "", headers, body)


def keyboard(**button: object) -> dict[str, str]:
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"} | button]]}
    return GOOD_TEXT | {"reply_markup": json.dumps(markup)}


def quick_reply(*titles: str, body: str = "{{1}}") -> Json:
    actions = [{"type": "QUICK_REPLY", "title": one, "id": one} for one in titles]
    return {"twilio/quick-reply": {"body": body, "actions": actions}}


def list_picker(count: int, **item: str) -> Json:
    items = [{"item": f"Plan {n}", "id": str(n)} | item for n in range(count)]
    return {"twilio/list-picker": {"body": "x", "button": "Kies", "items": items}}


ARCHIVE = Upload("buurtstem.zip", "application/zip", b"PK")
SOUND = Upload("note.ogg", "audio/ogg", b"OggS")


def photo(width: int, height: int, name: str = "plan.jpg") -> Upload:
    return Upload(name, "image/jpeg", jpeg(width, height))


GOOD = [
    bot_call("sendMessage", keyboard()),
    bot_call("sendVoice", {"chat_id": "42"}, voice=SOUND),
    bot_call("sendPhoto", {"chat_id": "42"}, photo=photo(80, 60)),
    bot_call("sendDocument", {"chat_id": "42", "caption": "x"}, document=ARCHIVE),
    rest_call(MESSAGES, GOOD_FORM),
    content_call(quick_reply("Ja", "Nee")),
    content_call(list_picker(10)),
    content_call(quick_reply(*"abcd"), friendly_name="buurtstem_chosen_nl_1"),
]


@pytest.mark.parametrize("call", GOOD, ids=range(len(GOOD)))
def test_a_right_request_passes(call: Call) -> None:
    assert verdicts([call]) == []


OVER_A_LIMIT = {
    "text in units": bot_call("sendMessage", GOOD_TEXT | {"text": "😀" * 2049}),
    "blank text": bot_call("sendMessage", GOOD_TEXT | {"text": " \n"}),
    "callback in bytes": bot_call("sendMessage", keyboard(callback_data="م" * 33)),
    "empty label": bot_call("sendMessage", keyboard(text=" ")),
    "nameless voice": bot_call(
        "sendVoice",
        {"chat_id": "42"},
        voice=Upload("file", "application/octet-stream", b"x"),
    ),
    "nameless photo": bot_call(
        "sendPhoto", {"chat_id": "42"}, photo=photo(80, 60, "file")
    ),
    "wide photo": bot_call("sendPhoto", {"chat_id": "42"}, photo=photo(10_000, 1)),
    "no photo": bot_call(
        "sendPhoto",
        {"chat_id": "42"},
        photo=Upload("plan.jpg", "image/jpeg", b"x"),
    ),
    "nameless file": bot_call(
        "sendDocument",
        {"chat_id": "42"},
        document=Upload("file", "application/octet-stream", b"x"),
    ),
    "long caption": bot_call(
        "sendDocument", {"chat_id": "42", "caption": "x" * 1025}, document=ARCHIVE
    ),
    "long secret": bot_call(
        "setWebhook", {"url": "https://x", "secret_token": "x" * 257}
    ),
    "odd command": bot_call(
        "setMyCommands", {"commands": '[{"command": "Stem!", "description": "x"}]'}
    ),
    "long body": rest_call(MESSAGES, GOOD_FORM | {"Body": "x" * 1601}),
    "empty message": rest_call(MESSAGES, {"To": "whatsapp:+31", "From": SENDER}),
    "body and content": rest_call(MESSAGES, GOOD_FORM | {"ContentSid": CONTENT_SID}),
    "line break": rest_call(
        MESSAGES,
        {
            "To": "whatsapp:+31",
            "From": SENDER,
            "ContentSid": CONTENT_SID,
            "ContentVariables": '{"1": "een\\ntwee"}',
        },
    ),
    "four replies": content_call(quick_reply(*"abcd")),
    "eleven replies of a template": content_call(
        quick_reply(*"abcdefghijk"), friendly_name="buurtstem_chosen_nl_1"
    ),
    "long title": content_call(quick_reply("x" * 21)),
    "twin titles": content_call(quick_reply("Ja", "Ja")),
    "long rich body": content_call(quick_reply("Ja", body="x" * 1025)),
    "eleven rows": content_call(list_picker(11)),
    "long row": content_call(list_picker(1, item="x" * 25)),
    "long description": content_call(list_picker(1, description="x" * 73)),
}


@pytest.mark.parametrize("call", OVER_A_LIMIT.values(), ids=OVER_A_LIMIT)
def test_a_limit_is_seen(call: Call) -> None:
    assert verdicts([call])


STRAYED = {
    "no such method": bot_call("sendMesage", GOOD_TEXT),
    "unknown field": bot_call("sendMessage", GOOD_TEXT | {"txt": "x"}),
    "missing field": bot_call("sendMessage", {"text": "x"}),
    "no integer": bot_call("sendVoice", {"chat_id": "4", "duration": "x"}, voice=SOUND),
    "odd button": bot_call("sendMessage", keyboard(callback=1)),
    "button without text": bot_call(
        "sendMessage",
        GOOD_TEXT
        | {"reply_markup": '{"inline_keyboard": [[{"url": "x", "text": 1}]]}'},
    ),
    "no keyboard": bot_call("sendMessage", GOOD_TEXT | {"reply_markup": "7"}),
    "no To": rest_call(MESSAGES, {"From": SENDER, "Body": "x"}),
    "misspelt": rest_call(MESSAGES, GOOD_FORM | {"Bdoy": "x"}),
    "bad sid": rest_call(
        MESSAGES, {"To": "whatsapp:+31", "From": SENDER, "ContentSid": "HX1"}
    ),
    "variables as a dict": rest_call(
        MESSAGES,
        {"To": "whatsapp:+31", "From": SENDER, "ContentSid": CONTENT_SID},
        'ContentVariables="1"&ContentVariables="2"',
    ),
    "no resource": rest_call("/2010-04-01/Nowhere.json", GOOD_FORM),
    "wrong type": content_call({"twilio/quick-reply": {"body": "x", "actions": "Ja"}}),
    "unknown key": content_call(
        quick_reply("Ja") | {"twilio/quick-replies": {"body": ""}}
    ),
    "unknown property": content_call(quick_reply("Ja"), languages="nl"),
    "no button": content_call({"twilio/list-picker": {"body": "x", "items": []}}),
    "form for json": rest_call("/v1/Content", {"language": "nl"}),
}


@pytest.mark.parametrize("call", STRAYED.values(), ids=STRAYED)
def test_a_stray_from_the_description_is_seen(call: Call) -> None:
    need("shared")
    assert verdicts([call])


def test_a_verdict_does_not_show_the_token() -> None:
    [verdict, *_] = verdicts([bot_call("sendMessage", {"chat_id": "1", "text": ""})])
    assert "1:a" not in verdict


def test_our_residents_speak_as_telegram_does(on_telegram: TelegramCase) -> None:
    need("shared")
    resident = on_telegram.resident
    acts: list[Callable[[], int]] = [
        lambda: resident.says("hallo"),
        lambda: resident.opens("p21"),
        lambda: resident.taps("yes"),
        lambda: resident.sends_voice(b"OggS"),
        lambda: resident.sends_photo(b"\xff\xd8", "vijver"),
        lambda: resident.shares_place(52.0, 4.0),
        lambda: resident.edits("anders"),
        resident.blocks,
        resident.unblocks,
    ]
    updates: list[Json] = []

    def catch(delivery: Delivery) -> int:
        updates.append(json.loads(delivery.body))
        return 200

    on_telegram.stand_in.deliver = catch
    for act in acts:
        act()
    assert len(updates) == len(acts)
    assert [list(update_faults(update)) for update in updates] == [[]] * len(acts)
    spoilt = dict(updates[0], message=dict(updates[0], chat={"id": 1}))  # no type
    assert list(update_faults(spoilt))


def test_every_limit_has_its_page() -> None:
    assert len(LIMITS) > 20
    assert all(limit.page and limit.most > 0 for limit in LIMITS)
