"""Messages that wait for a template: let go once it is approved."""

from datetime import datetime

from sqlalchemy import (
    Connection,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from bot.domain.kinds import BROADCAST, MESSAGE
from bot.domain.languages import FALLBACK
from bot.domain.messages import Delivery
from bot.domain.rounds import HOME_ZONE
from bot.services.house import House
from bot.services.news import push_time
from bot.services.templates import APPROVED
from bot.store.outreach import Template
from bot.store.talks import OutboundMessage, Talk

HELD = "template"
"""What stands in `OutboundMessage.held` while a message waits for an approval."""

_HELD = (
    OutboundMessage.delivery == Delivery.QUEUED.value,
    OutboundMessage.held == HELD,
)


def release(house: House) -> int:
    """Release what waited for an approval, not before quiet hours are over."""
    if not house.db.read(lambda db: db.scalar(select(exists().where(*_HELD)))):
        return 0
    return house.db.run(lambda db: _release_by_day(house, db))


def _release_by_day(house: House, db: Connection) -> int:
    rounds = house.catalog.view(db).rounds
    zone = next((each.zone for each in rounds), HOME_ZONE)
    return release_held(db, push_time(house, house.clock(), zone))


def release_held(db: Connection, now: datetime) -> int:
    """Let messages go whose template is approved by now, `now` or when they are due.

    Returns how many. A kind without a template of its own goes by the general one.
    """
    usable = and_(
        Template.approval == APPROVED,
        Template.language == func.coalesce(Talk.language, FALLBACK),
        or_(
            Template.kind == OutboundMessage.kind,
            and_(
                Template.kind == MESSAGE,
                func.coalesce(OutboundMessage.kind, MESSAGE) != BROADCAST,
            ),
        ),
    )
    hers = Talk.id == OutboundMessage.talk_id
    own = OutboundMessage.due_at
    # Inside an expression only a typed value is stored as UTC.
    due = case((own < now, literal(now, own.type)), else_=own)
    free = (
        update(OutboundMessage)
        .where(*_HELD, exists().where(hers, usable))
        .values(held=None, due_at=due)
    )
    return db.execute(free).rowcount
