"""Plans that staff take in for residents: from a card, the telephone or the counter.

They get the next number like any other and come first in line for an answer. Who is
known to us in a chat hears it there; anybody else takes a receipt of paper along.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from bot.domain.clocks import FIRST_ANSWER_DAYS, due_after
from bot.domain.kinds import STATUS
from bot.domain.languages import Language, is_language
from bot.domain.plans import TEXT_LENGTH, Status
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.domain.say import N_, Param, Reply, Say
from bot.domain.text import clean
from bot.flows.parts import HOW_GOES
from bot.services import news
from bot.services.desk.audit import note
from bot.services.desk.paper_words import paper_hash, paper_words
from bot.services.files import discard
from bot.services.house import House, Scene
from bot.services.links import JPEG
from bot.services.news import News, Telling
from bot.services.numbers import free_number
from bot.services.officials import Person
from bot.services.outbox import Letter
from bot.services.pictures import without_traces
from bot.services.plans import AUTHOR, add_stage
from bot.services.scanning import check
from bot.services.searching import searchable
from bot.store.civic import PlanMedia, PlanRow
from bot.store.talks import Media, Resident, Talk

ROUTE = "desk"
MOST_PLACE, MOST_ENTRY = 160, 40
_LONGEST_PHONE = 15
_SHORTEST_PHONE = 8


class BringRefusedError(ValueError):
    """A plan cannot be taken in; `words` are our words for why, for the official."""

    def __init__(self, *words: str) -> None:
        super().__init__(", ".join(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Brought:
    """A plan as somebody at the desk writes it down.

    `entry` is where ("market", "library"), `phone` the number of a chat she has with us
    already, `key` what makes a line of a list unique. All but text, language and
    `entry` may be "".
    """

    round: str
    text: str
    language: str
    place: str = ""
    theme: str = ""
    entry: str = ""
    phone: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The number a plan was given, and whether its author hears it in her chat."""

    number: int
    told: bool


def open_rounds(scene: Scene) -> Sequence[Round]:
    """Return the rounds in which plans are taken in at the desk now."""
    rounds = scene.house.catalog.view(scene.db).rounds
    return [
        each
        for each in rounds
        if each.takes_plans(scene.now) and each.allows(Act.PLAN, ROUTE)
    ]


def entries(scene: Scene, slug: str) -> Sequence[tuple[str, int]]:
    """Return where plans of a round were taken in, and how many, most first."""
    round_id = (scene.house.catalog.view(scene.db).ids or {}).get(slug)
    counted = func.count().label("plans")
    rows = (
        select(PlanRow.entry, counted)
        .where(PlanRow.round_id == round_id, PlanRow.entry.is_not(None))
        .group_by(PlanRow.entry)
        .order_by(counted.desc(), PlanRow.entry)
        .limit(20)
    )
    return [(row.entry, row.plans) for row in scene.db.execute(rows)]


def bring_plan(
    house: House, brought: Brought, by: Person, photo: bytes | None = None
) -> TakenIn:
    """Take a plan in, with a photo of its card. Commits.

    Raises BringRefusedError with everything that is wrong, and MediaUnavailableError
    where the photo cannot be kept; nothing is stored then.
    """
    now, key = house.clock(), None
    house.db.read(lambda db: checked(Scene(house, db, now), brought))
    if photo:
        try:
            check(house, photo)
            key = house.media.save(without_traces(photo), JPEG)
        except ValueError as error:
            raise BringRefusedError("bring_bad_photo") from error
    try:
        return house.db.run(
            lambda db: store_brought(Scene(house, db, now), brought, by, key)
        )
    except BringRefusedError:
        if key:
            discard(house, key)
        raise


def checked(scene: Scene, brought: Brought) -> Brought:
    """Return a plan cleaned as one from a chat is. Raises BringRefusedError."""
    text, place = clean(brought.text), clean(brought.place)
    a_round = next((r for r in open_rounds(scene) if r.slug == brought.round), None)
    wrong = {
        "bring_no_round": a_round is None,
        "bring_no_text": not text.text and not text.too_long,
        "bring_long_text": text.too_long or len(text.text) > TEXT_LENGTH,
        "bring_no_language": not is_language(brought.language),
        "bring_long_place": place.too_long or len(place.text) > MOST_PLACE,
        "bring_no_theme": bool(
            a_round and brought.theme and a_round.theme(brought.theme) is None
        ),
        "bring_no_entry": not brought.entry.strip(),
        "bring_long_entry": len(brought.entry.strip()) > MOST_ENTRY,
        "bring_bad_phone": bool(brought.phone.strip())
        and not read_phone(brought.phone),
    }
    if any(wrong.values()):
        raise BringRefusedError(*(word for word, holds in wrong.items() if holds))
    entry = " ".join(clean(brought.entry).text.split())
    return replace(brought, text=text.text, place=place.text, entry=entry)


def read_phone(text: str) -> str:
    """Return a phone number as chats know it, "+31612345678"; "" if it is none."""
    kept = "".join(each for each in text if each.isdecimal() or each == "+")
    digits = "".join(str(int(each)) for each in kept if each.isdecimal())
    if kept.startswith("+") or digits.startswith("00"):
        number = digits.removeprefix("00")
    elif digits.startswith("0"):
        number = f"31{digits[1:]}"
    else:
        return ""
    fits = _SHORTEST_PHONE <= len(number) <= _LONGEST_PHONE
    return f"+{number}" if fits else ""


