"""A results night: one round's result on its way out, prepared by two officials."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.domain.languages import Texts
from bot.domain.rounds import Round
from bot.services.catalog import touch
from bot.services.decisions import FINAL
from bot.services.desk.audit import note
from bot.services.desk.refusals import ChangedError, TurnedDownError
from bot.services.freezing import lock_round
from bot.services.house import House, Scene
from bot.store.nights import DONE, DRAFT, DROPPED, PROPOSED
from bot.store.nights import Night as NightRow

PROVISIONAL = "provisional"
MOST_TEXT = 1_000
MOST_BY = 120
MOST_NEXT_STEP = 240
STEPS = ("authors", "voters", "public")
"""What is told to whom, in this order."""


@dataclass(frozen=True, slots=True)
class Night:
    """A results night as it stands. `at` and `done` are moments by step, or None."""

    id: int
    a_round: Round
    round_id: int
    standing: str
    state: str
    version: int
    counted_at: datetime | None
    seed: str | None
    next_step: Texts
    voters_text: Texts
    at: Mapping[str, datetime | None]
    done: Mapping[str, datetime | None]
    told: Mapping[str, Any] | None
    trouble: Mapping[str, Any] | None
    broadcast_id: int | None
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime
    proposed_by: str | None
    released_by: str | None

    @property
    def is_told(self) -> bool:
        """Whether authors have been told: from then on only corrections change it."""
        return self.done["authors"] is not None

    @property
    def is_open(self) -> bool:
        """Whether it may still be written in."""
        return self.state in {DRAFT, PROPOSED} and not self.is_told

    @property
    def call(self) -> str:
        """What the keys of its messages begin with, behind "results:"."""
        return f"night-{self.id}"

    @property
    def by(self) -> str:
        """Both officials, for the history of plans and the published count."""
        return f"{self.proposed_by} and {self.released_by}"[:MOST_BY]


@dataclass(frozen=True, slots=True)
class Setting:
    """What an official sets for all plans at once: the texts, and when who hears.

    `authors`, `voters` and `public` are aware moments, None where none is set.
    """

    standing: str
    next_step: Texts
    voters_text: Texts
    authors: datetime | None
    voters: datetime | None
    public: datetime | None


def newest_night(scene: Scene, slug: str) -> Night | None:
    """Return the newest night of a round that was not dropped; None for none."""
    view = scene.house.catalog.view(scene.db)
    round_id = (view.ids or {}).get(slug)
    wanted = _NIGHTS.where(NightRow.round_id == round_id, NightRow.state != DROPPED)
    row = scene.db.execute(wanted.order_by(NightRow.id.desc()).limit(1)).first()
    return None if row is None else _as_night(scene, row)


def find_night(scene: Scene, night_id: int, *, lock: bool = False) -> Night:
    """Return a night. Raises TurnedDownError if there is none."""
    wanted = _NIGHTS.where(NightRow.id == night_id)
    row = scene.db.execute(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        raise TurnedDownError("night_gone")
    return _as_night(scene, row)


_NIGHTS: Any = select(*NightRow.__table__.c)


def _as_night(scene: Scene, row: Row[Any]) -> Night:
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(row.round_id)
    a_round = next(each for each in view.rounds if each.slug == slug)
    return Night(
        **{name: getattr(row, name) for name in _SAME},
        a_round=a_round,
        at={step: getattr(row, f"{step}_at") for step in STEPS},
        done={step: getattr(row, f"{step}_done_at") for step in STEPS},
    )


_SAME = tuple(
    name for name in Night.__dataclass_fields__ if name not in {"a_round", "at", "done"}
)


def begin_night(house: House, slug: str, standing: str, who: str) -> int:
    """Begin a night: from now on the round's result waits. Commits; return its id.

    A night that is going on is returned as it is. Raises RoundError for an unknown
    round.
    """
    now = house.clock()
    return house.db.run(lambda db: _begin(Scene(house, db, now), slug, standing, who))


def _begin(scene: Scene, slug: str, standing: str, who: str) -> int:
    round_id = lock_round(scene.db, slug).id
    last = newest_night(scene, slug)
    if last is not None and last.state != DONE:
        return last.id
    values: dict[str, Any] = {
        "round_id": round_id,
        "standing": standing if standing == PROVISIONAL else FINAL,
        "state": DRAFT,
        "version": 1,
        "next_step": {},
        "voters_text": {},
        "made_by": who,
        "made_at": scene.now,
        "changed_by": who,
        "changed_at": scene.now,
    }
    made = insert(NightRow).values(values).returning(NightRow.id)
    night_id = int(scene.db.execute(made).scalar_one())
    touch(scene.db)
    note(scene, who, "night.begin", f"night:{night_id}", round=slug)
    return night_id


def locked_night(scene: Scene, night_id: int, version: int) -> Night:
    """Return a night, locked. Raises ChangedError if it is another version by now."""
    night = find_night(scene, night_id, lock=True)
    if night.version != version:
        raise ChangedError(night.changed_by)
    return night


def keep_night(scene: Scene, night: Night, who: str, **values: Any) -> None:  # noqa: ANN401
    """Write what changed of a night, and a new version."""
    changed = {"version": night.version + 1, "changed_by": who}
    changed |= {"changed_at": scene.now} | values
    scene.db.execute(update(NightRow).where(NightRow.id == night.id).values(changed))
