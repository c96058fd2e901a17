"""A neighbourhood in memory: effects are done, and facts are as lean as in service.

Every promise that the database keeps in service is an assertion here, so that a talk
that asks for what must not be fails where it asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import effects as ask
from bot.domain.ballots import BallotPaper
from bot.domain.facts import (
    About,
    Admission,
    Facts,
    Guess,
    Links,
    Me,
    PassVerdict,
    Verdict,
)
from bot.domain.money import Money
from bot.domain.passes import UNKNOWN_A_DAY, is_code, is_token
from bot.domain.plans import (
    CHANGEABLE,
    Plan,
    Stage,
    Status,
    draft_title,
    next_number,
)
from bot.domain.round_terms import Act
from bot.domain.rounds import Phase, Round
from bot.domain.spending import PAYABLE, TAKES_RECEIPTS, PlanMoney
from bot.flows.needs import Need, guessed, named, needs, pass_shown
from bot.flows.state import Message, Talk
from bot.flows.trust import asked_about, moment_of
from tests.flows.cast import (
    BALLOT,
    COLLECTING_ROUND,
    NOW,
    OTHERS,
    VOTE,
    VOTING_ROUND,
)

TRIES = 5


@dataclass
class Person:
    """What the neighbourhood keeps of one person."""

    name: str
    channel: str = "telegram"
    may_write: bool | None = None
    may_record: bool | None = None
    corrected: bool = False
    stopped: bool = False
    about: About | None = None
    messages: int = 0
    supports: set[int] = field(default_factory=set)
    follows: set[int] = field(default_factory=set)
    voted: set[str] = field(default_factory=set)


@dataclass
class World:
    """Rounds, plans, ballots and tasks; `now` moves only when a test moves it."""

    rounds: tuple[Round, ...] = (VOTING_ROUND, COLLECTING_ROUND)
    papers: Mapping[str, BallotPaper] = field(default_factory=lambda: {VOTE: BALLOT})
    now: datetime = NOW
    can_listen: bool = True
    plans: dict[int, Plan] = field(default_factory=dict)
    authors: dict[int, str] = field(default_factory=dict)
    ballots: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    tasks: list[ask.RaiseTask] = field(default_factory=list)
    answers: list[ask.AnswerCheckIn | ask.AnswerNextStep] = field(default_factory=list)
    trust: list[ask.AnswerTrust] = field(default_factory=list)
    asked_trust: set[tuple[str, str, str]] = field(default_factory=set)
    bills: list[ask.KeepBill] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    listening: list[int] = field(default_factory=list)
    receipts: int = 0
    words: dict[str, str] = field(default_factory=dict)
    wrong: list[tuple[str, int]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    passes: dict[str, str | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        papers = [plan for paper in self.papers.values() for plan in paper.plans]
        self.plans |= {plan.number: plan for plan in (*papers, *OTHERS)}

    def facts(self, person: Person, talk: Talk, message: Message) -> Facts:
        """Return what the service would tell this turn, and no more."""
        need = needs(talk, message)
        page = "https://buurt.example/phone"
        back = f"{page}#back" if person.channel == "web" else ""
        return Facts(
            city="Amsterdam",
            channel=person.channel,
            rounds=tuple(self._open_rounds()),
            papers=self._open_papers(),
            me=self._me(person, need),
            plans=self._named(person, talk, message) if need & Need.PLANS else {},
            asked_trust=bool(need & Need.TRUST) and self._asked(person),
            money=self._money(person, talk, message) if need & Need.MONEY else {},
            about=person.about if need & Need.ABOUT else None,
            links=Links(back, page),
            next_number=self._free_number() if need & Need.NUMBER else 0,
            receipt=f"KXQ4-{self.receipts:04}" if need & Need.RECEIPT else "",
            can_listen=self.can_listen,
            shows_number=person.channel == "whatsapp",
            asks_consent=person.channel == "whatsapp",
            asks_recording=bool(need & Need.CORRECTED)
            and person.corrected
            and person.may_record is None,
            verdict=self.verdict(person, guessed(talk, message)),
            admission=(shown := self.admission(person, pass_shown(talk, message))),
            earlier=self.earlier(person, talk, shown)
            if need & Need.EARLIER or shown
            else {},
        )

    def earlier(
        self, person: Person, talk: Talk, shown: Admission | None
    ) -> dict[str, tuple[int, ...]]:
        """Return what she chose before, in rounds that still take votes."""
        ticket = talk.picks.ticket if talk.picks else ""
        ticket = shown.ticket if shown else ticket
        hers = self.passes.get(ticket) == person.name
        found = {}
        for each in self.rounds:
            voter = (ticket if hers else "") if each.asks_pass else person.name
            if each.takes_votes(self.now) and (each.slug, voter) in self.ballots:
                found[each.slug] = self.ballots[each.slug, voter]
        return found

    def admission(self, person: Person, secret: str) -> Admission | None:
        """Judge a pass as the service does; its code or token is the ticket here."""
        if not secret:
            return None
        if not is_token(secret):
            if self.unknown.count(person.name) >= UNKNOWN_A_DAY:
                return Admission(PassVerdict.PAUSED)
            if not is_code(secret):
                return Admission(PassVerdict.SLIP)
        if secret not in self.passes:
            return Admission(PassVerdict.UNKNOWN)
        if self.passes[secret] not in {None, person.name}:
            return Admission(PassVerdict.ELSEWHERE)
        again = secret in self.used
        return Admission(PassVerdict.RIGHT, VOTE, secret, again=again)

    def verdict(self, person: Person, guess: Guess | None) -> Verdict | None:
        """Judge a guess as the service does."""
        if guess is None:
            return None
        if len([each for each in self.wrong if each[0] == person.name]) >= TRIES:
            return Verdict.CLOSED
        author = self.authors.get(guess.plan)
        if author == person.name:
            return Verdict.SAME
        tries = [number for _, number in self.wrong if number == guess.plan]
        right = author is not None and self.words.get(author) == guess.word
        return Verdict.RIGHT if right and len(tries) < TRIES else Verdict.WRONG

    def _free_number(self) -> int:
        return next_number(max(self.plans))

    def _open_rounds(self) -> Iterable[Round]:
        return (r for r in self.rounds if r.phase_at(self.now) is not Phase.CLOSED)

    def _open_papers(self) -> dict[str, BallotPaper]:
        slugs = {each.slug for each in self.rounds if each.takes_votes(self.now)}
        return {slug: paper for slug, paper in self.papers.items() if slug in slugs}

    def _me(self, person: Person, need: Need) -> Me:
        mine = [n for n, author in self.authors.items() if author == person.name]
        history = bool(need & Need.ALL)
        plans = [self._seen(person, n, history=history) for n in sorted(mine)]
        kept = [plan for plan in plans if plan.status is not Status.WITHDRAWN]
        me = Me(
            voter=person.name,
            plans=tuple(kept) if need & Need.MINE else (),
            voted=frozenset(person.voted) if need & Need.VOTED else frozenset(),
            has_word=person.name in self.words,
            may_write=person.may_write,
            may_record=person.may_record,
            stopped=person.stopped,
        )
        return self._with_all(person, me) if need & Need.ALL else me

    def _with_all(self, person: Person, me: Me) -> Me:
        followed = [self._seen(person, n) for n in sorted(person.follows)]
        return replace(
            me,
            followed=tuple(followed),
            supported=len(person.supports),
            since=NOW,
            messages=person.messages,
        )

    def _named(self, person: Person, talk: Talk, message: Message) -> dict[int, Plan]:
        known = [n for n in named(talk, message) if n in self.plans]
        return {number: self._seen(person, number) for number in known}

    def _asked(self, person: Person) -> bool:
        a_round = asked_about(self._open_rounds(), self.now)
        if a_round is None:
            return False
        moment = moment_of(a_round, self.now)
        return (person.name, a_round.slug, moment) in self.asked_trust

    def _money(
        self, person: Person, talk: Talk, message: Message
    ) -> dict[int, PlanMoney]:
        """Return the money of the plans named, else of hers and those she follows."""
        hers = [n for n, author in self.authors.items() if author == person.name]
        asked = named(talk, message) or (*hers, *person.follows)
        plans = [self._seen(person, n) for n in asked if n in self.plans]
        return {
            plan.number: PlanMoney(plan, plan.cost, Money(0))
            for plan in plans
            if plan.status in PAYABLE and (plan.public or plan.mine)
        }

    def _seen(self, person: Person, number: int, *, history: bool = True) -> Plan:
        """Return a plan as this person sees it."""
        plan = self.plans[number]
        mine = self.authors.get(number) == person.name
        return replace(
            plan,
            mine=mine,
            supported=number in person.supports,
            followed=number in person.follows,
            history=plan.history if mine and history else (),
        )

    def review(self, number: int, status: Status, note: str = "") -> None:
        """Move a plan on, as the desk does; public once it has been read."""
        plan = self.plans[number]
        stage = Stage(status, self.now, {"nl": note} if note else {})
        self.plans[number] = replace(
            plan, status=status, public=True, history=(*plan.history, stage)
        )

    def apply(self, person: Person, effect: ask.Effect) -> None:
        """Do what a turn asked for. AssertionError if a promise would be broken."""
        match effect:
            case ask.StorePlan() | ask.ChangePlan() | ask.WithdrawPlan():
                self._write_plan(person, effect)
            case ask.PlacePlan(number=number) | ask.AddPhoto(number=number):
                assert self.authors[number] == person.name
            case ask.FilePlan(number=number, theme=theme):
                assert self.authors[number] == person.name
                self.plans[number] = replace(self.plans[number], theme=theme)
            case ask.SupportPlan(number=number):
                self._support(person, number)
            case ask.FollowPlan(number=number):
                assert self.plans[number].public
                person.follows.add(number)
            case ask.CastBallot() | ask.BindPass() | ask.WrongPass():
                self._vote(person, effect)
            case ask.RaiseTask():
                self.tasks.append(effect)
            case ask.AllowRecording(allowed=allowed):
                assert person.corrected, "asked although nobody listened"
                person.may_record = allowed
            case ask.AnswerNextStep() | ask.AnswerCheckIn():
                assert self.authors[effect.plan] == person.name
                self.answers.append(effect)
                person.about = None
            case _:
                self._keep(person, effect)

    def _keep(self, person: Person, effect: ask.Effect) -> None:
        match effect:
            case ask.KeepBill():
                self._keep_bill(person, effect)
            case ask.AllowWriting(allowed=allowed):
                assert person.may_write is None, "consent was asked twice"
                person.may_write = allowed
            case ask.StopMessages():
                person.stopped = True
            case ask.ResumeMessages():
                person.stopped = False
            case ask.DropMedia(media=media):
                self.dropped.append(media)
            case ask.ListenAgain(media=media):
                self.listening.append(media)
            case ask.Forget(keep_plans=keep):
                self._forget(person, keep=keep)
            case _:
                self._link(person, effect)

    def _link(self, person: Person, effect: ask.Effect) -> None:
        match effect:
            case ask.KeepWord(word=word):
                self.words[person.name] = word
            case ask.JoinPerson(plan=number, word=word):
                self._join(person, Guess(number, word))
            case ask.WrongWord(plan=number):
                self.wrong.append((person.name, number))
            case ask.BeginTrust() | ask.AnswerTrust():
                self._trust(person, effect)
            case _:
                self._meet(person, effect)

    def _meet(self, person: Person, effect: ask.Effect) -> None:
        match effect:
            case ask.AnswerMeeting(plan=number):
                assert self.authors[number] == person.name
            case ask.GiveData():
                self.given.append(person.name)
                return
            case ask.CloseQuestion() | ask.EndMeetings():
                pass
            case _:
                raise AssertionError(effect)
        person.about = None

    def _trust(self, person: Person, effect: ask.BeginTrust | ask.AnswerTrust) -> None:
        """Keep answers apart from who gave them; nobody is asked twice."""
        if isinstance(effect, ask.BeginTrust):
            asked = (person.name, effect.round, effect.moment)
            assert asked not in self.asked_trust, "asked twice"
            self.asked_trust.add(asked)
        else:
            assert 1 <= effect.answer <= 5
            self.trust.append(effect)

    def _keep_bill(self, person: Person, effect: ask.KeepBill) -> None:
        assert self.authors[effect.plan] == person.name
        assert self.plans[effect.plan].status in TAKES_RECEIPTS
        self.bills.append(effect)

    def _join(self, person: Person, guess: Guess) -> None:
        assert self.verdict(person, guess) is Verdict.RIGHT, "joined by a wrong word"
        other = self.authors[guess.plan]
        mine = [number for number, author in self.authors.items() if author == other]
        self.authors |= dict.fromkeys(mine, person.name)
        self.words[person.name] = self.words.pop(other)
        person.supports -= set(mine)
        person.follows -= set(mine)

    def _write_plan(
        self,
        person: Person,
        effect: ask.StorePlan | ask.ChangePlan | ask.WithdrawPlan,
    ) -> None:
        if isinstance(effect, ask.StorePlan):
            self._store(person, effect)
            return
        plan = self.plans[effect.number]
        assert self.authors[effect.number] == person.name
        assert plan.status in CHANGEABLE
        if isinstance(effect, ask.WithdrawPlan):
            self.plans[effect.number] = replace(plan, status=Status.WITHDRAWN)
            return
        title = {"nl": draft_title(effect.text)}
        self.plans[effect.number] = replace(
            plan, title=title, status=Status.RECEIVED, public=False
        )

    def _store(self, person: Person, effect: ask.StorePlan) -> None:
        a_round = next(each for each in self.rounds if each.slug == effect.round)
        assert a_round.takes_plans(self.now), "stored into a round that is not open"
        assert a_round.allows(Act.PLAN, person.channel), "stored where plans are off"
        assert effect.number == next_number(max(self.plans)), "not the free number"
        assert effect.text or effect.media, "a plan without words and without sound"
        mine = [n for n, author in self.authors.items() if author == person.name]
        of_round = [self.plans[n] for n in mine if self.plans[n].round == effect.round]
        counted = [p for p in of_round if p.status is not Status.WITHDRAWN]
        assert len(counted) < a_round.plans_per_person, "more plans than the limit"
        title = {"nl": draft_title(effect.text)}
        stage = Stage(Status.RECEIVED, self.now, {})
        plan = Plan(effect.number, effect.round, Status.RECEIVED, title, {})
        self.plans[effect.number] = replace(plan, history=(stage,))
        self.authors[effect.number] = person.name

    def _support(self, person: Person, number: int) -> None:
        plan = self.plans[number]
        assert plan.public, "supported before anybody may see it"
        a_round = next(each for each in self.rounds if each.slug == plan.round)
        assert a_round.allows(Act.SUPPORT, person.channel), "supported where it is off"
        assert self.authors.get(number) != person.name, "supported her own plan"
        assert number not in person.supports, "supported twice"
        person.supports.add(number)
        self.plans[number] = replace(plan, supports=plan.supports + 1)

    def _vote(
        self, person: Person, effect: ask.CastBallot | ask.BindPass | ask.WrongPass
    ) -> None:
        if isinstance(effect, ask.CastBallot):
            self._cast(person, effect)
        elif isinstance(effect, ask.BindPass):
            assert self.passes[effect.ticket] in {None, person.name}, "bound elsewhere"
            self.passes[effect.ticket] = person.name
        elif not effect.slip:
            self.unknown.append(person.name)

    def _cast(self, person: Person, effect: ask.CastBallot) -> None:
        paper = self._open_papers()[effect.round]
        assert paper.faults(effect.picks) == (), "a ballot against its rules"
        assert effect.receipt, "a vote without a receipt"
        self.receipts += 1
        a_round = next(each for each in self.rounds if each.slug == effect.round)
        assert a_round.allows(Act.VOTE, person.channel), "voted where that is off"
        voter = effect.ticket if a_round.asks_pass else person.name
        if a_round.asks_pass:
            assert self.passes[voter] == person.name, "cast with another one's pass"
            self.used.add(voter)
        self.ballots[effect.round, voter] = tuple(sorted(effect.picks))
        person.voted.add(effect.round)

    def _forget(self, person: Person, *, keep: bool) -> None:
        mine = [n for n, author in self.authors.items() if author == person.name]
        for number in mine:
            del self.authors[number]
            if not keep:
                gone = replace(self.plans[number], status=Status.WITHDRAWN)
                self.plans[number] = gone
        person.supports, person.follows = set(), set()
        self.words.pop(person.name, None)
        person.may_write, person.about, person.voted = None, None, set()
