"""A counted result, kept and public: counted once, read by everybody from then on.

This publishes the count. What becomes of the plans, and telling their authors, is for
officials to decide after it (`bot.services.results`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from bot.domain.languages import LANGUAGES, Texts
from bot.domain.rounds import Round
from bot.services.canonical import canonical, hash_of
from bot.services.chaining import LAST_COMMITS, chain_ballots, end_of
from bot.services.count_json import outcome_from_json, outcome_to_json
from bot.services.events import tell_result
from bot.services.freezing import frozen, lock_round
from bot.services.house import House, Scene
from bot.services.tallying import Counted, count_round
from bot.services.turnout import (
    PublicTurnout,
    published_turnout,
    turnout_from_json,
    turnout_to_json,
)
from bot.store.chain import ChainRow
from bot.store.civic import PlanRow
from bot.store.passes import Seal
from bot.store.results import ResultRow
from tally import Measure, Outcome

FORMAT = 1
MOST_REASON = 240


class PublishError(ValueError):
    """A result cannot be published, or not yet; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """Who publishes which round's result. `seed` is the public number of its lot.

    `by` are two people in one line of the trail, `reason` why a count is corrected.
    """

    slug: str
    by: str
    seed: str | None = None
    reason: Texts | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A published result. `body` is canonical JSON, the very text `hash` is of."""

    version: int
    at: datetime
    hash: str
    body: str
    reason: Texts

    @property
    def data(self) -> Mapping[str, Any]:
        """What was published, read from its text."""
        read: Mapping[str, Any] = json.loads(self.body)
        return read

    @property
    def onward(self) -> list[Mapping[str, Any]]:
        """To whom money went that became free after it, oldest first."""
        return list(self.data.get("onward", []))

    def outcome(self) -> Outcome:
        """Return the count as it was."""
        data = self.data
        totals = {str(each["number"]): each["votes"] for each in data["plans"]}
        return outcome_from_json({**data, "totals": totals}, Measure(data["measure"]))

    def turnout(self) -> PublicTurnout:
        """Return the turnout that was published with it."""
        return turnout_from_json(self.data["turnout"])


def publish_result(house: House, order: Publishing) -> tuple[Published, bool]:
    """Count a round and publish the result; tell whether that is a new version.

    Commits. The same count again changes nothing. Raises TallyError where counting
    does, PublishError for a vote that was never opened, before the chain is closed or
    the ballots are sealed (where passes are asked), and for another count than the
    published one without a reason.
    """
    _check_reason(order.reason or {})
    counted = count_round(house, order.slug, order.seed)
    while chain_ballots(house):
        pass
    now = house.clock()
    return house.db.run(lambda db: _publish(Scene(house, db, now), order, counted))


def _publish(
    scene: Scene, order: Publishing, counted: Counted
) -> tuple[Published, bool]:
    db = scene.db
    round_id = lock_round(db, order.slug).id
    place = check_countable(db, round_id, counted.a_round)
    last = published(db, round_id)
    since = last.onward if last else []
    whole = _body(db, round_id, counted, order.seed, place)
    body = canonical({**whole, "onward": since} if since else whole)
    if last is not None and last.body == body:
        return last, False
    if last is not None and not order.reason:
        raise PublishError(
            f"Another result of {order.slug} was published on {last.at:%Y-%m-%d %H:%M} "
            "UTC and stays. Nothing was changed. Give a --reason in each language, and "
            "this count becomes the next version beside it."
        )
    reason = dict(order.reason or {}) if last else {}
    made = _keep(scene, round_id, body, reason, order.by)
    _note_votes(db, round_id, counted.outcome)
    return made, True


def publish_onward(
    scene: Scene, round_id: int, step: Mapping[str, Any], reason: Texts, by: str
) -> Published:
    """Publish how a result goes on (`step`) as its next version, beside the others.

    The count in it stays what it was. The round is locked by the caller. Raises
    PublishError without a reason in each language, and where nothing is published.
    """
    last = published(scene.db, round_id)
    if last is None or not reason:
        raise PublishError("There is no result, or no reason, to go on with.")
    _check_reason(reason)
    body = canonical({**last.data, "onward": [*last.onward, dict(step)]})
    return _keep(scene, round_id, body, reason, by)


def _keep(scene: Scene, round_id: int, body: str, reason: Texts, by: str) -> Published:
    """Keep a body as the next version of a result."""
    db = scene.db
    newest = select(func.max(ResultRow.version)).where(ResultRow.round_id == round_id)
    version = 1 + (db.scalar(newest) or 0)
    made = Published(version, scene.now, hash_of(body), body, reason)
    values = {"round_id": round_id, "version": version, "at": scene.now}
    values |= {"by": by, "hash": made.hash, "body": body}
    values |= {"reason": dict(reason)} if reason else {}
    db.execute(insert(ResultRow).values(values))
    tell_result(db, round_id, version, made.hash, scene.now)
    return made


def check_countable(db: Connection, round_id: int, a_round: Round) -> int:
    """Return the last place of a round's chain.

    Raises PublishError before it is closed, for a vote that was never opened, and for
    ballots that are not sealed where passes are asked.
    """
    if a_round.waits_for_opening:
        raise PublishError(
            f"The vote of {a_round.slug} was never opened: there is nothing to publish."
        )
    place = _closed(db, round_id, a_round.slug)
    if a_round.asks_pass:
        _check_sealed(db, round_id, a_round.slug)
    return place


def _check_reason(reason: Texts) -> None:
    lacking = [each for each in LANGUAGES if not reason.get(each, "").strip()]
    if reason and lacking:
        raise PublishError(f"The reason is missing in: {', '.join(lacking)}.")
    if any(len(text) > MOST_REASON for text in reason.values()):
        raise PublishError(f"A reason holds at most {MOST_REASON} characters.")


def _closed(db: Connection, round_id: int, slug: str) -> int:
    place = end_of(db, round_id)
    if place is None:
        raise PublishError(
            f"The chain of {slug} is not closed yet: nothing was published. Try again "
            f"in {LAST_COMMITS.seconds // 60} minutes."
        )
    return place


def _check_sealed(db: Connection, round_id: int, slug: str) -> None:
    if db.scalar(select(Seal.round_id).where(Seal.round_id == round_id)) is None:
        raise PublishError(
            f"The ballots of {slug} are not sealed: nothing was published. First: "
            f"buurtstem passes seal --round {slug}"
        )


def _body(
    db: Connection, round_id: int, counted: Counted, seed: str | None, place: int
) -> Mapping[str, Any]:
    """Return what is published: no title, so that an author's words can be erased."""
    outcome, election = counted.outcome, counted.document.election
    told = outcome_to_json(outcome)
    totals = told.pop("totals")
    plans = [
        {
            "number": int(plan.id),
            "cost_cents": plan.cost,
            "theme": plan.theme or None,
            "votes": totals[plan.id],
            "chosen": plan.id in outcome.chosen,
        }
        for plan in election.plans
    ]
    kept = frozen(db, round_id)
    last = select(ChainRow.value).where(
        ChainRow.round_id == round_id, ChainRow.place == place
    )
    turnout = published_turnout(db, round_id, election.ballots_cast)
    return {
        **told,
        "format": FORMAT,
        "round": counted.a_round.slug,
        "measure": outcome.measure.value,
        "budget_cents": election.budget,
        "lot": seed,
        "plans": plans,
        "turnout": turnout_to_json(turnout),
        "settings_hash": kept.hash if kept else None,
        "chain": {"entries": place, "value": db.scalar(last)},
    }


def _note_votes(db: Connection, round_id: int, outcome: Outcome) -> None:
    """Keep each plan's votes beside it, for its author and for open data."""
    for plan, total in outcome.totals.items():
        if isinstance(total, int):
            mine = update(PlanRow).where(
                PlanRow.round_id == round_id, PlanRow.number == int(plan)
            )
            db.execute(mine.values(votes=total))


def published(
    db: Connection, round_id: int, version: int | None = None
) -> Published | None:
    """Return a published result, the newest without `version`; None for none."""
    rows = _RESULTS.where(ResultRow.round_id == round_id)
    if version is not None:
        rows = rows.where(ResultRow.version == version)
    row = db.execute(rows.order_by(ResultRow.version.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def all_published(db: Connection, round_id: int) -> list[Published]:
    """Return every version of a round's result, oldest first."""
    rows = _RESULTS.where(ResultRow.round_id == round_id)
    return [_read(row) for row in db.execute(rows.order_by(ResultRow.version))]


_RESULTS: Any = select(
    ResultRow.version, ResultRow.at, ResultRow.hash, ResultRow.body, ResultRow.reason
)


def _read(row: Any) -> Published:  # noqa: ANN401 - a row
    return Published(row.version, row.at, row.hash, row.body, row.reason or {})
