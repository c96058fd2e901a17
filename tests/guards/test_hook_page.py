"""`docs/hooks.md` is true: every type, every field, every example."""

import json
import re
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from standardwebhooks import Webhook

from bot.domain.events import DELAYS
from bot.services.answers import Answer
from bot.services.hooks import LONGEST_ID
from bot.web import hook_bodies
from bot.web.described.events import DATA
from bot.web.hook_bodies import parse_body
from tests.need import ROOT
from tests.newcomer import blocks, hook_calls, hook_page

PAGE = "docs/hooks.md"
TYPES = get_args(hook_bodies.Type)


def an_event() -> dict[str, Any]:
    """Return the example of what we send."""
    return hook_page()[-1]


def section(kind: str) -> str:
    """Return what the page says about a type."""
    text = (ROOT / PAGE).read_text("utf-8")
    return re.split(r"(?m)^###? ", text.partition(f"### `{kind}`\n")[2])[0]


def names(model: type[BaseModel]) -> set[str]:
    """Return the names of a model's fields in a body, nested ones too."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for nested in _models(field.annotation):
            found |= names(nested)
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def test_every_type_has_an_example() -> None:
    assert tuple(hook_calls()) == TYPES


@pytest.mark.parametrize("kind", TYPES)
def test_an_example_is_a_call(kind: str) -> None:
    body = json.dumps(hook_calls()[kind], ensure_ascii=False).encode()
    warned = [each["path"] for each in parse_body(body).warnings]
    assert warned == (["data.text"] if kind == "broadcast.send" else [])


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_of_a_type_is_told(kind: str) -> None:
    told = set(re.findall(r"`(\w+)`", section(kind)))
    fields = names(hook_bodies._DATA[kind])
    assert fields
    assert fields - told == set()


def test_the_answers_have_these_fields() -> None:
    accepted, refused = [each for each in hook_page() if "type" not in each]
    assert accepted.keys() == Answer().as_json().keys()
    assert refused.keys() == {"error", "faults"}


def test_the_limits_are_those_of_the_code() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    for limit in (hook_bodies.SHORT, hook_bodies.LONG, hook_bodies.MOST_PLANS):
        assert f"{limit:,}" in text
    assert f"at most {LONGEST_ID} characters" in text


def test_a_signature_made_by_hand_is_the_librarys() -> None:
    code, _ = blocks(PAGE, "python")
    made: dict[str, Any] = {}
    exec(code, made)  # noqa: S102 - the documentation's own lines
    now, secret = datetime.now(UTC), "whsec_bm8gc2VjcmV0IGhlcmU="
    by_hand = made["signature"](secret, "msg_1", int(now.timestamp()), '{"ä": 1}')
    assert by_hand == Webhook(secret).sign("msg_1", now, '{"ä": 1}')


def sent() -> str:
    """Return the half of the page about what we send."""
    return (ROOT / PAGE).read_text("utf-8").partition("\n## What we send\n")[2]


def test_every_event_is_told_with_its_fields() -> None:
    rows = re.findall(r"(?m)^\| `(\w+\.\w+)` \| .* \| (.*) \|$", sent())
    told = {kind: set(re.findall(r"`(\w+)`", fields)) for kind, fields in rows}
    titled = {"title"}
    true = {
        str(kind): set(data) | (titled if "plan" in data else set())
        for kind, data in DATA.items()
    }
    assert told == true


def test_the_example_of_an_event_has_its_fields() -> None:
    event = an_event()
    assert event["data"].keys() == DATA[event["type"]].keys()


def test_the_lines_for_a_receiver_check_a_signature() -> None:
    _, code = blocks(PAGE, "python")
    made: dict[str, Any] = {}
    exec(code, made)  # noqa: S102 - the documentation's own lines
    now, secret = datetime.now(UTC), "whsec_bm8gc2VjcmV0IGhlcmU="
    body = json.dumps(an_event())
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("evt_1", now, body),
    }
    assert made["read"](secret, body.encode(), headers) == an_event()
    assert made["read"](secret, body.encode() + b" ", headers) is None


def test_the_schedule_on_the_page_is_that_of_the_code() -> None:
    told = re.sub(r"\s+", " ", sent())
    hours = [f"{each.total_seconds() / 3600:g}" for each in DELAYS[3:]]
    listed = f"{', '.join(hours[:-1])} and {hours[-1]} hours"
    assert f"after 5 seconds, 5 minutes, 30 minutes, {listed}" in told
