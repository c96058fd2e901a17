"""Keep the catalogues in step with the code: `catalogues.py check` or `update`.

`check` names every message that the code has and a catalogue lacks, or the other way
round, and every one that is empty, fuzzy or short of a plural form; it exits 1 if
there is any. `update` brings `messages.pot` and the four catalogues up to date and
leaves what is new empty, for a person to word.

Beside each catalogue lies `spoken.po`: what is said for a message where that is not
what is written. In Arabic it has every message that residents hear, with vowel marks;
in the other languages only what reads badly aloud.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.domain.languages import LANGUAGES
from bot.i18n.catalogues import SPOKEN, WRITTEN
from bot.i18n.prompts import is_heard

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "locales"
TEMPLATE = LOCALES / "messages.pot"
HEADER = "# What Buurtstem says. Licensed under the EUPL, as the whole of it."
EXTRACT = "extract --mapping-file pyproject.toml --keywords NN_:1,2 --output-file"
ARABIC_FORMS = 6
ALL_VOWELLED = "ar"


def catalogue_path(language: str, domain: str = WRITTEN) -> Path:
    """Return where the catalogue of a language lies: what is written, or spoken."""
    return LOCALES / language / "LC_MESSAGES" / f"{domain}.po"


def read(path: Path, language: str | None = None) -> Catalog:
    """Read a catalogue; an absent one is empty."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue so that a diff shows the change of words and little else."""
    catalogue.project, catalogue.version = "Buurtstem", "1"
    catalogue.msgid_bugs_address = catalogue.last_translator = ""
    catalogue.language_team, catalogue.header_comment = "", HEADER
    catalogue.fuzzy = False  # Babel compiles nothing from a fuzzy header
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file,
            catalogue,
            ignore_obsolete=True,
            include_lineno=False,
            sort_by_file=True,
        )


def extracted() -> Catalog:
    """Return what the code and the pages say today."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TEMPLATE.name
        command += [*EXTRACT.split(), str(path), "bot"]
        subprocess.run(command, cwd=ROOT, check=True)
        return read(path)


def ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    """Return every message id, a plural one as both its halves."""
    return {id_of(message) for message in catalogue if message.id}


def id_of(message: Message) -> tuple[str, ...]:
    """Return the id of a message, a plural one as both its halves."""
    parts = message.id if isinstance(message.id, tuple) else (message.id,)
    return tuple(map(str, parts))


def drift(have: Catalog, want: Catalog, name: str) -> Iterator[str]:
    """Name what `have` lacks of `want`, and what it has too much."""
    for parts in sorted(ids(want) - ids(have)):
        yield f"{name}: lacks {parts[0]!r}"
    for parts in sorted(ids(have) - ids(want)):
        yield f"{name}: no longer said: {parts[0]!r}"


def is_worded(message: Message, forms: int) -> bool:
    """Tell whether a message has all its texts (`forms` of them if it is plural)."""
    texts = message.string
    if not isinstance(message.id, tuple):
        return bool(texts)
    return isinstance(texts, tuple) and len(texts) == forms and all(texts)


def gaps(catalogue: Catalog, language: str) -> Iterator[str]:
    """Name every message that a reader of this language would not get."""
    if language == "ar" and catalogue.num_plurals != ARABIC_FORMS:
        yield f"ar: {catalogue.num_plurals} plural forms instead of {ARABIC_FORMS}"
    for message in catalogue:
        if message.id and message.fuzzy:
            yield f"{language}: fuzzy: {message.id!r}"
        elif message.id and not is_worded(message, catalogue.num_plurals):
            yield f"{language}: not worded: {message.id!r}"


def faults() -> Iterator[str]:
    """Name everything that would show a resident the wrong language, or nothing."""
    code, template = extracted(), read(TEMPLATE)
    if not ids(code):
        yield "the code: no message was found in it; is the mapping right?"
    yield from drift(template, code, TEMPLATE.name)
    for language in LANGUAGES:
        catalogue = read(catalogue_path(language), language)
        yield from drift(catalogue, code, language)
        yield from gaps(catalogue, language)
        yield from spoken_faults(catalogue, language)


def spoken_faults(written: Catalog, language: str) -> Iterator[str]:
    """Name what is spoken though nobody writes it, and what nobody can say yet."""
    spoken = read(catalogue_path(language, SPOKEN), language)
    for parts in sorted(ids(spoken) - ids(written)):
        yield f"{language}, spoken: no longer said: {parts[0]!r}"
    if language == ALL_VOWELLED:
        for parts in sorted(ids(heard(written)) - ids(spoken)):
            yield f"{language}, spoken: lacks {parts[0]!r}"
    yield from gaps(spoken, f"{language}, spoken")


def heard(written: Catalog) -> Catalog:
    """Return the messages that residents hear."""
    found = Catalog(locale=written.locale)
    for message in written:
        if message.id and is_heard(message):
            found.add(message.id, locations=message.locations)
    return found


def check() -> int:
    """Print all faults; return 1 if there is one."""
    found = list(faults())
    for fault in found:
        print(fault)
    if found:
        print(
            f"{len(found)} faults. `make catalogues` adds what is new; word it there."
        )
        return 1
    print(
        f"Catalogues: {len(ids(read(TEMPLATE)))} messages, complete in all languages."
    )
    return 0


def update() -> int:
    """Write the template anew if the code says something else, then the catalogues."""
    code = extracted()
    if ids(code) != ids(read(TEMPLATE)):
        write(TEMPLATE, code)
    for language in LANGUAGES:
        path = catalogue_path(language)
        catalogue = read(path, language)
        catalogue.update(read(TEMPLATE), no_fuzzy_matching=True)
        write(path, catalogue)
        update_spoken(catalogue, language)
    return 0


def update_spoken(written: Catalog, language: str) -> None:
    """Drop what is no longer said; in Arabic, add what is new, to be given vowels."""
    path = catalogue_path(language, SPOKEN)
    spoken = read(path, language)
    wanted = heard(written)
    if language != ALL_VOWELLED:
        own = ids(spoken)
        for message in list(wanted):
            if message.id and id_of(message) not in own:
                wanted.delete(message.id)
    spoken.update(wanted, no_fuzzy_matching=True)
    write(path, spoken)


COMMANDS = {"check": check, "update": update}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]]())
