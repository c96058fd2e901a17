"""The block VOTES: equal ballots are counted while it is read, so it may be long."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter

from tally.election import Ballot
from tally.pabulib.amounts import number
from tally.pabulib.document import Fault, Note
from tally.pabulib.rows import Block
from tally.settings import Measure

MOST_FAULTS = 50
COLUMNS = ("vote", "points", "voter_class", "voter_id")
NOWHERE = -1

Points = tuple[int | Fraction, ...]


@dataclass(slots=True)
class Box:
    """The ballots of a file, with how often each was cast."""

    names: dict[str, str]
    """The ids of the plans, by themselves: a million ballots share these."""

    measure: Measure
    counts: dict[Ballot, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    """The lines in which a voter is there for a second time."""

    @classmethod
    def of(cls, plans: Iterable[str], measure: Measure) -> "Box":
        """Return an empty box for these plans."""
        return cls({plan: plan for plan in plans}, measure)

    def take(self, block: Block) -> None:
        """Count the lines of the block, up to the fiftieth that cannot be read."""
        if self.measure is Measure.POINTS and "points" not in block.head:
            self.faults.append(Fault(0, "the head of VOTES has no column points"))
            return
        self.counts = Counter(self._ballots(block))

    def _ballots(self, block: Block) -> Iterator[Ballot]:
        head = block.head
        places = [head.index(name) if name in head else NOWHERE for name in COLUMNS]
        cells, width, voters = itemgetter(*places), len(head), set()
        for line, row in block.rows:
            if len(row) < width:
                row += [""] * (width - len(row))  # noqa: PLW2901 - in place
            row.append("")  # what is NOWHERE is found here
            vote, points, voter_class, voter = cells(row)
            if voter in voters:
                self.twice.append(line)
            elif voter:
                voters.add(voter)
            try:
                yield self._ballot(vote, points, voter_class)
            except ValueError as error:
                self.faults.append(Fault(line, str(error)))
                if len(self.faults) == MOST_FAULTS:
                    return

    def _ballot(self, vote: str, points: str, voters: str) -> Ballot:
        picks = self._picks(vote)
        if self.measure is not Measure.POINTS:
            return Ballot(picks, (), voters)
        given = self._points(points)
        if len(given) != len(picks):
            raise ValueError(f"{len(given)} numbers of points for {len(picks)} plans")
        return Ballot(picks, given, voters)

    def _picks(self, text: str) -> tuple[str, ...]:
        try:
            return tuple(map(self.names.__getitem__, text.split(",")))
        except KeyError:
            picks = [name for each in text.split(",") if (name := each.strip())]
            unknown = [name for name in picks if name not in self.names]
            if unknown:
                raise ValueError(f"there is no plan {unknown[0]}") from None
            return tuple(map(self.names.__getitem__, picks))

    def _points(self, text: str) -> Points:
        given = (number(each) for each in text.split(",") if each.strip())
        return tuple(int(n) if n.denominator == 1 else n for n in given)

    def notes(self, longest: int | None) -> list[Note]:
        """Tell what was odd, and counted all the same."""
        notes = []
        if self.twice:
            what = f"a voter is there again, and counts again; {len(self.twice)} such"
            notes.append(Note(self.twice[0], what))
        doubled = self._how_many(lambda picks: len(set(picks)) < len(picks))
        if doubled:
            what = f"a plan stands twice in a ballot, and counts twice; {doubled} such"
            notes.append(Note(0, what))
        over = self._how_many(
            lambda picks: longest is not None and len(picks) > longest
        )
        if over:
            what = f"a ballot names more than {longest} plans, and counts; {over} such"
            notes.append(Note(0, what))
        return notes

    def _how_many(self, is_odd: Callable[[tuple[str, ...]], bool]) -> int:
        return sum(count for each, count in self.counts.items() if is_odd(each.picks))
