"""The words of the desk about chosen plans that change: Dutch and English."""

from collections.abc import Mapping

CHANGES_WORDS: Mapping[str, tuple[str, str]] = {
    "change_plan": ("Wijzigen", "Change"),
    "change_of": ("Wijziging van plan", "Change of plan"),
    "change_list": ("Wijzigingen", "Changes"),
    "change_kind_shrinks": ("Het krijgt minder geld", "It gets less money"),
    "change_kind_moves": ("Het gaat naar een andere plek", "It moves"),
    "change_kind_hands": ("Een ander voert het uit", "It changes hands"),
    "change_kind_stops": ("Het stopt", "It stops"),
    "change_state_proposed": ("Wacht op een collega", "Waits for a colleague"),
    "change_state_done": ("Geldt", "Holds"),
    "change_state_undone": ("Teruggedraaid", "Undone"),
    "change_new": ("Wijzig dit plan", "Change this plan"),
    "change_how": (
        (
            "De indiener en wie het plan volgt horen dit na tien minuten, in hun eigen "
            "taal. Zo lang kunt u het terugdraaien. Gaat het om geld, dan kijkt eerst "
            "een collega mee."
        ),
        (
            "The author and followers hear this after ten minutes, in their own "
            "language. For so long you can undo it. Where money changes, a colleague "
            "looks first."
        ),
    ),
    "change_what": ("Wat verandert er?", "What changes?"),
    "change_amount": (
        "Nieuw bedrag in euro (alleen bij minder geld)",
        "New amount in euros (only for less money)",
    ),
    "change_place": (
        "Nieuwe plek (alleen bij een andere plek)",
        "New place (only where it moves)",
    ),
    "change_carrier": (
        "Wie het nu uitvoert (alleen als het in andere handen komt)",
        "Who carries it out now (only where it changes hands)",
    ),
    "change_carrier_how": (
        "Een afdeling, een organisatie of een groep. Iedereen kan dit lezen.",
        "A department, an organisation or a group. Everybody can read this.",
    ),
    "change_why": ("Waarom? De indiener leest dit.", "Why? The author reads this."),
    "change_own_words": ("Eigen woorden", "Own words"),
    "change_write": ("Schrijf zelf, in vier talen", "Write it, in four languages"),
    "change_reason": (
        "Reden, zoals bewoners hem lezen (hoogstens 240 tekens)",
        "Reason, as residents read it (at most 240 characters)",
    ),
    "change_reason_how": (
        "Korte zinnen. Alle vier de talen zijn nodig.",
        "Short sentences. All four languages are needed.",
    ),
    "change_translator": (
        "Wie heeft de vertalingen gemaakt of nagekeken?",
        "Who made or checked the translations?",
    ),
    "change_translated": ("Vertalingen:", "Translations:"),
    "change_propose": ("Leg het vast", "Put it down"),
    "change_confirm": ("Klopt: laat het gelden", "Right: let it hold"),
    "change_drop": ("Laat het zo", "Leave it"),
    "change_undo": ("Draai terug", "Undo"),
    "change_undo_how": (
        "Dit kan tien minuten lang. Nog niemand heeft een bericht.",
        "You can for ten minutes. Nobody has a message yet.",
    ),
    "change_own_waits": (
        "U legde dit vast. Een collega moet ernaar kijken.",
        "You put this down. A colleague has to look at it.",
    ),
    "change_proposed": (
        "Vastgelegd. Het geldt zodra een collega het bevestigt.",
        "Put down. It holds once a colleague confirms it.",
    ),
    "change_done": (
        "Dit geldt nu. Over tien minuten gaan de berichten uit.",
        "This holds now. Messages go out in ten minutes.",
    ),
    "change_dropped": (
        "Er is niets veranderd. Niemand hoort hiervan.",
        "Nothing has changed. Nobody hears of it.",
    ),
    "change_undone": (
        "Teruggedraaid. Niemand hoort hiervan.",
        "Undone. Nobody hears of it.",
    ),
    "change_stage": (
        "Dit plan is niet (meer) onderweg. Er is niets aan te wijzigen.",
        "This plan is not on its way (any more). Nothing can change.",
    ),
    "change_no_kind": ("Kies wat er verandert.", "Choose what changes."),
    "change_no_amount": (
        "Typ het nieuwe bedrag, bijvoorbeeld 1.250 of 12,50.",
        "Type the new amount, for example 1.250 or 12,50.",
    ),
    "change_no_words": (
        "Schrijf de nieuwe plek, of wie het uitvoert (hoogstens 120 tekens).",
        "Write the new place, or who carries it out (at most 120 characters).",
    ),
    "change_same": ("Zo is het al.", "It is like that already."),
    "change_no_reason": (
        "Kies of schrijf een reden. De indiener heeft daar recht op.",
        "Choose or write a reason. The author has a right to it.",
    ),
    "change_reason_lacks": (
        "De reden ontbreekt in een taal. Alle vier zijn nodig.",
        "The reason is missing in a language. All four are needed.",
    ),
    "change_no_translator": (
        "Schrijf wie voor de vertalingen instaat.",
        "Write who answers for the translations.",
    ),
    "change_no_grant": (
        "Van dit plan staat niet vast wat het kreeg.",
        "Nobody has said what this plan was granted.",
    ),
    "change_lines_wait": (
        "Er wacht nog een uitgave op een tweede persoon. Kijk daar eerst naar.",
        "A payment still waits for a second person. Look at that first.",
    ),
    "change_below_paid": (
        "Zoveel is er al betaald. Minder dan dat kan niet.",
        "More than that is paid already. It cannot be less.",
    ),
    "change_not_less": (
        "Dit is niet minder dan het plan nu krijgt.",
        "This is not less than the plan gets now.",
    ),
    "change_waits": (
        "Over dit plan wacht al een wijziging op een collega.",
        "A change of this plan waits for a colleague already.",
    ),
    "change_own": (
        "U legde dit zelf vast. Een andere medewerker moet het bevestigen.",
        "You put this down yourself. Another official has to confirm it.",
    ),
    "change_moved": (
        "Het geld van dit plan is intussen anders. Leg de wijziging opnieuw vast.",
        "The money of this plan has changed meanwhile. Put the change down anew.",
    ),
    "change_told": (
        "De berichten zijn uit. Leg een nieuwe wijziging vast.",
        "The messages are out. Put down a new change.",
    ),
    "care_kind_changed": ("Het plan veranderde", "The plan changed"),
    "freed": ("Vrij geld", "Free money"),
    "freed_see": (
        "Vrij geld, en wie volgens de regel aan de beurt is",
        "Free money, and who is next by the rule",
    ),
    "freed_free": ("is vrij in deze ronde", "is free in this round"),
    "freed_next": ("Volgens de regel aan de beurt", "Next by the rule"),
    "freed_left": ("Daarna nog vrij:", "Still free then:"),
    "freed_nobody": (
        (
            "Geen plan past in het geld dat vrij is. Het blijft vrij, en iedereen kan "
            "dat zien."
        ),
        (
            "No plan fits into the money that is free. It stays free, and everybody "
            "can see that."
        ),
    ),
    "freed_steps": ("Hoe de regel eraan komt", "How the rule gets there"),
    "freed_steps_how": (
        (
            "De stemmen, de volgorde en de grenzen zijn die van de uitslag. Wat al "
            "gekozen is, staat vast."
        ),
        ("Votes, order and limits are those of the result. What was chosen is fixed."),
    ),
    "freed_pot_all": ("Al het vrije geld", "All free money"),
    "freed_pot_theme": ("Geld van het thema", "Money of the theme"),
    "freed_pot_rest": ("Wat overblijft", "What is left"),
    "freed_pot_shares": (
        "Wat stemmers over hebben van hun deel",
        "What voters have left of their share",
    ),
    "freed_pot_places": ("Plekken", "Places"),
    "freed_pot_none": ("Geen plan komt hiervoor in aanmerking.", "No plan can get it."),
    "freed_costs": ("Kost", "Costs"),
    "freed_verdict": ("Uitkomst", "Outcome"),
    "freed_verdict_chosen": ("is aan de beurt", "is next"),
    "freed_verdict_too_dear": ("past niet", "does not fit"),
    "freed_verdict_stops": ("past niet; hier stopt het", "does not fit; it ends here"),
    "freed_verdict_author_full": (
        "de indiener heeft al genoeg gekozen plannen",
        "its author has enough chosen plans",
    ),
    "freed_give": ("Ken het toe", "Give it away"),
    "freed_give_how": (
        (
            "Een collega bevestigt. Dan is het plan gekozen en hoort de indiener het, "
            "met de contactpersoon en de dag van het eerste gesprek. De uitslag krijgt "
            "een nieuwe versie naast de oude."
        ),
        (
            "A colleague confirms. Then the plan is chosen and its author hears it, "
            "with the contact person and the day of the first talk. The result gets a "
            "new version beside the old one."
        ),
    ),
    "freed_proposal": ("Wacht op een collega", "Waits for a colleague"),
    "freed_confirm": ("Klopt: ken het toe", "Right: give it away"),
    "freed_proposed": (
        "Vastgelegd. Een collega kan het nu toekennen.",
        "Put down. A colleague can give it away now.",
    ),
    "freed_awarded": (
        "Toegekend. De indiener hoort het, en de uitslag heeft een nieuwe versie.",
        "Given away. The author is told, and the result has a new version.",
    ),
    "freed_dropped": ("Er is niets toegekend.", "Nothing was given away."),
    "freed_moved": (
        "Intussen wijst de regel iets anders aan. Kijk opnieuw.",
        "The rule names something else by now. Look again.",
    ),
    "freed_wait": (
        "Een wijziging kan nog worden teruggedraaid. Wacht tien minuten.",
        "A change can still be undone. Wait ten minutes.",
    ),
    "freed_waits": (
        "Hierover wacht al een voorstel op een collega.",
        "A proposal waits for a colleague already.",
    ),
    "freed_no_contact": ("Noem een contactpersoon.", "Name a contact person."),
    "freed_no_day": (
        "Kies een dag voor het eerste gesprek, na vandaag.",
        "Choose a day for the first talk, after today.",
    ),
    "freed_no_round": ("Deze ronde is er niet.", "There is no such round."),
    "freed_no_result": (
        "Van deze ronde is nog geen uitslag openbaar.",
        "No result of this round is public yet.",
    ),
    "freed_not_told": (
        "Nog niet elke gekozen maker heeft de uitslag gehoord. Vertel die eerst.",
        "Not every chosen author has heard the result yet. Tell that first.",
    ),
    "freed_other_count": (
        (
            "De stemmen geven nu een andere uitslag dan er openbaar is. Zoek eerst uit "
            "waarom; er wordt niets toegekend."
        ),
        (
            "The ballots now give another result than the public one. Find out why "
            "first; nothing is given away."
        ),
    ),
}
