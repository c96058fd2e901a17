"""The whole examination, in the order in which one fault explains another."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.channels.base import Checked
from bot.config import Settings, SettingsError, read_settings
from bot.doctor.clock import check_clock
from bot.doctor.database import check_database
from bot.doctor.keys import check_keys
from bot.doctor.machine import (
    check_contact,
    check_disks,
    check_hook,
    check_media,
    check_scanner,
    check_speech,
    check_user,
    check_voice,
)
from bot.doctor.outside import check_public_url, check_webhooks
from bot.doctor.rounds import check_rounds
from bot.doctor.work import check_work
from bot.domain.findings import Finding, Mark, bad, ok
from bot.services.faults import where
from bot.services.house import House

Check = Callable[[], Iterable[Finding]]


def examine(build: Callable[[Settings], House]) -> Iterator[Finding]:
    """Yield every finding. Reads the environment, builds the house, closes it again.

    Needs no running server. Nothing is changed, but for a small file that is written
    to the media store and deleted. Never raises: a check that fails is a finding.
    """
    try:
        settings = read_settings()
    except SettingsError as faults:
        for fault in str(faults).splitlines():
            yield bad("settings", fault, "Correct it in the environment or in .env.")
        return
    yield ok("settings", "all there")
    try:
        house = build(settings)
    except SettingsError as fault:
        yield bad("settings", str(fault), "Correct it.")
        return
    except Exception as error:  # noqa: BLE001 - an address no driver understands
        advice = "Is DATABASE_URL right, and may this user write there?"
        yield bad("start", f"it cannot start ({where(error)})", advice)
        return
    try:
        yield from _examine(house)
    finally:
        house.postman.close()
        for channel in house.channels.values():
            channel.close()
        if house.voice is not None:
            house.voice.close()
        house.db.close()


def _examine(house: House) -> Iterator[Finding]:
    database = list(_guarded("database", lambda: check_database(house)))
    yield from database
    if all(each.mark is not Mark.BAD for each in database):
        yield from _guarded("keys", lambda: check_keys(house))
        yield from _guarded("queue", lambda: check_work(house))
        yield from _guarded("rounds", lambda: check_rounds(house))
    yield from _guarded("machine", lambda: _machine(house))
    yield from _guarded("outside", lambda: _outside(house))


def _machine(house: House) -> Iterator[Finding]:
    yield check_media(house)
    yield from check_disks(house.settings)
    yield check_speech(house)
    yield check_voice(house)
    yield check_scanner(house)
    yield check_hook(house.settings)
    yield check_contact(house.settings)
    yield check_user(house.settings)


def _outside(house: House) -> Iterator[Finding]:
    public_url, channels = house.settings.public_url, _checked(house)
    yield check_public_url(public_url, channels)
    for name, channel in channels.items():
        yield from channel.check(public_url)
        yield check_clock(name, channel.provider_url(), house.clock)
    yield from check_webhooks(public_url, channels)


def _checked(house: House) -> Mapping[str, Checked]:
    return {
        name: channel
        for name, channel in house.channels.items()
        if isinstance(channel, Checked)
    }


def _guarded(name: str, check: Check) -> Iterator[Finding]:
    """Yield the findings of a check; that it broke is one of them."""
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - one check, not the examination
        yield bad(name, f"the check itself failed ({where(error)})", "Report this.")


def as_line(finding: Finding) -> str:
    """Return a finding as one line for people."""
    line = f"{finding.mark:<5}{finding.name}: {finding.seen}"
    return f"{line} → {finding.advice}" if finding.advice else line


def as_json(findings: Sequence[Finding]) -> dict[str, object]:
    """Return the findings as one JSON object; `bad` tells whether any is."""
    return {
        "bad": any(each.mark is Mark.BAD for each in findings),
        "findings": [
            {
                "name": each.name,
                "mark": each.mark.value,
                "seen": each.seen,
                "advice": each.advice,
            }
            for each in findings
        ],
    }
