"""The words of `/desk/hooks`, in Dutch and English."""

from collections.abc import Mapping

HOOKS_WORDS: Mapping[str, tuple[str, str]] = {
    "hooks": ("Koppelingen", "Connections"),
    "hooks_how": (
        (
            "Andere systemen van de gemeente horen hier wat er gebeurt: een nieuw "
            "plan, een uitslag, een taak. Zij krijgen nummers en stappen, nooit wat "
            "een bewoner zei."
        ),
        (
            "Other systems of the municipality hear what happens: a new plan, a "
            "result, a task. They get numbers and steps, never what a resident said."
        ),
    ),
    "hooks_none": (
        (
            "Er is nog niets gekoppeld. Vraag de beheerder van het andere systeem om "
            "een adres dat met https:// begint, en vul het hieronder in. U krijgt dan "
            "één keer een geheim te zien. Geef dat aan die beheerder."
        ),
        (
            "Nothing is connected yet. Ask whoever runs the other system for an "
            "address that begins with https://, and fill it in below. You are then "
            "shown a secret, once. Give it to that person."
        ),
    ),
    "hooks_add": ("Koppel een systeem", "Connect a system"),
    "hooks_url": ("Adres van het systeem", "Address of the system"),
    "hooks_url_how": (
        "Bijvoorbeeld https://zaken.gemeente.example/buurtstem",
        "For example https://cases.city.example/buurtstem",
    ),
    "hooks_kinds": ("Wat hoort dit systeem?", "What does this system hear?"),
    "hooks_save": ("Bewaar de keuze", "Keep this choice"),
    "hooks_change": ("Kies wat dit systeem hoort", "Choose what this system hears"),
    "hooks_connect": ("Koppel", "Connect"),
    "event_plan.created": ("Een bewoner deed een plan", "A resident told a plan"),
    "event_plan.status": ("Een plan is een stap verder", "A plan has gone a step on"),
    "event_ballot.closed": ("Een stemming is gesloten", "A vote has closed"),
    "event_result.published": ("Een uitslag is openbaar", "A result is public"),
    "event_task.opened": ("Er is een nieuwe taak", "There is a new task"),
    "event_task.done": ("Een taak is gedaan", "A task is done"),
    "event_hook.test": ("Proefbericht", "Test message"),
    "hooks_secret": ("Het geheim van", "The secret of"),
    "hooks_secret_how": (
        (
            "Kopieer dit nu en geef het aan de beheerder van dat systeem. "
            "U ziet het maar één keer."
        ),
        (
            "Copy it now and give it to whoever runs that system. You see it only "
            "this once."
        ),
    ),
    "hooks_on": ("Staat aan", "Switched on"),
    "hooks_failing": ("Lukt niet, al", "Has been failing for"),
    "hooks_off_by_hand": (
        "Uitgezet door een medewerker",
        "Switched off by an official",
    ),
    "hooks_off_failing": (
        "Uitgezet: dagenlang kwam niets aan",
        "Switched off: nothing arrived for days",
    ),
    "hooks_off_gone": (
        "Uitgezet: het systeem zegt dat dit adres niet meer bestaat",
        "Switched off: the system says that this address is gone",
    ),
    "hooks_off_how": (
        "Wat er gebeurt bewaren wij 30 dagen. Zet aan, en het gaat alsnog weg.",
        "What happens is kept for 30 days. Switch on, and it goes out after all.",
    ),
    "hooks_owed": ("Wacht nog", "Still waiting"),
    "hooks_old_until": ("Het oude geheim geldt nog tot", "The old secret holds until"),
    "hooks_test": ("Stuur een proefbericht", "Send a test message"),
    "hooks_switch_off": ("Zet uit", "Switch off"),
    "hooks_switch_on": ("Zet aan", "Switch on"),
    "hooks_rotate": ("Maak een nieuw geheim", "Make a new secret"),
    "hooks_rotate_how": (
        (
            "Het oude geheim blijft nog 24 uur gelden. Zo heeft het andere systeem "
            "tijd om te wisselen."
        ),
        (
            "The old secret holds for 24 hours more, so that the other system has "
            "time to change over."
        ),
    ),
    "hooks_more": ("Geheim, opnieuw sturen, verwijderen", "Secret, send again, remove"),
    "hooks_since": ("Stuur opnieuw wat gebeurde in", "Send again what happened in"),
    "ago_hour": ("het laatste uur", "the last hour"),
    "ago_day": ("de laatste dag", "the last day"),
    "ago_week": ("de laatste week", "the last week"),
    "ago_month": ("de laatste 30 dagen", "the last 30 days"),
    "hooks_again": ("Stuur opnieuw", "Send again"),
    "hooks_remove": ("Ja, verwijder deze koppeling", "Yes, remove this connection"),
    "hooks_remove_how": (
        "Wat nog wacht gaat dan niet meer weg. Uitzetten kan ook: dan blijft het.",
        "What still waits will not go out. You can switch off instead: then it stays.",
    ),
    "hooks_last": ("Laatst gestuurd", "Sent lately"),
    "hooks_last_none": (
        "Nog niets. Stuur een proefbericht om te zien of het aankomt.",
        "Nothing yet. Send a test message to see whether it arrives.",
    ),
    "sent_taken": ("aangenomen", "taken"),
    "sent_given_up": ("opgegeven na 10 pogingen", "given up after 10 tries"),
    "sent_owed": ("volgende poging", "next try"),
    "sent_kept": ("bewaard tot u aanzet", "kept until you switch on"),
    "hooks_tries": ("poging", "try"),
    "fault_status": ("het systeem antwoordde", "the system answered"),
    "fault_redirect": (
        "het systeem stuurt door naar een ander adres; dat volgen wij niet",
        "the system leads to another address; we do not follow",
    ),
    "fault_gone": ("dit adres bestaat niet meer", "this address is gone"),
    "fault_timeout": ("geen antwoord in 10 seconden", "no answer in 10 seconds"),
    "fault_no_connection": ("geen verbinding", "no connection"),
    "fault_tls": (
        "het certificaat van het systeem klopt niet",
        "the certificate of the system is not right",
    ),
    "fault_private_address": (
        "dit adres ligt in een afgesloten netwerk (HOOKS_PRIVATE_HOSTS)",
        "this address is in a private network (HOOKS_PRIVATE_HOSTS)",
    ),
    "fault_no_key": (
        "SECRET_KEY is veranderd: maak een nieuw geheim",
        "SECRET_KEY has changed: make a new secret",
    ),
    "hooks_no_address": (
        "Dit is geen adres. Het begint met https:// en heeft geen spaties.",
        "This is no address. It begins with https:// and has no spaces.",
    ),
    "hooks_not_https": (
        "Het adres moet met https:// beginnen, zodat niemand meeleest.",
        "The address must begin with https://, so that nobody reads along.",
    ),
    "hooks_with_password": (
        "Laat naam en wachtwoord weg uit het adres. Wij ondertekenen elk bericht.",
        "Leave name and password out of the address. We sign every message.",
    ),
    "hooks_too_long": (
        "Dit adres is te lang: hoogstens 500 tekens.",
        "This address is too long: at most 500 characters.",
    ),
    "hooks_private": (
        (
            "Dit adres ligt in een afgesloten netwerk. De beheerder van Buurtstem kan "
            "het toestaan met HOOKS_PRIVATE_HOSTS."
        ),
        (
            "This address is in a private network. Whoever runs Buurtstem can allow "
            "it with HOOKS_PRIVATE_HOSTS."
        ),
    ),
    "hooks_no_kinds": (
        "Kies minstens één ding dat dit systeem hoort. Er is niets veranderd.",
        "Choose at least one thing that this system hears. Nothing was changed.",
    ),
    "hooks_unknown_kind": (
        "Dit formulier was te oud. Er is niets veranderd. Probeer het nog een keer.",
        "This form was too old. Nothing was changed. Please try again.",
    ),
    "hooks_there_already": (
        "Dit adres is al gekoppeld. Er is niets veranderd.",
        "This address is connected already. Nothing was changed.",
    ),
    "hooks_too_many": (
        "Er zijn al 20 koppelingen. Verwijder er eerst een.",
        "There are 20 connections already. Remove one first.",
    ),
    "hooks_gone": (
        "Deze koppeling is er niet meer.",
        "This connection is no longer here.",
    ),
    "hooks_changed": (
        (
            "Het geheim was al vernieuwd. Er is niets veranderd. Kwijt? Maak dan "
            "hieronder nog een nieuw."
        ),
        (
            "The secret had been renewed already. Nothing was changed. Lost it? Then "
            "make another one below."
        ),
    ),
    "hooks_did_kinds": ("De keuze is bewaard.", "The choice is kept."),
    "hooks_did_rotate": (
        "Er is een nieuw geheim. Het oude geldt nog 24 uur.",
        "There is a new secret. The old one holds for 24 hours more.",
    ),
    "hooks_did_off": (
        "Uitgezet. Wat er gebeurt blijft 30 dagen bewaard.",
        "Switched off. What happens is kept for 30 days.",
    ),
    "hooks_did_on": (
        "Aangezet. Wat wachtte gaat nu weg.",
        "Switched on. What waited goes out now.",
    ),
    "hooks_did_remove": ("De koppeling is weg.", "The connection is gone."),
    "hooks_did_test": (
        "Het proefbericht gaat nu weg. Ververs de pagina om te zien of het aankwam.",
        "The test message goes out now. Reload the page to see whether it arrived.",
    ),
    "hooks_did_again": ("Het gaat opnieuw weg.", "It is sent again."),
    "hooks_all": ("Toon meer", "Show more"),
    "calls": ("Wat andere systemen ons vroegen", "What other systems asked of us"),
    "calls_how": (
        "De laatste 20 opdrachten die wij uitvoerden, van de laatste 30 dagen.",
        "The last 20 calls that we carried out, of the last 30 days.",
    ),
    "calls_none": (
        (
            "Nog geen opdracht. Een ander systeem kan ons een uitslag of een vraag aan "
            "bewoners laten sturen: zie de webhook."
        ),
        (
            "No call yet. Another system can have us send a result or a question to "
            "residents: see the web hook."
        ),
    ),
    "calls_off": (
        "De webhook staat uit: HOOK_SECRET is niet ingesteld.",
        "The web hook is off: HOOK_SECRET is not set.",
    ),
    "calls_told": ("berichten", "messages"),
    "calls_held": ("wacht nog", "still waiting"),
    "calls_warnings": ("let op", "warnings"),
    "call_plan.status": ("Stand van een plan", "Status of a plan"),
    "call_results.publish": ("Uitslag voor auteurs", "Results for authors"),
    "call_results.correct": ("Verbetering van een uitslag", "Correction of results"),
    "call_checkin.send": ("Vraag hoe het gaat", "Question how it goes"),
    "call_broadcast.send": ("Bericht aan velen", "Message to many"),
    "kind_hook_off": (
        "Een ander systeem neemt niets meer aan. Zie Koppelingen",
        "Another system takes nothing any more. See Connections",
    ),
}
