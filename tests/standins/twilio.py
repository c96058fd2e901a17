"""Twilio's REST interface for one WhatsApp sender, and the residents who write to it.

`python -m tests.standins.twilio 8082 http://127.0.0.1:8080/whatsapp` runs it by hand:
lines typed there are messages of one resident.
"""

import base64
import itertools
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import HMAC_SHA1, RequestValidator

from bot.channels import limits
from tests.standins.approvals import Approvals
from tests.standins.recorder import Call
from tests.standins.server import Answer, Delivery, Fault, StandIn, json_answer
from tests.standins.twilio_lists import list_files, list_messages, list_senders
from tests.standins.whatsapp_resident import Heard, WhatsAppResident

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "stand-in-auth-token"
SENDER = "whatsapp:+14155238886"
Form = Mapping[str, str]
Json = Mapping[str, object]
Buttons = tuple[tuple[str, str], ...]
LISTING = "the list of messages"
"""Where a fault of the list is ordered: it is asked for at times of its own."""


class TwilioStandIn(StandIn):
    """Messages, Content and Media for one account. Set `webhook` to be written to.

    `approvals` is where Meta decides about templates.
    While `is_cut_off` is set no webhook gets through: what residents write then is in
    the list of messages only. `clock` says when that was.
    """

    provider = "twilio"

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.sid, self.token, self.sender = SID, TOKEN, SENDER
        self.webhook = ""
        self.residents: dict[str, WhatsAppResident] = {}
        self.contents: dict[str, Json] = {}
        self.approvals = Approvals(self.contents)
        self.is_cut_off = False
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.received: list[tuple[datetime, Form]] = []
        self.status = "active"
        self.senders: dict[str, str] = {self.sender: "ONLINE"}
        self._media: dict[str, tuple[bytes, str]] = {}
        self._sids = itertools.count(1)
        self._validator = RequestValidator(self.token)

    @property
    def heard(self) -> list[Heard]:
        """Return every message on every phone."""
        return [heard for one in self.residents.values() for heard in one.heard]

    def resident(self, address: str, **extra: str) -> WhatsAppResident:
        """Return the resident with this address, made at first use."""
        new = WhatsAppResident(self, address, extra)
        return self.residents.setdefault(address, new)

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{next(self._sids):032x}"

    def keep(self, message: str, content: bytes, mime: str) -> str:
        """Keep a file for download; return its address."""
        path = f"/2010-04-01/Accounts/{self.sid}/Messages/{message}/Media/"
        path += self.new_sid("ME")
        self._media[path] = (content, mime)
        return self.url + path

    def hand_over(
        self, form: Form, *, url: str | None = None, algorithm: str = HMAC_SHA1
    ) -> int:
        """Sign a form and post it; twice the same makes a duplicate.

        0 if we are cut off and nobody answers.
        """
        if "NumMedia" in form and all(
            form["MessageSid"] != have["MessageSid"] for _, have in self.received
        ):
            self.received.append((self.clock(), form))
        if self.is_cut_off:
            return 0
        return self.deliver(self.signed(form, url or self.webhook, algorithm))

    def signed(self, form: Form, url: str, algorithm: str = HMAC_SHA1) -> Delivery:
        """Return a webhook request with the signature that Twilio would give it."""
        signature = self._validator.compute_signature(url, dict(form), algorithm)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature,
        }
        if algorithm != HMAC_SHA1:
            settings = f"key=webhooks_sharedkey_1,algorithm={algorithm}"
            headers["X-Twilio-Webhooks-Signature-Settings"] = settings
        return Delivery(url, headers, urlencode(form).encode())

    def report(self, heard: Heard, status: str, code: int | None = None) -> int:
        """Post a delivery status of a message to where the bot wanted it."""
        form = {
            "MessageSid": heard.sid,
            "MessageStatus": status,
            "AccountSid": self.sid,
            "From": self.sender,
            "To": f"whatsapp:{heard.address}",
            "ChannelPrefix": "whatsapp",
        }
        if code is not None:
            form["ErrorCode"] = str(code)
        return self.hand_over(form, url=heard.callback)

    def answer(self, call: Call) -> Answer:
        """Serve a file, or a resource behind the account's credentials."""
        if call.path.startswith("/cdn/"):
            return self._file(call)
        if not self._is_known(call):
            return _refusal(401, 20003, "Authenticate")
        account = f"/2010-04-01/Accounts/{self.sid}/Messages"
        if call.path.startswith("/v1/Content"):
            return self._contents_of(call)
        if call.path.removesuffix(".json") in self._media:
            return self._stored(call)
        if call.method == "GET":
            return self._look_up(call)
        if call.method == "POST" and call.path == f"{account}.json":
            return self._message(call.form)
        if call.method == "POST" and call.path.startswith(f"{account}/SM"):
            return self._redacted(call)
        return _unknown()

    def _contents_of(self, call: Call) -> Answer:
        """Serve the Content API: resources, their list, and their approvals."""
        if call.path != "/v1/Content":
            return self.approvals.answer(call) or _unknown()
        if call.method == "GET":
            return self.approvals.page(call, self.url)
        return self._content(call.json)

    def fault_for(self, call: Call) -> Fault | None:
        """Keep faults of sending away from the list, which has the same path."""
        if call.method == "GET" and call.path.endswith("/Messages.json"):
            ordered = self._faults.get(LISTING)
            return ordered.popleft() if ordered else None
        return super().fault_for(call)

    def _look_up(self, call: Call) -> Answer:
        """Serve the account, the list of messages, or the files of one."""
        account = f"/2010-04-01/Accounts/{self.sid}"
        if call.path == f"{account}.json":
            return json_answer(200, {"sid": self.sid, "status": self.status})
        if call.path == f"{account}/Messages.json":
            return json_answer(200, list_messages(self.sid, self.received, call))
        if call.path.endswith("/Media.json"):
            mimes = {place: mime for place, (_, mime) in self._media.items()}
            return json_answer(200, list_files(mimes, call))
        if call.path == "/v2/Channels/Senders":
            return json_answer(200, list_senders(self.senders))
        return _unknown()

    def _is_known(self, call: Call) -> bool:
        pair = base64.b64encode(f"{self.sid}:{self.token}".encode()).decode()
        return call.headers.get("authorization") == f"Basic {pair}"

    def _stored(self, call: Call) -> Answer:
        """Delete a file, or send on to where it lies: another host name."""
        if call.method == "DELETE":
            del self._media[call.path.removesuffix(".json")]
            return Answer(204)
        elsewhere = self.url.replace("127.0.0.1", "localhost")
        return Answer(307, headers={"Location": f"{elsewhere}/cdn{call.path}"})

    def _file(self, call: Call) -> Answer:
        if "authorization" in call.headers:
            return _refusal(400, 0, "credentials went to a foreign host")
        found = self._media.get(call.path.removeprefix("/cdn"))
        return Answer(200, *found) if found else Answer(404)

    def _redacted(self, call: Call) -> Answer:
        """Empty the body of a message that came in; Twilio lets nothing else be put."""
        sid = call.path.rpartition("/")[2].removesuffix(".json")
        if sid not in {form["MessageSid"] for _, form in self.received}:
            return _refusal(404, 20404, "The requested resource was not found")
        if call.form != {"Body": ""}:
            return _refusal(400, 20001, "Body can only be emptied")
        self.received = [
            (at, {**form, "Body": ""} if form["MessageSid"] == sid else form)
            for at, form in self.received
        ]
        return json_answer(200, {"sid": sid, "body": ""})

    def _content(self, body: Json) -> Answer:
        sid = self.new_sid("HX")
        self.contents[sid] = body
        return json_answer(201, {**body, "sid": sid, "account_sid": self.sid})

    def _message(self, form: Form) -> Answer:
        """Put a message on a phone, or say what Twilio would say."""
        address = form.get("To", "").removeprefix("whatsapp:")
        if not address or not form.get("To", "").startswith("whatsapp:"):
            return _refusal(400, 21211, "Invalid 'To'")
        if form.get("From") != self.sender:
            return _refusal(400, 63007, "Could not find a Channel")
        resident = self.resident(address)
        if resident.stopped:
            return _refusal(400, 21610, "Unsubscribed recipient")
        return self._put(resident, form)

    def _put(self, resident: WhatsAppResident, form: Form) -> Answer:
        media = tuple(filter(None, [form.get("MediaUrl", "")]))
        text, kind = form.get("Body", ""), "text"
        buttons: Buttons = ()
        if len(text) > limits.WHATSAPP_BODY.most:
            return _refusal(400, 21617, "Body too long")
        if "ContentSid" in form:
            content = self.contents.get(form["ContentSid"])
            if content is None:
                return _refusal(400, 21655, "ContentSid is invalid")
            text, buttons, kind = _fill_in(content, form.get("ContentVariables", "{}"))
            if not text:
                return _refusal(400, 21656, "ContentVariables are invalid")
        if not text and not media:
            return _refusal(400, 21602, "Message body is required")
        sid = self.new_sid("MM" if media else "SM")
        callback = form.get("StatusCallback", "")
        heard = Heard(resident.address, sid, text, buttons, kind, media, callback)
        approved = self.approvals.is_approved(form.get("ContentSid", ""))
        # Outside the window Twilio takes a message and reports 63016 later.
        arrives = resident.window_open or approved
        (resident.heard if arrives else resident.lost).append(heard)
        return json_answer(201, {"sid": sid, "status": "queued", "body": text})


