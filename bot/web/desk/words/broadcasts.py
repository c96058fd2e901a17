"""The words of the desk about messages to many: Dutch and English."""

from collections.abc import Mapping

BROADCASTS_WORDS: Mapping[str, tuple[str, str]] = {
    "casts_how": (
        (
            "Eén bericht aan veel bewoners, ieder in de eigen taal. De een schrijft, "
            "een ander verstuurt."
        ),
        (
            "One message to many residents, each in her own language. One writes, "
            "another sends."
        ),
    ),
    "draft_begin": ("Schrijf een bericht", "Write a message"),
    "drafts": ("In de maak", "Being written"),
    "drafts_none": (
        "Er is niets in de maak. Wat u schrijft wordt bewaard tot u het verstuurt.",
        "Nothing is being written. What you write is kept until you send it.",
    ),
    "casts_sent": ("Verstuurd", "Sent"),
    "casts_none": (
        "Nog niets verstuurd. Schrijf hierboven uw eerste bericht.",
        "Nothing sent yet. Write your first message above.",
    ),
    "draft": ("Concept", "Draft"),
    "draft_gone": ("Dit bericht is er niet.", "There is no such message."),
    "draft_state_draft": ("wordt geschreven", "being written"),
    "draft_state_proposed": (
        "wacht op een tweede medewerker",
        "waits for a second official",
    ),
    "draft_state_sent": ("verstuurd", "sent"),
    "draft_state_dropped": ("weggelegd", "put away"),
    "last_by": ("laatst door", "last by"),
    "for_whom": ("Voor wie?", "For whom?"),
    "who_all": ("Iedereen die wij kennen", "Everybody we know"),
    "who_authors": ("Makers van een plan", "Authors of a plan"),
    "who_authors:chosen": ("Makers van een gekozen plan", "Authors of a chosen plan"),
    "who_authors:not_chosen": (
        "Makers van een plan dat niet gekozen is",
        "Authors of a plan that was not chosen",
    ),
    "who_voters": ("Wie gestemd heeft", "Who has voted"),
    "who_followers": ("Wie een plan volgt", "Who follows a plan"),
    "who_plan": ("Welk plan wordt gevolgd? (nummer)", "Which plan? (its number)"),
    "who_locale": ("Alleen wie deze taal leest", "Only those who read"),
    "any_language": ("alle talen", "all languages"),
    "who_area": ("Alleen deze ronde", "Only this round"),
    "any_area": ("alle rondes", "all rounds"),
    "your_words": ("Wat wilt u zeggen?", "What do you want to say?"),
    "your_words_how": (
        (
            "Schrijf zoals u praat: zinnen van hoogstens 12 woorden. Nederlands moet. "
            "Ontbreekt een taal, dan leest die bewoner het Nederlands."
        ),
        (
            "Write as you talk: sentences of at most 12 words. Dutch is needed. "
            "Where a language is missing, that resident reads the Dutch."
        ),
    ),
    "when_goes": (
        "Wanneer? (leeg: zodra een collega verstuurt)",
        "When? (empty: as soon as a colleague sends it)",
    ),
    "quiet_told": (
        "'s Nachts gaat er niets uit. Stille uren:",
        "Nothing goes out at night. Quiet hours:",
    ),
    "draft_saved": ("Bewaard.", "Saved."),
    "look_again": ("Kijk nog eens naar", "Look again at"),
    "doubt_word": ("hard of moeilijk woord:", "harsh or hard word:"),
    "doubt_long": ("meer dan 12 woorden:", "more than 12 words:"),
    "doubt_lacks": (
        "geen tekst: deze bewoners lezen het Nederlands",
        "no text: these residents read the Dutch",
    ),
    "as_it_looks": ("Zo komt het aan", "How it arrives"),
    "as_it_looks_none": (
        "Schrijf eerst een tekst en bewaar hem. Dan ziet en hoort u het hier.",
        "Write a text first and save it. Then you see and hear it here.",
    ),
    "sound_record": (
        "Spreek het zelf in, of kies een opname",
        "Read it yourself, or choose a recording",
    ),
    "sound_put": ("Bewaar opname", "Save recording"),
    "sound_own": ("Ingesproken door een mens.", "Read by a person."),
    "sound_drop": ("Laat de computer voorlezen", "Let the computer read"),
    "sound_kept": ("De opname is bewaard.", "The recording is saved."),
    "sound_dropped": ("De computer leest het nu voor.", "The computer reads it now."),
    "sound_bad": (
        "Dit is geen goede opname: er is niets te horen, of het is overstuurd.",
        "This is no good recording: nothing is heard, or it is too loud.",
    ),
    "sound_too_long": (
        "Deze opname is langer dan een minuut.",
        "This recording is longer than a minute.",
    ),
    "reach": ("Wie bereikt het?", "Whom does it reach?"),
    "reach_people": ("bewoners krijgen het", "residents get it"),
    "reach_held": (
        "krijgen het later: zij hadden net al een bericht",
        "get it later: they had a message just now",
    ),
    "reach_lost": ("krijgen het niet:", "do not get it:"),
    "reach_days": ("dagen, door de grens van WhatsApp", "days, by WhatsApp's limit"),
    "reach_end": ("De laatste krijgt het op", "The last one gets it on"),
    "reach_cost": ("Kosten ongeveer", "Costs about"),
    "reach_cost_warns": (
        "Daarna is bijna al het geld voor berichten op.",
        "After that nearly all money for messages is spent.",
    ),
    "reach_lacking": (
        "Dit kan nog niet: WhatsApp moet teksten goedkeuren:",
        "This cannot go yet: WhatsApp has to approve wordings:",
    ),
    "draft_propose": ("Klaar: vraag een collega", "Ready: ask a colleague"),
    "draft_proposed": (
        "Klaargezet. Een andere medewerker kan het nu versturen.",
        "Handed over. Another official can send it now.",
    ),
    "draft_release": ("Verstuur", "Send"),
    "draft_released": ("Verstuurd. Het gaat nu op weg.", "Sent. It is on its way now."),
    "draft_drop": ("Leg weg", "Put away"),
    "draft_dropped": (
        "Weggelegd. U kunt het terughalen.",
        "Put away. You can bring it back.",
    ),
    "draft_take_back": ("Haal terug", "Bring back"),
    "draft_back": ("U kunt weer schrijven.", "You can write again."),
    "draft_sent": (
        "Dit is al verstuurd. Er is niets veranderd.",
        "This was sent already. Nothing was changed.",
    ),
    "draft_dutch": (
        "Schrijf het ook in het Nederlands. Uw andere teksten zijn bewaard.",
        "Write it in Dutch too. Your other texts are kept.",
    ),
    "draft_segment": (
        "Zo is niet duidelijk voor wie het is. Kies opnieuw; uw tekst staat er nog.",
        "It is not clear whom this is for. Choose again; your text is still there.",
    ),
    "draft_templates": (
        "WhatsApp heeft de teksten nog niet goedgekeurd. Er is niets verstuurd.",
        "WhatsApp has not approved the wordings yet. Nothing was sent.",
    ),
    "yours": ("Dit schreef u", "This is what you wrote"),
    "not_reached": ("Niet bereikt", "Not reached"),
    "not_reached_how": (
        "Bel, vertel het, en tik op “Gebeld”. Wie stop zei wil niet gebeld worden.",
        "Call, tell them, and press “Called”. Who said stop wants no call.",
    ),
    "not_reached_none": (
        "Iedereen is bereikt, of krijgt het nog.",
        "Everybody was reached, or still will be.",
    ),
}
