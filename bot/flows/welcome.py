"""The choice of language: before anything else, and again at any moment."""

from dataclasses import replace
from typing import cast

from bot.domain.languages import LANGUAGES, NAMES, Language, is_language
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.flows.state import ChoosingLanguage, Kind, Message, Talk, Turn, Wish
from bot.flows.talks import at
from bot.flows.words import named_language


def ask_language() -> Reply:
    """Offer the four languages, each named in itself; the digits 1 to 4 work too.

    The row is one message id with four translations, each shown in its own language.
    """
    row = N_("Welcome. English: choose 2.")
    says = tuple(Say(row, language=each) for each in LANGUAGES)
    return Reply(says, language_buttons())


def language_buttons() -> tuple[Button, ...]:
    """Return the four languages as buttons, in the order of their digits."""
    own_name = N_("%(language)s")
    return tuple(
        Button(f"lang:{each}", Say(own_name, {"language": Free(NAMES[each])}))
        for each in LANGUAGES
    )


def first_contact(talk: Talk, message: Message) -> Turn:
    """Offer the languages; what she wanted is kept and done right after the choice."""
    wish = _wish(message)
    if isinstance(talk.state, ChoosingLanguage):
        wish = _joined(talk.state.wish, wish)
    return Turn(at(talk, ChoosingLanguage(wish)), [ask_language()])


def change_language(talk: Talk) -> Turn:
    """Offer the languages in the middle of a talk; nothing is lost by it."""
    return Turn(at(talk, ChoosingLanguage()), [ask_language()])


def chosen_language(message: Message) -> Language | None:
    """Return the language that a message at the choice stands for."""
    code = (message.act or "").removeprefix("lang:")
    if is_language(code):
        return cast("Language", code)
    if message.is_words:
        return named_language(message.text)
    return None


def wished_message(wish: Wish | None) -> Message | None:
    """Return the first message again, to be answered now that we can talk."""
    if wish is None:
        return None
    if wish.notes:
        return Message(Kind.NOTE_ARRIVED, media=wish.notes[-1], again=True)
    kind = Kind.PHOTO if wish.photos else Kind.TEXT
    media = wish.photos[-1] if wish.photos else None
    return Message(kind, wish.text, wish.act, wish.numbers, media=media)


def _wish(message: Message) -> Wish | None:
    """Return what to keep of a first message: not a greeting, not a sticker."""
    if message.kind in {Kind.NOTE, Kind.NOTE_ARRIVED} and message.media:
        return Wish(message.text, notes=(message.media,))
    if message.kind is Kind.PHOTO and message.media:
        return Wish(message.text, photos=(message.media,))
    if message.act in {None, "greeting", "menu:help", "thanks", "lang"}:
        words = message.text if message.act is None else ""
        return Wish(words) if _says_something(words) else None
    return Wish(message.text, message.act, message.numbers)


def _joined(before: Wish | None, after: Wish | None) -> Wish | None:
    """Keep the first wish; a later one does not push out what she said already."""
    if before is None or after is None:
        return before or after
    notes = (*before.notes, *after.notes)
    photos = (*before.photos, *after.photos)
    return replace(before, notes=notes, photos=photos)


def _says_something(words: str) -> bool:
    """Tell a first thought from a stray word: two words can be a plan."""
    return len(words.split()) > 1
