"""Loads the demo neighbourhood: two rounds side by side, forty plans, officials.

The demo is data (`bot/demo/slotermeer.toml`), loaded by the services a city uses.
Loading it again changes nothing, except that a new day moves no dates.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from bot.domain.passes import (
    LENGTHS,
    TOKEN_LENGTH,
    TOKEN_SIGNS,
    PassClass,
    PassState,
    code_of,
)
from bot.domain.plans import Status
from bot.domain.rounds import HOME_ZONE, Phase
from bot.keys import Keys, keyed_hash
from bot.services.catalog import touch
from bot.services.freezing import freeze
from bot.services.house import House, Scene
from bot.services.pass_register import Letter, Making, make_passes
from bot.services.passes import token_hash
from bot.services.plans import add_stage
from bot.services.round_files import parse_round
from bot.services.rounds import round_to_json
from bot.services.searching import searchable
from bot.store.civic import Official, PlanRow, RoundRow
from bot.store.passes import PassRow

OPENS, CLOSES = time(9), time(20)
PASSES, DIGITS = 20, LENGTHS[0]
BY = "demo"


class RealRoundError(Exception):
    """The database holds a round that is not the demo's. Nothing was loaded."""


def load_demo(house: House, eligibility: str = "address") -> bool:
    """Load the demo; False if it was there before.

    Raises RealRoundError if there is any other round: invented people, plans and
    officials have no place beside a real vote.
    """
    source = files("bot").joinpath("demo/slotermeer.toml").read_text("utf-8")
    data = tomllib.loads(source)
    now = house.clock()
    return house.db.run(lambda db: _load(Scene(house, db, now), data, eligibility))


def demo_passes(house: House) -> Sequence[Letter]:
    """Return the demo's passes, the same each time; none where it asks for none."""
    drawn = dict(_demo_tokens(house.keys, 2 * PASSES))
    known = select(PassRow.serial, PassRow.token_hash).where(
        PassRow.token_hash.in_(drawn)
    )
    rows = house.db.read(lambda db: db.execute(known).all())
    return [
        Letter(row.serial, PassClass.RESIDENT, code_of(token, DIGITS), token)
        for row in sorted(rows, key=lambda each: list(drawn).index(each.token_hash))
        for token in (drawn[row.token_hash],)
    ]


def _demo_tokens(keys: Keys, count: int) -> Iterator[tuple[str, str]]:
    """Yield tokens that follow from SECRET_KEY, each behind its hash."""
    for number in range(count):
        drawn = int(keyed_hash(keys.registrar, "demo", str(number)), 16)
        signs = []
        for _ in range(TOKEN_LENGTH):
            drawn, sign = divmod(drawn, len(TOKEN_SIGNS))
            signs.append(TOKEN_SIGNS[sign])
        token = "".join(signs)
        yield token_hash(keys, token), token


def _make_demo_passes(scene: Scene, slug: str) -> None:
    tokens = (token for _, token in _demo_tokens(scene.house.keys, 2 * PASSES))
    making = Making(
        slug,
        PassClass.RESIDENT,
        PASSES,
        DIGITS,
        "demo",
        PassState.OPEN,
        lambda: next(tokens),
    )
    make_passes(scene, making)


def _load(scene: Scene, data: Mapping[str, Any], eligibility: str) -> bool:
    db, now = scene.db, scene.now
    slugs = [each["slug"] for each in data["rounds"]]
    there = set(db.scalars(select(RoundRow.slug)))
    if real := sorted(there - set(slugs)):
        raise RealRoundError(f"This database holds a real round: {', '.join(real)}.")
    if there:
        return False
    ids = {
        each["slug"]: _load_round(db, each, eligibility, now) for each in data["rounds"]
    }
    for plan in data["plans"]:
        _load_plan(db, plan, ids[plan["round"]], now)
    for slug in sorted({each["round"] for each in data["plans"] if _is_voted_on(each)}):
        freeze(db, slug, BY, now)
    for each in data["officials"]:
        db.execute(insert(Official).values(**each, created_at=now))
    touch(db)
    if eligibility == "pass":
        voting = (each.slug for each in scene.house.catalog.view(db).rounds)
        _make_demo_passes(scene, next(voting))
    return True


def _load_round(
    db: Connection, data: Mapping[str, Any], eligibility: str, now: datetime
) -> int:
    """Store a round whose phases lie around today, so that the demo is always alive.

    It votes by its dates alone, whether or not somebody has opened it.
    """
    day = now.astimezone(ZoneInfo(HOME_ZONE)).date()
    phases = {}
    for name, offset in data["phases"].items():
        hour = CLOSES if name == Phase.COUNTING else OPENS
        phases[name] = datetime.combine(day + timedelta(days=offset), hour)
    kept = {**data, "phases": phases, "zone": HOME_ZONE, "eligibility": eligibility}
    value = replace(parse_round(kept), needs_opening=False)
    row = insert(RoundRow).values(
        slug=value.slug, data=round_to_json(value), created_at=now
    )
    return int(db.execute(row.returning(RoundRow.id)).scalar_one())


def _load_plan(
    db: Connection, data: Mapping[str, Any], round_id: int, now: datetime
) -> None:
    status = Status(data["status"])
    cost = data.get("cost_euros")
    row = insert(PlanRow).values(
        number=data["number"],
        round_id=round_id,
        status=status.value,
        text=data["summary"]["nl"],
        language="nl",
        title=data["title"],
        summary=data["summary"],
        theme=data["theme"],
        cost_cents=None if cost is None else cost * 100,
        place=data.get("place", ""),
        supports=data.get("supports", 0),
        search=searchable(
            data["summary"]["nl"],
            data["title"],
            data["summary"],
            data.get("place", ""),
        ),
        public_at=now,
        created_at=now,
    )
    plan_id = db.execute(row.returning(PlanRow.id)).scalar_one()
    add_stage(db, plan_id, status, data.get("reason", {}), BY, now)


def _is_voted_on(plan: Mapping[str, Any]) -> bool:
    return Status(plan["status"]) is Status.ON_BALLOT
