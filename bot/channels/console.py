"""A terminal as a channel, for `buurtstem chat`: no network, no database."""

from itertools import count

from bot.channels.content import number_choices
from bot.domain.messages import Content, Inbound, Outbound, Sender, Tap, Text

CHANNEL = "console"
TAP = ">"
"""A line that begins with it is a tap: ">menu:plan"."""


class Console:
    """One resident at a keyboard."""

    name = CHANNEL
    shows_number = False

    def __init__(self, user_id: str = "console") -> None:
        self._sender = Sender(user_id)
        self._numbers = count(1)

    def typed(self, line: str) -> Inbound:
        """Return a typed line as a message; the same line twice is two messages."""
        content: Content = Text(line)
        if line.startswith(TAP):
            content = Tap(line.removeprefix(TAP).strip())
        return Inbound(CHANNEL, str(next(self._numbers)), self._sender, content)

    def shown(self, out: Outbound) -> str:
        """Return a message as the terminal shows it: choices have numbers."""
        text = number_choices(out.text, out.choices)
        shown = f"(picture)\n{text}" if out.picture else text
        return f"{shown}\n({out.sound})" if out.sound else shown
