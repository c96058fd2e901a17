"""A long talk at the desk, page by page: all that may be shown, once, in its order."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.services.desk.talks import PAGE, Edge, Line, TalkSeen, edge_in, load_talk
from bot.services.house import Scene
from bot.store.talks import InboundMessage, OutboundMessage
from tests.worlds import NOON, Person, World, new_id

TURNS = 150
HIDDEN = range(30, 60)
"""Turns in a row whose words have to do with a vote: more than are read at once."""


def answer(number: int) -> str:
    return f"Antwoord {number}."


def fill(world: World, her: Person) -> list[str]:
    """Let her write and be answered; three turns share a moment. Return what shows."""
    shown: list[str] = []
    with world.house.db.engine.begin() as db:
        for turn in range(TURNS):
            at = NOON + timedelta(minutes=turn // 3)
            asked = new_id(
                db.execute(insert(InboundMessage).values(said(her, turn, at)))
            )
            reply = ours(her, answer(turn), f"in:{asked}:0", at)
            db.execute(insert(OutboundMessage).values(reply))
    for moment in range(0, TURNS, 3):
        told = [n for n in range(moment, moment + 3) if n not in HIDDEN]
        shown += [f"Vraag {n}." for n in told] + [answer(n) for n in told]
    return shown


def said(her: Person, turn: int, at: datetime) -> dict[str, Any]:
    return {
        "talk_id": her.talk,
        "channel": "web",
        "external_id": f"m{turn}",
        "stage": "done",
        "kind": "text",
        "body": {"text": "status" if turn in HIDDEN else f"Vraag {turn}."},
        "received_at": at,
    }


def ours(her: Person, text: str, key: str, due: datetime) -> dict[str, Any]:
    return {
        "talk_id": her.talk,
        "channel": "web",
        "dedupe_key": key,
        "text": text,
        "choices": [],
        "delivery": "sent",
        "due_at": due,
        "created_at": NOON,
    }


def page(world: World, her: Person, most: int, before: Edge | None) -> TalkSeen:
    seen = world.house.db.read(
        lambda db: load_talk(
            Scene(world.house, db, world.clock()), her.talk, most, before
        )
    )
    assert seen is not None
    return seen


@pytest.mark.parametrize("most", [7, PAGE])
def test_all_that_may_be_shown_is_there_once_and_in_order(
    each_world: World, most: int
) -> None:
    her = each_world.person("nl", "web")
    wanted = fill(each_world, her)
    lines: list[Line] = []
    seen = page(each_world, her, most, None)
    assert len(seen.lines) == most
    while True:
        lines = [*seen.lines, *lines]
        if seen.older is None:
            break
        edge = edge_in(str(seen.older))
        assert edge == seen.older
        seen = page(each_world, her, most, edge)
    assert [line.text for line in lines] == wanted


def test_a_message_of_ours_to_be_sent_later_stands_where_it_goes_out(
    each_world: World,
) -> None:
    her = each_world.person("nl", "web")
    fill(each_world, her)
    later = ours(her, "Later.", "later", NOON + timedelta(days=2))
    with each_world.house.db.engine.begin() as db:
        db.execute(insert(OutboundMessage).values(later))
    assert page(each_world, her, PAGE, None).lines[-1].text == "Later."


@pytest.mark.parametrize(
    "text",
    ["", "x", "1-2-3", "1-1", "-1-1-1", "9" * 17 + "-1-1", "1-1-1 or 1=1", "١-1-1"],
)
def test_an_address_that_holds_no_edge_is_none(text: str) -> None:
    assert edge_in(text) is None
