"""What a turn is told about the world: a frozen snapshot, never a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ballots import BallotPaper
from bot.domain.care import Care, Line
from bot.domain.plans import Plan
from bot.domain.round_terms import Act, Retention
from bot.domain.rounds import HOME_ZONE, Round
from bot.domain.spending import PlanMoney


@dataclass(frozen=True, slots=True)
class About:
    """What a message of ours asked about, so that an answer finds its plan.

    `kind` is "results", "checkin", "join", "renew", or "desk" for an official's
    question to her alone: then `asked` is the question, and `plan` is 0 where it is
    about no plan of hers. A kept plan that may be renewed brings its `text`, and the
    `round` it would go into.
    """

    kind: str
    plan: int = 0
    asked: int = 0
    text: str = ""
    round: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """A message of ours that she got as a template only: all of it, in her language.

    `buttons` are pairs of id and label, `sound` a media id. Without a text: what was
    announced follows by itself, as soon as she is at rest.
    """

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    sound: int | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """A plan she says is hers in another app, and her word for it, folded."""

    plan: int
    word: str = field(repr=False)


class Verdict(StrEnum):
    """What a `Guess` is worth.

    WRONG is one answer to all that does not fit (no such plan, no word kept, another
    word, or too many wrong ones for this plan), so that it tells nothing about a plan.
    CLOSED: she herself was wrong too often today. SAME: the plan is hers here already.
    """

    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"
    SAME = "same"


class PassVerdict(StrEnum):
    """What a code or token is worth here and now.

    SLIP: its check fails. UNKNOWN: nobody has it. PAUSED: too much was wrong in this
    chat today. BUSY: too much was wrong everywhere, typed codes of new chats wait.
    CLOSED: its round does not vote now. NOT_HERE: it votes in other channels only.
    PRINTED: not open yet. VOID: replaced. ELSEWHERE: used in another chat. FULL: this
    chat has used as many as it may.
    """

    RIGHT = "right"
    SLIP = "slip"
    UNKNOWN = "unknown"
    PAUSED = "paused"
    BUSY = "busy"
    CLOSED = "closed"
    NOT_HERE = "not_here"
    PRINTED = "printed"
    VOID = "void"
    ELSEWHERE = "elsewhere"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a pass. If it is RIGHT, `ticket` stands for it from now on.

    The ticket is opaque, and a secret: it is kept encrypted only. `again` tells that
    the pass has a ballot already, `test` that its ballot will not be counted.
    """

    verdict: PassVerdict
    round: str = ""
    ticket: str = field(default="", repr=False)
    again: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """The person who writes, as far as this turn needs her.

    `plans` are hers, newest last; `voted` names the rounds she has a ballot in (never
    what is on it), `voted_elsewhere` those of them whose ballot came from another app.
    `voter` is the seed of her own order of plans. `has_word` tells that a word is kept
    by which she can be known in another app, `linked_after` that an app was linked
    after this one. `asked_data_at` is when she last asked for all that we keep of her.
    """

    voter: str = ""
    plans: tuple[Plan, ...] = ()
    followed: tuple[Plan, ...] = ()
    supported: int = 0
    voted: frozenset[str] = frozenset()
    voted_elsewhere: frozenset[str] = frozenset()
    has_word: bool = False
    linked_after: bool = False
    may_write: bool | None = None
    may_record: bool | None = None
    stopped: bool = False
    since: datetime | None = None
    messages: int = 0
    recordings: int = 0
    asked_data_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses to hand on.

    `back` leads an author on the web into her own talk, `page` to the web chat.
    """

    back: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a turn may know.

    `rounds` are those that are not closed, `papers` the ballots of rounds in voting,
    `plans` those that the message named by number, `chosen` the public plans that were
    chosen in any round, `money` where the money of those she asks about went.
    `asked_trust` tells that she was asked the three questions about trust already.
    `next_number` and `receipt` are free to be used by this turn.
    `can_listen` tells whether a recogniser is at hand, `shows_number` whether the
    channel shows her phone number, `asks_consent` whether its rules want a yes before
    we write first. `asks_recording` tells that a person wrote down a note of hers, and
    nobody has asked her yet whether it may be kept longer. `verdict` is about the word
    she says to be known by, `admission` about the pass she shows, if she does.
    `pass_digits` is how long the codes of a round are, where passes were made for it.
    `counts` are the pages with a published count, by round; there only where a result
    is told. `cares` are how her chosen plans are looked after, `lines` what happened
    with the plans the message named, as far as she may know it. `earlier` is what she
    chose before in rounds that still take votes, in this chat; it is there only where
    it is read back to her. `kept` is how long what belongs to no round is kept.
    """

    city: str = ""
    zone: str = HOME_ZONE
    channel: str = "console"
    rounds: tuple[Round, ...] = ()
    papers: Mapping[str, BallotPaper] = field(default_factory=dict)
    me: Me = field(default_factory=Me)
    plans: Mapping[int, Plan] = field(default_factory=dict)
    chosen: tuple[Plan, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)
    money: Mapping[int, PlanMoney] = field(default_factory=dict)
    asked_trust: bool = False
    about: About | None = None
    pushed: Pushed | None = None
    links: Links = field(default_factory=Links)
    next_number: int = 0
    receipt: str = ""
    can_listen: bool = True
    shows_number: bool = False
    asks_consent: bool = False
    asks_recording: bool = False
    verdict: Verdict | None = None
    admission: Admission | None = None
    pass_digits: Mapping[str, int] = field(default_factory=dict)
    earlier: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    cares: Mapping[int, Care] = field(default_factory=dict)
    lines: Mapping[int, tuple[Line, ...]] = field(default_factory=dict)
    kept: Retention = field(default_factory=Retention)

    def round(self, slug: str) -> Round | None:
        """Return the round called `slug`."""
        return next((each for each in self.rounds if each.slug == slug), None)

    def collecting(self, now: datetime) -> tuple[Round, ...]:
        """Return the rounds that take plans in here, in this channel, at `now`."""
        return self._going_on(Act.PLAN, now, here=True)

    def voting(self, now: datetime) -> tuple[Round, ...]:
        """Return the rounds that take ballots here, in this channel, at `now`."""
        return self._going_on(Act.VOTE, now, here=True)

    def elsewhere(self, act: Act, now: datetime) -> tuple[Round, ...]:
        """Return the rounds in which `act` goes on at `now`, but not here."""
        return self._going_on(act, now, here=False)

    def _going_on(self, act: Act, now: datetime, *, here: bool) -> tuple[Round, ...]:
        return tuple(
            each
            for each in self.rounds
            if each.takes(act, now) and each.allows(act, self.channel) is here
        )

    def allows(self, act: Act, slug: str) -> bool:
        """Tell whether the round called `slug` leaves `act` open here."""
        a_round = self.round(slug)
        return a_round is None or a_round.allows(act, self.channel)

    def ever_allows(self, act: Act) -> bool:
        """Tell whether any round leaves `act` open here, or there is none to ask."""
        allowed = [each.allows(act, self.channel) for each in self.rounds]
        return any(allowed) or not allowed

    def mine(self, number: int | None) -> Plan | None:
        """Return the plan with that number if it is hers."""
        return next((plan for plan in self.me.plans if plan.number == number), None)
