"""Receipts from the chat: kept with their photo, for a person to look at."""

from sqlalchemy import insert, select

from bot.domain.effects import KeepBill
from bot.domain.errors import RefusedError
from bot.domain.say import N_, Say
from bot.domain.spending import MOST_CENTS, TAKES_RECEIPTS, LineState, PaidBy, PaidTo
from bot.services.doing import Doing
from bot.store.civic import PlanRow
from bot.store.spending import Spending
from bot.store.talks import Media

AUTHOR = "author"
"""Who entered a line that came from the chat."""


def keep_bill(doing: Doing, effect: KeepBill) -> None:
    """Write down a receipt of hers, which waits for a person.

    What it was for, who was paid and how are said by whoever looks at it. Raises
    RefusedError if the plan is not hers, or takes no receipts (any more).
    """
    payable = PlanRow.status.in_(sorted(TAKES_RECEIPTS))
    hers = PlanRow.resident_id == doing.talk.resident_id
    wanted = select(PlanRow.id).where(PlanRow.number == effect.plan, payable, hers)
    plan_id = doing.db.scalar(wanted)
    photo = select(Media.id).where(
        Media.id == effect.media,
        Media.talk_id == doing.talk.id,
        Media.kind == "photo",
    )
    if plan_id is None or doing.db.scalar(photo) is None:
        raise RefusedError(Say(N_("This plan takes no receipts now.")))
    if not 0 < effect.cents <= MOST_CENTS:
        raise RefusedError(Say(N_("I cannot find an amount in that.")))
    line = {
        "plan_id": plan_id,
        "kind": PaidBy.REIMBURSEMENT.value,
        "cents": effect.cents,
        "what": {},
        "paid_to": PaidTo.OTHER.value,
        "day": doing.now.date().isoformat(),
        "media_id": effect.media,
        "state": LineState.WAITING.value,
        "entered_by": AUTHOR,
        "talk_id": doing.talk.id,
        "at": doing.now,
    }
    doing.db.execute(insert(Spending).values(line))
