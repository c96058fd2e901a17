"""A whole talk by voice alone, in four languages: nothing is typed, nothing tapped.

Real sound goes in through the browser and comes out of it. The test instrument hears
the short answers, and a person at the desk what it cannot know. (It knows a few plans
too; these are none of them.)
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from standardwebhooks import Webhook

from bot.domain.say import Say
from bot.i18n import render
from synthesis import samples_of, waveform
from tests.browser.city import City, running_city
from tests.browser.hands import INCOMING, Resident, take_phone
from tests.browser.microphone import put_in, speak_into
from tests.instruments import NAME, instrument_folder
from tests.instruments.arabic import bare
from tests.instruments.strange import SENTENCES
from tests.sound import ogg_opus, say
from transcription import Level, load
from transcription.audio import decode

HOOK_SECRET = "whsec_" + "YnV1cnRzdGVtYnV1cnRzdGVtYnV1cnRzdGVt"
CHECK = Say("Is that right?")
REVIEWER = ("--role", "reviewer", "--name", "Els")
WAITING = "article:has(textarea)"
PATIENCE = 60_000
"""So many milliseconds may go by until she hears her answer, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says, step by step; `listens` is what she is told of a person."""

    language: str
    name: str
    begin: str
    listens: str
    yes: str
    no: str
    skip: str
    status: str
    vote: str
    numbers: str
    good: str


TALKS = (
    Words(
        language="nl",
        name="Nederlands",
        begin="plan",
        listens="Een medewerker luistert naar uw bericht.",
        yes="ja",
        no="nee",
        skip="sla over",
        status="status",
        vote="stem",
        numbers="eenentwintig, dertig",
        good="het gaat goed",
    ),
    Words(
        language="en",
        name="English",
        begin="plan",
        listens="A person will listen to your message.",
        yes="yes",
        no="no",
        skip="skip",
        status="status",
        vote="vote",
        numbers="twenty one, thirty",
        good="going well",
    ),
    Words(
        language="tr",
        name="Türkçe",
        begin="plan",
        listens="Mesajınızı bir görevli dinleyecek.",
        yes="evet",
        no="hayır",
        skip="geç",
        status="durum",
        vote="oy",
        numbers="yirmi bir, otuz",
        good="iyi gidiyor",
    ),
    Words(
        language="ar",
        name="اَلْعَرَبِيَّة",
        begin="خُطَّة",
        listens="سيستمع أحد موظفينا إلى رسالتكم.",
        yes="نَعَم",
        no="لَا",
        skip="تَخَطَّ",
        status="حَالَة",
        vote="تَصْوِيت",
        numbers="وَاحِد وَعِشْرُون، ثَلَاثُون",
        good="تَسِيرُ جَيِّدًا",
    ),
)


@pytest.fixture(scope="module")
def hearing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city that hears with the instrument and reads aloud."""
    model = str(instrument_folder() / NAME)
    settings = {"WHISPER_ENGINE": "faster-whisper", "WHISPER_MODEL": model}
    folder = tmp_path_factory.mktemp("hearing")
    with running_city(folder, HOOK_SECRET=HOOK_SECRET, **settings) as city:
        yield city


@pytest.fixture
def ear(browser: Browser, hearing: City) -> Iterator[Page]:
    """Somebody at the desk, who listens to what the instrument cannot know."""
    added = hearing.runs("official", "add", f"{uuid4().hex}@city.example", *REVIEWER)
    link = re.search(r"http\S+", added)
    assert link
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    page.goto(link.group())
    expect(page).to_have_url(f"{hearing.url}/desk", timeout=PATIENCE)
    yield page
    context.close()


