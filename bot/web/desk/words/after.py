"""The words of the desk about what comes after a result: Dutch and English."""

from collections.abc import Mapping

AFTER_WORDS: Mapping[str, tuple[str, str]] = {
    "after": ("Na de uitslag", "After the result"),
    "after_how": (
        (
            "Iedere maker hoort persoonlijk wat er met het plan gebeurt. Hier ziet u "
            "wie wij bereikten, en wie u nog belt."
        ),
        (
            "Every author hears in person what becomes of the plan. Here you see whom "
            "we reached, and whom you still call."
        ),
    ),
    "after_none": (
        (
            "Er is nog geen uitslag. Zodra er een is, staat hier wie bereikt is en wat "
            "elke maker nu wil."
        ),
        (
            "There is no result yet. Once there is one, you see here who was reached "
            "and what every author wants now."
        ),
    ),
    "after_decided": ("plannen met een besluit", "plans with a decision"),
    "after_of": ("van", "of"),
    "after_contacted": ("persoonlijk bereikt", "contacted in person"),
    "after_to_call": ("te bellen", "to call"),
    "after_not_chosen": ("Niet gekozen plannen", "Plans that were not chosen"),
    "after_means": (
        (
            "Bereikt is wie het bericht kreeg (de app meldt dat het aankwam; Telegram "
            "meldt alleen dat het is aangenomen), wie antwoordde, of wie u aan de "
            "telefoon had."
        ),
        (
            "Contacted is who got the message (the app says that it arrived; Telegram "
            "only says that it was taken), who answered, or whom you had on the phone."
        ),
    ),
    "after_story": ("Besluit", "Decision"),
    "after_list_call": ("Wil gebeld worden", "Wants a call"),
    "after_list_call_none": (
        "Niemand wacht op een telefoontje.",
        "Nobody waits for a call.",
    ),
    "after_list_join": ("Wil meedoen met een ander plan", "Wants to join another plan"),
    "after_list_join_none": (
        (
            "Niemand vroeg dit nog. Wie het vraagt, brengt u hier bij een ander. "
            "Beiden moeten eerst ja zeggen."
        ),
        (
            "Nobody asked for this yet. Whoever does, you bring together with another "
            "author here. Both have to say yes first."
        ),
    ),
    "after_list_keep": ("Bewaart het plan voor later", "Keeps the plan for later"),
    "after_list_keep_none": (
        "Niemand vroeg ons een plan te bewaren.",
        "Nobody asked us to keep a plan.",
    ),
    "after_list_nothing": ("Wil niets meer", "Wants nothing more"),
    "after_list_nothing_none": (
        "Niemand zei dat het zo goed is.",
        "Nobody said that it is fine as it is.",
    ),
    "after_list_silent": ("Nog niet bereikt: bel", "Not contacted yet: call"),
    "after_list_silent_none": (
        "Iedere maker is bereikt.",
        "Every author was contacted.",
    ),
    "after_no_phone": (
        "Geen nummer bekend. Zoek de maker via de wijk.",
        "No number known. Find the author through the neighbourhood.",
    ),
    "after_forgotten": (
        "Deze maker is niet (meer) bekend.",
        "This author is not known (any more).",
    ),
    "after_before": ("beloofd vóór", "promised before"),
    "after_spoke": ("Gesproken", "Spoke"),
    "after_no_answer": ("Geen gehoor", "No answer"),
    "after_wrong": ("Verkeerd nummer", "Wrong number"),
    "after_last": ("Laatst gebeld:", "Called last:"),
    "after_outcome": ("Kies hoe het ging.", "Choose how it went."),
    "after_called_spoke": ("Genoteerd: gesproken.", "Noted: you spoke."),
    "after_called_no_answer": (
        "Genoteerd. De maker blijft op de lijst.",
        "Noted. The author stays on the list.",
    ),
    "after_called_wrong": (
        "Genoteerd. De maker blijft op de lijst.",
        "Noted. The author stays on the list.",
    ),
    "join_with": ("Samen met plan nummer", "Together with plan number"),
    "join_ask": ("Vraag beide makers", "Ask both authors"),
    "join_how": (
        (
            "Beide makers krijgen de vraag in hun taal. Namen en nummers gaan pas over "
            "als beiden ja zeiden. Wie nee zegt, ziet niemand."
        ),
        (
            "Both authors are asked in their language. Names and numbers are exchanged "
            "only once both said yes. Nobody sees who said no."
        ),
    ),
    "join_proposed": ("Beide makers zijn gevraagd.", "Both authors were asked."),
    "join_state_asked": ("gevraagd met plan", "asked with plan"),
    "join_state_met": ("in contact met plan", "in touch with plan"),
    "join_state_over": ("kan nu niet met plan", "not now with plan"),
    "join_unknown": (
        "Dit plannummer is er niet.",
        "There is no plan with that number.",
    ),
    "join_same": (
        "Dit plan is van dezelfde maker.",
        "That plan is by the same author.",
    ),
    "join_private": (
        "Een van beide plannen is nog niet openbaar. Er is niets gevraagd.",
        "One of the plans is not public yet. Nothing was asked.",
    ),
    "join_unreached": (
        "Wij kunnen een van beide makers niet bereiken. Er is niets gevraagd.",
        "We cannot reach one of the authors. Nothing was asked.",
    ),
    "join_asked": (
        "Deze makers zijn al gevraagd.",
        "These authors were asked already.",
    ),
    "renew_into": ("Neem mee in", "Take over into"),
    "renew_ask": ("Vraag de maker", "Ask the author"),
    "renew_how": (
        "De maker beslist. Zij hoort haar plan terug en zegt ja of nee.",
        "The author decides. She hears her plan read back and says yes or no.",
    ),
    "renew_wait": (
        "Er is nu geen ronde die plannen aanneemt. Kom terug als er een begint.",
        "No round takes plans now. Come back when one begins.",
    ),
    "renew_asked": ("De maker is gevraagd.", "The author was asked."),
    "renew_unknown": ("Deze ronde is er niet.", "There is no such round."),
    "renew_not_kept": (
        "Deze maker vroeg niet om het plan te bewaren.",
        "This author did not ask to keep the plan.",
    ),
    "renew_not_open": (
        "Deze ronde neemt nu geen plannen aan.",
        "This round takes no plans now.",
    ),
    "renew_unreached": (
        "Wij kunnen deze maker niet bereiken. Bel haar.",
        "We cannot reach this author. Call her.",
    ),
}
