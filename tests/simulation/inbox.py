"""What people say to us: late, twice, or after its successor, until it is taken in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.messages import Content, Inbound, Reach, Voice
from bot.services.inbound import take_in
from bot.store.media import MediaStore
from tests.simulation.ears import short_note
from tests.simulation.judge import Judge
from tests.simulation.page import Pages
from tests.simulation.processes import Process
from tests.simulation.residents import Resident
from tests.simulation.timeline import Timeline

OURS = "whatsapp:+14155238886"


@dataclass
class Inbox:
    """Brings what people say to a web process, again and again until it says thanks.

    `arrived` counts how often a process was handed something; `look` lets the judge see
    what was committed by now.
    """

    timeline: Timeline
    media: MediaStore
    judge: Judge
    pages: Pages
    some_web: Callable[[], Process | None]
    look: Callable[[], None]
    arrived: int = 0
    said: int = 0

    def say(self, resident: Resident, content: Content) -> None:
        self.said += 1
        if isinstance(content, Voice) and resident.channel == "web":
            key = self.media.save(short_note(), "audio/ogg")
            content = Voice(replace(content.ref, place=key))
        ours = OURS if resident.channel == "whatsapp" else None
        inbound = resident.inbound(content, self.said, ours)
        if not isinstance(content, Reach):
            self.judge.said((inbound.channel, inbound.external_id))
        late = self.timeline.between(1, 6) if self.timeline.chance(0.02) else 0.05
        self.timeline.after(late, lambda: self._deliver(inbound))

    def _deliver(self, inbound: Inbound) -> None:
        self.arrived += 1
        process, key = self.some_web(), (inbound.channel, inbound.external_id)

        def again() -> None:
            if key not in self.judge.acknowledged:
                self._deliver(inbound)

        self.timeline.after(10 if process else 1, again)
        if process is not None:
            process.do(lambda: self._take(process, inbound))

    def _take(self, process: Process, inbound: Inbound) -> None:
        key = (inbound.channel, inbound.external_id)
        self.judge.note(f"{process.name} takes in {':'.join(key)}")
        try:
            take_in(process.house, inbound)
        except Exception as error:  # noqa: BLE001 - nothing may fail here
            self.judge.blame("error", f"take_in {key}: {error!r}")
        process.will_record()
        process.may_crash()
        if key not in self.judge.acknowledged and self.timeline.chance(0.05):
            seconds = self.timeline.between(0, 60)
            self.timeline.after(seconds, lambda: self._deliver(inbound))
        self.look()
        self.judge.acknowledge(key)
        if inbound.channel == "web":
            self.pages.look_soon(inbound.sender.user_id)
