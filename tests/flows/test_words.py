"""What words mean: numbers and the contract's words, in four languages, and traps."""

from collections.abc import Iterator

import pytest

from bot.domain.effects import CastBallot, Forget, RaiseTask, StopMessages
from bot.domain.languages import LANGUAGES, Language
from bot.flows.numbers import TOP, number_words
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

# --- Numbers -------------------------------------------------------------------

_NL_BELOW_20 = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien"
).split()
_NL_TENS = ("twintig dertig veertig vijftig zestig zeventig tachtig negentig").split()
_EN_BELOW_20 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TR_UNITS = "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split()
_TR_TENS = "on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()
_AR_BELOW_20 = (
    "صفر|واحد|اثنان|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة|أحد عشر|اثنا عشر|"
    "ثلاثة عشر|أربعة عشر|خمسة عشر|ستة عشر|سبعة عشر|ثمانية عشر|تسعة عشر"
).split("|")
_AR_TENS = "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split()


def dutch(number: int) -> str:
    """Return a number as a Dutch schoolbook writes it."""
    if number >= 100:
        hundred = "honderd" if number < 200 else "tweehonderd"
        return hundred + (dutch(number % 100) if number % 100 else "")
    if number < 20:
        return _NL_BELOW_20[number]
    ten, unit = _NL_TENS[number // 10 - 2], _NL_BELOW_20[number % 10]
    joint = "ën" if unit in {"twee", "drie"} else "en"
    return f"{unit}{joint}{ten}" if number % 10 else ten


def english(number: int) -> str:
    """Return a number as an English schoolbook writes it."""
    if number >= 100:
        rest = f" and {english(number % 100)}" if number % 100 else ""
        return f"{_EN_BELOW_20[number // 100]} hundred{rest}"
    if number < 20:
        return _EN_BELOW_20[number]
    ten = _EN_TENS[number // 10 - 2]
    return f"{ten}-{_EN_BELOW_20[number % 10]}" if number % 10 else ten


def turkish(number: int) -> str:
    """Return a number as a Turkish schoolbook writes it."""
    if number == 0:
        return _TR_UNITS[0]
    words = [["", "yüz", "iki yüz"][number // 100]]
    words += [_TR_TENS[number // 10 % 10 - 1]] if number // 10 % 10 else []
    words += [_TR_UNITS[number % 10]] if number % 10 else []
    return " ".join(words).strip()


def arabic(number: int) -> str:
    """Return a number as an Arabic schoolbook writes it."""
    if number >= 100:
        rest = f" و{arabic(number % 100)}" if number % 100 else ""
        return ("مئة" if number < 200 else "مئتان") + rest
    if number < 20:
        return _AR_BELOW_20[number]
    ten = _AR_TENS[number // 10 - 2]
    return f"{_AR_BELOW_20[number % 10]} و{ten}" if number % 10 else ten


SCHOOLBOOK = {"nl": dutch, "en": english, "tr": turkish, "ar": arabic}
DIGITS = (
    "0123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "०१२३४५६७८९",
    "０１２３４５６７８９",
)


def heard(text: str, language: Language) -> tuple[int, ...]:
    return understand(text, language).numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_up_to_299_is_known_as_it_is_written(language: Language) -> None:
    written = {number: SCHOOLBOOK[language](number) for number in range(TOP + 1)}
    misheard = {n: w for n, w in written.items() if heard(w, language) != (n,)}
    assert len(set(written.values())) == 300
    assert misheard == {}


@pytest.mark.parametrize("digits", DIGITS, ids=lambda digits: digits[:3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_known_in_digits_of_every_script(
    language: Language, digits: str
) -> None:
    own = str.maketrans("0123456789", digits)
    missed = [
        n for n in range(TOP + 1) if heard(str(n).translate(own), language) != (n,)
    ]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_way_to_say_a_number_means_another_one_in_the_table(
    language: Language,
) -> None:
    spellings = number_words(language)
    assert len(spellings) > TOP
    wrong = {w: n for w, n in spellings.items() if heard(w, language) != (n,)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        pytest.param("nl", "21 30 70", (21, 30, 70), id="digits with spaces"),
        pytest.param("nl", "21,30,70.", (21, 30, 70), id="digits with commas"),
        pytest.param("nl", "21/30-70", (21, 30, 70), id="digits with other marks"),
        pytest.param("nl", "21 en 30 en 70", (21, 30, 70), id="digits and words"),
        pytest.param(
            "nl", "eenentwintig dertig", (21, 30), id="Dutch, one after another"
        ),
        pytest.param(
            "nl", "een en twintig, dertig", (21, 30), id="Dutch, written apart"
        ),
        pytest.param("nl", "ÉÉNENTWINTIG", (21,), id="Dutch, in capitals"),
        pytest.param(
            "nl", "twintig en dertig", (20, 30), id="twenty and thirty are two"
        ),
        pytest.param("en", "twenty one and thirty", (21, 30), id="English with and"),
        pytest.param("en", "a hundred and ten", (110,), id="a hundred and ten"),
        pytest.param("tr", "yirmi bir otuz", (21, 30), id="Turkish, one after another"),
        pytest.param("tr", "yirmi bir ve otuz", (21, 30), id="Turkish with and"),
        pytest.param("tr", "YİRMİ BİR", (21,), id="Turkish capitals"),
        pytest.param("tr", "yirmibir", (21,), id="Turkish, written together"),
        pytest.param("tr", "yüzyirmibir", (121,), id="a hundred, written together"),
        pytest.param("ar", "واحد وعشرين", (21,), id="Arabic says the unit first"),
        pytest.param("ar", "واحد و عشرين", (21,), id="with the joint apart"),
        pytest.param("ar", "عشرين وثلاثين", (20, 30), id="twenty and thirty are two"),
        pytest.param("ar", "21 و30 و70", (21, 30, 70), id="digits joined by and"),
        pytest.param("ar", "٢١ و ٣٠", (21, 30), id="Arabic digits and and"),
        pytest.param("ar", "واحد وعشرين وثلاثين", (21, 30), id="21 and 30 in words"),
        pytest.param("ar", "جوج وعشرين", (22,), id="Moroccan two"),
        pytest.param("ar", "حداش", (11,), id="Moroccan eleven"),
    ],
)
def test_lists_as_people_say_them(
    language: Language, text: str, numbers: tuple[int, ...]
) -> None:
    found = understand(text, language)
    assert (found.numbers, found.bare) == (numbers, True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("na3am", id="yes in chat letters holds no three"),
        pytest.param("3afak", id="please in chat letters"),
        pytest.param("7ay", id="neighbourhood in chat letters"),
        pytest.param("b2b", id="digits inside a word"),
        pytest.param("2e plan", id="a word that begins with a digit"),
        pytest.param("12345678", id="more digits than any number of ours"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_inside_words_are_letters(text: str, language: Language) -> None:
    assert heard(text, language) == ()


# --- The contract's words --------------------------------------------------------

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


# --- Traps -----------------------------------------------------------------------


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
