"""The same words owed to many people, at a pace the channels allow."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.config import Settings
from bot.domain.kinds import BROADCAST
from bot.domain.languages import Texts
from bot.domain.rounds import Round
from bot.domain.say import N_, Free, Local, Reply, Say
from bot.services.answers import Answer
from bot.services.holding import Campaign
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.services.segments import Segment, find_readers

DAY_SECONDS = 86_400
AT = "data.at"
_NOWHERE = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A call that sends one text to a segment; `at` (aware) is not before now."""

    segment: Segment
    text: Texts
    at: datetime | None = None


def send(scene: Scene, broadcast: Broadcast, call: str) -> Answer:
    """Owe the text once to each person; `call` makes the messages unique.

    Raises FaultyCallError for a plan or an area that is not there.
    """
    answer = Answer()
    a_round = _round(scene, broadcast.segment)
    telling = Telling(scene, a_round.zone if a_round else _NOWHERE)
    campaign = Campaign(telling, f"cast:{call}", answer)
    news = News(_reply(broadcast.text, a_round), _letter(broadcast.text, a_round))
    start = _start(scene, broadcast, answer)
    readers = find_readers(scene, broadcast.segment)
    for reader, pace in paced(readers, scene.house.settings):
        campaign.tell(reader, news, after=start + pace)
    return answer


def _round(scene: Scene, segment: Segment) -> Round | None:
    """Return the round of the area, else the first: whose time and city are meant."""
    rounds = scene.house.catalog.view(scene.db).rounds
    named = [each for each in rounds if each.slug == segment.area]
    return next(iter(named or rounds), None)


def _start(scene: Scene, broadcast: Broadcast, answer: Answer) -> float:
    """Return in how many seconds the first message goes."""
    if broadcast.at is None:
        return 0
    seconds = (broadcast.at - scene.now).total_seconds()
    if seconds < 0:
        answer.warn(AT, "is in the past: sent now")
    return max(0.0, seconds)


def _reply(text: Texts, a_round: Round | None) -> Reply:
    """Say who writes, then the words, then how to be left in peace."""
    city = {"city": Free(a_round.municipality)} if a_round else None
    sender = (
        [Say(N_("A message from the municipality of %(city)s:"), city)] if city else []
    )
    words = Say(N_("%(words)s"), {"words": Local(text)})
    leave = Say(N_("No more messages? Type or say: stop."))
    return Reply((*sender, words, leave))


def _letter(text: Texts, a_round: Round | None) -> Letter:
    city = Free(a_round.municipality) if a_round else Free("")
    return Letter(BROADCAST, {"city": city, "words": Local(text)})


def paced(
    readers: Iterable[Row[Any]], settings: Settings
) -> Iterator[tuple[Row[Any], float]]:
    """Yield each reader with the seconds to wait for her turn on her channel.

    WhatsApp also limits how many people may be written to in a day.
    """
    places: Counter[str] = Counter()
    for reader in readers:
        place = places[reader.channel]
        places[reader.channel] += 1
        if reader.channel == "telegram":
            yield reader, place / settings.telegram_per_second
        elif reader.channel == "whatsapp":
            days, rest = divmod(place, settings.whatsapp_tier)
            yield reader, days * DAY_SECONDS + rest / settings.whatsapp_per_second
        else:
            yield reader, 0.0
