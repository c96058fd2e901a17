"""Refusals: a rule said no, with what to tell the person."""

from bot.domain.say import Say


class RefusedError(Exception):
    """A rule refused an effect. `say` tells the resident what happened and what to do.

    Caught in one place, the turn: the effects are undone and the refusal is told.
    """

    def __init__(self, say: Say) -> None:
        super().__init__(say.msgid)
        self.say = say
