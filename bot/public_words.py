"""The words of the public pages and of the record of a count: read, and not heard."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.domain.languages import NAMES
from bot.domain.round_terms import Rule
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, NN_, Free, Param, Say
from bot.flows.keeping import longest, soon_rows, unasked_rows
from bot.i18n import render
from bot.i18n.values import LOCALES

WORDS: Mapping[str, str] = {
    "rounds": N_("Neighbourhood budgets"),
    "rounds_lead": N_("Residents decide what happens with this money."),
    "no_rounds": N_("No round has begun yet."),
    "skip": N_("To the text"),
    "accessibility": N_("Accessibility"),
    "access_lead": N_("Everybody must be able to use these pages and the chat."),
    "access_status": N_("How far we are"),
    "access_partly": N_("These pages meet a part of the standard %(standard)s."),
    "access_checked": N_("How we check"),
    "access_machine": N_("A program looks at every page before each new version."),
    "access_own": N_("The makers checked it themselves, and nobody else yet."),
    "access_gaps": N_("What does not work well yet"),
    "access_people": N_("People with a disability have not tested these pages yet."),
    "access_reader": N_("We tried reading aloud in one browser only."),
    "access_voice": N_("For some people the computer's voice is hard to follow."),
    "access_photos": N_("Some photos of plans have only a short description."),
    "access_trouble": N_("Does something not work for you?"),
    "access_call": N_("Call %(phone)s. You get an answer within three weeks."),
    "access_ask": N_("Ask us in the chat. You get an answer within three weeks."),
    "access_higher": N_("Not satisfied? Then go to the National Ombudsman."),
    "access_day": N_("Last changed: %(day)s"),
    "language": N_("Language"),
    "decides": N_("What this vote decides"),
    "which": N_("You choose which plans get money."),
    "budget": N_("There is %(amount)s for all plans."),
    "dates": N_("Dates"),
    "phase": N_("Phase"),
    "begins": N_("Begins"),
    "now": N_("Now"),
    "rules": N_("How we count"),
    "basket": N_("The plans you choose may cost %(amount)s together."),
    "equal": N_("If plans have equally many votes:"),
    "frozen": N_("These settings cannot change any more. This is their hash:"),
    "not_frozen": N_("These settings are fixed when the vote opens."),
    "no_trend": N_("Nobody can see how the vote stands. We cannot either."),
    "counting": N_("Voting is closed. The result comes here."),
    "plans": N_("Plans"),
    "no_plans": N_("There are no public plans yet."),
    "number": N_("Number"),
    "plan": N_("Plan"),
    "cost": N_("Cost"),
    "votes": N_("Votes"),
    "left": N_("Left"),
    "chosen": N_("Gets money"),
    "not_chosen": N_("No money this time"),
    "result": N_("The result"),
    "published": N_("Published: %(day)s"),
    "corrected": N_("This count was corrected. This is why:"),
    "earlier": N_("The count before it"),
    "onward": N_("Money became free after this result. This is why:"),
    "onward_earlier": N_("The result before it"),
    "later": N_("Chosen since then, with money that became free:"),
    "bars": N_("Votes for each plan"),
    "bars_told": N_("A full bar gets money. A dashed bar gets none this time."),
    "line": N_("Where the money goes"),
    "line_told": N_("From top to bottom, each plan takes its part."),
    "steps": N_("The count, step by step"),
    "steps_all": N_("Show all steps"),
    "ties": N_("Plans with equally many votes"),
    "no_ties": N_("No tie changed the result."),
    "lot": N_("The public number of the lot: %(number)s"),
    "margins": N_("How many votes were missing"),
    "turnout": N_("How many people voted"),
    "routes": N_("How the votes came"),
    "routes_told": N_("The thicker a line, the more votes came that way."),
    "route": N_("Way"),
    "all": N_("All"),
    "hidden": N_("A dash stands for a small group. So nobody can be found."),
    "passes": N_("Voting passes"),
    "voters": N_("Voters"),
    "sent": N_("Sent"),
    "used": N_("Used"),
    "ledger": N_("Where the money went"),
    "ledger_told": N_("Two people look at each payment. Then it stands here."),
    "ledger_first": N_("No resident has to pay first. The municipality can."),
    "ledger_none": N_("Nothing has been spent yet."),
    "granted": N_("Given"),
    "free": N_("Free in this round now: %(amount)s."),
    "changed": N_("What changed"),
    "spent": N_("Spent"),
    "ahead": N_("Paid ahead, bills still to come"),
    "paid_on": N_("Day"),
    "amount": N_("Amount"),
    "paid_for": N_("What for"),
    "paid_to": N_("Paid to"),
    "paid_how": N_("How"),
    "payments": N_("Payments"),
    "taken_back": N_("Taken back"),
    "by_invoice": N_("The municipality paid the bill"),
    "by_advance": N_("Paid ahead"),
    "by_from_advance": N_("Out of what was paid ahead"),
    "by_reimbursement": N_("Paid back"),
    "to_shop": N_("a shop"),
    "to_company": N_("a company"),
    "to_club": N_("a club"),
    "to_neighbours": N_("neighbours"),
    "to_city": N_("the municipality"),
    "to_other": N_("somebody else"),
    "chain": N_("The chain"),
    "chain_told": N_("Each entry proves all entries before it."),
    "chain_note": N_("Write the last value down. Then you can check it later."),
    "chain_value": N_("The last value:"),
    "check": N_("Check it yourself"),
    "check_row": N_("Put the plans in a row, most votes first."),
    "check_take": N_("Go down. Take off the cost of each plan that fits."),
    "check_same": N_("Compare this with the steps on this page."),
    "check_hash": N_("The hash of the result:"),
    "files": N_("The files for a computer"),
    "file_result": N_("The result as a file"),
    "file_settings": N_("The settings as a file"),
    "file_plans": N_("The plans as a file"),
    "file_chain": N_("The chain as a file"),
    "file_ledger": N_("The payments as a file"),
    "receipt": N_("Is my vote in the box?"),
    "receipt_label": N_("Your receipt"),
    "receipt_hint": N_("Eight digits, such as %(receipt)s."),
    "receipt_look": N_("Look"),
    "receipt_secret": N_("A receipt never shows what you chose."),
    "receipt_yes": N_("Yes, this vote is in the box."),
    "receipt_no": N_("No, this receipt is not in the box."),
    "receipt_bad": N_("That is no receipt. It has eight digits."),
    "receipt_why": N_("This can be the reason:"),
    "receipt_slip": N_("One digit is different. Please look again."),
    "receipt_newer": N_("You changed your vote. Your newest receipt counts."),
    "receipt_other": N_("The receipt is of another round."),
    "receipt_call": N_("Is it still not there? Call %(phone)s."),
    "receipt_ask": N_("Is it still not there? Ask the municipality."),
    "back": N_("Back to the round"),
    "lost": N_("There is no such page."),
    "over": N_("This round is over."),
    "over_archive": N_("Its record is in the archive of the municipality."),
    "over_city": N_("Municipality of %(city)s"),
    "privacy": N_("Privacy"),
    "privacy_who": N_("Who is responsible"),
    "privacy_city": N_("The municipality of %(city)s is responsible."),
    "privacy_call": N_("Do you have a question? Call %(phone)s."),
    "privacy_chat": N_("Do you have a question? Write in the chat: person."),
    "privacy_kept": N_("What we keep, and why"),
    "privacy_long": N_("How long"),
    "privacy_seen": N_("Who sees it"),
    "privacy_vote": N_("Your vote"),
    "privacy_rights": N_("What you can ask for"),
    "web": N_("Web page"),
    "desk": N_("Desk"),
    "paper": N_("Paper"),
    "unknown": N_("Not known"),
    "resident": N_("Residents"),
    "business": N_("Businesses"),
    "committee": N_("Committee"),
}
PHASES: Mapping[Phase, str] = {
    Phase.COLLECTING: N_("Telling plans"),
    Phase.SUPPORTING: N_("Supporting plans"),
    Phase.REVIEWING: N_("The municipality looks at the plans"),
    Phase.VOTING: N_("Voting"),
    Phase.COUNTING: N_("Counting"),
    Phase.DOING: N_("Doing the plans"),
    Phase.CLOSED: N_("The end"),
}
RULES: Mapping[Rule, tuple[str, ...]] = {
    Rule.VOTES_SKIP: (
        N_("Most votes first."),
        N_("A plan that is too dear is passed over."),
    ),
    Rule.VOTES_STOP: (
        N_("Most votes first."),
        N_("The first plan that is too dear ends the count."),
    ),
    Rule.AMSTERDAM: (
        N_("Most votes first."),
        N_("Each theme first spends its own money."),
        N_("What is left is put together and spent."),
    ),
    Rule.POINTS: (
        N_("Most points first."),
        N_("A plan that is too dear is passed over."),
    ),
    Rule.BORDA: (
        N_("Most points first."),
        N_("A plan that is too dear is passed over."),
    ),
    Rule.EQUAL_SHARES: (N_("Each voter has an equal part of the money."),),
}
BALLOTS = NN_("%(n)s ballot was counted.", "%(n)s ballots were counted.")
CHOICE = NN_("You may choose one plan.", "You may choose %(n)s plans. Fewer is fine.")
ROUTES: Mapping[str, str] = {"whatsapp": "WhatsApp", "telegram": "Telegram"}
"""Ways that are called by a name, in every language."""

_DAY: Mapping[str, str] = {"ar": "d/M/y"}
"""Names of months differ between the countries of Arabic readers."""


def word(key: str, language: str, **params: Param) -> str:
    """Return one of the words above in a language."""
    return render(Say(WORDS[key], params), language)


def counted(ids: tuple[str, str], n: int, language: str) -> str:
    """Return the form of a sentence for so many."""
    one, many = ids
    return render(Say(one, {"n": n}, plural=many), language)


def day(moment: datetime | date, zone: str, language: str) -> str:
    """Return a day of the round with its year."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(zone)).date()
    form = _DAY.get(language, "d MMMM y")
    return format_date(moment, form, locale=LOCALES[language])


