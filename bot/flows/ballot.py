"""The ballot of a talk: the paper she fills in, and how far she is."""

from bot.domain.ballots import BallotPaper
from bot.domain.facts import Facts
from bot.domain.rounds import Round
from bot.domain.say import N_, NN_, Button, Say
from bot.flows.state import Talk

READY = Button("done", Say(N_("I am ready")))


def tally(talk: Talk, paper: BallotPaper) -> list[Say]:
    """Say how many are chosen, as a label and a value."""
    count = len(talk.picks.numbers) if talk.picks else 0
    if not count:
        return []
    figures = {"count": count, "max": paper.max_picks}
    return [Say(N_("Chosen so far: %(count)s of %(max)s."), figures)]


def open_paper(talk: Talk, facts: Facts) -> tuple[Round | None, BallotPaper | None]:
    """Return the round she votes in and its ballot, as far as they are open."""
    slug = talk.picks.round if talk.picks else ""
    return facts.round(slug), facts.papers.get(slug)


def may_choose(most: int) -> Say:
    """Say how many plans one may choose."""
    one, many = NN_(
        "You may choose one plan.", "You may choose %(n)s plans. Fewer is fine."
    )
    return Say(one, {"n": most}, plural=many)
