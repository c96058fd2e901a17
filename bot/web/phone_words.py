"""The few words of the web chat's own buttons and notes, in all four languages."""

from collections.abc import Mapping
from functools import cache

from bot.domain.languages import LANGUAGES
from bot.domain.say import N_, Say
from bot.i18n import render

WORDS: Mapping[str, str] = {
    "welcome": N_("Welcome. Choose your language, or speak your plan."),
    "messages": N_("Messages"),
    "you": N_("You"),
    "language": N_("Language"),
    "type": N_("Type here"),
    "send": N_("Send"),
    "record": N_("Record a message"),
    "recording": N_("Recording"),
    "cancel": N_("Throw away"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "more": N_("Photo or place"),
    "photo": N_("Add a photo"),
    "place": N_("Share this place"),
    "voice_message": N_("Voice message"),
    "photo_message": N_("Photo"),
    "place_message": N_("Place on the map"),
    "share": N_("Share with neighbours"),
    "copied": N_("Copied. You can paste it anywhere."),
    "newest": N_("Newest message"),
    "balance": N_("Your money for plans"),
    "waiting": N_("Waiting to be sent"),
    "again": N_("Try again"),
    "remove": N_("Remove"),
    "close": N_("Close"),
    "back": N_("Back"),
    "kept_closed": N_("Your message is kept. You can read it again with internet."),
    "too_old": N_("A message was not sent for 7 days. It is deleted now."),
    "offline": N_("No internet. Your messages are kept and sent later."),
    "working": N_("One moment please"),
    "listening": N_("I am listening to your message."),
    "erased": N_("Erased, so that your vote stays secret."),
    "not_sent": N_("This message could not be sent."),
    "too_big": N_("This file is too big."),
    "no_microphone": N_("The microphone is off. Turn it on, or type."),
    "no_place": N_("I cannot find the place. Type the street."),
    "no_sound": N_("This message cannot be played now."),
    "link_used": N_("This link no longer works. Ask for a new one."),
    "privacy": N_("Privacy"),
    "other": N_("Another person on this phone"),
    "other_note": N_("All messages disappear from this phone."),
    "other_keeps": N_("Your plan and your vote stay."),
    "other_yes": N_("Yes, clear this phone"),
}


@cache
def all_words() -> Mapping[str, Mapping[str, str]]:
    """Return every word by language and key, rendered once per process."""
    return {
        language: {key: render(Say(msgid), language) for key, msgid in WORDS.items()}
        for language in LANGUAGES
    }
