"""A plan under way: which draft a talk is in, and how parts join it."""

from dataclasses import replace

from bot.domain.effects import Effect, RaiseTask, TaskKind
from bot.domain.plans import TEXT_LENGTH
from bot.flows.state import (
    ConfirmingPlan,
    DescribingPlan,
    Draft,
    Heard,
    Kind,
    Message,
    Talk,
)


def changing(talk: Talk) -> int | None:
    """Return the number of the stored plan she gives new words for, if she does."""
    state = talk.state
    if isinstance(state, DescribingPlan | ConfirmingPlan):
        return state.changing
    return None


def draft_of(talk: Talk) -> Draft:
    """Return the draft that her words belong to now: a new plan's, or a change's."""
    draft = talk.draft if changing(talk) is None else talk.revision
    return draft or Draft()


def with_draft(talk: Talk, draft: Draft | None) -> Talk:
    """Return the talk with this draft in the place `draft_of` reads."""
    if changing(talk) is None:
        return replace(talk, draft=draft)
    return replace(talk, revision=draft)


def has_words(draft: Draft | None) -> bool:
    """Tell whether there is something that can be a plan: words or her voice."""
    return draft is not None and bool(draft.text or draft.notes)


def with_part(draft: Draft, message: Message) -> Draft | None:
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
    if message.heard is Heard.NOTHING:
        return None
    notes = (*draft.notes, message.media or 0)
    if message.unheard:
        return replace(draft, notes=notes, spoken=True, unheard=True)
    text = _joined(draft.text, message.text)
    return replace(draft, notes=notes, text=text, spoken=True)


def _joined(before: str, after: str) -> str:
    return "\n".join(part for part in (before, after.strip()) if part)


def is_too_long(draft: Draft) -> bool:
    """Tell whether a draft holds more words than a plan can."""
    return len(draft.text) > TEXT_LENGTH


def listen_task(message: Message, plan: int | None = None) -> list[Effect]:
    """Ask a person to listen to a note without words, from the moment it is here."""
    if message.unheard and message.media and message.heard is not Heard.NOTHING:
        return [RaiseTask(TaskKind.LISTEN, plan, media=message.media)]
    return []
