"""The talk on aiogram 3: Dispatcher, its FSM in memory, its aiohttp webhook.

As its manual shows: the webhook answers at once and updates are handled side by side.
"""

import asyncio
import itertools
import re
from pathlib import Path
from typing import Any

import click
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.methods import TelegramMethod
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from bench.peers import wording

router = Router()
plan_numbers = itertools.count(10)


class Talk(StatesGroup):
    """Where a talk is."""

    language = State()
    menu = State()
    plan = State()
    plan_back = State()
    where = State()
    numbers = State()
    numbers_back = State()


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """Lay buttons out, one per row."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data)]
            for label, data in buttons
        ]
    )


async def answer(
    to: Message | CallbackQuery, text: str, markup: InlineKeyboardMarkup | None = None
) -> None:
    """Send one message; end a tap's hourglass beside it, not before it."""
    if isinstance(to, Message):
        await to.answer(text, reply_markup=markup)
    elif to.message:
        sending = to.message.answer(text, reply_markup=markup)
        await asyncio.gather(call(to.answer()), call(sending))


async def call(method: TelegramMethod[Any]) -> None:
    """Call the Bot API: a method can be awaited, but is no coroutine to gather."""
    await method


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """Ask for the language."""
    await state.set_state(Talk.language)
    buttons = [(code, f"lang:{code}") for code in wording.LANGUAGES]
    await answer(message, wording.WELCOME, keyboard(*buttons))


@router.callback_query(Talk.language, F.data.startswith("lang:"))
async def choose_language(tap: CallbackQuery, state: FSMContext) -> None:
    """Keep the language and show the menu."""
    await state.update_data(language=tap.data, plans={})
    await state.set_state(Talk.menu)
    await answer(tap, wording.MENU, keyboard(*wording.MENU_BUTTONS))


@router.callback_query(Talk.menu, F.data == "menu:plan")
@router.callback_query(Talk.plan_back, F.data == "no")
async def ask_plan(tap: CallbackQuery, state: FSMContext) -> None:
    """Ask what the plan is."""
    await state.set_state(Talk.plan)
    await answer(tap, wording.ASK_PLAN)


@router.message(Talk.plan, F.text)
async def read_plan_back(message: Message, state: FSMContext) -> None:
    """Say the plan to her and wait for yes."""
    await state.update_data(draft=message.text)
    await state.set_state(Talk.plan_back)
    text = wording.PLAN_BACK.format(message.text)
    await answer(message, text, keyboard(*wording.CONFIRM))


@router.callback_query(Talk.plan_back, F.data == "yes")
async def keep_plan(tap: CallbackQuery, state: FSMContext) -> None:
    """Give the plan its number."""
    number, data = next(plan_numbers), await state.get_data()
    await state.update_data(plans=data["plans"] | {number: data["draft"]}, draft=None)
    await state.set_state(Talk.where)
    await answer(tap, wording.RECEIPT.format(number), keyboard(*wording.SKIP))


@router.callback_query(Talk.where, F.data == "skip")
@router.message(Talk.where, F.text)
async def thank(to: Message | CallbackQuery, state: FSMContext) -> None:
    """Leave the place open."""
    await state.set_state(Talk.menu)
    await answer(to, wording.THANKS)


@router.callback_query(Talk.menu, F.data == "menu:vote")
@router.callback_query(Talk.numbers_back, F.data == "no")
async def ask_numbers(tap: CallbackQuery, state: FSMContext) -> None:
    """Ask for the numbers of her choice."""
    await state.set_state(Talk.numbers)
    await answer(tap, wording.ASK_NUMBERS)


@router.message(Talk.numbers, F.text)
async def read_numbers_back(message: Message, state: FSMContext) -> None:
    """Say the choice to her and wait for yes."""
    await state.update_data(draft_ballot=re.findall(r"\d+", message.text or ""))
    await state.set_state(Talk.numbers_back)
    text = wording.NUMBERS_BACK.format(message.text)
    await answer(message, text, keyboard(*wording.CONFIRM))


@router.callback_query(Talk.numbers_back, F.data == "yes")
async def cast(tap: CallbackQuery, state: FSMContext) -> None:
    """Count the ballot."""
    data = await state.get_data()
    await state.update_data(ballot=data["draft_ballot"], draft_ballot=None)
    await state.set_state(Talk.menu)
    await answer(tap, wording.VOTED)


@router.message(Talk.menu, F.text.regexp(wording.STATUS_WORDS))
async def tell_status(message: Message, state: FSMContext) -> None:
    """List her plans."""
    await answer(message, wording.status((await state.get_data())["plans"]))


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--api", required=True, help="Bot API server.")
@click.option("--token", required=True)
@click.option("--secret", required=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Not used.")
def main(port: int, api: str, token: str, secret: str, folder: Path | None) -> None:
    """Serve the talk on a webhook until the process is ended."""
    del folder
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot(token, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    application = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=secret)
    handler.register(application, path="/telegram")
    setup_application(application, dispatcher, bot=bot)
    web.run_app(application, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main()
