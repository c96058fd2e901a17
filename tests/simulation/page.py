"""The web page of a resident: the real channel, and a page that asks what is new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.web import Web
from bot.domain.messages import Outbound
from bot.services.house import House
from bot.services.webchat import history
from tests.simulation.processes import Process
from tests.simulation.providers import Handover, Provider
from tests.simulation.residents import Resident
from tests.simulation.timeline import Timeline


@dataclass
class Pages:
    """All open pages. `some_web` is a web process that serves one now, if any lives."""

    timeline: Timeline
    residents: Mapping[tuple[str, str], Resident]
    some_web: Callable[[], Process | None]
    _cursors: dict[str, str] = field(default_factory=dict)

    def look_soon(self, address: str) -> None:
        """Let a page ask what is new, a little later."""
        if ("web", address) in self.residents:
            seconds = self.timeline.between(0.3, 3)
            self.timeline.after(seconds, lambda: self._fetch(address))

    def handed(self, out: Outbound, process: Process, provider: Provider) -> None:
        """Take note of what a process hands to its web channel."""
        handover = Handover(out.id, self.timeline.now, process.name)
        # The row may be in a transaction that was committed within this event.
        provider.took(handover, out)
        process.will_record()
        handover.told = "sent"
        self.look_soon(out.user_id)

    def _fetch(self, address: str) -> None:
        process = self.some_web()
        if process is not None:
            process.do(lambda: self._show(process.house, address))

    def _show(self, house: House, address: str) -> None:
        told = history(house, address, self._cursors.get(address, ""))
        self._cursors[address] = told.cursor
        for each in told.messages:
            if not each.mine:
                row = int(each.id.removeprefix("web:"))
                out = Outbound(row, address, "nl", each.text, each.choices)
                self.residents["web", address].hears(out, each.id)


class Page(Web):
    """The real web channel; `handed` hears first of what it is handed."""

    def __init__(self, *given: Any, handed: Callable[[Outbound], None]) -> None:
        super().__init__(*given)
        self._handed = handed

    def send(self, out: Outbound) -> Any:
        self._handed(out)
        return super().send(out)
