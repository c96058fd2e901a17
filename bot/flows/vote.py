"""Voting: name plans by number or tap, hear them back; nothing counts before yes.

Where a round asks for a voting pass, that comes first (`bot.flows.passes`).
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.effects import CastBallot, DropMedia, Effect
from bot.domain.facts import Admission, Facts
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Code, Local, Reply, Say
from bot.flows import checking, passes, walk
from bot.flows.ballot import READY, is_closed, open_paper
from bot.flows.browse import ask_browse, browse, next_page
from bot.flows.elsewhere import voting_not_open
from bot.flows.limits import (
    ADD_OR_TAKE_OFF,
    KEPT,
    limit_rows,
    not_sent,
)
from bot.flows.marking import (
    AGAIN,
    HELP_CHOOSE,
    KNOW_NUMBERS,
    mark,
    read_back,
    ready,
    too_late,
)
from bot.flows.parts import BACK, HOW_GOES, closing, menu_buttons, plan_row
from bot.flows.rounds import ask_round
from bot.flows.state import (
    Browsing,
    ChoosingRound,
    ConfirmingVote,
    Message,
    Picks,
    SeeingVote,
    Talk,
    Turn,
    Voting,
    Walking,
    behind,
    is_on_ballot,
)
from bot.flows.talks import at, rest
from bot.flows.themes import theme_meant

LEAVE_IT = Button("yes", Say(N_("Yes, leave it")))
ANEW = Button("no", Say(N_("No, choose anew")))
NEXT_PERSON = Button("vote:other", Say(N_("Another person votes")))


def begin(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Open the ballot of the round that is voting, or say when voting is.

    A pass that was shown before the language was known is looked at first.
    """
    if facts.admission is not None and passes.shown_pass(talk, message):
        return passes.judged(talk, facts.admission, facts, now, admitted)
    open_rounds = facts.voting(now)
    if not open_rounds:
        return voting_not_open(talk, facts, now)
    numbers = plan_numbers(message) or _wished(talk)
    slug = _round_meant(talk, numbers, open_rounds, facts)
    if slug is None:
        kept = replace(talk, picks=Picks("", numbers)) if numbers else talk
        asked = at(kept, ChoosingRound("vote"))
        return Turn(asked, [ask_round(asked, facts, now)])
    return round_chosen(talk, slug, numbers, facts, now)


def _wished(talk: Talk) -> tuple[int, ...]:
    """Return numbers said before the round was known: they wait without a round."""
    return talk.picks.numbers if talk.picks and not talk.picks.round else ()


def _round_meant(
    talk: Talk, numbers: tuple[int, ...], rounds: tuple[Round, ...], facts: Facts
) -> str | None:
    """Return the round she votes in: begun, the only one, or told by the numbers."""
    begun = talk.picks.round if talk.picks and talk.picks.numbers else ""
    if any(each.slug == begun for each in rounds):
        return begun
    if len(rounds) == 1:
        return rounds[0].slug
    papers = [facts.papers[each.slug] for each in rounds if each.slug in facts.papers]
    fitting = [p for p in papers if numbers and all(p.plan(n) for n in numbers)]
    return fitting[0].round if len(fitting) == 1 else None


def round_chosen(
    talk: Talk, slug: str, numbers: tuple[int, ...], facts: Facts, now: datetime
) -> Turn:
    """Open the ballot of this round; numbers said already are marked at once."""
    if slug in facts.me.voted_elsewhere:
        return _voted_elsewhere(talk, facts, now)
    if _lacks_pass(talk, slug, facts):
        if numbers and not (talk.picks and talk.picks.ticket):
            talk = replace(talk, picks=Picks(slug, numbers))
        return passes.ask(talk, slug)
    numbers = numbers or _wished(talk)
    begun = talk.picks if talk.picks and talk.picks.round == slug else Picks(slug)
    opened = at(replace(talk, picks=begun), Voting())
    if numbers:
        return mark(opened, numbers, facts, now)
    if begun.numbers:
        return read_back(opened, (), facts, now)
    if facts.earlier.get(slug):
        return _play_back(opened, facts, now, Say(N_("We have your vote.")))
    return Turn(opened, [ask_vote(opened, facts, now)])


