"""The first answer says who we are, and a person can be asked for everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bot.domain.effects import RaiseTask, TaskKind
from bot.domain.languages import LANGUAGES, Language
from bot.flows.state import State
from tests.flows.steps import take, tap
from tests.flows.test_needs import FACTS, STATES, a_talk
from tests.houses import Street
from tests.services.ears import Ears
from tests.standins.telegram_resident import TelegramResident
from tests.standins.whatsapp_resident import WhatsAppResident
from transcription import Level

Resident = TelegramResident | WhatsAppResident
CITY = "Amsterdam"
COMPUTER: Mapping[Language, str] = {
    "nl": "computer",
    "en": "computer",
    "tr": "bilgisayar",
    "ar": "كمبيوتر",
}
PRIVACY: Mapping[Language, str] = {
    "nl": "privacy",
    "en": "privacy",
    "tr": "gizlilik",
    "ar": "الخصوصية",
}
PERSON: Mapping[Language, str] = {
    "nl": "medewerker",
    "en": "person",
    "tr": "görevli",
    "ar": "موظف",
}
Newcomer = Callable[[Street], Resident]
CHANNELS: dict[str, Newcomer] = {
    "telegram": lambda street: street.bot_api.resident(42, "nl"),
    "whatsapp": lambda street: street.twilio.resident("+31612345678"),
}
newcomers = pytest.mark.parametrize("channel", CHANNELS)


def says_who_we_are(text: str, language: Language) -> bool:
    return all(each in text for each in (CITY, COMPUTER[language], PRIVACY[language]))


@newcomers
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_answer_names_city_computer_and_privacy(
    street: Street, channel: str, language: Language
) -> None:
    person = CHANNELS[channel](street)
    person.says("hallo")
    street.work()
    person.taps(f"lang:{language}")
    street.work()
    assert says_who_we_are(person.heard[1].text, language), person.heard[1].text


@newcomers
@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_the_answer_to_a_first_voice_note(
    street: Street, ears: Ears, note: bytes, channel: str, language: Language
) -> None:
    ears.says += ["Een bank onder de lindebomen."] * 2
    person = CHANNELS[channel](street)
    person.sends_voice(note)
    street.work()
    if "lang:nl" in dict(person.heard[-1].buttons):
        person.taps(f"lang:{language}")
        street.work()
    told = "\n".join(heard.text for heard in person.heard)
    assert says_who_we_are(told, language), told


@newcomers
def test_and_to_a_first_note_that_nobody_understands(
    street: Street, ears: Ears, note: bytes, channel: str
) -> None:
    ears.says += [Level.BAD] * 3
    person = CHANNELS[channel](street)
    person.sends_voice(note)
    street.work()
    if "lang:nl" in dict(person.heard[-1].buttons):
        person.taps("lang:nl")
        street.work()
    told = "\n".join(heard.text for heard in person.heard)
    assert says_who_we_are(told, "nl"), told


@pytest.mark.parametrize("state", STATES, ids=repr)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_can_be_asked_for_in_every_state(
    state: State, language: Language
) -> None:
    for does in (PERSON[language], tap("person")):
        before = replace(a_talk(state), language=language)
        effects = take(before, does, FACTS).effects
        asked = [each for each in effects if isinstance(each, RaiseTask)]
        assert [each.kind for each in asked] == [TaskKind.PERSON], does


def test_who_asks_for_a_person_becomes_a_task_at_the_desk(each_street: Street) -> None:
    fatima = each_street.fatima()
    fatima.says("medewerker")
    each_street.work()
    (task,) = each_street.world.tasks()
    assert (task.kind, task.done_at) == ("person", None)
