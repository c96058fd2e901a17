"""Payments as tests make them: a chosen plan, an author who sends her receipt."""

from datetime import date
from typing import Any
from uuid import uuid4

from bot.domain.messages import Inbound, MediaRef, Photo, Sender
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.spending import PaidBy, PaidTo
from bot.services.desk.spending import Payment, approve, enter
from bot.services.house import Scene
from bot.services.inbound import take_in
from bot.services.photos import fetch_photo_once
from tests.services.test_photos import picture
from tests.worlds import Person, World

ANNA, BRAM = "anna@example.org", "bram@example.org"
DAY = date(2026, 11, 16)
PAINT = Payment(
    Money(1250),
    PaidBy.INVOICE,
    {"nl": "verf voor de muur", "ar": "طلاء للجدار"},
    PaidTo.SHOP,
    DAY,
    new_activity="De muur",
)


def chosen_plan(world: World, author: Person | None, **plan: Any) -> int:
    """Add a public plan that was chosen, with 500 euros."""
    known: dict[str, Any] = {
        "status": Status.CHOSEN.value,
        "title": {"nl": "Een bank", "en": "A bench"},
        "public_at": world.clock(),
        "cost_cents": 50_000,
    }
    return world.plan(author, **(known | plan))


def at(world: World, job: Any) -> Any:
    """Do one thing in a transaction of its own, now."""
    now = world.clock()
    return world.house.db.run(lambda db: job(Scene(world.house, db, now)))


def paid(world: World, plan: int, payment: Payment = PAINT) -> int:
    """Enter a payment and have another person approve it."""
    line = at(world, lambda scene: enter(scene, plan, payment, ANNA))
    at(world, lambda scene: approve(scene, line, BRAM))
    return int(line)


def sends_photo(world: World, person: Person, caption: str = "") -> None:
    """Send a photo of a receipt, with all that a camera writes into it."""
    data = picture()
    key = world.house.media.save(data, "image/jpeg")
    photo = Photo(MediaRef(key, "image/jpeg", len(data)), caption)
    sender = Sender(person.address)
    assert take_in(world.house, Inbound(person.channel, uuid4().hex, sender, photo))
    while fetch_photo_once(world.house):
        pass


def sends_bill(world: World, author: Person, amount: str = "12,50") -> None:
    """Send a receipt, say yes, an amount, and yes once more."""
    sends_photo(world, author)
    for words in ("ja", amount, "ja"):
        world.says(author, words)
