"""What words mean in four languages: those of the contract, and traps."""

from collections.abc import Iterator

import pytest

from bot.domain.effects import CastBallot, Forget, RaiseTask, StopMessages
from bot.domain.languages import LANGUAGES, Language
from bot.flows.spelling import plain
from bot.flows.state import (
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Forgetting,
    Menu,
    Talk,
    Voting,
)
from bot.flows.words import understand
from tests.flows.cast import talk
from tests.flows.steps import take, typed

CONTRACT = {
    "lang": "taal · language · dil · لغة",
    "menu:plan": "plan · plan · plan · خطة",
    "menu:vote": "stem · vote · oy · تصويت",
    "menu:status": "status · status · durum · حالة",
    "menu:help": "help · help · yardım · مساعدة",
    "person": "medewerker · person · görevli · موظف",
    "repeat": "nog een keer · again · tekrar · مرة أخرى",
    "listen": "luister · listen · dinle · استماع",
    "privacy": "privacy · privacy · gizlilik · الخصوصية",
    "mydata": "mijn gegevens · my data · bilgilerim · بياناتي",
    "link": "koppel · link · bağla · ربط",
    "rules": "regels · rules · kurallar · القواعد",
    "result": "uitslag · result · sonuç · النتيجة",
    "stop": "stop · stop · dur · توقف",
    "forget": "vergeet mij · forget me · beni unut · انسني",
}
ANSWERS = {
    "yes": "ja · yes · evet · نعم",
    "no": "nee · no · hayır · لا",
    "done": "klaar · done · bitti · تم",
    "back": "terug · back · geri · رجوع",
    "more": "meer · more · daha fazla · المزيد",
    "skip": "sla over · skip · geç · تخطَّ",
}
SAID = {
    "yes": "jawel,klopt,goed,oké,prima · yeah,ok,right,correct"
    " · olur,tamam,doğru,he,peki · أيوه,إيه,آه,واخا,صح,تمام,na3am,iyeh,wakha",
    "no": "klopt niet,niet goed,fout,nee hoor · not right,wrong,nope"
    " · yok,değil,yanlış,olmaz · غير صحيح,خطأ,لا لا,lla,la",
    "done": "dat was het,verder · that is all,finished · tamam,bu kadar"
    " · خلاص,انتهيت,صافي,safi",
    "repeat": "nog een keer,wat zegt u · again,say again,what"
    " · tekrar,bir daha,anlamadım,efendim · مرة أخرى,أعيدوا,عاود,3awed",
    "person": "mens,iemand,medewerker · person,human,someone · görevli,insan,biri"
    " · موظف,شخص,إنسان,شي واحد",
    "menu:plan": "idee,voorstel,wens · idea,wish,proposal · fikir,öneri,proje"
    " · فكرة,مشروع,اقتراح",
}


def spoken(table: dict[str, str]) -> Iterator[tuple[Language, str, str]]:
    """Yield language, word and act of every word in a table of four columns."""
    for act, row in table.items():
        for language, words in zip(LANGUAGES, row.split(" · "), strict=True):
            for word in words.split(","):
                yield language, word, act


WORDS = [*spoken(CONTRACT), *spoken(ANSWERS), *spoken(SAID)]


def can_mean(text: str, language: Language) -> tuple[str, ...]:
    return understand(text, language).whole


@pytest.mark.parametrize(("language", "word", "act"), WORDS)
def test_a_word_stands_for_its_button(language: Language, word: str, act: str) -> None:
    assert act in can_mean(word, language)
    assert act in can_mean(f" {word.upper()}! ", language)


OPEN_TALKS = {
    "at rest": talk(Menu()),
    "telling a plan": talk(DescribingPlan()),
    "asked for yes to a plan": talk(ConfirmingPlan(), text="A bench"),
    "on the ballot": talk(Voting(), picks=(21,)),
    "asked for yes to a vote": talk(ConfirmingVote(), picks=(21,)),
}


