"""The words of the desk about plans that staff take in: Dutch and English."""

from collections.abc import Mapping

BRINGING_WORDS: Mapping[str, tuple[str, str]] = {
    "new_plan": ("Plan invoeren", "Enter a plan"),
    "bring_how": (
        (
            "Voor wie een plan vertelt aan de telefoon, aan de balie of op een kaart. "
            "Schrijf op wat de bewoner zegt, in de eigen woorden. Het plan krijgt een "
            "nummer, en de bewoner een bericht of een papier mee."
        ),
        (
            "For whoever tells a plan by telephone, at the counter or on a card. Write "
            "down what the resident says, in their own words. The plan gets a number, "
            "and the resident a message or a paper."
        ),
    ),
    "bring_closed": (
        (
            "Er is nu geen ronde die plannen aan de balie aanneemt. Zodra een ronde "
            "opent, kunt u hier plannen invoeren."
        ),
        (
            "No round takes plans at the desk now. Once a round opens, you can enter "
            "plans here."
        ),
    ),
    "bring_text": ("Het plan, in eigen woorden", "The plan, in their own words"),
    "bring_language": ("In welke taal?", "In which language?"),
    "bring_place": ("Waar is het?", "Where is it?"),
    "bring_entry": ("Waar voert u dit in?", "Where do you enter this?"),
    "bring_entry_how": ("Zoals: markt, bibliotheek, balie.", "Like: market, library."),
    "bring_phone": (
        "Telefoon, als de bewoner al een chat met ons heeft",
        "Telephone, if the resident has a chat with us already",
    ),
    "bring_phone_how": (
        (
            "Dan komt het bericht in die chat. Anders krijgt de bewoner een papier. "
            "Het nummer wordt hier niet bewaard."
        ),
        (
            "Then the message goes to that chat. Otherwise the resident gets a paper. "
            "The number is not kept here."
        ),
    ),
    "bring_photo": ("Foto van de kaart of de plek", "Photo of the card or the place"),
    "bring_photo_how": (
        "Mag leeg blijven. Plaats en tijd in de foto worden verwijderd.",
        "May stay empty. Place and time inside the photo are removed.",
    ),
    "bring_send": ("Voer in", "Enter"),
    "bring_counts": ("Ingevoerd tot nu toe", "Entered so far"),
    "brought": (
        "Ingevoerd. Geef de bewoner dit papier mee.",
        "Entered. Give the resident this paper.",
    ),
    "brought_told": (
        "Ingevoerd. De bewoner krijgt het bericht in de chat.",
        "Entered. The resident gets the message in the chat.",
    ),
    "bring_faults": ("Nog niet ingevoerd:", "Not entered yet:"),
    "bring_no_round": ("Kies een ronde die open is.", "Choose a round that is open."),
    "bring_no_text": ("Schrijf het plan op.", "Write the plan down."),
    "bring_long_text": (
        "Dit is te lang. Een plan heeft hoogstens 4000 tekens.",
        "This is too long. A plan has at most 4,000 characters.",
    ),
    "bring_no_language": ("Kies een taal.", "Choose a language."),
    "bring_long_place": (
        "De plaats is hoogstens 160 tekens.",
        "The place has at most 160 characters.",
    ),
    "bring_no_theme": (
        "Dit thema hoort niet bij deze ronde.",
        "This theme does not belong to this round.",
    ),
    "bring_no_entry": (
        "Vul in waar u dit plan invoert, zoals: markt.",
        "Fill in where you enter this plan, like: market.",
    ),
    "bring_long_entry": (
        "Waar u invoert is hoogstens 40 tekens.",
        "Where you enter has at most 40 characters.",
    ),
    "bring_bad_phone": (
        "Dit telefoonnummer klopt niet. Schrijf het zoals 06 12345678.",
        "This telephone number is not right. Write it like 06 12345678.",
    ),
    "bring_bad_photo": (
        "Dit is geen foto die wij kunnen openen. Kies een JPEG, PNG of WebP.",
        "This is no photo that we can open. Choose a JPEG, PNG or WebP.",
    ),
    "bring_limit": (
        "Deze bewoner heeft al zoveel plannen als deze ronde toelaat.",
        "This resident already has as many plans as this round allows.",
    ),
    "receipt_paper": ("Ontvangstbewijs", "Receipt"),
    "receipt_how": (
        "Druk deze bladzijde af, of lees haar voor. Alleen het kader wordt gedrukt.",
        "Print this page, or read it out. Only what is in the frame is printed.",
    ),
    "receipt_used": (
        "Deze bewoner volgt het plan al in een chat.",
        "This resident follows the plan in a chat already.",
    ),
    "receipt_again": ("Druk het papier nog eens af", "Print the paper again"),
    "to_plan": ("Naar het plan", "To the plan"),
}
