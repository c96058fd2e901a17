"""When each of many people gets a message that we begin: her place in the pace."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.accounts import apart
from bot.services.house import House
from bot.services.news import push_time

OPENED = "opened"
"""Counts whom we write to first, which the provider allows for so many in a day."""

LIMITED = "whatsapp"
NO_TIME, DAY = timedelta(0), timedelta(days=1)


@dataclass(slots=True)
class Spacing:
    """Gives away the places of a broadcast that begins at `start`.

    `given` counts those given away before, so that any process can go on.
    """

    house: House
    zone: str
    start: datetime
    given: Counter[str] = field(default_factory=Counter)

    def place(self, channel: str, *, shut: bool) -> datetime:
        """Return when the next one on `channel` has her turn, outside quiet hours.

        `shut` tells that she has to be written to first: those who are too many for a
        day come on the next ones.
        """
        days = 0
        turn = self.given[channel]
        if shut and channel == LIMITED:
            days, first = divmod(self.given[OPENED], self._tier)
            self.given[OPENED] += 1
            turn = first if days else turn
        if not days:
            self.given[channel] += 1
        wait = turn * step(self.house, channel)
        return awake(self.house, self.start + days * DAY, self.zone, wait)

    @property
    def _tier(self) -> int:
        return self.house.settings.whatsapp_tier


def step(house: House, channel: str) -> timedelta:
    """Return how far apart messages that we begin are on `channel`."""
    return apart(house.settings, channel) or NO_TIME


def awake(house: House, start: datetime, zone: str, wait: timedelta) -> datetime:
    """Return the moment that lies `wait` after `start`; quiet hours do not count."""
    quiet = house.settings.quiet_hours
    at = push_time(house, start, zone)
    while quiet and (evening := _next(at, quiet.start, zone)) <= at + wait:
        wait -= evening - at
        at = push_time(house, evening, zone)
    return at + wait


def _next(after: datetime, moment: time, zone: str) -> datetime:
    """Return the next time it is `moment` in `zone`."""
    local = after.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=local.time() >= moment)
    return datetime.combine(day, moment, ZoneInfo(zone))
