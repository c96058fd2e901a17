"""A published result for a page: what is said of it, and its pictures."""

from collections.abc import Sequence

from bot.domain.money import Money
from bot.i18n import direction
from bot.public_result import PublicResult
from bot.public_words import route_name
from bot.services.open_rounds import OpenRound
from bot.services.publishing import Published
from bot.web.open_pictures import (
    Picture,
    Strand,
    money_picture,
    routes_picture,
    votes_picture,
)


class DrawnResult(PublicResult):
    """A published result in the words of one language, with its pictures."""

    def __init__(self, found: OpenRound, published: Published, language: str) -> None:
        super().__init__(found, published, language)
        self._mirrored = direction(language) == "rtl"

    @property
    def bars(self) -> Picture:
        """The votes for each plan, drawn."""
        votes = {plan: float(total) for plan, total in self.outcome.totals.items()}
        return votes_picture(votes, self.outcome, mirrored=self._mirrored)

    @property
    def money(self) -> Picture:
        """What each chosen plan takes, drawn."""
        return money_picture(
            self.outcome, Money(self.budget_cents), mirrored=self._mirrored
        )

    @property
    def strands(self) -> tuple[Sequence[Strand], int]:
        """The ways of voting, drawn."""
        figures = {
            route: (route_name(route, self.language), n)
            for route, n in self.turnout.by_route.items()
        }
        return routes_picture(figures, mirrored=self._mirrored)
