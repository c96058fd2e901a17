"""The voting pass: scanned, shown on a photo, typed, or said by groups of four.

What is said of it is in no state and no effect: it is in the picks, which are kept
encrypted, until it is exchanged for a ticket (`bot.services.passes`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.effects import (
    BindPass,
    DropMedia,
    RaiseTask,
    TaskKind,
    WrongPass,
)
from bot.domain.facts import Admission, Facts, PassVerdict
from bot.domain.passes import GROUP, LENGTHS, MOST_PER_CHAT, groups, is_whole, shown
from bot.domain.round_terms import Act
from bot.domain.say import N_, Button, Code, Param, Reply, Say
from bot.flows.elsewhere import tell_where
from bot.flows.parts import BACK, PERSON, menu_buttons
from bot.flows.state import (
    AskingPass,
    CheckingPass,
    FixingPass,
    Kind,
    Message,
    Picks,
    Talk,
    Turn,
    is_at_pass,
)
from bot.flows.talks import at, rest

Admit = Callable[[Talk, Admission, Facts, datetime], Turn]
"""What goes on once a pass is right: the ballot is opened."""

YES = Button("yes", Say(N_("Yes, that is right")))
NO = Button("no", Say(N_("No, that is wrong")))
_LEAVES = frozenset({"back", "later", "nothing"})


def ask(talk: Talk, slug: str) -> Turn:
    """Ask for the pass of this round; plans named already wait for it."""
    kept = talk.picks if talk.picks and talk.picks.round in {"", slug} else None
    picks = Picks(slug) if kept is None else replace(kept, round=slug, code="")
    asked = at(replace(talk, picks=picks), AskingPass())
    return Turn(asked, [ask_pass(asked)])


def ask_pass(talk: Talk) -> Reply:
    """Ask for the pass, or for the next four numbers of it."""
    if talk.picks and talk.picks.code:
        said = Code(shown(talk.picks.code))
        says: tuple[Say, ...] = (
            Say(N_("I have these numbers: %(code)s."), {"code": said}),
            Say(N_("Now say or type the next four numbers.")),
        )
        return Reply(says, (PERSON, BACK), secret=True)
    says = (
        Say(N_("You need your voting pass now.")),
        Say(N_("Your pass is in the letter from the municipality.")),
        Say(N_("Type the long number. Or say four numbers at a time.")),
        Say(N_("Do you have no letter? A person can help you.")),
    )
    return Reply(says, (PERSON, BACK))


def ask_check(talk: Talk) -> Reply:
    """Read the numbers back that were said last."""
    state = talk.state
    assert isinstance(state, CheckingPass)  # noqa: S101 - narrows the type
    fresh = _code(talk)[-state.fresh :]
    says = (
        Say(N_("I heard: %(code)s."), {"code": Code(shown(fresh))}),
        Say(N_("Is that right?")),
    )
    return Reply(says, (YES, NO, BACK), secret=True)


def ask_fix(talk: Talk) -> Reply:
    """Ask which four numbers are wrong, or for these four once more."""
    state = talk.state
    assert isinstance(state, FixingPass)  # noqa: S101 - narrows the type
    if state.group:
        return Reply((Say(N_("Please say these four numbers again.")),), (PERSON, BACK))
    buttons = tuple(
        Button(f"group:{n}", Say(N_("%(place)s: %(code)s"), _place(n, each)))
        for n, each in enumerate(groups(_code(talk)), 1)
    )
    says = (Say(N_("Which four numbers are wrong?")),)
    return Reply(says, (*buttons, BACK), secret=True)


def _place(n: int, group: str) -> dict[str, Param]:
    return {"place": n, "code": Code(group)}


def answer(
    talk: Talk, message: Message, facts: Facts, now: datetime, admit: Admit
) -> Turn | None:
    """Take the pass or a part of it, and what she answers when it is read back."""
    if message.act in _LEAVES:
        return _left(talk, facts, now)
    if message.unheard:
        return Turn(talk, [_not_heard(question(talk))])
    if facts.admission is not None and _shows_whole(talk, message, facts):
        return judged(talk, facts.admission, facts, now, admit)
    if message.kind is Kind.PHOTO:
        return _not_seen(talk, message)
    state = talk.state
    if isinstance(state, CheckingPass):
        return _checked(talk, state, message, facts)
    if isinstance(state, FixingPass):
        return _fixed(talk, state, message, facts)
    if message.code:
        return _added(talk, message.code, facts)
    return _left(talk, facts, now) if message.act == "no" else None


def question(talk: Talk) -> Reply:
    """Return the question about the pass that is open."""
    if isinstance(talk.state, CheckingPass):
        return ask_check(talk)
    return ask_fix(talk) if isinstance(talk.state, FixingPass) else ask_pass(talk)


def shown_pass(talk: Talk, message: Message) -> str:
    """Return the whole pass that a message shows or completes, "" if it does not.

    One that was shown before the language was known is in the picks.
    """
    if is_whole(message.code):
        return message.code
    kept = _code(talk)
    if is_at_pass(talk.state):
        said_yes = isinstance(talk.state, CheckingPass) and message.act == "yes"
        return kept if said_yes and len(kept) in LENGTHS and not message.code else ""
    return kept if is_whole(kept) else ""


def _shows_whole(talk: Talk, message: Message, facts: Facts) -> bool:
    """Tell whether the pass is complete: the codes of a round are of one length."""
    if is_whole(message.code):
        return not message.spoken
    return bool(shown_pass(talk, message)) and len(_code(talk)) == _length(talk, facts)


def _length(talk: Talk, facts: Facts) -> int:
    slug = talk.picks.round if talk.picks else ""
    return facts.pass_digits.get(slug, LENGTHS[0])


def _code(talk: Talk) -> str:
    return talk.picks.code if talk.picks else ""


def _with_code(talk: Talk, code: str) -> Talk:
    return replace(talk, picks=replace(talk.picks or Picks(""), code=code))


def _added(talk: Talk, digits: str, facts: Facts) -> Turn:
    """Read new numbers back; only whole groups, and no more than a pass has."""
    code = _code(talk) + digits
    if len(digits) % GROUP:
        says = (Say(N_("I need four numbers at a time.")),)
        return _again(talk, says)
    if len(code) > _length(talk, facts):
        return _again(talk, (Say(N_("Those were too many numbers.")),))
    return _read_back(_with_code(talk, code), len(digits))


def _again(talk: Talk, says: tuple[Say, ...]) -> Turn:
    asked = at(talk, AskingPass())
    return Turn(asked, [ask_pass(asked).after(*says)])


def _read_back(talk: Talk, fresh: int) -> Turn:
    asked = at(talk, CheckingPass(fresh))
    return Turn(asked, [ask_check(asked)])


def _checked(
    talk: Talk, state: CheckingPass, message: Message, facts: Facts
) -> Turn | None:
    """Go on after yes; after no ask what is wrong; as many new ones replace these."""
    before = _code(talk)[: -state.fresh]
    if message.act == "yes":
        if message.code:
            return _added(talk, message.code, facts)
        return _again(talk, ())
    if len(message.code) == state.fresh:
        return _read_back(_with_code(talk, before + message.code), state.fresh)
    if len(message.code) % GROUP:
        says = Say(N_("I need four numbers at a time."))
        return Turn(talk, [ask_check(talk).after(says)])
    if message.act != "no" and not message.code:
        return None
    if state.fresh > GROUP:
        fixing = at(talk, FixingPass())
        return Turn(fixing, [ask_fix(fixing)])
    return _again(_with_code(talk, before), (Say(N_("Please say them once more.")),))


def _fixed(
    talk: Talk, state: FixingPass, message: Message, facts: Facts
) -> Turn | None:
    """Take which group is wrong, then that group anew, and read all back."""
    parts = list(groups(_code(talk)))
    act = message.act or ""
    if act.startswith("group:"):
        named = act.removeprefix("group:")
        known = named.isascii() and named.isdigit() and 1 <= int(named) <= len(parts)
        if not known:
            return None
        fixing = at(talk, FixingPass(int(named)))
        return Turn(fixing, [ask_fix(fixing)])
    if not message.code:
        return _again(_with_code(talk, ""), ()) if act == "no" else None
    if len(message.code) != GROUP or not 1 <= state.group <= len(parts):
        return _added(_with_code(talk, ""), message.code, facts)
    parts[state.group - 1] = message.code
    return _read_back(_with_code(talk, "".join(parts)), GROUP * len(parts))


def _left(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Go to the menu; what was said of a pass is dropped, an unsent ballot kept."""
    left = rest(replace(talk, picks=_worth_keeping(talk.picks)))
    return Turn(left, [Reply((Say(N_("All right.")),), menu_buttons(facts, now))])


