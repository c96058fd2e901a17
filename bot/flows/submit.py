"""A plan, from its first words to its number: told, read back, stored."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.effects import (
    ChangePlan,
    DropMedia,
    Effect,
    RaiseTask,
    StorePlan,
    TaskKind,
)
from bot.domain.facts import Facts
from bot.domain.plans import CHANGEABLE
from bot.domain.round_terms import Act
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.flows.drafts import (
    changing,
    draft_of,
    has_words,
    is_too_long,
    listen_task,
    with_draft,
    with_part,
)
from bot.flows.elsewhere import tell_where
from bot.flows.owned import told_elsewhere, too_late
from bot.flows.parts import (
    BACK,
    HOW_GOES,
    PERSON,
    RULES,
    answer_day,
    menu_buttons,
)
from bot.flows.placing import ask_place, placed, then_ask
from bot.flows.rounds import ask_round, with_room
from bot.flows.state import (
    ChoosingRound,
    ConfirmingPlan,
    DescribingPlan,
    Draft,
    Message,
    PlacingPlan,
    Talk,
    Turn,
)
from bot.flows.talks import at, rest

THIS_IS_IT = Button("yes", Say(N_("Yes, this is my plan")))
CHANGE_IT = Button("no", Say(N_("No, correct it")))
QUESTION = Button("person", Say(N_("I have a question")))
MOST_MISHEARD = 2
_LEAVING = frozenset({"back", "no", "later", "nothing"})


def begin(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Open the telling of a plan, or say why not and how to go on."""
    if not facts.collecting(now):
        return no_round(rest(talk), facts, now)
    if has_words(talk.draft):
        return _read_back(at(talk, ConfirmingPlan()), facts, now)
    open_rounds = with_room(facts, now)
    if not open_rounds:
        return _enough(talk, facts, now)
    if len(open_rounds) > 1:
        asked = at(talk, ChoosingRound("plan"))
        return Turn(asked, [ask_round(asked, facts, now)])
    return Turn(at(talk, DescribingPlan()), [ask_plan(talk, facts, now)])


def round_chosen(talk: Talk, slug: str, facts: Facts, now: datetime) -> Turn:
    """Go on with the plan in the neighbourhood she named."""
    assert isinstance(talk.state, ChoosingRound)  # noqa: S101 - narrows the type
    storing = talk.state.goal == "store"
    chosen = replace(talk, draft=replace(talk.draft or Draft(), round=slug))
    if storing:
        return _store(at(chosen, ConfirmingPlan()), facts, now)
    if has_words(chosen.draft):
        return _read_back(at(chosen, ConfirmingPlan()), facts, now)
    return Turn(at(chosen, DescribingPlan()), [ask_plan(chosen, facts, now)])


