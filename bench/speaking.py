"""How fast texts become voice notes: seconds of sound for each second of work.

*Cold* is the first text of a voice: its program is started for it. *Warm* is any later
one. *Fresh* starts a program for each sentence, the simple way to the same sound; it
is measured in the same run, in turn with the others. A text is spoken sentence by
sentence, as rows of a message are; *note* is the whole way to OGG/Opus.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from bench.report import machine, table, verdict
from synthesis import LANGUAGES, RATE, Samples, Speaker, open_voice, voice_note

GOAL = 20.0
LENGTHS = {"short": 1, "medium": 6, "long": 22}
"""How many sentences of about two seconds each text has."""

ORDER = (*LENGTHS, "warm", "cold", "fresh")

SENTENCES = {
    "nl": (
        "Wij hebben uw plan ontvangen.",
        "Uw plan staat op de lijst.",
        "Nu mogen alle buren kiezen.",
        "U kunt nog tot zondag stemmen.",
        "Heeft u een vraag voor ons?",
        "Zeg dan gewoon het woord hulp.",
    ),
    "en": (
        "We have received your plan today.",
        "Your plan is now on the list.",
        "All neighbours can choose from it.",
        "You can vote until this Sunday.",
        "Do you have a question for us?",
        "Then you can just say help.",
    ),
    "tr": (
        "Planınızı bugün aldık.",
        "Planınız artık listede.",
        "Şimdi komşular seçecek.",
        "Pazara kadar oy verebilirsiniz.",
        "Bize bir sorunuz var mı?",
        "O zaman yardım deyin.",
    ),
    "ar": (
        "وَصَلَتْنَا خُطَّتُكُمْ.",
        "خُطَّتُكُمْ فِي الْقَائِمَةِ.",
        "الْآنَ يَخْتَارُ الْجِيرَانُ.",
        "صَوِّتُوا حَتَّى يَوْمِ الْأَحَدِ.",
        "هَلْ لَدَيْكُمْ سُؤَالٌ؟",
        "قُولُوا كَلِمَةَ مُسَاعَدَة.",
    ),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One text, spoken once; seconds of sound, until it was said, until the note."""

    how: str
    language: str
    length: str
    sound: float
    speech: float
    note: float

    @property
    def speed(self) -> float:
        """Seconds of sound for each second until the note is ready."""
        return self.sound / self.note


def opened() -> Speaker:
    """Return a voice whose program has not been started."""
    voice = open_voice("espeak-ng", Path())
    if voice is None:
        raise click.ClickException("there is no voice")
    return voice


def measure(times: int, lengths: Iterable[str] = LENGTHS) -> list[Spoken]:
    """Speak each text so many times in each of the three ways, by turns."""
    warm = opened()
    for language in LANGUAGES:
        voice_note([warm.speak(SENTENCES[language][0], language)])
    try:
        turns = itertools.product(range(times), LANGUAGES, lengths)
        return [one for _, *text in turns for one in _by_turns(warm, *text)]
    finally:
        warm.close()


def _by_turns(warm: Speaker, language: str, length: str) -> Iterator[Spoken]:
    yield _timed("warm", language, length, warm.speak)
    yield _timed("fresh", language, length, _freshly)
    cold = opened()
    yield _timed("cold", language, length, cold.speak)
    cold.close()


def _freshly(text: str, language: str) -> Samples:
    voice = opened()
    try:
        return voice.speak(text, language)
    finally:
        voice.close()


def _timed(
    how: str, language: str, length: str, speak: Callable[[str, str], Samples]
) -> Spoken:
    known = SENTENCES[language]
    text = [known[place % len(known)] for place in range(LENGTHS[length])]
    begin = time.perf_counter()
    pieces = [speak(sentence, language) for sentence in text]
    said = time.perf_counter()
    voice_note(pieces)
    ready = time.perf_counter()
    sound = sum(piece.size for piece in pieces) / RATE
    return Spoken(how, language, length, sound, said - begin, ready - begin)


def speaking_report(seen: list[Spoken]) -> str:
    """Return a row for each text and way, medians, as Markdown."""
    heads = ["text", "how", "language", "sound s", "speech ms", "note ms"]
    heads += ["times real time", "lowest", "goal", "outcome"]
    keys = dict.fromkeys((one.length, one.how, one.language) for one in seen)
    ranked = sorted(keys, key=lambda key: (ORDER.index(key[0]), ORDER.index(key[1])))
    return table(heads, (_row(seen, *key) for key in ranked))


def _row(seen: list[Spoken], length: str, how: str, language: str) -> list[str]:
    key = (length, how, language)
    found = [one for one in seen if (one.length, one.how, one.language) == key]
    speed = statistics.median(one.speed for one in found)
    is_ours = how == "warm"
    return [
        length,
        how,
        language,
        f"{found[0].sound:.1f}",
        f"{1000 * statistics.median(one.speech for one in found):.0f}",
        f"{1000 * statistics.median(one.note for one in found):.0f}",
        f"{speed:.0f}",
        f"{min(one.speed for one in found):.0f}",
        f"{GOAL:g}" if is_ours else "–",
        verdict(speed, GOAL, higher_is_better=True) if is_ours else "–",
    ]


@click.command()
@click.option("--times", default=9, show_default=True)
def main(times: int) -> None:
    """Measure speaking in four languages; Markdown on stdout."""
    where = machine()
    click.echo(f"{where}\n\n{speaking_report(measure(times))}")


if __name__ == "__main__":
    main()
