"""What plans are about, in four languages: how words for a subject begin.

A district adds to this list from each of its rounds. Each line is a subject and its
words in Dutch, English, Turkish and Arabic; a word is known by its beginning.
"""

from collections.abc import Mapping

from bot.flows.spelling import plain

_LINES = """
bench: bank bankje zitbank zitje; bench seat; bank oturma; مقعد مقاعد
tree: boom bomen; tree; ağaç; شجر اشجار أشجار
flower: bloem bloemen; flower; çiçek; زهور زهر ورود
garden: tuin moestuin buurttuin; garden allotment; bahçe bostan; حديق بستان
green: groen plantsoen planten; green plant; yeşil bitki; خضر نبات
playground: speeltuin speelplek speelplaats speel; playground play; oyun; ملعب
  لعب العاب ألعاب
swing: schommel; swing; salıncak; أرجوح ارجوح
slide: glijbaan; slide; kaydırak; زحليق
football: voetbal; football soccer; futbol; كرة القدم
sport: sport sporten fitness beweeg; sport fitness exercise; spor; رياض
swim: zwem; swim; yüzme; سباح
water: water drinkwater kraan watertap; water tap drinking; su çeşme; ماء مياه
light: licht verlichting lantaarn lamp; light lamp lantern; ışık aydınlat lamba;
  ضوء اضاء إضاء انار إنار مصباح
waste: afval vuil zwerfafval prullenbak container; waste litter rubbish garbage
  bin; çöp atık; قمام نفاي زبال
dog: hond honden; dog; köpek; كلب كلاب
cat: kat katten; cat; kedi; قطط قطة
rat: rat ratten muis; rat rats mouse; fare sıçan; فئران جرذ
bicycle: fiets fietsen; bicycle bike cycl; bisiklet; دراج
traffic: verkeer drempel snelheid; traffic speed; trafik hız; مرور سرع
crossing: oversteek zebrapad zebra; crossing zebra; geçit yaya; ممر معبر
pavement: stoep trottoir voetpad; pavement sidewalk footpath; kaldırım; رصيف
street: straat weg; street road; sokak cadde; شارع طريق
parking: parkeer parkeren; parking; park otopark; موقف
child: kind kinderen jeugd; child kid; çocuk; طفل اطفال أطفال
youth: jongeren tieners; youth teen young; genç; شباب
elderly: ouderen senioren bejaard; elderly senior older; yaşlı; مسن كبار
woman: vrouw vrouwen; woman women; kadın; نساء امرأ سيدات
cooking: kook koken eten maaltijd keuken; cook meal food kitchen; yemek mutfak
  pişir; طبخ طعام اكل مطبخ
coffee: koffie thee; coffee tea; kahve çay; قهوة شاي
language: taal taalles nederlands; language dutch lesson; dil dersi; لغة دروس
reading: lees boek boeken bieb bibliotheek; read book library; kitap okuma
  kütüphane; كتاب كتب قراءة مكتب
music: muziek concert zang koor; music concert sing choir; müzik konser şarkı
  koro; موسيق غناء حفل
party: feest festival buurtfeest; party festival; şenlik festival; مهرجان احتفال
  عيد
art: kunst mural schilder; art mural paint; sanat resim; فن رسم لوح جداري
theatre: theater toneel film bioscoop; theatre theater film cinema; tiyatro
  sinema; مسرح سينما فيلم
walk: wandel wandelen looproute; walk stroll; yürüyüş gezinti; مشي نزه
wheelchair: rolstoel; wheelchair; tekerlekli; كرسي متحرك
safe: veilig veiligheid; safe safety; güven; امان أمان سلام
school: school plein schoolplein; school; okul; مدرس
repair: repareer repair herstel; repair fix; tamir onarım; اصلاح إصلاح تصليح
insects: bijen insecten vlinder; bee insect butterfly; arı böcek kelebek; نحل
  حشر فراش
birds: vogel vogels nestkast; bird nest; kuş; طيور طائر عصافير
compost: compost wormenhotel worm; compost worm; kompost solucan; سماد دود
toilet: toilet wc; toilet; tuvalet; مرحاض حمام
roof: dak zonnepaneel zon; roof solar; çatı güneş; سقف شمس
meeting: ontmoet buurthuis huiskamer samen; meet community together; buluş
  birlikte; لقاء معا تجمع
market: markt kraam; market stall; pazar; سوق
"""


def _read(lines: str) -> Mapping[str, str]:
    found = {}
    for line in lines.replace("\n  ", " ").strip().splitlines():
        subject, _, words = line.partition(":")
        for word in words.replace(";", " ").split():
            found[plain(word)] = subject
    return found


SUBJECTS = _read(_LINES)
"""How words begin, spelled to be compared, and what they are about."""
