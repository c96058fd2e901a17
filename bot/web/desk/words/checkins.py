"""The words of the desk about chosen plans on their way: Dutch and English."""

from collections.abc import Mapping

CHECKINS_WORDS: Mapping[str, tuple[str, str]] = {
    "checkins": ("Hoe gaat het", "How it goes"),
    "care_how": (
        (
            "Elke vraag aan een maker begint met wat de gemeente deed. "
            "Schrijf dat hier op. Zonder dat sturen wij geen vraag."
        ),
        (
            "Every question to an author opens with what the municipality did. "
            "Write that down here. Without it we send no question."
        ),
    ),
    "care_stuck": ("Zit vast", "Stuck"),
    "care_stuck_none": (
        (
            "Geen plan zit vast. Zegt een maker “ik wil graag hulp”, dan staat het "
            "plan hier, met haar eigen woorden."
        ),
        (
            "No plan is stuck. When an author says “I would like help”, the plan is "
            "here, in her own words."
        ),
    ),
    "care_late": ("De gemeente is te lang stil", "The municipality is silent too long"),
    "care_late_how": (
        "Deze makers hadden al iets moeten horen. De teamleider ziet dit ook.",
        "These authors should have heard from us. The team lead sees this too.",
    ),
    "care_late_none": (
        "Alle makers hoorden op tijd iets van de gemeente.",
        "All authors heard from the municipality in time.",
    ),
    "care_to_report": ("Schrijf op wat u deed", "Write down what you did"),
    "care_to_report_none": (
        "Deze week hoeft u niets op te schrijven.",
        "Nothing has to be written down this week.",
    ),
    "care_silent": ("De maker antwoordt niet", "The author does not answer"),
    "care_silent_none": (
        (
            "Elke maker gaf antwoord. Wie na twee weken niets zegt, komt hier: "
            "dan belt u."
        ),
        (
            "Every author answered. Whoever says nothing for two weeks comes here: "
            "then you call."
        ),
    ),
    "care_coming": ("Komende vragen", "Coming questions"),
    "care_coming_none": (
        (
            "Er loopt nog geen gekozen plan. Zodra een plan gekozen is, vragen wij de "
            "maker na 2, 6 en 12 weken hoe het gaat."
        ),
        (
            "No chosen plan is under way. Once a plan is chosen, we ask its author "
            "after 2, 6 and 12 weeks how it goes."
        ),
    ),
    "care_more": ("Hier staan de eerste 50.", "These are the first 50."),
    "care_silences": ("keer geen antwoord", "times no answer"),
    "care_contact": ("Contactpersoon", "Contact person"),
    "care_no_contact": ("Nog geen contactpersoon", "No contact person yet"),
    "care_city_clock": ("Gemeente", "Municipality"),
    "care_asked": ("Laatste vraag", "Last question"),
    "care_answered": ("Laatste antwoord van de maker", "Author's last answer"),
    "care_reported_at": ("Laatste bericht van de gemeente", "Municipality's last word"),
    "care_next": ("Volgende vraag", "Next question"),
    "care_no_next": ("Er komt geen vraag meer", "No more questions"),
    "care_never": ("nog niet", "not yet"),
    "care_no_author": (
        "De maker wilde vergeten worden of is niet bekend. Er wordt niets gevraagd.",
        "The author asked to be forgotten, or is not known. Nothing is asked.",
    ),
    "care_news_before": ("nieuws vóór", "news before"),
    "care_first_talk": ("Eerste gesprek vóór", "First talk before"),
    "care_did": ("Wat deed de gemeente?", "What did the municipality do?"),
    "care_did_how": (
        "Kies een zin. Die bestaat al in vier talen. Of schrijf zelf.",
        "Choose a sentence. It exists in four languages already. Or write your own.",
    ),
    "care_did_waits": (
        "Er staat al iets klaar. De volgende vraag begint daarmee.",
        "Something is ready already. The next question opens with it.",
    ),
    "care_phrase": ("Zin in vier talen", "Sentence in four languages"),
    "care_own_words": ("Ik schrijf zelf", "I write my own"),
    "care_write": ("Zelf schrijven", "Write your own"),
    "care_keep": ("Bewaar", "Keep"),
    "care_reported": (
        "Bewaard. De volgende vraag aan de maker begint hiermee.",
        "Kept. The next question to the author opens with this.",
    ),
    "care_reported_dutch": (
        "Bewaard. Wie een andere taal spreekt, leest dit in het Nederlands.",
        "Kept. Whoever speaks another language reads this in Dutch.",
    ),
    "words_empty": (
        "Kies een zin, of schrijf iets. Er is niets verstuurd.",
        "Choose a sentence, or write something. Nothing was sent.",
    ),
    "words_dutch": (
        "De Nederlandse tekst ontbreekt. Vul die ook in.",
        "The Dutch text is missing. Fill that in too.",
    ),
    "words_too_long": (
        "Een tekst is te lang. Hoogstens 240 tekens per taal.",
        "A text is too long. At most 240 characters per language.",
    ),
    "words_unchecked": (
        "Vink aan dat iemand de vertalingen heeft bekeken. Of laat ze leeg.",
        "Tick that somebody has looked at the translations. Or leave them empty.",
    ),
    "words_checked": (
        "Iemand die deze talen spreekt, heeft de vertalingen bekeken.",
        "Somebody who speaks these languages has looked at the translations.",
    ),
    "words_most": (
        "Korte zinnen, hoogstens 240 tekens. Een lege taal leest Nederlands.",
        "Short sentences, at most 240 characters. An empty language reads Dutch.",
    ),
    "care_help": ("Uw antwoord", "Your answer"),
    "care_help_how": (
        (
            "De maker krijgt dit in haar taal, met de vraag: gaat het weer? "
            "Pas als zij ja zegt, is het opgelost."
        ),
        (
            "The author gets this in her language, with the question: is it going "
            "again? Only her yes solves it."
        ),
    ),
    "care_sound": (
        "Of spreek het in (hoogstens 90 seconden)",
        "Or say it (at most 90 seconds)",
    ),
    "care_sound_how": (
        (
            "De opname klinkt zoals u spreekt. Spreekt de maker een andere taal, kies "
            "er dan een zin bij."
        ),
        (
            "The recording sounds as you speak. If the author speaks another language, "
            "choose a sentence as well."
        ),
    ),
    "care_send": ("Verstuur antwoord", "Send answer"),
    "care_helped": (
        "Verstuurd. De maker zegt nu of het weer gaat.",
        "Sent. The author now says whether it goes again.",
    ),
    "care_unreached": (
        "Bewaard, maar wij kunnen de maker hier niet bereiken. Bel haar.",
        "Kept, but we cannot reach the author here. Call her.",
    ),
    "care_waits_her": (
        "Uw antwoord is verstuurd. De maker moet nog zeggen of het weer gaat.",
        "Your answer was sent. The author still has to say whether it goes again.",
    ),
    "care_sound_wrong": (
        "Dit is geen geluid dat wij kunnen lezen. Er is niets verstuurd.",
        "This is no sound that we can read. Nothing was sent.",
    ),
    "care_sound_long": (
        "De opname is langer dan 90 seconden. Er is niets verstuurd.",
        "The recording is longer than 90 seconds. Nothing was sent.",
    ),
    "care_needs": ("Wat heeft de maker nodig?", "What does the author need?"),
    "care_no_words": (
        "De maker vroeg om hulp en zei er nog niets bij.",
        "The author asked for help and has not said more yet.",
    ),
    "care_history": ("Wat gebeurde er", "What happened"),
    "care_history_none": (
        "Nog niets opgeschreven. Begin met wat u deed.",
        "Nothing written down yet. Begin with what you did.",
    ),
    "care_kind_did": ("De gemeente deed", "The municipality did"),
    "care_kind_answer": ("Antwoord aan de maker", "Answer to the author"),
    "care_kind_told": ("De maker vertelde", "The author told"),
    "care_stays": ("blijft tussen maker en gemeente", "stays between author and city"),
    "care_is_public": ("openbaar", "public"),
    "care_is_told": ("verteld aan de maker", "told to the author"),
    "care_spoken": ("met een spraakbericht", "with a voice message"),
    "care_make_public": ("Maak openbaar", "Make public"),
    "care_make_private": ("Niet meer openbaar", "No longer public"),
    "care_public": (
        "Openbaar. Volgers horen het; buren kunnen het in de chat opvragen.",
        "Public. Followers hear it; neighbours can ask for it in the chat.",
    ),
    "care_private_again": ("Niet meer openbaar.", "No longer public."),
    "care_private": (
        "Wat vastzit blijft tussen maker en contactpersoon.",
        "What is stuck stays between author and contact person.",
    ),
    "care_answers": ("Wat de maker zei", "What the author said"),
    "care_answers_none": (
        "De maker heeft nog niet geantwoord.",
        "The author has not answered yet.",
    ),
    "care_answer_good": ("Het gaat goed", "It is going well"),
    "care_answer_stuck": ("Wil graag hulp", "Would like help"),
    "care_answer_later": ("Nog niet begonnen", "Not started yet"),
    "care_answer_told": ("Vertelde", "Told"),
    "care_tell_public": ("Openbaar maken in uw woorden", "Make public in your words"),
    "care_tell_how": (
        "Schrijf geen namen of nummers op. De maker hoort ook wat u schrijft.",
        "Write no names or numbers. The author hears what you write too.",
    ),
    "care_cadence": ("Hoe vaak vragen wij het?", "How often do we ask?"),
    "cadence_usual": (
        "Na 2, 6 en 12 weken, dan elke 12 weken",
        "After 2, 6 and 12 weeks, then every 12 weeks",
    ),
    "cadence_two_weeks": ("Elke 2 weken", "Every 2 weeks"),
    "cadence_four_weeks": ("Elke 4 weken", "Every 4 weeks"),
    "cadence_eight_weeks": ("Elke 8 weken", "Every 8 weeks"),
    "cadence_twelve_weeks": ("Elke 12 weken", "Every 12 weeks"),
    "cadence_yearly": ("Elk jaar, 5 jaar lang", "Every year, for 5 years"),
    "cadence_never": ("Nooit", "Never"),
    "care_cadence_kept": (
        "Bewaard. De tijd telt vanaf vandaag.",
        "Kept. Time counts from today.",
    ),
    "care_cadence_unknown": ("Kies een ritme.", "Choose a rhythm."),
    "care_steps": ("Wie doet wat?", "Who does what?"),
    "care_steps_how": (
        (
            "Spreek dit samen af. De maker leest of hoort het als zij “status” en "
            "haar plannummer zegt."
        ),
        (
            "Agree on this together. The author reads or hears it when she says "
            "“status” and the number of her plan."
        ),
    ),
    "step_permit": ("Vergunningen vragen", "Ask for the permits"),
    "step_order": ("Bestellen wat nodig is", "Order what is needed"),
    "step_neighbours": ("Het de buren vertellen", "Tell the neighbours"),
    "step_work": ("Het plan uitvoeren", "Carry out the plan"),
    "step_upkeep": ("Ervoor zorgen", "Look after it"),
    "step_own": ("Eigen stap", "Own step"),
    "who_author": ("de maker", "the author"),
    "who_together": ("samen", "together"),
    "who_municipality": ("de gemeente", "the municipality"),
    "who_none": ("niet nodig", "not needed"),
    "care_steps_kept": ("Bewaard.", "Kept."),
    "care_steps_many": ("Hoogstens 12 stappen.", "At most 12 steps."),
    "kind_report": (
        "Schrijf op wat de gemeente deed",
        "Write down what the municipality did",
    ),
    "kind_silent": ("Bel: de maker antwoordt niet", "Call: the author does not answer"),
    "kind_silent_city": (
        "Teamleider: de gemeente is te lang stil",
        "Team lead: the municipality is silent too long",
    ),
}
