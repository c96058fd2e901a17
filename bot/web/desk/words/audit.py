"""The words of the desk about its own trail: Dutch and English."""

from collections.abc import Mapping

AUDIT_WORDS: Mapping[str, tuple[str, str]] = {
    "audit": ("Logboek", "Audit trail"),
    "audit_how": (
        (
            "Wie wat deed, en wanneer. Niemand kan een regel wijzigen of weghalen. Er "
            "staat nooit in wat bewoners zeiden."
        ),
        (
            "Who did what, and when. Nobody can change a line or take it away. What "
            "residents said is never in it."
        ),
    ),
    "audit_filter": ("Zoek", "Search"),
    "audit_all": ("alles", "everything"),
    "audit_subject_how": (
        "Bijvoorbeeld plan 130, of medewerker voor alle medewerkers.",
        "For instance plan 130, or official for all officials.",
    ),
    "audit_none": (
        (
            "Hier staat nog niets. Alles wat medewerkers doen, komt vanzelf in dit "
            "logboek."
        ),
        (
            "Nothing is here yet. Everything that officials do comes into this trail "
            "by itself."
        ),
    ),
    "audit_none_found": (
        "Niets gevonden. Zoek ruimer, of kijk naar alles.",
        "Nothing found. Search more widely, or look at everything.",
    ),
    "audit_show_all": ("Toon alles", "Show everything"),
    "audit_older": ("Ouder", "Older"),
    "audit_export": ("Neem mee als bestand", "Take away as a file"),
    "audit_export_how": (
        "Wat u nu ziet, hoogstens 50.000 regels. Ook dit komt in het logboek.",
        "What you see now, at most 50,000 lines. This comes into the trail as well.",
    ),
    "audit_id": ("Regel", "Line"),
    "audit_at": ("Wanneer", "When"),
    "audit_by": ("Wie", "Who"),
    "audit_act": ("Wat", "What"),
    "audit_subject": ("Waarvan", "Of what"),
    "audit_data": ("Hoe", "How"),
    "audit_day": ("Dag", "Day"),
    "act_login": ("Ingelogd", "Logged in"),
    "act_logout": ("Uitgelogd", "Logged out"),
    "act_login.failed": ("Inloggen mislukt", "Login failed"),
    "act_account.password": ("Wachtwoord gewijzigd", "Password changed"),
    "act_account.factor_on": ("Telefoon ingesteld", "Phone set up"),
    "act_account.factor_off": ("Telefoon losgekoppeld", "Phone disconnected"),
    "act_account.codes": ("Nieuwe herstelcodes", "New recovery codes"),
    "act_account.sessions_ended": ("Elders uitgelogd", "Logged out elsewhere"),
    "act_official.invite": ("Medewerker uitgenodigd", "Official invited"),
    "act_official.add": ("Medewerker toegevoegd", "Official added"),
    "act_official.link": ("Nieuwe link gemaakt", "New link made"),
    "act_official.change": ("Rol of naam gewijzigd", "Role or name changed"),
    "act_official.bind": (
        "Account bij de gemeente gekoppeld",
        "Account at the municipality bound",
    ),
    "act_official.unbind": (
        "Account bij de gemeente losgemaakt",
        "Account at the municipality let go of",
    ),
    "act_official.suspend": ("Op non-actief gezet", "Suspended"),
    "act_official.restore": ("Weer toegelaten", "Let in again"),
    "act_official.reset_factor": (
        "Telefoon van collega losgekoppeld",
        "Phone of a colleague disconnected",
    ),
    "act_audit.export": ("Logboek meegenomen", "Trail taken away"),
    "act_task.done": ("Taak gedaan", "Task done"),
    "act_task.settle": ("Uitgezocht of het aankwam", "Found out whether it arrived"),
    "act_note.write": ("Bericht opgeschreven", "Note written down"),
    "act_note.unclear": ("Opnieuw gevraagd", "Asked once more"),
    "act_note.pass": ("Bericht doorgegeven", "Note handed over"),
    "act_sound.play": ("Opname beluisterd", "Recording played"),
    "act_sending.resume": ("Versturen hervat", "Sending resumed"),
    "audit_yes": ("ja", "yes"),
    "audit_no": ("nee", "no"),
    "subject_account": ("Kanaal", "Channel"),
    "subject_audit": ("Logboek", "Audit trail"),
    "subject_broadcast": ("Bericht", "Message"),
    "subject_call": ("Opdracht", "Call"),
    "subject_contact": ("Contactpersoon", "Contact person"),
    "subject_database": ("Database", "Database"),
    "subject_draft": ("Concept", "Draft"),
    "subject_endpoint": ("Koppeling", "Connection"),
    "subject_handover": ("Overdracht", "Handover"),
    "subject_line": ("Betaling", "Payment"),
    "subject_media": ("Opname", "Recording"),
    "subject_night": ("Uitslag", "Results"),
    "subject_official": ("Medewerker", "Official"),
    "subject_plan": ("Plan", "Plan"),
    "subject_plans": ("Plannen", "Plans"),
    "subject_round": ("Ronde", "Round"),
    "subject_table": ("Tabel", "Table"),
    "subject_talk": ("Gesprek", "Talk"),
    "subject_task": ("Taak", "Task"),
    "data_arrived": ("aangekomen", "arrived"),
    "data_browser": ("browser", "browser"),
    "data_cents": ("eurocent", "euro cents"),
    "data_change": ("wijziging", "change"),
    "data_counted": ("geteld", "counted"),
    "data_ended": ("gestopt", "ended"),
    "data_form": ("bestand", "file"),
    "data_held": ("wacht nog", "held back"),
    "data_how": ("manier", "way"),
    "data_languages": ("talen", "languages"),
    "data_line": ("betaling", "payment"),
    "data_message": ("bericht", "message"),
    "data_night": ("uitslag", "results"),
    "data_outcome": ("uitkomst", "outcome"),
    "data_photo": ("foto", "photo"),
    "data_plans": ("plannen", "plans"),
    "data_public": ("openbaar", "public"),
    "data_review": ("beoordeling", "review"),
    "data_role": ("rol", "role"),
    "data_round": ("ronde", "round"),
    "data_spoken": ("ingesproken", "spoken"),
    "data_state": ("stand", "state"),
    "data_steps": ("stappen", "steps"),
    "data_told": ("verteld", "told"),
}
