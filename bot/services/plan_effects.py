"""What a turn does to plans: stored, changed, placed, taken back, supported."""

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.languages import is_language
from bot.domain.places import rounded
from bot.domain.plans import CHANGEABLE, Status
from bot.domain.round_terms import Act
from bot.domain.say import N_, Say
from bot.services import news
from bot.services.corrections import date_sound
from bot.services.doing import (
    Doing,
    my_plan,
    plan_id_of,
    raise_task,
    refuse_elsewhere,
)
from bot.services.plan_pictures import take_away
from bot.services.plans import add_stage
from bot.services.searching import index_plan, searchable
from bot.store.civic import Follow, PlanMedia, PlanRow, Support, Task
from bot.store.dialect import insert_once
from bot.store.prepared import Prepared
from bot.store.talks import Media


def store_plan(doing: Doing, effect: ask.StorePlan) -> None:
    """Store a plan she has said yes to, under the number it was told.

    Raises RefusedError where the round's file keeps plans off this channel.
    """
    a_round = next(each for each in doing.view.rounds if each.slug == effect.round)
    refuse_elsewhere(doing, a_round, Act.PLAN)
    pin = effect.pin and rounded(effect.pin)
    plan = {
        "number": effect.number,
        "round_id": doing.view.round_id(effect.round),
        "resident_id": doing.talk.resident_id,
        "talk_id": doing.talk.id,
        "status": Status.RECEIVED.value,
        "text": effect.text,
        "language": _language(doing, effect.media),
        "spoken": effect.spoken,
        "latitude": pin and pin.latitude,
        "longitude": pin and pin.longitude,
        "search": searchable(effect.text, None, None, ""),
        "created_at": doing.now,
    }
    plan_id = _NEW_PLAN.value(doing.db, plan)
    add_stage(doing.db, plan_id, Status.RECEIVED, {}, "author", doing.now)
    _attach(doing, plan_id, effect.media, confirmed=bool(effect.text))


def _language(doing: Doing, media: tuple[int, ...]) -> str | None:
    """Return the language of a plan: the one it was spoken in, else her talk's."""
    if not media:
        return doing.talk.language
    notes = select(Media.language).where(Media.id.in_(media), Media.kind == "voice")
    spoken = set(doing.db.scalars(notes))
    (one,) = spoken if len(spoken) == 1 else (None,)
    return one if one is not None and is_language(one) else doing.talk.language


_PLAN_COLUMNS = (
    "number",
    "round_id",
    "resident_id",
    "talk_id",
    "status",
    "text",
    "language",
    "spoken",
    "latitude",
    "longitude",
    "search",
    "created_at",
)


_NEW_PLAN = Prepared(
    insert(PlanRow)
    .values({name: bindparam(name) for name in _PLAN_COLUMNS})
    .values(place="", supports=0)
    .returning(PlanRow.id)
)


def _attach(
    doing: Doing, plan_id: int, media: tuple[int, ...], *, confirmed: bool
) -> None:
    """Tie notes and photos to the plan; sound gets its date once its text is sure."""
    for media_id in dict.fromkeys(media):
        tie = insert_once(doing.db, PlanMedia).values(
            plan_id=plan_id, media_id=media_id
        )
        doing.db.execute(tie)
    if media and confirmed:
        date_sound(doing.db, media, plan_id, doing.talk.resident_id, doing.now)
    if media:
        tasks = update(Task).where(Task.media_id.in_(media), Task.plan_id.is_(None))
        doing.db.execute(tasks.values(plan_id=plan_id))


def change_plan(doing: Doing, effect: ask.ChangePlan) -> None:
    """Replace the words of her plan, while review has not begun."""
    row = my_plan(doing, effect.number)
    if Status(row.status) not in CHANGEABLE:
        raise RefusedError(Say(N_("This plan can no longer be changed here.")))
    _refuse_plan_elsewhere(doing, row.id, Act.PLAN)
    doing.db.execute(
        update(PlanRow)
        .where(PlanRow.id == row.id)
        .values(
            text=effect.text,
            language=_language(doing, effect.media),
            spoken=effect.spoken,
            status=Status.RECEIVED.value,
            title=None,
            summary=None,
            public_at=None,
            asked_at=doing.now,
            answered_at=None,
            advised_at=None,
        )
    )
    index_plan(doing.db, row.id)
    add_stage(doing.db, row.id, Status.RECEIVED, {}, "author", doing.now)
    _attach(doing, row.id, effect.media, confirmed=bool(effect.text))