def part_before_round(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Keep what she tells while we ask which neighbourhood, and ask once more."""
    draft = with_part(talk.draft or Draft(), message)
    if draft is None or is_too_long(draft):
        return None
    told = replace(talk, draft=draft)
    asked = ask_round(told, facts, now)
    kept = Say(N_("Thank you. I keep this."))
    return Turn(told, [asked.after(kept)], listen_task(message))


def ask_plan(_: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask for the plan, in the easiest way to give it."""
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
    if message.act in _LEAVING:
        kept = Say(N_("All right."))
        return Turn(rest(talk), [Reply((kept,), menu_buttons(facts, now))])
    draft = with_part(draft_of(talk), message)
    if draft is None:
        return None
    if is_too_long(draft):
        return Turn(talk, [_too_long(talk, facts, now)])
    told = with_draft(talk, draft)
    if changing(talk) is None and not facts.collecting(now):
        if message.unheard and plans_elsewhere(facts, now):
            return _not_listened_to(talk, message, facts, now)
        turn = no_round(rest(told), facts, now)
    elif has_words(draft):
        turn = _read_back(told, facts, now)
    else:
        turn = _ask_words(told, message, facts, now)
    return replace(turn, effects=[*turn.effects, *listen_task(message)])


def _not_listened_to(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Say where plans are told: nobody listens to what can be no plan here."""
    drop: list[Effect] = [DropMedia(message.media)] if message.media else []
    return replace(no_round(rest(talk), facts, now), effects=drop)


def _too_long(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Refuse a part that makes the plan longer than it can be; the rest is kept."""
    says = (
        Say(N_("Your message is too long for me.")),
        Say(N_("Please tell it in shorter parts.")),
    )
    draft = draft_of(talk)
    asked = ask_confirm if has_words(draft) else ask_plan
    question = asked(talk, facts, now)
    return question.after(*says)


def _ask_words(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """A photo or a place alone is not a plan yet: keep it and ask for the words."""
    photo = N_("Thank you. I keep the photo.")
    place = N_("Thank you. I keep the place.")
    kept = Say(place if message.pin else photo)
    asked = ask_plan(talk, facts, now)
    return Turn(at(talk, DescribingPlan(changing(talk))), [asked.after(kept)])


def ask_confirm(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Read the plan back and ask whether this is it."""
    draft = draft_of(talk)
    says = _unheard_rows(facts, now) if draft.unheard else []
    if draft.text:
        heard = N_("This is what I heard:")
        wrote = N_("This is what you wrote:")
        says.append(Say(heard if draft.spoken else wrote))
        says.append(Say(N_("%(plan_text)s"), {"plan_text": Free(draft.text)}))
    if draft.photos:
        count = {"count": len(draft.photos)}
        says.append(Say(N_("Photos with your plan: %(count)s."), count))
    if draft.pin:
        says.append(Say(N_("I have the place of your plan too.")))
    says.append(Say(N_("Is this your plan for the neighbourhood?")))
    sound = draft.notes[-1] if draft.unheard and draft.notes else None
    return Reply(tuple(says), (THIS_IS_IT, CHANGE_IT, QUESTION), sound)


def _unheard_rows(facts: Facts, now: datetime) -> list[Say]:
    """Say that a person will listen, so that nothing has to be said again."""
    before = {"date": answer_day(facts, now)}
    return [
        Say(N_("Thank you. I have your message.")),
        Say(N_("A person will listen to your message.")),
        Say(N_("You will hear from us before %(date)s."), before),
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
    """Take the words back and ask for better ones; photos and place stay.

    Whoever was misheard twice need not say it a third time: a person listens.
    """
    draft = draft_of(talk)
    if draft.spoken and draft.text and not draft.unheard:
        draft = replace(draft, misheard=draft.misheard + 1)
    if draft.misheard >= MOST_MISHEARD and draft.notes and not draft.unheard:
        return _to_ears(with_draft(talk, draft), facts, now)
    kept = replace(draft, text="", notes=(), spoken=False, unheard=False)
    says = (Say(N_("All right.")), *ask_plan(talk, facts, now).says)
    cleared = with_draft(talk, kept)
    state = DescribingPlan(changing(talk))
    return Turn(at(cleared, state), [Reply(says, (RULES, BACK))])


def _to_ears(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Give what was misheard to a person, without the words that are wrong."""
    draft = replace(draft_of(talk), text="", unheard=True)
    turn = _read_back(with_draft(talk, draft), facts, now)
    number = changing(talk)
    listen = [RaiseTask(TaskKind.LISTEN, number, media=note) for note in draft.notes]
    return replace(turn, effects=listen)


def _store(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Store what she said yes to, and give it its number."""
    number = changing(talk)
    if number is not None:
        return _store_change(talk, number, facts, now)
    draft = draft_of(talk)
    if not has_words(draft):
        asked = at(talk, DescribingPlan())
        return Turn(asked, [ask_plan(asked, facts, now)])
    if not facts.collecting(now):
        return no_round(rest(talk), facts, now)
    choices = with_room(facts, now)
    if not choices:
        return _enough(talk, facts, now)
    chosen = next((each for each in choices if each.slug == draft.round), None)
    if chosen is None and len(choices) > 1:
        asked = at(talk, ChoosingRound("store"))
        return Turn(asked, [ask_round(asked, facts, now)])
    return _stored(talk, draft, chosen or choices[0], facts, now)


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
        effects = [effect, *turn.effects]
        return replace(turn, replies=[receipt, *turn.replies], effects=effects)
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


def _store_change(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    """Replace a stored plan's words; if review has begun, a person gets them."""
    draft = draft_of(talk)
    done = rest(replace(talk, revision=None))
    plan = facts.mine(number)
    if plan is None or plan.status not in CHANGEABLE:
        note = draft.notes[-1] if draft.notes else None
        task = RaiseTask(TaskKind.PERSON, number, draft.text, note)
        return Turn(done, [too_late(facts, now)], [task])
    if elsewhere := told_elsewhere(plan, facts, now):
        return Turn(rest(talk), [elsewhere])
    media = (*draft.notes, *draft.photos)
    says = (
        Say(N_("Thank you. Your plan is changed.")),
        Say(N_("It keeps number %(plan)s."), {"plan": number}),
        Say(N_("A person reads it again first.")),
    )
    effect = ChangePlan(number, draft.text, media, draft.spoken)
    turn = Turn(done, [Reply(says, menu_buttons(facts, now))], [effect])
    return then_ask(turn, facts)


def note_arrived(facts: Facts) -> Reply:
    """Say at once that the note is here, before anybody has listened to it."""
    says = [Say(N_("Thank you. I have your message."))]
    if facts.can_listen:
        says.append(Say(N_("I am listening now. Please wait.")))
    return Reply(tuple(says))


def plans_elsewhere(facts: Facts, now: datetime) -> Reply | None:
    """Return what says where plans are told; None if they are here, or nowhere now."""
    elsewhere = facts.elsewhere(Act.PLAN, now)
    if facts.collecting(now) or not elsewhere:
        return None
    return tell_where(Act.PLAN, elsewhere, facts, now)


def no_round(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Say that plans are not taken in here or now, and where or when they are."""
    if elsewhere := plans_elsewhere(facts, now):
        return Turn(talk, [elsewhere])
    says = [Say(N_("We do not take plans now."))]
    days = [day for each in facts.rounds if (day := _next_start(each, now))]
    if days:
        first = {"date": min(days)}
        says.append(Say(N_("You can tell your plan from %(date)s."), first))
    if has_words(talk.draft):
        says.append(Say(N_("I keep your words.")))
    buttons = (PERSON, *menu_buttons(facts, now)[:2])
    return Turn(talk, [Reply(tuple(says), buttons)])


def _next_start(each: Round, now: datetime) -> date | None:
    start = each.start_of(Phase.COLLECTING)
    return each.day_of(Phase.COLLECTING) if start and start > now else None


def _enough(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Say why there is a limit, and two ways on; a draft is kept."""
    most = max(each.plans_per_person for each in facts.collecting(now))
    says = (
        Say(N_("The most plans for one person is: %(most)s."), {"most": most}),
        Say(N_("So there is room for every neighbour.")),
        Say(N_("You can change a plan, or take one back.")),
        Say(N_("A neighbour can also send this idea.")),
    )
    return Turn(rest(talk), [Reply(says, (HOW_GOES, PERSON))])


def _read_back(talk: Talk, facts: Facts, now: datetime) -> Turn:
    asked = at(talk, ConfirmingPlan(changing(talk)))
    return Turn(asked, [ask_confirm(asked, facts, now)])
