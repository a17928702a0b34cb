"""What is held against what: figures of the phases become ratios, ratios meet goals.  Pure; numbers as in docs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

OURS: Final = ("ours", "ours, bare store")
ANKI, POUCH, FLOOR = "Anki", "PouchDB", "floor"


@dataclass(slots=True)
class Phase:
    """What one phase cost a contestant: the best of all rounds, but the highest memory."""

    rows: int
    wall: float
    wire: float
    cpu: float
    server_cpu: float = 0.0
    server_mb: float = 0.0
    desk_mb: float = 0.0
    requests: int = 0

    def best(self, other: "Phase") -> "Phase":
        """The better of two rounds, figure by figure."""
        return Phase(
            self.rows,
            min(self.wall, other.wall),
            min(self.wire, other.wire),
            min(self.cpu, other.cpu),
            min(self.server_cpu, other.server_cpu),
            max(self.server_mb, other.server_mb),
            max(self.desk_mb, other.desk_mb),
            min(self.requests, other.requests),
        )

    @property
    def speed(self) -> float:
        """Rows a second."""
        return self.rows / self.wall

    @property
    def row_bytes(self) -> float:
        """Bytes on the wire for one row."""
        return self.wire / self.rows


Figures = Mapping[str, Mapping[str, Phase]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure against its goal: a ratio or a limit; `value` is None where it could not be measured."""

    goal: str
    what: str
    value: float | None
    limit: float
    at_least: bool = False
    unit: str = ""
    note: str = field(default="", compare=False)

    @property
    def hit(self) -> bool | None:
        """Whether the goal is met; None where nothing was measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        """As it is printed."""
        verdict = {True: "hit", False: "MISS", None: "not measured"}[self.hit]
        sign = ">=" if self.at_least else "<="
        value = "-" if self.value is None else f"{self.value:.2f}{self.unit}"
        goal = f"{sign} {self.limit:g}{self.unit}"
        return f"{self.goal:4} {self.what:62} {value:>10}  {goal:>12}  {verdict:12} {self.note}".rstrip()


@dataclass(frozen=True, slots=True)
class Rule:
    """A goal about a phase: which figure, against whom, and the ratio wanted."""

    goal: str
    phase: str
    figure: str
    peer: str
    limit: float
    at_least: bool = False


RULES: Final = (
    Rule("G1", "push new", "row_bytes", ANKI, 0.60),
    Rule("G1", "push new", "row_bytes", POUCH, 0.15),
    Rule("G2", "push changed", "row_bytes", ANKI, 0.45),
    Rule("G2", "push changed", "row_bytes", POUCH, 0.10),
    Rule("G2", "pull changed", "row_bytes", ANKI, 0.70),
    Rule("G2", "pull changed", "row_bytes", POUCH, 0.35),
    Rule("G3", "push new", "speed", ANKI, 1.0, at_least=True),
    Rule("G3", "push new", "speed", POUCH, 5.0, at_least=True),
    Rule("G4", "pull new", "speed", ANKI, 1.5, at_least=True),
    Rule("G4", "pull new", "speed", POUCH, 10.0, at_least=True),
    Rule("G5", "push new", "cpu", ANKI, 1.0),
    Rule("G5", "pull new", "cpu", ANKI, 0.65),
    Rule("G6", "push new", "wall", FLOOR, 2.0),
    Rule("G6", "pull new", "wall", FLOOR, 1.1),
    Rule("G7", "push changed", "wall", ANKI, 1.0),
    Rule("G8", "idle", "wire", ANKI, 0.95),
)
WORDS: Final = {"row_bytes": "bytes per row", "speed": "rows a second", "cpu": "CPU", "wall": "time", "wire": "bytes"}
IDLE_BYTES: Final = 650
IDLE_FLOOR: Final = 947
"""Of signed JSON over HTTP/1.1 in three packets: see benchmarks/README.md."""
CLIENT_MB: Final = 60


def held_against(figures: Figures, who: str) -> list[Finding]:
    """All goals about phases, for one of ours."""
    found = [_ratio(figures, who, rule) for rule in RULES]
    idle, pull = figures[who]["idle"], figures[who]["pull new"]
    found.append(
        Finding("G8", f"{who}: idle sync, bytes", idle.wire, IDLE_BYTES, unit=" B", note=f"floor {IDLE_FLOOR}")
    )
    found.append(Finding("G8", f"{who}: idle sync, requests", idle.requests, 1))
    found.append(Finding("G17", f"{who}: memory a pull takes at the desk", pull.desk_mb, CLIENT_MB, unit=" MB"))
    return found


def _ratio(figures: Figures, who: str, rule: Rule) -> Finding:
    what = f"{who}: {rule.phase}, {WORDS[rule.figure]} / {rule.peer}"
    peer = figures.get(rule.peer, {}).get(rule.phase)
    if peer is None:
        return Finding(rule.goal, what, None, rule.limit, rule.at_least)
    mine, theirs = getattr(figures[who][rule.phase], rule.figure), getattr(peer, rule.figure)
    return Finding(rule.goal, what, mine / theirs, rule.limit, rule.at_least)


def missed(findings: Iterable[Finding]) -> list[Finding]:
    """Those that miss their goal."""
    return [one for one in findings if one.hit is False]
