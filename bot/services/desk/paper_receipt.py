"""The receipt of a plan that staff took in, to be printed in its author's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from sqlalchemy import select

from bot.domain.languages import Language, is_language
from bot.domain.say import N_, Free, Say
from bot.i18n import render
from bot.services.desk.bringing import answer_day
from bot.services.desk.paper_words import paper_hash, paper_words
from bot.services.house import House, Scene
from bot.services.plans import UnknownPlan
from bot.store.civic import PlanRow, RoundRow
from bot.store.talks import Resident, Talk

_BIG = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is printed: sentences in her language, and how she comes to her chat.

    `words` is "" and `square` too once she has a chat of her own: they are used up.
    `square` is an SVG picture of `address`.
    """

    number: int
    language: Language
    city: str
    says: Sequence[str]
    how: Sequence[str]
    words: str
    address: str
    square: str


def receipt_of(house: House, number: int) -> Receipt:
    """Return the receipt of a plan. Raises UnknownPlan."""
    now = house.clock()
    plan = house.db.read(lambda db: _load(Scene(house, db, now), number))
    language: Language = plan.language if is_language(plan.language) else "nl"
    zone, city = plan.data["zone"], plan.data["municipality"]
    words = _words(house, plan, language)
    address = f"{house.settings.public_url}/phone"
    says = (
        Say(N_("Thank you for your plan.")),
        Say(N_("Your plan has number %(plan)s."), {"plan": number}),
        Say(N_("We have this plan. A person reads it first.")),
        Say(
            N_("You will hear from us before %(date)s."),
            {"date": answer_day(plan.created_at, zone)},
        ),
        Say(N_("Keep this paper.")),
    )
    how = (
        Say(N_("Would you like to follow your plan on your phone?")),
        Say(
            N_("Scan this square. A chat opens. Or go to %(address)s."),
            {"address": Free(address)},
        ),
        Say(N_("In that app, type or say: link.")),
        Say(
            N_("Then give your number and your words: %(plan)s, %(words)s."),
            {"plan": number, "words": Free(words)},
        ),
    )
    return Receipt(
        number=number,
        language=language,
        city=city,
        says=[render(each, language) for each in says],
        how=[render(each, language) for each in how] if words else [],
        words=words,
        address=address,
        square=_square(address) if words else "",
    )


def _load(scene: Scene, number: int) -> Any:  # noqa: ANN401 - a row
    talks = select(Talk.id).where(Talk.resident_id == PlanRow.resident_id).exists()
    found = (
        select(
            PlanRow.number,
            PlanRow.language,
            PlanRow.created_at,
            PlanRow.resident_id,
            RoundRow.data,
            Resident.word_hash,
            talks.label("has_chat"),
        )
        .join(RoundRow, RoundRow.id == PlanRow.round_id)
        .outerjoin(Resident, Resident.id == PlanRow.resident_id)
        .where(PlanRow.number == number, PlanRow.entry.is_not(None))
    )
    row = scene.db.execute(found).one_or_none()
    if row is None:
        raise UnknownPlan(f"no plan {number} was taken in at the desk")
    return row


def _words(house: House, plan: Any, language: Language) -> str:  # noqa: ANN401 - a row
    """Return the words of a receipt as long as they open her plan; else ""."""
    if plan.resident_id is None or plan.has_chat:
        return ""
    words = paper_words(house.keys, plan.number, language)
    known = paper_hash(house.keys, plan.resident_id, words) == plan.word_hash
    return words if known else ""


def _square(address: str) -> str:
    made: str = segno.make(address, error="m", micro=False).svg_inline(scale=_BIG)
    return made