def _lacks_pass(talk: Talk, slug: str, facts: Facts) -> bool:
    """Tell whether a pass has to be shown before the ballot of this round is open.

    Shown once, it counts while she is on the ballot. Whoever left the ballot shows it
    again: somebody else may have the phone now.
    """
    a_round = facts.round(slug)
    if a_round is None or not a_round.asks_pass:
        return False
    shown = talk.picks is not None and talk.picks.round == slug and talk.picks.ticket
    on_ballot = is_on_ballot(behind(talk.state))
    return not (shown and on_ballot)


def admitted(talk: Talk, admission: Admission, facts: Facts, now: datetime) -> Turn:
    """Open the ballot of the pass she showed; plans she named before are marked.

    What somebody else began with another pass on this phone is gone.
    """
    kept = talk.picks or Picks("")
    numbers = kept.numbers if kept.ticket in {"", admission.ticket} else ()
    begun = numbers if kept.ticket else ()
    picks = Picks(admission.round, begun, admission.ticket)
    opened = at(replace(talk, picks=picks), Voting())
    if begun:
        turn = read_back(opened, (), facts, now)
    elif numbers:
        turn = mark(opened, numbers, facts, now)
    elif facts.earlier.get(admission.round):
        turn = _play_back(opened, facts, now)
    else:
        turn = Turn(opened, [ask_vote(opened, facts, now)])
    seen = isinstance(turn.talk.state, SeeingVote)
    first, *rest_of_it = turn.replies
    welcome = _welcome(admission, seen=seen)
    return replace(turn, replies=[first.after(*welcome), *rest_of_it])


def _welcome(admission: Admission, *, seen: bool) -> list[Say]:
    """Say that the pass is right; `seen`: what was chosen with it is shown anyway."""
    says = [Say(N_("Thank you. Your pass is right."))]
    if admission.test:
        says.append(Say(N_("This is a test pass. Its vote does not count.")))
    if admission.again and not seen:
        says.append(Say(N_("There is a vote with this pass already.")))
        says.append(Say(N_("If you vote again, only the new vote counts.")))
    return says


def _play_back(talk: Talk, facts: Facts, now: datetime, *says: Say) -> Turn:
    """Read back what she chose before; nothing of it is kept in the talk."""
    asked = at(talk, SeeingVote())
    return Turn(asked, [ask_earlier(asked, facts, now).after(*says)])


