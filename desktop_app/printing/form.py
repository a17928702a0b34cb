"""What every printed form can do: read its papers from the store, and draw them.

A paper is a frozen dataclass of plain values, so that a form can be drawn, previewed and tested without a store.
`collect` reads; `draw` is a pure function from papers to the bytes of a PDF.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeVar

from desktop_app.places.model import Area
from desktop_app.printing.sheet import Sheet
from desktop_app.shared.actor import Actor
from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

PaperT = TypeVar("PaperT")

Subject = Literal[
    "appeal",
    "order",
    "points_account",
    "points_entry",
    "points_year",
    "wish",
    "registration",
    "roster",
    "building",
    "person",
    "request",
    "centre",
    "meeting",
    "campaign",
    "table",
    "bell",
    "pair",
    "agreement",
    "unit",
    "unit_review",
    "member",
    "list_group",
    "community",
    "matter",
    "quarter",
]
Flip = Literal["long", "short", "none"]


class Desk(Protocol):
    """What a form needs of the running program."""

    @property
    def db(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def community(self) -> Area: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose in the print window.

    `size`: one of the form's `sizes`, "" for the first.  `draft`: print although elements are missing, marked 草稿.
    `flip`: how the printer turns the sheet for the second side; `back_offset`: by how many mm (right, down) the backs
    are to be moved to lie behind the fronts.  `allow_missing`: print 〓 for characters no font has.
    `footer`: the small grey line at the foot of working papers, "打印时间 … 打印人 …".
    """

    size: str = ""
    draft: bool = False
    flip: Flip = "long"
    back_offset: tuple[float, float] = (0.0, 0.0)
    allow_missing: bool = False
    footer: str = ""


DEFAULT = Choice()


def size_of(sizes: Sequence[str], choice: Choice) -> str:
    """The size chosen, the first if none was; its beginning is enough ("A5", "200x120").  AppError if unknown."""
    told = _plain(choice.size)
    for size in sizes:
        if _plain(size).startswith(told):
            return size
    raise AppError(f"没有“{choice.size}”这种纸张，没有打印。", next_step=f"可以选：{'、'.join(sizes)}。")


def _plain(size: str) -> str:
    return "".join(size.split()).upper().replace("X", "×").replace("*", "×")


class OfCommunity(Protocol):
    """A paper a community gives out."""

    @property
    def community(self) -> str: ...


OwnT = TypeVar("OwnT", bound=OfCommunity)


def sheet_of(title: str, papers: Sequence[OfCommunity], choice: Choice) -> Sheet:
    """The document these papers are drawn on; its author is the community."""
    return Sheet(title, author=papers[0].community if papers else "", allow_missing=choice.allow_missing)


def draw_each(title: str, papers: Sequence[OwnT], choice: Choice, draw: Callable[[Sheet, OwnT], object]) -> bytes:
    """The document with one paper after another; `draw` begins the pages of its paper."""
    sheet = sheet_of(title, papers, choice)
    for paper in papers:
        draw(sheet, paper)
    return sheet.finish()


class Form(Protocol[PaperT]):
    """A printed form: `name` is its code, `sizes` are paper sizes in words, `subject` is what the ids name."""

    name: ClassVar[str]
    title: ClassVar[str]
    sizes: ClassVar[tuple[str, ...]]
    subject: ClassVar[Subject]

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[PaperT]:
        """The papers of these subjects, in their order.  AppError when a subject is gone."""
        ...

    def draw(self, papers: Sequence[PaperT], choice: Choice = DEFAULT) -> bytes:
        """The PDF.  AppError when it must not be printed, and why."""
        ...
