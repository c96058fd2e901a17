"""What Twilio lists when it is asked: messages, their files, an account's senders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlencode

from tests.standins.recorder import Call

Form = Mapping[str, str]
Json = Mapping[str, object]
Received = tuple[datetime, Form]


def list_messages(account: str, received: Sequence[Received], call: Call) -> Json:
    """List inbound messages newest first, by day as Twilio promises, page by page."""
    query = {name: values[0] for name, values in parse_qs(call.query).items()}
    after, before = query.get("DateSent>", "0"), query.get("DateSent<", "9")
    oldest_first = sorted(received, key=_moment)
    found = [
        _message(account, at, form)
        for at, form in oldest_first[::-1]
        if after[:10] <= f"{at:%Y-%m-%d}" <= before[:10]
        and query.get("To") in {None, form["To"]}
    ]
    size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
    following = {**query, "Page": str(page + 1), "PageToken": f"PA{page + 1}"}
    more = len(found) > size * (page + 1)
    return {
        "messages": found[size * page : size * (page + 1)],
        "page": page,
        "page_size": size,
        "start": size * page,
        "end": min(len(found), size * (page + 1)) - 1,
        "uri": f"{call.path}?{call.query}",
        "first_page_uri": f"{call.path}?{call.query}",
        "previous_page_uri": None,
        "next_page_uri": f"{call.path}?{urlencode(following)}" if more else None,
    }


def _moment(received: Received) -> datetime:
    return received[0]


def _message(account: str, at: datetime, form: Form) -> Json:
    """Return a message as the list has it: without taps and places."""
    sid = form["MessageSid"]
    return {
        "sid": sid,
        "account_sid": account,
        "from": form["From"],
        "to": form["To"],
        "body": form["Body"],
        "num_media": form["NumMedia"],
        "direction": "inbound",
        "status": "received",
        "date_created": format_datetime(at),
        "date_sent": format_datetime(at),
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
    }


def list_files(mimes: Mapping[str, str], call: Call) -> Json:
    """List the files of one message; `mimes` is {path of a file: its type}."""
    message = call.path.removesuffix(".json")
    found = [
        {"sid": place[-34:], "content_type": mime, "uri": f"{place}.json"}
        for place, mime in mimes.items()
        if place.startswith(f"{message}/")
    ]
    listed = {"page": 0, "page_size": 50, "start": 0, "end": len(found) - 1}
    return {"media_list": found, **listed, "next_page_uri": None}


def list_senders(senders: Mapping[str, str]) -> Json:
    """List an account's senders; `senders` is {sender: status}."""
    found = [
        {"sid": f"XE{'0' * 32}", "sender_id": sender, "status": status}
        for sender, status in senders.items()
    ]
    meta = {"key": "senders", "page": 0, "page_size": 20, "next_page_url": None}
    return {"senders": found, "meta": meta}
