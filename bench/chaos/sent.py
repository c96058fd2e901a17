"""What was owed, held against what both providers took.

Twilio's requests name our row in their status callback: there, each message is known.
Telegram's do not. A row whose outcome was written down is known by the provider's
name for it; the others are counted by chat and text. So on Telegram a needless repeat
could hide behind an allowed one of the very same words in the same chat, and nothing
else could.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from bench.chaos import telegram
from bench.chaos.findings import NEVER_SENT, OUT_OF_ORDER, REPEATED, STUCK, Findings
from bench.chaos.leases import Eyes
from bench.chaos.seen import Arrival, Fate, Ledger
from bot.channels.telegram_outbound import split_text
from bot.store.talks import OutboundMessage, Talk

OUT = ("sent", "delivered", "read")
GIVEN_UP = ("unsure", "failed", "dropped")


@dataclass
class Row:
    """One owed message, and what is known of it from outside."""

    id: int
    who: tuple[str, str]
    delivery: str
    name: str | None
    reason: str | None
    text: str
    kills: list[int] = field(default_factory=list)


def check_sent(eyes: Eyes, ledger: Ledger, findings: Findings) -> None:
    """Check that all was sent, once or with an excuse, in order."""
    rows = _load(eyes, ledger)
    talks: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        talks[row.who].append(row)
        _check_ended(row, findings)
    arrived: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for one in ledger.arrivals:
        arrived[one.channel, one.address].append(one)
    for who, owed in talks.items():
        taken = arrived.pop(who, [])
        on_telegram = who[0] == telegram.CHANNEL
        (_check_telegram if on_telegram else _check_twilio)(owed, taken, findings)
    for who in arrived:
        findings.add(REPEATED, f"{who} is owed nothing and was written to")


def _load(eyes: Eyes, ledger: Ledger) -> list[Row]:
    """Return all rows in order, with the texts they had where those are known."""
    out = OutboundMessage
    found = eyes.rows(
        select(
            *(out.id, out.text, out.delivery, out.external_id, out.reason),
            *(Talk.channel, Talk.address),
        )
        .join(Talk, Talk.id == out.talk_id)
        .order_by(out.id)
    )
    rows = {each.id: _row(each) for each in found}
    for kill in ledger.kills:
        for number, text in kill.leased.items():
            rows[number].kills.append(kill.number)
            rows[number].text = rows[number].text or text
    return list(rows.values())


def _row(each: Any) -> Row:
    who = (each.channel, each.address)
    return Row(each.id, who, each.delivery, each.external_id, each.reason, each.text)


def _check_ended(row: Row, findings: Findings) -> None:
    findings.figures["owed"] += 1
    findings.figures[f"ended {row.delivery}"] += 1
    if row.delivery not in (*OUT, *GIVEN_UP):
        findings.add(STUCK, f"row {row.id} is {row.delivery}")
    if row.delivery in GIVEN_UP and not row.reason:
        findings.add(STUCK, f"row {row.id} is {row.delivery} without a reason")


def _check_twilio(
    owed: Sequence[Row], taken: Sequence[Arrival], findings: Findings
) -> None:
    """Check each row by the number its requests carried."""
    arrivals: dict[int | None, list[Arrival]] = defaultdict(list)
    for one in taken:
        arrivals[one.row].append(one)
    order = []
    for row in owed:
        mine = arrivals.pop(row.id, [])
        order += [(row, one) for one in mine[:1]]
        _check_whole(row, [one.text for one in mine], findings)
        parts = Counter(one.text for one in mine)
        for text, times in parts.items():
            _count_repeats(
                times - 1, [row], [o for o in mine if o.text == text], findings
            )
        _check_unsure(row, mine, findings)
    for number, lost in arrivals.items():
        findings.add(
            REPEATED, f"{len(lost)} messages with row {number} of another talk"
        )
    _check_order(order, findings)


def _check_whole(row: Row, heard: Sequence[str], findings: Findings) -> None:
    """Check that of a message that is said to be sent all parts have come."""
    if row.delivery in OUT and not (heard and _holds(heard, row.text)):
        findings.add(NEVER_SENT, f"row {row.id} is {row.delivery}")


def _holds(heard: Sequence[str], text: str) -> bool:
    """Tell whether all words of a text were heard, one after the other."""
    words = iter(" ".join(heard).split())
    return all(word in words for word in text.split())


def _check_unsure(row: Row, mine: Sequence[Arrival], findings: Findings) -> None:
    """Check that nothing followed a send whose outcome may never be known.

    With a kill in between it was never written down as unsure, so it may be repeated.
    """
    vague = [n for n, one in enumerate(mine) if one.fate is not Fate.ANSWERED]
    if not row.kills and vague and vague[0] != len(mine) - 1:
        findings.add(REPEATED, f"row {row.id} followed an unsure send of itself")


def _check_telegram(
    owed: Sequence[Row], taken: Sequence[Arrival], findings: Findings
) -> None:
    """Check a chat by the provider's names, then by its texts."""
    by_name = {one.name: one for one in taken}
    named = [(row, by_name.get(row.name or "")) for row in owed]
    for row, one in named:
        if one is not None:
            row.text = row.text or one.text
        heard = [one.text] if one is not None else []
        if one is not None:
            heard = [o.text for o in taken if o.at < one.at] + heard
        _check_whole(row, heard, findings)
    _check_order([(row, one) for row, one in named if one is not None], findings)
    _check_texts(owed, taken, findings)