def _refuse_plan_elsewhere(doing: Doing, plan_id: int, act: Act) -> None:
    """Raise RefusedError where the plan's round keeps `act` off this channel."""
    if not any(each.acts for each in doing.view.rounds):
        return
    its_round = doing.db.scalar(select(PlanRow.round_id).where(PlanRow.id == plan_id))
    ids = doing.view.ids or {}
    for each in doing.view.rounds:
        if ids.get(each.slug) == its_round:
            refuse_elsewhere(doing, each, act)


def place_plan(doing: Doing, effect: ask.PlacePlan) -> None:
    """Keep where her plan is."""
    row = my_plan(doing, effect.number)
    values: dict[str, Any] = {}
    if effect.pin:
        pin = rounded(effect.pin)
        values |= {"latitude": pin.latitude, "longitude": pin.longitude}
    if effect.words:
        values["place"] = effect.words
    if values:
        doing.db.execute(update(PlanRow).where(PlanRow.id == row.id).values(values))
        index_plan(doing.db, row.id)
    if effect.note:
        _attach(doing, row.id, (effect.note,), confirmed=False)
        listen = ask.RaiseTask(ask.TaskKind.LISTEN, effect.number, media=effect.note)
        raise_task(doing, listen)


def add_photo(doing: Doing, effect: ask.AddPhoto) -> None:
    """Add a photo to her plan."""
    row = my_plan(doing, effect.number)
    _attach(doing, row.id, (effect.media,), confirmed=False)


def file_plan(doing: Doing, effect: ask.FilePlan) -> None:
    """File her plan under a theme, while review has not begun."""
    row = my_plan(doing, effect.number)
    if Status(row.status) not in CHANGEABLE:
        raise RefusedError(Say(N_("This plan can no longer be changed here.")))
    filed = update(PlanRow).where(PlanRow.id == row.id).values(theme=effect.theme)
    doing.db.execute(filed)


def withdraw(doing: Doing, effect: ask.WithdrawPlan) -> None:
    """Take her plan back, while review has not begun."""
    row = my_plan(doing, effect.number)
    if Status(row.status) not in CHANGEABLE:
        raise RefusedError(Say(N_("This plan can no longer be changed here.")))
    take_away(doing.db, [row.id], doing.now)
    gone = {"status": Status.WITHDRAWN.value}
    doing.db.execute(update(PlanRow).where(PlanRow.id == row.id).values(gone))
    add_stage(doing.db, row.id, Status.WITHDRAWN, {}, "author", doing.now)


def support(doing: Doing, effect: ask.SupportPlan) -> None:
    """Count her once; at 10, 20 and the threshold the author hears of it."""
    plan_id = plan_id_of(doing, effect.number)
    _refuse_plan_elsewhere(doing, plan_id, Act.SUPPORT)
    mine = insert_once(doing.db, Support).values(
        plan_id=plan_id, resident_id=doing.talk.resident_id, at=doing.now
    )
    if doing.db.execute(mine).rowcount == 0:
        return
    risen = (
        update(PlanRow)
        .where(PlanRow.id == plan_id)
        .values(supports=PlanRow.supports + 1)
    )
    doing.db.execute(risen)
    news.supports_risen(doing.scene, plan_id, doing.view)


def follow(doing: Doing, effect: ask.FollowPlan) -> None:
    """Tell her from now on what becomes of a plan."""
    plan_id = plan_id_of(doing, effect.number)
    doing.db.execute(
        insert_once(doing.db, Follow).values(
            plan_id=plan_id, resident_id=doing.talk.resident_id, at=doing.now
        )
    )
