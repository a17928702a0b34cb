"""Looks into a PDF with PDFium: pages as pictures for the window, and the text as it can be copied out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from desktop_app.shared.pdf import PDFIUM

_POINTS_PER_INCH = 72
_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels: 8-bit red, green, blue, row by row from the top, `stride` bytes a row."""

    width: int
    height: int
    stride: int
    pixels: bytes


class Preview:
    """An opened PDF.  Use as a context, or `close` it."""

    def __init__(self, pdf: bytes) -> None:
        import pypdfium2

        with PDFIUM:
            self._document: Any = pypdfium2.PdfDocument(pdf)
            self.pages: int = len(self._document)

    def size(self, page: int) -> tuple[float, float]:
        """(width, height) of a page in mm; pages are counted from 0."""
        with self._page(page) as opened:
            width, height = opened.get_size()
        return width * _MM, height * _MM

    def picture(self, page: int, dpi: float = 96) -> Picture:
        """A page as it comes out of the printer, at a resolution."""
        with self._page(page) as opened:
            bitmap = opened.render(scale=dpi / _POINTS_PER_INCH, rev_byteorder=True)
            try:
                return Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            finally:
                bitmap.close()

    def text(self, page: int) -> str:
        """The text of a page in the order it was set."""
        with self._page(page) as opened:
            words = opened.get_textpage()
            try:
                return str(words.get_text_bounded())
            finally:
                words.close()

    def close(self) -> None:
        """Lets the document go."""
        with PDFIUM:
            self._document.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        with PDFIUM:
            page = self._document[number]
            try:
                yield page
            finally:
                page.close()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with Preview(pdf) as opened:
        return opened.pages
