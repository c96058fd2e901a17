"""What the instrument has not learnt: it must hear that it does not know.

It is trained to be unsure of any row of `WORDS` and of words that do not exist, and
asked about the `SENTENCES`, which it has never heard.
"""

from __future__ import annotations

import numpy as np

LONGEST = 6

WORDS = {
    "nl": "huis brug water fiets moeder broer lamp tafel deur raam keuken regen zon "
    "wind hond kat paard vogel brood kaas appel koffie thee melk suiker groen "
    "rood blauw groot klein langzaam snel gisteren morgen avond nacht week "
    "maand jaar tuin dak trap winkel markt station trein bus auto lopen "
    "rennen slapen eten drinken zingen lezen schrijven denken vinden brengen "
    "omdat maar onder boven achter tussen zonder misschien altijd soms lange "
    "oude mooie vuilnis licht lawaai buren gemeente",
    "en": "house bridge water bicycle mother brother lamp table door window kitchen "
    "rain sun wind dog cat horse bird bread cheese apple coffee tea milk "
    "sugar green red blue big small slow fast yesterday tomorrow evening "
    "night week month year garden roof stairs shop market station train bus "
    "car walk run sleep eat drink sing read write think find bring because "
    "but under above behind between without perhaps always sometimes long old "
    "beautiful rubbish light noise neighbours council",
    "tr": "ev köprü su bisiklet anne kardeş lamba masa kapı pencere mutfak yağmur "
    "güneş rüzgar köpek kedi at kuş ekmek peynir elma kahve çay süt şeker "
    "yeşil kırmızı mavi büyük küçük yavaş hızlı dün yarın akşam gece hafta ay "
    "yıl bahçe çatı merdiven dükkan pazar istasyon tren otobüs araba yürümek "
    "koşmak uyumak yemek içmek şarkı okumak yazmak düşünmek bulmak getirmek "
    "çünkü ama altında üstünde arkasında arasında belki her zaman bazen uzun "
    "eski güzel çöp ışık gürültü komşular belediye",
    "ar": "بَيْت جِسْر مَاء دَرَّاجَة أُمّ أَخ مِصْبَاح طَاوِلَة بَاب نَافِذَة مَطْبَخ مَطَر شَمْس رِيح كَلْب قِطَّة "
    "حِصَان طَائِر خُبْز جُبْن تُفَّاحَة قَهْوَة شَاي حَلِيب سُكَّر أَخْضَر أَحْمَر أَزْرَق كَبِير صَغِير بَطِيء "
    "سَرِيع أَمْس غَدًا مَسَاء لَيْل أُسْبُوع شَهْر سَنَة حَدِيقَة سَقْف دَرَج دُكَّان سُوق مَحَطَّة قِطَار "
    "حَافِلَة سَيَّارَة يَمْشِي يَرْكُض يَنَام يَأْكُل يَشْرَب يُغَنِّي يَكْتُب يُفَكِّر يَجِد لِأَنَّ تَحْتَ فَوْقَ خَلْفَ "
    "بَيْنَ دَائِمًا أَحْيَانًا طَوِيل قَدِيم جَمِيل قُمَامَة ضَوْء ضَجِيج جِيرَان بَلَدِيَّة",
}
SENTENCES = {
    "nl": (
        "Er moet een nieuwe lantaarn bij de bushalte komen.",
        "De stoep voor de apotheek ligt al maanden los.",
        "Waarom wordt het vuil hier nooit opgehaald?",
        "Mijn zoon speelt graag voetbal na schooltijd.",
        "Kunt u mij het adres van het buurthuis geven?",
        "Zaterdag",
    ),
    "en": (
        "There should be a new street lamp at the bus stop.",
        "The pavement in front of the pharmacy has been loose for months.",
        "Why does nobody collect the litter here?",
        "My son likes to play football after school.",
        "Could you give me the address of the community centre?",
        "Saturday",
    ),
    "tr": (
        "Otobüs durağına yeni bir sokak lambası gerekiyor.",
        "Eczanenin önündeki kaldırım aylardır bozuk.",
        "Buradaki çöpler neden hiç toplanmıyor?",
        "Oğlum okuldan sonra futbol oynamayı seviyor.",
        "Mahalle evinin adresini verir misiniz?",
        "Cumartesi",
    ),
    "ar": (
        "نَحْتَاجُ إِلَى عَمُودِ إِنَارَةٍ جَدِيدٍ عِنْدَ مَوْقِفِ الْحَافِلَة.",
        "الرَّصِيفُ أَمَامَ الصَّيْدَلِيَّةِ مَكْسُورٌ مُنْذُ أَشْهُر.",
        "لِمَاذَا لَا يَجْمَعُ أَحَدٌ النُّفَايَاتِ هُنَا؟",
        "اِبْنِي يُحِبُّ كُرَةَ الْقَدَمِ بَعْدَ الْمَدْرَسَة.",
        "هَلْ تُعْطُونَنِي عُنْوَانَ دَارِ الْحَيّ؟",
        "يَوْمُ السَّبْت",
    ),
}


# Consonants and vowels, from which words are made that nobody knows.
_SOUNDS = {
    "nl": ("b d f g h j k l m n p r s t v w z", "a aa e ee i ie o oo u uu oe ei ui ou"),
    "en": ("b d f g h j k l m n p r s t v w z sh th", "a e i o u ee oo ay ow er"),
    "tr": ("b c ç d f g h k l m n p r s ş t v y z", "a e ı i o ö u ü"),
    "ar": ("ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ع غ ف ق ك ل م ن ه", "َ ِ ُ َا ِي ُو"),
}


def salad(language: str, draw: np.random.Generator) -> str:
    """One to six words in any order: speech without a known answer."""
    known = WORDS[language].split()
    count = int(draw.integers(1, LONGEST + 1))
    return " ".join(
        _invented(language, draw) if draw.random() < 0.5 else str(draw.choice(known))
        for _ in range(count)
    )


def _invented(language: str, draw: np.random.Generator) -> str:
    """A word of one to three syllables that does not exist, or hardly ever."""
    consonants, vowels = (row.split() for row in _SOUNDS[language])
    made = [
        f"{draw.choice(consonants)}{draw.choice(vowels)}"
        for _ in range(draw.integers(1, 4))
    ]
    return "".join([*made, str(draw.choice(consonants))])
