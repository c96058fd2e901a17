"""A broadcast that officials write: kept with every save, sent by a second person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.languages import FALLBACK, LANGUAGES, Texts
from bot.domain.wording import Doubt, doubts_about
from bot.services.answers import FaultyCallError, NotNowError
from bot.services.broadcasts import Broadcast, begin, round_by_id, round_of, wording
from bot.services.desk.audit import note
from bot.services.desk.nights import MOST_BY, MOST_TEXT
from bot.services.desk.refusals import ChangedError, TurnedDownError
from bot.services.desk.rehearsing import Bubble, bubbles
from bot.services.house import House, Scene
from bot.services.preview import Preview, preview
from bot.services.segments import Segment, find_people, parse_segment
from bot.store.drafts import DRAFT, DROPPED, PROPOSED, SENT, BroadcastDraft

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands. `sounds` are {locale: media id} of what people read."""

    id: int
    state: str
    version: int
    segment: str
    texts: Texts
    sounds: Mapping[str, int]
    at: datetime | None
    broadcast_id: int | None
    made_by: str
    changed_by: str
    changed_at: datetime
    proposed_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether it may still be written in."""
        return self.state in {DRAFT, PROPOSED}

    @property
    def lacking(self) -> list[str]:
        """Languages without words: their readers get the Dutch."""
        return [each for each in LANGUAGES if not self.texts.get(each)]

    @property
    def doubts(self) -> list[Doubt]:
        """What of its words should be looked at again."""
        return doubts_about(self.texts)


@dataclass(frozen=True, slots=True)
class Written:
    """What an official wrote in the form of a draft."""

    segment: str
    texts: Texts
    at: datetime | None


_DRAFTS: Any = select(*BroadcastDraft.__table__.c)
_FIELDS = tuple(Draft.__dataclass_fields__)


def _draft(row: Row[Any]) -> Draft:
    return Draft(**{name: getattr(row, name) for name in _FIELDS})


def all_drafts(db: Connection) -> list[Draft]:
    """Return the newest drafts that were neither sent nor dropped, newest first."""
    columns = BroadcastDraft.__table__.c
    going = _DRAFTS.where(columns.state.in_((DRAFT, PROPOSED)))
    rows = db.execute(going.order_by(columns.id.desc()).limit(AT_ONCE))
    return [_draft(row) for row in rows]


def find_draft(db: Connection, draft_id: int, *, lock: bool = False) -> Draft:
    """Return a draft. Raises TurnedDownError if there is none."""
    wanted = _DRAFTS.where(BroadcastDraft.id == draft_id)
    row = db.execute(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        raise TurnedDownError("draft_gone")
    return _draft(row)


def new_draft(house: House, written: Written, who: str) -> int:
    """Keep a new draft. Commits; return its id. Raises TurnedDownError for a fault."""
    now = house.clock()

    def job(db: Connection) -> int:
        scene = Scene(house, db, now)
        check_written(scene, written)
        values: dict[str, Any] = {
            "state": DRAFT,
            "version": 1,
            "segment": written.segment,
            "texts": dict(written.texts),
            "sounds": {},
            "at": written.at,
        }
        values |= {"made_by": who, "made_at": now, "changed_by": who, "changed_at": now}
        made = insert(BroadcastDraft).values(values).returning(BroadcastDraft.id)
        draft_id = int(db.execute(made).scalar_one())
        note(scene, who, "draft.begin", f"draft:{draft_id}")
        return draft_id

    return house.db.run(job)


def check_written(scene: Scene, written: Written) -> None:
    """Raise TurnedDownError for words too long, and for a segment that is none."""
    if any(len(text) > MOST_TEXT for text in written.texts.values()):
        raise TurnedDownError("text_too_long")
    try:
        find_people(scene, parse_segment(written.segment))
    except (ValueError, FaultyCallError) as error:
        raise TurnedDownError("draft_segment") from error


def change_draft(
    house: House, draft_id: int, version: int, who: str, change: Callable[..., Any]
) -> None:
    """Change a draft by what `change` returns for it. Commits.

    Raises ChangedError if somebody saved it meanwhile, TurnedDownError once it is sent.
    """
    now = house.clock()

    def job(db: Connection) -> None:
        scene = Scene(house, db, now)
        draft = find_draft(db, draft_id, lock=True)
        if draft.version != version:
            raise ChangedError(draft.changed_by)
        values = change(scene, draft)
        changed = {"version": version + 1, "changed_by": who, "changed_at": now}
        row = update(BroadcastDraft).where(BroadcastDraft.id == draft_id)
        db.execute(row.values(changed | values))
        state = values.get("state", draft.state)
        note(scene, who, "draft.change", f"draft:{draft_id}", state=state)

    house.db.run(job)


def save_draft(
    house: House, draft_id: int, written: Written, version: int, who: str
) -> None:
    """Keep what was written; what was proposed is a draft again. See `change_draft`."""

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        _open(draft)
        check_written(scene, written)
        kept = {"segment": written.segment, "texts": dict(written.texts)}
        return kept | {"at": written.at, "state": DRAFT}

    change_draft(house, draft_id, version, who, change)


def _open(draft: Draft) -> None:
    if not draft.is_open:
        raise TurnedDownError("draft_sent")


def propose_draft(house: House, draft_id: int, version: int, who: str) -> None:
    """Hand a draft to a second person. Raises TurnedDownError without Dutch words."""

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        _open(draft)
        if not draft.texts.get(FALLBACK):
            raise TurnedDownError("draft_dutch")
        return {"state": PROPOSED, "proposed_by": who, "proposed_at": scene.now}

    change_draft(house, draft_id, version, who, change)


def release_draft(house: House, draft_id: int, version: int, who: str) -> None:
    """Send a proposed draft: never by whoever proposed it. See `change_draft`."""

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        if draft.state != PROPOSED:
            raise TurnedDownError("did_nothing")
        if draft.proposed_by == who:
            raise TurnedDownError("same_person")
        by = f"{draft.proposed_by} and {who}"[:MOST_BY]
        try:
            sent, _ = begin(scene, _broadcast(draft), f"desk:{draft.id}", by)
        except FaultyCallError as refusal:
            raise TurnedDownError("draft_segment") from refusal
        except NotNowError as refusal:
            raise TurnedDownError("draft_templates") from refusal
        done = {"released_by": who, "released_at": scene.now}
        return done | {"state": SENT, "broadcast_id": sent}

    change_draft(house, draft_id, version, who, change)


def _broadcast(draft: Draft) -> Broadcast:
    segment = parse_segment(draft.segment)
    return Broadcast(segment, draft.texts, draft.at, sounds=draft.sounds)


def take_back(house: House, draft_id: int, version: int, who: str) -> None:
    """Make a proposed or dropped draft one again that can be written in."""

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        del scene
        if draft.state not in {PROPOSED, DROPPED}:
            raise TurnedDownError("did_nothing")
        return {"state": DRAFT}

    change_draft(house, draft_id, version, who, change)


def drop_draft(house: House, draft_id: int, version: int, who: str) -> None:
    """Put a draft away; `take_back` brings it back."""

    def change(scene: Scene, draft: Draft) -> dict[str, Any]:
        del scene
        _open(draft)
        return {"state": DROPPED}

    change_draft(house, draft_id, version, who, change)


def reach_of(scene: Scene, draft: Draft) -> Preview:
    """Return whom a draft reaches as things are, how long that takes, what it costs."""
    return preview(scene, parse_segment(draft.segment), draft.at)


def shown_as(scene: Scene, draft: Draft) -> tuple[Bubble, ...]:
    """Return a draft as it will look in the chat, in each language."""
    paid_by = round_of(scene, _broadcast(draft))
    return bubbles(wording(draft.texts, round_by_id(scene, paid_by)))


def segment_of(draft: Draft) -> Segment:
    """Return whom a draft is for."""
    return parse_segment(draft.segment)
