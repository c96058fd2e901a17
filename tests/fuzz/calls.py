"""Calls of the officials' hook, and browsers that come back from the sign-on."""

import json
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.fuzz.asking import Asked
from tests.fuzz.changing import changed_bytes, changed_json, json_bytes
from tests.fuzz.grammar import hook_calls
from tests.fuzz.marks import WORD
from tests.fuzz.memory import Memory
from tests.fuzz.messages import JSON_TYPE
from tests.fuzz.values import STRANGE_TEXTS
from tests.worlds import COLLECTING, VOTING

PLANS = (10, 11, 20, 21, 22, 30, 31, 32, 33, 40, 130, 9, 0, 298)
STATUSES = (
    *(
        "received",
        "public",
        "needs_change",
        "infeasible",
        "below_threshold",
        "on_ballot",
    ),
    *("chosen", "not_voted_in", "started", "done", "stopped", "withdrawn", "exploded"),
)
OUTCOMES = (
    *("chosen", "on_ballot", "below_threshold", "infeasible", "not_preselected"),
    *("not_voted_in",),
)
SEGMENTS = (
    *(
        "all",
        "authors",
        "authors:chosen",
        "authors:not_chosen",
        "voters",
        "followers:21",
    ),
    *("all locale=tr", "all area=west", "followers:x", f"{WORD}", ""),
)


def hook(memory: Memory) -> Asked:
    """Return a hook call: of each type, as described, or changed."""
    random, number = memory.random, memory.next_id()
    draw = random.random()
    body = random.choice(hook_calls(1)) if draw < 0.25 else _call(random)
    if draw > 0.6:
        body = changed_json(random, body)
    data = json_bytes(random, body)
    if draw > 0.95:
        data = changed_bytes(random, data)
    headers = (JSON_TYPE, ("webhook-id", f"msg_{number}"))
    return Asked("hook", "POST", "/hooks", "", headers, data, "hook")


def _texts(random: Random) -> dict[str, str]:
    words = f"{WORD} {random.choice(('klaar', 'تم', 'bitti', '240 ' * 60))}"
    return {at: words for at in ("nl", "en", "tr", "ar") if random.random() < 0.7}


def _call(random: Random) -> dict[str, Any]:
    kind = random.choice(tuple(_DATA))
    data = _DATA[kind](random)
    return {"type": kind, "timestamp": "2026-11-18T11:00:00Z", "data": data}


def _status(random: Random) -> dict[str, Any]:
    plan, status = random.choice(PLANS), random.choice(STATUSES)
    return {"plan": plan, "status": status, "note": _texts(random)}


def _published(random: Random) -> dict[str, Any]:
    decisions = [
        {"plan": plan, "outcome": random.choice(OUTCOMES), "reason": _texts(random)}
        for plan in random.sample(PLANS, random.randint(0, 4))
    ]
    standing = random.choice(("provisional", "final"))
    told = {"round": random.choice((VOTING, COLLECTING, WORD)), "standing": standing}
    return told | {"decisions": decisions}


def _corrected(random: Random) -> dict[str, Any]:
    wrong = {
        "plan": random.choice(PLANS),
        "from": random.choice(OUTCOMES),
        "to": random.choice(OUTCOMES),
        "reason": _texts(random),
    }
    return {"round": VOTING, "corrections": [wrong]}


def _checkin(random: Random) -> dict[str, Any]:
    if random.random() < 0.5:
        return {"plans": random.sample(PLANS, 2), "question": _texts(random)}
    return {"segment": random.choice(SEGMENTS), "question": _texts(random)}


def _broadcast(random: Random) -> dict[str, Any]:
    told: dict[str, Any] = {"segment": random.choice(SEGMENTS), "text": _texts(random)}
    if random.random() < 0.3:
        moments = (
            "2026-11-19T10:00:00Z",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
        )
        told["at"] = random.choice((*moments, "2026-11-19T10:00:00+23:59", "noon"))
    return told


_DATA = {
    "plan.status": _status,
    "results.publish": _published,
    "results.correct": _corrected,
    "checkin.send": _checkin,
    "broadcast.send": _broadcast,
}


def sign_on(memory: Memory) -> Asked:
    """Return a browser that goes to the city's sign-on, or comes back from there.

    Its seal is the cookie of somebody whom we had sent there, with the state we asked
    for: what comes with it is still nobody's code.
    """
    random = memory.random
    if random.random() < 0.1:
        return Asked("sign_on", "GET", "/desk/login/city")
    query = {
        "code": random.choice((WORD, "", "x" * 900, *STRANGE_TEXTS)),
        "state": random.choice((WORD, "", *STRANGE_TEXTS)),
        "iss": random.choice(("https://elsewhere.example", "")),
    }
    if random.random() < 0.3:
        query |= {"error": random.choice(("access_denied", WORD))}
    kept = json.dumps({"state": WORD, "until": random.choice(("", "x", 5))})
    cookie = f"__Host-desk_asked={kept if random.random() < 0.2 else WORD}"
    data = {name: each.encode("utf-8", "replace") for name, each in query.items()}
    asked = Asked("sign_on", "GET", "/desk/login/city/back", urlencode(data))
    if random.random() < 0.5:
        return replace(asked, seal="sign_on")
    return asked.with_headers(("Cookie", cookie))