@pytest.mark.parametrize(("language", "word", "act"), list(spoken(CONTRACT)))
@pytest.mark.parametrize("name", OPEN_TALKS)
def test_words_of_the_contract_work_in_every_state(
    name: str, language: Language, word: str, act: str
) -> None:
    before = OPEN_TALKS[name]
    before = Talk(
        before.state, language, before.offered, 0, before.draft, picks=before.picks
    )
    turn = take(before, word)
    assert typed(before, word).act == act
    tasks = [effect for effect in turn.effects if isinstance(effect, RaiseTask)]
    passed_on = {task.note for task in tasks}
    words = before.draft.text if before.draft else ""
    assert turn.talk.draft == before.draft or words in passed_on
    assert turn.talk.misses == 0
    kept = turn.talk.picks.numbers if turn.talk.picks else ()
    assert kept == (before.picks.numbers if before.picks else ())


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        pytest.param("nl", "klopt niet", "no", id="'klopt niet' contains 'klopt'"),
        pytest.param("nl", "dat klopt niet", "no", id="'dat klopt niet' too"),
        pytest.param("tr", "HAYIR", "no", id="Turkish capitals have two letters I"),
        pytest.param("tr", "Hayır.", "no", id="with a full stop"),
        pytest.param("tr", "tamam", "yes", id="'tamam' is yes at a question"),
        pytest.param("nl", "ja graag", "yes", id="'ja graag' is yes"),
        pytest.param("nl", "ja, dit is mijn plan", "yes", id="the label, typed"),
        pytest.param("nl", "Ja, stuur mijn stem", "yes", id="the label of the vote"),
        pytest.param("en", "Yes, send my vote", "yes", id="the same in English"),
        pytest.param("tr", "Evet, oyumu gönder", "yes", id="the same in Turkish"),
        pytest.param("ar", "نعم، أرسلوا صوتي", "yes", id="the same in Arabic"),
        pytest.param("en", "HAYIR", "no", id="a Turkish no in an English talk"),
        pytest.param("nl", "evet", "yes", id="a Turkish yes in a Dutch talk"),
        pytest.param("ar", "na3am", "yes", id="yes in chat letters"),
        pytest.param("ar", "نَعَمْ", "yes", id="yes with its vowels"),
        pytest.param("ar", "نعـــم", "yes", id="yes, stretched"),
    ],
)
def test_answers_to_the_read_back(language: Language, text: str, act: str) -> None:
    before = talk(ConfirmingVote(), language, picks=(21,))
    assert typed(before, text).act == act


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("nl", "klopt helemaal niet", id="not right at all"),
        pytest.param("nl", "dat is niet echt goed", id="not really good"),
        pytest.param("nl", "klopt niet helemaal", id="not wholly right"),
        pytest.param("en", "that is not really right", id="not really right"),
        pytest.param("en", "not at all good", id="not at all good"),
        pytest.param("tr", "hiç doğru değil", id="not true at all"),
        pytest.param("ar", "ليس صحيحا أبدا", id="not right at all in books"),
        pytest.param("nl", "ik weet het niet zeker", id="not certain"),
        pytest.param("nl", "is dat goed?", id="a question"),
        pytest.param("nl", "Hé", id="a Turkish yes that is a Dutch hey"),
        pytest.param("nl", "goed dat je het vraagt", id="a compliment"),
        pytest.param("nl", "ja maar zonder 21", id="yes, but"),
        pytest.param("en", "not sure", id="not sure"),
        pytest.param("en", "I am not sure", id="I am not sure"),
        pytest.param("en", "that is not correct", id="not correct"),
        pytest.param("en", "that is not ok", id="not ok"),
        pytest.param("en", "that isn't right", id="isn't right"),
        pytest.param("en", "yes?", id="a doubtful yes"),
        pytest.param("en", "is this right", id="a question without its mark"),
        pytest.param("en", "yes and no", id="both"),
        pytest.param("tr", "tamam değil", id="not all right"),
        pytest.param("tr", "pek doğru değil", id="not quite true"),
        pytest.param("tr", "evet mi", id="a Turkish question"),
        pytest.param("tr", "dur", id="wait"),
        pytest.param("tr", "dur bir dakika", id="wait a minute"),
        pytest.param("ar", "ماشي", id="fine in the east, not in Morocco"),
        pytest.param("ar", "ماشي صح", id="not right in Morocco"),
        pytest.param("ar", "مش صح", id="not right in the east"),
        pytest.param("ar", "ليس صحيحا", id="not right in books"),
        pytest.param("ar", "لست متأكدا", id="I am not sure in Arabic"),
        pytest.param("ar", "هل هذا صح؟", id="a question in Arabic"),
        pytest.param("nl", "", id="nothing"),
        pytest.param("en", "👍🏽?", id="a sign and a question"),
    ],
)
def test_nothing_but_a_clear_yes_sends_a_vote(language: Language, text: str) -> None:
    turn = take(talk(ConfirmingVote(), language, picks=(21,)), text)
    assert not any(isinstance(effect, CastBallot) for effect in turn.effects)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "weet ik niet zeker"),
        ("en", "not sure"),
        ("tr", "tamam değil"),
        ("ar", "ماشي صح"),
    ],
)
def test_nothing_but_a_clear_yes_erases_a_person(language: Language, text: str) -> None:
    turn = take(talk(Forgetting(), language), text)
    assert not any(isinstance(effect, Forget) for effect in turn.effects)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("tr", "dur bir dakika", id="wait a minute"),
        pytest.param("tr", "dur bakalım", id="let me see"),
        pytest.param("nl", "ik stop met roken", id="I stop smoking"),
        pytest.param("nl", "een bushalte, een stop voor de bus", id="a bus stop"),
        pytest.param("en", "please do not stop", id="do not stop"),
        pytest.param("ar", "توقف الحافلة قرب المدرسة", id="the bus stops at school"),
    ],
)
def test_stop_counts_only_as_a_whole_message(language: Language, text: str) -> None:
    turn = take(talk(Menu(), language), text)
    assert not any(isinstance(effect, StopMessages) for effect in turn.effects)


