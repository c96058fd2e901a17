"""`POST /hooks` as the officials' systems meet it: every answer, every fault."""

import io
import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import create_app
from bot.services.answers import Fault, FaultyCallError
from bot.web.hook_bodies import parse_body
from tests.web.conftest import read
from tests.worlds import VOTING, World, hook, signed

NL = {"nl": "Goed nieuws."}
EVERY = {"nl": "a", "en": "b", "tr": "c", "ar": "ب"}


def faults(answer: Any) -> dict[str, str]:
    assert read(answer)["error"]
    return {each["path"]: each["fault"] for each in read(answer)["faults"]}


def test_a_call_is_accepted_and_a_repeated_one_answers_the_same(
    world: World, client: FlaskClient
) -> None:
    author = world.person()
    body = hook("plan.status", plan=world.plan(author), status="done", note=EVERY)
    first = client.post("/hooks", **signed(body, "msg_1"))
    again = client.post("/hooks", **signed(body, "msg_1"))
    assert (first.status_code, again.status_code) == (202, 200)
    assert read(first) == read(again)
    assert read(first) == {
        "accepted": True,
        "told": 1,
        "held": 0,
        "followers": 0,
        "unreachable": [],
        "warnings": [],
    }
    assert len(world.pushes(author)) == 1


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("plan.status", {"plan": "N", "status": "started", "note": EVERY}),
        (
            "results.publish",
            {"round": VOTING, "decisions": [{"plan": "N", "outcome": "chosen"}]},
        ),
        (
            "results.correct",
            {
                "round": VOTING,
                "corrections": [
                    {
                        "plan": "N",
                        "from": "infeasible",
                        "to": "chosen",
                        "reason": EVERY,
                    }
                ],
            },
        ),
        ("checkin.send", {"plans": ["N"], "question": EVERY}),
        ("checkin.send", {"segment": "authors:not_chosen", "question": EVERY}),
        ("broadcast.send", {"segment": "authors", "text": EVERY}),
    ],
)
def test_each_type_reaches_the_author(
    world: World, client: FlaskClient, kind: str, data: dict[str, Any]
) -> None:
    author = world.person()
    number = world.plan(author, status="infeasible")
    body = json.loads(json.dumps(hook(kind, **data)).replace('"N"', str(number)))
    answer = client.post("/hooks", **signed(body))
    assert (answer.status_code, read(answer)["told"]) == (202, 1)
    world.spread()
    assert read(answer)["warnings"] == []
    assert len(world.pushes(author)) == 1


def test_all_of_a_decision_is_taken(world: World, client: FlaskClient) -> None:
    author = world.person("en")
    decision = {
        "plan": world.plan(author),
        "outcome": "chosen",
        "reason": EVERY,
        "contact": {"name": "Bram de Wit", "phone": "+31 (0)20 123-4567"},
        "amount_cents": 1_250_000,
        "call_before": "2026-12-04T17:00:00+01:00",
        "selectors": EVERY,
    }
    body = hook(
        "results.publish",
        round=VOTING,
        standing="provisional",
        decisions=[decision],
        next_step=EVERY,
    )
    answer = client.post("/hooks", **signed(body))
    assert (answer.status_code, read(answer)["warnings"]) == (202, [])
    (text,) = world.texts(author)
    for part in ("12,500", "Bram de Wit", "Friday 4 December", "Wednesday 23 December"):
        assert part in text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers.update({"webhook-signature": "v1,AAAA"}),
        lambda headers: headers.update({"webhook-signature": "no signature at all"}),
        lambda headers: headers.update({"webhook-signature": "v1,\xff"}),
        lambda headers: headers.update({"webhook-id": "msg_other"}),
        lambda headers: headers.update({"webhook-timestamp": "yesterday"}),
        lambda headers: headers.update({"webhook-timestamp": "nan"}),
        lambda headers: headers.update({"webhook-timestamp": "1e400"}),
        lambda headers: headers.pop("webhook-signature"),
        lambda headers: headers.pop("webhook-id"),
        lambda headers: headers.pop("webhook-timestamp"),
    ],
)
def test_a_bad_signature_is_turned_away(
    world: World, client: FlaskClient, spoil: Any
) -> None:
    author = world.person()
    request = signed(hook("plan.status", plan=world.plan(author), status="done"))
    spoil(request["headers"])
    answer = client.post("/hooks", **request)
    assert answer.status_code == 401
    assert faults(answer) == {}
    assert world.told(author) == []