@dataclass
class Speaker:
    """A resident who neither types nor taps, and plays what she is answered."""

    phone: Resident
    language: str
    yes: str
    heard: int = 0

    def says(self, words: str) -> str:
        """Say something, play the answer's sound, and return the answer's text.

        If it was heard by half, she is asked whether it is right: she says yes.
        """
        before = self.messages()
        speak_into(self.phone.page, say(words, self.language))
        answer = self.hears(before)
        if render(CHECK, self.language) in answer:
            before = self.messages()
            speak_into(self.phone.page, say(self.yes, self.language))
            answer = self.hears(before)
        return answer

    def hears(self, before: int) -> str:
        """Wait for one more voice note of ours; nothing may be wrong with its sound."""
        sounds = self.phone.page.locator(f"{INCOMING} .player")
        expect(sounds).to_have_count(self.heard + 1, timeout=PATIENCE)
        self.heard += 1
        self._listen()
        return "\n".join(self.phone.page.locator(INCOMING).all_inner_texts()[before:])

    def _listen(self) -> None:
        request = self.phone.context.request
        mark = {"X-Requested-With": "phone"}
        told = request.get(f"{self.phone.url}/phone/messages", headers=mark)
        notes = [each for each in told.json()["messages"] if not each["mine"]]
        newest = next(each["sound"] for each in reversed(notes) if each["sound"])
        sound = request.get(urljoin(self.phone.url, newest))
        assert sound.status == 200
        seen = waveform(samples_of(sound.body()))
        assert seen.faults == ()
        assert 1 < seen.seconds <= 60

    def messages(self) -> int:
        return self.phone.page.locator(INCOMING).count()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("words", TALKS, ids=lambda each: each.language)
def test_a_whole_talk_goes_by_voice_alone(
    words: Words, browser: Browser, hearing: City, ear: Page
) -> None:
    phone = take_phone(browser, hearing.url)
    put_in(phone.context)
    phone.page = phone.new_page()
    phone.opens()
    aylin = Speaker(phone, words.language, words.yes)
    aylin.says(words.name)
    expect(phone.page.locator("html")).to_have_attribute("lang", words.language)
    aylin.says(words.begin)
    plan, before = tells_what_nobody_can_recognise(aylin, words)
    write_down(ear, plan, words.language)
    assert plan in aylin.hears(before)
    number = re.search(r"\d+", aylin.says(words.yes))
    assert number
    aylin.says(words.skip)
    assert f"{number.group()} – " in aylin.says(words.status)
    aylin.says(words.vote)
    chosen = aylin.says(words.numbers)
    assert "21" in chosen
    assert "30" in chosen
    aylin.says(words.yes)
    before = phone.page.locator(INCOMING).count()
    ask_how_it_goes(hearing, int(number.group()))
    aylin.hears(before)
    aylin.says(words.good)
    phone.is_pictured(f"by-voice-{words.language}")
    assert phone.page.locator("#log .message.mine p[dir]").count() == 0, "only sound"
    assert phone.troubles == []
    phone.context.close()


def tells_what_nobody_can_recognise(aylin: Speaker, words: Words) -> tuple[str, int]:
    """Tell a plan until a person is to listen; return it, and how many messages came.

    The instrument says that it is unsure of a sentence that it does not know, or takes
    it for another. She says no to what is wrong; nobody has to say it three times.
    """
    plan = unknown_plan(words.language)
    for _ in range(2):
        answer = aylin.says(plan)
        if words.listens not in answer:
            answer = aylin.says(words.no)
        if words.listens in answer:
            break
    assert words.listens in answer
    return bare(plan), aylin.messages()


def unknown_plan(language: str) -> str:
    """Return a sentence of which the instrument knows that it did not understand it."""
    folder = instrument_folder()
    ears = load("faster-whisper", str(folder / NAME), folder)
    assert ears is not None
    told = {
        each: ears.transcribe(decode(ogg_opus(say(each, language))), language)
        for each in SENTENCES[language]
    }
    bad = (each for each, heard in told.items() if heard.level is Level.BAD)
    return next(bad, SENTENCES[language][0])


def write_down(ear: Page, plan: str, language: str) -> None:
    """Write down what the newest note says, and send it back for her yes."""
    ear.goto(urljoin(ear.url, "/desk/listening"))
    note = ear.locator(WAITING).last
    note.locator("textarea").fill(plan)
    note.locator("select[name=language]").select_option(language)
    note.locator("button.strong").click()
    expect(ear.locator(WAITING)).to_have_count(0)


def ask_how_it_goes(city: City, plan: int) -> None:
    """Choose her plan and send a check-in, as the officials' own system does."""
    call(city, "plan.status", {"plan": plan, "status": "started", "note": {}})
    question = {"nl": "Klopt het?", "en": "Right?", "tr": "Doğru mu?", "ar": "صحيح؟"}
    call(city, "checkin.send", {"plans": [plan], "question": question})


def call(city: City, kind: str, data: dict[str, object]) -> None:
    now, name = datetime.now(UTC), f"msg_{uuid4().hex}"
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data})
    signed = {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(HOOK_SECRET).sign(name, now, body),
    }
    place = f"{city.url}/hooks"
    with urlopen(Request(place, body.encode(), signed)) as answer:  # noqa: S310 - ours
        assert answer.status == 202