def ask_earlier(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Say what she chose the last time, and ask whether it stays."""
    _, paper = open_paper(talk, facts)
    earlier = facts.earlier.get(talk.picks.round) if talk.picks else None
    if paper is None or not earlier:
        return ask_vote(talk, facts, now)
    says = (
        Say(N_("This is what you chose last time:")),
        *map(plan_row, paper.titles(earlier)),
        Say(N_("Do you want to leave it like this?")),
    )
    return Reply(says, (LEAVE_IT, ANEW, AGAIN), secret=True)


def earlier_seen(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Leave the earlier vote as it is, or begin a new one; numbers begin it too."""
    numbers = plan_numbers(message)
    if talk.picks is None or numbers or is_closed(talk, facts, now):
        return vote(talk, message, facts, now)
    if _lacks_pass(talk, talk.picks.round, facts):
        return begin(talk, message, facts, now)
    if message.act == "no":
        voting = at(talk, Voting())
        return Turn(voting, [ask_vote(voting, facts, now)])
    if message.act in {"yes", "keep", "done", "back", "later"}:
        return _left_as_it_is(talk, talk.picks, facts, now)
    return vote(talk, message, facts, now)


def _left_as_it_is(talk: Talk, picks: Picks, facts: Facts, now: datetime) -> Turn:
    says = (Say(N_("All right. Your vote stays as it is.")),)
    others = [each for each in menu_buttons(facts, now) if each.id != "menu:vote"]
    if picks.ticket:
        others.insert(0, NEXT_PERSON)
    return Turn(rest(replace(talk, picks=None)), [Reply(says, tuple(others))])


def show_pass(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Take a pass or a part of it, wherever the talk is."""
    return passes.answer(talk, message, facts, now, admitted)


def another_person(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Let the next one vote on this phone: nothing of the last vote is here."""
    return begin(replace(rest(talk), picks=None), message, facts, now)


def _voted_elsewhere(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """One person, one ballot: it can be changed where it was sent."""
    left = rest(replace(talk, picks=None))
    return Turn(left, [Reply((VOTED_ELSEWHERE,), menu_buttons(facts, now))])


VOTED_ELSEWHERE = Say(
    N_("You voted in your other app. You can change your vote there.")
)


def ask_vote(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Explain the ballot and its limits in a few sentences, and ask for numbers."""
    del now
    a_round, paper = open_paper(talk, facts)
    if a_round is None or paper is None:
        return Reply((Say(N_("Voting is closed.")),))
    first = N_("You can vote now.")
    if a_round.slug in facts.me.voted and not a_round.asks_pass:
        first = N_("We have your vote. You can send a new one.")
    says = [
        Say(first),
        *limit_rows(a_round, paper),
        Say(N_("Do you know the numbers? Say or type them.")),
        Say(N_("Do you want to listen first? Tap: Help me choose.")),
        Say(N_("Your name is not on your vote.")),
    ]
    if a_round.decides:
        says.insert(1, Say(N_("%(decides)s"), {"decides": Local(a_round.decides)}))
    if moment := closing(a_round):
        says.append(
            Say(N_("You can change it until %(closing)s."), {"closing": moment})
        )
    return Reply(tuple(says), (HELP_CHOOSE, KNOW_NUMBERS, BACK))


def vote(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Take numbers, taps or "help me choose"; anything else is not understood."""
    if talk.picks is None and facts.voting(now):
        return begin(talk, message, facts, now)
    if talk.picks and _lacks_pass(talk, talk.picks.round, facts):
        return begin(talk, message, facts, now)
    if is_closed(talk, facts, now):
        return too_late(talk, facts, now)
    if message.unheard:
        return _cannot_listen(talk, message, facts, now)
    numbers = plan_numbers(message)
    if numbers:
        return mark(talk, numbers, facts, now)
    return _walk(talk, message, facts, now)


def _walk(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Follow a button that names no plan."""
    act = message.act or ""
    if act.startswith("theme:") or act == "more":
        return browsing(at(talk, Browsing()), message, facts, now)
    if act == "vote:numbers":
        says = (Say(N_("Say or type the numbers. For example: 21 and 30.")),)
        return Turn(at(talk, Voting()), [Reply(says, (HELP_CHOOSE, BACK))])
    ways = {"vote:help": browse, "back": _leave, "later": _leave, "done": ready}
    way = ways.get(act)
    return None if way is None else way(talk, facts, now)


def confirm(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Cast the ballot on yes; numbers change it; no goes back to choosing."""
    if talk.picks is None:
        return vote(talk, message, facts, now)
    if is_closed(talk, facts, now):
        return too_late(talk, facts, now)
    if _lacks_pass(talk, talk.picks.round, facts):
        return begin(talk, message, facts, now)
    if message.act == "yes" and talk.picks.numbers:
        return _sent(talk, talk.picks, facts, now)
    if _repeats(talk, message):
        return read_back(talk, (), facts, now)
    if message.act == "no":
        says = (Say(N_("All right. Nothing is sent.")), ADD_OR_TAKE_OFF)
        return Turn(at(talk, Voting()), [Reply(says, (HELP_CHOOSE, READY, BACK))])
    return vote(talk, message, facts, now)


def _repeats(talk: Talk, message: Message) -> bool:
    """Tell whether she says yes and names what she chose: nothing is taken off."""
    picks = talk.picks.numbers if talk.picks else ()
    numbers = plan_numbers(message)
    return "yes" in message.acts and bool(numbers) and set(numbers) <= set(picks)


def _sent(talk: Talk, picks: Picks, facts: Facts, now: datetime) -> Turn:
    """Send the ballot if its rules allow it; else say what it takes, and keep it."""
    a_round, paper = open_paper(talk, facts)
    if a_round is None or paper is None:
        return too_late(talk, facts, now)
    if not paper.faults(picks.numbers):
        return _cast(talk, picks, facts, now)
    numbers, said = not_sent(picks.numbers, a_round, paper)
    kept = replace(talk, picks=replace(picks, numbers=numbers))
    return read_back(kept, said, facts, now)


def _cast(talk: Talk, picks: Picks, facts: Facts, now: datetime) -> Turn:
    """Count the ballot and give a receipt that does not show the choice."""
    a_round, _ = open_paper(talk, facts)
    says = [Say(N_("Thank you. We have your vote."))]
    if a_round and (moment := closing(a_round)):
        says.append(
            Say(N_("You can change it until %(closing)s."), {"closing": moment})
        )
    if a_round and (day := a_round.result_day):
        says.append(Say(N_("The result comes on %(date)s."), {"date": day}))
    receipt = {"receipt": Code(facts.receipt)}
    says.append(Say(N_("Your receipt: %(receipt)s."), receipt))
    says.append(Say(N_("It does not show your choice.")))
    effect = CastBallot(picks.round, picks.numbers, facts.receipt, picks.ticket)
    done = rest(replace(talk, picks=None))
    others = [each for each in menu_buttons(facts, now) if each.id != "menu:vote"]
    if picks.ticket:
        others.insert(0, NEXT_PERSON)
    return Turn(done, [Reply(tuple(says), tuple(others) or (HOW_GOES,))], [effect])


def plan_numbers(message: Message) -> tuple[int, ...]:
    """Return the numbers that can be plans: single digits are menu answers."""
    return tuple(number for number in message.numbers if number >= 10)  # noqa: PLR2004


def _leave(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Go to the menu; an unfinished ballot is kept and offered again."""
    says = [Say(N_("All right."))]
    if talk.picks and talk.picks.numbers:
        says.append(KEPT)
        left = rest(talk)
    else:
        left = rest(replace(talk, picks=None))
    return Turn(left, [Reply(tuple(says), menu_buttons(facts, now))])


def _cannot_listen(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Ask for numbers another way; a spoken vote is deleted, never listened to."""
    drop: list[Effect] = [DropMedia(message.media)] if message.media else []
    says = (
        Say(N_("I could not hear the numbers.")),
        Say(N_("Please type them, or tap: Help me choose.")),
    )
    if isinstance(talk.state, ConfirmingVote):
        return replace(read_back(talk, says, facts, now), effects=drop)
    if isinstance(talk.state, Walking | Browsing):
        ask = walk.ask_walk if isinstance(talk.state, Walking) else ask_browse
        asked = ask(talk, facts, now).after(*checking.not_sure())
        return Turn(talk, [asked], drop)
    buttons = (
        (HELP_CHOOSE, READY) if talk.picks and talk.picks.numbers else (HELP_CHOOSE,)
    )
    return Turn(talk, [Reply(says, buttons)], drop)


def walking(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Go from plan to plan: yes marks the one in view, numbers mark any."""
    state, act = talk.state, message.act or ""
    assert isinstance(state, Walking)  # noqa: S101 - narrows the type
    if "next" in message.acts:  # "verder" is also what one says when all is done
        act = "next"
    ours = act in _STEPS and not plan_numbers(message) and not message.unheard
    if talk.picks is None or not ours or is_closed(talk, facts, now):
        return vote(talk, message, facts, now)
    if _lacks_pass(talk, talk.picks.round, facts):
        return begin(talk, message, facts, now)
    plan = walk.in_view(talk, facts)
    if act == "vote:list":
        listed = at(talk, Browsing(state.theme, state.place // walk.ROOM))
        return Turn(listed, [ask_browse(listed, facts, now)])
    if act == "back":
        return browse(talk, facts, now)
    if plan is None and (act == "no" or not walk.is_more(talk, facts)):
        return browse(talk, facts, now)
    if plan is None:
        there = walk.on(talk)
    elif act == "yes" and plan.number not in talk.picks.numbers:
        return mark(talk, (plan.number,), facts, now)
    else:
        there = walk.past(talk, facts)
    return Turn(there, [walk.ask_walk(there, facts, now)])


_STEPS = frozenset({"yes", "no", "next", "skip", "more", "back", "vote:list"})


def _theme_meant(
    talk: Talk, state: Browsing, message: Message, facts: Facts
) -> str | None:
    """Return the theme she tapped; named, where she is asked for one."""
    act = message.act or ""
    if act.startswith("theme:"):
        return act.removeprefix("theme:")
    a_round, _ = open_paper(talk, facts)
    if a_round is None or state.theme or act:
        return None
    return theme_meant(talk, message, a_round.themes)


def browsing(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Walk through themes and pages; numbers and taps choose on the way."""
    state = talk.state
    assert isinstance(state, Browsing)  # noqa: S101 - narrows the type
    if talk.picks is None or is_closed(talk, facts, now):
        return vote(talk, message, facts, now)
    if theme := _theme_meant(talk, state, message, facts):
        return walk.enter(talk, theme, facts, now)
    if message.act == "more":
        moved = Browsing(state.theme, next_page(talk, facts))
    elif message.act == "back" and state.theme:
        moved = Browsing()
    elif message.act == "back":
        voting = at(talk, Voting())
        return Turn(voting, [ask_vote(voting, facts, now)])
    else:
        return vote(talk, message, facts, now)
    there = at(talk, moved)
    return Turn(there, [ask_browse(there, facts, now)])
