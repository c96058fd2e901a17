"""The ballot of a talk: the paper she fills in, and how far she is."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ballots import BallotPaper
from bot.domain.facts import Facts
from bot.domain.money import Money
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Say
from bot.flows.limits import chosen_of, left_row
from bot.flows.state import Talk, behind, is_on_ballot

READY = Button("done", Say(N_("I am ready")))


def tally(talk: Talk, paper: BallotPaper) -> list[Say]:
    """Say how much is chosen, as a label and a value; of a sum, also what is left."""
    picks = talk.picks.numbers if talk.picks else ()
    if not picks:
        return []
    left = paper.left(picks)
    if left is not None:
        return [chosen_of(paper, picks), left_row(left)]
    figures = {"count": len(picks), "max": paper.max_picks}
    return [Say(N_("Chosen so far: %(count)s of %(max)s."), figures)]


def open_paper(talk: Talk, facts: Facts) -> tuple[Round | None, BallotPaper | None]:
    """Return the round she votes in and its ballot, as far as they are open."""
    slug = talk.picks.round if talk.picks else ""
    return facts.round(slug), facts.papers.get(slug)


def is_closed(talk: Talk, facts: Facts, now: datetime) -> bool:
    """Tell whether the ballot she fills in can no longer be sent, at least not here."""
    a_round, paper = open_paper(talk, facts)
    if a_round is None or paper is None or not a_round.takes_votes(now):
        return True
    return not a_round.allows(Act.VOTE, facts.channel)


@dataclass(frozen=True, slots=True)
class Balance:
    """How much of a sum is chosen on an open ballot, and the rows that say it."""

    spent: Money
    budget: Money
    says: tuple[Say, ...]


def balance(talk: Talk, facts: Facts, now: datetime) -> Balance | None:
    """Return the running balance; None unless she is at a ballot with a sum."""
    a_round, paper = open_paper(talk, facts)
    if talk.picks is None or paper is None or not is_on_ballot(behind(talk.state)):
        return None
    budget = paper.rules.budget
    if budget is None or a_round is None or not a_round.takes_votes(now):
        return None
    picks = talk.picks.numbers
    says = (chosen_of(paper, picks), left_row(budget - paper.cost(picks)))
    return Balance(paper.cost(picks), budget, says)
