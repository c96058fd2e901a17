"""A printed PDF, read back: words, fonts, squares, and what a screen reader says."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import zxingcpp
from pdfua import validate
from PIL import Image

A4, A3 = (595, 842), (842, 1191)
_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Printed:
    """A PDF under test."""

    content: bytes

    @cached_property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(BytesIO(self.content))

    @cached_property
    def texts(self) -> list[str]:
        """The text of each page, lines joined, without marks of direction."""
        read = [_CONTROLS.sub("", page.extract_text()) for page in self.reader.pages]
        return [re.sub(r"[ \n]+", " ", text) for text in read]

    @property
    def sizes(self) -> set[tuple[int, int]]:
        """Width and height of the pages, in points."""
        boxes = [page.mediabox for page in self.reader.pages]
        return {(round(box.width), round(box.height)) for box in boxes}

    def says(self, words: str, page: int = 0) -> bool:
        """Tell whether words stand on a page; Arabic ones by their letters alone.

        A PDF holds shapes of Arabic letters, and readers put them together in various
        ways.
        """
        if re.search("[\u0600-\u06ff]", words):
            there = Counter(self.texts[page])
            return not Counter(_CONTROLS.sub("", words).replace(" ", "")) - there
        return re.sub(r"[ \n]+", " ", words) in self.texts[page]

    @property
    def fonts(self) -> set[str]:
        """The names of all fonts, each checked to be inside the file."""
        found = set()
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = inner["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
                found.add(str(font.get_object()["/BaseFont"]).split("+")[1])
        return found

    def picture(self, page: int = 0, dots_per_inch: float = 200) -> Image.Image:
        document = pypdfium2.PdfDocument(self.content)
        shown: Image.Image = document[page].render(scale=dots_per_inch / 72).to_pil()
        document.close()
        return shown

    def squares(self, page: int = 0) -> set[str]:
        """What a phone reads in the squares of a page."""
        return {each.text for each in zxingcpp.read_barcodes(self.picture(page))}

    @cached_property
    def parts(self) -> list[Any]:
        """All parts of the structure that assistive technology walks through."""
        return list(_walk(self.root["/StructTreeRoot"]))

    @property
    def root(self) -> Any:
        """The catalogue of the file."""
        return self.reader.trailer["/Root"]

    def faults(self) -> list[str]:
        """What another hand finds against PDF/UA-1; it knows 16 of its 106 rules."""
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(self.content)
            file.flush()
            return [f"{f.rule_id} {f.message}" for f in validate(file.name).findings]

    def kinds(self) -> Counter[str]:
        return Counter(str(part["/S"]) for part in self.parts)

    def languages(self) -> set[str]:
        return {str(part["/Lang"]) for part in self.parts if "/Lang" in part}

    def alternatives(self) -> list[str]:
        return [str(part["/Alt"]) for part in self.parts if "/Alt" in part]


def _walk(part: Any) -> Iterator[Any]:
    below = part.get("/K", ())
    below = below.get_object() if hasattr(below, "get_object") else below
    for each in below if isinstance(below, list) else [below]:
        child = each.get_object()
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from _walk(child)


def letter_places(content: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """Return each sign of a page with the place of its left and its lower edge."""
    document = pypdfium2.PdfDocument(content)
    text = document[page].get_textpage()
    found = []
    for at in range(text.count_chars()):
        left, bottom, _, _ = text.get_charbox(at)
        found.append((text.get_text_range(at, 1), left, bottom))
    document.close()
    return found
