"""A plan, from its first words to its number: told, read back, stored, placed."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.effects import (
    ChangePlan,
    Effect,
    RaiseTask,
    StorePlan,
    TaskKind,
)
from bot.domain.facts import Facts
from bot.domain.plans import CHANGEABLE, Plan, Status
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.flows.owned import too_late
from bot.flows.parts import (
    BACK,
    HOW_GOES,
    PERSON,
    RULES,
    answer_day,
    menu_buttons,
)
from bot.flows.placing import ask_place, placed
from bot.flows.rounds import ask_round
from bot.flows.state import (
    ChoosingRound,
    ConfirmingPlan,
    DescribingPlan,
    Draft,
    Kind,
    Message,
    PlacingPlan,
    Talk,
    Turn,
)
from bot.flows.talks import at, rest

THIS_IS_IT = Button("yes", Say(N_("Yes, this is my plan")))
CHANGE_IT = Button("no", Say(N_("No, change it")))
QUESTION = Button("person", Say(N_("I have a question")))


def begin(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Open the telling of a plan, or say why not and how to go on."""
    open_rounds = facts.collecting(now)
    if not open_rounds:
        return no_round(talk, facts, now)
    if talk.draft and _has_content(talk.draft):
        return _read_back(talk, facts, now)
    if not _with_room(facts, now):
        return _enough(talk, facts, now)
    if len(_with_room(facts, now)) > 1:
        asked = at(talk, ChoosingRound("plan"))
        return Turn(asked, [ask_round(asked, facts, now)])
    return Turn(at(talk, DescribingPlan()), [ask_plan(talk, facts, now)])


def round_chosen(talk: Talk, slug: str, facts: Facts, now: datetime) -> Turn:
    """Go on with the plan in the neighbourhood she named."""
    assert isinstance(talk.state, ChoosingRound)  # noqa: S101 - narrows the type
    draft = replace(talk.draft or Draft(), round=slug)
    chosen = replace(talk, draft=draft)
    if talk.state.goal == "store":
        return _store(chosen, facts, now)
    return Turn(at(chosen, DescribingPlan()), [ask_plan(chosen, facts, now)])


