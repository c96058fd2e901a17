"""Values that programs stumble over, and words as people say them here."""

from random import Random
from typing import Any

from tests.fuzz.marks import WORD

STRANGE_TEXTS = (
    "",
    " ",
    "\x00",
    f"{WORD}\x00{WORD}",
    "\ud800",
    "\udfff\ud800",
    "\u202e\u2066\u200f\u200b\ufeff",
    "\u0660\u0661\u0662\u0665",
    "\u06f2\u06f1",
    "²³½",
    "1e999",
    "-1",
    "NaN",
    "9" * 30,
    "0" * 400,
    "٣" * 40,
    "İıŞşß\u0345",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\u0301" * 300,
    "%s %(title)s {0} {{ 7*7 }} ${x}",
    "<script>alert(1)</script>",
    "'; DROP TABLE plans; --",
    "../../etc/passwd",
    "http://[::1",
    "//[x/../",
    "\r\nX-Injected: 1",
    "\x1b[31m\x7f\x85\u2028",
    "a" * 4_097,
    "null",
    "true",
)
STRANGE_NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    1,
    2**31,
    2**53,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    10**40,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
)
WORDS_OF_TALKS = (
    "plan stem status help vote oy durum yardım خطة تصويت حالة مساعدة medewerker person"
    " görevli موظف luister listen dinle استماع privacy rules regels kurallar القواعد ja"
    " yes evet نعم nee no hayır لا klaar done bitti تم terug back geri رجوع more meer"
    " skip later stop dur توقف uitslag result taal language dil لغة 1 2 3 4 ١ ٢ nl"
).split()
PHRASES = (
    *(
        "nog een keer",
        "mijn gegevens",
        "my data",
        "sla over",
        "daha fazla",
        "vergeet mij",
    ),
    *("forget me", "beni unut", "steun 21", "support 30", "21 en 30", "21, 22 and 33"),
    *("yirmi bir", "eenentwintig", "واحد وعشرون", "ik weet het niet", "bel mij"),
)
BUTTONS = (
    *(
        "lang:nl",
        "lang:en",
        "lang:tr",
        "lang:ar",
        "menu:plan",
        "menu:vote",
        "yes",
        "no",
    ),
    *("menu:status", "menu:help", "person", "repeat", "listen", "privacy", "mydata"),
    *("rules", "done", "back", "more", "skip", "stop", "forget", "forget:keep"),
    *("forget:drop", "plan:21", "support:21", "follow:22", "vote:numbers", "vote:help"),
    *("explain", "result", "later", "call", "join", "keep", "nothing", "good", "stuck"),
)
STRANGE_BUTTONS = (
    *(
        "plan:",
        "plan:-1",
        "plan:99999999999999999999",
        "support:٢١",
        "lang:xx",
        "yes:yes",
    ),
    *("follow:21:21", "forget:", ":", "vote:", "in:1", "\u202eyes", "a" * 200),
)


def strange(random: Random, depth: int = 0) -> Any:
    """Return a JSON value nobody expects."""
    draw = random.random()
    if draw < 0.45:
        return random.choice(STRANGE_TEXTS)
    if draw < 0.7:
        return random.choice(STRANGE_NUMBERS)
    if draw < 0.85 or depth > 2:
        return random.choice((None, True, False, [], {}, [[]], {"": None}))
    if draw < 0.92:
        return [strange(random, depth + 1) for _ in range(random.randint(1, 4))]
    return {strange_name(random): strange(random, depth + 1)}


def strange_name(random: Random) -> str:
    return random.choice(
        ("id", "text", "__proto__", "", "from", WORD, "a.b[0]", "\x00")
    )


def sentence(random: Random) -> str:
    """Return a plan, now and then with a number that is nobody's business."""
    things = ("een bank", "a tree", "bir park", "شجرة", "un banc", "meer licht")
    where = ("bij het plein", "near school 21", "okulun yanında", "قرب المدرسة", "")
    more = (
        "",
        f" {WORD}",
        " mijn bsn is 123456782",
        " NL91ABNA0417164300",
        f" mail {WORD}@voorbeeld.nl",
        " code 482913",
    )
    return (
        f"{random.choice(things)} {WORD} {random.choice(where)}"
        f"{random.choice(more)}".strip()
    )


def text(random: Random) -> str:
    """Return what somebody writes: mostly something the talk is about."""
    draw = random.random()
    if draw < 0.35:
        return random.choice(WORDS_OF_TALKS)
    if draw < 0.45:
        return random.choice(PHRASES)
    if draw < 0.6:
        return str(random.choice((10, 11, 20, 21, 22, 30, 31, 32, 33, 40, 99, 130)))
    if draw < 0.8:
        return sentence(random)
    return f"{random.choice(STRANGE_TEXTS)}{WORD if random.random() < 0.5 else ''}"