def _not_heard(asked: Reply) -> Reply:
    says = (Say(N_("I could not hear the numbers.")),)
    return asked.after(*says)


def photo_arrived() -> Reply:
    """Thank her for a photo that may be one of her letter: its answer comes soon."""
    return Reply((Say(N_("Thank you. I look at your photo now.")),))


PHOTO_GONE = Say(N_("I deleted your photo."))


def _not_seen(talk: Talk, message: Message) -> Turn:
    """Say that no pass was found in a photo, and how else it can be shown."""
    effects = [DropMedia(message.media)] if message.media else []
    says = (Say(N_("I cannot find your pass in the photo.")), PHOTO_GONE)
    asked = question(talk)
    if isinstance(talk.state, AskingPass) and not _code(talk):
        ways = (
            Say(N_("Take a photo of the square code from close by.")),
            Say(N_("Or type the long number.")),
        )
        asked = replace(asked, says=ways)
    return Turn(talk, [asked.after(*says)], effects)


def judged(
    talk: Talk, admission: Admission, facts: Facts, now: datetime, admit: Admit
) -> Turn:
    """Open the ballot for a pass that is right; say kindly why another is not."""
    bare = _with_code(talk, "")
    if admission.verdict is PassVerdict.RIGHT:
        turn = admit(bare, admission, facts, now)
        return replace(turn, effects=[BindPass(admission.ticket), *turn.effects])
    if admission.verdict in {PassVerdict.SLIP, PassVerdict.UNKNOWN}:
        return _wrong(bare, admission.verdict)
    if admission.verdict is PassVerdict.NOT_HERE:
        return _not_here(bare, admission, facts, now)
    says = _REFUSED[admission.verdict]()
    full = admission.verdict is PassVerdict.FULL
    buttons = (PERSON, *menu_buttons(facts, now)[:2])
    left = rest(replace(bare, picks=_worth_keeping(bare.picks)))
    effects = [RaiseTask(TaskKind.PASSES)] if full else []
    return Turn(left, [Reply(says, buttons)], effects)


