"""Plans, supports and ballots, held against what residents said yes to."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bench.chaos.findings import BALLOT_TWICE, NOT_AS_AGREED, TURN_TWICE, Findings
from bench.chaos.leases import Eyes
from bench.chaos.town import Agreed
from bench.chaos.words import NAME
from bench.contestants import SECRET_KEY
from bot.domain.plans import SUPPORTABLE, Status
from bot.keys import derive_keys, keyed_hash
from bot.store.civic import BallotRow, Mark, PlanRow, RoundRow, Support
from bot.store.talks import Talk

VOTING_ROUND = "slotermeer-2026"

Who = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Before:
    """The demo as it was loaded: public plans with their supports, and the ballot."""

    supports: Mapping[int, int]
    on_paper: tuple[int, ...]

    @classmethod
    def read(cls, eyes: Eyes) -> "Before":
        """Return what the database holds now."""
        rows = eyes.rows(select(PlanRow.number, PlanRow.supports, PlanRow.status))
        open_for = [each for each in rows if Status(each.status) in SUPPORTABLE]
        paper = (each.number for each in rows if each.status == Status.ON_BALLOT)
        return cls(
            {each.number: each.supports for each in open_for}, tuple(sorted(paper))
        )


def check_civic(
    eyes: Eyes, agreed: Sequence[Agreed], before: Before, findings: Findings
) -> None:
    """Check plans, supports and ballots."""
    _check_plans(eyes, [each for each in agreed if each.what == "plan"], findings)
    supports = [each for each in agreed if each.what == "support"]
    _check_supports(eyes, supports, before, findings)
    ballots = defaultdict(list)
    for each in agreed:
        if each.what == "ballot":
            ballots[each.channel, each.address].append(each)
    _check_ballots(eyes, ballots, findings)


def _check_plans(eyes: Eyes, agreed: Sequence[Agreed], findings: Findings) -> None:
    """Check that each plan said yes to is stored once, and no other is."""
    stored: dict[str, list[int]] = defaultdict(list)
    for row in eyes.rows(select(PlanRow.number, PlanRow.text)):
        for name in set(NAME.findall(row.text)):
            stored[name].append(row.number)
    findings.figures["plans"] = len(stored)
    sure = {
        n: each for each in agreed if each.delivery.acknowledged for n in each.names
    }
    for name, each in sure.items():
        if name not in stored:
            said = f"{each.channel} {each.delivery.external_id}"
            findings.add(NOT_AS_AGREED, f"plan {name} is not there, yes was {said}")
    for name, numbers in stored.items():
        if len(numbers) > 1:
            findings.add(TURN_TWICE, f"plan {name} has numbers {numbers}")
    for name in stored.keys() - {n for each in agreed for n in each.names}:
        findings.add(NOT_AS_AGREED, f"nobody said yes to plan {name}")


def _check_supports(
    eyes: Eyes, agreed: Sequence[Agreed], before: Before, findings: Findings
) -> None:
    """Check that each support is there, and that the plans' own counts agree."""
    rows = eyes.rows(
        select(Talk.channel, Talk.address, PlanRow.number)
        .join(Support, Support.resident_id == Talk.resident_id)
        .join(PlanRow, PlanRow.id == Support.plan_id)
    )
    stored = {(each.channel, each.address, each.number) for each in rows}
    for each in agreed:
        wanted = (each.channel, each.address, each.numbers[0])
        if each.delivery.acknowledged and wanted not in stored:
            said = f"support of {wanted}, said in {each.delivery.external_id}"
            findings.add(NOT_AS_AGREED, f"{said}, is not there")
    counted = Counter(each.number for each in rows)
    for row in eyes.rows(select(PlanRow.number, PlanRow.supports)):
        expected = before.supports.get(row.number, 0) + counted[row.number]
        if row.number in before.supports and row.supports != expected:
            told = f"plan {row.number} counts {row.supports}, people are {expected}"
            findings.add(TURN_TWICE, told)
    findings.figures["supports"] = len(rows)


def _check_ballots(
    eyes: Eyes, agreed: Mapping[Who, Sequence[Agreed]], findings: Findings
) -> None:
    """Check that each voter has one ballot, the one she said yes to last."""
    voting = select(RoundRow.id).where(RoundRow.slug == VOTING_ROUND).scalar_subquery()
    rows = eyes.rows(
        select(BallotRow.voter, BallotRow.picks).where(BallotRow.round_id == voting)
    )
    stored: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        stored[row.voter].append(sorted(row.picks))
    findings.figures["ballots"] = len(rows)
    for who, votes in agreed.items():
        found = stored.pop(_voter(*who), [])
        if len(found) > 1:
            findings.add(BALLOT_TWICE, f"{who} has {len(found)} ballots")
        may = _may_hold(votes)
        if (found[0] if found else None) not in may:
            said = [each.delivery.external_id for each in votes]
            findings.add(NOT_AS_AGREED, f"ballot of {who}, said in {said}")
        findings.figures["ballots changed"] += len(votes) > 1
        findings.figures["ballots of uncertain yes"] += len(may) > 1
    for voter in stored:
        findings.add(NOT_AS_AGREED, f"nobody said yes to the ballot of {voter[:12]}")
    marks = len(eyes.rows(select(Mark.resident_id).where(Mark.round_id == voting)))
    if marks != len(rows):
        findings.add(BALLOT_TWICE, f"{len(rows)} ballots, {marks} who voted")


def _may_hold(votes: Sequence[Agreed]) -> list[list[int] | None]:
    """Return what the ballot may be: the last sure choice, or an unsure one after it.

    A yes that was never acknowledged may have counted all the same.
    """
    may: list[list[int] | None] = [None]
    for each in votes:
        picks = list(each.numbers)
        may = [picks] if each.delivery.acknowledged else [*may, picks]
    return may


def _voter(channel: str, address: str) -> str:
    """Return the keyed hash that a voter's ballot is found by."""
    keys = derive_keys(SECRET_KEY)
    return keyed_hash(keys.ballots, VOTING_ROUND, channel, address)
