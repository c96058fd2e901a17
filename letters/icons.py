"""Icons of themes that print in black on any machine, for the emoji of the chat.

A printer has no colour emoji; each one that is known has a drawing of our own.
"""

from collections.abc import Mapping

_DRAWINGS: Mapping[str, str] = {
    "tree": "🌳 🌲 🌱 🌿 🍀 🌷 🌻 🌼 🏞",
    "people": "🤝 👥 🫂 👪 🧑‍🤝‍🧑 👵 👴 🧓",
    "lamp": "💡 🔦 🏮",
    "ball": "⚽ 🏀 🏐 🏃 🛝 🛹",
    "palette": "🎨 🎭 🖼",
    "note": "🎵 🎶 🎤 🎸",
    "bicycle": "🚲 🚴 🚶 🚦 🚸",
    "heart": "❤ 💚 💙 🏥 🩺",
    "house": "🏠 🏡 🏘 🏢",
    "sun": "☀ 🌞 🔆",
    "book": "📚 📖 🎓 🏫",
}
ICONS: Mapping[str, str] = {
    emoji: name for name, row in _DRAWINGS.items() for emoji in row.split()
}
_VARIATION = "\ufe0f"
"""Asks for the coloured form of a sign; the sign is the same without it."""


def drawing(emoji: str) -> str | None:
    """Return the name of our drawing for an emoji, None if there is none."""
    return ICONS.get(emoji.replace(_VARIATION, ""))
