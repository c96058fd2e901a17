"""A rehearsal: test voters vote in a copy of a round, which is thrown away afterwards.

The copy is a database of its own in a temporary folder, with the round and the plans on
its ballot and nobody else. Voters talk to the bot as residents do; nothing is sent.
Where the round asks for a pass, each shows a test pass that only the copy knows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.domain.ballots import BallotPaper
from bot.domain.languages import LANGUAGES
from bot.domain.messages import Content, Inbound, Sender, Tap, Text
from bot.domain.passes import LENGTHS, TOKEN_MARK, PassClass, PassState
from bot.domain.plans import Status
from bot.domain.rounds import Phase, Round
from bot.meters import Meters
from bot.services.catalog import CatalogCache
from bot.services.freezing import freeze
from bot.services.house import House, Scene
from bot.services.inbound import take_in
from bot.services.outbox import Owed
from bot.services.pass_register import Letter, Making, make_passes
from bot.services.rounds import RoundError
from bot.store.civic import BallotRow, PlanRow, RoundRow
from bot.store.database import Database
from bot.store.media import FolderMedia
from bot.store.migrating import migrate

CHANNEL, BY = "web", "rehearsal"
_WORDS: Mapping[str, str] = {"nl": "stem", "en": "vote", "tr": "oy", "ar": "تصويت"}


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How it went: ballots taken in, votes by plan, the hash, and what was wrong."""

    voters: int
    ballots: int
    votes: Mapping[int, int]
    hash: str
    faults: tuple[str, ...] = ()


@dataclass
class _Stage:
    """The copied city: its clock stands where it is put, its postman sends nothing."""

    now: datetime
    name: str = BY
    serial: int = 0
    passes: Sequence[Letter] = ()
    wrong: list[str] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def push(self, owed: list[Owed]) -> None:
        """Leave it in the outbox of the copy."""

    def room(self) -> int:
        """Return that nothing more is taken."""
        return 0

    def holds(self, row: int) -> bool:  # noqa: ARG002 - as every postman
        """Return that nothing is held."""
        return False

    def close(self) -> None:
        """Nothing is on its way."""


def rehearse(house: House, slug: str, voters: int) -> Rehearsed:
    """Let so many test voters vote in a copy of a round, count, and throw it away.

    Nothing is written to the house's own database. Raises RoundError for an unknown
    round, one without a day of voting, and one with no plan on its ballot.
    """
    a_round, paper, rows = house.db.read(lambda db: _original(house, db, slug))
    opens = a_round.start_of(Phase.VOTING)
    if opens is None or a_round.closes_at is None:
        raise RoundError(f"{slug} has no days of voting")
    with TemporaryDirectory(prefix="buurtstem-rehearsal-") as folder:
        stage = _Stage(opens)
        copy = _copy(house, Path(folder), stage)
        try:
            digest = copy.db.run(lambda db: _fill(db, rows, slug, opens))
            if a_round.asks_pass:
                stage.passes = _test_passes(copy, slug, voters + 1, opens)
            return _play(copy, stage, paper, voters, a_round.closes_at, digest)
        finally:
            copy.db.close()
            copy.media.close()


def _original(
    house: House,
    db: Connection,
    slug: str,
) -> tuple[Round, BallotPaper, tuple[dict[str, Any], Sequence[dict[str, Any]]]]:
    view = house.catalog.view(db)
    paper = (view.papers or {}).get(slug)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        raise RoundError(f"there is no round {slug}")
    if a_round.before:
        raise RoundError(f"{slug} has no plans of its own: rehearse {a_round.before}")
    if paper is None:
        raise RoundError(f"no plan is on the ballot of {slug} yet")
    numbers = [plan.number for plan in paper.plans]
    row = db.execute(select(RoundRow.__table__).where(RoundRow.slug == slug)).one()
    plans = db.execute(select(PlanRow.__table__).where(PlanRow.number.in_(numbers)))
    return a_round, paper, (row._asdict(), [each._asdict() for each in plans])


def _copy(house: House, folder: Path, stage: _Stage) -> House:
    url = f"sqlite:///{folder / 'copy.db'}"
    migrate(url)
    return replace(
        house,
        settings=replace(house.settings, database_url=url),
        db=Database(url),
        media=FolderMedia(folder / "media"),
        channels={},
        clock=stage,
        postman=stage,
        catalog=CatalogCache(),
        transcriber=None,
        voice=None,
        meters=Meters(),
    )


def _fill(
    db: Connection,
    rows: tuple[dict[str, Any], Sequence[dict[str, Any]]],
    slug: str,
    now: datetime,
) -> str:
    """Write the round and its plans, without their authors, and open the vote."""
    a_round, plans = rows
    data = {**a_round["data"], "opened_at": None}
    db.execute(insert(RoundRow).values(a_round | {"data": data}))
    nobody = {"resident_id": None, "talk_id": None, "status": Status.ON_BALLOT.value}
    db.execute(insert(PlanRow), [each | nobody for each in plans])
    return freeze(db, slug, BY, now).hash


def _test_passes(copy: House, slug: str, many: int, now: datetime) -> Sequence[Letter]:
    """Make open test passes in the copy, one for each voter."""
    making = Making(slug, PassClass.TEST, many, LENGTHS[0], BY, PassState.OPEN)
    return copy.db.run(lambda db: make_passes(Scene(copy, db, now), making))


def _play(
    copy: House,
    stage: _Stage,
    paper: BallotPaper,
    voters: int,
    closes_at: datetime,
    digest: str,
) -> Rehearsed:
    expected: Counter[int] = Counter()
    for voter in range(voters):
        _vote(copy, stage, voter, _choice(paper, voter + 1))
        _vote(copy, stage, voter, _choice(paper, voter))  # a later ballot replaces it
        expected.update(_choice(paper, voter))
    stage.now = closes_at
    _vote(copy, stage, voters, _choice(paper, 0))
    picks = copy.db.read(lambda db: list(db.scalars(select(BallotRow.picks))))
    votes = Counter(number for each in picks for number in each)
    if len(picks) != voters:
        stage.wrong.append(f"{voters} voted, {len(picks)} ballots are there")
    if votes != expected:
        stage.wrong.append("the ballots do not hold what was chosen")
    return Rehearsed(voters, len(picks), dict(votes), digest, tuple(stage.wrong))


def _choice(paper: BallotPaper, voter: int) -> list[int]:
    """Return what a test voter chooses: as many as fit, each a plan further."""
    numbers = [plan.number for plan in paper.plans]
    first = voter % len(numbers)
    return sorted(paper.mark((), numbers[first:] + numbers[:first]).picks)


def _vote(copy: House, stage: _Stage, voter: int, numbers: Sequence[int]) -> None:
    """Choose a language, show a pass if one is asked for, name the plans, say yes."""
    language = LANGUAGES[voter % len(LANGUAGES)]
    word, plans = _WORDS[language], " ".join(map(str, numbers))
    said: list[Content] = [Tap(f"lang:{language}")]
    if stage.passes:
        shown = f"{word} {TOKEN_MARK}{stage.passes[voter].token}"
        said += [Text(shown), Text(plans), Tap("yes")]
    else:
        said += [Text(f"{word} {plans}"), Tap("yes")]
    for content in said:
        stage.serial += 1
        sender = Sender(f"test-{voter}")
        take_in(copy, Inbound(CHANNEL, f"{BY}-{stage.serial}", sender, content))
