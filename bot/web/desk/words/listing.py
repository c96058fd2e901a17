"""The words of the desk about plans from a sheet: Dutch and English."""

from collections.abc import Mapping

LISTING_WORDS: Mapping[str, tuple[str, str]] = {
    "plan_list": ("Veel plannen tegelijk", "Many plans at once"),
    "list_how": (
        (
            "Kies een Excel-bestand (XLSX) of CSV-bestand. De eerste regel noemt de "
            "kolommen; elke regel daaronder is een plan. U ziet eerst wat erin staat. "
            "Er wordt nog niets ingevoerd."
        ),
        (
            "Choose an Excel file (XLSX) or a CSV file. The first row names the "
            "columns; each row below it is a plan. You see first what is in it. "
            "Nothing is entered yet."
        ),
    ),
    "list_columns": ("Deze kolommen kunnen erin staan:", "It can have these columns:"),
    "list_file": ("Bestand", "File"),
    "list_entry_how": (
        "Geldt voor regels die het zelf niet noemen.",
        "Holds for rows that do not say so themselves.",
    ),
    "list_look": ("Bekijk het bestand", "Look at the file"),
    "list_about": ("Dit staat in het bestand", "This is in the file"),
    "list_new": ("nieuw", "new"),
    "list_known": ("stond er al, als plan", "entered before, as plan"),
    "list_row": ("Regel", "Row"),
    "list_state": ("Wat gebeurt ermee?", "What happens to it?"),
    "list_faults": (
        (
            "In deze regels klopt iets niet. Er is niets ingevoerd. Verbeter ze in uw "
            "bestand en kies het opnieuw; wat al ingevoerd is, komt er niet dubbel in."
        ),
        (
            "Something is wrong in these rows. Nothing was entered. Mend them in your "
            "file and choose it again; what was entered before is not entered twice."
        ),
    ),
    "list_enter": ("Voer nieuwe plannen in:", "Enter new plans:"),
    "list_nothing_new": (
        "Alles uit dit bestand stond er al. Er valt niets in te voeren.",
        "Everything in this file was entered before. There is nothing to enter.",
    ),
    "list_done": ("Ingevoerd. De nummers:", "Entered. The numbers:"),
    "list_large": (
        "Dit bestand is te groot: hoogstens 2 MB. Er is niets ingevoerd.",
        "This file is too large: at most 2 MB. Nothing was entered.",
    ),
    "list_long": (
        "Hoogstens 500 plannen tegelijk. Verdeel het bestand, of haal lege regels weg.",
        "At most 500 plans at once. Divide the file, or take empty rows away.",
    ),
    "list_empty": (
        "In dit bestand staan geen plannen. De eerste regel noemt de kolommen.",
        "There are no plans in this file. The first row names the columns.",
    ),
    "list_column": (
        "Deze kolom ken ik niet, of hij staat er twee keer:",
        "I do not know this column, or it is there twice:",
    ),
    "list_no_text": (
        "De kolom met het plan ontbreekt. Noem die kolom: plan.",
        "The column with the plan is missing. Call that column: plan.",
    ),
    "list_unread": (
        "Dit bestand kan ik niet lezen. Bewaar het als XLSX of CSV.",
        "I cannot read this file. Save it as XLSX or CSV, and try again.",
    ),
    "list_harmful": (
        "In dit bestand zit misschien een virus. Er is niets bewaard. Gevonden:",
        "There may be a virus in this file. Nothing was kept. Found:",
    ),
    "list_gone": (
        "Dit bestand is hier niet meer. Kies het opnieuw; niets komt er dubbel in.",
        "This file is no longer here. Choose it again; nothing was entered twice.",
    ),
    "list_faulty": (
        "Er klopt nu iets niet meer in dit bestand. Kies het opnieuw.",
        "Something in this file is no longer right. Choose it again.",
    ),
}
