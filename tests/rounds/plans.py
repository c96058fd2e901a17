"""From call to ballot: people tell and support plans, officials review them."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.languages import LANGUAGES
from bot.domain.messages import Tap
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.services.hooks import accept
from bot.services.plans import publish, set_cost
from bot.services.results import Decided, Results
from bot.store.civic import PlanRow
from tests.rounds.town import ELS, HELLO, Neighbour, Town

WORDS = {
    "nl": "Een bank onder de linde bij nummer {n}.",
    "en": "A bench under the lime tree at number {n}.",
    "tr": "{n} numarada ıhlamur ağacının altına bir bank.",
    "ar": "مقعد تحت شجرة الزيزفون عند الرقم {n}.",
}
REASON = {
    "nl": "Daar ligt een gasleiding.",
    "en": "There is a gas pipe.",
    "tr": "Orada doğal gaz borusu var.",
    "ar": "هناك أنبوب غاز.",
}


@dataclass(eq=False)
class Told:
    """A plan, its author, and how many neighbours are to support it."""

    number: int
    author: Neighbour
    supports: int = 0


def tell_plans(town: Town, many: int) -> list[Told]:
    """Let so many people tell a plan and say yes to what is read back."""
    told = []
    for n in range(1, many + 1):
        author = town.neighbour()
        town.arrives(author, WORDS[author.language].format(n=n))
        town.says(author, Tap("yes"))
        newest = select(PlanRow.number).order_by(PlanRow.id.desc()).limit(1)
        told.append(Told(town.world.one(newest).number, author))
    rows = town.world.rows(select(PlanRow.number).where(PlanRow.status == "received"))
    assert [row.number for row in rows] == [each.number for each in told]
    return told


def make_public(town: Town, plans: list[Told]) -> None:
    """Let a reviewer tick each plan, with titles and words of her own."""
    for each in plans:
        titles = dict.fromkeys(LANGUAGES, f"Bank {each.number}")
        words = dict.fromkeys(LANGUAGES, f"Bank {each.number}.")
        town.act(publish, each.number, titles, ELS, words)


def support_plans(town: Town, plans: list[Told], people: int) -> None:
    """Let neighbours support plans: each of them some, until each plan has its own."""
    crowd = [town.neighbour() for _ in range(people)]
    for n, who in enumerate(crowd):
        town.arrives(who, HELLO[who.language])
        for each in plans:
            if n < each.supports:
                town.says(who, Tap(f"support:{each.number}"))
    for each in plans:
        seen = town.world.plan_row(each.number).supports
        assert seen == each.supports, each.number


def decide(town: Town, plans: list[Told], outcome: Status) -> None:
    """Tell the authors of these plans what was decided."""
    reason = REASON if outcome is Status.INFEASIBLE else {}
    decided = tuple(Decided(each.number, outcome, reason) for each in plans)
    if decided:
        call = f"{outcome}-{next(town.serial)}"
        results = Results(town.slug, "final", decided)
        answer = accept(town.world.house, call, results).answer
        assert answer["told"] + answer["held"] >= len(plans), answer


def price_plans(town: Town, plans: list[Told], least: int, most: int) -> None:
    """Let a reviewer enter what each plan costs, in whole thousands, and its theme."""
    themes = [each.key for each in town.a_round.themes]
    for n, each in enumerate(plans):
        euros = town.random.randrange(least, most, 1_000)
        cost = Money.euros(euros)
        town.act(set_cost, each.number, cost, themes[n % len(themes)])


def begins(town: Town, phase: Phase) -> None:
    """Move the clock to an hour after a phase begins."""
    start = town.a_round.start_of(phase)
    assert start is not None
    town.is_at(start, hours=1)
