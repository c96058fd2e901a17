"""Why an entered ballot was not taken in, in words officials understand: nl and en."""

from collections.abc import Mapping

from bot.domain.languages import LANGUAGES
from bot.domain.say import N_, Code, Say
from bot.i18n import render
from bot.services.entering import EntryError, Why
from bot.services.reasons import DUTCH

_WORDS: Mapping[Why, tuple[str, str]] = {
    Why.NO_PASS: (
        "Dit is geen stempas: een cijfer klopt niet, of er ontbreekt iets.",
        "This is no voting pass: a digit is wrong, or something is missing.",
    ),
    Why.UNKNOWN: (
        "Deze stempas kennen wij niet. Kijk de cijfers na.",
        "We do not know this pass. Check the digits.",
    ),
    Why.PAUSED: (
        (
            "Er waren vandaag te veel onbekende passen. Ga morgen verder, of vraag de "
            "beheerder om de rest in te voeren: buurtstem ballots enter"
        ),
        (
            "There were too many unknown passes today. Go on tomorrow, or ask the "
            "administrator to enter the rest: buurtstem ballots enter"
        ),
    ),
    Why.PRINTED: (
        "Stempas {} is nog niet geopend.",
        "Pass {} is not open yet.",
    ),
    Why.VOID: (
        "Stempas {} telt niet meer. Er is een andere voor in de plaats gekomen.",
        "Pass {} does not count any more. Another one took its place.",
    ),
    Why.OTHER_ROUND: (
        "Deze stempas hoort bij een andere ronde: {}.",
        "This pass belongs to another round: {}.",
    ),
    Why.CLOSED: (
        "In {} wordt nu niet gestemd. Er is niets bewaard.",
        "There is no vote in {} now. Nothing was kept.",
    ),
    Why.NOT_HERE: (
        "In deze ronde kan men zo niet stemmen: {}.",
        "In this round one cannot vote this way: {}.",
    ),
    Why.VOTED: (
        "Met stempas {} is al gestemd. Dat stembiljet blijft staan.",
        "Pass {} has a ballot already. That ballot stays.",
    ),
    Why.NO_PLANS: (
        "Schrijf de nummers van de plannen, zoals 21 30.",
        "Write the numbers of the plans, like 21 30.",
    ),
    Why.NO_NUMBER: (
        "Dit is geen nummer van een plan: {}. Schrijf ze zo: 21 30.",
        "This is no number of a plan: {}. Write them like this: 21 30.",
    ),
    Why.NOT_LISTED: (
        "Plan {} staat niet op de stemlijst.",
        "Plan {} is not on the voting list.",
    ),
    Why.TWICE: (
        "Plan {} staat er twee keer op.",
        "Plan {} is on it twice.",
    ),
    Why.MOST: (
        "Er mogen hoogstens zoveel plannen op: {}.",
        "It may name at most so many plans: {}.",
    ),
    Why.LEAST: (
        "Er moeten ten minste zoveel plannen op: {}.",
        "It has to name at least so many plans: {}.",
    ),
    Why.THEME: (
        "Van een thema mogen er hoogstens zoveel op: {}.",
        "It may name at most so many plans of one theme: {}.",
    ),
    Why.MONEY: (
        "Samen kosten de plannen meer dan dit, in euro: {}.",
        "Together the plans cost more than this, in euros: {}.",
    ),
}


def say_why(refusal: EntryError, language: str) -> str:
    """Return one sentence or two: what happened, and what to do."""
    dutch, english = _WORDS[refusal.why]
    words = dutch if language == DUTCH else english
    return words.format(refusal.about)


def slip(receipt: str) -> Mapping[str, str]:
    """Return what is printed for the voter, {locale: text}: her receipt, no choice."""
    says = (
        Say(N_("Your receipt: %(receipt)s."), {"receipt": Code(receipt)}),
        Say(N_("It does not show your choice.")),
    )
    return {each: " ".join(render(say, each) for say in says) for each in LANGUAGES}
