"""The choice of language: before anything else, and again at any moment."""

from dataclasses import replace
from typing import cast

from bot.domain.languages import LANGUAGES, NAMES, Language, is_language
from bot.domain.plans import is_plan_number
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.domain.script import FIRST_CONTACT
from bot.flows.reading import BOUND
from bot.flows.state import ChoosingLanguage, Kind, Message, Picks, Talk, Turn, Wish
from bot.flows.talks import at
from bot.flows.words import named_language


def ask_language(first: Language | None = None) -> Reply:
    """Offer the four languages, each named in itself; the digits 1 to 4 work too.

    The row is one message id with four translations, each shown in its own language.
    Read aloud, the language `first` comes first: that of a greeting or a poster.
    """
    row = N_("Welcome. English: choose 2.")
    says = tuple(Say(row, language=each) for each in LANGUAGES)
    order = sorted(LANGUAGES, key=lambda each: each != first)
    aloud = tuple(Say(FIRST_CONTACT, language=each) for each in order)
    return Reply(says, language_buttons(), aloud=aloud)


def language_buttons() -> tuple[Button, ...]:
    """Return the four languages as buttons, in the order of their digits."""
    own_name = N_("%(language)s")
    return tuple(
        Button(f"lang:{each}", Say(own_name, {"language": Free(NAMES[each])}))
        for each in LANGUAGES
    )


def first_contact(talk: Talk, message: Message) -> Turn:
    """Offer the languages; what she wanted is kept and done right after the choice.

    A pass and the numbers of a vote go to the picks, which are kept encrypted, not to
    the wish.
    """
    state = talk.state
    before = state.wish if isinstance(state, ChoosingLanguage) else None
    if message.act == "menu:vote" and message.numbers:
        talk = replace(talk, picks=Picks("", message.numbers))
    if message.code:
        numbers = talk.picks.numbers if talk.picks else ()
        talk = replace(talk, picks=Picks("", numbers, code=message.code))
    wish = _joined(before, _wish(message))
    asked = ask_language(message.language)
    return Turn(at(talk, ChoosingLanguage(wish)), [asked])


def change_language(talk: Talk) -> Turn:
    """Offer the languages in the middle of a talk; the open question waits behind."""
    state = talk.state
    before = state.before if isinstance(state, ChoosingLanguage) else state
    return Turn(at(talk, ChoosingLanguage(before=before)), [ask_language()])


def chosen_language(message: Message) -> Language | None:
    """Return the language that a message at the choice stands for."""
    code = (message.act or "").removeprefix("lang:")
    if is_language(code):
        return cast("Language", code)
    if not message.is_words:
        return None
    if len(message.numbers) == 1 and message.only_numbers:
        place = message.numbers[0]
        return LANGUAGES[place - 1] if 1 <= place <= len(LANGUAGES) else None
    return named_language(message.text)


def wished(wish: Wish | None) -> list[Message]:
    """Return the first messages again, to be answered now that we can talk."""
    if wish is None:
        return []
    found = []
    if wish.act or wish.numbers:
        bare = wish.act is None
        found.append(Message(act=wish.act, numbers=wish.numbers, only_numbers=bare))
    if wish.text or wish.too_long:
        found.append(Message(text=wish.text, too_long=wish.too_long))
    found += [Message(Kind.PHOTO, media=photo) for photo in wish.photos]
    notes = [Message(Kind.NOTE_ARRIVED, media=note, again=True) for note in wish.notes]
    return found + notes


def _wish(message: Message) -> Wish | None:
    """Return what to keep of a first message: no greeting, no sticker, no answer."""
    if message.kind in {Kind.NOTE, Kind.NOTE_ARRIVED} and message.media:
        return Wish(notes=(message.media,))
    if message.kind is Kind.PHOTO and message.media:
        return Wish(message.text, photos=(message.media,))
    if message.code:
        return Wish(act="menu:vote")
    if message.too_long:
        return Wish(too_long=True)
    if message.only_numbers:
        plans = tuple(number for number in message.numbers if is_plan_number(number))
        return Wish(numbers=plans[:1]) if plans else None
    if message.act in BOUND:
        return None
    if message.act in {None, "greeting", "menu:help", "thanks", "lang"}:
        words = message.text if message.act is None else ""
        return Wish(words) if len(words.split()) > 1 else None
    numbers = () if message.act == "menu:vote" else message.numbers
    return Wish(act=message.act, numbers=numbers)


def _joined(before: Wish | None, after: Wish | None) -> Wish | None:
    """Keep all that was said: the first act, all words, all notes and photos."""
    if before is None or after is None:
        return before or after
    act = before if before.act or before.numbers else after
    return Wish(
        text="\n".join(part for part in (before.text, after.text) if part),
        act=act.act,
        numbers=act.numbers,
        notes=(*before.notes, *after.notes),
        photos=(*before.photos, *after.photos),
        too_long=before.too_long or after.too_long,
    )