@pytest.mark.parametrize(
    "text", ["Ben mijn code vergeten", "ik ben de code vergeten", "Vergeet mij niet!"]
)
def test_a_forgotten_code_is_no_wish_to_be_forgotten(text: str) -> None:
    turn = take(talk(Menu(), "nl"), text)
    assert not isinstance(turn.talk.state, Forgetting)
    assert "person" in {b.id for reply in turn.replies for b in reply.buttons}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik kies drie plannen"),
        ("nl", "ik kies drie"),
        ("en", "I choose three plans"),
        ("en", "I choose three"),
        ("tr", "üç plan seçiyorum"),
        ("ar", "أختار ثلاث خطط"),
    ],
)
def test_i_choose_three_plans_is_never_plan_three(
    language: Language, text: str
) -> None:
    for state in (Menu(), Voting()):
        turn = take(talk(state, language, picks=()), text)
        said = [say for reply in turn.replies for say in reply.says]
        assert 3 not in [say.params.get("plan") for say in said]
        assert not (turn.talk.picks and turn.talk.picks.numbers)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        pytest.param("çık", "cik", None, id="Turkish marks"),
        pytest.param("Één", "een", None, id="Dutch marks"),
        pytest.param("إسْتِمَاع", "استماع", None, id="Arabic vowels and hamza"),
        pytest.param("خطـــة", "خطه", None, id="stretched Arabic"),
        pytest.param("HAYIR", "hayır", "tr", id="Turkish capitals"),
        pytest.param("İYİ", "iyi", "tr", id="the dotted one"),
        pytest.param("İYİ", "iyi", None, id="the dotted one elsewhere"),
        pytest.param("  ja!! ", "ja", None, id="marks and spaces"),
        pytest.param("ｏｋ", "ok", None, id="wide letters"),
        pytest.param("st\u200cop", "stop", None, id="a joiner inside a word"),
    ],
)
def test_one_word_however_it_is_spelled(
    one: str, other: str, language: Language | None
) -> None:
    assert plain(one, language) == plain(other, language)


GREETINGS: dict[Language, str] = {
    "nl": "Hallo, goedemorgen|Goedemorgen mevrouw|Hoi, hoe gaat het?",
    "en": "Hello good morning|Hi there|Hello, how are you?",
    "tr": "Merhaba iyi günler|İyi günler efendim|Selamün aleyküm|Merhaba nasılsınız",
    "ar": "السلام عليكم ورحمة الله|السلام عليكم ورحمة الله وبركاته|مرحبا كيف حالكم",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (language, each)
        for language, row in GREETINGS.items()
        for each in row.split("|")
    ],
)
def test_a_long_greeting_is_not_a_plan(language: Language, text: str) -> None:
    turn = take(talk(Menu(), language), text)
    assert not isinstance(turn.talk.state, ConfirmingPlan)
    after = take(take(Talk(), text).talk, "1")
    assert not isinstance(after.talk.state, ConfirmingPlan)


@pytest.mark.parametrize(
    ("sign", "act"),
    [
        pytest.param("\N{THUMBS UP SIGN}", "yes", id="a thumb up"),
        pytest.param("\N{THUMBS UP SIGN}\U0001f3fd", "yes", id="a brown thumb up"),
        pytest.param("\N{THUMBS DOWN SIGN}", "no", id="a thumb down"),
    ],
)
def test_a_thumb_is_an_answer(sign: str, act: str) -> None:
    assert typed(talk(ConfirmingVote(), picks=(21,)), sign).act == act
