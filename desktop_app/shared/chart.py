"""What a chart says, without a screen or a paper: bars of named parts, each with its number in words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

GOOD, WARN, BAD, ACCENT, QUIET = ("good", "warn", "bad", "accent", "muted")
"""What a part means; a screen and a paper give each a colour, the words say it as well."""
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """So many of something: 出席 12."""

    words: str
    number: int
    tone: str = GOOD


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the chart.  `told` stands at its end; `opens` is what can be seen behind it, an identifier."""

    name: str
    parts: tuple[Part, ...]
    told: str = ""
    opens: str = ""

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(part.number for part in self.parts)

    @property
    def words(self) -> str:
        """“出席 12，请假 2”, what is nought left out; “没有” where there is nothing at all."""
        return "，".join(f"{part.words} {part.number}" for part in self.parts if part.number) or "没有"

    @property
    def end(self) -> str:
        """What stands at the end of the bar: what it says of itself, else the share of its first part."""
        return self.told or (f"{self.parts[0].number}／{self.total}　{share(self.parts[0].number, self.total)}")


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title; `note` says of what and when."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""
    head: str = "名称"
    """What the names of the bars are."""
    alike: bool = True
    """Whether each bar fills the width (shares of its own whole); else the longest one does."""
    sums: bool = True
    """Whether the parts of all bars may be added up: people may, per cents may not."""

    @property
    def longest(self) -> int:
        """The total that fills the width, for bars drawn against each other."""
        return max((bar.total for bar in self.bars), default=0) or 1

    def scale(self, bar: Bar) -> float:
        """How much of the width a bar takes, 0 to 1."""
        return bool(bar.total) * 1.0 if self.alike else bar.total / self.longest

    @property
    def legend(self) -> tuple[Part, ...]:
        """The parts by name, each with its sum over all bars, in the order they come."""
        found: dict[str, Part] = {}
        for part in (part for bar in self.bars for part in bar.parts):
            before = found.get(part.words)
            found[part.words] = Part(part.words, part.number + (before.number if before else 0), part.tone)
        return tuple(found.values())

    @property
    def key(self) -> str:
        """The legend in words: “出席 507　请假 33”."""
        return "　".join(f"{part.words} {part.number}" if self.sums else part.words for part in self.legend)

    def table(self) -> tuple[tuple[str, ...], Sequence[tuple[str | int, ...]]]:
        """The same as head and rows for a workbook."""
        names = [part.words for part in self.legend]
        rows: list[tuple[str | int, ...]] = []
        for bar in self.bars:
            numbers = {part.words: part.number for part in bar.parts}
            rows.append((bar.name, *(numbers.get(name, 0) for name in names), bar.total, bar.end))
        return (self.head, *names, "合计", "说明"), rows


def share(part: int, whole: int) -> str:
    """“75%”, rounded down, so that 100% is all of them; “—” of nothing."""
    return f"{part * _WHOLE // whole}%" if whole else "—"
