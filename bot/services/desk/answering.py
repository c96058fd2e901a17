"""An official answers or asks one resident: prepared, shown before, and owed once.

It goes by the outbox like all that we begin: in her language, outside quiet hours, as
sound where she wants to hear it, and outside WhatsApp's window behind a template.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.kinds import ANSWER
from bot.domain.languages import FALLBACK
from bot.domain.say import N_, Free, Reply, Say
from bot.domain.text import clean
from bot.flows.official import ASKED
from bot.services.desk.audit import note
from bot.services.desk.handling import Outcome
from bot.services.desk.phrases import PHRASES, PhraseError, filled, heading, listen_row
from bot.services.desk.today import zone_here
from bot.services.house import House, Scene
from bot.services.news import News, Telling, tell
from bot.services.officials import Person
from bot.services.outbox import Letter, rendered
from bot.services.plans import note_answers
from bot.services.task_rows import finish_tasks
from bot.store.civic import PlanRow, Task
from bot.store.desk_messages import DeskMessage
from bot.store.talks import Media, OutboundMessage, Talk

MOST_WORDS = 1_000
"""Characters of an official's own words."""

RECORDED = "answer"
"""The kind of media that an official's recording is."""

WRITTEN_BY_OFFICIALS = frozenset({"nl", "en"})
"""Languages in which officials' own words need nobody to vouch for them."""

AnyRow = Row[*tuple[Any, ...]]
_ONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class AnswerError(ValueError):
    """It cannot be sent as it is; the message is a machine word for why.

    "gone", "stopped" (she wants no messages), "closed" (the address cannot be reached),
    "empty", "too_long", "which" (no such phrase), "dutch" (what does it say in Dutch?),
    "translated" (nobody vouches for the translation), "sound" (the recording is gone),
    "old" (the form was), or "field_<name>" for a field that is missing or wrong.
    """


