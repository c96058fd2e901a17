"""From message ids to text in the reader's language; see `rendering`."""

from bot.i18n.aloud import sentences
from bot.i18n.bidi import direction
from bot.i18n.catalogues import CatalogueError
from bot.i18n.prompts import fixed_prompts, script, slot
from bot.i18n.rendering import list_label, render
from bot.i18n.speaking import speak

__all__ = [
    "CatalogueError",
    "direction",
    "fixed_prompts",
    "list_label",
    "render",
    "script",
    "sentences",
    "slot",
    "speak",
]
