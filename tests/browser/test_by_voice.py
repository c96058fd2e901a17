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
from functools import partial
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
MORE = "([what, count]) => document.querySelectorAll(what).length > count"
TRIES, QUIET = 3, 2_500
CHECK = Say("Is that right?")
NUMBER = re.compile(r"(?<![\d:])\d{2,3}(?![\d:])")
ROW = re.compile(r"^[^\w]*(\d+) – ", re.MULTILINE)
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
        vote="oy vermek istiyorum",
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
    settings["DESK_SECOND_FACTOR"] = "offered"
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

    def says(self, words: str, until: str = "") -> str:
        """Say something, play the answer's sound, and return the answer's text.

        If it was heard by half, she is asked whether it is right, and says yes. If the
        answer does not hold `until`, she was misheard: she says it again, three times.
        """
        for _ in range(TRIES):
            answer = self._is_answered(words)
            if render(CHECK, self.language) in answer:
                answer = self._is_answered(self.yes)
            if until in answer:
                return answer
        raise AssertionError(f"{words!r} is never answered by {until!r}: {answer}")

    def _is_answered(self, words: str) -> str:
        before = self.messages()
        speak_into(self.phone.page, say(words, self.language))
        return self.hears(before)

    def hears(self, before: int) -> str:
        """Wait for a voice note of ours, and until nothing more comes; listen to it."""
        page, sounds = self.phone.page, f"{INCOMING} .player"
        page.wait_for_function(MORE, arg=[sounds, self.heard], timeout=PATIENCE)
        while (count := page.locator(sounds).count()) != self.heard:
            self.heard = count
            page.wait_for_timeout(QUIET)
        self._listen()
        return "\n".join(page.locator(INCOMING).all_inner_texts()[before:])

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
    said = partial(in_words, language=words.language)
    aylin.says(words.name, said("You are talking to a computer."))
    expect(phone.page.locator("html")).to_have_attribute("lang", words.language)
    aylin.says(words.begin, said("Tell me your plan for the neighbourhood."))
    plan, before = tells_what_nobody_can_recognise(aylin, words)
    write_down(ear, plan, words.language)
    assert plan in aylin.hears(before)
    receipt = aylin.says(words.yes, said("Thank you. Your plan is saved."))
    number = NUMBER.search(receipt)
    assert number, receipt
    aylin.says(words.skip, said("Want to hear how it goes? Type or say: status."))
    aylin.says(words.status, f"{number.group()} – ")
    aylin.says(words.vote, said("Do you know the numbers? Say or type them."))
    chooses(aylin, words)
    aylin.says(words.yes, said("Thank you. We have your vote."))
    before = aylin.messages()
    ask_how_it_goes(hearing, int(number.group()))
    aylin.hears(before)
    aylin.says(words.good, said("Thank you. I wrote it down."))
    phone.is_pictured(f"by-voice-{words.language}")
    assert phone.page.locator("#log .message.mine p[dir]").count() == 0, "only sound"
    assert phone.troubles == []
    phone.context.close()


def in_words(msgid: str, language: str) -> str:
    """Return what she reads of a message without parameters."""
    return render(Say(msgid), language)


def chooses(aylin: Speaker, words: Words) -> None:
    """Choose two plans in one breath; put right by number what was read back wrong."""
    wanted = {21, 30}
    answer = aylin.says(words.numbers)
    for _ in range(4):
        wrong = wanted ^ {int(each) for each in ROW.findall(answer)}
        if not wrong:
            return
        answer = aylin.says(str(min(wrong)))
    raise AssertionError(answer)


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
    notes = ear.locator(WAITING)
    others, note = notes.count() - 1, notes.last
    note.locator("textarea").fill(plan)
    note.locator("select[name=spoken]").select_option(language)
    note.locator("select[name=language]").select_option(language)
    note.locator("button.strong").click()
    expect(notes).to_have_count(others)


def ask_how_it_goes(city: City, plan: int) -> None:
    """Send a check-in, as the officials' own system does."""
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
