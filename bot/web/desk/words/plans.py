"""The words of the desk about plans, their pages and what is public of them."""

from collections.abc import Mapping

PLANS_WORDS: Mapping[str, tuple[str, str]] = {
    "plans": ("Plannen", "Plans"),
    "plans_how": (
        "Elk plan en waar het staat. Wie het langst op ons wacht, staat bovenaan.",
        "Every plan and how far it is. Who has waited longest for us comes first.",
    ),
    "plans_none": (
        (
            "Er is nog geen plan. Bewoners vertellen plannen in de chat; die komen "
            "hier vanzelf. Brengt iemand een plan op papier? Voer het dan zelf in."
        ),
        (
            "There is no plan yet. Residents tell plans in the chat; those come here "
            "by themselves. Does somebody bring one on paper? Then enter it yourself."
        ),
    ),
    "plans_not_found": (
        (
            "Geen plan past bij wat u zoekt. Zoek met minder woorden, of bekijk alle "
            "plannen. Hoofdletters en accenten maken niet uit."
        ),
        (
            "No plan fits what you look for. Use fewer words, or look at all plans. "
            "Capitals and accents make no difference."
        ),
    ),
    "plans_all": ("Bekijk alle plannen", "Look at all plans"),
    "plans_waiting": ("Wacht op ons eerste antwoord", "Wait for our first answer"),
    "plans_waiting_none": (
        "Iedereen heeft een eerste antwoord van ons. Goed gedaan.",
        "Everybody has had a first answer from us. Well done.",
    ),
    "plans_board": ("Waar de plannen staan", "How far the plans are"),
    "plans_list": ("Plannen, één voor één", "Plans, one by one"),
    "plans_found": ("gevonden", "found"),
    "plans_search": ("Zoek een plan", "Look for a plan"),
    "plans_search_how": (
        "Nummer, titel, eigen woorden of plaats, in elke taal.",
        "Number, title, own words or place, in any language.",
    ),
    "plans_show": ("Zoek", "Search"),
    "plans_filter": ("Meer kiezen", "More choices"),
    "plans_round": ("Ronde", "Round"),
    "plans_stage": ("Stand", "Stage"),
    "plans_language": ("Taal", "Language"),
    "plans_theme": ("Thema", "Theme"),
    "plans_no_theme": ("Nog geen thema", "No theme yet"),
    "plans_place": ("Plaats", "Place"),
    "plans_kind": ("Gesproken of geschreven", "Spoken or written"),
    "plans_spoken": ("Gesproken", "Spoken"),
    "plans_written": ("Geschreven", "Written"),
    "plans_any": ("Alle", "Any"),
    "plans_only_waiting": (
        "Alleen wat nog geen antwoord heeft",
        "Only what has no answer yet",
    ),
    "plans_page": ("Bladzijde", "Page"),
    "plans_before": ("Vorige", "Previous"),
    "plans_next": ("Volgende", "Next"),
    "plans_more": ("Alle", "All"),
    "supports_of": ("steun", "support"),
    "of_needed": ("van", "of"),
    "follows_of": ("volgen dit plan", "follow this plan"),
    "plan_talk": ("Gesprek met de maker", "Talk with the author"),
    "plan_ask": ("Schrijf of spreek met de maker", "Write or speak to the author"),
    "clock_answer": ("eerste antwoord vóór", "first answer before"),
    "clock_advice": ("advies vóór", "advice before"),
    "second_waits": ("wacht op een tweede", "waits for a second"),
    "stage_received": ("Binnen, niet openbaar", "Received, not public"),
    "stage_public": ("Openbaar", "Public"),
    "stage_needs_change": ("Aanpassing nodig", "Needs a change"),
    "stage_infeasible": ("Kan niet", "Not feasible"),
    "stage_below_threshold": ("Te weinig steun", "Too little support"),
    "stage_not_preselected": ("Niet op de stemlijst", "Not on the voting list"),
    "stage_on_ballot": ("Op de stemlijst", "On the voting list"),
    "stage_chosen": ("Gekozen", "Chosen"),
    "stage_not_voted_in": ("Geen geld genoeg", "Not enough money"),
    "stage_started": ("Begonnen", "Started"),
    "stage_done": ("Klaar", "Done"),
    "stage_stopped": ("Gestopt", "Stopped"),
    "stage_withdrawn": ("Teruggenomen", "Taken back"),
    "plan_told": ("Verteld op", "Told on"),
    "plan_frozen": (
        (
            "Het stemmen over dit plan is geopend. Titel, kosten en beoordeling staan "
            "vast en kunnen niet meer veranderen."
        ),
        (
            "The vote on this plan is open. Title, cost and review are fixed and can "
            "no longer change."
        ),
    ),
    "plan_untold": (
        (
            "Wij kunnen de bewoner niet schrijven. Bel, of geef bericht op papier; "
            "er gaat vanzelf niets uit."
        ),
        (
            "We cannot write to the resident. Call, or bring word on paper; nothing "
            "goes out by itself."
        ),
    ),
    "plan_nameless": (
        "Bij dit plan hoort geen bewoner meer; het is van de buurt.",
        "No resident belongs to this plan any more; it is the neighbourhood's.",
    ),
    "plan_theirs": ("Wat de bewoner vertelde", "What the resident told"),
    "plan_no_words": (
        "Er is nog geen tekst, alleen geluid. Luister en schrijf op bij Beluisteren.",
        "There is no text yet, only sound. Listen and write it down at Listening.",
    ),
    "plan_note": ("Spraakbericht", "Voice note"),
    "plan_transcript": ("De computer hoorde:", "The computer heard:"),
    "plan_sound_gone": (
        "Het geluid is verwijderd, zoals beloofd; de tekst blijft.",
        "The sound was deleted, as promised; the text stays.",
    ),
    "plan_photo": ("Foto", "Photo"),
    "plan_entry": ("Ingevoerd bij", "Entered at"),
    "plan_where": ("Waar", "Where"),
    "plan_no_place": ("De plaats is niet bekend.", "The place is not known."),
    "plan_point": ("Punt op de kaart, op 50 meter", "Point on the map, to 50 metres"),
    "plan_open_map": ("Open in een kaart-app", "Open in a map app"),
    "plan_figures": ("In cijfers", "In figures"),
    "plan_cost": ("Kosten", "Cost"),
    "plan_no_cost": ("nog niet bekend", "not known yet"),
    "plan_votes": ("Stemmen", "Votes"),
    "plan_contact": ("Contactpersoon", "Contact person"),
    "plan_no_contact": (
        "Nog niemand. De bewoner hoort de naam als het plan gekozen is.",
        "Nobody yet. The resident hears the name once the plan is chosen.",
    ),
    "plan_similar": ("Lijkt dit op een ander plan?", "Is this like another plan?"),
    "plan_similar_how": (
        (
            "Deze plannen lijken er misschien op. Lees ze zelf; de computer beslist "
            "niets en voegt niets samen."
        ),
        (
            "These plans may be like it. Read them yourself; the computer decides "
            "nothing and merges nothing."
        ),
    ),
    "plan_similar_none": (
        "Er is geen plan gevonden dat hierop lijkt.",
        "No plan was found that is like this one.",
    ),
    "plan_history": ("Wat er gebeurd is", "What has happened"),
    "line_decision": ("Besluit", "Decision"),
    "line_checkin": ("Gevraagd hoe het gaat", "Asked how it goes"),
    "line_answer": ("Antwoord van de bewoner", "Answer of the resident"),
    "line_task": ("Taak", "Task"),
    "line_open": ("nog open", "still open"),
    "line_done": ("gedaan op", "done on"),
    "by_author": ("de bewoner", "the resident"),
    "by_hook": ("het systeem van de gemeente", "the municipality's system"),
    "by_demo": ("het voorbeeld", "the demo"),
    "answer_good": ("het gaat goed", "it goes well"),
    "answer_stuck": ("het zit vast", "it is stuck"),
    "answer_later": ("nog niet begonnen", "not started yet"),
    "answer_told": ("verteld", "told"),
    "next_call": ("wil gebeld worden", "wants a call"),
    "next_join": ("wil met een ander plan meedoen", "wants to join another plan"),
    "next_keep": ("wil het plan bewaren", "wants to keep the plan"),
    "next_nothing": ("wil nu niets", "wants nothing now"),
    "plan_public": ("Wat iedereen leest", "What everybody reads"),
    "plan_public_how": (
        (
            "Niemand ziet dit plan voordat u het openbaar maakt. Schrijf een korte "
            "titel in alle vier talen: hoogstens 24 tekens, geen namen van mensen. "
            "De bewoner krijgt de titel te lezen. Vertalen doet een mens; zet een "
            "vinkje als iemand die de taal kent het gelezen heeft."
        ),
        (
            "Nobody sees this plan before you make it public. Write a short title in "
            "all four languages: at most 24 characters, no names of people. The "
            "resident gets the title to read. A person translates; tick the box once "
            "somebody who knows the language has read it."
        ),
    ),
    "plan_title": ("Titel", "Title"),
    "plan_summary": ("In een paar zinnen", "In a few sentences"),
    "plan_ticked": ("Gelezen door iemand met kennis van", "Read by somebody who knows"),
    "plan_publish": ("Maak openbaar", "Make public"),
    "plan_republish": ("Verander wat openbaar is", "Change what is public"),
    "plan_lacking": (
        "Nog zonder titel, nodig voor de stemlijst:",
        "Still without a title, needed for the voting list:",
    ),
    "published": (
        "Openbaar. De bewoner hoort het, en kan de buren om steun vragen.",
        "Public. The resident hears of it, and can ask neighbours for support.",
    ),
    "title_none": ("Schrijf een Nederlandse titel.", "Write a Dutch title."),
    "title_long": (
        "Een titel is hoogstens 24 tekens. Te lang in:",
        "A title has at most 24 characters. Too long in:",
    ),
    "summary_long": (
        "Die zinnen zijn samen hoogstens 600 tekens. Te lang in:",
        "Those sentences have at most 600 characters. Too long in:",
    ),
    "title_not_ticked": (
        "Zet het vinkje als iemand die de taal kent het gelezen heeft. Nog niet in:",
        "Tick the box once somebody who knows the language has read it. Not yet in:",
    ),
    "title_not_now": (
        "Dit plan kan nu niet openbaar worden: het is teruggenomen of staat vast.",
        "This plan cannot be made public now: it was taken back or is fixed.",
    ),
    "plan_picture": ("Openbare foto", "Public picture"),
    "plan_picture_how": (
        (
            "Kies een foto van de bewoner die iedereen mag zien. Kies er een waarop "
            "niemand te herkennen is."
        ),
        (
            "Choose a photo of the resident that everybody may see. Choose one on "
            "which nobody can be recognised."
        ),
    ),
    "plan_picture_first": (
        "Maak het plan eerst openbaar; daarna kiest u hier een foto.",
        "Make the plan public first; after that you choose a photo here.",
    ),
    "plan_picture_none": (
        "De bewoner stuurde geen foto.",
        "The resident sent no photo.",
    ),
    "plan_picture_tick": (
        "Niemand is te herkennen, ook geen kenteken of huisnummer",
        "Nobody can be recognised, and no number plate or house number",
    ),
    "plan_picture_show": ("Toon deze foto", "Show this photo"),
    "plan_picture_remove": ("Haal de foto weg", "Take the picture away"),
    "plan_picture_now": ("Nu openbaar", "Public now"),
    "picture_shown": ("De foto is openbaar.", "The picture is public."),
    "picture_gone": ("De foto is niet meer openbaar.", "The picture is not public."),
    "picture_not_ticked": (
        "Kijk of niemand te herkennen is en zet het vinkje. Er is niets veranderd.",
        "Look whether nobody can be recognised and tick the box. Nothing was changed.",
    ),
    "picture_refused": (
        "Deze foto kan niet openbaar worden. Er is niets veranderd.",
        "This photo cannot be made public. Nothing was changed.",
    ),
    "no_plan_here": (
        "Er is geen plan met dit nummer.",
        "There is no plan with this number.",
    ),
}
