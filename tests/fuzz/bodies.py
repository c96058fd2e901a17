"""The bodies of a batch: of every kind, genuine and forged, new and sent again."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.fuzz import calls, messages
from tests.fuzz.asking import Asked
from tests.fuzz.memory import Memory
from tests.fuzz.sealing import DAMAGES, FLIPPED, GONE

SHARES: Mapping[Callable[[Memory], Asked], int] = {
    messages.telegram: 30,
    messages.whatsapp: 25,
    messages.status: 10,
    messages.phone: 15,
    calls.hook: 14,
    calls.sign_on: 6,
}
FORGED, AGAIN = 0.35, 0.04
REPEATED = frozenset({"telegram", "whatsapp", "phone", "hook"})


def next_body(memory: Memory) -> Asked:
    """Return the next body; now and then one that was sent before."""
    random = memory.random
    if memory.sent and random.random() < AGAIN:
        return random.choice(memory.sent)
    make = random.choices(tuple(SHARES), tuple(SHARES.values()))[0]
    asked = make(memory)
    if asked.seal and random.random() < FORGED:
        damages = DAMAGES if asked.kind == "hook" else (FLIPPED, GONE)
        return replace(asked, damage=random.choice(damages))
    if asked.is_genuine and asked.method == "POST" and asked.kind in REPEATED:
        memory.sent.append(asked)
    return asked
