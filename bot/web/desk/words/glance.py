"""The words of the desk about a round seen at a glance: Dutch and English."""

from collections.abc import Mapping

GLANCE_WORDS: Mapping[str, tuple[str, str]] = {
    "at_a_glance": ("Overzicht", "Overview"),
    "glance": ("In één oogopslag", "At a glance"),
    "glance_how": (
        (
            "Hoe een ronde loopt, in cijfers. Kleine groepen (onder de tien) worden "
            "niet getoond, zodat niemand te vinden is."
        ),
        (
            "How a round goes, in figures. Small groups (under ten) are not shown, so "
            "that nobody can be found."
        ),
    ),
    "glance_none": (
        "Er is nog geen ronde. De beheerder maakt er een: buurtstem round check",
        "There is no round yet. The administrator makes one: buurtstem round check",
    ),
    "glance_gone": ("Deze ronde is er niet.", "There is no such round."),
    "glance_funnel": ("Van idee tot gekozen plan", "From idea to chosen plan"),
    "glance_funnel_how": (
        "Achter elke stap staan mensen. Open een stap om hun plannen te zien.",
        "Behind each step are people. Open a step to see their plans.",
    ),
    "glance_step": ("Stap", "Step"),
    "glance_plans": ("Plannen", "Plans"),
    "glance_people": ("Mensen", "People"),
    "step_told": ("Verteld", "Told"),
    "step_supported": ("Genoeg steun", "Enough support"),
    "step_on_ballot": ("Op de stemlijst", "On the voting list"),
    "step_chosen": ("Gekozen", "Chosen"),
    "glance_reach": ("Wie is bereikt?", "Who was reached?"),
    "glance_reach_none": (
        "Er is nog geen besluit verstuurd. Daarna staat hier wie het niet hoorde.",
        "No decision was sent yet. Afterwards you see here who did not hear it.",
    ),
    "glance_reached": ("hoorden wat er met hun plan gebeurt", "heard about their plan"),
    "glance_to_call": ("moet iemand bellen", "somebody has to call"),
    "glance_called": ("zijn gebeld", "were called"),
    "glance_no_way": (
        "kunnen wij niet schrijven: zij zeiden stop of zijn niet te bereiken",
        "we cannot write to: they said stop or cannot be reached",
    ),
    "glance_answers": ("Hoe snel antwoordden wij?", "How fast did we answer?"),
    "glance_answers_none": (
        "Er is nog niets beantwoord. Hier ziet u hoe lang bewoners wachten.",
        "Nothing was answered yet. Here you see how long residents wait.",
    ),
    "glance_what": ("Wat", "What"),
    "glance_median": ("De helft binnen", "Half within"),
    "glance_nine": ("Negen van de tien binnen", "Nine of ten within"),
    "glance_many": ("Beantwoord", "Answered"),
    "glance_late": ("Te laat", "Late"),
    "glance_open": ("Nog open", "Still open"),
    "glance_first": ("Eerste antwoord op een plan", "First answer to a plan"),
    "glance_advice": ("Kan het plan, ja of nee", "Whether the plan can be done"),
    "glance_tasks": ("Wat wij beloofden te doen", "What we promised to do"),
    "glance_who": ("Wie hoorden wij?", "Whom did we hear?"),
    "by_language_of_plan": ("Plannen per taal", "Plans by language"),
    "by_way": ("Ingesproken of getypt", "Spoken or typed"),
    "by_channel": ("Plannen per kanaal", "Plans by channel"),
    "by_street": ("Plannen per straat", "Plans by street"),
    "way_spoken": ("Ingesproken", "Spoken"),
    "way_written": ("Getypt", "Typed"),
    "unheard": ("Nog niet gehoord", "Not heard yet"),
    "unheard_how": (
        (
            "In deze talen en straten zijn minder dan tien plannen verteld. Hang er "
            "een poster op, of ga langs bij een school of moskee."
        ),
        (
            "In these languages and streets fewer than ten plans were told. Put up a "
            "poster there, or visit a school or a mosque."
        ),
    ),
    "unheard_none": (
        "Elke taal en elke straat van de ronde heeft tien plannen of meer.",
        "Every language and street of the round has ten plans or more.",
    ),
    "unheard_streets": (
        "De ronde noemt geen straten. Met [area] streets ziet u ook stille straten.",
        "The round names no streets. With [area] streets you see silent ones too.",
    ),
    "glance_votes": ("Wie stemde, en hoe?", "Who voted, and how?"),
    "glance_votes_later": (
        (
            "De opkomst staat hier zodra het stemmen is gesloten. Een tussenstand zet "
            "mensen aan om wel of niet te stemmen."
        ),
        (
            "Turnout stands here once voting has closed. A number on the way moves "
            "people to vote, or not to."
        ),
    ),
    "votes_by_language": ("Stemmen per taal", "Votes by language"),
    "votes_by_route": ("Stemmen per kanaal", "Votes by channel"),
    "votes_by_day": ("Stemmen per dag", "Votes by day"),
    "votes_by_day_how": (
        (
            "Uit de openbare keten, die elke nacht het aantal stemmen noemt. "
            "Daarin staan geen personen."
        ),
        (
            "From the public chain, which names the number of votes each night. "
            "There are no persons in it."
        ),
    ),
    "glance_trust": ("Vertrouwen", "Trust"),
    "glance_trust_none": (
        (
            "Nog te weinig antwoorden. Bewoners kunnen in de chat drie vragen "
            "beantwoorden: typ of zeg mening. Antwoorden staan los van personen."
        ),
        (
            "Too few answers yet. Residents can answer three questions in the chat: "
            "type or say opinion. Answers are tied to no person."
        ),
    ),
    "trust_before": ("Vóór de ronde", "Before the round"),
    "trust_after": ("Na de ronde", "After the round"),
    "trust_listened": (
        "De gemeente luistert naar mij",
        "The municipality listens to me",
    ),
    "trust_involved": (
        "Ik kan meedenken over mijn buurt",
        "I can take part in decisions about my neighbourhood",
    ),
    "trust_room": (
        "Er is ruimte voor ideeën van bewoners",
        "There is room for ideas of residents",
    ),
    "trust_mean": ("gemiddeld (1 tot 5)", "mean (1 to 5)"),
    "part_hidden": ("niet getoond", "not shown"),
    "small_group": ("minder dan 10", "fewer than 10"),
    "unknown_part": ("onbekend", "not known"),
    "channel_web": ("Webpagina", "Web page"),
    "channel_desk": ("Balie", "Desk"),
    "channel_paper": ("Papier", "Paper"),
    "channel_whatsapp": ("WhatsApp", "WhatsApp"),
    "channel_telegram": ("Telegram", "Telegram"),
    "figures_as_table": ("Als tabel", "As a table"),
    "all_rounds": ("Alle rondes", "All rounds"),
    "back_to_glance": ("Terug naar het overzicht", "Back to the overview"),
    "more_plans": ("Meer plannen", "More plans"),
    "exports": ("Exporteren", "Export"),
    "exports_how": (
        (
            "Voor een spreadsheet of een verslag. Er staan geen stemmers in, en geen "
            "keuzes. Wie exporteert, staat in het logboek."
        ),
        (
            "For a spreadsheet or a report. No voters are in it, and no choices. "
            "Whoever exports is written down."
        ),
    ),
    "export_plans": ("Plannen", "Plans"),
    "export_decisions": ("Besluiten", "Decisions"),
    "export_tasks": ("Taken en uitkomsten", "Tasks and outcomes"),
    "export_spending": ("Betalingen", "Payments"),
    "export_reach": ("Bereik per plan", "Reach by plan"),
    "export_answers": ("Antwoordtijden", "Answer times"),
}