@dataclass(frozen=True, slots=True)
class Draft:
    """What an official wants to send: a phrase with its fields, own words, or sound.

    `words` are in her language; where that is none of the officials', `dutch` says the
    same and `translated_by` names who vouches for it. `asks`: her next words are the
    answer. `task` is what it answers, closed with it if `closes`. `once` is a secret of
    the form: what was sent with it before is not sent again.
    """

    once: str
    phrase: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    dutch: str = ""
    translated_by: str = ""
    sound: int | None = None
    asks: bool = False
    plan: int | None = None
    task: int | None = None
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What she will get: text and labels of buttons in her language."""

    reply: Reply
    text: str
    buttons: tuple[str, ...]
    language: str
    asks: bool


def prepare(scene: Scene, talk_id: int, draft: Draft, person: Person) -> Prepared:
    """Return exactly what she would get. Raises AnswerError."""
    return _prepare(scene, _reader(scene.db, talk_id), draft, person)


def send(house: House, talk_id: int, draft: Draft, person: Person) -> bool:
    """Owe her the message. Commits; False if this form was sent before.

    Raises AnswerError, with nothing changed.
    """
    if not _ONCE.fullmatch(draft.once):
        raise AnswerError("old")
    now = house.clock()
    return house.db.run(lambda db: _send(Scene(house, db, now), talk_id, draft, person))


def _send(scene: Scene, talk_id: int, draft: Draft, person: Person) -> bool:
    db, key = scene.db, f"desk:{draft.once}"
    reader = _reader(db, talk_id)
    sent = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == key)
    if db.scalar(sent) is not None:
        return False
    ready = _prepare(scene, reader, draft, person)
    plan = _her_plan(db, reader, draft.plan)
    kept = _keep(scene, talk_id, draft, ready, person)
    about = {"kind": ASKED, "plan": plan or 0, "asked": kept} if ready.asks else None
    news = News(ready.reply, Letter(ANSWER), about)
    tell(Telling(scene, zone_here(scene)), reader, news, key)
    carried = update(DeskMessage).where(DeskMessage.id == kept)
    db.execute(carried.values(outbound_id=db.scalar(sent)))
    if draft.sound is not None:
        keep_sound(db, draft.sound)
    if draft.task is not None:
        _handle(scene, talk_id, draft, person)
    note_answers(db, talk_id, scene.now)
    note(scene, person.email, "talk.write", f"talk:{talk_id}", message=kept)
    return True


def _keep(
    scene: Scene, talk_id: int, draft: Draft, ready: Prepared, person: Person
) -> int:
    translated = draft.translated_by.strip() if _is_own(draft) else ""
    values: dict[str, Any] = {
        "talk_id": talk_id,
        "task_id": draft.task,
        "official_id": person.id,
        "by": person.email,
        "phrase": draft.phrase or None,
        "dutch": (draft.dutch.strip() or None) if _is_own(draft) else None,
        "translated_by": translated[:120] or None,
        "asks": ready.asks,
        "at": scene.now,
    }
    row = insert(DeskMessage).values(values).returning(DeskMessage.id)
    return int(scene.db.execute(row).scalar_one())


def _is_own(draft: Draft) -> bool:
    return not draft.phrase and draft.sound is None


_READER = select(
    Talk.id,
    Talk.resident_id,
    Talk.channel,
    Talk.address,
    Talk.language,
    Talk.aloud,
    Talk.stopped_at,
    Talk.closed_at,
    Talk.forgotten_at,
)


def _reader(db: Connection, talk_id: int) -> AnyRow:
    row = db.execute(_READER.where(Talk.id == talk_id)).one_or_none()
    if row is None or row.forgotten_at is not None:
        raise AnswerError("gone")
    if row.stopped_at is not None:
        raise AnswerError("stopped")
    if row.closed_at is not None:
        raise AnswerError("closed")
    return row


def _prepare(scene: Scene, reader: AnyRow, draft: Draft, person: Person) -> Prepared:
    language = reader.language or FALLBACK
    body = _body(scene, reader, draft, language)
    plan = _her_plan(scene.db, reader, draft.plan)
    named = (Say(N_("Plan %(plan)s."), {"plan": plan}),) if plan else ()
    says = (heading(person.name or person.email), *named, *body.says)
    reply = Reply(says, body.buttons, sound=draft.sound)
    text, choices = rendered(reply, language)
    phrase = PHRASES.get(draft.phrase)
    asks = phrase.asks if phrase else draft.asks
    return Prepared(reply, text, tuple(each[1] for each in choices), language, asks)


def _body(scene: Scene, reader: AnyRow, draft: Draft, language: str) -> Reply:
    if draft.sound is not None:
        if not is_recorded(scene, reader.id, draft.sound):
            raise AnswerError("sound")
        return Reply((listen_row(),))
    if not draft.phrase:
        return Reply((_own_words(draft, language),))
    phrase = PHRASES.get(draft.phrase)
    if phrase is None:
        raise AnswerError("which")
    today = scene.now.astimezone(ZoneInfo(zone_here(scene))).date()
    try:
        return filled(phrase, draft.fields, today)
    except PhraseError as error:
        raise AnswerError(f"field_{error}") from error


def _own_words(draft: Draft, language: str) -> Say:
    words = clean(draft.words)
    if not words.text.strip():
        raise AnswerError("empty")
    if len(words.text) > MOST_WORDS or len(draft.dutch) > MOST_WORDS:
        raise AnswerError("too_long")
    if language not in WRITTEN_BY_OFFICIALS:
        if not draft.dutch.strip():
            raise AnswerError("dutch")
        if not draft.translated_by.strip():
            raise AnswerError("translated")
    return Say(N_("%(words)s"), {"words": Free(words.text.strip())})


def is_recorded(scene: Scene, talk_id: int, media_id: int) -> bool:
    """Tell whether this is an official's recording for this talk, still there."""
    found = select(Media.id).where(
        Media.id == media_id,
        Media.talk_id == talk_id,
        Media.kind == RECORDED,
        Media.key.is_not(None),
        Media.delete_after > scene.now,
    )
    return scene.db.scalar(found) is not None


def keep_sound(db: Connection, media_id: int) -> None:
    """Keep a recording as long as what we read aloud, now that it is sent."""
    from bot.services.voicing import LIFE

    made = db.scalar(select(Media.created_at).where(Media.id == media_id))
    if made is not None:
        kept = update(Media).where(Media.id == media_id)
        db.execute(kept.values(delete_after=made + LIFE))


def _her_plan(db: Connection, reader: AnyRow, number: int | None) -> int | None:
    """Return the number of a plan if it is hers."""
    if number is None:
        return None
    hers = select(PlanRow.number).where(PlanRow.number == number)
    return db.scalar(hers.where(PlanRow.resident_id == reader.resident_id))


def _handle(scene: Scene, talk_id: int, draft: Draft, person: Person) -> None:
    """Take the task that is answered, and close it if the official wants that."""
    hers = (Task.id == draft.task, Task.talk_id == talk_id)
    taken = update(Task).where(*hers, Task.done_at.is_(None))
    scene.db.execute(taken.values(assigned_to=person.id))
    if draft.closes:
        ended = {"outcome": Outcome.ANSWERED.value, "again_at": None}
        finish_tasks(scene.db, person.email, scene.now, *hers, **ended)
