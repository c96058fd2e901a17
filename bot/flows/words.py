"""Words of four languages, typed or said, to the acts that buttons stand for.

A flow never compares strings: it sees an act ("yes", "menu:vote", "support") and
numbers. Words of the contract work as a whole message in every state; yes, no and the
like also inside a short answer, where the state expects them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from bot.domain.languages import LANGUAGES, Language
from bot.flows.numbers import find_numbers
from bot.flows.spelling import plain

SHORT = 6
_JOINTS = frozenset({"en", "and", "ve", "ile", "و", "wa", "met"})
_Table = Mapping[str, Mapping[str, str]]

_WORDS: _Table = {
    "lang": {
        "nl": "taal|andere taal|talen",
        "en": "language|languages",
        "tr": "dil|diller|dil değiştir",
        "ar": "لغة|اللغة|تغيير اللغة|lougha",
    },
    "menu:plan": {
        "nl": "plan|idee|voorstel|wens|ik heb een plan|ik heb een idee|nieuw plan",
        "en": "plan|idea|wish|proposal|i have a plan|i have an idea|new plan",
        "tr": "plan|fikir|öneri|proje|bir planım var|bir fikrim var|yeni plan",
        "ar": "خطة|فكرة|مشروع|اقتراح|لدي خطة|عندي خطة|عندي فكرة|خطة جديدة",
    },
    "menu:vote": {
        "nl": "stem|stemmen|ik wil stemmen",
        "en": "vote|voting|i want to vote",
        "tr": "oy|oylama|oy ver|oy vermek istiyorum",
        "ar": "تصويت|صوت|أصوت|أريد التصويت|التصويت|انتخاب",
    },
    "menu:status": {
        "nl": "status|hoe staat het|mijn plan|mijn plannen",
        "en": "status|how is it going|my plan|my plans",
        "tr": "durum|durum nedir|planım|planlarım",
        "ar": "حالة|الحالة|ما الجديد|خطتي|خططي",
    },
    "menu:help": {
        "nl": "help|hulp|wat kan ik doen|menu|start",
        "en": "help|what can i do|menu|start",
        "tr": "yardım|ne yapabilirim|menü|başla",
        "ar": "مساعدة|المساعدة|ماذا أفعل|قائمة|القائمة|ابدأ",
    },
    "person": {
        "nl": "medewerker|mens|iemand|een mens|echt persoon|code vergeten",
        "en": "person|human|someone|a person|code forgotten",
        "tr": "görevli|insan|biri|kodu unuttum",
        "ar": "موظف|شخص|إنسان|شي واحد|نسيت الرمز",
    },
    "repeat": {
        "nl": "nog een keer|herhaal|herhalen|wat zegt u|opnieuw|luister nog eens",
        "en": "again|repeat|say again|what|listen again|once more",
        "tr": "tekrar|bir daha|anlamadım|efendim|tekrar dinle",
        "ar": "مرة أخرى|أعيدوا|عاود|اعد|استماع مرة أخرى|3awed",
    },
    "listen": {
        "nl": "luister|luisteren|voorlezen|lees voor",
        "en": "listen|read aloud|read to me",
        "tr": "dinle|dinlemek|sesli oku",
        "ar": "استماع|اسمع|اقرأ لي|استمع",
    },
    "privacy": {
        "nl": "privacy",
        "en": "privacy",
        "tr": "gizlilik",
        "ar": "الخصوصية|خصوصية",
    },
    "mydata": {
        "nl": "mijn gegevens",
        "en": "my data",
        "tr": "bilgilerim|verilerim",
        "ar": "بياناتي",
    },
    "rules": {
        "nl": "regels|de regels",
        "en": "rules|the rules",
        "tr": "kurallar",
        "ar": "القواعد|قواعد",
    },
    "explain": {
        "nl": "uitleg|leg uit",
        "en": "explain|explanation",
        "tr": "açıkla|açıklama",
        "ar": "شرح|الشرح|اشرحوا",
    },
    "result": {
        "nl": "uitslag|de uitslag",
        "en": "result|results|the result",
        "tr": "sonuç|sonuçlar",
        "ar": "النتيجة|نتيجة|النتائج",
    },
    "stop": {
        "nl": "stop|stoppen|stop berichten",
        "en": "stop|unsubscribe|stop messages",
        "tr": "dur|durdur|mesajları durdur",
        "ar": "توقف|توقفوا|اوقفوا الرسائل",
    },
    "forget": {
        "nl": "vergeet mij|vergeet me",
        "en": "forget me",
        "tr": "beni unut|beni unutun",
        "ar": "انسني|انسوني",
    },
    "yes": {
        "nl": "ja|jawel|klopt|goed|oké|ok|prima|ja hoor|graag|zeker",
        "en": "yes|yeah|yep|ok|okay|right|correct|sure",
        "tr": "evet|olur|tamam|doğru|he|peki|tabii",
        "ar": "نعم|أيوه|إيه|آه|واخا|صح|تمام|اكيد|na3am|iyeh|wakha",
    },
    "no": {
        "nl": "nee|neen|klopt niet|niet goed|fout|nee hoor|nee dank u",
        "en": "no|nope|not right|wrong|no thank you|no thanks",
        "tr": "hayır|yok|değil|yanlış|olmaz|doğru değil",
        "ar": "لا|غير صحيح|خطأ|لا لا|كلا|lla|la",
    },
    "done": {
        "nl": "klaar|dat was het|verder|ik ben klaar",
        "en": "done|that is all|thats all|finished|ready",
        "tr": "bitti|bu kadar|tamam|hazır",
        "ar": "تم|خلاص|انتهيت|صافي|safi",
    },
    "back": {
        "nl": "terug|toch niet wissen",
        "en": "back|go back",
        "tr": "geri|geri dön",
        "ar": "رجوع|ارجع|عودة",
    },
    "more": {
        "nl": "meer|meer plannen",
        "en": "more|more plans",
        "tr": "daha fazla|daha|devam",
        "ar": "المزيد|مزيد|اكثر",
    },
    "skip": {
        "nl": "sla over|overslaan|weet ik niet",
        "en": "skip|skip it|i do not know",
        "tr": "geç|atla|bilmiyorum",
        "ar": "تخطَّ|تخطي|لا أعرف",
    },
    "vote:numbers": {
        "nl": "ik weet de nummers|nummers",
        "en": "i know the numbers|numbers",
        "tr": "numaraları biliyorum|numaralar",
        "ar": "أعرف الأرقام|الأرقام",
    },
    "vote:help": {
        "nl": "help mij kiezen|kies samen",
        "en": "help me choose",
        "tr": "birlikte seçelim|seçmeme yardım et",
        "ar": "ساعدوني في الاختيار|ساعدوني",
    },
    "later": {
        "nl": "later|niet nu|nog niet|nog niet begonnen",
        "en": "later|not now|not yet|not started yet",
        "tr": "sonra|şimdi değil|henüz değil|henüz başlamadı",
        "ar": "لاحقا|ليس الآن|لم نبدأ بعد",
    },
    "call": {
        "nl": "bel mij|bellen|bel me",
        "en": "call me|call",
        "tr": "beni arayın|ara",
        "ar": "اتصلوا بي|اتصال",
    },
    "join": {
        "nl": "meedoen|meedoen met een plan",
        "en": "join|join another plan",
        "tr": "katıl|bir plana katılayım",
        "ar": "أشارك|أشارك في خطة أخرى",
    },
    "keep": {
        "nl": "bewaar|bewaar voor later",
        "en": "keep|keep it for later",
        "tr": "sakla|sonraya saklayın",
        "ar": "احفظوها|احفظوها لوقت لاحق",
    },
    "nothing": {
        "nl": "niets|nee dank u",
        "en": "nothing|no thank you",
        "tr": "hiçbir şey|hayır teşekkürler",
        "ar": "لا شيء|لا شكرا",
    },
    "good": {
        "nl": "het gaat goed|gaat goed|goed",
        "en": "it is going well|going well|good|well",
        "tr": "iyi gidiyor|iyi",
        "ar": "تسير جيدا|جيد|مزيان|بخير",
    },
    "stuck": {
        "nl": "ik wil graag hulp|loopt vast|vast|hulp",
        "en": "i would like help|stuck|help",
        "tr": "yardım istiyorum|takıldı|yardım",
        "ar": "أريد مساعدة|متعثرة|مساعدة",
    },
    "forget:keep": {
        "nl": "plan mag blijven",
        "en": "keep the plan",
        "tr": "plan kalsın",
        "ar": "تبقى الخطة",
    },
    "forget:drop": {
        "nl": "haal mijn plan weg",
        "en": "remove my plan",
        "tr": "planımı kaldırın",
        "ar": "احذفوا خطتي",
    },
    "greeting": {
        "nl": "hallo|hoi|goedemorgen|goedemiddag|goedenavond|dag",
        "en": "hello|hi|hey|good morning|good evening",
        "tr": "merhaba|selam|iyi günler|günaydın|iyi akşamlar",
        "ar": "السلام عليكم|سلام|مرحبا|أهلا|صباح الخير|مساء الخير|salam",
    },
    "thanks": {
        "nl": "dank u|dank u wel|bedankt|dankjewel",
        "en": "thank you|thanks",
        "tr": "teşekkürler|teşekkür ederim|sağ olun|sağol",
        "ar": "شكرا|شكرا لكم|شكرا جزيلا|choukran",
    },
}

_VERBS: _Table = {
    "support": {
        "nl": "steun|ik steun|steunen",
        "en": "support|i support",
        "tr": "destekle|destek|destekliyorum",
        "ar": "ادعم|دعم|أدعم",
    },
    "follow": {
        "nl": "volg|ik volg|volgen",
        "en": "follow|i follow",
        "tr": "takip|takip et|izle",
        "ar": "تابع|متابعة|أتابع",
    },
    "plan": {
        "nl": "plan|plan nummer|nummer",
        "en": "plan|plan number|number",
        "tr": "plan|plan numarası|numara",
        "ar": "خطة|الخطة|رقم|الخطة رقم",
    },
    "menu:vote": {
        "nl": "stem|ik stem|stem op|ik kies|kies",
        "en": "vote|i vote|vote for|i choose|choose",
        "tr": "oy|oyum|seçiyorum|oy ver",
        "ar": "صوت|أصوت|تصويت|أختار",
    },
}

_LANGUAGE_NAMES: Mapping[str, Language] = {
    "nl": "nl",
    "nederlands": "nl",
    "hollands": "nl",
    "dutch": "nl",
    "en": "en",
    "english": "en",
    "engels": "en",
    "tr": "tr",
    "turkce": "tr",
    "turks": "tr",
    "turkish": "tr",
    "ar": "ar",
    "العربيه": "ar",
    "عربي": "ar",
    "عربيه": "ar",
    "arabisch": "ar",
    "arabic": "ar",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What words can mean: acts of the whole message, acts inside a short one.

    `numbers` are all numbers in it, in order; `bare` tells that there are no other
    words than a verb; `language` is that of the whole-message word.
    """

    whole: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    bare: bool = False
    language: Language | None = None

    def act(self, expected: Collection[str]) -> str | None:
        """Return the one act meant, given what the state expects; None if unclear.

        An expected act goes first ("tamam" is yes at a yes-or-no question and done on
        a ballot). Inside a longer answer only expected acts count, and only if all that
        is found there points the same way.
        """
        for act in self.whole:
            if act in expected:
                return act
        if self.whole:
            return self.whole[0]
        found = {act for act in self.inside if act in expected}
        return found.pop() if len(found) == 1 else None


