"""The words of the desk about contact persons: Dutch and English."""

from collections.abc import Mapping

CONTACTS_WORDS: Mapping[str, tuple[str, str]] = {
    "contacts": ("Contactpersonen", "Contact persons"),
    "contacts_how": (
        (
            "Elke maker heeft één contactpersoon, met naam, nummer en foto. Gaat "
            "iemand weg? Dan gaan plan en naam samen over, en iedereen hoort het."
        ),
        (
            "Every author has one contact person, with name, number and photo. "
            "Somebody leaves? Then plan and name move together, and everybody hears it."
        ),
    ),
    "contacts_none": (
        "Er is nog niemand. Voeg hieronder de eerste contactpersoon toe.",
        "Nobody is here yet. Add the first contact person below.",
    ),
    "contacts_alone": (
        "Gekozen plannen zonder contactpersoon:",
        "Chosen plans without a contact person:",
    ),
    "contacts_give": ("Wijs ze toe", "Assign them"),
    "contact_add": ("Contactpersoon toevoegen", "Add a contact person"),
    "contact_name": ("Naam, zoals bewoners die lezen", "Name, as residents read it"),
    "contact_phone": (
        "Telefoonnummer (mag leeg zijn)",
        "Phone number (may be empty)",
    ),
    "contact_photo": (
        "Foto (mag leeg zijn). Die gaat mee in het bericht aan de maker.",
        "Photo (may be empty). It goes along in the message to the author.",
    ),
    "contact_photo_of": ("Foto van", "Photo of"),
    "contact_no_photo": ("Er is geen foto.", "There is no photo."),
    "contact_official": ("Account aan deze balie", "Account at this desk"),
    "contact_no_official": (
        "Geen: werkt niet aan de balie",
        "None: does not work at the desk",
    ),
    "contact_keep": ("Bewaar", "Keep"),
    "contact_kept": (
        "Bewaard. Naam en nummer staan bij elk plan van deze persoon.",
        "Kept. Name and number stand with every plan of this person.",
    ),
    "contact_name_wrong": (
        "Vul een naam in van hoogstens 80 tekens. Er is niets bewaard.",
        "Fill in a name of at most 80 characters. Nothing was kept.",
    ),
    "contact_phone_wrong": (
        "Dit is geen telefoonnummer. Er is niets bewaard.",
        "This is no phone number. Nothing was kept.",
    ),
    "contact_official_wrong": (
        "Dit account is hier niet. Kies een ander. Er is niets bewaard.",
        "This account is not here. Choose another one. Nothing was kept.",
    ),
    "contact_picture_wrong": (
        "Deze foto kunnen wij niet lezen. Kies een JPEG, PNG of WebP.",
        "We cannot read this photo. Choose a JPEG, PNG or WebP.",
    ),
    "contact_plan": ("plan", "plan"),
    "contact_plans": ("plannen", "plans"),
    "contact_has_left": ("is weg", "has left"),
    "contact_red": (
        "Deze persoon is er niet meer en heeft nog plannen. Geef ze door.",
        "This person is not here any more and still has plans. Hand them over.",
    ),
    "contact_hand_over": ("Plannen doorgeven", "Hand plans over"),
    "contact_hand_how": (
        (
            "Kies wie alles overneemt, of kies per plan. Open taken gaan mee. De maker "
            "en de volgers horen het na 10 minuten; tot dan kunt u het terugdraaien."
        ),
        (
            "Choose who takes over all, or choose per plan. Open tasks go along. The "
            "author and followers hear it after 10 minutes; until then you can undo it."
        ),
    ),
    "contact_to_all": ("Alles gaat naar", "All goes to"),
    "contact_nobody": ("Kies iemand", "Choose somebody"),
    "contact_as_all": ("zoals hierboven", "as above"),
    "contact_plan_to": ("gaat naar", "goes to"),
    "contact_leaves": (
        "Deze persoon werkt hier straks niet meer",
        "This person will not work here any more",
    ),
    "contact_move": ("Geef door", "Hand over"),
    "contact_moved": (
        "Doorgegeven. Over 10 minuten horen de makers en volgers het.",
        "Handed over. In 10 minutes authors and followers hear it.",
    ),
    "contact_choose": (
        "Kies wie het overneemt. Er is niets veranderd.",
        "Choose who takes over. Nothing was changed.",
    ),
    "contact_left_over": (
        "Elk plan heeft iemand nodig. Er is niets veranderd.",
        "Every plan needs somebody. Nothing was changed.",
    ),
    "contact_no_plans": (
        "Deze persoon helpt nu met geen plan.",
        "This person helps with no plan now.",
    ),
    "contact_nobody_else": (
        "Er is niemand die het kan overnemen. Voeg eerst iemand toe.",
        "There is nobody who can take over. Add somebody first.",
    ),
    "contact_lately": ("Laatst doorgegeven", "Handed over lately"),
    "contact_undo": ("Draai terug", "Undo"),
    "contact_undone": (
        "Teruggedraaid. Niemand heeft er iets van gehoord.",
        "Undone. Nobody has heard of it.",
    ),
    "contact_undo_late": (
        (
            "Te laat: de makers weten het al, of het was al teruggedraaid. Geef de "
            "plannen opnieuw door."
        ),
        (
            "Too late: the authors know already, or it was undone before. Hand the "
            "plans over once more."
        ),
    ),
    "contact_was_undone": ("teruggedraaid", "undone"),
    "contact_without": ("Plannen zonder contactpersoon", "Plans without a contact"),
    "back_to_contacts": ("Alle contactpersonen", "All contact persons"),
}
