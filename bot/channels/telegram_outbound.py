"""Our messages in Telegram's shape: texts that fit, and a keyboard below the last."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.limits import TELEGRAM_TEXT, utf16_units
from bot.domain.messages import Choice
from bot.domain.split import split

_LINE = 40  # what a narrow phone shows of a button on one line
_HALF_LINE = 16


def split_text(text: str) -> list[str]:
    """Return `text` in parts that Telegram takes; none for blank text."""
    return split(text, TELEGRAM_TEXT.most, utf16_units)


def make_keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Return the buttons, two in a row if all are short; None for no choices."""
    buttons = [
        InlineKeyboardButton(button_text(choice), callback_data=choice.id)
        for choice in choices
    ]
    if not buttons:
        return None
    are_short = all(utf16_units(button.text) <= _HALF_LINE for button in buttons)
    width = 2 if are_short else 1
    rows = [buttons[i : i + width] for i in range(0, len(buttons), width)]
    return InlineKeyboardMarkup(rows)


def button_text(choice: Choice) -> str:
    """Return the label, with the detail behind it where one line holds both."""
    both = f"{choice.label} – {choice.detail}"
    return both if choice.detail and utf16_units(both) <= _LINE else choice.label