def _fill_in(content: Json, variables: str) -> tuple[str, Buttons, str]:
    """Return the text with its variables, the buttons and the kind; "" if invalid."""
    values = cast("dict[str, str]", json.loads(variables))
    if not all(value and not set(value) & set("\n\t") for value in values.values()):
        return "", (), ""
    types = cast("dict[str, dict[str, object]]", content["types"])
    kind, shape = next((name, one) for name, one in types.items() if one)
    text = str(shape["body"])
    for name, value in {**cast("Form", content["variables"]), **values}.items():
        text = text.replace("{{" + name + "}}", value)
    rows = cast("list[Form]", shape.get("actions") or shape.get("items"))
    buttons = tuple((row["id"], row.get("title") or row["item"]) for row in rows)
    return text, buttons, kind


def _refusal(status: int, code: int, words: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": words, "more_info": more, "status": status}
    return json_answer(status, body)


def _unknown() -> Answer:
    return _refusal(404, 20404, "The requested resource was not found")


def refused(status: int, code: int) -> Answer:
    """Return a refusal in Twilio's form."""
    return _refusal(status, code, "refused")


def main() -> None:
    port, webhook = sys.argv[1:3]
    with TwilioStandIn(port=int(port)) as stand_in:
        stand_in.webhook = webhook
        resident = stand_in.resident("+31612345678")
        print(f"Twilio at {stand_in.url}, sid {SID}, token {TOKEN}, sender {SENDER}")
        print(f"listening for {urlsplit(webhook).netloc}")
        for line in sys.stdin:
            try:
                status = resident.says(line.strip())
            except OSError as error:
                print(f"nobody answers at {webhook}: {error}")
                continue
            print(f"{status}; heard so far: {[h.text for h in resident.heard]}")


if __name__ == "__main__":
    main()
