"""The talk on python-telegram-bot: Application, ConversationHandler, persistence.

As its manual shows: updates one by one (ConversationHandler asks for that), its own
webhook server, PicklePersistence with its default interval.
"""

import asyncio
import itertools
import re
import warnings
from pathlib import Path
from typing import Any

import click
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning

from bench.peers import wording

LANGUAGE, MENU, PLAN, PLAN_BACK, WHERE, NUMBERS, NUMBERS_BACK = range(7)
TYPED = filters.TEXT & ~filters.COMMAND
Context = ContextTypes.DEFAULT_TYPE
plan_numbers = itertools.count(10)


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """Lay buttons out, one per row."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data)] for label, data in buttons]
    )


async def answer(
    update: Update, text: str, markup: InlineKeyboardMarkup | None = None
) -> None:
    """Send one message; end a tap's hourglass beside it, not before it."""
    if not update.effective_chat:
        return
    sending = update.effective_chat.send_message(text, reply_markup=markup)
    if update.callback_query:
        await asyncio.gather(update.callback_query.answer(), sending)
    else:
        await sending


def mine(context: Context) -> dict[str, Any]:
    """Return what is kept of this resident."""
    if context.user_data is None:
        raise LookupError("an update without a user")
    return context.user_data


def text_of(update: Update) -> str:
    """Return what was typed."""
    return (update.message and update.message.text) or ""


async def start(update: Update, _: Context) -> int:
    """Ask for the language."""
    buttons = [(code, f"lang:{code}") for code in wording.LANGUAGES]
    await answer(update, wording.WELCOME, keyboard(*buttons))
    return LANGUAGE


async def choose_language(update: Update, context: Context) -> int:
    """Keep the language and show the menu."""
    tap = update.callback_query
    mine(context)["language"] = tap and tap.data
    await answer(update, wording.MENU, keyboard(*wording.MENU_BUTTONS))
    return MENU


async def ask_plan(update: Update, _: Context) -> int:
    """Ask what the plan is."""
    await answer(update, wording.ASK_PLAN)
    return PLAN


async def read_plan_back(update: Update, context: Context) -> int:
    """Say the plan to her and wait for yes."""
    mine(context)["draft"] = text_of(update)
    text = wording.PLAN_BACK.format(text_of(update))
    await answer(update, text, keyboard(*wording.CONFIRM))
    return PLAN_BACK


async def keep_plan(update: Update, context: Context) -> int:
    """Give the plan its number."""
    number = next(plan_numbers)
    mine(context).setdefault("plans", {})[number] = mine(context).pop("draft")
    await answer(update, wording.RECEIPT.format(number), keyboard(*wording.SKIP))
    return WHERE


async def thank(update: Update, _: Context) -> int:
    """Leave the place open."""
    await answer(update, wording.THANKS)
    return MENU


async def ask_numbers(update: Update, _: Context) -> int:
    """Ask for the numbers of her choice."""
    await answer(update, wording.ASK_NUMBERS)
    return NUMBERS


async def read_numbers_back(update: Update, context: Context) -> int:
    """Say the choice to her and wait for yes."""
    mine(context)["draft_ballot"] = re.findall(r"\d+", text_of(update))
    text = wording.NUMBERS_BACK.format(text_of(update))
    await answer(update, text, keyboard(*wording.CONFIRM))
    return NUMBERS_BACK


async def cast(update: Update, context: Context) -> int:
    """Count the ballot."""
    mine(context)["ballot"] = mine(context).pop("draft_ballot")
    await answer(update, wording.VOTED)
    return MENU


async def tell_status(update: Update, context: Context) -> int:
    """List her plans."""
    await answer(update, wording.status(mine(context).get("plans", {})))
    return MENU


def talk() -> ConversationHandler[Context]:
    """Return the conversation with its states."""
    tap, typed = CallbackQueryHandler, MessageHandler
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            LANGUAGE: [tap(choose_language, "^lang:")],
            MENU: [
                tap(ask_plan, "^menu:plan$"),
                tap(ask_numbers, "^menu:vote$"),
                typed(filters.Regex(wording.STATUS_WORDS), tell_status),
            ],
            PLAN: [typed(TYPED, read_plan_back)],
            PLAN_BACK: [tap(keep_plan, "^yes$"), tap(ask_plan, "^no$")],
            WHERE: [tap(thank, "^skip$"), typed(TYPED, thank)],
            NUMBERS: [typed(TYPED, read_numbers_back)],
            NUMBERS_BACK: [tap(cast, "^yes$"), tap(ask_numbers, "^no$")],
        },
        fallbacks=[CommandHandler("start", start)],
        name="talk",
        persistent=True,
    )


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--api", required=True, help="Bot API server.")
@click.option("--token", required=True)
@click.option("--secret", required=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
def main(port: int, api: str, token: str, secret: str, folder: Path) -> None:
    """Serve the talk on a webhook until the process is ended."""
    warnings.filterwarnings("ignore", category=PTBUserWarning)
    kept = PicklePersistence(folder / "talks.pickle")
    builder = Application.builder().token(token).base_url(f"{api}/bot")
    application = builder.persistence(kept).build()
    application.add_handler(talk())
    application.run_webhook(
        "127.0.0.1",
        port,
        url_path="telegram",
        secret_token=secret,
        webhook_url=f"http://127.0.0.1:{port}/telegram",
    )


if __name__ == "__main__":
    main()
