"""Was what was acknowledged kept, and was each turn done once?"""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from bench.chaos.findings import LOST, NEVER_SENT, STUCK, TURN_TWICE, Findings
from bench.chaos.leases import Eyes
from bench.chaos.seen import Delivery
from bot.store.talks import InboundMessage, OutboundMessage

ENDED = ("done", "failed")


def check_kept(eyes: Eyes, deliveries: list[Delivery], findings: Findings) -> None:
    """Check that each acknowledged delivery is there once, and answered once."""
    note = InboundMessage
    found = eyes.rows(select(note.id, note.channel, note.external_id, note.stage))
    by_name = defaultdict(list)
    for row in found:
        by_name[row.channel, row.external_id].append(row)
    for each in deliveries:
        rows = by_name.pop((each.channel, each.external_id), [])
        where = f"{each.channel} {each.external_id} inbound {[r.id for r in rows]}"
        findings.figures["acknowledged"] += each.acknowledged
        findings.figures["kept unacknowledged"] += bool(rows) > each.acknowledged
        if each.acknowledged and not rows:
            findings.add(LOST, where)
        if len(rows) > 1:
            findings.add(TURN_TWICE, where)
    for name in by_name:
        findings.add(TURN_TWICE, f"nobody sent {name}")
    for row in found:
        findings.figures["failed turns"] += row.stage == "failed"
        if row.stage not in ENDED:
            findings.add(STUCK, f"inbound {row.id} is {row.stage}")
    _check_replies(eyes, [row.id for row in found], findings)


def _check_replies(eyes: Eyes, inbound: list[int], findings: Findings) -> None:
    """Check that the replies to each message were all written in one transaction.

    A turn done twice would leave a second set: other numbers, or another moment.
    """
    row = OutboundMessage
    sets: dict[int, list[Any]] = defaultdict(list)
    keys = select(row.id, row.dedupe_key, row.created_at)
    for each in eyes.rows(keys.where(row.dedupe_key.like("in:%")).order_by(row.id)):
        sets[int(each.dedupe_key.split(":")[1])].append(each)
    for number in inbound:
        replies = sets.pop(number, [])
        order = [int(each.dedupe_key.split(":")[2]) for each in replies]
        moments = {each.created_at for each in replies}
        ids = [each.id for each in replies]
        if not replies:
            findings.add(NEVER_SENT, f"inbound {number} has no reply")
        elif order != list(range(len(order))) or len(moments) > 1:
            findings.add(TURN_TWICE, f"inbound {number} has replies {ids}")
    for number in sets:
        findings.add(TURN_TWICE, f"replies to an unknown inbound {number}")
