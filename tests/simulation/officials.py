"""Officials: they publish, decide, ask, tell everybody, and settle what is in doubt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from bot.domain.plans import Status
from bot.services import accounts
from bot.services.answers import FaultyCallError, NotNowError
from bot.services.awaiting import release
from bot.services.broadcasts import Broadcast
from bot.services.checkins import Question
from bot.services.doubts import settle
from bot.services.hooks import StatusNews, accept
from bot.services.house import House, Scene
from bot.services.plans import publish
from bot.services.results import Decided, Results
from bot.services.segments import parse_segment
from bot.services.wordings import KINDS
from bot.store.civic import PlanRow, RoundRow, Task
from bot.store.outreach import Template
from tests.simulation.timeline import Timeline

WORDS = {"nl": "Wij kijken naar uw plan.", "en": "We look at your plan."}
LANGUAGES = ("nl", "en", "tr", "ar")
MEAN_HOURS = 2.0


@dataclass
class Officials:
    """Somebody at the municipality; `ask` runs something in one of our processes."""

    timeline: Timeline
    ask: Callable[[Callable[[House], object]], None]
    calls: int = 0
    resting: bool = False

    def begin(self) -> None:
        hours = self.timeline.random.expovariate(1 / MEAN_HOURS)
        self.timeline.after(hours * 3600, self._work)

    def _work(self) -> None:
        if self.resting:
            return
        works = (
            *(self._publish, self._publish, self._status, self._decide, self._ask),
            *(self._tell, self._settle, self._settle, self.resume),
        )
        self.ask(self.timeline.random.choice(works))
        self.begin()

    def _plans(self, house: House, *statuses: Status) -> list[Any]:
        columns = (PlanRow.number, RoundRow.slug, PlanRow.status)
        found = select(*columns).join(RoundRow, RoundRow.id == PlanRow.round_id)
        hers = found.where(PlanRow.resident_id.is_not(None))
        wanted = hers.where(PlanRow.status.in_([each.value for each in statuses]))
        rows = house.db.read(lambda db: db.execute(wanted.order_by(PlanRow.id)).all())
        return list(rows)

    def _some(self, house: House, *statuses: Status) -> list[Any]:
        rows = self._plans(house, *statuses)
        return self.timeline.random.sample(rows, min(len(rows), 4))

    def _accept(self, house: House, call: Any, name: str | None = None) -> None:
        """Make a call; now and then the same one comes twice."""
        self.calls += name is None
        name = name or f"call-{self.calls}"
        if self.timeline.chance(0.2):
            seconds = self.timeline.between(0, 90)
            again = lambda: self.ask(lambda other: self._accept(other, call, name))  # noqa: E731
            self.timeline.after(seconds, again)
        try:
            accept(house, name, call)
        except (FaultyCallError, NotNowError):
            return

    def _publish(self, house: House) -> None:
        for plan in self._some(house, Status.RECEIVED):
            number, now = plan.number, house.clock()
            titles = {"nl": f"Plan {number}", "tr": f"Plan {number}"}
            house.db.run(
                lambda db, number=number, now=now, titles=titles: publish(  # type: ignore[misc]
                    Scene(house, db, now), number, titles, "official"
                )
            )

    def _status(self, house: House) -> None:
        for plan in self._some(house, Status.PUBLIC, Status.CHOSEN)[:1]:
            chosen = plan.status == Status.CHOSEN.value
            status = Status.STARTED if chosen else Status.NEEDS_CHANGE
            self._accept(house, StatusNews(plan.number, status, WORDS))

    def _decide(self, house: House) -> None:
        plans = self._some(house, Status.PUBLIC, Status.NEEDS_CHANGE)
        if not plans:
            return
        slug = plans[0].slug
        outcomes = (Status.CHOSEN, Status.INFEASIBLE, Status.BELOW_THRESHOLD)
        choose = self.timeline.random.choice
        decided = tuple(
            Decided(each.number, choose(outcomes), WORDS)
            for each in plans
            if each.slug == slug
        )
        self._accept(house, Results(slug, choose(("provisional", "final")), decided))

    def _ask(self, house: House) -> None:
        plans = self._some(house, Status.CHOSEN, Status.STARTED)
        if plans:
            numbers = tuple(each.number for each in plans)
            self._accept(house, Question(WORDS, numbers))

    def _tell(self, house: House) -> None:
        """Write to many, but not so often that they wait for weeks."""
        if not self.timeline.chance(0.25):
            return
        words = ("all", "all", "all locale=nl", "authors")
        segment = parse_segment(self.timeline.random.choice(words))
        self._accept(house, Broadcast(segment, WORDS))

    def _settle(self, house: House) -> None:
        """See to one thing that is in doubt."""
        open_task = select(Task.id).where(Task.kind == "unsure", Task.done_at.is_(None))
        task = house.db.read(lambda db: db.scalar(open_task.limit(1)))
        if task is not None:
            settle(house, task, "official", arrived=self.timeline.chance(0.5))

    def resume(self, house: House) -> None:
        house.db.run(lambda db: accounts.resume(db, "whatsapp"))

    def approve(self, house: House) -> None:
        """Let all templates be approved, and what waited for them go."""
        house.db.run(lambda db: db.execute(insert(Template), _templates(house)))
        release(house)


def _templates(house: House) -> list[dict[str, Any]]:
    now = house.clock()
    return [
        {
            "kind": kind,
            "language": language,
            "digest": f"{kind}-{language}",
            "sid": f"HX{kind}{language}",
            "slots": ["words"],
            "approval": "approved",
            "created_at": now,
        }
        for kind in KINDS
        for language in LANGUAGES
    ]
