"""Why a message did not go out or arrive, in words officials understand.

One table: the machine word of the ledger on the left, Dutch and English on the right.
"""

from collections.abc import Mapping

DUTCH, ENGLISH = "nl", "en"

REASONS: Mapping[str, tuple[str, str]] = {
    # She, or her address.
    "stopped": ("wil geen berichten meer", "wants no more messages"),
    "opted_out": ("wil geen berichten meer", "wants no more messages"),
    "said_no": (
        "heeft nee gezegd op onze vraag of wij mogen schrijven",
        "said no when we asked whether we may write",
    ),
    "forgotten": ("wilde vergeten worden", "asked to be forgotten"),
    "blocked": ("heeft ons geblokkeerd", "has blocked us"),
    "no_chat": ("deze chat bestaat niet meer", "this chat no longer exists"),
    "migrated": ("deze chat is verhuisd", "this chat has moved"),
    "no_address": ("dit nummer bestaat niet", "this number does not exist"),
    "not_on_whatsapp": (
        "dit nummer heeft geen WhatsApp (meer)",
        "this number is not on WhatsApp (any more)",
    ),
    "not_reachable": (
        "WhatsApp kan dit nummer niet bereiken",
        "WhatsApp cannot reach this number",
    ),
    "unreachable": (
        "was niet te bereiken",
        "could not be reached",
    ),
    "passed_on": ("gaat nu via een ander kanaal", "goes through another channel now"),
    "told_elsewhere": (
        "hoort het al in een andere app",
        "is told in another app already",
    ),
    "unlinked": (
        "heeft deze app losgekoppeld voordat dit aankwam",
        "unlinked this app before this arrived",
    ),
    "no_talk": (
        "wij kennen geen adres (meer) van deze maker",
        "we know no address of this author (any more)",
    ),
    "unseen": (
        "is verstuurd, maar na twee dagen nog niet gezien",
        "was sent, but has not been seen after two days",
    ),
    "no_voice": ("neemt geen spraakberichten aan", "takes no voice messages"),
    "restored": (
        "er is een back-up teruggezet: misschien ging dit al uit",
        "a backup was restored: this may have gone out already",
    ),
    # What the provider allows.
    "outside_window": (
        "schreef ons te lang geleden: nu mag alleen een goedgekeurd bericht",
        "wrote to us too long ago: only an approved message is allowed now",
    ),
    "template": (
        "wacht tot WhatsApp de tekst goedkeurt",
        "waits until WhatsApp approves the wording",
    ),
    "held_back": (
        "WhatsApp houdt dit bericht tegen: deze bewoner kreeg er al veel",
        "WhatsApp holds this message back: this resident got many already",
    ),
    "policy": (
        "WhatsApp staat dit bericht niet toe",
        "WhatsApp does not allow this message",
    ),
    "not_in_sandbox": (
        "alleen wie zich aanmeldde bij het proefnummer krijgt berichten",
        "only those who joined the test number get messages",
    ),
    # Passing.
    "throttled": (
        "te veel berichten tegelijk; wij proberen het opnieuw",
        "too many messages at once; we try again",
    ),
    "queue_full": (
        "de wachtrij bij Twilio is vol; wij proberen het opnieuw",
        "the queue at Twilio is full; we try again",
    ),
    "daily_cap": (
        "het aantal berichten voor vandaag is op; morgen gaat het verder",
        "the number of messages for today is used up; it goes on tomorrow",
    ),
    "provider_fault": (
        "storing bij WhatsApp of Telegram; wij proberen het opnieuw",
        "a fault at WhatsApp or Telegram; we try again",
    ),
    "busy": ("het is te druk; wij proberen het opnieuw", "too busy; we try again"),
    "redirects": (
        "het bestand kon niet worden opgehaald",
        "the file could not be fetched",
    ),
    "conflict": (
        "een ander programma gebruikt dezelfde Telegram-bot",
        "another program uses the same Telegram bot",
    ),
    # It may have arrived.
    "timeout": (
        "geen antwoord op tijd: misschien aangekomen, misschien niet",
        "no answer in time: it may have arrived or not",
    ),
    "dropped": (
        "de verbinding viel weg: misschien aangekomen, misschien niet",
        "the connection broke: it may have arrived or not",
    ),
    "bad_answer": (
        "onduidelijk antwoord: misschien aangekomen, misschien niet",
        "an unclear answer: it may have arrived or not",
    ),
    "closed": (
        "het programma stopte: misschien aangekomen, misschien niet",
        "the program stopped: it may have arrived or not",
    ),
    # Ours to mend.
    "bad_token": (
        "het wachtwoord van onze account klopt niet: de beheerder moet kijken",
        "our account's token is wrong: the administrator has to look",
    ),
    "bad_sender": (
        "ons afzendnummer klopt niet: de beheerder moet kijken",
        "our sender number is wrong: the administrator has to look",
    ),
    "sender_blocked": (
        "WhatsApp heeft ons nummer geblokkeerd: de beheerder moet kijken",
        "WhatsApp has blocked our number: the administrator has to look",
    ),
    "not_allowed": (
        "onze account mag hier niet naartoe sturen: de beheerder moet kijken",
        "our account may not send there: the administrator has to look",
    ),
    "too_long": ("het bericht is te lang", "the message is too long"),
    "too_large": ("het bestand is te groot", "the file is too large"),
    "empty": ("het bericht was leeg", "the message was empty"),
    "bad_variables": (
        "wat in de goedgekeurde tekst moest komen past er niet in",
        "what had to go into the approved wording does not fit",
    ),
    "content_gone": (
        "de goedgekeurde tekst is bij Twilio verdwenen",
        "the approved wording is gone at Twilio",
    ),
    "bad_callback": (
        "ons eigen adres klopt niet: de beheerder moet kijken",
        "our own address is wrong: the administrator has to look",
    ),
    "bad_request": (
        "het bericht werd niet begrepen: de beheerder moet kijken",
        "the message was not understood: the administrator has to look",
    ),
    "adapter_error": (
        "fout in dit programma: de beheerder moet kijken",
        "a fault in this program: the administrator has to look",
    ),
    "foreign_host": (
        "een bestand van een vreemd adres is niet opgehaald",
        "a file from a foreign address was not fetched",
    ),
    "media_not_read": (
        "het geluid of de foto kon niet worden gelezen",
        "the sound or photo could not be read",
    ),
    "not_readable": (
        "de opname kon niet worden gelezen",
        "the recording could not be read",
    ),
    "gone": ("het bestand is er niet meer", "the file is no longer there"),
    # Officials.
    "paused": ("stilgezet", "paused"),
    "cancelled": ("afgebroken", "cancelled"),
    "undone": ("teruggedraaid door een collega", "taken back by a colleague"),
}
_BY_A_PERSON = ("uitgezocht: het kwam niet aan", "looked into: it did not arrive")
_UNKNOWN = (
    "mislukt, iemand moet kijken (code {code})",
    "failed, somebody has to look (code {code})",
)
_NONE = ("geen reden bekend", "no reason known")


def explain(reason: str | None, language: str = ENGLISH) -> str:
    """Return a reason of the ledger in Dutch or English."""
    column = (DUTCH, ENGLISH).index(language)
    if not reason:
        return _NONE[column]
    if reason.startswith("by_"):
        return _BY_A_PERSON[column]
    known = REASONS.get(reason)
    return known[column] if known else _UNKNOWN[column].format(code=reason)
