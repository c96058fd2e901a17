"""The words of Today and of tasks: Dutch and English."""

from collections.abc import Mapping

INBOX_WORDS: Mapping[str, tuple[str, str]] = {
    "today": ("Vandaag", "Today"),
    "today_how": (
        "Wat hier staat wacht op ons. Het oudste staat bovenaan.",
        "What is here waits for us. The oldest comes first.",
    ),
    "today_none": (
        (
            "Er wacht niets op u. Hier komt alles wat een bewoner van ons verwacht: "
            "een eerste antwoord op een nieuw plan (binnen 2 dagen), een vraag, een "
            "belverzoek, contact na een toekenning (binnen 2 weken). Bij elk staat "
            "hoeveel tijd er nog is, en de knop om het te doen."
        ),
        (
            "Nothing waits for you. All that a resident expects of us comes here: a "
            "first answer to a new plan (within 2 days), a question, a request for a "
            "call, contact after an award (within 2 weeks). Each says how much time is "
            "left, and has the button to do it."
        ),
    ),
    "mine_none": (
        "U heeft nu niets onder handen. Kijk bij Van iedereen en neem iets op u.",
        "You have nothing in hand now. Look at Everybody's and take something.",
    ),
    "count_waits": ("Wacht op ons", "Waits for us"),
    "count_late": ("Te laat", "Late"),
    "whose": ("Van wie?", "Whose?"),
    "whose_all": ("Van iedereen", "Everybody's"),
    "whose_mine": ("Van mij", "Mine"),
    "by_kind": ("Wat?", "What?"),
    "kind_all": ("Alles", "Everything"),
    "oldest_50": ("Hier staan de oudste 50.", "These are the oldest 50."),
    "before": ("vóór", "before"),
    "kind_first_answer": ("Eerste antwoord op een plan", "First answer to a plan"),
    "kind_contact": ("Contact na toekenning", "Contact after an award"),
    "kind_advice": ("Advies over een plan", "Advice on a plan"),
    "kind_second_review": (
        "Een tweede moet naar een beoordeling kijken",
        "A second person has to look at a review",
    ),
    "kind_second_broadcast": (
        "Een tweede moet een bericht versturen",
        "A second person has to send a message",
    ),
    "kind_second_night": (
        "Een tweede moet de uitslag vrijgeven",
        "A second person has to release the results",
    ),
    "kind_second_night_incomplete": (
        "De uitslag is nog niet compleet",
        "The results are not complete yet",
    ),
    "kind_second_correction": (
        "Een tweede moet een correctie bevestigen",
        "A second person has to confirm a correction",
    ),
    "kind_second_change": (
        "Een tweede moet een wijziging van een plan bevestigen",
        "A second person has to confirm a change of a plan",
    ),
    "kind_second_freed": (
        "Een tweede moet vrijgekomen geld toekennen",
        "A second person has to give away money that became free",
    ),
    "kind_money_line": (
        "Een tweede moet naar een uitgave kijken",
        "A second person has to look at a payment",
    ),
    "kind_money_loose": (
        "Een uitgave hoort bij geen activiteit",
        "A payment belongs to no activity",
    ),
    "kind_money_over": (
        "Er is meer uitgegeven dan toegekend",
        "More was spent than granted",
    ),
    "kind_contact_left": (
        "Een contactpersoon is weg en heeft nog plannen",
        "A contact person has left and still has plans",
    ),
    "kind_uncontacted": (
        "De maker heeft de uitslag nog niet",
        "The author has not heard the result yet",
    ),
    "kind_silent_checkin": (
        "Geen antwoord op onze vraag hoe het gaat",
        "No answer to how it is going",
    ),
    "kind_answered": ("Er is een antwoord", "She answered"),
    "do_answer": ("Antwoorden", "Answer"),
    "do_open": ("Openen", "Open"),
    "do_take": ("Ik pak dit op", "I take this"),
    "do_leave": ("Geef terug", "Give it back"),
    "do_called": ("Gebeld", "Called"),
    "do_answered": ("Beantwoord", "Answered"),
    "do_not_needed": ("Niet meer nodig", "No longer needed"),
    "do_not_reached": ("Niet bereikt", "Not reached"),
    "do_passed": ("Doorgegeven aan afdeling", "Passed to a department"),
    "do_reopen": ("Toch weer openen", "Open it again"),
    "undo": ("Ongedaan maken", "Undo"),
    "close_task": ("Afronden", "Close"),
    "close_note": (
        "Notitie voor collega's (bij doorgeven: welke afdeling?)",
        "Note for colleagues (when passing on: which department?)",
    ),
    "again_on": ("Opnieuw proberen op", "Try again on"),
    "hand_over_to": ("Aan een collega geven", "Give it to a colleague"),
    "colleague": ("Collega", "Colleague"),
    "why_over": ("Waarom? (mag leeg)", "Why? (may be empty)"),
    "do_hand_over": ("Geef door", "Hand over"),
    "in_hand_of": ("opgepakt door", "taken by"),
    "in_your_hands": ("door u opgepakt", "taken by you"),
    "in_no_hand": ("nog niemand", "nobody yet"),
    "note_said": ("Notitie:", "Note:"),
    "tried": ("niet bereikt; opnieuw op", "not reached; again on"),
    "by_phone": ("Bel", "Call"),
    "did_take": ("U heeft dit opgepakt.", "You have taken this."),
    "did_leave": (
        "Teruggegeven. Iedereen kan het oppakken.",
        "Given back. Anybody can take it.",
    ),
    "did_hand_over": (
        "Doorgegeven. Uw collega vindt het bij Van mij.",
        "Handed over. Your colleague finds it under Mine.",
    ),
    "did_called": (
        "Opgeschreven: er is gebeld.",
        "Written down: somebody called.",
    ),
    "did_answered": ("Afgerond: beantwoord.", "Closed: answered."),
    "did_not_needed": ("Afgerond: niet meer nodig.", "Closed: no longer needed."),
    "did_passed": ("Afgerond: doorgegeven.", "Closed: passed on."),
    "did_not_reached": (
        "Niet bereikt. Het komt op die dag terug bij u.",
        "Not reached. It comes back to you on that day.",
    ),
    "did_reopen": (
        "Weer open, en door u opgepakt.",
        "Open again, and in your hands.",
    ),
    "task_gone": (
        "Deze taak is er niet meer. De bewoner wilde vergeten worden.",
        "This task is no longer here. The resident asked to be forgotten.",
    ),
    "task_taken": (
        "Een collega heeft dit al afgerond.",
        "A colleague has closed this already.",
    ),
    "task_which": ("Kies hoe het afliep.", "Choose how it ended."),
    "task_day": (
        "Kies een dag na vandaag om het opnieuw te proberen. Er is niets veranderd.",
        "Choose a day after today to try again. Nothing was changed.",
    ),
    "task_where_to": (
        "Schrijf in de notitie aan welke afdeling. Er is niets veranderd.",
        "Write in the note to which department. Nothing was changed.",
    ),
    "task_colleague": (
        "Kies een collega. Er is niets veranderd.",
        "Choose a colleague. Nothing was changed.",
    ),
    "task_long": (
        "De notitie is te lang: hoogstens 500 tekens. Er is niets veranderd.",
        "The note is too long: at most 500 characters. Nothing was changed.",
    ),
    "inbox_how": (
        "Vragen, belverzoeken, bezwaren en wat vastzit. Het oudste staat bovenaan.",
        "Questions, calls, disagreements and what is stuck. The oldest comes first.",
    ),
    "inbox_none": (
        (
            "Hier staat niets. Zegt een bewoner *medewerker*, *bel mij* of *ik ben het "
            "niet eens*, dan staat het hier meteen."
        ),
        (
            "Nothing is here. When a resident says *person*, *call me* or *I "
            "disagree*, it is here at once."
        ),
    ),
    "later_none": (
        "Niets rust. Wie u niet bereikte en wanneer u weer belt, staat hier.",
        "Nothing rests. Whom you did not reach, and when you call again, is here.",
    ),
    "done_none": (
        "Er is nog niets afgerond. Wat klaar is blijft hier, en kan weer open.",
        "Nothing is closed yet. What is done stays here, and can be opened again.",
    ),
    "show_all": ("Alles wat wacht", "All that waits"),
    "show_mine": ("Van mij", "Mine"),
    "show_later": ("Voor later", "For later"),
    "show_done": ("Afgerond", "Done"),
    "ended_called": ("gebeld", "called"),
    "ended_answered": ("beantwoord", "answered"),
    "ended_not_reached": ("niet bereikt", "not reached"),
    "ended_passed": ("doorgegeven", "passed on"),
    "ended_not_needed": ("niet meer nodig", "no longer needed"),
    "ended_forgotten": (
        "de bewoner wilde vergeten worden; er is niets meer te doen",
        "the resident asked to be forgotten; there is nothing left to do",
    ),
    "done_by": ("door", "by"),
    "next_page": ("Volgende", "Next"),
    "previous_page": ("Vorige", "Previous"),
}
