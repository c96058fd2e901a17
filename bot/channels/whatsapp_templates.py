"""Wordings that Meta approves, kept and submitted through the Content API."""

from collections.abc import Mapping
from types import SimpleNamespace

from bot.channels.base import Approval, TemplateDraft
from bot.channels.twilio_errors import TROUBLE, explain
from bot.channels.twilio_http import TwilioHttp, make_client
from bot.channels.whatsapp_sender import Account, new_sid

QUICK_REPLY = "twilio/quick-reply"
_PAGE = 100


class WhatsAppTemplates:
    """A `TemplateSource` over the real client, whose calls are synchronous.

    The library's asynchronous ones send a resource as a form, and it is lost.
    """

    def __init__(self, account: Account, http: TwilioHttp) -> None:
        client = make_client(account.sid, account.token, http)
        self._contents = client.content.v1.contents

    def list_templates(self) -> Mapping[str, str]:
        """Return the SID of every stored resource by its name."""
        try:
            stored = self._contents.list(page_size=_PAGE)
            return {str(each.friendly_name): str(each.sid) for each in stored}
        except TROUBLE as error:
            raise explain(error) from None

    def create_template(self, draft: TemplateDraft) -> str:
        """Store a wording; return its SID."""
        resource = _resource(draft)
        try:
            body = SimpleNamespace(to_dict=lambda: resource)
            return new_sid(self._contents.create(body))
        except TROUBLE as error:
            raise explain(error) from None

    def submit_template(self, sid: str, name: str, category: str) -> Approval:
        """Ask Meta to approve a stored wording."""
        # The library's own request adds fields that Twilio's description lacks.
        asked = SimpleNamespace(to_dict=lambda: {"name": name, "category": category})
        try:
            answer = self._contents(sid).approval_create.create(asked)
            return _approval(vars(answer))
        except TROUBLE as error:
            raise explain(error) from None

    def template_approval(self, sid: str) -> Approval:
        """Return how far the approval is; "unsubmitted" before it was asked for."""
        try:
            answer = self._contents(sid).approval_fetch().fetch()
            return _approval(answer.whatsapp or {})
        except TROUBLE as error:
            raise explain(error) from None


def _resource(draft: TemplateDraft) -> dict[str, object]:
    actions = [
        {"type": "QUICK_REPLY", "title": label, "id": name}
        for name, label in draft.buttons
    ]
    return {
        "friendly_name": draft.name,
        "language": draft.language,
        "variables": {str(n): words for n, words in enumerate(draft.samples, 1)},
        "types": {QUICK_REPLY: {"body": draft.body, "actions": actions}},
    }


def _approval(found: Mapping[str, object]) -> Approval:
    """Read what Twilio tells of an approval; fields may be absent or null."""
    told = [found.get(name) or "" for name in ("rejection_reason", "category")]
    status = str(found.get("status") or "unsubmitted").lower()
    return Approval(status, *map(str, told))
