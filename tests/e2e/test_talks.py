"""Whole talks with the real server: four languages, two messengers, words, voice."""

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest

from bot.domain.languages import LANGUAGES
from bot.store.civic import BallotRow, PlanRow
from tests import sound
from tests.e2e.city import HOOK_SECRET, City, wait_for
from tests.e2e.conftest import SPOKEN
from tests.e2e.people import Neighbour, neighbour
from tests.worlds import COLLECTING, hook, signed, table

PLANS = {
    "nl": "Een bank onder de lindebomen bij de Slotermeerlaan",
    "en": "A bench under the lime trees near the school gate",
    "tr": "Okulun yanına ıhlamur ağacının altına bir bank",
    "ar": "مقعد تحت أشجار الزيزفون قرب المدرسة الكبيرة",
}
VOTES = {"nl": "21 en 30", "en": "21 and 30", "tr": "21 ve 30", "ar": "٢١ و ٣٠"}
MESSENGERS = ("telegram", "whatsapp")


def first_number(text: str) -> int:
    found = re.search(r"[0-9]+", text)
    assert found, text
    return int(found[0])


def tells_plan(person: Neighbour, plan: str) -> int:
    """Tell a plan, say yes to the read-back, leave the rest; return its number."""
    person.says(plan)
    assert plan in person.last
    assert person.buttons == ["yes", "no", "person"]
    person.taps("yes", answers=2)
    number = first_number(person.texts[-2])
    person.taps("skip")
    if person.channel == "whatsapp":
        person.taps("yes")
    return number


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", MESSENGERS)
def test_a_plan_a_vote_and_how_it_goes(city: City, channel: str, language: str) -> None:
    person = neighbour(city, channel, language)
    person.arrives()
    assert person.buttons[0] == "menu:plan"
    number = tells_plan(person, PLANS[language])
    assert person.heard("Thank you. Your plan is saved.")
    (plan,) = city.rows(table(PlanRow).where(PlanRow.number == number))
    assert (plan.text, plan.language) == (PLANS[language], language)
    person.taps("menu:status")
    assert f"{number} – " in person.last
    before = len(city.rows(table(BallotRow)))
    person.taps("menu:vote")
    person.says(VOTES[language])
    assert "21 – " in person.last
    assert "30 – " in person.last
    assert len(city.rows(table(BallotRow))) == before
    person.taps("yes")
    assert person.heard("Thank you. We have your vote.")
    wait_for(lambda: len(city.rows(table(BallotRow))) == before + 1)


@pytest.mark.parametrize("channel", MESSENGERS)
def test_one_voice_note_and_one_yes(city: City, channel: str) -> None:
    person = neighbour(city, channel)
    note = sound.ogg_opus(sound.sentence("nl"))
    city.watch.secrets.add(SPOKEN)
    person.speaks(note, answers=3)
    assert SPOKEN in person.last
    person.taps("yes", answers=2)
    number = first_number(person.texts[-2])
    (plan,) = city.rows(table(PlanRow).where(PlanRow.number == number))
    assert (plan.text, plan.spoken) == (SPOKEN, True)
    if channel == "whatsapp":
        assert city.twilio._media == {}


def test_the_language_can_change_at_any_moment(city: City) -> None:
    person = neighbour(city, "telegram", "en")
    person.arrives()
    person.says("A bench under the lime trees, please")
    person.says("language")
    person.language = "tr"
    person.taps("lang:tr", answers=2)
    assert person.heard("Is this your plan for the neighbourhood?")
    person.taps("yes", answers=2)
    assert person.heard("Thank you. Your plan is saved.")


def post_hook(city: City, body: dict[str, Any]) -> tuple[int, Any]:
    call = signed(body, secret=HOOK_SECRET)
    headers = call["headers"] | {"Content-Type": "application/json"}
    request = urllib.request.Request(  # noqa: S310
        f"{city.url}/hooks", call["data"], headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_every_author_hears_her_own_result_in_her_language(city: City) -> None:
    authors = [
        neighbour(city, channel, language)
        for channel, language in zip(MESSENGERS * 2, LANGUAGES, strict=True)
    ]
    plans = {}
    for each in authors:
        each.arrives()
        plans[tells_plan(each, PLANS[each.language])] = each
    heard = {number: len(each.texts) for number, each in plans.items()}
    reason = {"nl": "De stoep is te smal.", "en": "The pavement is too narrow."}
    reason |= {"tr": "Kaldırım çok dar.", "ar": "الرصيف ضيق جداً."}
    decisions = [
        {"plan": number, "outcome": "infeasible", "reason": reason} for number in plans
    ]
    city.watch.secrets |= set(reason.values())
    publish = hook("results.publish", round=COLLECTING, decisions=decisions)
    status, answer = post_hook(city, publish)
    assert (status, answer["accepted"], answer["told"]) == (202, True, 4), answer
    for number, each in plans.items():
        each.hears(heard[number] + 1)
        assert reason[each.language].rstrip(".") in each.last
        assert str(number) in each.last
        assert each.buttons[:1] == ["call"]
    chosen = plans[min(plans)]
    chosen.taps("keep")
    assert city.rows(
        table(PlanRow).where(
            PlanRow.number == min(plans), PlanRow.status == "infeasible"
        )
    )
