"""A city with WhatsApp whose templates are made, and looked at."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import insert

from bot.channels.base import Channel
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_sender import Account
from bot.services.approvals import (
    Report,
    sync_templates,
)
from bot.services.wordings import wording
from bot.store.outreach import Template
from tests.standins.twilio import TwilioStandIn
from tests.worlds import World, table

SOME = [wording(kind, at) for kind in ("broadcast", "public") for at in ("nl", "tr")]
MANY = len(SOME)


def connected(world: World, twilio: TwilioStandIn) -> Iterator[World]:
    channel = open_channel(twilio)
    connect(world, channel)
    yield world
    channel.close()


def open_channel(twilio: TwilioStandIn, kind: type[WhatsApp] = WhatsApp) -> WhatsApp:
    account = Account(twilio.sid, twilio.token, twilio.sender, twilio.url)
    return kind(account, public_url="https://a.example", media_url=lambda key: key)


def connect(world: World, channel: Channel) -> None:
    channels = {**world.house.channels, "whatsapp": channel}
    world.house = replace(world.house, channels=channels)


def made(twilio: TwilioStandIn) -> tuple[int, int]:
    """Return how many resources were made, and how many approvals asked for."""
    posts = [call.path for call in twilio.calls if call.method == "POST"]
    asked = [path for path in posts if path.endswith("/ApprovalRequests/whatsapp")]
    return posts.count("/v1/Content"), len(asked)


def sync(world: World) -> Report:
    """Bring a few templates as far as they go."""
    return sync_templates(world.house, SOME)


def rows(world: World) -> list[Any]:
    return world.rows(table(Template).order_by(Template.id))


def add(world: World, **values: Any) -> None:
    """Add a template as an earlier run may have left it."""
    kept = {
        "kind": "broadcast",
        "language": "nl",
        "digest": "of older words",
        "sid": "HX" + "0" * 32,
        "slots": ["city", "words"],
        "approval": "approved",
        "created_at": world.clock(),
    }
    with world.house.db.engine.begin() as db:
        db.execute(insert(Template).values(kept | values))


def sid_of(world: World, kind: str, language: str) -> str:
    return next(
        str(row.sid)
        for row in reversed(rows(world))
        if (row.kind, row.language) == (kind, language)
    )
