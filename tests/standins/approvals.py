"""Content resources and their approval, as Twilio keeps them and Meta judges them."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from tests.standins.recorder import Call
from tests.standins.server import Answer, json_answer

Json = Mapping[str, object]
_PLACE = r"\{\{\w+\}\}"
_EDGE = re.compile(rf"^\W*{_PLACE}|{_PLACE}\W*$")
_ADJACENT = re.compile(rf"{_PLACE}\W*{_PLACE}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}


class Approvals:
    """The approvals of one account. Meta decides when a test says so.

    `contents` are the account's resources by their SID.
    """

    def __init__(self, contents: dict[str, Json]) -> None:
        self.contents = contents
        self.requests: dict[str, dict[str, object]] = {}

    def answer(self, call: Call) -> Answer | None:
        """Answer a request for an approval; None for a resource that is not there."""
        sid, _, rest = call.path.removeprefix("/v1/Content/").partition("/")
        if sid not in self.contents:
            return None
        if call.method == "GET" and rest == "ApprovalRequests":
            told = {"sid": sid, "whatsapp": self.requests.get(sid, {})}
            return json_answer(200, told)
        if call.method == "POST" and rest == "ApprovalRequests/whatsapp":
            return self._submit(sid, call.json)
        return None

    def _submit(self, sid: str, asked: Json) -> Answer:
        name, category = str(asked["name"]), str(asked["category"])
        taken = [each["name"] for each in self.requests.values()]
        if not _NAME.fullmatch(name) or category not in _CATEGORIES or name in taken:
            return json_answer(400, {"code": 20001, "message": "no", "status": 400})
        self.requests[sid] = {
            "type": "whatsapp",
            "name": name,
            "category": category,
            "content_type": "twilio/quick-reply",
            "status": "received",
            "rejection_reason": "",
            "allow_category_change": True,
        }
        return json_answer(201, self.requests[sid])

    def approve(self, *sids: str) -> None:
        """Have Meta decide about these, or about all that wait: by its rules."""
        waiting = [
            sid for sid, each in self.requests.items() if each["status"] == "received"
        ]
        for sid in sids or waiting:
            fault = fault_of(self.contents[sid])
            self.decide(sid, "rejected" if fault else "approved", fault)

    def decide(self, sid: str, status: str, reason: str = "") -> None:
        """Have Meta say anything of a template."""
        self.requests[sid] |= {"status": status, "rejection_reason": reason}

    def is_approved(self, sid: str) -> bool:
        return self.requests.get(sid, {}).get("status") == "approved"

    def page(self, call: Call, base: str) -> Answer:
        """Answer with a page of all resources, as long as PageSize says."""
        query = {name: values[0] for name, values in parse_qs(call.query).items()}
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        rows = [{"sid": sid, **body} for sid, body in self.contents.items()]
        here = rows[page * size : (page + 1) * size]
        more = len(rows) > (page + 1) * size
        address = f"{base}/v1/Content?PageSize={size}&Page="
        meta = {
            "key": "contents",
            "page": page,
            "page_size": size,
            "url": f"{address}{page}",
            "first_page_url": f"{address}0",
            "previous_page_url": f"{address}{page - 1}" if page else None,
            "next_page_url": f"{address}{page + 1}" if more else None,
        }
        return json_answer(200, {"contents": here, "meta": meta})


def fault_of(content: Json) -> str:
    """Return why Meta refuses a wording; "" if it does not.

    Only fixed words may stand first, last and between variables, which each need a
    sample. Punctuation and line breaks are no words.
    """
    types = content["types"]
    assert isinstance(types, dict)
    (shape,) = types.values()
    body, variables = str(shape["body"]), content["variables"]
    if _EDGE.search(body):
        return "Variables can't be at the start or end of the template."
    if _ADJACENT.search(body):
        return "Two variables stand side by side."
    if not isinstance(variables, dict) or not all(variables.values()):
        return "A sample is missing."
    return ""