def understand(text: str, language: Language | None) -> Understood:
    """Return what `text` can mean in `language` (None: in any of the four).

    The talk's own language is tried first; a whole-message word of another language
    counts too, because people mix them, but never overrides the talk's own.
    """
    for each in _order(language):
        whole = _table(each).get(plain(text, each))
        if whole:
            numbers = _numbers(text, each)[0]
            return Understood(whole, (), tuple(numbers), language=each)
    own = language or "nl"
    numbers, rest = _numbers(text, own)
    rest = [word for word in rest if word not in _JOINTS]
    verb = _verb(" ".join(rest), language) if numbers else None
    bare = bool(numbers) and (not rest or verb is not None)
    whole = (verb,) if verb else ()
    return Understood(whole, _inside(text, language), tuple(numbers), bare)


def named_language(text: str) -> Language | None:
    """Return the language that `text` names: its code, its own name, or in Dutch."""
    return _LANGUAGE_NAMES.get(plain(text))


def _order(language: Language | None) -> Iterable[Language]:
    others = [each for each in LANGUAGES if each != language]
    return [language, *others] if language else others


def _numbers(text: str, language: Language) -> tuple[list[int], list[str]]:
    return find_numbers(plain(text, language).split(), language)


def _verb(rest: str, language: Language | None) -> str | None:
    """Return the act of the words around numbers: "steun" in "steun 21"."""
    for each in _order(language):
        act = _verbs(each).get(rest)
        if act:
            return act
    return None


def _inside(text: str, language: Language | None) -> tuple[str, ...]:
    """Find words inside a short answer, longest first and without overlap."""
    if language is None:
        return ()
    words = plain(text, language).split()
    if len(words) > SHORT:
        return ()
    return tuple(_scan(words, _table(language)))


def _scan(words: Sequence[str], table: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """Yield the acts in `words`, the longest phrase at each place."""
    at = 0
    while at < len(words):
        for width in range(len(words) - at, 0, -1):
            acts = table.get(" ".join(words[at : at + width]))
            if acts:
                yield from acts
                break
        else:
            width = 1
        at += width


@cache
def _table(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Return each plain phrase of `language` with the acts it can stand for."""
    return MappingProxyType(_phrases(_WORDS, language))


@cache
def _verbs(language: Language) -> Mapping[str, str]:
    found = _phrases(_VERBS, language)
    return MappingProxyType({phrase: acts[0] for phrase, acts in found.items()})


def _phrases(source: _Table, language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for act, texts in source.items():
        for phrase in texts[language].split("|"):
            key = plain(phrase, language)
            found[key] = (*found.get(key, ()), act)
    return found