def ask_plan(_: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask for the plan, in the easiest way to give it."""
    del facts, now
    says = (
        Say(N_("Tell me your plan for the neighbourhood.")),
        Say(N_("Say it in a voice message, or type it.")),
        Say(N_("You can send a photo too.")),
    )
    return Reply(says, (RULES, BACK))


def describe(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Take words, a note, a photo or a place into the draft and read it back.

    Further parts sent before the answer belong to the same plan; one read-back of the
    whole replaces the one before.
    """
    if message.act == "back":
        kept = Say(N_("All right."))
        return Turn(rest(talk), [Reply((kept,), menu_buttons(facts, now))])
    draft = _with_part(talk.draft or Draft(), message)
    if draft is None:
        return None
    tasks = _listen_task(message)
    told = replace(talk, draft=draft)
    if not _has_content(draft):
        asked = Reply(
            (Say(N_("Thank you. I keep the photo.")), *ask_plan(told, facts, now).says)
        )
        return Turn(at(told, DescribingPlan()), [asked], tasks)
    if not facts.collecting(now) and draft.changing is None:
        turn = no_round(told, facts, now)
        return replace(turn, effects=[*turn.effects, *tasks])
    turn = _read_back(told, facts, now)
    return replace(turn, effects=tasks)


def ask_confirm(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Read the plan back and ask whether this is it."""
    draft = talk.draft or Draft()
    says = _unheard_rows(facts, now) if draft.unheard else []
    if draft.text:
        heard = N_("This is what I heard:")
        wrote = N_("This is what you wrote:")
        says.append(Say(heard if draft.spoken else wrote))
        says.append(Say(N_("%(plan_text)s"), {"plan_text": Free(draft.text)}))
    if draft.photos:
        says.append(Say(N_("Photos with your plan: %(count)s."), _count(draft.photos)))
    says.append(Say(N_("Is this your plan for the neighbourhood?")))
    sound = draft.notes[-1] if draft.unheard and draft.notes else None
    return Reply(tuple(says), (THIS_IS_IT, CHANGE_IT, QUESTION), sound)


def _unheard_rows(facts: Facts, now: datetime) -> list[Say]:
    """Say that a person will listen, so that nothing has to be said again."""
    return [
        Say(N_("Thank you. I have your message.")),
        Say(N_("A person will listen to your message.")),
        Say(
            N_("You will hear from us before %(date)s."),
            {"date": answer_day(facts, now)},
        ),
        Say(N_("You do not need to say it again.")),
    ]


def confirm(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Store the draft on yes, ask anew on no; anything else is one more part."""
    if message.act == "yes":
        return _store(talk, facts, now)
    if message.act == "no":
        return _anew(talk, facts, now)
    return describe(talk, message, facts, now)


def _anew(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Take the words back and ask for better ones; photos and place stay."""
    draft = talk.draft or Draft()
    kept = replace(draft, text="", notes=(), spoken=False, unheard=False)
    says = (Say(N_("All right.")), *ask_plan(talk, facts, now).says)
    cleared = replace(talk, draft=kept)
    return Turn(at(cleared, DescribingPlan()), [Reply(says, (RULES, BACK))])


def _store(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Store what she said yes to, and give it its number."""
    draft = talk.draft or Draft()
    if draft.changing is not None:
        return _store_change(talk, draft, facts, now)
    if not facts.collecting(now):
        return no_round(talk, facts, now)
    choices = _with_room(facts, now)
    if not choices:
        return _enough(talk, facts, now)
    a_round = facts.round(draft.round) if draft.round else None
    if a_round is None and len(choices) > 1:
        asked = at(talk, ChoosingRound("store"))
        return Turn(asked, [ask_round(asked, facts, now)])
    return _stored(talk, draft, a_round or choices[0], facts, now)


def _stored(
    talk: Talk, draft: Draft, a_round: Round, facts: Facts, now: datetime
) -> Turn:
    media = (*draft.notes, *draft.photos)
    number = facts.next_number
    effect = StorePlan(number, a_round.slug, draft.text, media, draft.pin, draft.spoken)
    after = at(replace(talk, draft=None), PlacingPlan(number))
    receipt = Reply(_receipt(number, a_round))
    if draft.pin is not None:
        turn = placed(after, facts, now)
        return replace(turn, replies=[receipt, *turn.replies], effects=[effect])
    return Turn(after, [receipt, ask_place(after, facts, now)], [effect])


def _receipt(number: int, a_round: Round) -> tuple[Say, ...]:
    """Say that the plan is safe, its number, and what happens next and when."""
    says = [
        Say(N_("Thank you. Your plan is saved.")),
        Say(N_("Your plan has number %(plan)s."), {"plan": number}),
    ]
    if day := a_round.supports_until:
        until = N_("Neighbours can support your plan until %(date)s.")
        says.append(Say(until, {"date": day}))
    if a_round.threshold:
        needed = {"threshold": a_round.threshold}
        looked_at = N_(
            "With support from %(threshold)s neighbours, "
            "the municipality looks at your plan."
        )
        says.append(Say(looked_at, needed))
    says.append(Say(N_("First a person reads it. Then neighbours can see it.")))
    says.append(Say(N_("We will keep telling you how it goes.")))
    return tuple(says)


def _store_change(talk: Talk, draft: Draft, facts: Facts, now: datetime) -> Turn:
    """Replace the words of a plan that is stored, while that is still possible."""
    number = draft.changing or 0
    cleared = rest(replace(talk, draft=None))
    plan = facts.mine(number)
    if plan is None or plan.status not in CHANGEABLE:
        return Turn(cleared, [too_late(facts, now)])
    media = (*draft.notes, *draft.photos)
    says = (
        Say(N_("Thank you. Your plan is changed.")),
        Say(N_("It keeps number %(plan)s."), {"plan": number}),
        Say(N_("A person reads it again first.")),
    )
    effect = ChangePlan(number, draft.text, media, draft.spoken)
    return Turn(cleared, [Reply(says, menu_buttons(facts, now))], [effect])


def note_arrived(facts: Facts) -> Reply:
    """Say at once that the note is here, before anybody has listened to it."""
    says = [Say(N_("Thank you. I have your message."))]
    if facts.can_listen:
        says.append(Say(N_("I am listening now. Please wait.")))
    return Reply(tuple(says))


def no_round(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Say that plans are not taken in now, and when the next step is."""
    says = [Say(N_("We do not take plans now."))]
    later = [start for each in facts.rounds if (start := _next_start(each, now))]
    if later:
        says.append(
            Say(N_("You can tell your plan from %(date)s."), {"date": min(later)})
        )
    if talk.draft and _has_content(talk.draft):
        says.append(Say(N_("I keep your words until then.")))
    buttons = (PERSON, *menu_buttons(facts, now)[:2])
    return Turn(rest(talk), [Reply(tuple(says), buttons)])


def _next_start(each: Round, now: datetime) -> date | None:
    start = each.start_of(Phase.COLLECTING)
    return each.day_of(Phase.COLLECTING) if start and start > now else None


def _enough(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Say why there is a limit, and two ways on."""
    most = max(each.plans_per_person for each in facts.collecting(now))
    says = (
        Say(N_("The most plans for one person is: %(most)s."), {"most": most}),
        Say(N_("So there is room for every neighbour.")),
        Say(N_("You can change a plan, or take one back.")),
        Say(N_("A neighbour can also send this idea.")),
    )
    return Turn(rest(talk), [Reply(says, (HOW_GOES, PERSON))])


def _with_room(facts: Facts, now: datetime) -> tuple[Round, ...]:
    """Return the rounds in which she may still add a plan."""
    return tuple(
        each
        for each in facts.collecting(now)
        if _count_in(each, facts.me.plans) < each.plans_per_person
    )


def _count_in(a_round: Round, plans: tuple[Plan, ...]) -> int:
    return sum(
        plan.round == a_round.slug and plan.status is not Status.WITHDRAWN
        for plan in plans
    )


def _read_back(talk: Talk, facts: Facts, now: datetime) -> Turn:
    return Turn(at(talk, ConfirmingPlan()), [ask_confirm(talk, facts, now)])


def _with_part(draft: Draft, message: Message) -> Draft | None:
    """Return the draft with one more part; None if there is nothing to keep in it."""
    if message.kind is Kind.PHOTO and message.media:
        text = _joined(draft.text, message.text)
        return replace(draft, photos=(*draft.photos, message.media), text=text)
    if message.pin:
        return replace(draft, pin=message.pin)
    if message.kind is Kind.NOTE and message.media:
        return _with_note(draft, message)
    if message.is_words:
        return replace(draft, text=_joined(draft.text, message.text))
    return None


def _with_note(draft: Draft, message: Message) -> Draft | None:
    if message.heard == "nothing":
        return None
    notes = (*draft.notes, message.media or 0)
    if message.unheard:
        return replace(draft, notes=notes, spoken=True, unheard=True)
    text = _joined(draft.text, message.text)
    return replace(draft, notes=notes, text=text, spoken=True)


def _joined(before: str, after: str) -> str:
    return "\n".join(part for part in (before, after.strip()) if part)


def _listen_task(message: Message) -> list[Effect]:
    """Ask a person to listen to a note without words, from the moment it is here."""
    if message.unheard and message.media and message.heard != "nothing":
        return [RaiseTask(TaskKind.LISTEN, media=message.media)]
    return []


def _has_content(draft: Draft) -> bool:
    return bool(draft.text or draft.notes)


def _count(items: tuple[int, ...]) -> dict[str, int]:
    return {"count": len(items)}
