"""Where a talk can be, what it keeps on the way, and what a turn gives back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.effects import Effect
from bot.domain.languages import Language
from bot.domain.messages import Pin
from bot.domain.say import Reply


@dataclass(frozen=True, slots=True)
class Wish:
    """What the first messages wanted, kept while she chooses a language.

    `notes` and `photos` are media ids. The numbers of a vote are not in here: they go
    to the talk's picks, which are kept encrypted.
    """

    text: str = ""
    act: str | None = None
    numbers: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    photos: tuple[int, ...] = ()
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class ChoosingLanguage:
    """The four languages are offered. `before` is the question that was open."""

    wish: Wish | None = None
    before: "State | None" = None


@dataclass(frozen=True, slots=True)
class Menu:
    """At rest: anything can begin."""


@dataclass(frozen=True, slots=True)
class ChoosingRound:
    """Several rounds are open for what she wants ("plan", "store" or "vote")."""

    goal: str


@dataclass(frozen=True, slots=True)
class DescribingPlan:
    """Waiting for the words of a plan; `changing` is the stored plan they replace."""

    changing: int | None = None


@dataclass(frozen=True, slots=True)
class ConfirmingPlan:
    """The draft was read back; waiting for yes. `changing` as in DescribingPlan."""

    changing: int | None = None


@dataclass(frozen=True, slots=True)
class PlacingPlan:
    """The plan is stored; one question is open: where is it?"""

    plan: int


@dataclass(frozen=True, slots=True)
class AskingConsent:
    """May we write to her about her plan? Asked once, on WhatsApp."""

    plan: int


@dataclass(frozen=True, slots=True)
class AskingRecording:
    """May we keep her recordings for tests? Asked once, where a person listened."""


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """She wants to take her plan back; waiting for yes."""

    plan: int


@dataclass(frozen=True, slots=True)
class ChoosingTheme:
    """She says what her stored plan is about."""

    plan: int


@dataclass(frozen=True, slots=True)
class AskingPass:
    """Waiting for the voting pass: scanned, typed, or said four numbers at a time.

    What was said of it so far is in the picks, which are kept encrypted.
    """


@dataclass(frozen=True, slots=True)
class CheckingPass:
    """The last `fresh` numbers of the pass were read back; waiting for yes."""

    fresh: int


@dataclass(frozen=True, slots=True)
class FixingPass:
    """Which four numbers of the pass are wrong? Then (`group` from 1) those again."""

    group: int = 0


@dataclass(frozen=True, slots=True)
class Voting:
    """The ballot is open; waiting for numbers."""


@dataclass(frozen=True, slots=True)
class Browsing:
    """Choosing a theme (theme ""), or looking at a list of its plans, page by page."""

    theme: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Walking:
    """Looking at the plans of one theme, one by one: `place` is that of the next.

    `asked`: a part of them is over; is it more, another theme, or is she ready?
    """

    theme: str
    place: int = 0
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmingVote:
    """The ballot was read back; nothing counts before yes."""


@dataclass(frozen=True, slots=True)
class SeeingVote:
    """Her earlier vote was read back: does it stay, or does she choose anew?

    What is on it is in no state: it is looked up for as long as she is asked.
    """


@dataclass(frozen=True, slots=True)
class NamingPlan:
    """Waiting for the number of a plan to "support" or "follow"."""

    act: str


@dataclass(frozen=True, slots=True)
class LeavingNumber:
    """She wants to be called: waiting for her number, then for an hour."""

    plan: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class TellingMore:
    """Waiting for her own words to a person: a question, or how a plan is stuck."""

    task: str
    plan: int | None = None


@dataclass(frozen=True, slots=True)
class SharingName:
    """Which name and number another author may have; `words` were read back."""

    plan: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class ChoosingWord:
    """Waiting for a word by which she is known again in another app."""


@dataclass(frozen=True, slots=True)
class Linking:
    """Waiting for the number of her plan in another app, and for the word she chose.

    `plan` is the number, once it was said alone. The word is never in a state.
    """

    plan: int | None = None


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Waiting for how to forget her."""


@dataclass(frozen=True, slots=True)
class AskingBill:
    """A photo of an author of a chosen plan: is it a receipt, and for which plan?

    `caption` is what she wrote below it.
    """

    media: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PricingBill:
    """Waiting for the amount on the receipt for a plan."""

    plan: int
    media: int


@dataclass(frozen=True, slots=True)
class ConfirmingBill:
    """The amount was read back; waiting for yes."""

    plan: int
    media: int
    cents: int


@dataclass(frozen=True, slots=True)
class AskingTrust:
    """A question about trust is open (from 0), before or after a round.

    Which answers she gave is in no state.
    """

    round: str
    moment: str
    question: int = 0


@dataclass(frozen=True, slots=True)
class Checking:
    """What a voice note seemed to say was read back; it counts only after yes.

    `before` is where she was; `act`, `numbers`, `words` and `media` are what was heard
    there. In a state that is secret only the act is kept: no plan and no word.
    """

    before: "State"
    act: str | None = None
    numbers: tuple[int, ...] = ()
    words: str = ""
    media: int | None = None


State = (
    ChoosingLanguage
    | Menu
    | ChoosingRound
    | DescribingPlan
    | ConfirmingPlan
    | PlacingPlan
    | AskingConsent
    | AskingRecording
    | Withdrawing
    | ChoosingTheme
    | AskingPass
    | CheckingPass
    | FixingPass
    | Voting
    | Browsing
    | Walking
    | ConfirmingVote
    | SeeingVote
    | NamingPlan
    | LeavingNumber
    | TellingMore
    | SharingName
    | ChoosingWord
    | Linking
    | Forgetting
    | AskingBill
    | PricingBill
    | ConfirmingBill
    | AskingTrust
    | Checking
)


