"""An election to a file that reads back as the same one."""

from collections.abc import Iterable, Iterator

from tally.election import Ballot
from tally.pabulib.amounts import amount, written
from tally.pabulib.document import Document, Fault, PabulibError
from tally.pabulib.naming import meta_of, unwritable
from tally.settings import Measure

_NEEDS_QUOTES = frozenset(';"\r\n')
_NOT_IN_ID = frozenset(',;\r\n"')


def write(document: Document) -> Iterator[str]:
    """Yield the lines of a file, each with its end.

    Plans stand in the order in which ties favour them, ballots sorted by what is on
    them and numbered anew: no order of casting, and no voter, can be told from them.
    Raises PabulibError for names that could not be read back.
    """
    faults = list(_faults(document))
    if faults:
        raise PabulibError(faults)
    yield from _block("META", _meta(document))
    yield from _block("PROJECTS", _projects(document))
    yield from _block("VOTES", _votes(document))


def _block(name: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"{name}\n"
    for row in rows:
        yield ";".join(map(_cell, row)) + "\n"


def _cell(text: str) -> str:
    """Return a value in quotes if it would be read as something else without."""
    if _NEEDS_QUOTES.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def _meta(document: Document) -> Iterator[tuple[str, str]]:
    election = document.election
    yield "key", "value"
    counted = {
        "num_projects": str(len(election.plans)),
        "num_votes": str(election.ballots_cast),
        "budget": amount(election.budget),
    }
    yield from ({**document.about, **counted} | meta_of(document.settings)).items()


def _projects(document: Document) -> Iterator[list[str]]:
    plans = {plan.id: plan for plan in document.election.plans}
    has_themes = any(plan.theme for plan in plans.values())
    has_authors = document.settings.per_author is not None
    head = ["project_id", "cost", "name"]
    yield head + ["category"] * has_themes + ["author"] * has_authors
    for name in document.settings.ties.ids:
        plan = plans[name]
        row = [name, amount(plan.cost), document.titles.get(name, "")]
        yield row + [plan.theme] * has_themes + [plan.author] * has_authors


def _votes(document: Document) -> Iterator[list[str]]:
    ballots = document.election.ballots
    has_points = document.settings.measure is Measure.POINTS
    has_classes = any(ballot.voters for ballot in ballots)
    head = ["voter_id", "vote"]
    yield head + ["points"] * has_points + ["voter_class"] * has_classes
    number = 0
    for ballot in sorted(ballots):
        row = [",".join(ballot.picks), *_points(ballot, has_points)]
        row += [ballot.voters] * has_classes
        for _ in range(ballots[ballot]):
            number += 1
            yield [str(number), *row]


def _points(ballot: Ballot, has_points: bool) -> list[str]:  # noqa: FBT001
    return [",".join(map(written, ballot.points))] if has_points else []


def _faults(document: Document) -> Iterator[Fault]:
    for plan in document.election.plans:
        if not plan.id or plan.id != plan.id.strip() or _NOT_IN_ID & set(plan.id):
            yield Fault(0, f"{plan.id!r} cannot be the id of a plan in a file")
        names = (plan.theme, plan.author)
        for name in names:
            if name != name.strip():
                yield Fault(0, f"{name!r} begins or ends with a space")
    for name in unwritable(document.settings):
        yield Fault(0, f"{name!r} cannot be the name of a theme or class in a file")
