"""Measures what stands on the pages of a PDF: where each character is, in millimetres from the top left corner."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from desktop_app.printing import fonts
from desktop_app.printing.preview import Preview

PT = 25.4 / 72


@dataclass(frozen=True)
class Box:
    """One character; edges in mm from the top left corner of the page.  The ink, not the em square."""

    ch: str
    left: float
    top: float
    right: float
    bottom: float
    origin: tuple[float, float]
    size: float


class Measured:
    """A PDF under the ruler; pages are counted from 1."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self._document = pypdfium2.PdfDocument(pdf)
        self.pages = len(self._document)

    def size(self, page: int = 1) -> tuple[float, float]:
        width, height = self._document[page - 1].get_size()
        return round(width * PT, 2), round(height * PT, 2)

    def boxes(self, page: int = 1) -> list[Box]:
        opened = self._document[page - 1]
        height = opened.get_size()[1]
        words = opened.get_textpage()
        return [self._box(words, i, height) for i in range(words.count_chars())]

    def _box(self, words: Any, i: int, height: float) -> Box:
        import ctypes

        raw = pypdfium2.raw
        left, bottom, right, top = words.get_charbox(i)
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(words.raw, i, x, y)
        code = raw.FPDFText_GetUnicode(words.raw, i)
        return Box(
            chr(code) if code else "",
            left * PT,
            (height - top) * PT,
            right * PT,
            (height - bottom) * PT,
            (x.value * PT, (height - y.value) * PT),
            raw.FPDFText_GetFontSize(words.raw, i),
        )

    def text(self, page: int = 1) -> str:
        with Preview(self.pdf) as opened:
            return opened.text(page - 1)

    def all_text(self) -> str:
        return "".join(self.text(page) for page in range(1, self.pages + 1)).replace("\r\n", "")

    def find(self, text: str, page: int = 1, nth: int = 0) -> list[Box]:
        """The boxes of the nth place where `text` stands."""
        boxes = [box for box in self.boxes(page) if box.ch.strip()]
        line = "".join(box.ch for box in boxes)
        at = -1
        for _ in range(nth + 1):
            at = line.find(text, at + 1)
            assert at >= 0, f"{text} stands nowhere on page {page}"
        return boxes[at : at + len(text)]

    def rules(self, page: int = 1) -> list[tuple[float, float, float, float]]:
        """Drawn paths as (left, top, right, bottom) in mm."""
        opened = self._document[page - 1]
        height = opened.get_size()[1]
        found = []
        for item in opened.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = item.get_bounds()
            found.append((left * PT, (height - top) * PT, right * PT, (height - bottom) * PT))
        return found

    def codes(self, page: int = 1) -> list[tuple[str, tuple[float, float]]]:
        """What a reader sees in the QR codes of the printed page, with the top left corner of each in mm."""
        dpi = 300
        image = self._document[page - 1].render(scale=dpi / 72, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(image, zxingcpp.BarcodeFormat.QRCode)
        corner = [(code.position.top_left.x * 25.4 / dpi, code.position.top_left.y * 25.4 / dpi) for code in found]
        return sorted(zip((code.text for code in found), corner, strict=True), key=lambda one: (one[1][1], one[1][0]))

    def fonts(self) -> list[str]:
        """Every /BaseFont of the file."""
        return [name.decode() for name in re.findall(rb"/BaseFont\s*/([^\s/>]+)", self.pdf)]

    def embedded(self) -> int:
        """How many font files lie in the PDF."""
        return len(re.findall(rb"/FontFile2\b", self.pdf))


@pytest.fixture(autouse=True)
def _bundled_faces() -> Iterator[None]:
    """Every test prints with the bundled faces, whatever fonts this machine has."""
    before = fonts.book()
    fonts.use(fonts.FontBook(folders=()))
    yield
    fonts.use(before)


@pytest.fixture
def measured() -> Callable[[bytes], Measured]:
    """A ruler for a PDF."""
    return Measured
