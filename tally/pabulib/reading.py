"""A file to an election and its settings; every fault is named with its place."""

from collections.abc import Iterable
from pathlib import Path

from tally.election import Election
from tally.pabulib.amounts import cents, whole
from tally.pabulib.ballots import Box
from tally.pabulib.document import Document, Fault, Note, PabulibError
from tally.pabulib.naming import SETTING_KEYS, Meta, meta_of, settings_of
from tally.pabulib.plans import Listing
from tally.pabulib.rows import Block, blocks
from tally.settings import Measure, Settings
from tally.totals import totals_of


def read_file(path: Path) -> Document:
    """Read a file. Raises PabulibError, and OSError if it cannot be opened."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read(lines)
    except UnicodeDecodeError as error:
        what = f"the file is not in UTF-8 (its byte {error.start})"
        raise PabulibError([Fault(0, what)]) from error


def read(lines: Iterable[str]) -> Document:
    """Read the lines of a file. Raises PabulibError with all that is wrong in it.

    What is odd and can be counted all the same is told in the document's notes.
    """
    taken = blocks(lines)
    meta = _meta(next(taken))
    listing = Listing.read(next(taken), meta.theme_column)
    settings = settings_of(meta, tuple(listing.plans))
    budget = _budget(meta)
    box = Box.of(listing.plans, settings.measure)
    box.take(next(taken))
    next(taken, None)
    if faults := [*meta.faults, *listing.faults, *box.faults]:
        raise PabulibError(faults)
    election = Election(budget, tuple(listing.plans.values()), box.counts)
    notes = [*meta.notes, *box.notes(meta.read("max_length", whole, None))]
    notes += _counted_otherwise(meta, listing, election, settings)
    told = SETTING_KEYS | meta_of(settings).keys()
    about = {key: value for key, value in meta.values.items() if value}
    about = {key: value for key, value in about.items() if key not in told}
    return Document(
        election, settings, listing.titles, about, listing.selected, tuple(notes)
    )


def _meta(block: Block) -> Meta:
    values, lines = {}, {}
    for line, cells in block.cells():
        key = cells["key"].strip().lower()
        values[key], lines[key] = cells["value"].strip(), line
    return Meta(values, lines)


def _budget(meta: Meta) -> int:
    if not meta.values.get("budget"):
        meta.fault("budget", "there is none")
    return meta.read("budget", cents, 0)


def _counted_otherwise(
    meta: Meta, listing: Listing, election: Election, settings: Settings
) -> list[Note]:
    """Compare what the file says was counted with what its ballots give."""
    notes = []
    said = meta.read("num_votes", whole, None)
    if said is not None and said != election.ballots_cast:
        found = f"num_votes says {said}, there are {election.ballots_cast} ballots"
        notes.append(Note(meta.lines["num_votes"], found))
    is_score = settings.measure is not Measure.VOTES
    column = listing.scores if is_score else listing.votes
    totals = totals_of(election, settings)
    apart = [plan for plan, said in column.items() if totals[plan] != said[0]]
    if apart:
        said_total, line = column[apart[0]]
        what = (
            f"plan {apart[0]} should have {said_total}, its ballots give "
            f"{totals[apart[0]]}; {len(apart)} plans differ, the ballots count"
        )
        notes.append(Note(line, what))
    return notes
