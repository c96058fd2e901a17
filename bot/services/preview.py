"""What a broadcast would be: whom it reaches, how long it takes, what it costs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.domain.messages import Delivery
from bot.domain.money import MessageBudget, Money
from bot.services.audience import REACHED, Audience, Group, count, count_audience
from bot.services.broadcasts import (
    Broadcast,
    lacking_templates,
    round_by_id,
    round_of,
    zone_of,
)
from bot.services.house import House, Scene
from bot.services.outbox import PUSH
from bot.services.segments import Segment
from bot.services.spacing import DAY, LIMITED, awake, step
from bot.store.talks import OutboundMessage

TIERS = (250, 2_000, 10_000, 100_000)
WARN_PERCENT = 80
_TAKEN = (Delivery.SENT.value, Delivery.DELIVERED.value, Delivery.READ.value)


@dataclass(frozen=True, slots=True)
class Cost:
    """What it would cost against the message budget of its round.

    `spent` is what messages that we began have cost in this round so far, `forecast`
    what these would add.
    """

    budget: Money
    spent: Money
    forecast: Money

    @property
    def percent(self) -> int:
        """Return how much of the budget is spent afterwards, in whole per cent."""
        after = (self.spent + self.forecast).cents
        return after * 100 // self.budget.cents if self.budget.cents else 100

    @property
    def warns(self) -> bool:
        """Tell whether most of the budget is gone then."""
        return self.percent >= WARN_PERCENT


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a segment reaches as things are now.

    `inside` and `outside` the window are people on WhatsApp: those outside get an
    approved template, and only so many of them a day; `days` says how many days that
    takes, by the account's tier. `unreachable` are people of the segment whom we may
    not write to, by reason: said_no, stopped, unreachable. `held` wait up to three days
    longer, for they had a message lately. `ends_at` is when the last of the others has
    her turn, quiet hours counted. `lacking` names templates without which it cannot
    begin; `cost` is None where the round has no message budget.
    """

    people: int
    languages: Mapping[str, int]
    channels: Mapping[str, int]
    inside: int
    outside: int
    unreachable: Mapping[str, int]
    held: int
    tier: int
    days: Mapping[int, int]
    starts_at: datetime
    ends_at: datetime
    lacking: tuple[str, ...]
    cost: Cost | None


def preview(
    scene: Scene, segment: Segment, at: datetime | None = None, area: str | None = None
) -> Preview:
    """Return what a broadcast to a segment would be, from `at` on; nothing changes.

    `area` is the slug of the round whose budget pays, where the segment names none.
    Raises FaultyCallError for a plan or an area that is not there.
    """
    starts_at = max(at or scene.now, scene.now)
    audience = count_audience(scene, segment, starts_at)
    round_id = round_of(scene, Broadcast(segment, {}, at, area))
    a_round = round_by_id(scene, round_id)
    reached = audience.reached
    outside = count(audience.opened)
    whatsapp = count(each for each in reached if each.channel == LIMITED)
    messages = a_round.messages if a_round else None
    tier = scene.house.settings.whatsapp_tier
    return Preview(
        people=count(reached),
        languages=_by("language", reached),
        channels=_by("channel", reached),
        inside=whatsapp - outside,
        outside=outside,
        unreachable=_lost(audience),
        held=count(each for each in reached if each.held),
        tier=tier,
        days={each: -(-outside // each) for each in sorted({tier, *TIERS})},
        starts_at=starts_at,
        ends_at=_end(scene.house, zone_of(a_round), starts_at, audience),
        lacking=tuple(lacking_templates(scene, audience)),
        cost=None
        if messages is None or round_id is None
        else Cost(
            messages.budget,
            spent(scene.db, round_id, messages),
            messages.cost(outside, whatsapp - outside),
        ),
    )


def spent(db: Connection, round_id: int, messages: MessageBudget) -> Money:
    """Return what the messages that we began on WhatsApp have cost in a round.

    Those that a provider took, templates and free texts by their own prices. Replies
    are not counted, nor what was pulled by her own message.
    """
    is_template = OutboundMessage.template.is_not(None)
    taken = (
        select(is_template.label("template"), func.count().label("messages"))
        .where(
            OutboundMessage.priority == PUSH,
            OutboundMessage.sent_at.is_not(None),
            OutboundMessage.channel == LIMITED,
            OutboundMessage.round_id == round_id,
            OutboundMessage.delivery.in_(_TAKEN),
        )
        .group_by(is_template)
    )
    counted = {bool(row.template): row.messages for row in db.execute(taken)}
    return messages.cost(counted.get(True, 0), counted.get(False, 0))


def _by(name: str, groups: tuple[Group, ...]) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for each in groups:
        counted[getattr(each, name)] += each.people
    return dict(counted.most_common())


def _lost(audience: Audience) -> Mapping[str, int]:
    lost = tuple(each for each in audience.groups if each.lost != REACHED)
    return _by("lost", lost)


def _end(house: House, zone: str, start: datetime, audience: Audience) -> datetime:
    """Return when the last one has her turn."""
    tier, opened = house.settings.whatsapp_tier, count(audience.opened)
    days, rest = divmod(max(0, opened - 1), tier)
    ends = [start]
    for channel, people in _by("channel", audience.reached).items():
        first_day = people
        if channel == LIMITED and days:
            first_day = people - opened + tier
            ends.append(
                awake(house, start + days * DAY, zone, rest * step(house, channel))
            )
        wait = (first_day - 1) * step(house, channel)
        ends.append(awake(house, start, zone, wait))
    return max(ends)
