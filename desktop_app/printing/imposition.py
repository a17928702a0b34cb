"""Cards laid edge to edge on a sheet, fronts and backs on two sides, with crop marks to cut along."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from desktop_app.printing.form import DEFAULT, Choice, Flip
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, BLACK, Sheet

PaperT = TypeVar("PaperT")
Side = Callable[[Sheet, float, float, PaperT], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` × `rows` cards of (width, height) mm in the middle of a page of `page` mm, moved by `offset` mm."""

    page: tuple[float, float]
    width: float
    height: float
    columns: int
    rows: int
    offset: tuple[float, float] = (0.0, 0.0)

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def left(self) -> float:
        return (self.page[0] - self.columns * self.width) / 2 + self.offset[0]

    @property
    def top(self) -> float:
        return (self.page[1] - self.rows * self.height) / 2 + self.offset[1]

    def front(self, index: int) -> tuple[float, float]:
        """Top left corner of a card's front."""
        row, column = divmod(index, self.columns)
        return self.left + column * self.width, self.top + row * self.height

    def back(self, index: int, flip: Flip) -> tuple[float, float]:
        """Top left corner of its back, on a sheet the printer turns over its long or its short edge."""
        row, column = divmod(index, self.columns)
        if flip == "short":
            row = self.rows - 1 - row
        else:
            column = self.columns - 1 - column
        return self.left + column * self.width, self.top + row * self.height


def cards(measures: Mapping[str, Any], *, single: bool) -> Layout:
    """Cards of these measures: `columns` × `rows` of them on A4, or one on a page of its own size."""
    width, height = measures["width"], measures["height"]
    if single:
        return Layout((width, height), width, height, 1, 1)
    return Layout(A4, width, height, measures["columns"], measures["rows"])


def impose(
    sheet: Sheet,
    papers: Sequence[PaperT],
    layout: Layout,
    front: Side[PaperT],
    back: Side[PaperT] | None = None,
    choice: Choice = DEFAULT,
) -> None:
    """Draws all papers: a page of fronts, then the page of their backs; fronts alone with `flip` "none" or no back."""
    behind = replace(layout, offset=choice.back_offset)
    for start in range(0, len(papers), layout.count):
        batch = papers[start : start + layout.count]
        sheet.page(layout.page)
        draw_crop_marks(sheet, layout)
        for index, paper in enumerate(batch):
            front(sheet, *layout.front(index), paper)
        if back is None or choice.flip == "none":
            continue
        sheet.page(layout.page)
        draw_crop_marks(sheet, behind)
        for index, paper in enumerate(batch):
            _draw_back(sheet, behind, behind.back(index, choice.flip), paper, back, choice.flip)


def _draw_back(
    sheet: Sheet, layout: Layout, corner: tuple[float, float], paper: PaperT, back: Side[PaperT], flip: Flip
) -> None:
    """Over the short edge the sheet comes to lie upside down; the card is to be turned like a leaf of a book."""
    if flip == "short":
        with sheet.turned(corner[0] + layout.width / 2, corner[1] + layout.height / 2, 180):
            back(sheet, *corner, paper)
    else:
        back(sheet, *corner, paper)


def draw_crop_marks(sheet: Sheet, layout: Layout) -> None:
    """Hairlines at every cut, outside the cards; one card alone is not cut."""
    if layout.count == 1:
        return
    mark = rules("crop_marks")
    gap, length, thick = mark["gap"], mark["length"], mark["thick"]
    right = layout.left + layout.columns * layout.width
    bottom = layout.top + layout.rows * layout.height
    for column in range(layout.columns + 1):
        x = layout.left + column * layout.width
        sheet.line(x, layout.top - gap - length, x, layout.top - gap, thick, BLACK)
        sheet.line(x, bottom + gap, x, bottom + gap + length, thick, BLACK)
    for row in range(layout.rows + 1):
        y = layout.top + row * layout.height
        sheet.line(layout.left - gap - length, y, layout.left - gap, y, thick, BLACK)
        sheet.line(right + gap, y, right + gap + length, y, thick, BLACK)
