"""The words of the desk about what is paid for plans: Dutch and English."""

from collections.abc import Mapping

MONEY_WORDS: Mapping[str, tuple[str, str]] = {
    "money": ("Geld", "Money"),
    "money_how": (
        (
            "Elke betaling voor een gekozen plan staat hier. Eén medewerker voert in, "
            "een tweede kijkt. Pas dan telt het bedrag, en kan iedereen het lezen."
        ),
        (
            "Every payment for a chosen plan is here. One official enters it, a second "
            "one looks. Only then it counts, and everybody can read it."
        ),
    ),
    "money_waits": ("Wacht op een tweede persoon", "Waiting for a second person"),
    "money_waits_none": (
        (
            "Niets wacht op u. Bonnen die bewoners in de chat sturen en betalingen van "
            "collega's staan hier."
        ),
        (
            "Nothing waits for you. Receipts that residents send in the chat and "
            "payments of colleagues appear here."
        ),
    ),
    "money_alarms": ("Let op", "Take care"),
    "money_loose": (
        "Deze betaling hoort bij geen onderdeel van het plan",
        "This payment belongs to no part of the plan",
    ),
    "money_over": (
        "Er is meer uitgegeven dan toegekend",
        "More was spent than was granted",
    ),
    "money_plans": ("Gekozen plannen", "Chosen plans"),
    "money_plans_none": (
        (
            "Er is nog geen plan gekozen. Na de uitslag staat hier per plan wat het "
            "kreeg, wat is uitgegeven en wat over is."
        ),
        (
            "No plan has been chosen yet. After the result you see for each plan what "
            "it was given, what is spent and what is left."
        ),
    ),
    "money_granted": ("Toegekend", "Granted"),
    "money_spent": ("Uitgegeven", "Spent"),
    "money_left": ("Over", "Left"),
    "money_ahead": ("Vooruit betaald, zonder bon", "Paid ahead, no bill yet"),
    "money_of_plan": ("Geld van plan", "Money of plan"),
    "money_lines": ("Betalingen", "Payments"),
    "money_lines_none": (
        (
            "Er is nog niets betaald. Voer hieronder de eerste betaling in. Of wacht: "
            "de indiener kan in de chat een foto van een bon sturen."
        ),
        (
            "Nothing has been paid yet. Enter the first payment below. Or wait: the "
            "author can send a photo of a receipt in the chat."
        ),
    ),
    "money_enter": ("Betaling invoeren", "Enter a payment"),
    "money_enter_how": (
        (
            "Geen bewoner hoeft voor te schieten: u kunt de rekening betalen of vooraf "
            "geld geven. Een collega keurt daarna goed. Schrijf geen namen van mensen."
        ),
        (
            "No resident has to pay first: you can pay the bill, or give money ahead. "
            "A colleague approves it afterwards. Write no names of people."
        ),
    ),
    "money_amount": ("Bedrag in euro", "Amount in euros"),
    "money_amount_hint": ("Bijvoorbeeld 12,50", "For example 12,50"),
    "money_what": ("Waarvoor? In het Nederlands", "What for? In Dutch"),
    "money_what_hint": (
        "Kort, zoals: verf voor de muur. Iedereen leest dit.",
        "Short, such as: paint for the wall. Everybody reads this.",
    ),
    "money_what_en": ("In het Engels", "In English"),
    "money_what_tr": ("In het Turks", "In Turkish"),
    "money_what_ar": ("In het Arabisch", "In Arabic"),
    "money_other_languages": (
        "Ook in andere talen (mag leeg blijven)",
        "In other languages too (may stay empty)",
    ),
    "money_kind": ("Hoe betaald", "How it is paid"),
    "money_kind_invoice": (
        "Rekening, door de gemeente betaald",
        "Bill, paid by the city",
    ),
    "money_kind_advance": ("Vooruit betaald", "Paid ahead"),
    "money_kind_from_advance": (
        "Bon uit wat vooruit betaald is",
        "Bill out of what was paid ahead",
    ),
    "money_kind_reimbursement": (
        "Terugbetaald aan een bewoner",
        "Paid back to a resident",
    ),
    "money_to": ("Aan wie (geen naam)", "To whom (no name)"),
    "money_to_shop": ("een winkel", "a shop"),
    "money_to_company": ("een bedrijf", "a company"),
    "money_to_club": ("een vereniging", "a club"),
    "money_to_neighbours": ("buren", "neighbours"),
    "money_to_city": ("de gemeente", "the municipality"),
    "money_to_other": ("iemand anders", "somebody else"),
    "money_day": ("Dag van de betaling", "Day of the payment"),
    "money_activity": ("Onderdeel van het plan", "Part of the plan"),
    "money_activity_new": ("Of een nieuw onderdeel", "Or a new part"),
    "money_activity_none": ("(nog geen)", "(none yet)"),
    "money_new": ("Nieuwe betaling", "New payment"),
    "money_save": ("Voer in", "Enter"),
    "money_entered": (
        "Ingevoerd. Nu kijkt een tweede persoon. Dat kunt u niet zelf zijn.",
        "Entered. Now a second person looks. That cannot be you.",
    ),
    "money_approve": ("Keur goed", "Approve"),
    "money_approved": (
        "Goedgekeurd. Iedereen kan deze betaling nu lezen.",
        "Approved. Everybody can read this payment now.",
    ),
    "money_send_back": ("Stuur terug", "Send back"),
    "money_withdraw": ("Haal terug", "Withdraw"),
    "money_reason": ("Waarom? In het Nederlands", "Why? In Dutch"),
    "money_reason_hint": (
        "De bewoner leest dit. Zeg vriendelijk wat nog nodig is.",
        "The resident reads this. Say kindly what is still needed.",
    ),
    "money_sent_back": (
        "Teruggestuurd. Wie de bon stuurde, leest uw reden.",
        "Sent back. Whoever sent the receipt reads your reason.",
    ),
    "money_take_back": ("Maak ongedaan", "Undo this payment"),
    "money_take_back_how": (
        (
            "Een betaling wordt nooit gewist. Er komt een regel bij die haar opheft; "
            "een tweede persoon kijkt daar ook naar."
        ),
        (
            "A payment is never deleted. A line is added that takes it back; a second "
            "person looks at that too."
        ),
    ),
    "money_countered": (
        "De regel die deze betaling opheft wacht op een tweede persoon.",
        "The line that takes this payment back waits for a second person.",
    ),
    "money_file": ("Leg vast", "Keep"),
    "money_filed": (
        "De betaling hoort nu bij een onderdeel.",
        "The payment now belongs to a part of the plan.",
    ),
    "money_yours": (
        "U voerde dit zelf in. Een collega moet kijken, ook als u beheerder bent.",
        "You entered this. A colleague has to look, even if you are administrator.",
    ),
    "money_by_author": ("Bon uit de chat", "Receipt from the chat"),
    "money_by": ("Ingevoerd door", "Entered by"),
    "money_decided_by": ("Bekeken door", "Looked at by"),
    "money_photo": ("Foto van de bon", "Photo of the receipt"),
    "money_no_photo": (
        "De foto van de bon is nog niet hier, of niet meer.",
        "The photo of the receipt is not here yet, or no longer.",
    ),
    "money_check_photo": (
        "Staat dit bedrag op de bon? Zo niet, stuur terug.",
        "Is this the amount on the receipt? If not, send it back.",
    ),
    "money_state_waiting": ("Wacht", "Waiting"),
    "money_state_approved": ("Goedgekeurd", "Approved"),
    "money_state_sent_back": ("Teruggestuurd", "Sent back"),
    "money_is_back": ("Heft een eerdere betaling op", "Takes an earlier payment back"),
    "money_was_taken_back": ("Opgeheven", "Taken back"),
    "money_public": (
        "Wat iedereen hiervan ziet",
        "What everybody sees of this",
    ),
    "money_next": ("Meer plannen", "More plans"),
    "money_back": ("Alle plannen", "All plans"),
    "money_no_plan": (
        "Dit plan is niet gekozen. Er kan geen geld naartoe.",
        "This plan was not chosen. No money can go to it.",
    ),
    "money_no_amount": (
        "Schrijf één bedrag in euro, zoals 12,50. Er is niets ingevoerd.",
        "Write one amount in euros, such as 12,50. Nothing was entered.",
    ),
    "money_later": (
        "Kies de dag van de betaling: vandaag of eerder. Er is niets ingevoerd.",
        "Choose the day of the payment: today or before. Nothing was entered.",
    ),
    "money_needs_words": (
        "Schrijf waarvoor het is. Iedereen leest dat. Er is niets ingevoerd.",
        "Write what it is for. Everybody reads that. Nothing was entered.",
    ),
    "money_needs_choice": (
        "Kies hoe en aan wie er is betaald. Er is niets ingevoerd.",
        "Choose how it was paid, and to whom. Nothing was entered.",
    ),
    "money_no_reason": (
        "Schrijf waarom u dit terugstuurt. Er is niets gestuurd.",
        "Write why you send this back. Nothing was sent.",
    ),
    "money_own_line": (
        "U voerde dit zelf in. Een ander moet goedkeuren. Er is niets veranderd.",
        "You entered this. Somebody else has to approve it. Nothing was changed.",
    ),
    "money_gone": (
        "Deze betaling is er niet.",
        "There is no such payment.",
    ),
    "money_cannot_take_back": (
        "Alleen een goedgekeurde betaling kan ongedaan worden gemaakt.",
        "Only an approved payment can be undone.",
    ),
    "money_taken_back": (
        "Er is al een regel die deze betaling opheft.",
        "There is already a line that takes this payment back.",
    ),
    "money_no_activity": (
        "Kies een onderdeel, of schrijf een nieuw.",
        "Choose a part of the plan, or write a new one.",
    ),
}
