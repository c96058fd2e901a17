"""Residents who live a life: tell plans, support, vote, change their minds, ask.

Each waits for her answer, asks again after her patience, and goes on as people do.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable

from bench.chaos import telegram, twilio
from bench.chaos.seen import Arrival, Delivery
from bench.chaos.town import Agreed, Town
from bench.chaos.words import LONG, NAME, WORDS, new_name, plan_text

PATIENCE = 20.0
ASKS_AGAIN = 3
ROW = re.compile(r"^\W*(\d+)\W* – ", re.MULTILINE)

Wanted = Callable[[Arrival], bool]


def anything(_: Arrival) -> bool:
    """Take any message for an answer."""
    return True


def with_button(*buttons: str) -> Wanted:
    """Return what a message with all these buttons answers."""
    return lambda one: set(buttons) <= set(one.tappable)


def picked(one: Arrival) -> tuple[int, ...]:
    """Return the plans that a ballot's read-back lists."""
    return tuple(sorted(int(each) for each in ROW.findall(one.text)))


class Resident:
    """One neighbour with one phone, from her first message on."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._channel, self._address, self._random = town.moves_in()
        self._phone = town.phones[self._channel, self._address]
        self._words = WORDS[self._random.choice(sorted(WORDS))]
        self._sent: list[Delivery] = []
        self._named: set[int] = set()
        self._since = 0
        self._said_at_once = False

    async def live(self) -> None:
        """Do everything once, in an order of her own."""
        if not await self._arrives():
            return
        goals = [self._tells, self._tells, self._supports, self._supports]
        goals += [self._votes, self._votes, self._asks, self._hurries]
        self._random.shuffle(goals)
        for goal in goals:
            if self._town.closing.is_set():
                return
            await self._settles()
            await goal()

    async def _settles(self) -> None:
        """Wait until all she said is delivered or given up; then think a little."""
        await self._all_delivered()
        self._sent.clear()
        self._said_at_once = False
        await asyncio.sleep(self._random.uniform(0.05, 0.5))

    async def _all_delivered(self) -> None:
        for each in self._sent:
            await each.ended.wait()

    async def _arrives(self) -> bool:
        """Write for the first time and choose a language."""
        code = next(code for code, words in WORDS.items() if words is self._words)
        offer = await self._ask(self._words.hello, with_button(f"lang:{code}"))
        if offer is None:
            return False
        self._taps(f"lang:{code}", offer)
        return await self._answer(with_button("menu:plan")) is not None

    async def _tells(self) -> None:
        """Tell a plan, have it read back, say yes, and skip where it will be."""
        await self._ask(self._words.plan, anything)
        name = new_name(self._random, next(self._town.plans))
        long = LONG[self._channel] if self._random.random() < 0.15 else 0
        text = plan_text(self._words, name, long)
        read_back = await self._ask(text, self._reads_back(name))
        if read_back is None:
            return
        read = "\n".join(each.text for each in self._new())
        said = await self._says_yes(read_back)
        self._agrees("plan", said, names=tuple(sorted(set(NAME.findall(read)))))
        asked = await self._answer(with_button("skip"))
        if asked is not None:
            self._taps("skip", asked)
            await self._consents(await self._answer(anything))

    async def _consents(self, question: Arrival | None) -> None:
        """Say whether we may write to her, where that is asked."""
        if question is not None and question.tappable == ("yes", "no"):
            self._taps(self._random.choice(question.tappable), question)
            await self._answer(anything)

    def _reads_back(self, name: str) -> Wanted:
        """Return what ends the wait: the question below a text with this name."""

        def wanted(one: Arrival) -> bool:
            told = any(name in each.text for each in self._new())
            return told and {"yes", "person"} <= set(one.tappable)

        return wanted

    async def _supports(self) -> None:
        number = self._random.choice(self._town.public)
        said = self._says(f"{self._words.support} {number}")
        self._agrees("support", said, numbers=(number,))
        await self._answer(lambda one: f"{number} – " in one.text)

    async def _votes(self) -> None:
        """Name plans, have them read back, and say yes to what was read back.

        No plan is named in two votes, so that a late read-back is known as one.
        """
        left = [each for each in self._town.on_paper if each not in self._named]
        picks = self._random.sample(left, self._random.randint(1, 2))
        self._named.update(picks)
        spoken = " ".join(str(each) for each in sorted(picks))

        def wanted(one: Arrival) -> bool:
            is_ballot = {"yes", "no", "repeat"} <= set(one.tappable)
            return is_ballot and set(picks) <= set(picked(one))

        read_back = await self._ask(f"{self._words.vote} {spoken}", wanted)
        if read_back is None:
            return
        said = await self._says_yes(read_back)
        self._agrees("ballot", said, numbers=picked(read_back))
        await self._answer(anything)

    async def _asks(self) -> None:
        await self._ask(self._words.status, anything)

    async def _hurries(self) -> None:
        """Ask two things at once and wait for both answers."""
        self._says(self._words.status)
        since = self._since
        self._says(self._words.rules)
        self._since = since
        await self._answer(lambda _: len(self._new()) > 1)

    def _agrees(
        self,
        what: str,
        said: Delivery,
        *,
        names: tuple[str, ...] = (),
        numbers: tuple[int, ...] = (),
    ) -> None:
        found = Agreed(what, self._channel, self._address, said, names, numbers)
        self._town.agreed.append(found)

    async def _says_yes(self, question: Arrival) -> Delivery:
        """Tap yes, once all before it was delivered.

        Where Twilio may have changed the order of what she said, another question can
        be open by now: then she types it, for the button would be an older one's.
        """
        await self._all_delivered()
        if self._said_at_once:
            return self._says(self._words.yes)
        return self._taps("yes", question)

    async def _ask(self, text: str, wanted: Wanted) -> Arrival | None:
        self._says(text)
        return await self._answer(wanted)

    def _says(self, text: str) -> Delivery:
        if self._channel == telegram.CHANNEL:
            return self._hands(telegram.typed(self._address, text))
        return self._hands(twilio.typed(self._town.public_url, self._address, text))

    def _taps(self, button: str, on: Arrival) -> Delivery:
        if self._channel == telegram.CHANNEL:
            return self._hands(telegram.tapped(self._address, button, on))
        url = self._town.public_url
        return self._hands(twilio.tapped(url, self._address, button, on))

    def _hands(self, delivery: Delivery) -> Delivery:
        self._since = len(self._phone.heard)
        self._said_at_once |= any(not each.ended.is_set() for each in self._sent)
        self._sent.append(delivery)
        self._town.post.hand_over(delivery)
        return delivery

    def _new(self) -> list[Arrival]:
        """Return what she heard since she last said something new."""
        return self._phone.heard[self._since :]

    async def _answer(self, wanted: Wanted) -> Arrival | None:
        """Wait for an answer, asking again without patience; None if she gives up."""
        began, since = time.monotonic(), self._since
        for _ in range(ASKS_AGAIN + 1):
            found = await self._hears(wanted)
            if found is not None:
                ledger = self._town.ledger
                waited = time.monotonic() - began
                ledger.longest_wait = max(ledger.longest_wait, waited)
                await asyncio.sleep(self._random.uniform(0.05, 0.4))
                return found
            self._town.ledger.counts["asked again"] += 1
            self._says(self._words.again)
            self._said_at_once = True
            self._since = since
        self._town.ledger.counts["gave up"] += 1
        return None

    async def _hears(self, wanted: Wanted) -> Arrival | None:
        """Return the newest message that answers, or None when patience ends."""

        def found() -> Arrival | None:
            return next((one for one in reversed(self._new()) if wanted(one)), None)

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE), self._phone.rings:
                await self._phone.rings.wait_for(lambda: found() is not None)
        return found()
