"""One city and its judges: a request goes in, what is wrong with it comes out."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.services.outbox import Owed
from tests.fuzz.asking import Answer, Asked
from tests.fuzz.desk_judges import DESK_JUDGES
from tests.fuzz.judges import JUDGES, Finding, Judge, Seen, judged, said_in
from tests.fuzz.place import Place
from tests.fuzz.watch import Changes

BODIES, STRANGER = "bodies", "stranger"
MOST_SAID = 12


def _last_words() -> dict[str, deque[str]]:
    return defaultdict(lambda: deque(maxlen=MOST_SAID))


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one request."""

    answer: Answer
    changes: Changes
    findings: list[Finding]


@dataclass
class Court:
    """Hears requests one after the other.

    Without `judges` those of the request's kind sit. `told` hears of every answer to a
    resident.
    """

    place: Place
    judges: Mapping[str, Judge] | None = None
    told: Callable[[Owed], None] = lambda _: None
    _said: dict[str, deque[str]] = field(default_factory=_last_words)
    _known: set[Asked] = field(default_factory=set)
    _offered: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def hear(self, asked: Asked) -> Heard:
        """Send one request; return the answer, and what is wrong with all of it."""
        who = None
        if asked.is_genuine and (said := said_in(asked)):
            who, words = said
            self._said[who].append(_meant(words, self._offered.get(who, ())))
        answer = self.place.ask(asked)
        seen = Seen(
            self.place,
            asked,
            answer,
            self.place.watch.changes(),
            tuple(self._said[who]) if who else (),
            again=asked in self._known,
        )
        ours = DESK_JUDGES if asked.kind == "page" else JUDGES
        found = judged(seen, ours if self.judges is None else self.judges)
        if _is_taken(asked, answer):
            self._known.add(asked)
        for owed in self.place.handed_over():
            self._said.pop(owed.out.user_id, None)
            offered = tuple(each.id for each in owed.out.choices)
            self._offered[owed.out.user_id] = offered
            self.told(owed)
        return Heard(answer, seen.changes, found)


def _meant(words: str, offered: Sequence[str]) -> str:
    """Return what was said; a number by what stood there in the last answer as well."""
    number = words.strip()
    if number.isdecimal() and len(number) == 1 and 0 < int(number) <= len(offered):
        return f"{words} {offered[int(number) - 1]}"
    return words


def _is_taken(asked: Asked, answer: Answer) -> bool:
    """Tell whether a request was carried out, so that it counts once."""
    if not asked.is_genuine or asked.method != "POST" or asked.seal.startswith("desk"):
        return False
    if asked.path in {"/phone/leave", "/phone/back"} or asked.kind == "status":
        return False
    return answer.status in {200, 202}


def court_of(place: Place, what: str) -> Court:
    """Return the court for bodies, or for a role at its desk; she is logged in."""
    if what not in {BODIES, STRANGER}:
        place.log_in(what)
    return Court(place)


def replay(place: Place, what: str, requests: Sequence[Asked]) -> list[Finding]:
    """Send requests in their order; return all that the judges find."""
    court = court_of(place, what)
    return [finding for asked in requests for finding in court.hear(asked).findings]
