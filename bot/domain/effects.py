"""The closed list of things a turn may ask for. `bot.services.effects` does them."""

from dataclasses import dataclass, field

from bot.domain.messages import Pin


@dataclass(frozen=True, slots=True)
class StorePlan:
    """Store a plan the author has said yes to, under `number` (told by the facts).

    `text` is "" when only sound is there and a person has to write it down.
    `media` are the ids of her notes and photos, `spoken` whether she spoke it.
    """

    number: int
    round: str
    text: str
    media: tuple[int, ...] = ()
    pin: Pin | None = None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Replace the text of one of her plans, before review."""

    number: int
    text: str
    media: tuple[int, ...] = ()
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class PlacePlan:
    """Keep where a plan of hers is: words, a pin, or a note that says it."""

    number: int
    words: str = ""
    pin: Pin | None = None
    note: int | None = None


@dataclass(frozen=True, slots=True)
class AddPhoto:
    """Add a photo to a plan of hers that is stored already."""

    number: int
    media: int


@dataclass(frozen=True, slots=True)
class FilePlan:
    """File one of her plans under a theme of its round, before review."""

    number: int
    theme: str


@dataclass(frozen=True, slots=True)
class WithdrawPlan:
    """Take back one of her plans, before review."""

    number: int


@dataclass(frozen=True, slots=True)
class SupportPlan:
    """Count her support for a plan, once per person."""

    number: int


@dataclass(frozen=True, slots=True)
class FollowPlan:
    """Tell her from now on what becomes of somebody else's plan."""

    number: int


@dataclass(frozen=True, slots=True)
class CastBallot:
    """Count her ballot; it replaces an earlier one in the same round.

    `ticket` is what the pass was exchanged for (`Admission`), "" where none is asked.
    """

    round: str
    picks: tuple[int, ...]
    receipt: str
    ticket: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class BindPass:
    """From now on the pass behind `ticket` is used in this chat only."""

    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrongPass:
    """Count a code that is wrong: a slip, or one that nobody has."""

    slip: bool


@dataclass(frozen=True, slots=True)
class RaiseTask:
    """Ask staff to do something. `kind` is a `TaskKind` value.

    `note` are her own words (a number and an hour to call, a question).
    """

    kind: str
    plan: int | None = None
    note: str = ""
    media: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerNextStep:
    """Keep what an author wants after a result: call, join, keep or nothing.

    `note` and `media` say which number to call and when, where that was asked.
    """

    plan: int
    answer: str
    note: str = ""
    media: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerCheckIn:
    """Keep how a chosen plan goes: a tap (good, stuck, later), words or a note."""

    plan: int
    answer: str
    text: str = ""
    media: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerOfficial:
    """Keep what she answers to an official's question: words, or a note.

    `asked` is the question (`About.asked`).
    """

    asked: int
    text: str = ""
    media: int | None = None


@dataclass(frozen=True, slots=True)
class KeepBill:
    """Keep a receipt for a chosen plan of hers: a photo, and what it cost together.

    It waits for a person; the photo is never public.
    """

    plan: int
    cents: int
    media: int


@dataclass(frozen=True, slots=True)
class BeginTrust:
    """Note that she was asked about trust: once before and once after a round."""

    round: str
    moment: str


@dataclass(frozen=True, slots=True)
class AnswerTrust:
    """Keep an answer about trust, from 1 to 5, tied to nobody."""

    round: str
    moment: str
    question: str
    answer: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerMeeting:
    """Keep whether the author of `plan` wants to meet another one.

    `words` are the name and number she gives, if she `agrees`.
    """

    plan: int
    agrees: bool
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class EndMeetings:
    """Take back that other authors may have her name and number."""


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """Our open question is answered: later words are something else."""


@dataclass(frozen=True, slots=True)
class DropMedia:
    """Delete a recording at once: it may hold a vote, or the word she is known by."""

    media: int


@dataclass(frozen=True, slots=True)
class ListenAgain:
    """Recognise a kept note once more: now we know in which language."""

    media: int


@dataclass(frozen=True, slots=True)
class AllowWriting:
    """Keep whether she may be written to about her plan (asked on WhatsApp)."""

    allowed: bool


@dataclass(frozen=True, slots=True)
class AllowRecording:
    """Keep whether her recordings may be kept longer, to test recognisers.

    The question itself brings a no: who never answers has not agreed.
    """

    allowed: bool


@dataclass(frozen=True, slots=True)
class StopMessages:
    """End all messages to her at once, in every app; plan and vote stay."""


@dataclass(frozen=True, slots=True)
class ResumeMessages:
    """She wrote again after a stop: messages may go out in this app again."""


@dataclass(frozen=True, slots=True)
class KeepWord:
    """Keep the word by which she is known again in another app; it replaces one."""

    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class JoinPerson:
    """Bring her together with the author of `plan`, whose word she has said."""

    plan: int
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unlink:
    """Part her from the apps that were linked after this one; her word goes too."""


@dataclass(frozen=True, slots=True)
class WrongWord:
    """Count a word that does not belong to `plan`, so that nobody guesses for long."""

    plan: int


@dataclass(frozen=True, slots=True)
class GiveData:
    """Make a file of all that is kept of her, and send it; once an hour at most."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase the person. Plans stay without a name (`keep_plans`) or go too."""

    keep_plans: bool


Effect = (
    StorePlan
    | ChangePlan
    | PlacePlan
    | AddPhoto
    | FilePlan
    | WithdrawPlan
    | SupportPlan
    | FollowPlan
    | CastBallot
    | BindPass
    | WrongPass
    | RaiseTask
    | AnswerNextStep
    | AnswerCheckIn
    | AnswerOfficial
    | KeepBill
    | BeginTrust
    | AnswerTrust
    | AnswerMeeting
    | EndMeetings
    | CloseQuestion
    | DropMedia
    | ListenAgain
    | AllowWriting
    | AllowRecording
    | StopMessages
    | ResumeMessages
    | KeepWord
    | JoinPerson
    | Unlink
    | WrongWord
    | GiveData
    | Forget
)


class TaskKind:
    """What staff can be asked for; plain words that also stand in the database."""

    LISTEN = "listen"
    PERSON = "person"
    CALL = "call"
    JOIN = "join"
    KEEP = "keep"
    STUCK = "stuck"
    DISAGREE = "disagree"
    UNDERSTOOD_NOTHING = "understood_nothing"
    FAILED_TURN = "failed_turn"
    FAILED_NOTE = "failed_note"
    UNREACHED = "unreached"
    UNSURE = "unsure"
    PASSES = "passes"
    ANSWERED = "answered"
    HOOK_OFF = "hook_off"
    HARMFUL = "harmful"
    """A scanner found something in a file, which is deleted; `note` is its name."""
    REPORT = "report"
    """Say what the municipality did, so that the author can be asked how it goes."""
    SILENT = "silent"
    """Call an author who does not answer."""
    SILENT_CITY = "silent_city"
    """The municipality has been silent for longer than it may be."""
