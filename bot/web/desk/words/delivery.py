"""The words of the desk about messages on their way: Dutch and English."""

from collections.abc import Mapping

DELIVERY_WORDS: Mapping[str, tuple[str, str]] = {
    "delivery": ("Bezorging", "Delivery"),
    "inbox": ("Taken", "Tasks"),
    "account_paused": (
        "Er gaan nu geen berichten van ons uit via",
        "No messages of ours go out now through",
    ),
    "account_why": ("Reden:", "Reason:"),
    "account_until": ("Gaat vanzelf verder:", "Goes on by itself:"),
    "account_until_person": (
        "Gaat pas verder als iemand hier op de knop drukt.",
        "Goes on only when somebody presses the button here.",
    ),
    "go_on": ("Oorzaak opgelost: ga verder", "Cause mended: go on"),
    "broadcasts": ("Berichten aan velen", "Messages to many"),
    "broadcasts_none": (
        "Nog niets aan velen gestuurd. Schrijf er een bij “Berichten aan velen”.",
        "Nothing sent to many yet. Write one under “Messages to many”.",
    ),
    "broadcast": ("Bericht", "Broadcast"),
    "state_running": ("onderweg", "on its way"),
    "state_paused": ("stilgezet", "paused"),
    "state_cancelled": ("afgebroken", "cancelled"),
    "state_done": ("klaar", "done"),
    "of": ("van", "of"),
    "handled": ("de deur uit", "out of the door"),
    "count_queued": ("wacht op zijn beurt", "waiting for their turn"),
    "count_held": ("wordt vastgehouden", "held"),
    "count_sent": ("verstuurd", "sent"),
    "count_delivered": ("aangekomen", "delivered"),
    "count_read": ("gelezen", "read"),
    "count_failed": ("mislukt", "failed"),
    "count_unsure": ("misschien aangekomen", "may have arrived"),
    "count_dropped": ("niet verstuurd", "not sent"),
    "pause": ("Zet stil", "Pause"),
    "resume": ("Ga verder", "Resume"),
    "cancel": ("Breek af", "Cancel"),
    "cancel_sure": ("Ja, voorgoed afbreken", "Yes, cancel for good"),
    "cancel_how": (
        "Wat nog niet verstuurd is, gaat dan nooit meer weg.",
        "What is not sent yet will never go out then.",
    ),
    "did_pause": ("Het bericht staat stil.", "The broadcast is paused."),
    "did_resume": ("Het bericht gaat verder.", "The broadcast goes on."),
    "did_cancel": ("Het bericht is afgebroken.", "The broadcast is cancelled."),
    "did_go_on": ("Berichten gaan weer uit.", "Messages go out again."),
    "did_nothing": ("Dat was al gebeurd.", "That had been done already."),
    "doubts": ("Misschien aangekomen", "May have arrived"),
    "doubts_how": (
        (
            "Bij deze bewoners viel de verbinding weg. Vraag het na, bijvoorbeeld met "
            "een telefoontje. Zonder uw antwoord sturen wij niets dubbel."
        ),
        (
            "With these residents the connection broke. Find out, for instance with a "
            "call. Without your answer we send nothing twice."
        ),
    ),
    "arrived": ("Het is aangekomen", "It arrived"),
    "send_again": ("Stuur het opnieuw", "Send it again"),
    "did_arrive": (
        "Genoteerd: het is aangekomen.",
        "Noted: it arrived.",
    ),
    "did_send_again": ("Het gaat opnieuw weg.", "It is sent again."),
    "missed": ("Niet bereikt", "Not reached"),
    "missed_none": (
        "Iedereen die wij de laatste tijd schreven is bereikt, of krijgt het nog.",
        "Everybody we wrote to lately was reached, or still will be.",
    ),
    "missed_how": (
        "De laatste 100. Wat later toch aankwam of opnieuw gaat, staat hier niet.",
        "The last 100. What arrived later or is sent again is not listed here.",
    ),
    "waits_for_her": (
        "ligt klaar tot de bewoner schrijft",
        "kept until the resident writes",
    ),
    "why": ("Waarom", "Why"),
    "what": ("Wat", "What"),
    "when": ("Wanneer", "When"),
    "who": ("Wie", "Who"),
    "how_many": ("Hoeveel", "How many"),
    "templates": ("Goedkeuring door WhatsApp", "Approval by WhatsApp"),
    "templates_how": (
        (
            "Wie langer dan een dag niet schreef, krijgt alleen een tekst die WhatsApp "
            "heeft goedgekeurd."
        ),
        (
            "Whoever has not written for more than a day gets only a wording that "
            "WhatsApp has approved."
        ),
    ),
    "templates_none": (
        (
            "Er is nog geen tekst aangeboden. De beheerder doet dat met één opdracht: "
            "buurtstem templates sync"
        ),
        (
            "No text has been handed in yet. The administrator does so with: "
            "buurtstem templates sync"
        ),
    ),
    "approval_not made": ("nog niet gemaakt", "not made yet"),
    "approval_unsubmitted": ("nog niet ingediend", "not submitted yet"),
    "approval_received": ("ingediend", "received"),
    "approval_pending": ("wordt bekeken", "being looked at"),
    "approval_approved": ("goedgekeurd", "approved"),
    "approval_rejected": ("afgewezen", "rejected"),
    "approval_paused": ("door WhatsApp stilgezet", "paused by WhatsApp"),
    "approval_disabled": ("door WhatsApp uitgezet", "disabled by WhatsApp"),
    "older": ("oudere tekst in gebruik", "older wording in use"),
    "message_chosen": ("Plan gekozen", "Plan chosen"),
    "message_on_ballot": ("Plan op de stemlijst", "Plan on the voting list"),
    "message_below_threshold": ("Te weinig steun", "Too little support"),
    "message_infeasible": ("Plan kan niet", "Plan cannot be done"),
    "message_not_preselected": ("Niet op de stemlijst", "Not on the voting list"),
    "message_not_voted_in": ("Te weinig geld voor dit plan", "Not enough money left"),
    "message_corrected": ("Verbetering van een uitslag", "Correction of a result"),
    "message_status": ("Nieuws over een plan", "News about a plan"),
    "message_supports": ("Steun voor een plan", "Support for a plan"),
    "message_public": ("Plan is openbaar", "Plan is public"),
    "message_checkin": ("Vraag hoe het gaat", "Question how it goes"),
    "message_broadcast": ("Bericht aan velen", "Message to many"),
    "message_reminder": ("Herinnering aan het stemmen", "Reminder to vote"),
    "message_message": ("Ander bericht", "Other message"),
    "kind_unreached": (
        "Bel: het besluit over het plan kwam niet aan",
        "Call: the decision about the plan did not arrive",
    ),
    "kind_unsure": (
        "Kwam ons bericht aan? Zoek het uit",
        "Did our message arrive? Find out",
    ),
}
