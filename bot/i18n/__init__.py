"""From message ids to text in the reader's language; see `rendering`."""

from bot.i18n.bidi import direction
from bot.i18n.catalogues import CatalogueError
from bot.i18n.rendering import list_label, render

__all__ = ["CatalogueError", "direction", "list_label", "render"]
