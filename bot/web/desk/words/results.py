"""The words of the desk about results nights: Dutch and English."""

from collections.abc import Mapping

RESULTS_WORDS: Mapping[str, tuple[str, str]] = {
    "results": ("Uitslag", "Results"),
    "results_none": (
        "Er is nog geen ronde begonnen. Daarna maakt u hier de uitslag klaar.",
        "No round has begun yet. Once there is one, you prepare its result here.",
    ),
    "results_how": (
        (
            "Iedere maker van een plan hoort zelf hoe het afliep: eerst de makers, "
            "dan de stemmers, dan iedereen."
        ),
        (
            "Every author of a plan hears personally how it went: first the authors, "
            "then the voters, then everybody."
        ),
    ),
    "night_gone": ("Deze uitslag is er niet.", "There is no such result."),
    "night_open": ("Ga verder", "Go on"),
    "night_state_none": ("nog niet begonnen", "not begun yet"),
    "night_state_draft": ("wordt klaargemaakt", "being prepared"),
    "night_state_proposed": (
        "wacht op een tweede medewerker",
        "waits for a second official",
    ),
    "night_state_released": ("vrijgegeven", "released"),
    "night_state_done": ("verteld", "told"),
    "night_state_dropped": ("opgegeven", "given up"),
    "night_teach": (
        (
            "Hier maakt u de uitslag klaar. Zolang u bezig bent, ziet niemand anders "
            "iets: niet in de chat en niet op de website. Begin, neem de telling over, "
            "vul per plan aan wat ontbreekt, en laat een collega vrijgeven."
        ),
        (
            "Here you prepare the result. While you are at it nobody else sees "
            "anything: not in the chat and not on the website. Begin, take over the "
            "count, add what is missing for each plan, and let a colleague release it."
        ),
    ),
    "night_begin": ("Begin met deze uitslag", "Begin with this result"),
    "night_again": ("Begin een nieuwe uitslag", "Begin a new result"),
    "night_begun": (
        "Begonnen. De uitslag wacht nu tot u hem laat gaan.",
        "Begun. The result waits now until you let it go.",
    ),
    "standing": ("Wat voor uitslag?", "What kind of result?"),
    "standing_final": ("Definitief", "Final"),
    "standing_provisional": (
        "Voorlopig: de gemeente moet nog besluiten",
        "Provisional: the municipality still has to decide",
    ),
    "step_1": ("1. Wie hoort wat?", "1. Who hears what?"),
    "step_2": ("2. Teksten en tijden", "2. Texts and times"),
    "step_3": ("3. Proef: zo klinkt het", "3. Rehearsal: how it sounds"),
    "step_4": ("4. Vrijgeven", "4. Release"),
    "texts_and_times": ("Teksten en tijden", "Texts and times"),
    "release_or_stop": ("Laten gaan of stilzetten", "Let go or stop"),
    "have_story": ("makers hebben een verhaal", "authors have a story"),
    "of_all": ("van de", "of"),
    "all_have": (
        "Iedereen heeft een verhaal. Er kan niemand vergeten worden.",
        "Everybody has a story. Nobody can be forgotten.",
    ),
    "nobody_goes": (
        "Er gaat niets uit zolang één maker geen verhaal heeft. Nog te doen:",
        "Nothing goes out while one author lacks a story. Still to do:",
    ),
    "told_before": (
        "Plannen waarvan de maker al eerder een besluit hoorde:",
        "Plans whose author heard a decision before:",
    ),
    "lack_story": ("nog geen uitkomst", "no outcome yet"),
    "lack_reason": ("reden ontbreekt", "reason is missing"),
    "lack_contact": ("contactpersoon ontbreekt", "contact person is missing"),
    "lack_date": (
        "dag van het eerste gesprek ontbreekt of is voorbij",
        "day of the first talk is missing or over",
    ),
    "fill": ("Neem de telling over", "Take over the count"),
    "fill_how": (
        (
            "Wie gekozen is volgt uit de telling. Wat eerder over een plan besloten is "
            "komt mee. Wat u zelf schreef blijft staan."
        ),
        (
            "Who is chosen follows from the count. What was decided about a plan "
            "before comes along. What you wrote yourself stays."
        ),
    ),
    "fill_early": (
        "De stemming loopt nog: alleen wat eerder besloten is wordt overgenomen.",
        "Voting is still open: only what was decided before is taken over.",
    ),
    "seed": ("Nummer van de loting, als er geloot is", "Number of the lot, if drawn"),
    "counted_at": ("Telling overgenomen op", "Count taken over on"),
    "night_filled": ("Overgenomen en bewaard.", "Taken over and saved."),
    "fill_all": ("In één keer aanvullen", "Fill in at once"),
    "fill_all_how": (
        "Alleen plannen waar het ontbreekt krijgen dit. De rest blijft staan.",
        "Only plans that lack it get this. The rest stays.",
    ),
    "fill_it": ("Vul aan", "Fill in"),
    "see_plans": ("Bekijk alle plannen", "See all plans"),
    "see_lacking": ("Vul aan wat ontbreekt", "Add what is missing"),
    "plans_of": ("Plannen en verhalen", "Plans and stories"),
    "stories_none": ("Hier staan geen plannen.", "There are no plans here."),
    "stories_all": ("Alles", "All"),
    "show_lacks": ("Ontbreekt iets", "Something missing"),
    "stories_next": ("Volgende plannen", "Next plans"),
    "outcome": ("Uitkomst", "Outcome"),
    "outcome_chosen": ("Gekozen", "Chosen"),
    "outcome_on_ballot": ("Op de stemlijst", "On the voting list"),
    "outcome_below_threshold": ("Te weinig steun", "Too little support"),
    "outcome_infeasible": ("Kan niet", "Cannot be done"),
    "outcome_not_preselected": ("Niet op de stemlijst", "Not on the voting list"),
    "outcome_not_voted_in": ("Niet genoeg stemmen", "Not enough votes"),
    "night_outcome": ("Kies een uitkomst.", "Choose an outcome."),
    "night_no_plan": (
        "Dit plan hoort niet bij deze uitslag.",
        "This plan does not belong to this result.",
    ),
    "votes_of": ("stemmen", "votes"),
    "line": ("de grens lag op", "the line was at"),
    "no_author": ("maker niet bekend", "author not known"),
    "reason_of": (
        "Reden, zoals de maker hem leest (hoogstens 240 tekens)",
        "Reason, as the author reads it (at most 240 characters)",
    ),
    "fallback": (
        "Een taal leeg? Dan staat er het Nederlands.",
        "A language left empty? Then the Dutch stands there.",
    ),
    "story_contact": ("Contactpersoon", "Contact person"),
    "story_phone": ("Telefoon van de contactpersoon", "Phone of the contact person"),
    "amount": ("Bedrag in hele euro's", "Amount in whole euros"),
    "first_talk": ("Eerste gesprek vóór", "First talk before"),
    "story_change": ("Verander dit verhaal", "Change this story"),
    "save": ("Bewaar", "Save"),
    "saved": ("Bewaard.", "Saved."),
    "saved_look": (
        "Bewaard. Kijk nog eens: de reden heeft een lange zin of een hard woord.",
        "Saved. Look again: the reason has a long sentence or a harsh word.",
    ),
    "hear_it": ("Zo hoort deze maker het", "How this author hears it"),
    "reason_too_long": (
        "Dit is te lang: hoogstens 240 tekens per taal. Er is niets bewaard.",
        "This is too long: at most 240 characters per language. Nothing was saved.",
    ),
    "text_too_long": (
        "Dit is te lang: hoogstens 1000 tekens per taal. Er is niets bewaard.",
        "This is too long: at most 1,000 characters per language. Nothing was saved.",
    ),
    "contact_too_long": (
        "Naam en telefoon hebben hoogstens 60 tekens.",
        "Name and phone have at most 60 characters.",
    ),
    "bad_moment": ("Dit is geen dag en tijd.", "This is no day and time."),
    "bad_day": ("Dit is geen dag.", "This is no day."),
    "bad_money": (
        "Dit is geen bedrag in hele euro's.",
        "This is no amount in whole euros.",
    ),
    "changed_meanwhile": (
        (
            "Iemand anders heeft dit intussen veranderd. Hieronder staat wat er nu is, "
            "en wat u schreef. Er is niets overschreven."
        ),
        (
            "Somebody else has changed this meanwhile. Below is what is there now, and "
            "what you wrote. Nothing was written over."
        ),
    ),
    "by_whom": ("Door", "By"),
    "next_step": (
        "Volgende stap, voor wie niet gekozen is",
        "Next step, for those not chosen",
    ),
    "voters_text": (
        "Bericht aan alle stemmers (leeg: geen bericht)",
        "Message to all voters (empty: no message)",
    ),
    "at_authors": ("Makers horen het op", "Authors hear it on"),
    "at_voters": ("Stemmers horen het op", "Voters hear it on"),
    "at_public": ("Iedereen ziet het op", "Everybody sees it on"),
    "moments_how": (
        (
            "Makers eerst. Tot dat moment zwijgen chat en website. 's Nachts gaat er "
            "niets uit: dat wacht tot de ochtend."
        ),
        (
            "Authors first. Until then chat and website are silent. Nothing goes out "
            "at night: it waits for the morning."
        ),
    ),
    "night_no_moment": ("Kies drie momenten.", "Choose three moments."),
    "night_order": (
        "Zet de tijden in volgorde: eerst de makers, dan de stemmers, dan iedereen.",
        "Authors first, then voters, then everybody: put the times in that order.",
    ),
    "night_lacks": (
        "Er is nog een maker zonder verhaal. Er gaat niets uit.",
        "An author still lacks a story. Nothing goes out.",
    ),
    "night_no_count": ("De telling kan nog niet:", "It cannot be counted yet:"),
    "night_stop_first": (
        "Dit is vrijgegeven. Zet het eerst stil; dan kunt u weer schrijven.",
        "This is released. Stop it first; then you can write again.",
    ),
    "night_told": (
        "De makers hebben het gehoord. Verbeter een fout met een verbetering.",
        "The authors have heard it. Mend a mistake with a correction.",
    ),
    "rehearse": ("Luister en lees de proef", "Hear and read the rehearsal"),
    "rehearsal_how": (
        (
            "Zo komt het aan, in elke taal. Van elke uitkomst één voorbeeld. Er wordt "
            "niemand iets gestuurd."
        ),
        (
            "This is how it arrives, in each language. One example of each outcome. "
            "Nobody is sent anything."
        ),
    ),
    "rehearsal_none": (
        "Er is nog geen verhaal. Neem eerst de telling over.",
        "There is no story yet. Take over the count first.",
    ),
    "plans_count": ("plannen", "plans"),
    "propose": ("Klaar: vraag een collega", "Ready: ask a colleague"),
    "night_proposed": (
        "Klaargezet. Een andere medewerker kan het nu vrijgeven.",
        "Handed over. Another official can release it now.",
    ),
    "proposed_by": ("Klaargezet door", "Handed over by"),
    "release": ("Geef vrij", "Release"),
    "release_how": (
        "U geeft dit vrij. Het gaat op de drie momenten hierboven vanzelf.",
        "You release this. It goes by itself at the three moments above.",
    ),
    "same_person": (
        "U heeft dit zelf klaargezet. Een andere medewerker moet het vrijgeven.",
        "You handed this over yourself. Another official has to release it.",
    ),
    "night_released": (
        "Vrijgegeven. Tot het moment kunt u het nog stilzetten.",
        "Released. Until its moment you can still stop it.",
    ),
    "stop_it": ("Zet stil", "Stop"),
    "night_stopped": (
        "Stilgezet. Er gaat niets meer uit tot iemand weer vrijgeeft.",
        "Stopped. Nothing more goes out until somebody releases it again.",
    ),
    "drop_it": ("Geef deze uitslag op", "Give this result up"),
    "drop_how": (
        "Alles wat u invulde vervalt, en de uitslag wacht niet meer.",
        "All you filled in is dropped, and the result no longer waits.",
    ),
    "drop_sure": ("Ja, opgeven", "Yes, give it up"),
    "night_dropped": ("Opgegeven.", "Given up."),
    "trouble": ("Het ging niet, en staat stil.", "It did not work, and is stopped."),
    "trouble_lacks": (
        "Op het moment zelf had een maker geen verhaal meer.",
        "At the moment itself an author had no story.",
    ),
    "trouble_count": ("De telling was niet te publiceren.", "The count failed."),
    "trouble_turned_down": (
        "De berichten konden niet gemaakt worden:",
        "The messages could not be made:",
    ),
    "trouble_nobody": ("Er is niemand om te vertellen.", "There is nobody to tell."),
    "progress_of": ("Hoe ver is het?", "How far is it?"),
    "told_so_far": ("makers weten het", "authors know"),
    "everybody_knows": (
        "Iedereen is bereikt of gebeld.",
        "Everybody was reached or called.",
    ),
    "wait_on_its_way": ("onderweg", "on their way"),
    "wait_tier": (
        "wachten op de daggrens van WhatsApp, tot",
        "wait for WhatsApp's daily limit, until",
    ),
    "wait_night": (
        "wachten op de ochtend, tot",
        "wait for morning, until",
    ),
    "wait_template": (
        "wachten tot WhatsApp de tekst goedkeurt",
        "wait until WhatsApp approves the wording",
    ),
    "wait_paused": ("staan stil", "are paused"),
    "to_call": ("te bellen", "to call"),
    "gone_since": (
        "trokken het plan in of wilden vergeten worden",
        "took the plan back or asked to be forgotten",
    ),
    "done_authors": ("Makers", "Authors"),
    "done_voters": ("Stemmers", "Voters"),
    "done_public": ("Iedereen", "Everybody"),
    "done_at": ("gedaan op", "done on"),
    "due_at": ("gepland op", "planned for"),
    "reload": ("Ververs", "Refresh"),
    "call_list": ("Bellijst", "Call list"),
    "to_call_how": (
        (
            "Deze makers kregen geen bericht. Bel, vertel het, en tik op “Gebeld”. "
            "Zonder nummer: zoek de maker op een andere manier."
        ),
        (
            "No message reached these authors. Call, tell them, and press “Called”. "
            "Without a number: find the author in another way."
        ),
    ),
    "to_call_none": (
        "Er is niemand te bellen. Wie niet bereikt wordt, komt vanzelf hier.",
        "There is nobody to call. Whoever is not reached appears here by itself.",
    ),
    "called_it": ("Gebeld, verteld", "Called, told"),
    "called_noted": ("Genoteerd: gebeld en verteld.", "Noted: called and told."),
    "called_undone": ("Teruggezet op de bellijst.", "Put back on the call list."),
    "called_list": ("Gebeld", "Called"),
    "take_back": ("Toch niet", "Not after all"),
    "as_csv": ("Lijst (CSV)", "List (CSV)"),
    "as_xlsx": ("Lijst (Excel)", "List (Excel)"),
    "title": ("Titel", "Title"),
    "speaks": ("Taal", "Language"),
    "via": ("Via", "Via"),
    "no_phone": ("geen nummer bekend", "no number known"),
    "wrong": ("Was iets fout?", "Was something wrong?"),
    "wrong_how": (
        (
            "De maker hoort wat fout was, en wat nu klopt. Een collega kijkt mee "
            "voordat het uitgaat."
        ),
        (
            "The author hears what was wrong, and what holds now. A colleague looks "
            "before it goes out."
        ),
    ),
    "wrong_plan": ("Nummer van het plan", "Number of the plan"),
    "wrong_now": ("Wat klopt wel?", "What is right?"),
    "wrong_why": ("Wat ging er mis?", "What went wrong?"),
    "wrong_propose": ("Vraag een collega", "Ask a colleague"),
    "wrong_proposed": (
        "Klaargezet. Een andere medewerker kan het nu vertellen.",
        "Handed over. Another official can tell it now.",
    ),
    "wrong_confirm": ("Klopt: vertel het", "Right: tell it"),
    "wrong_drop": ("Laat het zo", "Leave it"),
    "wrong_confirmed": (
        "De verbetering gaat uit naar wie het aangaat.",
        "The correction goes out to whom it concerns.",
    ),
    "wrong_dropped": ("Er is niets verteld.", "Nothing was told."),
    "wrong_told": ("verteld", "told"),
    "correction_same": (
        "Dat is al de uitkomst die geldt.",
        "That is the outcome that holds already.",
    ),
    "correction_why": (
        "Schrijf in het Nederlands wat er misging.",
        "Write in Dutch what went wrong.",
    ),
    "correction_late": (
        "Dit is intussen anders. Er is niets verteld.",
        "This has changed meanwhile. Nothing was told.",
    ),
}
