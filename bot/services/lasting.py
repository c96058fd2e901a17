"""What still keeps the records of a round: what is open, waits, or is too young."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.domain.plans import Status
from bot.domain.rounds import Round
from bot.domain.spending import LineState
from bot.services.belonging import Roots, outbound_of, tasks_of
from bot.services.house import Scene
from bot.services.retiring import end_of_round
from bot.store.care import CareRow, Handover
from bot.store.changes import FreedAward, PlanChange
from bot.store.civic import PlanRow, Task
from bot.store.nights import DONE, DROPPED, Night, NightCorrection
from bot.store.outhooks import HookDispatch
from bot.store.outreach import PAUSED, RUNNING, Broadcast
from bot.store.passes import Seal
from bot.store.reviews import Review
from bot.store.spending import Spending
from bot.store.talks import OutboundMessage

PROPOSED = "proposed"


def reasons(scene: Scene, a_round: Round, roots: Roots) -> list[str]:
    """Return why the records of a round may not be destroyed now; none if they may."""
    return [
        *_too_young(scene, a_round),
        *_unsealed(scene, roots),
        *_leaning(scene, a_round),
        *_undone(scene, roots),
        *_open(scene, roots),
    ]


def _too_young(scene: Scene, a_round: Round) -> Iterator[str]:
    """Tell which day has to come first: every date of the round's retention."""
    end = end_of_round(a_round)
    if end is None or end > scene.now:
        yield "the round is not over"
        return
    until = end + timedelta(days=max(asdict(a_round.retention).values()))
    if until > scene.now:
        yield f"what it keeps of people is kept until {until:%Y-%m-%d}"


def _unsealed(scene: Scene, roots: Roots) -> Iterator[str]:
    known = select(Seal.round_id).where(Seal.round_id == roots.round)
    if scene.db.scalar(known) is None:
        yield f"its ballots are not sealed: buurtstem passes seal --round {roots.slug}"


def _leaning(scene: Scene, a_round: Round) -> Iterator[str]:
    for each in scene.house.catalog.view(scene.db).rounds:
        if each.before == a_round.slug:
            yield f"{each.slug} votes on its plans: destroy that round first"


def _undone(scene: Scene, roots: Roots) -> Iterator[str]:
    """Tell which chosen plans are neither done nor stopped."""
    underway = [Status.CHOSEN.value, Status.STARTED.value]
    plans = select(PlanRow.number).where(
        PlanRow.round_id == roots.round, PlanRow.status.in_(underway)
    )
    numbers = list(scene.db.scalars(plans.order_by(PlanRow.number)))
    if numbers:
        named = ", ".join(map(str, numbers))
        yield f"chosen plans are neither done nor stopped: {named}"


def _open(scene: Scene, roots: Roots) -> Iterator[str]:
    """Count what somebody still has to do, by kind."""
    for what, column, found in _waiting(roots):
        count = scene.db.scalar(select(func.count(column)).where(*found))
        if count:
            yield f"{what}: {count}"
    moves = select(Handover.moves).where(
        Handover.told_at.is_(None), Handover.undone_at.is_(None)
    )
    hers = [m for m in scene.db.scalars(moves) if any(p[0] in roots.plans for p in m)]
    if hers:
        yield f"hand-overs that people have not heard of: {len(hers)}"


def _waiting(roots: Roots) -> list[tuple[str, Any, tuple[Any, ...]]]:
    mine = roots.plans
    return [
        (
            "tasks that are open, appeals among them",
            Task.id,
            (tasks_of(roots), Task.done_at.is_(None)),
        ),
        (
            "plans that are looked after, with a next question",
            CareRow.plan_id,
            (CareRow.plan_id.in_(mine), CareRow.next_at.is_not(None)),
        ),
        (
            "payments that nobody has approved",
            Spending.id,
            (Spending.plan_id.in_(mine), Spending.state == LineState.WAITING.value),
        ),
        (
            "changes of plans that wait for a second official",
            PlanChange.id,
            (PlanChange.plan_id.in_(mine), PlanChange.state == PROPOSED),
        ),
        (
            "freed awards that wait for a second official",
            FreedAward.id,
            (FreedAward.round_id == roots.round, FreedAward.state == PROPOSED),
        ),
        (
            "reviews that wait for a second official",
            Review.id,
            (Review.plan_id.in_(mine), Review.state == PROPOSED),
        ),
        (
            "results nights under way",
            Night.id,
            (Night.id.in_(roots.nights), Night.state.not_in([DONE, DROPPED])),
        ),
        (
            "corrections of results that wait",
            NightCorrection.id,
            (
                NightCorrection.night_id.in_(roots.nights),
                NightCorrection.dropped_at.is_(None),
                NightCorrection.confirmed_at.is_(None),
            ),
        ),
        (
            "broadcasts under way",
            Broadcast.id,
            (
                Broadcast.id.in_(roots.broadcasts),
                Broadcast.state.in_([RUNNING, PAUSED]),
            ),
        ),
        (
            "messages that are still to be sent",
            OutboundMessage.id,
            (outbound_of(roots), OutboundMessage.delivery == "queued"),
        ),
        (
            "events that a system of the city has not taken",
            HookDispatch.id,
            (HookDispatch.event_id.in_(roots.events), HookDispatch.state == "owed"),
        ),
    ]
