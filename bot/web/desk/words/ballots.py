"""The words of the desk about ballots that officials enter: Dutch and English."""

from collections.abc import Mapping

BALLOTS_WORDS: Mapping[str, tuple[str, str]] = {
    "ballots": ("Stembiljetten", "Ballots"),
    "ballots_how": (
        (
            "Scan de vierkante code op de brief, of typ de cijfers van de stempas. "
            "Typ daarna de nummers van de plannen. Er telt niets voordat u ja zegt."
        ),
        (
            "Scan the square code on the letter, or type the digits of the pass. "
            "Then type the numbers of the plans. Nothing counts before you say yes."
        ),
    ),
    "ballots_route": ("Hoe komt dit stembiljet?", "How does this ballot come?"),
    "ballots_paper": ("Uit de stembus", "From the ballot box"),
    "ballots_desk": ("De stemmer staat hier", "The voter is here"),
    "ballots_pass": ("Stempas", "Voting pass"),
    "ballots_plans": ("Nummers van de plannen", "Numbers of the plans"),
    "ballots_plans_how": ("Zoals: 21 30 45", "Like: 21 30 45"),
    "ballots_second": ("Wie kijkt mee? (naam)", "Who is with you? (name)"),
    "ballots_second_how": (
        "Stembiljetten uit de stembus voert u in met twee mensen.",
        "Ballots from the ballot box are entered by two people.",
    ),
    "ballots_alone": (
        "Dit doet u met twee mensen. Vul in wie meekijkt. Er is niets ingevoerd.",
        "This takes two people. Fill in who is with you. Nothing was entered.",
    ),
    "ballots_look": ("Lees terug", "Read back"),
    "ballots_right": ("Klopt dit?", "Is this right?"),
    "ballots_serial": ("Stempas nummer", "Pass number"),
    "ballots_test": (
        "Dit is een proefpas. Dit stembiljet telt niet mee.",
        "This is a test pass. This ballot is not counted.",
    ),
    "ballots_has": (
        (
            "Met deze stempas is al gestemd. De nieuwe stem komt daarvoor in de "
            "plaats. Dat mag alleen als de stemmer zelf hier staat, met de brief."
        ),
        (
            "This pass has a ballot already. The new one takes its place. That is "
            "allowed only if the voter herself is here, with her letter."
        ),
    ),
    "ballots_replace": ("De nieuwe stem komt in de plaats", "The new vote replaces it"),
    "ballots_keep": (
        "De eerste stem blijft staan. Er is niets ingevoerd.",
        "The first vote stays. Nothing was entered.",
    ),
    "ballots_enter": ("Ja, voer in", "Yes, enter it"),
    "ballots_back": ("Nee, opnieuw", "No, start again"),
    "ballots_done": ("Ingevoerd. Stempas", "Entered. Pass"),
    "ballots_print": (
        "Druk deze pagina af voor de stemmer. Haar keuze staat er niet op.",
        "Print this page for the voter. Her choice is not on it.",
    ),
    "ballots_next": ("Volgende", "Next one"),
}
