"""The words of the talk with one person: Dutch and English."""

from collections.abc import Mapping

TALKS_WORDS: Mapping[str, tuple[str, str]] = {
    "message_answer": ("Antwoord van een medewerker", "Answer of an official"),
    "talk": ("Gesprek", "Talk"),
    "talk_who": ("Gesprek in het", "Talk in"),
    "talk_no_language": ("Nog geen taal gekozen", "No language chosen yet"),
    "talk_by_voice": ("hoort liever geluid", "would rather hear sound"),
    "talk_open": (
        "U kunt nog vrij schrijven tot",
        "You can still write freely until",
    ),
    "talk_always_open": (
        "U kunt hier altijd vrij schrijven.",
        "You can always write freely here.",
    ),
    "talk_shut": (
        (
            "Alleen een goedgekeurd bericht kan nu. Het zegt dat er een antwoord "
            "wacht. Zodra de bewoner iets schrijft of zegt, volgt uw antwoord."
        ),
        (
            "Only an approved message can go now. It says that an answer waits. As "
            "soon as the resident writes or says anything, your answer follows."
        ),
    ),
    "talk_stopped": (
        "Deze bewoner wil geen berichten meer. Bel, als er een nummer is.",
        "This resident wants no more messages. Call, if there is a number.",
    ),
    "talk_closed": (
        "Deze chat is niet te bereiken. Bel, als er een nummer is.",
        "This chat cannot be reached. Call, if there is a number.",
    ),
    "talk_plans": ("Plannen", "Plans"),
    "talk_tasks": ("Wat hier wacht", "What waits here"),
    "talk_lines": ("Wat er gezegd is", "What was said"),
    "talk_none": (
        (
            "Hier staat wat de bewoner u schrijft of zegt, en wat u antwoordt. Wat met "
            "stemmen te maken heeft, staat hier nooit."
        ),
        (
            "What the resident writes or says to you is here, and what you answer. "
            "Nothing about voting is ever here."
        ),
    ),
    "draft_ask": (
        "Laat de computer vertalen wat leeg is",
        "Let the computer translate what is empty",
    ),
    "draft_words": ("Laat de computer vertalen", "Let the computer translate"),
    "draft_heard": (
        "Laat de computer dit in het Nederlands vertalen",
        "Let the computer translate this into Dutch",
    ),
    "draft_says": ("Vertaald door de computer:", "Translated by the computer:"),
    "draft_made": (
        (
            "De computer heeft vertaald wat leeg was. Lees en verbeter het. Vink "
            "alleen aan wat iemand heeft gelezen die de taal kent."
        ),
        (
            "The computer translated what was empty. Read and mend it. Tick only what "
            "somebody has read who knows the language."
        ),
    ),
    "draft_off": (
        "Hier is geen computer die vertaalt. Schrijf het zelf, of vraag een collega.",
        "No computer translates here. Write it yourself, or ask a colleague.",
    ),
    "draft_silent": (
        (
            "De computer die vertaalt, antwoordt niet. Wat u schreef, staat er nog. "
            "Probeer het later, of schrijf het zelf."
        ),
        (
            "The computer that translates does not answer. What you wrote is still "
            "here. Try later, or write it yourself."
        ),
    ),
    "draft_refused": (
        (
            "De computer die vertaalt, weigert dit. Wat u schreef, staat er nog. "
            "Schrijf het zelf, en zeg het uw beheerder."
        ),
        (
            "The computer that translates refuses this. What you wrote is still here. "
            "Write it yourself, and tell your administrator."
        ),
    ),
    "draft_strange": (
        (
            "De computer die vertaalt, geeft een antwoord dat niet klopt. Wat u "
            "schreef, staat er nog. Schrijf het zelf, en zeg het uw beheerder."
        ),
        (
            "The computer that translates gives an answer that makes no sense. What "
            "you wrote is still here. Write it yourself, and tell your administrator."
        ),
    ),
    "draft_long": (
        "Dit is te lang om te laten vertalen. Wat u schreef, staat er nog.",
        "This is too long to be translated. What you wrote is still here.",
    ),
    "talk_older": (
        "Oudere berichten",
        "Older messages",
    ),
    "talk_newest": ("Naar de nieuwste berichten", "To the newest messages"),
    "talk_none_older": ("Ouder dan dit is er niets.", "There is nothing older."),
    "said_by_her": ("De bewoner", "The resident"),
    "said_by_computer": ("De computer", "The computer"),
    "line_voice": ("Spraakbericht", "Voice message"),
    "line_photo": ("Foto", "Photo"),
    "line_pin": ("Een plek op de kaart", "A place on the map"),
    "line_asks": ("wacht op antwoord", "waits for an answer"),
    "line_dutch": ("In het Nederlands:", "In Dutch:"),
    "line_translated": ("vertaald door", "translated by"),
    "line_queued": ("onderweg", "on its way"),
    "line_kept": (
        "bewaard tot de bewoner iets schrijft",
        "kept until the resident writes",
    ),
    "line_sent": ("verstuurd", "sent"),
    "line_delivered": ("aangekomen", "arrived"),
    "line_read": ("gelezen", "read"),
    "line_failed": ("niet aangekomen", "did not arrive"),
    "line_dropped": ("niet verstuurd", "not sent"),
    "line_unsure": ("misschien aangekomen", "may have arrived"),
    "write_phrase": ("Kies een zin", "Choose a phrase"),
    "write_phrase_how": (
        "Deze zinnen bestaan in vier talen, ook als geluid.",
        "These phrases exist in four languages, also as sound.",
    ),
    "write_own": ("Schrijf zelf", "Write yourself"),
    "write_voice": ("Spreek in", "Speak"),
    "write_voice_how": (
        "Hoogstens 60 seconden. U hoort het terug voordat het weggaat.",
        "At most 60 seconds. You hear it before it goes.",
    ),
    "phrase": ("Zin", "Phrase"),
    "field_date": ("Dag", "Day"),
    "field_contact": ("Naam", "Name"),
    "field_phone": ("Telefoonnummer", "Phone number"),
    "field_place": ("Plek", "Place"),
    "fields_how": (
        "Vul in waar … staat.",
        "Fill in where it says ….",
    ),
    "about_plan": ("Over plan", "About plan"),
    "about_none": ("Geen plan", "No plan"),
    "own_words": ("Uw bericht in het", "Your message in"),
    "own_dutch": ("Wat staat er, in het Nederlands?", "What does it say, in Dutch?"),
    "vouched": ("Iemand heeft dit vertaald:", "Somebody has translated this:"),
    "translator": ("Naam van de vertaler", "Name of the translator"),
    "own_asks": (
        "Ik vraag iets: het antwoord komt bij mij",
        "I ask something: the answer comes to me",
    ),
    "own_closes": ("Rond de taak hiermee af", "Close the task with this"),
    "look_first": ("Bekijk eerst", "Look first"),
    "preview": ("Dit krijgt de bewoner", "This is what the resident gets"),
    "preview_buttons": ("Knoppen:", "Buttons:"),
    "preview_sound": (
        "Ook als geluid, in deze taal.",
        "Also as sound, in this language.",
    ),
    "send_now": ("Verstuur", "Send"),
    "change_it": ("Verander", "Change it"),
    "record_start": ("Neem op", "Record"),
    "record_stop": ("Stop de opname", "Stop recording"),
    "record_use": ("Luister terug", "Play it back"),
    "record_file": ("Of kies een geluidsbestand", "Or choose a sound file"),
    "record_no_mic": (
        "De microfoon is niet te gebruiken. Kies een geluidsbestand.",
        "The microphone cannot be used. Choose a sound file.",
    ),
    "record_now": ("Er wordt opgenomen", "Recording"),
    "record_again": ("Gooi weg", "Throw away"),
    "answer_sent": (
        "Het is onderweg. U ziet hieronder of het aankomt.",
        "It is on its way. Below you see whether it arrives.",
    ),
    "answer_let_go": ("De opname is weg.", "The recording is gone."),
    "answer_gone": (
        "Deze bewoner wilde vergeten worden. Er is niets gestuurd.",
        "This resident asked to be forgotten. Nothing was sent.",
    ),
    "answer_stopped": (
        "Deze bewoner wil geen berichten meer. Er is niets gestuurd. Bel, als het kan.",
        "This resident wants no more messages. Nothing was sent. Call, if you can.",
    ),
    "answer_closed": (
        "Deze chat is niet te bereiken. Er is niets gestuurd. Bel, als het kan.",
        "This chat cannot be reached. Nothing was sent. Call, if you can.",
    ),
    "answer_empty": (
        "Schrijf eerst een bericht. Er is niets gestuurd.",
        "Write a message first. Nothing was sent.",
    ),
    "answer_too_long": (
        "Dit is te lang: hoogstens 1000 tekens. Er is niets gestuurd.",
        "This is too long: at most 1,000 characters. Nothing was sent.",
    ),
    "answer_which": (
        "Kies een zin. Er is niets gestuurd.",
        "Choose a phrase. Nothing was sent.",
    ),
    "answer_dutch": (
        "Schrijf ook in het Nederlands wat er staat, voor uw collega's.",
        "Write in Dutch as well what it says, for your colleagues.",
    ),
    "answer_translated": (
        "Vink aan dat iemand dit heeft vertaald, en schrijf wie.",
        "Tick that somebody has translated this, and write who.",
    ),
    "answer_sound": (
        "Deze opname is er niet meer. Neem het opnieuw op.",
        "This recording is no longer here. Record it again.",
    ),
    "answer_no_sound": (
        "Hier zit geen geluid in dat wij kunnen afspelen. Er is niets gestuurd.",
        "There is no sound in this that we can play. Nothing was sent.",
    ),
    "answer_sound_long": (
        "Dit is langer dan 60 seconden. Er is niets gestuurd. Maak het korter.",
        "This is longer than 60 seconds. Nothing was sent. Make it shorter.",
    ),
    "answer_old": (
        "Dit formulier was te oud. Er is niets gestuurd. Bekijk het nog een keer.",
        "This form was too old. Nothing was sent. Look at it once more.",
    ),
    "answer_field_date": (
        "Kies een dag na vandaag. Er is niets gestuurd.",
        "Choose a day after today. Nothing was sent.",
    ),
    "answer_field_contact": (
        "Vul een naam in. Er is niets gestuurd.",
        "Fill in a name. Nothing was sent.",
    ),
    "answer_field_phone": (
        "Vul een telefoonnummer in. Er is niets gestuurd.",
        "Fill in a phone number. Nothing was sent.",
    ),
    "answer_field_place": (
        "Vul een plek in. Er is niets gestuurd.",
        "Fill in a place. Nothing was sent.",
    ),
}
