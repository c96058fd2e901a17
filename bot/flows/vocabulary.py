"""The words of four languages, and the acts they stand for.

Words of the outside contract first in each row, then what people really say. A phrase
may stand for several acts: the state decides which one is meant.
"""

from collections.abc import Mapping

from bot.domain.languages import Language

Table = Mapping[str, Mapping[str, str]]

WORDS: Table = {
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
        "nl": "medewerker|vraag een medewerker|ik heb een vraag|mens|iemand|een mens|"
        "echt persoon|code vergeten",
        "en": "person|ask a person|i have a question|human|someone|a person|"
        "code forgotten",
        "tr": "görevli|görevliye sorayım|bir sorum var|insan|biri|kodu unuttum",
        "ar": "موظف|أسأل موظفا|عندي سؤال|شخص|إنسان|شي واحد|نسيت الرمز",
    },
    "disagree": {
        "nl": "ik ben het niet eens|niet eens|oneens|ik ben het er niet mee eens|"
        "tel opnieuw|opnieuw tellen|hertellen|bezwaar|ik zie het anders",
        "en": "i disagree|disagree|i do not agree|i don't agree|count again|recount|"
        "objection|i see it differently",
        "tr": "katılmıyorum|aynı fikirde değilim|yeniden sayın|tekrar sayın|"
        "oyları yeniden sayın|itiraz|itiraz ediyorum",
        "ar": "لا أوافق|لست موافقا|لست موافقة|أعيدوا العد|عدوا من جديد|اعتراض|أعترض|"
        "ما متافقش",
    },
    "repeat": {
        "nl": "nog een keer|herhaal|herhalen|wat zegt u|opnieuw|luister nog eens",
        "en": "again|repeat|say again|what|listen again|once more",
        "tr": "tekrar|bir daha|anlamadım|efendim|tekrar dinle",
        "ar": "مرة أخرى|أعيدوا|عاود|اعد|استماع مرة أخرى|3awed",
    },
    "listen": {
        "nl": "luister|luisteren",
        "en": "listen",
        "tr": "dinle|dinlemek",
        "ar": "استماع|اسمع|استمع",
    },
    "aloud": {
        "nl": "voorlezen|lees voor|lees het voor|lees alles voor|hardop",
        "en": "read aloud|read to me|read it to me|read out|aloud",
        "tr": "sesli oku|bana oku|oku bana|sesli okuyun",
        "ar": "اقرأ لي|اقرئي لي|اقرأوا لي|قراءة بصوت|قرا ليا",
    },
    "quiet": {
        "nl": "niet voorlezen|stop voorlezen|stop met voorlezen|niet meer voorlezen|"
        "geen geluid|zonder geluid",
        "en": "stop reading|do not read aloud|don't read aloud|no sound|"
        "stop reading aloud|only text",
        "tr": "sesli okuma|okuma|sesli okumayın|ses istemiyorum|sessiz",
        "ar": "لا تقرأ|لا تقرأ لي|لا تقرأوا لي|بدون صوت|بلا صوت",
    },
    "privacy": {
        "nl": "privacy",
        "en": "privacy",
        "tr": "gizlilik",
        "ar": "الخصوصية|خصوصية",
    },
    "recording:no": {
        "nl": "niet bewaren|nee niet bewaren|bewaar ze niet|opnames niet bewaren",
        "en": "do not keep them|do not keep|no do not keep them|delete my recordings",
        "tr": "saklamayın|hayır saklamayın|ses kayıtlarımı saklamayın",
        "ar": "لا تحفظوها|لا لا تحفظوها|لا تحفظوا تسجيلاتي",
    },
    "mydata": {
        "nl": "mijn gegevens",
        "en": "my data",
        "tr": "bilgilerim|verilerim",
        "ar": "بياناتي",
    },
    "link": {
        "nl": "koppel|koppelen|apps koppelen",
        "en": "link|link my apps",
        "tr": "bağla|uygulamaları bağla",
        "ar": "ربط|اربطوا|الربط|ربط التطبيقين",
    },
    "unlink": {
        "nl": "ontkoppel|ontkoppelen|apps ontkoppelen",
        "en": "unlink|unlink my apps",
        "tr": "bağlantıyı kes|bağlantıyı kesin|bağlantıyı kaldır",
        "ar": "فصل|افصلوا|الفصل|فصل التطبيقين",
    },
    "link:there": {
        "nl": "ik heb een woord|ik heb al een woord",
        "en": "i have a word|i have a word already",
        "tr": "kelimem var|bir kelimem var",
        "ar": "عندي كلمة|لدي كلمة",
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
    "money": {
        "nl": "geld|het geld|waar ging geld heen|waar ging het geld heen|"
        "waar is het geld heen|wat is er betaald",
        "en": "money|the money|where did money go|where did the money go|what was paid",
        "tr": "para|para nereye gitti|paralar nereye gitti|ne kadar harcandı",
        "ar": "المال|مال|أين ذهب المال|وين راحت الفلوس|فين مشات الفلوس",
    },
    "trust": {
        "nl": "mening|mijn mening|vragenlijst",
        "en": "opinion|my opinion|questions",
        "tr": "görüş|görüşüm|anket",
        "ar": "رأيي|رأي|استطلاع",
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
        "nl": "ja|jawel|klopt|goed|oké|ok|prima|ja hoor|graag|ja bewaar ze|"
        "ja dit plan|ja laat het zo",
        "en": "yes|yes keep them|yes this plan|yes leave it|yeah|yep|ok|okay|"
        "right|correct",
        "tr": "evet|evet saklayın|evet bu plan|evet kalsın|olur|tamam|doğru|he|peki",
        "ar": "نعم|نعم احفظوها|نعم هذه الخطة|نعم اتركوه|أيوه|إيه|آه|واخا|صح|صحيح|"
        "تمام|na3am|iyeh|wakha",
    },
    "no": {
        "nl": "nee|neen|klopt niet|niet goed|fout|nee hoor|nee dank u|nee kies opnieuw",
        "en": "no|nope|not right|wrong|no thank you|no thanks|no choose anew",
        "tr": "hayır|hayır yeniden seç|yok|değil|yanlış|olmaz|doğru değil",
        "ar": "لا|لا أختار من جديد|غير صحيح|خطأ|لا لا|كلا|lla|la",
    },
    "done": {
        "nl": "klaar|dat was het|verder|ik ben klaar",
        "en": "done|that is all|thats all|finished|ready",
        "tr": "bitti|bu kadar|tamam|hazır",
        "ar": "تم|خلاص|انتهيت|صافي|safi",
    },
    "back": {
        "nl": "terug|toch niet wissen",
        "en": "back|go back|do not delete",
        "tr": "geri|geri dön|silmeyin",
        "ar": "رجوع|ارجع|عودة|لا تحذفوا شيئا",
    },
    "more": {
        "nl": "meer|meer plannen",
        "en": "more|more plans",
        "tr": "daha fazla|daha|devam",
        "ar": "المزيد|مزيد|اكثر",
    },
    "skip": {
        "nl": "sla over|sla deze vraag over|overslaan|weet ik niet",
        "en": "skip|skip this question|skip it|i do not know",
        "tr": "geç|bu soruyu geç|atla|bilmiyorum",
        "ar": "تخطَّ|تخطي|تخطي هذا السؤال|لا أعرف",
    },
    "vote:numbers": {
        "nl": "ik weet de nummers|nummers",
        "en": "i know the numbers|numbers",
        "tr": "numaraları biliyorum|numaralar",
        "ar": "أعرف الأرقام|الأرقام",
    },
    "vote:help": {
        "nl": "help mij kiezen|kies samen|ander onderwerp|een ander onderwerp",
        "en": "help me choose|another subject",
        "tr": "birlikte seçelim|seçmeme yardım et|başka konu|başka bir konu",
        "ar": "ساعدوني في الاختيار|ساعدوني|موضوع آخر",
    },
    "vote:list": {
        "nl": "lijst|als lijst|de lijst|laat een lijst zien",
        "en": "list|as a list|the list|show a list",
        "tr": "liste|liste olarak|listeyi göster",
        "ar": "كقائمة|قائمة الخطط|أظهروا قائمة",
    },
    "next": {
        "nl": "volgende|volgend plan|verder|het volgende plan|de volgende",
        "en": "next|next plan|the next plan|the next one",
        "tr": "sonraki|sonraki plan|sıradaki|sıradaki plan",
        "ar": "التالي|التالية|الخطة التالية|غيرها",
    },
    "vote:other": {
        "nl": "iemand anders stemt|de volgende stemt",
        "en": "another person votes|the next person votes",
        "tr": "başka biri oy verir|başka biri oy veriyor|sıradaki oy veriyor",
        "ar": "شخص آخر يصوت|التالي يصوت",
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
    "join:no": {
        "nl": "niet samen|liever niet samen",
        "en": "not together",
        "tr": "birlikte değil|beraber değil",
        "ar": "ليس معا|لا أريد معا",
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
        "tr": "merhaba|selam|selamün aleyküm|iyi günler|günaydın|iyi akşamlar",
        "ar": "السلام عليكم|السلام|سلام|مرحبا|أهلا|صباح الخير|مساء الخير|salam",
    },
    "thanks": {
        "nl": "dank u|dank u wel|bedankt|dankjewel",
        "en": "thank you|thanks",
        "tr": "teşekkürler|teşekkür ederim|sağ olun|sağol",
        "ar": "شكرا|شكرا لكم|شكرا جزيلا|choukran",
    },
}

# What stands on our buttons, where nobody would say it by herself: whoever hears
# "No, change it" says just that. Beside WORDS, and understood like them.


LABELS: Table = {
    "yes": {
        "nl": "ja stuur berichten|ja neem het terug|ja een bon|"
        "ja dat wil ik graag|ja geef dit|ja neem het mee",
        "en": "yes send messages|yes take it back|yes a receipt|yes i want that|"
        "yes give this|yes take it along",
        "tr": "evet geri alıyorum|evet bir fiş|evet isterim|evet bunu verin|"
        "evet girsin",
        "ar": "نعم أرسلوا لي|نعم أسحبها|نعم وصل|نعم أريد ذلك|نعم أعطوه هذا|نعم أدخلوها",
    },
    "no": {
        "nl": "nee veranderen|nee verbeteren|nee geen berichten|"
        "nee laat het staan|nee iets anders|nee bewaar het",
        "en": "no change it|no correct it|no no messages|no leave it|"
        "no something else|no keep it",
        "tr": "hayır değiştireyim|hayır düzelteyim|hayır göndermeyin|"
        "hayır kalsın|hayır başka bir şey|hayır saklayın",
        "ar": "لا أريد التغيير|لا أريد التصحيح|لا لا ترسلوا|لا تبقى الخطة|"
        "لا شيء آخر|لا احتفظوا بها",
    },
    "done": {"nl": "ik ben klaar", "en": "i am ready", "tr": "bitti", "ar": "انتهيت"},
    "theme:other": {
        "nl": "andere plannen",
        "en": "other plans",
        "tr": "diğer planlar",
        "ar": "خطط أخرى",
    },
    "more": {
        "nl": "meer plannen",
        "en": "more plans",
        "tr": "daha fazla plan",
        "ar": "المزيد من الخطط",
    },
    "mark:1": {
        "nl": "1 helemaal niet|helemaal niet",
        "en": "1 not at all|not at all",
        "tr": "1 hiç|hiç",
        "ar": "لا أبدا 1|أبدا",
    },
    "mark:2": {
        "nl": "2 niet echt|niet echt",
        "en": "2 not really|not really",
        "tr": "2 pek değil|pek değil",
        "ar": "ليس كثيرا 2|ليس كثيرا",
    },
    "mark:3": {
        "nl": "3 een beetje|een beetje",
        "en": "3 a bit|a bit",
        "tr": "3 biraz|biraz",
        "ar": "قليلا 3|قليلا",
    },
    "mark:4": {
        "nl": "4 grotendeels|grotendeels",
        "en": "4 mostly|mostly",
        "tr": "4 çoğunlukla|çoğunlukla",
        "ar": "غالبا 4|غالبا",
    },
    "mark:5": {
        "nl": "5 helemaal|helemaal",
        "en": "5 completely|completely",
        "tr": "5 tamamen|tamamen",
        "ar": "تماما 5|تماما",
    },
}


VERBS: Table = {
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
    "money": {
        "nl": "geld|geld van|geld voor|geld plan",
        "en": "money|money of|money for|money plan",
        "tr": "para|parası|planın parası",
        "ar": "مال|مال الخطة|المال",
    },
    "menu:status": {
        "nl": "status|status van|nieuws|nieuws over|hoe gaat het met|hoe staat het met",
        "en": "status|status of|news|news about|how is|how goes",
        "tr": "durum|durumu|haber|haberler",
        "ar": "حالة|ما حالة|أخبار|ما أخبار",
    },
    "menu:vote": {
        "nl": "stem|ik stem|stem op|ik kies|kies",
        "en": "vote|i vote|vote for|vote on|i choose|choose",
        "tr": "oy|oyum|seçiyorum|oy ver",
        "ar": "صوت|أصوت|تصويت|أختار",
    },
}


LANGUAGE_NAMES: Mapping[str, Language] = {
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


# Words that may stand beside a yes or no without changing it.


FILLERS: Mapping[str, str] = {
    "nl": "dat is het dit mijn plan hoor graag dank u wel stuur stem keuze echt zo",
    "en": "that is it this my plan please thank you send vote choice the",
    "tr": "bu benim planım seçimim oyumu gönder gönderin lütfen teşekkürler bence",
    "ar": "هذه هذا هي هو خطتي اختياري من فضلكم شكرا أرسلوا صوتي",
}
# Words that ask kindly, and sounds of thinking: they say nothing beside an answer.


POLITE: Mapping[str, str] = {
    "nl": "alstublieft alsjeblieft graag eh euh uh uhm ehm",
    "en": "please uh um uhm eh",
    "tr": "lütfen ıı ııı eee",
    "ar": "من فضلك فضلكم لو سمحت سمحتم عافاك عافاكم 3afak",
}
# Words that turn a yes round; with one of them a yes is a no.


TURNS: Mapping[str, str] = {
    "nl": "niet geen nooit",
    "en": "not never isnt dont t",
    "tr": "değil yok",
    "ar": "ليس ليست مش مو موش غير ما",
}
# Words that only stress: "klopt helemaal niet".


STRESS: Mapping[str, str] = {
    "nl": "helemaal echt zo nog zeker",
    "en": "at all really quite",
    "tr": "hiç pek tam",
    "ar": "أبدا تماما كثيرا",
}

# Words that stand beside a greeting and ask for nothing.
GREET: Mapping[str, str] = {
    "nl": "mevrouw meneer hoe gaat het met u allemaal",
    "en": "there sir madam how are you everybody",
    "tr": "efendim nasılsınız hanım bey hocam herkese",
    "ar": "عليكم ورحمة الله وبركاته وسهلا كيف حالكم بكم تعالى",
}

# Signs that answer in every language.
SIGNS: Mapping[str, str] = {"👍": "yes", "👎": "no"}
