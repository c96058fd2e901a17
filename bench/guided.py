"""Bodies guided by coverage: atheris keeps those that reach code no other reached.

Its first byte chooses where the rest goes, signed as the provider signs. It begins
with genuine bodies of talks that got somewhere, for by itself it finds no way into
JSON; what it keeps lies beside them (`var/guided`). Options are libFuzzer's:
`python -m bench.guided -runs=50000 -seed=1`. A finding ends it with 77; the body is
kept in the working folder, and given as an argument it is sent alone.
"""

import sys
from contextlib import ExitStack
from pathlib import Path

import atheris

from bench.servers import ROOT
from tests.fuzz.asking import Asked
from tests.fuzz.bodies import next_body
from tests.fuzz.court import BODIES, Court
from tests.fuzz.marks import WORD
from tests.fuzz.memory import Memory
from tests.fuzz.messages import FORM_TYPE, JSON_TYPE
from tests.fuzz.running import Batch, templates

RENEWED = 2_500
"""Bodies to one city: then a fresh one is opened."""

SOWN = 2_000
"""Bodies of talks, of which the genuine ones are what it begins with."""

CORPUS = ROOT / "var" / "guided"
KINDS = ("telegram", "whatsapp", "status", "phone", "hook")


class FoundError(Exception):
    """A judge found something."""


class Target:
    """What atheris calls, with bytes of its own making."""

    def __init__(self) -> None:
        self._templates = ExitStack()
        self._made = self._templates.enter_context(templates())
        self._city = ExitStack()
        self._count = 0
        self._court: Court | None = None

    def __call__(self, data: bytes) -> None:
        """Send one body; raises FoundError."""
        if self._court is None or self._count % RENEWED == 0:
            self._city.close()
            batch = Batch(BODIES, 0, self._count // RENEWED)
            self._court = Court(self._city.enter_context(self._made.place(batch)))
        self._count += 1
        findings = self._court.hear(asked(data, self._count)).findings
        if findings:
            raise FoundError("; ".join(map(str, findings)))


def asked(data: bytes, number: int) -> Asked:
    """Return the request that some bytes stand for."""
    where, body = data[:1] or b"\x00", data[1:]
    kinds = (
        Asked("telegram", "POST", "/telegram", "", (JSON_TYPE,), body, "telegram"),
        Asked("whatsapp", "POST", "/whatsapp", "", (FORM_TYPE,), body, "twilio"),
        Asked(
            "status", "POST", "/whatsapp/status", "out=1", (FORM_TYPE,), body, "twilio"
        ),
        Asked("phone", "POST", "/phone/say", "", (JSON_TYPE,), body, f"phone:{WORD}"),
        Asked(
            "hook",
            "POST",
            "/hooks",
            "",
            (JSON_TYPE, ("webhook-id", f"m{number}")),
            body,
            "hook",
        ),
    )
    return kinds[where[0] % len(kinds)]


def sow(folder: Path) -> None:
    """Write genuine bodies of people who talk with a city into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    batch = Batch(BODIES, 0, 0)
    with templates() as made, made.place(batch) as place:
        memory = Memory(batch.random, place.passes)
        court = Court(place, {}, memory.owes)
        for number in range(SOWN):
            body = next_body(memory)
            court.hear(body)
            if body.is_genuine and body.kind in KINDS and body.method == "POST":
                first = bytes([KINDS.index(body.kind)])
                (folder / f"sown_{number}").write_bytes(first + body.body)


def main() -> None:
    """Instrument what reads bodies and answers them, and let atheris loose on it."""
    for prefix in ("bot.channels", "bot.web", "bot.flows", "bot.services.inbound"):
        for name in [each for each in sys.modules if each.startswith(prefix)]:
            _instrument(sys.modules[name])
    arguments = list(sys.argv)
    if all(each.startswith("-") for each in arguments[1:]):
        sow(CORPUS)
        arguments.append(str(CORPUS))
    atheris.Setup(arguments, Target())
    atheris.Fuzz()


def _instrument(module: object) -> None:
    """Have each function of a module tell atheris where it goes."""
    for value in vars(module).values():
        of_it = getattr(value, "__module__", "") == getattr(module, "__name__", None)
        if of_it and hasattr(value, "__code__"):
            atheris.instrument_func(value)


if __name__ == "__main__":
    main()
