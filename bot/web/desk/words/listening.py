"""The words of the desk about notes for ears: Dutch and English."""

from collections.abc import Mapping

LISTENING_WORDS: Mapping[str, tuple[str, str]] = {
    "listening": ("Beluisteren", "Listening"),
    "listening_how": (
        "Luister, verbeter de tekst, en stuur terug. De bewoner zegt ja of nee.",
        "Listen, correct the text, and send it back. The resident says yes or no.",
    ),
    "listen_now": ("Ga luisteren", "Go and listen"),
    "by_language": ("Wie spreekt wat?", "Who speaks what?"),
    "speaks_all": ("Alle talen", "All languages"),
    "speaks_nl": ("Nederlands", "Dutch"),
    "speaks_en": ("Engels", "English"),
    "speaks_tr": ("Turks", "Turkish"),
    "speaks_ar": ("Arabisch", "Arabic"),
    "speaks_ary": ("Darija (Marokkaans)", "Darija (Moroccan)"),
    "speaks_rif": ("Tarifit (Riffijns)", "Tarifit (Riffian)"),
    "speaks_other": ("Een andere taal", "Another language"),
    "speaks_unknown": ("Taal onbekend", "Language not known"),
    "none_of_these": (
        "Er wacht geen bericht in deze taal.",
        "No note is waiting in this language.",
    ),
    "needs_speaker": ("gezocht: iemand die spreekt:", "wanted: somebody who speaks"),
    "seconds": ("seconden", "seconds"),
    "correct_this": (
        "Dit hoorde de computer. Verbeter wat niet klopt.",
        "This is what the computer heard. Correct what is not right.",
    ),
    "sure_good": ("De computer is zeker.", "The computer is sure."),
    "sure_unsure": ("De computer twijfelt.", "The computer is in doubt."),
    "sure_bad": (
        "De computer heeft het niet goed verstaan.",
        "The computer did not understand it well.",
    ),
    "sure_empty": ("De computer hoorde geen stem.", "The computer heard no voice."),
    "heard_nothing": (
        "De computer heeft hier geen tekst van gemaakt.",
        "The computer made no text of this.",
    ),
    "because": ("Waarom:", "Why:"),
    "doubt_no_speech": ("er is geen stem te horen", "no voice can be heard"),
    "doubt_no_text": ("er kwamen geen woorden uit", "no words came out"),
    "doubt_known_phrase": (
        "zo'n zin verzint een computer vaker bij stilte",
        "a computer often makes this sentence up in silence",
    ),
    "doubt_loop": (
        "de computer bleef hangen en herhaalt zichzelf",
        "the computer got stuck and repeats itself",
    ),
    "doubt_repeated": ("er staat veel twee keer", "much of it is there twice"),
    "doubt_very_low_confidence": (
        "bijna alle woorden zijn gegokt",
        "nearly all words are guesses",
    ),
    "doubt_low_confidence": ("sommige woorden zijn gegokt", "some words are guesses"),
    "doubt_likely_silence": (
        "een deel is misschien alleen geluid, geen stem",
        "a part may be only noise, no voice",
    ),
    "doubt_little_speech": ("er wordt heel kort gesproken", "very little is said"),
    "doubt_rate": (
        "te veel of te weinig woorden voor deze tijd",
        "too many or too few words for this time",
    ),
    "doubt_wrong_script": (
        "de letters passen niet bij de taal",
        "the letters do not belong to the language",
    ),
    "doubt_mixed_script": (
        "er staan letters van een andere taal tussen",
        "there are letters of another language in it",
    ),
    "doubt_cut_off": ("het einde ontbreekt misschien", "the end may be missing"),
    "doubt_incomplete": ("een deel ontbreekt", "a part is missing"),
    "doubt_other_language": (
        "het lijkt een andere taal dan deze vier",
        "it seems to be another language than these four",
    ),
    "doubt_out_of_time": (
        "de computer kwam niet tot het einde",
        "the computer did not get to the end",
    ),
    "doubt_language_unclear": (
        "het is niet duidelijk welke taal dit is",
        "it is not clear which language this is",
    ),
    "spoken_language": ("Gesproken taal", "Language spoken"),
    "written_language": ("Taal van uw tekst", "Language of your text"),
    "spoken_in": ("Welke taal wordt gesproken?", "Which language is spoken?"),
    "written_in": (
        "In welke taal is uw tekst? Kies een taal die de bewoner leest.",
        "In which language is your text? Choose one that the resident reads.",
    ),
    "cannot": ("Lukt het niet?", "Is it not possible?"),
    "unclear": ("Niet te verstaan: vraag het opnieuw", "Not clear: ask her again"),
    "unclear_how": (
        (
            "De bewoner krijgt een vriendelijk bericht: zeg het nog een keer, of laat "
            "u bellen."
        ),
        "The resident gets a kind message: say it once more, or let us call you.",
    ),
    "pass_on": ("Geef door aan een collega", "Hand over to a colleague"),
    "pass_on_how": (
        (
            "Kies hierboven de gesproken taal. Het bericht houdt zijn plaats, en een "
            "collega vindt het bij die taal."
        ),
        (
            "Choose above which language is spoken. The note keeps its place, and a "
            "colleague finds it under that language."
        ),
    ),
    "asked_again": (
        "Gevraagd. De bewoner kan het nog een keer zeggen, of gebeld worden.",
        "Asked. The resident can say it once more, or be called.",
    ),
    "unclear_untold": (
        "Wij kunnen de bewoner hier niet schrijven. Er staat nu een taak om te bellen.",
        "We cannot write to the resident here. There is a task to call now.",
    ),
    "handed_over": (
        "Doorgegeven. Het bericht wacht op iemand die deze taal spreekt.",
        "Handed over. The note waits for somebody who speaks this language.",
    ),
    "your_text": (
        "Dit had u geschreven. Het is niet verstuurd.",
        "This is what you wrote. It was not sent.",
    ),
}