def _not_here(talk: Talk, admission: Admission, facts: Facts, now: datetime) -> Turn:
    """Say where this pass can be used: here it is neither used nor tied to the chat."""
    rounds = [each for each in facts.rounds if each.slug == admission.round]
    left = rest(replace(talk, picks=_worth_keeping(talk.picks)))
    return Turn(left, [tell_where(Act.VOTE, rounds, facts, now)])


def _worth_keeping(picks: Picks | None) -> Picks | None:
    """Return an unsent ballot, or plans named for one, without what was said of it."""
    if picks is None or not (picks.numbers or picks.ticket):
        return None
    return replace(picks, code="")


def _wrong(talk: Talk, verdict: PassVerdict) -> Turn:
    """Ask for the pass once more; a slip is no guess, and is told kindly."""
    slip = verdict is PassVerdict.SLIP
    asked = at(talk, AskingPass())
    reply = Reply(_slip() if slip else _unknown(), (PERSON, BACK))
    return Turn(asked, [reply], [WrongPass(slip)])


def _slip() -> tuple[Say, ...]:
    return (
        Say(N_("One of the numbers is not right, I think.")),
        Say(N_("That happens easily. Please look at your letter.")),
        Say(N_("Type the long number again. Or say four at a time.")),
    )


def _unknown() -> tuple[Say, ...]:
    return (
        Say(N_("I do not know this pass.")),
        Say(N_("Please look at your letter, and type it again.")),
        Say(N_("After five times you have to wait a day.")),
        Say(N_("A person can help you.")),
    )


def _paused() -> tuple[Say, ...]:
    return (
        Say(N_("The pass was not right several times.")),
        Say(N_("Please try again tomorrow.")),
        Say(N_("A person can help you.")),
    )


def _busy() -> tuple[Say, ...]:
    return (
        Say(N_("You cannot type a pass right now.")),
        Say(N_("Scan the square code on your letter. That works.")),
        Say(N_("Or try again in an hour. A person can help you.")),
    )


def _not_voting() -> tuple[Say, ...]:
    return (Say(N_("You cannot vote with this pass now.")),)


def _not_open() -> tuple[Say, ...]:
    return (
        Say(N_("This pass is not open yet.")),
        Say(N_("Please try again in a few days.")),
        Say(N_("A person can help you.")),
    )


def _void() -> tuple[Say, ...]:
    return (
        Say(N_("This pass does not count any more.")),
        Say(N_("Did you get a new letter? Use the new pass.")),
        Say(N_("A person can help you.")),
    )


def _elsewhere() -> tuple[Say, ...]:
    return (
        Say(N_("This pass was used in another chat.")),
        Say(N_("You can change the vote there.")),
        Say(N_("Was it not you? You can still vote.")),
        Say(N_("Take your letter to the counter of the municipality.")),
    )


def _full() -> tuple[Say, ...]:
    return (
        Say(
            N_("Passes used in this chat: %(count)s. More is not possible."),
            {"count": MOST_PER_CHAT},
        ),
        Say(N_("You can vote in another chat. A person can help you.")),
    )


_REFUSED: Mapping[PassVerdict, Callable[[], tuple[Say, ...]]] = {
    PassVerdict.PAUSED: _paused,
    PassVerdict.BUSY: _busy,
    PassVerdict.CLOSED: _not_voting,
    PassVerdict.PRINTED: _not_open,
    PassVerdict.VOID: _void,
    PassVerdict.ELSEWHERE: _elsewhere,
    PassVerdict.FULL: _full,
}