def route_name(route: str, language: str) -> str:
    """Return what a way of voting is called."""
    return ROUTES.get(route) or (word(route, language) if route in WORDS else route)


def language_name(code: str, language: str) -> str:
    """Return a language's own name; in `language` that it is not known."""
    own = next((name for known, name in NAMES.items() if known == code), None)
    return own or word("unknown", language)


PRIVACY: Mapping[str, tuple[str, ...]] = {
    "privacy_kept": (
        N_("It is the municipality's public task."),
        N_("We keep your plan, your messages and your number."),
        N_("We use them only for the neighbourhood budget."),
        N_("We ask for no name and no date of birth."),
        N_("A computer writes down what you say."),
        N_("It does not know you by your voice."),
    ),
    "privacy_long": (
        N_("An unfinished vote is deleted when voting closes."),
        N_("What was paid for a chosen plan stays written down."),
    ),
    "privacy_seen": (
        N_("People of the municipality can read or hear your messages."),
        N_("Your voice stays on a computer of the municipality."),
        N_("Neighbours see a plan only after a person has read it."),
        N_("They do not see your name."),
        N_("On %(whatsapp)s, %(meta)s and %(twilio)s see your messages."),
        N_("On %(telegram)s, that company sees your messages."),
        N_("On our own web page no company reads along."),
    ),
    "privacy_vote": (
        N_("Your name is not on your vote."),
        N_("You can change your vote until voting closes."),
        N_("Until the count, somebody with the key could find your vote."),
        N_("After that, nobody can."),
        N_("We cannot see who reads along on your phone."),
    ),
    "privacy_rights": (
        N_("Type or say: my data. Then you see what we keep."),
        N_("Type or say: forget me. Then we delete it."),
        N_("Type or say: stop. Then you get no more messages."),
        N_("Type or say: person. Then a person helps you."),
        N_("You can also complain to the data protection authority."),
    ),
}
"""What stands below each heading of the page on privacy, a sentence a row."""

COMPANIES: Mapping[str, Param] = {
    name.lower(): Free(name) for name in ("WhatsApp", "Meta", "Twilio", "Telegram")
}


def privacy_rows(language: str, rounds: Iterable[Round]) -> Mapping[str, list[str]]:
    """Return what stands below each heading of the page on privacy.

    What belongs to no round is kept as long as the one of `rounds` that keeps longest.
    """
    told = {
        heading: [render(Say(each, COMPANIES), language) for each in rows]
        for heading, rows in PRIVACY.items()
    }
    kept = longest(rounds)
    days = (*soon_rows(kept), *unasked_rows(kept))
    told["privacy_long"] = [render(each, language) for each in days] + [
        *told["privacy_long"]
    ]
    return told
