"""Plans on and off a ballot, told back each time; nothing of it is sent yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.ballots import BallotPaper, Marked
from bot.domain.facts import Facts
from bot.domain.round_terms import Act
from bot.domain.say import N_, Button, Reply, Say
from bot.flows import walk
from bot.flows.ballot import open_paper, tally
from bot.flows.browse import ask_browse
from bot.flows.elsewhere import tell_where
from bot.flows.limits import ADD_OR_TAKE_OFF, balance_rows, lacking_row, remarks
from bot.flows.parts import BACK, menu_buttons, plan_row
from bot.flows.state import Browsing, ConfirmingVote, Picks, Talk, Turn, Voting, Walking
from bot.flows.talks import at, rest

SEND = Button("yes", Say(N_("Yes, send my vote")))
ALTER = Button("no", Say(N_("No, change it")))
AGAIN = Button("repeat", Say(N_("Listen again")))
HELP_CHOOSE = Button("vote:help", Say(N_("Help me choose")))
KNOW_NUMBERS = Button("vote:numbers", Say(N_("I know the numbers")))


def mark(talk: Talk, numbers: tuple[int, ...], facts: Facts, now: datetime) -> Turn:
    """Toggle plans on the ballot, say what became of each, and read it back."""
    a_round, paper = open_paper(talk, facts)
    if a_round is None or paper is None:
        return too_late(talk, facts, now)
    picks = talk.picks or Picks(paper.round)
    marked = paper.mark(picks.numbers, numbers)
    told = replace(talk, picks=replace(picks, round=paper.round, numbers=marked.picks))
    said = remarks(marked.faults, a_round, paper)
    if isinstance(talk.state, Browsing | Walking) and marked.added and not said:
        if paper.is_full(marked.picks):
            return read_back(told, (), facts, now)
        stay = _stay if isinstance(talk.state, Browsing) else _walk_on
        return stay(told, marked, paper, facts, now)
    unchanged = marked.picks == picks.numbers and not paper.is_full(marked.picks)
    if isinstance(talk.state, Walking) and unchanged:
        return _walk_by(told, marked, said, facts, now)
    if not marked.picks:
        return _nothing_chosen(told, said, balance_rows(paper, ()))
    return read_back(told, said, facts, now)


def _nothing_chosen(
    talk: Talk, said: tuple[Say, ...] = (), left: Sequence[Say] = ()
) -> Turn:
    says = (*said, Say(N_("No plan is chosen now.")), *left, _ask_numbers())
    reply = Reply(says, (HELP_CHOOSE, KNOW_NUMBERS, BACK))
    return Turn(at(talk, Voting()), [reply])


def _ask_numbers() -> Say:
    return Say(N_("Do you know the numbers? Say or type them."))


def _stay(
    talk: Talk, marked: Marked, paper: BallotPaper, facts: Facts, now: datetime
) -> Turn:
    """Stay in the list after a tap."""
    room = ask_browse(talk, facts, now)
    chosen = [Say(N_("You chose this plan:"))]
    chosen += [plan_row(plan) for plan in paper.titles(marked.added)]
    ready = [each for each in room.buttons if each.id in {"done", "more", "back"}]
    says = (*chosen, *tally(talk, paper))
    return Turn(talk, [Reply(says, tuple(ready), secret=True)])


def _walk_on(
    talk: Talk, marked: Marked, paper: BallotPaper, facts: Facts, now: datetime
) -> Turn:
    """Go on behind the plan she looks at, if that is what she chose."""
    del paper
    there = _behind(talk, marked.added, facts)
    return walk.chosen(there, marked.added[-1], facts, now)


def _walk_by(
    talk: Talk, marked: Marked, said: tuple[Say, ...], facts: Facts, now: datetime
) -> Turn:
    """Say why a plan stays off, and go on behind it: the walk is not over."""
    off = [fault.plan for fault in marked.faults if fault.plan is not None]
    there = _behind(talk, off, facts)
    return Turn(there, [walk.ask_walk(there, facts, now).after(*said)])


def _behind(talk: Talk, numbers: Sequence[int], facts: Facts) -> Talk:
    """Return the talk behind the plan she looks at, if that is one of these."""
    plan = walk.in_view(talk, facts)
    seen = plan is not None and plan.number in numbers
    return walk.past(talk, facts) if seen else talk


def read_back(talk: Talk, said: tuple[Say, ...], facts: Facts, now: datetime) -> Turn:
    """Read the ballot back behind what is said first; say so if it is empty."""
    if talk.picks is None or not talk.picks.numbers:
        return _nothing_chosen(talk, said)
    asked = at(talk, ConfirmingVote())
    question = ask_confirm(asked, facts, now)
    return Turn(asked, [replace(question.after(*said), secret=True)])


def ready(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Read the ballot back, or say that it is empty."""
    return read_back(talk, (), facts, now)


def ask_confirm(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Read the ballot back with titles; only yes sends it, once it holds enough."""
    del now
    _, paper = open_paper(talk, facts)
    picks = talk.picks.numbers if talk.picks else ()
    says = [Say(N_("This is what you chose:"))]
    if paper is not None:
        says += [plan_row(plan) for plan in paper.titles(picks)]
        says += balance_rows(paper, picks)
        if lacking := paper.lacking(picks):
            says += [lacking_row(lacking), ADD_OR_TAKE_OFF]
            return Reply(tuple(says), (HELP_CHOOSE, AGAIN, BACK), secret=True)
    says += [
        Say(N_("Is this your choice?")),
        Say(N_("To take off a plan, say its number again.")),
        Say(N_("Your vote counts only after you say yes.")),
    ]
    return Reply(tuple(says), (SEND, ALTER, AGAIN), secret=True)


def too_late(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Go to the menu: voting closed, or closed here, while she filled in her ballot."""
    closed = rest(replace(talk, picks=None))
    return Turn(closed, [say_closed(talk, facts, now)])


def say_closed(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Say that voting is over, or where it goes on, and that nothing more is sent."""
    nothing = Say(N_("Nothing more is sent."))
    a_round, _ = open_paper(talk, facts)
    if a_round is not None and a_round in facts.elsewhere(Act.VOTE, now):
        where = tell_where(Act.VOTE, (a_round,), facts, now)
        return replace(where, says=(where.says[0], nothing, *where.says[1:]))
    says = (Say(N_("Voting is closed.")), nothing)
    return Reply(says, menu_buttons(facts, now))
