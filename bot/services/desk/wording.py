"""Words of officials for residents: four languages, or Dutch, or a prepared phrase."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.languages import FALLBACK, LANGUAGES, Texts
from bot.domain.say import N_, Say
from bot.i18n import render

MOST_WORDS = 240
"""Characters in one language: a template's variable holds 255."""

DEEDS: Mapping[str, str] = {
    "talked": N_("We talked with you about your plan."),
    "asked_permit": N_("We asked for the permit."),
    "permit": N_("The permit is there."),
    "ordered": N_("We ordered what is needed."),
    "planned": N_("We planned the work."),
    "working": N_("The work is going on."),
    "colleagues": N_("We asked our colleagues. We wait for their answer."),
}
"""What the municipality did, in phrases that are worded in all four languages."""

ANSWERS: Mapping[str, str] = {
    "permit": N_("The permit is there."),
    "money": N_("The money is on its way."),
    "go_on": N_("You can go on with your plan."),
    "call": N_("Your contact person will call you this week."),
    "visit": N_("We will come and look at the place this week."),
}
"""Answers to what is stuck, in the same way."""


class WordingError(ValueError):
    """Words that cannot be sent like this; the message is a machine word.

    It is empty, too_long, unchecked or dutch.
    """


@dataclass(frozen=True, slots=True)
class Worded:
    """What stood in a form: a phrase, or words by language.

    `checked`: somebody who speaks the languages has looked at the translations.
    """

    phrase: str = ""
    texts: Texts = field(default_factory=dict)
    checked: bool = False


def worded(given: Worded, phrases: Mapping[str, str]) -> dict[str, str]:
    """Return what residents read, by language; what lacks falls back to Dutch.

    Raises WordingError for no words, for no Dutch ones, for words that are too long,
    and for translations that nobody has looked at.
    """
    if given.phrase in phrases:
        return phrase_texts(phrases[given.phrase])
    texts: dict[str, str] = {
        each: " ".join(given.texts.get(each, "").split())
        for each in LANGUAGES
        if given.texts.get(each, "").strip()
    }
    if not texts:
        raise WordingError("empty")
    if FALLBACK not in texts:
        raise WordingError("dutch")
    if any(len(text) > MOST_WORDS for text in texts.values()):
        raise WordingError("too_long")
    if len(texts) > 1 and not given.checked:
        raise WordingError("unchecked")
    return texts


def phrase_texts(msgid: str) -> dict[str, str]:
    """Return a prepared phrase in all four languages."""
    return {each: render(Say(msgid), each) for each in LANGUAGES}


def lacks(texts: Texts) -> tuple[str, ...]:
    """Return the languages in which these words will be read in Dutch."""
    return tuple(each for each in LANGUAGES if each not in texts)
