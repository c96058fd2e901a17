"""What may begin a conversation: a wording per kind of message, for approval.

Rows are message ids of the catalogues; a parameter's value is the name of the slot
that fills it later. Where a person hears news of her own plan, the rows are those of
`stories`, without the ones whose value may be missing: an approved wording is fixed.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from bot.channels.base import TemplateDraft
from bot.domain.kinds import (
    ANSWER,
    BROADCAST,
    CHECKIN,
    CORRECTED,
    MESSAGE,
    PUBLIC,
    REMINDER,
    STATUS,
    SUPPORTS,
)
from bot.domain.languages import LANGUAGES
from bot.domain.plans import Status
from bot.domain.rounds import HOME_ZONE
from bot.domain.say import N_, Button, Moment, Say
from bot.flows.parts import HOW_GOES, WANT_VOTE
from bot.i18n import render
from bot.services.checkins import GOOD, LATER, STUCK
from bot.services.news import LISTEN
from bot.services.slots import fallback
from bot.services.stories import CALL, JOIN, KEEP

CATEGORY = "UTILITY"
"""Each is about what the reader herself did or asked; none invites or advertises."""

_DIGEST_CHARACTERS = 32
_NAME_CHARACTERS = 10
_PLACE = re.compile(r"\{\{(\d+)\}\}")

_STOP = Button("stop", Say(N_("Get no more messages")))
_NEWS = Say(N_("There is news about your plan."))
_PLAN = Say(
    N_("Plan %(plan)s is called: %(title)s."), {"plan": "plan", "title": "title"}
)
_MORE = Say(N_("More about this: %(words)s"), {"words": "words"})
_OURS = Say(N_("Our message to you: %(words)s"), {"words": "words"})
_CITY = Say(
    N_("Hello. The municipality of %(city)s has a message for you."), {"city": "city"}
)
_HEAR = Say(N_("Tap the first button to hear the whole message."))
_THANKS = Say(N_("Thank you for your plan."))
_HELP = Say(N_("We are happy to help you with a next step."))


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of message: rows with open slots, and the buttons behind `listen`."""

    rows: tuple[Say, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind of message in one language, as it is handed in for approval.

    `slots[0]` fills {{1}}. `buttons` are pairs of id and label, `listen` first.
    """

    kind: str
    language: str
    body: str
    slots: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """Return what changes with any word, button or slot of it."""
        whole = [self.language, self.body, self.slots, self.buttons]
        told = json.dumps(whole, ensure_ascii=False).encode()
        return hashlib.sha256(told).hexdigest()[:_DIGEST_CHARACTERS]

    @property
    def name(self) -> str:
        """Return its name at the provider, of small letters, digits and "_"."""
        short = self.digest[:_NAME_CHARACTERS]
        return f"buurtstem_{self.kind}_{self.language}_{short}"

    @property
    def draft(self) -> TemplateDraft:
        """Return it as a channel stores it."""
        samples = tuple(_sample(slot, self.language) for slot in self.slots)
        return TemplateDraft(self.name, self.language, self.body, samples, self.buttons)


def _not_chosen(*rows: Say) -> Form:
    return Form((_THANKS, _PLAN, *rows, _HELP, _HEAR), (CALL, JOIN, KEEP))


_STORIES: Mapping[str, Form] = {
    Status.CHOSEN.value: Form(
        (
            Say(N_("Good news about your plan.")),
            _PLAN,
            Say(N_("Your plan is chosen.")),
            _MORE,
            Say(N_("Your contact person is %(contact)s."), {"contact": "contact"}),
            Say(N_("Please do not spend your own money yet.")),
            Say(N_("Together we will agree who does what.")),
            _HEAR,
        ),
        (CALL,),
    ),
    Status.ON_BALLOT.value: Form(
        (
            _NEWS,
            _PLAN,
            Say(N_("Your plan is on the voting list.")),
            Say(N_("It is not chosen yet.")),
            _MORE,
            _HEAR,
        )
    ),
    Status.BELOW_THRESHOLD.value: _not_chosen(
        Say(N_("This plan had too little support this year.")), _MORE
    ),
    Status.INFEASIBLE.value: _not_chosen(
        Say(N_("We looked at your plan with care.")),
        Say(N_("We cannot do this plan now.")),
        _MORE,
        Say(N_("Do you see it differently? Please tell us.")),
    ),
    Status.NOT_PRESELECTED.value: _not_chosen(
        Say(N_("Your plan is possible.")),
        Say(N_("This plan is not on the voting list.")),
        _MORE,
    ),
    Status.NOT_VOTED_IN.value: _not_chosen(
        Say(N_("Your plan was on the voting list.")),
        Say(N_("There was not enough money for all plans.")),
        _MORE,
        Say(N_("How did we count? Say: explain.")),
    ),
}
_NEWS_FORMS: Mapping[str, Form] = {
    CORRECTED: Form(
        (
            Say(N_("We told you something wrong about your plan.")),
            _PLAN,
            Say(N_("That was our mistake. We are sorry.")),
            Say(N_("This is right: %(status)s"), {"status": "words"}),
            _HEAR,
        ),
        (CALL,),
    ),
    # Authors and followers read the same: it must be true for both.
    STATUS: Form(
        (
            Say(N_("There is news about a plan.")),
            _PLAN,
            Say(N_("The news is: %(words)s"), {"words": "words"}),
            Say(N_("We promised to tell you how it goes.")),
            _HEAR,
        ),
        (HOW_GOES,),
    ),
    SUPPORTS: Form(
        (
            Say(N_("Good news about your plan.")),
            _PLAN,
            Say(
                N_("Neighbours who supported your plan: %(supports)s."),
                {"supports": "supports"},
            ),
            Say(N_("The number needed is: %(threshold)s."), {"threshold": "threshold"}),
            _HEAR,
        )
    ),
    PUBLIC: Form(
        (_NEWS, _PLAN, Say(N_("Neighbours can now see and support it.")), _HEAR)
    ),
    CHECKIN: Form(
        (
            Say(N_("Hello. We have a question for you.")),
            _PLAN,
            _OURS,
            _HEAR,
            Say(N_("You can speak or tap a button.")),
        ),
        (GOOD, STUCK, LATER),
    ),
    BROADCAST: Form(
        (_CITY, _OURS, _HEAR, Say(N_("No more messages? Type or say: stop."))), (_STOP,)
    ),
    REMINDER: Form(
        (
            Say(N_("Hello. This is about the vote in %(area)s."), {"area": "area"}),
            Say(N_("Residents can vote until %(closing)s."), {"closing": "closing"}),
            _HEAR,
        ),
        (WANT_VOTE,),
    ),
    ANSWER: Form(
        (
            Say(
                N_("Hello. The municipality of %(city)s has an answer for you."),
                {"city": "city"},
            ),
            Say(N_("Write or say anything. Then you get it.")),
            _HEAR,
        )
    ),
    MESSAGE: Form((_CITY, Say(N_("It is about what you told or asked us.")), _HEAR)),
}
KINDS: Mapping[str, Form] = {**_STORIES, **_NEWS_FORMS}
"""Every kind there is a template for, by what stands in `OutboundMessage.kind`."""


@cache
def wording(kind: str, language: str) -> Wording:
    """Return the wording of a kind. Raises KeyError for a kind that has none."""
    form = KINDS[kind]
    slots = tuple(slot for row in form.rows for slot in row.params.values())
    rows = [render(_opened(row, slots), language) for row in form.rows]
    body, order = _in_order("\n".join(rows))
    buttons = tuple(
        (each.id, render(each.label, language)) for each in (LISTEN, *form.buttons)
    )
    named = tuple(str(slots[place - 1]) for place in order)
    return Wording(kind, language, body, named, buttons)


def all_wordings() -> tuple[Wording, ...]:
    """Return every kind in every language."""
    return tuple(wording(kind, each) for kind in KINDS for each in LANGUAGES)


def _opened(row: Say, slots: tuple[object, ...]) -> Say:
    """Return a row that shows {{n}} for each slot, bare: isolates come with values."""
    numbers = {name: slots.index(slot) + 1 for name, slot in row.params.items()}
    return Say(row.msgid, {name: Say(f"{{{{{n}}}}}") for name, n in numbers.items()})


def _in_order(body: str) -> tuple[str, list[int]]:
    """Number the variables as they are read; return also which each one was before.

    A language may say them in another order than English.
    """
    order = [int(found[1]) for found in _PLACE.finditer(body)]
    told = _PLACE.sub(lambda found: f"{{{{{order.index(int(found[1])) + 1}}}}}", body)
    return told, order


_SAMPLE_CLOSING = Moment(datetime(2026, 12, 4, 19, tzinfo=UTC), HOME_ZONE)
_SAMPLES: Mapping[str, str] = {
    "plan": "21",
    "contact": "Samira",
    "city": "Amsterdam",
    "area": "Slotermeer",
    "supports": "30",
    "threshold": "30",
}
_SAMPLE_ROWS: Mapping[str, Say] = {
    "closing": Say("%(closing)s", {"closing": _SAMPLE_CLOSING}),
    "title": Say(N_("A bench under the trees")),
}


def _sample(slot: str, language: str) -> str:
    """Return what a variable might say, for those who approve the wording."""
    if slot in _SAMPLE_ROWS:
        return render(_SAMPLE_ROWS[slot], language)
    return _SAMPLES.get(slot) or fallback(slot, language)
