"""Whether Twilio knows us: the account, the sender, and requests as it makes them."""

from collections.abc import Sequence
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bot.channels.base import Probe
from bot.channels.outcomes import for_fetch
from bot.channels.twilio_errors import TROUBLE, explain
from bot.channels.twilio_http import TwilioHttp, make_client
from bot.channels.whatsapp_inbound import CHANNEL, OUT
from bot.domain.findings import Finding, bad, ok, warn

_ACCOUNT, _SENDER = "whatsapp account", "whatsapp sender"
_FORM = "application/x-www-form-urlencoded"
_NOBODY = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "queued"}
_NO_ROW = "0"


class WhatsAppCheck:
    """Asks Twilio about one account and one sender. Blocks; never raises."""

    def __init__(self, sid: str, token: str, sender: str, http: TwilioHttp) -> None:
        self._sid = sid
        self._sender = sender
        self._client = make_client(sid, token, http)

    def run(self) -> Sequence[Finding]:
        """Return whether the credentials work, and whether the sender is theirs."""
        account = self._account()
        return [account] if account.advice else [account, self._its_sender()]

    def _account(self) -> Finding:
        try:
            status = self._client.api.v2010.accounts(self._sid).fetch().status
        except TROUBLE as error:
            return _failed(_ACCOUNT, error)
        if status == "active":
            return ok(_ACCOUNT, "Twilio knows it")
        return bad(_ACCOUNT, f"it is {status}", "Ask Twilio why.")

    def _its_sender(self) -> Finding:
        try:
            senders = self._client.messaging.v2.channels_senders.list(channel=CHANNEL)
            found = {each.sender_id: str(each.status).lower() for each in senders}
        except TROUBLE as error:
            word = for_fetch(explain(error)).code
            return warn(_SENDER, f"Twilio did not say ({word})", "Look at its console.")
        status = found.get(self._sender)
        if status is None:
            return warn(
                _SENDER,
                "TWILIO_SENDER is not among the account's senders",
                "Right for the sandbox; else correct it.",
            )
        if status.startswith("online"):
            return ok(_SENDER, "Twilio has it online")
        return bad(_SENDER, f"Twilio has it {status}", "Look at Twilio's console.")


def _failed(name: str, error: Exception) -> Finding:
    """Return our own fault as bad, and a provider that does not answer as a warning."""
    verdict = for_fetch(explain(error))
    if verdict.ours or verdict.code == "gone":
        advice = "Correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
        return bad(name, f"Twilio refused us ({verdict.code})", advice)
    advice = "Try again; may this machine reach Twilio?"
    return warn(name, f"Twilio did not answer ({verdict.code})", advice)


def status_probes(url: str, path: str, validator: RequestValidator) -> Sequence[Probe]:
    """Return a status of an unknown message with a right and with a wrong signature.

    It moves nothing: its status is the lowest, and it names no row of ours. The query
    is there because real statuses have one, which a proxy must leave alone.
    """
    query = f"?{OUT}={_NO_ROW}"
    signature = validator.compute_signature(url + query, _NOBODY)
    forged = validator.compute_signature(url + query, {**_NOBODY, "To": "forged"})
    return [
        Probe(path + query, _headers(signature), urlencode(_NOBODY).encode(), 200),
        Probe(path + query, _headers(forged), urlencode(_NOBODY).encode(), 403),
    ]


def _headers(signature: str) -> dict[str, str]:
    return {"Content-Type": _FORM, "X-Twilio-Signature": signature}
