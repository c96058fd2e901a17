"""The words of the desk, for officials: Dutch and English."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta

from bot.web.desk.words.access import (
    ACCOUNT_WORDS,
    DOOR_WORDS,
    OFFICIALS_WORDS,
)
from bot.web.desk.words.acts import ACT_WORDS
from bot.web.desk.words.after import AFTER_WORDS
from bot.web.desk.words.audit import AUDIT_WORDS
from bot.web.desk.words.ballots import BALLOTS_WORDS
from bot.web.desk.words.bringing import BRINGING_WORDS
from bot.web.desk.words.broadcasts import BROADCASTS_WORDS
from bot.web.desk.words.changes import CHANGES_WORDS
from bot.web.desk.words.checkins import CHECKINS_WORDS
from bot.web.desk.words.contacts import CONTACTS_WORDS
from bot.web.desk.words.delivery import DELIVERY_WORDS
from bot.web.desk.words.glance import GLANCE_WORDS
from bot.web.desk.words.hooks import HOOKS_WORDS
from bot.web.desk.words.inbox import INBOX_WORDS
from bot.web.desk.words.listening import LISTENING_WORDS
from bot.web.desk.words.listing import LISTING_WORDS
from bot.web.desk.words.money import MONEY_WORDS
from bot.web.desk.words.plans import PLANS_WORDS
from bot.web.desk.words.results import RESULTS_WORDS
from bot.web.desk.words.reviews import REVIEWS_WORDS
from bot.web.desk.words.talks import TALKS_WORDS

DUTCH, ENGLISH = "nl", "en"
LOCALES = {DUTCH: "nl", ENGLISH: "en_GB"}

Page = Mapping[str, tuple[str, str]]
"""Words by their keys, each in Dutch and in English."""


def bound(*pages: Page) -> Page:
    """Return all pages as one book. Raises ValueError where two use the same key."""
    book: dict[str, tuple[str, str]] = {}
    for page in pages:
        if twice := book.keys() & page.keys():
            raise ValueError(f"words with two meanings: {sorted(twice)}")
        book |= page
    return book


_COMMON: Page = {
    "desk": ("Balie", "Desk"),
    "more_pages": ("Meer", "More"),
    "skip": ("Naar de inhoud", "Skip to content"),
    "other_language": ("English", "Nederlands"),
    "logout": ("Uitloggen", "Log out"),
    "login": ("Inloggen", "Log in"),
    "login_how": (
        "Open de link die u heeft gekregen. Of plak de link hier.",
        "Open the link that you were given. Or paste the link here.",
    ),
    "login_link": ("Uw link", "Your link"),
    "login_used": (
        (
            "Deze link werkt niet meer. Een link werkt één keer, en één dag lang. "
            "Vraag de beheerder om een nieuwe."
        ),
        (
            "This link no longer works. A link works once, and for one day. "
            "Ask the administrator for a new one."
        ),
    ),
    "login_again": (
        "Deze pagina was te oud. Probeer het nog een keer.",
        "This page was too old. Please try again.",
    ),
    "late_closing": (
        "In het laatste etmaal vóór de sluiting kwamen berichten niet op tijd aan:",
        "In the last day before the closing messages did not reach us in time:",
    ),
    "late_how": (
        (
            "Twee medewerkers kunnen de stemming later laten sluiten. "
            "De beheerder weet hoe: buurtstem round move-closing"
        ),
        (
            "Two officials can let the vote close later. "
            "The administrator knows how: buurtstem round move-closing"
        ),
    ),
    "notes": ("Spraakberichten om te beluisteren", "Voice notes to listen to"),
    "notes_none": (
        (
            "Er wacht geen spraakbericht. Wat de computer niet verstaat, staat hier. "
            "U luistert, schrijft op wat er gezegd wordt, en stuurt het terug. "
            "De bewoner zegt ja, en pas dan is het een plan."
        ),
        (
            "No voice note is waiting. What the computer does not understand is here. "
            "You listen, write down what is said, and send it back. "
            "The resident says yes, and only then is it a plan."
        ),
    ),
    "hers": ("Wacht op de bewoner", "Waiting for the resident"),
    "hers_how": (
        "Opgeschreven en teruggestuurd. De bewoner moet nog ja zeggen.",
        "Written down and sent back. The resident still has to say yes.",
    ),
    "waits": ("wacht al", "waiting for"),
    "ours": ("aan de beurt: wij, vóór", "whose turn: ours, before"),
    "late": ("aan de beurt: wij, beloofd vóór", "whose turn: ours, promised before"),
    "hers_turn": ("aan de beurt: de bewoner", "whose turn: the resident"),
    "plan": ("Plan", "Plan"),
    "no_plan": ("Nog geen plan", "No plan yet"),
    "no_sound": ("Het geluid is niet hier.", "The sound is not here."),
    "sound_later": (
        "Het geluid is bewaard, maar nu niet te bereiken. Probeer het straks nog eens.",
        "The sound is kept, but cannot be reached now. Please try again later.",
    ),
    "heard": ("De computer hoorde:", "The computer heard:"),
    "said_in_note": ("Wat wordt er gezegd?", "What is said?"),
    "send_back": ("Stuur terug voor een ja", "Send back for a yes"),
    "phone": ("Telefoon", "Phone"),
    "words": ("In eigen woorden:", "In their own words:"),
    "more": ("Hier staan de oudste 100.", "These are the oldest 100."),
    "only_look": (
        (
            "U kunt hier kijken. Antwoorden doet een beoordelaar, communicatie of de "
            "beheerder."
        ),
        "You can look here. A reviewer, a communicator or the administrator answers.",
    ),
    "kind_listen": ("Beluisteren", "Listen"),
    "kind_failed_note": ("Bericht kwam niet goed aan", "Message did not arrive well"),
    "kind_person": ("Wil een medewerker spreken", "Wants to talk to a person"),
    "kind_call": ("Wil gebeld worden", "Wants a call"),
    "kind_join": ("Wil meedoen met een plan", "Wants to join a plan"),
    "kind_keep": ("Wil het plan bewaren", "Wants to keep the plan"),
    "kind_stuck": ("Plan zit vast", "Plan is stuck"),
    "kind_disagree": ("Ziet de uitslag anders", "Sees the result differently"),
    "kind_understood_nothing": ("Niet begrepen", "Not understood"),
    "kind_passes": ("Veel passen in één chat", "Many passes in one chat"),
    "kind_harmful": (
        "Bestand met virus verwijderd",
        "File with a virus deleted",
    ),
    "kind_failed_turn": ("Antwoord mislukt", "Answer went wrong"),
    "read_back": (
        "Teruggestuurd. De bewoner leest of hoort uw tekst en zegt ja of nee.",
        "Sent back. The resident reads or hears your text and says yes or no.",
    ),
    "kept": (
        "Bewaard en teruggestuurd. De bewoner is nu met iets anders bezig.",
        "Kept and sent back. The resident is busy with something else now.",
    ),
    "more_notes": (
        "Bewaard. Er is nog een bericht bij dit plan; daarna gaat alles samen terug.",
        "Kept. There is one more note with this plan; then all goes back together.",
    ),
    "stored": (
        "De tekst staat bij het plan, en de bewoner weet het.",
        "The text is with the plan, and the resident knows.",
    ),
    "moved_on": (
        "Bewaard. Er is niets gestuurd: de bewoner is al verder gegaan.",
        "Kept. Nothing was sent: the resident has gone on already.",
    ),
    "untold": (
        "Bewaard. Wij kunnen de bewoner hier niet bereiken; er is niets gestuurd.",
        "Kept. We cannot reach the resident here; nothing was sent.",
    ),
    "empty": ("Schrijf op wat er gezegd wordt.", "Write down what is said."),
    "too_long": (
        "Dit is te lang. Een plan heeft hoogstens 4000 tekens.",
        "This is too long. A plan has at most 4,000 characters.",
    ),
    "taken": (
        "Iemand anders heeft dit al gedaan.",
        "Somebody else has done this already.",
    ),
    "gone": (
        "Dit bericht is er niet meer. De bewoner wilde vergeten worden.",
        "This message is no longer here. The resident asked to be forgotten.",
    ),
    "form_old": (
        "Dit formulier was te oud. Er is niets gestuurd. Probeer het nog een keer.",
        "This form was too old. Nothing was sent. Please try again.",
    ),
    "clock_green": ("Op tijd", "In time"),
    "clock_amber": ("Bijna te laat", "Nearly late"),
    "clock_red": ("Te laat", "Late"),
    "refused": ("Dat ging niet", "That was not done"),
    "may_not": (
        "Uw rol mag dit niet. Er is niets veranderd.",
        "Your role may not do this. Nothing was changed.",
    ),
}
WORDS: Page = bound(
    _COMMON,
    ACCOUNT_WORDS,
    ACT_WORDS,
    AFTER_WORDS,
    AUDIT_WORDS,
    BALLOTS_WORDS,
    BRINGING_WORDS,
    BROADCASTS_WORDS,
    CHANGES_WORDS,
    CHECKINS_WORDS,
    CONTACTS_WORDS,
    DELIVERY_WORDS,
    DOOR_WORDS,
    GLANCE_WORDS,
    HOOKS_WORDS,
    INBOX_WORDS,
    LISTENING_WORDS,
    LISTING_WORDS,
    MONEY_WORDS,
    OFFICIALS_WORDS,
    PLANS_WORDS,
    RESULTS_WORDS,
    REVIEWS_WORDS,
    TALKS_WORDS,
)


def words(language: str) -> Mapping[str, str]:
    """Return all words in Dutch or English."""
    column = [DUTCH, ENGLISH].index(language)
    return {key: pair[column] for key, pair in WORDS.items()}


def waited(since: datetime, now: datetime, language: str) -> str:
    """Return how long something waits, roughly: "3 dagen", "2 hours"."""
    passed = max(now - since, timedelta(minutes=1))
    locale = LOCALES[language]
    return format_timedelta(passed, granularity="minute", threshold=1.5, locale=locale)


def local_day(moment: datetime, zone: str) -> date:
    """Return the day it is in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day(moment: datetime | date, zone: str, language: str) -> str:
    """Return the local day of a moment, or a day as it is."""
    local = local_day(moment, zone) if isinstance(moment, datetime) else moment
    return format_date(local, "EEEE d MMMM", locale=LOCALES[language])


def moment(at: datetime, zone: str, language: str) -> str:
    """Return the local day and time of a moment."""
    local = at.astimezone(ZoneInfo(zone))
    return format_datetime(local, "d MMMM yyyy HH:mm", locale=LOCALES[language])


def hour(at: datetime, zone: str) -> str:
    """Return the local time of day of a moment: "14:32"."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