def store_brought(
    scene: Scene, brought: Brought, by: Person, photo: str | None = None
) -> TakenIn:
    """Store a plan under the next number. Raises BringRefusedError."""
    plan = checked(scene, brought)
    author = _author(scene.db, read_phone(plan.phone))
    if author is not None:
        _check_limit(scene, plan.round, author.resident_id)
    number = free_number(scene.db)
    resident_id = author.resident_id if author else _new_person(scene, number, plan)
    plan_id = _insert(scene, plan, number, resident_id, author and author.id)
    add_stage(scene.db, plan_id, Status.RECEIVED, {}, AUTHOR, scene.now)
    if photo:
        _attach(scene, plan_id, photo, by)
    told = {"entry": bool(plan.entry), "language": plan.language}
    note(scene, by.email, "plan.bring", f"plan:{number}", **told)
    return TakenIn(number, author is not None and _tell(scene, author, plan, number))


def answer_day(told: datetime, zone: str) -> date:
    """Return the local day before which somebody who told a plan hears from us."""
    return due_after(told, FIRST_ANSWER_DAYS, zone).date()


def _author(db: Connection, phone: str) -> Any:  # noqa: ANN401 - a row
    """Return the chat that a number belongs to, as one we may write in; or None."""
    if not phone:
        return None
    whose = or_(Talk.phone == phone, Talk.address == phone)
    return db.execute(news.READERS.where(whose).limit(1)).first()


def _check_limit(scene: Scene, slug: str, resident_id: int) -> None:
    view = scene.house.catalog.view(scene.db)
    a_round = next(each for each in view.rounds if each.slug == slug)
    hers = select(func.count()).where(
        PlanRow.resident_id == resident_id,
        PlanRow.round_id == view.round_id(slug),
        PlanRow.status != Status.WITHDRAWN.value,
    )
    if (scene.db.scalar(hers) or 0) >= a_round.plans_per_person:
        raise BringRefusedError("bring_limit")


def _new_person(scene: Scene, number: int, plan: Brought) -> int:
    """Add a person who has no chat yet, known by the words on her receipt."""
    made = insert(Resident).values(created_at=scene.now).returning(Resident.id)
    resident_id = int(scene.db.execute(made).scalar_one())
    keys = scene.house.keys
    words = paper_words(keys, number, _language(plan.language))
    hashed = paper_hash(keys, resident_id, words)
    person = update(Resident).where(Resident.id == resident_id)
    scene.db.execute(person.values(word_hash=hashed))
    return resident_id


def _language(code: str) -> Language:
    assert is_language(code)  # noqa: S101 - checked before
    return code  # type: ignore[return-value]


def _insert(
    scene: Scene, plan: Brought, number: int, resident_id: int, talk_id: int | None
) -> int:
    values = {
        "number": number,
        "round_id": scene.house.catalog.view(scene.db).round_id(plan.round),
        "resident_id": resident_id,
        "talk_id": talk_id,
        "status": Status.RECEIVED.value,
        "text": plan.text,
        "language": plan.language,
        "theme": plan.theme or None,
        "place": plan.place,
        "entry": plan.entry or None,
        "entry_key": plan.key or None,
        "search": searchable(plan.text, None, None, plan.place),
        "created_at": scene.now,
    }
    made = insert(PlanRow).values(values).returning(PlanRow.id)
    return int(scene.db.execute(made).scalar_one())


def _attach(scene: Scene, plan_id: int, key: str, by: Person) -> None:
    """Keep the photo of a card with its plan."""
    row: dict[str, Any] = {"kind": "photo", "channel": "", "mime": JPEG, "key": key}
    row |= {"source": {"place": "", "by": by.email}, "attempts": 0}
    row |= {"fetched_at": scene.now, "created_at": scene.now}
    made = insert(Media).values(row).returning(Media.id)
    media_id = scene.db.execute(made).scalar_one()
    tie = insert(PlanMedia).values(plan_id=plan_id, media_id=media_id)
    scene.db.execute(tie)


def _tell(scene: Scene, author: Any, plan: Brought, number: int) -> bool:  # noqa: ANN401 - a row
    """Give her the receipt in her chat."""
    view = scene.house.catalog.view(scene.db)
    a_round = next(each for each in view.rounds if each.slug == plan.round)
    before = {"date": answer_day(scene.now, a_round.zone)}
    read = Say(N_("We have this plan. A person reads it first."))
    says = (
        Say(N_("Thank you for your plan.")),
        Say(N_("Your plan has number %(plan)s."), {"plan": number}),
        read,
        Say(N_("You will hear from us before %(date)s."), before),
    )
    slots: dict[str, Param] = {"plan": number, "title": "", "words": read}
    told = News(Reply(says, (HOW_GOES,)), Letter(STATUS, slots))
    telling = Telling(scene, a_round.zone, view.round_id(plan.round))
    return news.tell(telling, author, told, f"brought:{number}") is not None
