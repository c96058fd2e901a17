"""A town full of hostile words: wherever a person's words are kept, they are these."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, func, insert, inspect, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.languages import LANGUAGES
from bot.domain.plans import Status
from bot.services.catalog import touch
from bot.store.care import ContactRow, PlanLine
from bot.store.civic import (
    CheckIn,
    CheckInAnswer,
    Decision,
    Official,
    PlanRow,
    PlanStage,
    RoundRow,
    Task,
)
from bot.store.drafts import BroadcastDraft
from bot.store.nights import Night, NightPlan
from bot.store.outreach import Broadcast, Template
from bot.store.reviews import Review
from bot.store.spending import Activity, Spending
from bot.store.talks import InboundMessage, OutboundMessage
from tests.attacks.hostile import ALL, WORDS
from tests.services.approving import add
from tests.worlds import VOTING, World, new_id, open_world

COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Activity.name,
    Broadcast.texts,
    BroadcastDraft.texts,
    CheckIn.question,
    CheckInAnswer.text,
    ContactRow.name,
    Night.next_step,
    Night.voters_text,
    NightPlan.reason,
    Official.name,
    OutboundMessage.text,
    PlanLine.texts,
    PlanRow.place,
    PlanRow.summary,
    PlanRow.text,
    PlanRow.title,
    PlanStage.note,
    Review.department,
    Review.note,
    Review.person,
    Review.words,
    Spending.reason,
    Spending.what,
    Task.note,
    Task.outcome_note,
    Template.reason,
)
"""What people write, as it stands: a text, or one for each language."""

INSIDE: Mapping[InstrumentedAttribute[Any], Mapping[str, Any]] = {
    Decision.data: {
        "reason": dict.fromkeys(LANGUAGES, ALL),
        "contact": {"name": ALL, "phone": "020 123 45 67"},
    },
    NightPlan.contact: {"name": ALL, "phone": "020 123 45 67"},
    PlanRow.contact: {"name": ALL, "phone": "020 123 45 67"},
    InboundMessage.body: {"text": ALL},
    RoundRow.data: {
        "title": dict.fromkeys(LANGUAGES, ALL),
        "municipality": ALL,
        "legal_basis": ALL,
        "decision": ALL,
    },
}
"""Words that stand beside others in one value."""


@contextmanager
def hostile_world(folder: Path) -> Iterator[World]:
    """Open a town on SQLite; nobody has said anything hostile yet."""
    with open_world(f"sqlite:///{folder / 'city.db'}", folder / "media") as made:
        yield made


def poison(world: World) -> None:
    """Put hostile words wherever words are kept."""
    with world.house.db.engine.begin() as db:
        for column in COLUMNS:
            assert db.scalar(select(func.count()).select_from(column.class_)), column
            values = {column.key: _words_for(column)}
            db.execute(update(column.class_).values(values))
        for column, words in INSIDE.items():
            key = inspect(column.class_).primary_key[0]
            for row in db.execute(select(key, column)).all():
                if row[1] is not None:
                    whole = update(column.class_).where(key == row[0])
                    db.execute(whole.values({column.key: {**row[1], **words}}))
        touch(db)


def _words_for(column: InstrumentedAttribute[Any]) -> Any:
    if isinstance(column.type, JSON):
        return dict.fromkeys(LANGUAGES, ALL)
    return ALL[: getattr(column.type, "length", None) or len(ALL)]


def add_rows(world: World, number: int) -> None:
    """Ask how a plan goes, hear that it is stuck, review it, tell what was done."""
    now, plan = world.clock(), world.plan_row(number).id
    by, words = "anna@city.example", {"nl": "woorden"}
    add(world, approval="rejected", reason="words", language="tr")
    review = {"verdict": "feasible", "words": "ja", "note": words, "state": "done"}
    review |= {"department": "Groen", "person": "Anna"}
    with world.house.db.engine.begin() as db:
        asked = insert(CheckIn).values(plan_id=plan, question=words, asked_at=now)
        checkin = new_id(db.execute(asked))
        heard = {"checkin_id": checkin, "answer": "stuck", "text": "Help", "at": now}
        db.execute(insert(CheckInAnswer).values(heard))
        db.execute(insert(Review).values(plan_id=plan, by=by, at=now, **review))
        for kind in ("did", "answer", "told", "changed"):
            line = {"plan_id": plan, "kind": kind, "texts": words, "by": by, "at": now}
            db.execute(insert(PlanLine).values(line | {"public_at": now}))


def add_plans(world: World) -> dict[str, int]:
    """Put a plan for each hostile word onto the ballot; return their numbers."""
    person = world.person("nl", "web")
    kept: dict[str, Any] = {
        "a_round": VOTING,
        "status": Status.ON_BALLOT.value,
        "public_at": world.clock(),
        "cost_cents": 1_000_00,
        "theme": None,
    }
    made = {
        name: world.plan(
            person,
            word,
            title=dict.fromkeys(LANGUAGES, word),
            summary=dict.fromkeys(LANGUAGES, word),
            place=word,
            **kept,
        )
        for name, word in WORDS.items()
    }
    with world.house.db.engine.begin() as db:
        touch(db)
    return made
