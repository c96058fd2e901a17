"""The words of the desk about feasibility reviews: Dutch and English."""

from collections.abc import Mapping

REVIEWS_WORDS: Mapping[str, tuple[str, str]] = {
    "review": ("Beoordeling: kan dit?", "Review: is this feasible?"),
    "review_how": (
        (
            "Kies wat u vindt en schrijf waarom. De bewoner krijgt bericht in de eigen "
            "taal. Dat bericht wacht 10 minuten; zo lang kunt u alles terugdraaien."
        ),
        (
            "Choose what you find and write why. The resident gets a message in their "
            "own language. It waits for 10 minutes; until then you can undo everything."
        ),
    ),
    "review_none": (
        "Nog niet beoordeeld.",
        "Not reviewed yet.",
    ),
    "review_only_look": (
        "Beoordelen doet een beoordelaar of de beheerder.",
        "A reviewer or the administrator reviews.",
    ),
    "review_verdict": ("Wat vindt u?", "What do you find?"),
    "verdict_feasible": ("Dit kan", "Feasible"),
    "verdict_infeasible": ("Dit kan niet", "Not feasible"),
    "verdict_needs_change": ("Aanpassing nodig", "Needs a change"),
    "review_words": (
        "Waarom? (voor collega's en het dossier)",
        "Why? (for colleagues and the file)",
    ),
    "review_words_how": (
        "In uw eigen woorden. Dit mag niet leeg zijn.",
        "In your own words. This cannot be empty.",
    ),
    "review_for_her": ("Wat de bewoner leest", "What the resident reads"),
    "review_for_her_how": (
        (
            "Kan het plan niet, of moet het anders? Kies een reden die in alle talen "
            "klaarstaat, of schrijf er zelf een. De bewoner leest:"
        ),
        (
            "Is the plan not feasible, or does it need a change? Choose a reason that "
            "is ready in all languages, or write your own. The resident reads:"
        ),
    ),
    "review_ground": ("Reden", "Reason"),
    "review_ground_own": ("Mijn eigen tekst, hieronder", "My own text, below"),
    "review_own": ("Zelf schrijven", "Write your own"),
    "review_own_how": (
        "Eén of twee korte zinnen, hoogstens 240 tekens per taal.",
        "One or two short sentences, at most 240 characters in each language.",
    ),
    "review_tick": (
        "Iemand die deze talen kent heeft het gelezen",
        "Somebody who knows these languages has read it",
    ),
    "review_carried": (
        "Kan het plan? Wie voert het uit?",
        "Feasible? Who would do it?",
    ),
    "review_department": ("Afdeling", "Department"),
    "review_person": ("Wie (naam)", "Who (name)"),
    "review_cost": ("Kosten in euro's", "Cost in euros"),
    "review_cost_how": (
        "Zoals: 12.500. Met een bedrag bevestigt een tweede collega dit besluit.",
        "Like: 12.500. With an amount, a second colleague confirms this decision.",
    ),
    "review_send": ("Leg vast", "Decide"),
    "review_past": ("Eerdere beoordelingen", "Earlier reviews"),
    "review_by": ("Beoordeeld door", "Reviewed by"),
    "review_second": ("bevestigd door", "confirmed by"),
    "review_told": ("De bewoner leest:", "The resident reads:"),
    "review_undo": ("Draai terug", "Undo"),
    "review_undo_until": (
        "Het bericht aan de bewoner wacht. Terugdraaien kan tot",
        "The message to the resident waits. You can undo until",
    ),
    "review_waiting": (
        "Wacht op een tweede collega, omdat het om geld gaat.",
        "Waits for a second colleague, because it is about money.",
    ),
    "review_waiting_own": (
        "U stelde dit voor. Een andere beoordelaar bevestigt het op deze pagina.",
        "You proposed this. Another reviewer confirms it on this page.",
    ),
    "review_agree": ("Akkoord, leg vast", "I agree, decide"),
    "review_decline": ("Niet akkoord, haal weg", "I do not agree, take it away"),
    "review_take_back": ("Haal mijn voorstel weg", "Take my proposal away"),
    "state_review_proposed": ("voorstel", "proposed"),
    "state_review_done": ("vastgelegd", "decided"),
    "state_review_declined": ("niet doorgegaan", "did not go ahead"),
    "state_review_undone": ("teruggedraaid", "undone"),
    "reviewed": (
        "Vastgelegd. De bewoner hoort het over 10 minuten; zo lang kan het terug.",
        "Decided. The resident hears of it in 10 minutes; until then you can undo.",
    ),
    "review_proposed": (
        "Voorgesteld. Een tweede collega bevestigt dit; er is nog niets gestuurd.",
        "Proposed. A second colleague has to confirm it; nothing has been sent yet.",
    ),
    "review_declined": (
        "Het voorstel is weg. Er is niets gestuurd.",
        "The proposal is gone. Nothing was sent.",
    ),
    "review_undone": (
        "Teruggedraaid. De bewoner hoort hier niets van.",
        "Undone. The resident does not hear of it.",
    ),
    "review_too_late": (
        (
            "Terugdraaien kan niet meer: de 10 minuten zijn om. Leg een nieuwe "
            "beoordeling vast; de bewoner hoort die ook."
        ),
        (
            "It is too late to undo: the 10 minutes are over. Decide a new review; the "
            "resident hears that as well."
        ),
    ),
    "review_no_words": (
        "Schrijf waarom. Zonder reden kan een besluit niet.",
        "Write why. There is no decision without a reason.",
    ),
    "review_long_words": (
        "De reden is te lang: hoogstens 2000 tekens.",
        "The reason is too long: at most 2,000 characters.",
    ),
    "review_no_ground": (
        "Kies wat de bewoner leest, of schrijf het zelf.",
        "Choose what the resident reads, or write it yourself.",
    ),
    "review_not_hers": (
        "Uw eigen tekst is er nog niet in de taal van de bewoner.",
        "Your own text is not there yet in the resident's language.",
    ),
    "review_not_ticked": (
        "Laat uw tekst lezen door iemand die de taal kent en zet het vinkje.",
        "Have your text read by somebody who knows the language, and tick the box.",
    ),
    "review_long_note": (
        "Wat de bewoner leest is hoogstens 240 tekens per taal.",
        "What the resident reads has at most 240 characters in each language.",
    ),
    "review_nobody": (
        "Kan het plan? Vul dan in welke afdeling en wie het uitvoert.",
        "Is the plan feasible? Then fill in which department and who would do it.",
    ),
    "review_long_name": (
        "Afdeling en naam zijn hoogstens 80 tekens.",
        "Department and name have at most 80 characters.",
    ),
    "review_cost_only_feasible": (
        "Kosten horen bij een plan dat kan. Haal het bedrag weg, of kies Dit kan.",
        "A cost belongs to a feasible plan. Take it away, or choose Feasible.",
    ),
    "review_bad_cost": (
        "Dit bedrag begrijp ik niet. Schrijf het zoals 12.500 of 12.500,00.",
        "I do not understand this amount. Write it like 12.500 or 12.500,00.",
    ),
    "review_no_verdict": ("Kies wat u vindt.", "Choose what you find."),
    "review_stage": (
        "Dit plan is al verder; een beoordeling past hier niet meer.",
        "This plan is further on; a review no longer fits here.",
    ),
    "review_frozen": (
        "Het stemmen over dit plan is geopend: beoordeling en kosten staan vast.",
        "The vote on this plan is open: its review and cost are fixed.",
    ),
    "review_second_other": (
        "Dit stelde u zelf voor. Bij geld bevestigt iemand anders.",
        "You proposed this yourself. With money, somebody else confirms.",
    ),
    "review_words_changed": (
        "De bewoner heeft het plan hierna veranderd. Beoordeel het opnieuw.",
        "The resident has changed the plan since this proposal. Review it again.",
    ),
    "review_faults": ("Nog niet vastgelegd:", "Not decided yet:"),
    "overtaken": ("Een collega was u voor", "A colleague was faster"),
    "overtaken_how": (
        (
            "Terwijl u schreef, is dit plan veranderd. Er is niets van u vastgelegd en "
            "niets gestuurd. Hieronder staan beide; wat u schreef staat klaar."
        ),
        (
            "While you wrote, this plan changed. Nothing of yours was decided or sent. "
            "Both are below; what you wrote is kept in the form."
        ),
    ),
    "overtaken_theirs": ("Wat er nu staat", "What there is now"),
    "overtaken_yours": ("Wat u schreef", "What you wrote"),
    "overtaken_again": (
        "Leg mijn beoordeling toch vast",
        "Decide my review all the same",
    ),
    "overtaken_leave": ("Laat het zo", "Leave it as it is"),
}
