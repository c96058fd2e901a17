"""A results night rehearsed: every story once, in every language; nobody is told."""

from dataclasses import dataclass

from bot.domain.languages import LANGUAGES, Language
from bot.domain.plans import Status
from bot.domain.say import Reply
from bot.i18n import direction
from bot.services.desk.night_plans import results_of, votes_of
from bot.services.desk.nights import Night, find_night
from bot.services.desk.refusals import TurnedDownError
from bot.services.house import House, Scene
from bot.services.outbox import rendered
from bot.services.reading import Reading, read_replies
from bot.services.results import rehearse
from bot.services.sounds import make_note
from bot.services.stories import OUTCOMES
from synthesis import SynthesisError


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it will look in one language: its rows, and its buttons' labels."""

    language: Language
    direction: str
    rows: tuple[str, ...]
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The story of one outcome, told to the author of `plan`, in all languages."""

    outcome: Status
    plan: int
    plans: int
    bubbles: tuple[Bubble, ...]


def samples(scene: Scene, night: Night, wanted: int | None = None) -> list[Sample]:
    """Return a sample of each story in the night; of plan `wanted` for its outcome.

    What is shown is what will be sent: the same words, figures and buttons. Raises
    CallError as telling would.
    """
    call = results_of(scene, night)
    chosen: dict[Status, int] = {}
    counts: dict[Status, int] = {}
    for each in call.decisions:
        counts[each.outcome] = counts.get(each.outcome, 0) + 1
        if each.plan == wanted or each.outcome not in chosen:
            chosen[each.outcome] = each.plan
    if not chosen:
        return []
    told = rehearse(scene, call, set(chosen.values()), votes_of(scene, night))
    return [
        Sample(outcome, plan, counts[outcome], bubbles(told[plan]))
        for outcome, plan in sorted(
            chosen.items(), key=lambda each: OUTCOMES.index(each[0])
        )
    ]


def bubbles(reply: Reply) -> tuple[Bubble, ...]:
    """Return a message as it will look in each language."""
    return tuple(_bubble(reply, each) for each in LANGUAGES)


def _bubble(reply: Reply, language: Language) -> Bubble:
    text, choices = rendered(reply, language)
    labels = tuple(label for _, label, _ in choices)
    return Bubble(language, direction(language), tuple(text.split("\n")), labels)


def sound_of_sample(
    house: House, night_id: int, plan: int, language: str
) -> bytes | None:
    """Return how an author would hear her message; None where nobody reads aloud.

    Raises TurnedDownError for a plan that is not of this night.
    """
    now = house.clock()

    def look(scene: Scene) -> Reading:
        night = find_night(scene, night_id)
        call = results_of(scene, night)
        told = (
            rehearse(scene, call, {plan}, votes_of(scene, night))
            if call.decisions
            else {}
        )
        if plan not in told:
            raise TurnedDownError("night_no_plan")
        return read_replies([told[plan]], language)

    reading = house.db.read(lambda db: look(Scene(house, db, now)))
    return sound_of_reading(house, reading)


def sound_of_reading(house: House, reading: Reading) -> bytes | None:
    """Return sound that nobody is sent: it was made before, or is made for one ear.

    Raises MediaUnavailableError if the store does not answer.
    """
    if house.voice is None:
        return None
    try:
        made = make_note(house, reading)
    except SynthesisError:
        return None
    sound = house.media.load(made.key)
    house.media.delete(made.key)
    return sound
