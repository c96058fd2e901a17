"""What follows when a message is refused: one table, for sends and later statuses.

The words on the left are our own for what providers say (`bot.channels.twilio_errors`,
`bot.channels.telegram_errors`). What is not listed needs nothing but the reason kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HOUR, DAY = 3600.0, 86_400.0
UNTIL_RESUMED = 3650 * DAY


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a reason leads to. `waits` and `pause` are in seconds.

    `waits`: it surely did not arrive, and is owed again after each of them in turn.
    `pause`: nothing that we begin on this account goes out for so long. `shuts`: free
    text is not allowed until she writes. `stops`: she wants no messages. `elsewhere`:
    this address will not do; another of hers, or a person, has to. `ours`: our own
    settings or words are at fault, and only a person can mend them.
    """

    waits: tuple[float, ...] = ()
    pause: float = 0
    shuts: bool = False
    stops: bool = False
    elsewhere: bool = False
    ours: bool = False


_ELSEWHERE = Aftermath(elsewhere=True)
_SETTINGS = Aftermath(waits=(HOUR,) * 24, pause=300, ours=True)
_WORDS = Aftermath(ours=True)
AFTERMATHS: Mapping[str, Aftermath] = {
    "outside_window": Aftermath(waits=(0.0, 0.0), shuts=True),
    "opted_out": Aftermath(stops=True),
    **dict.fromkeys(("blocked", "no_chat", "migrated", "no_address"), _ELSEWHERE),
    **dict.fromkeys(("not_on_whatsapp", "not_reachable", "policy"), _ELSEWHERE),
    "held_back": Aftermath(waits=(DAY, 3 * DAY, 7 * DAY), elsewhere=True),
    "throttled": Aftermath(waits=(60, 300, 900, HOUR), pause=5),
    "unreachable": Aftermath(pause=30),
    "provider_fault": Aftermath(waits=(60, 300, 900, HOUR), pause=5),
    "queue_full": Aftermath(waits=(600, 1800, HOUR), pause=600),
    "daily_cap": Aftermath(waits=(HOUR,) * 24, pause=HOUR, ours=True),
    "sender_blocked": Aftermath(waits=(HOUR,) * 24, pause=UNTIL_RESUMED, ours=True),
    **dict.fromkeys(("bad_token", "bad_sender", "not_allowed"), _SETTINGS),
    **dict.fromkeys(("too_long", "bad_variables", "empty"), _WORDS),
    **dict.fromkeys(("content_gone", "bad_callback", "bad_request"), _WORDS),
}
NOTHING = Aftermath()
NORTH_AMERICA = "+1"
"""Where WhatsApp delivers no marketing at all: trying again would never help."""


def aftermath(reason: str | None) -> Aftermath:
    """Return what follows from a reason."""
    return AFTERMATHS.get(reason or "", NOTHING)
