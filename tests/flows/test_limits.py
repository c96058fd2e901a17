"""Every message of every talk fits the platforms, in four languages, and is whole."""

import re

import pytest

from bot.channels.limits import TELEGRAM_TEXT, WHATSAPP_BODY
from bot.domain.languages import LANGUAGES, Language
from bot.domain.say import Reply
from bot.flows.state import ConfirmingPlan, Menu
from bot.i18n import list_label, render
from tests.flows.cast import NEXT, talk
from tests.flows.crawl import ids_of, marked, replies
from tests.flows.steps import take

MOST_BUTTONS = 10
OPENER_LABEL, LIST_LABEL = 20, 24
LEFT_OVER = re.compile(r"%\(|%[sd]|\{\w*\}")


def text_of(reply: Reply, language: Language) -> str:
    return "\n".join(render(say, language) for say in reply.says)


def labels(reply: Reply, language: Language) -> list[str]:
    return [render(button.label, language) for button in reply.buttons]


def test_the_crawl_hears_every_sentence_of_the_flows() -> None:
    heard = {msgid for reply in replies() for msgid in ids_of(reply)}
    silent = {each: file for each, file in marked().items() if each not in heard}
    assert len(replies()) > 300
    assert silent == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_too_long_to_be_sent_in_one(language: Language) -> None:
    long = [text_of(reply, language) for reply in replies()]
    assert [text for text in long if not WHATSAPP_BODY.fits(text)] == []
    assert [text for text in long if not TELEGRAM_TEXT.fits(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_shows_its_seams(language: Language) -> None:
    for reply in replies():
        rows = [render(say, language) for say in reply.says]
        assert all(row.strip() for row in rows), rows
        shown = [*rows, *labels(reply, language)]
        assert [text for text in shown if LEFT_OVER.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_of_a_message_can_be_told_apart(language: Language) -> None:
    for reply in replies():
        assert len(reply.buttons) <= MOST_BUTTONS
        ids = [button.id for button in reply.buttons]
        assert len(set(ids)) == len(ids)
        cut = [label[:LIST_LABEL] for label in labels(reply, language)]
        assert all(label.strip() for label in cut)
        assert len(set(cut)) == len(cut), cut


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_that_opens_a_list_has_a_short_label(language: Language) -> None:
    assert 0 < len(list_label(language)) <= OPENER_LABEL


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_number_in_a_receipt_is_the_plans(language: Language) -> None:
    before = talk(ConfirmingPlan(), language, text="3 bankjes, 12 euro")
    receipt = take(before, "1" if before.offered else "evet").replies[0]
    numbers = re.findall(r"\d+", text_of(receipt, language))
    assert int(numbers[0]) == NEXT
    assert numbers[0].isascii()


def test_a_long_plan_is_read_back_whole() -> None:
    words = "bankje " * 570
    turn = take(talk(Menu(), "nl"), words)
    assert words.strip() in text_of(turn.replies[-1], "nl")