def is_secret(state: State) -> bool:
    """Tell whether what is said shows a vote, a pass, her word, or how far she trusts.

    It must be kept nowhere.
    """
    ballot = is_on_ballot(behind(state))
    return ballot or is_at_pass(state) or isinstance(behind(state), _SECRET_WORD)


_SECRET_WORD = ChoosingWord | Linking | AskingTrust


def is_on_ballot(state: State) -> bool:
    """Tell whether she fills in a ballot in `state`, or sees the one she sent."""
    return isinstance(state, Voting | Browsing | Walking | ConfirmingVote | SeeingVote)


def is_at_pass(state: State) -> bool:
    """Tell whether her voting pass is asked for in `state`."""
    return isinstance(behind(state), AskingPass | CheckingPass | FixingPass)


def behind(state: State) -> State:
    """Return the state whose question waits behind another one, if there is any."""
    while isinstance(state, ChoosingLanguage | Checking) and state.before is not None:
        state = state.before
    return state


@dataclass(frozen=True, slots=True)
class Draft:
    """Words for a plan that are not stored yet.

    `notes` and `photos` are media ids; `unheard` tells that a note in it has no words
    yet, so that a person must write it down. `misheard` counts how often she said no to
    what was heard of her voice.
    """

    text: str = ""
    notes: tuple[int, ...] = ()
    photos: tuple[int, ...] = ()
    pin: Pin | None = None
    spoken: bool = False
    unheard: bool = False
    round: str | None = None
    misheard: int = 0


@dataclass(frozen=True, slots=True)
class Picks:
    """A ballot that is not cast yet: kept encrypted, erased at closing.

    `ticket` stands for the pass it will be cast with (`Admission`). `code` is what was
    said of a pass so far, or all of it while the language is being chosen.
    """

    round: str
    numbers: tuple[int, ...] = ()
    ticket: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Talk:
    """All that a conversation remembers.

    `offered` are the button ids of the last question, so that the digit n picks the
    nth; `misses` counts what was not understood in a row. `draft` is a new plan under
    way, `revision` new words for a stored one. `aloud` tells whether she wants to hear
    what we write: None until she has spoken once, or said what she wants.
    """

    state: State = Menu()
    language: Language | None = None
    offered: tuple[str, ...] = ()
    misses: int = 0
    draft: Draft | None = None
    revision: Draft | None = None
    picks: Picks | None = None
    aloud: bool | None = None


class Kind(StrEnum):
    """What came in, once understood."""

    TEXT = "text"
    NOTE_ARRIVED = "note_arrived"
    NOTE = "note"
    PHOTO_ARRIVED = "photo_arrived"
    PHOTO = "photo"
    PIN = "pin"
    UNKNOWN = "unknown"


class Heard(StrEnum):
    """How well a voice note was understood. NOTHING: it held no speech.

    UNSURE: the words may be used, but a small answer among them is asked back first.
    """

    WELL = "well"
    UNSURE = "unsure"
    BADLY = "badly"
    NOTHING = "nothing"


OTHER = "other"
"""The language of a note that was spoken in none of ours."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a flow sees it: words and numbers are understood already.

    `act` is a button's id without its number ("yes", "menu:vote", "support"), tapped,
    typed or said (`acts` are all that the words can mean); `numbers` are the plan
    numbers with it, `only_numbers` tells that there was nothing else. `near` are known
    words that those of a note are near, where they are none themselves: act and numbers
    are theirs. `stale` marks an answer to an older question. `language` is that of the
    word that matched, or of a voice note clearly recognised in it; `again` asks for a
    note to be recognised once more, now that the language is known. `tongue` is what a
    note was clearly spoken in, where that is not the talk's language: another of ours,
    or OTHER. `code` is a voting pass, or a part of one where it is asked for.
    """

    kind: Kind = Kind.TEXT
    text: str = ""
    act: str | None = None
    acts: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    only_numbers: bool = False
    tapped: bool = False
    stale: bool = False
    media: int | None = None
    heard: Heard = Heard.WELL
    near: str = ""
    pin: Pin | None = None
    again: bool = False
    masked: bool = False
    too_long: bool = False
    language: Language | None = None
    tongue: str | None = None
    code: str = field(default="", repr=False)

    @property
    def spoken(self) -> bool:
        """Whether the words were said, not typed."""
        return self.kind is Kind.NOTE

    @property
    def unheard(self) -> bool:
        """Whether this is a voice note without usable words."""
        return self.kind is Kind.NOTE and self.heard in {Heard.BADLY, Heard.NOTHING}

    @property
    def sure(self) -> bool:
        """Whether act and numbers may count at once: not so if heard by half."""
        return not self.near and self.heard is not Heard.UNSURE

    @property
    def is_words(self) -> bool:
        """Whether there are free words to use: typed, or heard."""
        return bool(self.text.strip()) and not self.unheard


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message leads to: the talk after it, replies in order, effects in order.

    Nothing has been done yet. The caller stores the talk, carries out the effects and
    owes the replies, all in one transaction. `aloud`: they are read aloud as well.
    """

    talk: Talk
    replies: Sequence[Reply] = ()
    effects: Sequence[Effect] = ()
    aloud: bool = False
