"""The talk in a terminal: the same engine, a sample world, effects shown not done."""

from collections.abc import Iterator
from dataclasses import replace

from bot.clock import utc_now
from bot.domain.facts import Facts
from bot.domain.languages import Language
from bot.domain.text import clean
from bot.flows.engine import advance
from bot.flows.needs import pass_shown
from bot.flows.reading import read_text
from bot.flows.samples import by_pass, sample_admission, sample_facts
from bot.flows.saved import dump_picks, dump_talk, load_talk
from bot.flows.state import Menu, Message, Talk, Turn
from bot.i18n import render


class Terminal:
    """One talk with somebody at a keyboard, in `language`; `by_pass`: with passes."""

    def __init__(self, language: Language, *, by_pass: bool = False) -> None:
        self._by_pass = by_pass
        self._language: Language = language
        self._talk = Talk(Menu(), language=language)

    def greeting(self) -> Iterator[str]:
        """Yield how the talk begins."""
        return self._step(Message(act="greeting", tapped=True))

    def answer(self, text: str) -> Iterator[str]:
        """Yield what the bot says and would do for one typed message."""
        cleaned = clean(text)
        message = read_text(
            self._talk,
            cleaned.text,
            masked=cleaned.masked,
            too_long=cleaned.too_long,
        )
        return self._step(message)

    def _step(self, message: Message) -> Iterator[str]:
        now = utc_now()
        facts = self._facts(sample_facts(now), message)
        turn = advance(self._talk, message, facts, now)
        stored = dump_talk(turn.talk)
        self._talk = load_talk(stored, dump_picks(turn.talk.picks))
        return self._lines(turn)

    def _facts(self, facts: Facts, message: Message) -> Facts:
        told = replace(facts, me=replace(facts.me, voter="sample"))
        if not self._by_pass:
            return told
        shown = pass_shown(self._talk, message)
        admission = sample_admission(shown) if shown else None
        return replace(told, rounds=by_pass(told.rounds), admission=admission)

    def _lines(self, turn: Turn) -> Iterator[str]:
        language = turn.talk.language or self._language
        for reply in turn.replies:
            if reply.picture is not None:
                yield "bot: (picture)"
            for say in reply.says:
                yield f"bot: {render(say, language)}"
            for place, button in enumerate(reply.buttons, 1):
                yield f"     [{place}] {render(button.label, language)}"
        for effect in turn.effects:
            yield f"  => {effect}"
