"""What is said when her file is there, or cannot be made."""

from bot.domain.say import N_, Reply, Say
from bot.flows.parts import PERSON


def here_it_is(*, whole: bool) -> Reply:
    """Say what the file is, how long it can be fetched, and what did not fit in."""
    says = [
        Say(N_("In this file is what we keep about you.")),
        Say(N_("Save it on your phone today.")),
        Say(N_("Tomorrow we delete it here.")),
        Say(N_("Do not send it to others.")),
    ]
    if not whole:
        says.append(Say(N_("Some recordings or photos did not fit.")))
        says.append(Say(N_("Type or say: person. Then a person helps you.")))
    return Reply(tuple(says), (PERSON,))


def caption() -> tuple[Say, ...]:
    """Return the line that stands at the file itself."""
    return (Say(N_("Your data")),)


def not_made() -> Reply:
    """Say that there is no file, and that a person sees to it."""
    says = (
        Say(N_("Sorry, we could not make your file.")),
        Say(N_("A person will help you to get it.")),
    )
    return Reply(says, (PERSON,))
