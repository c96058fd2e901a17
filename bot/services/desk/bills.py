"""What an author hears about her receipt, and its photo for whoever looks at it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from bot.domain.kinds import STATUS
from bot.domain.money import Money
from bot.domain.say import N_, Local, Reply, Say
from bot.flows.parts import HOW_GOES, MONEY
from bot.services.house import House, Scene
from bot.services.news import News, Telling, authors, own_plan, own_slots, tell
from bot.services.outbox import Letter
from bot.store.civic import PlanRow
from bot.store.spending import Spending
from bot.store.talks import Media, Talk

_LINE = (
    select(
        Spending.cents,
        PlanRow.id,
        PlanRow.number,
        PlanRow.title,
        PlanRow.text,
        PlanRow.round_id,
        Talk.resident_id,
    )
    .join(PlanRow, PlanRow.id == Spending.plan_id)
    .join(Talk, Talk.id == Spending.talk_id)
)


def tell_approved(scene: Scene, line_id: int) -> None:
    """Tell the author that her receipt is in the books, where everybody can read it."""
    news = Say(N_("Your receipt is approved."))
    more = Say(N_("Everybody can read this payment. Your photo stays private."))
    _tell(scene, line_id, "approved", news, more)


def tell_sent_back(scene: Scene, line_id: int, reason: Mapping[str, str]) -> None:
    """Tell the author kindly that something is missing, and what she can do."""
    news = Say(N_("We have a question about your receipt."))
    why = Say(N_("The reason is: %(reason)s"), {"reason": Local(reason)})
    again = Say(N_("You can send a new photo here."))
    _tell(scene, line_id, "sent_back", news, why, again)


def _tell(scene: Scene, line_id: int, what: str, news: Say, *more: Say) -> None:
    """Owe her one message; nothing where she was forgotten or cannot be reached."""
    row = scene.db.execute(_LINE.where(Spending.id == line_id)).one_or_none()
    if row is None:
        return
    cost = Say(N_("It cost %(amount)s together."), {"amount": Money(row.cents)})
    says = (own_plan(row.number, row.title, row.text), news, cost, *more)
    told = News(
        Reply(says, (MONEY, HOW_GOES)), Letter(STATUS, own_slots(row) | {"words": news})
    )
    for reader in authors(scene.db, row.resident_id):
        tell(_telling(scene, row), reader, told, f"bill:{line_id}:{what}")


def _telling(scene: Scene, row: Row[Any]) -> Telling:
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(row.round_id)
    zone = next(each.zone for each in view.rounds if each.slug == slug)
    return Telling(scene, zone, row.round_id)


def bill_photo(house: House, line_id: int) -> bytes | None:
    """Return the photo of a receipt as JPEG, without what the camera wrote into it.

    None where there is none, or as long as it is not fetched and cleaned. Raises
    MediaUnavailableError if the store does not answer.
    """
    wanted = (
        select(Media.key)
        .join(Spending, Spending.media_id == Media.id)
        .where(
            Spending.id == line_id,
            Media.kind == "photo",
            Media.mime == "image/jpeg",
            Media.fetched_at.is_not(None),
        )
    )
    key = house.db.read(lambda db: db.scalar(wanted))
    if key is None:
        return None
    try:
        return house.media.load(key)
    except FileNotFoundError:
        return None
