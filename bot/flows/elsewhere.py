"""What a round lets people do in some channels only, and where they can do it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.languages import Texts
from bot.domain.round_terms import Act
from bot.domain.rounds import Round
from bot.domain.say import N_, Local, Reply, Say
from bot.flows.parts import PERSON, menu_buttons

_APPS: Mapping[str, Texts] = {
    "whatsapp": {"nl": "WhatsApp", "en": "WhatsApp", "tr": "WhatsApp", "ar": "واتساب"},
    "telegram": {
        "nl": "Telegram",
        "en": "Telegram",
        "tr": "Telegram",
        "ar": "تيليغرام",
    },
}


def not_here(act: Act) -> Say:
    """Say that `act` is not possible in this channel."""
    return Say(_NOT_HERE[act])


_NOT_HERE: Mapping[Act, str] = {
    Act.PLAN: N_("You cannot tell a plan in this chat."),
    Act.SUPPORT: N_("You cannot support plans in this chat."),
    Act.VOTE: N_("You cannot vote in this chat."),
    Act.RESULTS: N_("You cannot see the result in this chat."),
}


def tell_where(act: Act, rounds: Sequence[Round], facts: Facts, now: datetime) -> Reply:
    """Say where one can do what these rounds keep off this channel."""
    routes = [route for each in rounds for route in each.routes_for(act)]
    says = [not_here(act)]
    if routes:
        says.append(Say(N_("You can do it here:")))
    for route in dict.fromkeys(routes):
        says += _row(route, facts)
    return Reply(tuple(says), (PERSON, *menu_buttons(facts, now))[:3])


def _row(route: str, facts: Facts) -> Iterator[Say]:
    """Yield the name of a way in, and the address of the page."""
    if route in _APPS:
        yield Say(N_("In the app %(app)s."), {"app": Local(_APPS[route])})
    else:
        yield Say(_PLACES[route])
    if route == "web" and facts.links.page:
        yield Say(N_("%(link)s"), {"link": facts.links.page})


_PLACES: Mapping[str, str] = {
    "web": N_("On our page on the internet."),
    "desk": N_("At the counter of the municipality."),
    "paper": N_("On paper."),
}