def test_a_changed_body_is_turned_away(world: World, client: FlaskClient) -> None:
    number = world.plan(world.person())
    request = signed(hook("plan.status", plan=number, status="done"))
    request["data"] = request["data"].replace(b"done", b"stopped")
    assert client.post("/hooks", **request).status_code == 401


@pytest.mark.parametrize(
    ("minutes", "status"), [(-6, 401), (6, 401), (-4, 202), (4, 202)]
)
def test_five_minutes_are_the_limit(
    world: World, client: FlaskClient, minutes: int, status: int
) -> None:
    body = hook("plan.status", plan=world.plan(world.person()), status="done")
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert client.post("/hooks", **signed(body, at=at)).status_code == status


def test_another_secret_is_turned_away(world: World, client: FlaskClient) -> None:
    body = hook("plan.status", plan=world.plan(world.person()), status="done")
    request = signed(body, secret="whsec_c29tZWJvZHkgZWxzZSdz")
    assert client.post("/hooks", **request).status_code == 401


def test_without_a_secret_the_hook_is_off(world: World) -> None:
    off = create_app(house=world.with_settings(hook_secret=None).house).test_client()
    answer = off.post("/hooks", **signed(hook("plan.status")))
    assert answer.status_code == 404
    assert "HOOK_SECRET" in read(answer)["error"]


@pytest.mark.parametrize("secret", ["whsec_", "whsec_a"])
def test_an_unusable_secret_lets_nobody_in(world: World, secret: str) -> None:
    broken = world.with_settings(hook_secret=secret).house
    answer = (
        create_app(house=broken)
        .test_client()
        .post("/hooks", **signed(hook("plan.status")))
    )
    assert answer.status_code == 401


def test_a_body_over_one_mebibyte_is_too_large(client: FlaskClient) -> None:
    fits = hook("broadcast.send", segment="all", text={"nl": ""})
    fits["data"]["text"]["nl"] = "a" * (1024 * 1024 - len(json.dumps(fits)))
    over = json.dumps(fits).encode() + b" "
    assert client.post("/hooks", **signed(json.dumps(fits).encode())).status_code == 400
    answer = client.post("/hooks", **signed(over))
    assert (answer.status_code, answer.mimetype) == (413, "application/json")


