"""What is said only to the ear: how to choose by voice, and the first words."""

from collections.abc import Mapping

from bot.domain.languages import Language
from bot.domain.say import N_

FOR_LABEL = N_("For %(label)s, say %(n)s.")
"""A choice that is heard: the words of its button, then the number to say for it."""

FIRST_CONTACT = N_("English? Say 2.")
"""One row of the choice of language, worded for each language in itself."""

HUMAN_VOICES: Mapping[str, Mapping[Language, str]] = {
    "darija": {
        "nl": "Zeg in het Marokkaans-Arabisch: Spreek. Een mens luistert.",
        "ar": "قولوا بالدارجة المغربية: تكلموا. سيستمع إليكم إنسان.",
    },
    "tarifit": {
        "nl": "Zeg in het Tarifit: Spreek. Een mens luistert.",
        "ar": "قولوا بالريفية: تكلموا. سيستمع إليكم إنسان.",
    },
}
"""Lines in tongues that no synthesiser has: the slot, and what the reader is told.

They are only ever recorded by people; `Speak. A person will listen.` is their meaning.
"""
