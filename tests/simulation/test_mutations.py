"""The simulation bites: each rule, broken on purpose, is what it then blames."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from bot import worker
from bot.domain.messages import RANK
from bot.services import (
    arriving,
    claims,
    fates,
    inbound,
    news,
    plan_effects,
    spreading,
    statuses,
    vote_effects,
)
from bot.services.inbound import take_in
from bot.services.sender import Sender
from bot.services.turning import take_turn
from bot.store import leases
from bot.store.civic import BallotRow
from bot.store.sealed import Safe
from tests.simulation import inbox, providers, residents, running
from tests.simulation.running import simulate

Patch = pytest.MonkeyPatch
DAY = timedelta(days=1)


def a_repeated_message_is_taken_in_again(patch: Patch) -> None:
    store, serial = arriving._store, count()

    def again(scene: Any, talk: Any, said: Any, stage: str, read: Any) -> int | None:
        other = replace(said, external_id=f"{said.external_id}~{next(serial)}")
        row = store(scene, talk, said, stage, read)
        return row if row is not None else store(scene, talk, other, stage, read)

    patch.setattr(arriving, "_store", again)


def a_turn_says_nothing(patch: Patch) -> None:
    serial = count(1)

    def some(*given: Any) -> Any:
        return take_turn(*given) if next(serial) % 20 else []

    patch.setattr(inbound, "take_turn", some)


def thanks_come_before_the_commit(patch: Patch) -> None:
    """A process keeps in memory what it takes in, and stores it with the next one."""
    waiting: dict[str, Any] = {}

    def later(house: Any, said: Any) -> bool:
        before, waiting[house.postman.name] = waiting.get(house.postman.name), said
        return before is None or take_in(house, before)

    patch.setattr(inbox, "take_in", later)


def nobody_is_asked_about_doubts(patch: Patch) -> None:
    patch.setattr(worker, "ask_about_doubts", lambda *_: 0)


def news_are_never_claimed(patch: Patch) -> None:
    patch.setattr(claims, "_claim_pushes", lambda *_: [])


def all_have_the_same_place(patch: Patch) -> None:
    def same(_: datetime, now: datetime, __: timedelta, most: int) -> list[datetime]:
        return [now + timedelta(seconds=0.2)] * min(most, 20)

    patch.setitem(running.SETTINGS, "telegram_per_second", 1.0)
    patch.setattr(claims, "places", same)


def a_status_may_move_back(patch: Patch) -> None:
    class Rising(dict[Any, int]):
        """Whatever is asked for next ranks higher."""

        serial = count()

        def __getitem__(self, _: object) -> int:
            return next(self.serial)

    patch.setattr(statuses, "RANK", Rising(RANK))


def nobody_minds_a_lease(patch: Patch) -> None:
    def free(now: datetime, _: timedelta) -> dict[str, datetime]:
        return {"lapsed": now + DAY, "latest": now}

    patch.setattr(claims, "free_at", free)


def providers_are_slow(patch: Patch) -> None:
    patch.setattr(providers, "_latency", lambda time: time.between(11, 12.8))


def a_lease_ends_by_any_clock(patch: Patch) -> None:
    providers_are_slow(patch)
    patch.setattr(leases, "LONGER", timedelta(0))


def the_last_goes_first(patch: Patch) -> None:
    push = Sender.push

    def backwards(sender: Sender, owed: list[Any]) -> None:
        push(sender, owed[::-1])

    patch.setattr(Sender, "push", backwards)


def there_is_no_night(patch: Patch) -> None:
    def at_once(_: Any, now: datetime, __: str, *, after: float = 0) -> datetime:
        return now + timedelta(seconds=after)

    for room in (fates, news, spreading):
        patch.setattr(room, "push_time", at_once)


def who_stopped_is_written_to(patch: Patch) -> None:
    class Willing:
        """A row of somebody who wants everything."""

        stopped_at = closed_at = None

        def __init__(self, row: Any) -> None:
            self._row = row

        def __getattr__(self, name: str) -> Any:
            return getattr(self._row, name)

    def decide(scene: Any, rows: Any) -> Any:
        willing: Any = [Willing(row) for row in rows]
        return fates.sort_out(scene, willing)

    patch.setattr(claims, "sort_out", decide)


def no_window_is_shut(patch: Patch) -> None:
    patch.setattr(fates, "is_shut", lambda *_: False)


def anybody_is_begun_with(patch: Patch) -> None:
    patch.setitem(running.SETTINGS, "whatsapp_tier", 1)
    patch.setattr(running, "APPROVED_AFTER", 0)
    patch.setattr(residents, "MEAN_HOURS", (90.0,))
    patch.setattr(fates._Openings, "wait_for", lambda *_: None)


def officials_write_every_day(patch: Patch) -> None:
    patch.setattr(spreading, "QUIET_DAYS", 0)


def an_earlier_ballot_stays(patch: Patch) -> None:
    serial = count()

    class Renamed:
        """Lets the earlier ballot be that of somebody nobody knows."""

        def rows(self, db: Any, ballot: dict[str, Any]) -> list[Any]:
            hers = update(BallotRow).where(BallotRow.voter == ballot["voter"])
            other = hers.values(voter=f"nobody-{next(serial)}")
            columns = (BallotRow.nonce, BallotRow.picks, BallotRow.place)
            return [tuple(row) for row in db.execute(other.returning(*columns))]

    patch.setattr(vote_effects, "_EARLIER_BALLOT", Renamed())


def another_ballot_is_kept(patch: Patch) -> None:
    write = vote_effects._BALLOT

    class Poorer:
        """Leaves out what she chose first."""

        def run(self, db: Any, ballot: dict[str, Any]) -> int:
            return write.run(db, ballot | {"picks": ballot["picks"][1:]})

    patch.setattr(vote_effects, "_BALLOT", Poorer())


def a_plan_is_stored_twice(patch: Patch) -> None:
    write, serial = plan_effects._NEW_PLAN, count(-1, -1)

    class Twice:
        """Writes a second plan with the same words."""

        def value(self, db: Any, plan: dict[str, Any]) -> Any:
            write.value(db, plan | {"number": next(serial)})
            return write.value(db, plan)

    patch.setattr(plan_effects, "_NEW_PLAN", Twice())


def a_process_writes_in_clear(patch: Patch) -> None:
    patch.setattr(Safe, "writes", property(lambda _: False))


BROKEN: dict[Callable[[Patch], None], tuple[str, int]] = {
    a_repeated_message_is_taken_in_again: ("turn", 300),
    a_turn_says_nothing: ("turn", 300),
    thanks_come_before_the_commit: ("kept", 300),
    nobody_is_asked_about_doubts: ("owed", 300),
    news_are_never_claimed: ("owed", 300),
    all_have_the_same_place: ("pace", 1500),
    a_status_may_move_back: ("status", 300),
    nobody_minds_a_lease: ("once", 300),
    a_lease_ends_by_any_clock: ("once", 300),
    the_last_goes_first: ("order", 300),
    there_is_no_night: ("quiet", 1500),
    who_stopped_is_written_to: ("wanted", 1500),
    no_window_is_shut: ("window", 1500),
    anybody_is_begun_with: ("tier", 600),
    officials_write_every_day: ("campaign", 1500),
    an_earlier_ballot_stays: ("ballot", 1500),
    another_ballot_is_kept: ("ballot", 300),
    a_plan_is_stored_twice: ("plan", 300),
    a_process_writes_in_clear: ("sealed", 60),
}
"""What is broken: the rule it is against, and how many messages show it."""

SEEDS = range(1, 25)
"""Tried one after the other: not every city is asked for everything."""


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.__name__)
def test_a_broken_promise_is_blamed(
    broken: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    rule, messages = BROKEN[broken]
    broken(monkeypatch)
    reports = (simulate(seed, messages) for seed in SEEDS)
    assert next((each.blamed for each in reports if each.blamed), None) == {rule}


def test_slow_providers_and_clocks_that_lie_apart_are_no_fault(
    monkeypatch: Patch,
) -> None:
    providers_are_slow(monkeypatch)
    assert simulate(1, 300).violations == []