def _check_texts(
    owed: Sequence[Row], taken: Sequence[Arrival], findings: Findings
) -> None:
    """Check that no text arrived oftener than it was owed, kills excepted.

    A vote's own words are emptied when their send ended unsure: such a row may stand
    for any text of its chat that the provider took without saying so, and that neither
    another row nor a kill accounts for.
    """
    saying: dict[str, list[Row]] = defaultdict(list)
    for row in owed:
        for part in split_text(row.text):
            saying[part].append(row)
    heard: dict[str, list[Arrival]] = defaultdict(list)
    for one in taken:
        heard[one.text].append(one)
    blank = [row for row in owed if not row.text]
    for text, ones in heard.items():
        rows = saying.get(text, [])
        known = len(rows) + _kills(rows)
        spare = min(max(0, len(ones) - known), _vague(ones), len(blank))
        rows, blank = [*rows, *blank[:spare]], blank[spare:]
        _count_repeats(len(ones) - len(rows), rows, ones, findings)
    once = _once(saying).items()
    firsts = [(rows[0], heard[text][0]) for text, rows in once if text in heard]
    _check_order(firsts, findings)


def _kills(rows: Sequence[Row]) -> int:
    return sum(len(row.kills) for row in rows)


def _vague(ones: Sequence[Arrival]) -> int:
    return sum(one.fate is not Fate.ANSWERED for one in ones)


def _once(saying: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the texts that only one row of the chat says, in the rows' order."""
    once = {text: rows for text, rows in saying.items() if len(rows) == 1}
    return dict(sorted(once.items(), key=lambda each: each[1][0].id))


def _count_repeats(
    repeats: int, rows: Sequence[Row], ones: Sequence[Arrival], findings: Findings
) -> None:
    """Allow a repeat for each kill that hit one of these rows under lease."""
    if repeats <= 0:
        return
    allowed = _kills(rows)
    findings.figures["repeated"] += repeats
    findings.figures["repeated under lease"] += min(repeats, allowed)
    if repeats > allowed:
        ids = {row.id: row.kills for row in rows}
        at = [f"{one.at:.2f} {one.name} {one.fate.value}" for one in ones]
        findings.add(REPEATED, f"rows {ids} (under lease at kills) arrived {at}")


def _check_order(arrived: Sequence[tuple[Row, Arrival]], findings: Findings) -> None:
    """Check that messages of a talk, listed in the rows' order, came in that order."""
    for (row, one), (later, other) in pairwise(arrived):
        if other.at < one.at:
            told = [
                f"row {r.id} at {o.at:.2f} kills {r.kills}"
                for r, o in ((row, one), (later, other))
            ]
            findings.add(OUT_OF_ORDER, f"{row.who} {told}")