def test_a_body_without_a_length_is_measured_too(client: FlaskClient) -> None:
    request = signed(b" " * (1024 * 1024 + 1))
    answer = client.post(
        "/hooks",
        headers=request["headers"],
        input_stream=io.BytesIO(request["data"]),
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_a_large_body_is_read_before_it_is_refused(client: FlaskClient) -> None:
    data = io.BytesIO(b" " * (5 * 1024 * 1024))
    answer = client.post(
        "/hooks", input_stream=data, content_length=len(data.getvalue())
    )
    assert answer.status_code == 413
    assert data.read() == b""


def test_a_long_id_is_a_fault(world: World, client: FlaskClient) -> None:
    body = hook("plan.status", plan=world.plan(world.person()), status="done")
    answer = client.post("/hooks", **signed(body, "m" * 121))
    assert answer.status_code == 400
    assert list(faults(answer)) == ["webhook-id"]


def test_every_fault_of_a_body_is_named(client: FlaskClient) -> None:
    body = {
        "type": "results.publish",
        "timestamp": 5,
        "sender": "x",
        "data": {
            "round": "",
            "standing": "sure",
            "extra": 1,
            "next_step": {"de": "Hallo"},
            "decisions": [
                {"plan": "21", "outcome": "won"},
                {"plan": 21, "outcome": "started", "reason": {"nl": "x" * 241}},
                {"outcome": "chosen", "amount_cents": -1, "call_before": "soon"},
                {"plan": 10**30, "outcome": "chosen", "contact": {"phone": "abc"}},
                "chosen",
            ],
        },
    }
    answer = client.post("/hooks", **signed(body))
    assert answer.status_code == 400
    assert sorted(faults(answer)) == [
        "data.decisions[0].outcome",
        "data.decisions[0].plan",
        "data.decisions[1].outcome",
        "data.decisions[1].reason.nl",
        "data.decisions[2].amount_cents",
        "data.decisions[2].call_before",
        "data.decisions[2].plan",
        "data.decisions[3].contact.name",
        "data.decisions[3].contact.phone",
        "data.decisions[3].plan",
        "data.decisions[4]",
        "data.extra",
        "data.next_step.de",
        "data.round",
        "data.standing",
        "sender",
        "timestamp",
    ]


def whole(**data: Any) -> dict[str, Any]:
    return hook("plan.status", **data)


@pytest.mark.parametrize(
    ("body", "path", "fault"),
    [
        (whole(status="done"), "data.plan", "is missing"),
        (whole(plan=21, status="won"), "data.status", "must be one of"),
        (whole(plan=True, status="done"), "data.plan", "whole number"),
        (whole(plan=21.5, status="done"), "data.plan", "whole number"),
        (whole(plan=5, status="done"), "data.plan", "10 or more"),
        (whole(plan=21, status="done", note={}), "data.note", "is empty"),
        (whole(plan=21, status="done", note="x"), "data.note", "object"),
        (whole(plan=21, status="done", note={"nl": " "}), "data.note.nl", "is empty"),
        (
            whole(plan=21, status="done", note={"nl": "x" * 241}),
            "data.note.nl",
            "more than 240 characters",
        ),
        (
            whole(plan=21, status="done", note={"nl": "\x00"}),
            "data.note.nl",
            "nobody can read",
        ),
        (
            hook("checkin.send", question=NL),
            "data",
            "give either plans or segment",
        ),
        (
            hook("checkin.send", question=NL, plans=[21], segment="all"),
            "data",
            "give either plans or segment",
        ),
        (
            hook("checkin.send", question={"nl": "x" * 241}, plans=[21]),
            "data.question.nl",
            "more than 240 characters",
        ),
        (hook("checkin.send", question=NL, plans=[]), "data.plans", "is empty"),
        (
            hook("checkin.send", question=NL, plans=[21, 21]),
            "data.plans",
            "names a plan twice",
        ),
        (
            hook("broadcast.send", text=NL, segment="everybody"),
            "data.segment",
            "must begin with",
        ),
        (
            hook("broadcast.send", text=NL, segment="all", at="2026-11-21T10:00:00"),
            "data.at",
            "zone",
        ),
        (
            hook("broadcast.send", text=NL, segment="all", at="tomorrow"),
            "data.at",
            "must be a moment",
        ),
        (
            hook("broadcast.send", text={"nl": "x" * 1_001}, segment="all"),
            "data.text.nl",
            "more than 1000 characters",
        ),
        (
            hook(
                "results.correct",
                round=VOTING,
                corrections=[
                    {"plan": 21, "from": "chosen", "to": "chosen", "reason": NL}
                ],
            ),
            "data.corrections[0]",
            "the same",
        ),
        (
            hook(
                "results.correct",
                round=VOTING,
                corrections=[{"plan": 21, "from": "chosen", "to": "on_ballot"}],
            ),
            "data.corrections[0].reason",
            "is missing",
        ),
        ({"type": "plan.delete"}, "type", "must be one of"),
        ({"type": ["plan.status"]}, "type", "must be one of"),
        ({}, "timestamp", "is missing"),
        ([], "body", "must be a JSON object"),
        (b"", "body", "is no JSON"),
        (b"{", "body", "is no JSON"),
        (b'{"type": NaN}', "body", "NaN"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "body", "too long"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "a.a.a.a.a.a.a.a.a.a.a.a", "nested"),
        (b"[" * 200_000, "body", "nested"),
        (b'{"data": {"plan": 1, "plan": 2}}', "data.plan", "stands twice"),
        (b'{"a": "\\ud800"}', "a", "nobody can read"),
        (b'{"<script>": 1}', "?script?", "is not known here"),
    ],
)
def test_each_fault_has_its_path_and_plain_words(
    client: FlaskClient, body: Any, path: str, fault: str
) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post("/hooks", **signed(data))
    assert answer.status_code == 400
    assert fault in faults(answer)[path]
    assert "Traceback" not in answer.text
    assert "pydantic" not in answer.text


def test_bytes_that_are_no_text_are_turned_away(client: FlaskClient) -> None:
    request = signed(b"{}")
    request["data"] = b"\xff\xfe"
    assert client.post("/hooks", **request).status_code == 401


def test_unknown_plans_and_rounds_are_faults(world: World, client: FlaskClient) -> None:
    decisions = [{"plan": 99_990, "outcome": "chosen"}]
    body = hook("results.publish", round=VOTING, decisions=decisions)
    answer = client.post("/hooks", **signed(body))
    assert (answer.status_code, list(faults(answer))) == (
        400,
        ["data.decisions[0].plan"],
    )
    body["data"]["round"] = "atlantis"
    assert list(faults(client.post("/hooks", **signed(body)))) == ["data.round"]


def test_what_the_state_does_not_allow_is_a_conflict(
    world: World, client: FlaskClient
) -> None:
    author = world.person()
    decision = {"plan": world.plan(author), "outcome": "chosen"}
    body = hook("results.publish", round=VOTING, decisions=[decision])
    assert client.post("/hooks", **signed(body)).status_code == 202
    decision["outcome"] = "not_voted_in"
    answer = client.post("/hooks", **signed(body, "msg_2"))
    assert answer.status_code == 409
    assert list(faults(answer)) == ["data.decisions[0].outcome"]
    assert client.post("/hooks", **signed(body, "msg_2")).status_code == 409
    assert len(world.pushes(author)) == 1


def test_a_text_that_lacks_languages_is_named_by_its_path(
    world: World, client: FlaskClient
) -> None:
    turkish, arabic = world.person("tr"), world.person("ar")
    decisions = [
        {
            "plan": world.plan(turkish),
            "outcome": "infeasible",
            "reason": {"nl": "Kabels.", "ar": "كابلات."},
        },
        {
            "plan": world.plan(arabic),
            "outcome": "not_preselected",
            "selectors": {"en": "residents"},
        },
    ]
    body = hook("results.publish", round=VOTING, decisions=decisions)
    answer = client.post("/hooks", **signed(body))
    assert read(answer)["warnings"] == [
        {
            "path": "data.decisions[0].reason",
            "lacks": ["en", "tr"],
            "warning": "no text in en, tr: nl is used",
        },
        {
            "path": "data.decisions[1].selectors",
            "lacks": ["nl", "tr", "ar"],
            "warning": "no text in nl, tr, ar: en is used",
        },
    ]
    assert "Kabels." in world.texts(turkish)[0]
    assert "residents" in world.texts(arabic)[0]


def test_the_same_call_from_many_threads_is_carried_out_once(
    each_world: World,
) -> None:
    author = each_world.person()
    number = each_world.plan(author)
    app = create_app(house=each_world.house)
    request = signed(hook("plan.status", plan=number, status="done"), "msg_1")
    with ThreadPoolExecutor(8) as threads:
        asked = [
            threads.submit(lambda: app.test_client().post("/hooks", **request))
            for _ in range(16)
        ]
    answers = [each.result() for each in asked]
    assert sorted(each.status_code for each in answers) == [200] * 15 + [202]
    assert len({each.text for each in answers}) == 1
    assert len(each_world.pushes(author)) == 1


def test_nothing_of_a_body_stands_in_the_log(
    world: World, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    number = world.plan(world.person())
    note = {"nl": "Geheimpje"}
    body = hook("plan.status", plan=number, status="done", note=note, x="Geheimpje")
    client.post("/hooks", **signed(body))
    del body["data"]["x"]
    client.post("/hooks", **signed(body))
    assert "Geheimpje" not in caplog.text


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_posts_are_taken(client: FlaskClient, method: str) -> None:
    assert getattr(client, method)("/hooks").status_code == 405


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["nl", "all", "chosen", "21", VOTING]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["plan", "plans", "status", "note", "nl", "round", "decisions", "text"]
            )
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
KINDS = st.sampled_from(
    [
        "plan.status",
        "results.publish",
        "results.correct",
        "checkin.send",
        "broadcast.send",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=KINDS | JSON, data=JSON, raw=st.binary(max_size=40))
def test_no_body_makes_an_error_of_ours(kind: Any, data: Any, raw: bytes) -> None:
    made = {"type": kind, "timestamp": "2026-11-18T11:00:00Z", "data": data}
    for body in (json.dumps(made).encode(), raw):
        for fault in faults_in(body):
            assert fault.path
            assert fault.fault
            json.dumps([fault.path, fault.fault]).encode()


def faults_in(body: bytes) -> Sequence[Fault]:
    """Return what is wrong with a body; nothing if it is a call."""
    try:
        parse_body(body)
    except FaultyCallError as refused:
        return refused.faults or [Fault("", "refused for no reason")]
    return []
