"""What Whisper is known to invent in silence: the credits it was trained on.

From published reports: openai/whisper discussion 928, JSchmie/ScrAIbe's list,
Vexa issue 617. Each entry is written as `plain` writes it.
"""

import re
import unicodedata

WHOLE = frozenset(
    {
        # Dutch
        "bedankt voor het kijken",
        "dank u voor het kijken",
        "dankjewel voor het kijken",
        "bedankt voor het kijken naar deze video",
        "tot de volgende keer",
        "vergeet niet te abonneren",
        # English
        "thank you for watching",
        "thanks for watching",
        "thank you for watching this video",
        "thank you so much for watching",
        "please subscribe",
        "please subscribe to my channel",
        "like and subscribe",
        "see you in the next video",
        # Turkish
        "abone olmayı unutmayın",
        "abone olmayı ve beğenmeyi unutmayın",
        "kanalıma abone olmayı unutmayın",
        "yorumlarınızıza abone olmayı unutmayın",
        "izlediğiniz için teşekkür ederim",
        "izlediğiniz için teşekkürler",
        "bir sonraki videoda görüşmek üzere",
        # Arabic
        "شكرا على المشاهدة",
        "شكرا للمشاهدة",
        "شكرا لكم على المشاهدة",
        "شكرا لمشاهدتكم",
        "اشتركوا في القناة",
        "لا تنسوا الاشتراك في القناة",
        "لا تنسى الاشتراك في القناة",
    }
)

BEGINNINGS = (
    # Dutch
    "ondertiteld door",
    "ondertiteling door",
    "ondertiteling nl",
    "ondertitels ingediend door",
    "ondertitels door",
    # English
    "subtitles by",
    "transcription by",
    "captions by",
    # Turkish
    "altyazı m k",
    "altyazı",
    "çeviri ve altyazı",
    # Arabic
    "ترجمة نانسي قنقر",
    "ترجمة نانسي قنقور",
)


def is_known_phrase(text: str) -> bool:
    """Whether the whole text is one of the phrases, or one of the credits."""
    said = plain(text)
    return said in WHOLE or any(_begins(said, start) for start in BEGINNINGS)


def plain(text: str) -> str:
    """Small letters and single spaces: no signs, no Arabic vowel marks."""
    # Turkish capital dotted I folds to "i" and a mark, which is dropped here.
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(sign for sign in folded if unicodedata.category(sign) != "Mn")
    return " ".join(re.findall(r"\w+", bare))


def _begins(said: str, start: str) -> bool:
    return said == start or said.startswith(f"{start} ")
