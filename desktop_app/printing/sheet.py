"""A document under the pen: text, rules and codes on pages measured in millimetres from the top left corner.

The only file that knows ReportLab's canvas.  Text is set per character in the face that holds it; what no face holds is
collected, and `finish` refuses to give the document out until the person has agreed.  The same input gives the same
bytes: no time and no random number stands in the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from desktop_app.printing import fonts
from desktop_app.printing.codes import QUIET_MODULES, qr_code
from desktop_app.printing.fonts import MissingCharactersError, Role

MM = 72 / 25.4
PT = 25.4 / 72
BASELINE = 0.88  # of the em square of a Chinese face lies above the baseline
A4 = (210.0, 297.0)
A3 = (297.0, 420.0)
A5 = (148.0, 210.0)

Align = Literal["left", "centre", "right"]
Colour = tuple[float, float, float, float]  # cyan, magenta, yellow, black, 0 to 1
BLACK: Colour = (0, 0, 0, 1)
GREY: Colour = (0, 0, 0, 0.55)
PALE: Colour = (0, 0, 0, 0.18)
RED: Colour = (0, 0.8, 0.8, 0)  # GB/T 9704-2012: Y80 M80


@dataclass(frozen=True, slots=True)
class Type:
    """A role of type in a size in points and a colour."""

    role: Role
    size: float
    colour: Colour = BLACK

    def width(self, text: str) -> float:
        """Width in mm."""
        return fonts.book().width(self.role, text, self.size) * PT

    @property
    def em(self) -> float:
        """One character in mm."""
        return self.size * PT


class Sheet:
    """One document being drawn; `page` begins each page, `finish` gives the bytes."""

    def __init__(self, title: str, *, author: str = "", allow_missing: bool = False) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # pages as bytes, not as ASCII: a quarter smaller
        self._book = fonts.book()
        self._file = BytesIO()
        self._canvas: Any = Canvas(
            self._file, invariant=1, pageCompression=1, initialFontName=self._book.chain(Role.SONG)[0], lang="zh-CN"
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(title)
        self._canvas.setCreator("邻里工作站 Linli Workstation")
        self._canvas.setViewerPreference("PrintScaling", "None")
        self._allow_missing = allow_missing
        self._missing: dict[str, None] = {}
        self._shown: dict[tuple[Type, str], str] = {}
        self._height = 0.0
        self.pages = 0

    def page(self, size: tuple[float, float]) -> None:
        """Begins a page of (width, height) mm."""
        if self.pages:
            self._canvas.showPage()
        self.pages += 1
        self._height = size[1]
        self._canvas.setPageSize((size[0] * MM, size[1] * MM))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        kind: Type,
        align: Align = "left",
        *,
        spacing: float = 0.0,
        fit: float | None = None,
    ) -> float:
        """Sets one line with its baseline at `y` and returns its width in mm.

        `x` is the left end, the middle or the right end, after `align`.  `spacing` mm stand between the characters.
        With `fit`, text wider than that is set in a smaller size.
        """
        if not text:
            return 0.0
        width = kind.width(text) + spacing * (len(text) - 1)
        if fit is not None and width > fit:
            kind = Type(kind.role, kind.size * fit / width, kind.colour)
            spacing *= fit / width
            width = fit
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        self._show(left * MM, (self._height - y) * MM, text, kind, spacing * MM)
        return width

    def _show(self, x: float, y: float, text: str, kind: Type, spacing: float) -> None:
        try:
            shown = self._shown[kind, text]
        except KeyError:
            shown = self._shown[kind, text] = self._coded(text, kind)
        space = (f"{spacing:.4f} Tc ", " 0 Tc") if spacing else ("", "")
        # The canvas's own text object takes three times as long: it codes every number and every label anew.
        self._canvas._code.append(f"BT 1 0 0 1 {x:.4f} {y:.4f} Tm {space[0]}{shown}{space[1]} ET")  # noqa: SLF001

    def _coded(self, text: str, kind: Type) -> str:
        """The PDF operators that choose colour and faces and show a text (PDF 32000-1, 8.6.8, 9.3, 9.4)."""
        from reportlab.pdfbase import pdfmetrics

        if missing := self._book.missing(kind.role, text):
            self._missing.update(dict.fromkeys(missing))
        parts = [" ".join(f"{part:g}" for part in kind.colour) + " k"]
        document = self._canvas._doc  # noqa: SLF001 the subsets of the faces belong to the document
        for face, piece in self._book.runs(kind.role, text):
            font = pdfmetrics.getFont(face)
            for subset, codes in font.splitString(piece, document):
                name = font.getSubsetInternalName(subset, document)
                parts.append(f"{name} {kind.size:.4g} Tf ({self._canvas._escape(codes)}) Tj")  # noqa: SLF001
        return " ".join(parts)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        thick: float = 0.2,
        colour: Colour = BLACK,
        dash: tuple[float, ...] = (),
    ) -> None:
        """A rule `thick` mm wide; `dash` gives the lengths of strokes and gaps in mm."""
        self._canvas.setLineWidth(thick * MM)
        self._canvas.setStrokeColorCMYK(*colour)
        self._canvas.setDash([part * MM for part in dash])
        self._canvas.line(x1 * MM, (self._height - y1) * MM, x2 * MM, (self._height - y2) * MM)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        stroke: Colour | None = None,
        fill: Colour | None = None,
        thick: float = 0.2,
        radius: float = 0.0,
    ) -> None:
        """A rectangle whose top left corner is (x, y)."""
        if stroke:
            self._canvas.setLineWidth(thick * MM)
            self._canvas.setStrokeColorCMYK(*stroke)
            self._canvas.setDash([])
        if fill:
            self._canvas.setFillColorCMYK(*fill)
        place = (x * MM, (self._height - y - height) * MM, width * MM, height * MM)
        drawn = {"stroke": int(stroke is not None), "fill": int(fill is not None)}
        if radius:
            self._canvas.roundRect(*place, radius * MM, **drawn)
        else:
            self._canvas.rect(*place, **drawn)

    def qr(self, x: float, y: float, size: float, text: str) -> None:
        """A QR code in a square of `size` mm with its top left corner at (x, y), its white margin included."""
        code = qr_code(text)
        module = size / (code.modules + 2 * QUIET_MODULES)
        edge = code.modules * module * MM
        left, bottom = (x + QUIET_MODULES * module) * MM, (self._height - y - size + QUIET_MODULES * module) * MM
        # An inline image is half the size of the same code as paths; the canvas has no public call for one bit.
        self._canvas._code.append(  # noqa: SLF001 - see the line above
            f"q {edge:.3f} 0 0 {edge:.3f} {left:.3f} {bottom:.3f} cm BI /W {code.modules} /H {code.modules} "
            f"/BPC 1 /CS /G /F /AHx ID {code.rows.hex()}> EI Q"
        )

    @contextmanager
    def turned(self, x: float, y: float, degrees: float) -> Iterator[None]:
        """Draws what is inside turned about the point (x, y), anticlockwise."""
        self._canvas.saveState()
        self._canvas.translate(x * MM, (self._height - y) * MM)
        self._canvas.rotate(degrees)
        self._canvas.translate(-x * MM, -(self._height - y) * MM)
        yield
        self._canvas.restoreState()

    def finish(self) -> bytes:
        """The document.  MissingCharactersError names what could not be set, unless that was allowed."""
        if self._missing and not self._allow_missing:
            raise MissingCharactersError("".join(self._missing))
        self._canvas.save()
        return self._file.getvalue()
