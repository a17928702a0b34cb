"""Whether the audit trail is as it was written: every line, its place in the chain, and the proofs others hold."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from desktop_app.store import audit
from desktop_app.store.anchors import FORKS, TRAIL, AuditAnchor
from desktop_app.store.audit_seal import Head, Seal
from desktop_app.store.database import Database

ALTERED: Final = "内容被改动"
MOVED: Final = "时间、人员或先后次序被改动"
REMOVED: Final = "被删除"
INSERTED: Final = "是插进来的"
UNPROVED: Final = "与留证不符"
UNSEALED: Final = "与封存的链头不符"
SWAPPED: Final = "起审计序列被换掉或抹去"
UNSIGNED: Final = "自称修复过数据，但没有本机的签名"
REPAIR: Final = "修复损坏的数据"
"""The words of the action that says which lines could not be read any more."""
_LOST: Final = re.compile(r"审计第 (\d+)-(\d+) 行")
_SIGNED: Final = re.compile(r"(?P<words>.*)〔签 (?P<signature>[0-9a-f]+)〕", re.DOTALL)
_LINES: Final = "SELECT no,at,actor,actor_name,undoes,what,why,salt,proof,chain FROM journal_action ORDER BY no"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with lines `first` to `last`."""

    first: int
    last: int
    what: str

    @property
    def words(self) -> str:
        """As a sentence."""
        lines = f"第 {self.first} 行" if self.first == self.last else f"第 {self.first}-{self.last} 行"
        return f"{lines}{self.what}"


@dataclass(frozen=True, slots=True)
class Redaction:
    """`count` lines lost words or changes by the action `by` (at in UTC ms): an erasure, lawful and chained."""

    by: int
    at: int
    what: str
    count: int


@dataclass(slots=True)
class Verdict:
    """`lines` checked, of which `first` is the number of the first; `unchained` are older than the chain."""

    lines: int = 0
    first: int = 0
    last: int = 0
    unchained: int = 0
    anchors: int = 0
    before_fork: int = 0
    """Proofs of lines that this file never had, or lost when it was restored from a backup."""
    backwards: int = 0
    """Lines whose time is before that of the line above: a clock that was set back."""
    faults: list[Fault] = field(default_factory=list)
    redactions: list[Redaction] = field(default_factory=list)
    lost: list[tuple[int, int]] = field(default_factory=list)
    """Lines that a repair of a damaged file could not read, as it noted and signed itself."""
    sealed: Head | None = None
    """The head that lies with the secrets of this desk, if it was compared."""
    left_behind: list[Head] = field(default_factory=list)
    """Sealed heads from before a restore or a repair that this file does not have."""

    @property
    def sound(self) -> bool:
        """Whether nobody has been at it."""
        return not self.faults


def nobody(_done: int, _total: int) -> None:
    """Who hears of the progress unless told otherwise."""


def verify(db: Database, told: Callable[[int, int], None] = nobody, *, seal: Seal | None = None) -> Verdict:
    """Checks the whole trail; reads every line and every change, so it takes seconds for a large store.

    With `seal`, also against the head kept outside the file, which alone tells that the end was cut off.
    `told(done, total)` hears now and then how many lines are checked.
    """
    check = _Check(db, told, seal)
    check.walk()
    check.look_for_orphans()
    check.compare_anchors()
    check.compare_head()
    check.verdict.faults.sort(key=lambda fault: (fault.first, fault.last))
    return check.verdict


class _Check:
    def __init__(self, db: Database, told: Callable[[int, int], None], seal: Seal | None) -> None:
        self._db = db
        self._seal = seal
        self._told = told
        self._raw = db.reader()
        self.verdict = Verdict()
        self._chains: dict[int, bytes] = {}
        self._older = 0
        """The last line from before the chain began."""
        self._redacted: dict[int, list[tuple[int, bytes | None, bytes | None]]] = defaultdict(list)
        real = "SELECT by,no,salt,rest FROM journal_redaction WHERE by IN (SELECT no FROM journal_action) ORDER BY by"
        for by, no, salt, rest in db.rows(real):
            self._redacted[no].append((by, salt, rest))
        self._hiding = {by for lines in self._redacted.values() for by, _, _ in lines}
        self._read_repairs()

    def _read_repairs(self) -> None:
        """A repair excuses the lines it could not read only over its signature."""
        for no, at, why in self._db.rows(
            "SELECT no,at,why FROM journal_action WHERE what=? AND why NOTNULL", (REPAIR,)
        ):
            told = _SIGNED.fullmatch(why)
            if told and self._seal and self._seal.is_signed(no, at, told["words"], told["signature"]):
                self.verdict.lost += [(int(first), int(last)) for first, last in _LOST.findall(told["words"])]
            elif _LOST.search(why):
                self._fault(no, no, UNSIGNED)

    def _fault(self, first: int, last: int, what: str) -> None:
        self.verdict.faults.append(Fault(first, last, what))

    def walk(self) -> None:
        """Line by line; `previous` holds the two lines above."""
        previous: list[tuple[int, bytes]] = []
        time = 0
        for line in self._lines():
            no, at, chain = line[0], line[1], line[9]
            if chain is None and not previous:
                self.verdict.unchained += 1
                self._older = no
                continue
            self.verdict.first = self.verdict.first or no
            self._check_line(line, previous)
            if chain is not None:
                self._chains[no] = chain
                previous = [*previous[-1:], (no, chain)]
            self.verdict.lines += 1
            self.verdict.last = no
            self.verdict.backwards += at < time
            time = at

    def _lines(self) -> Iterator[tuple[Any, ...]]:
        total, done = int(self._db.scalar("SELECT count(*) FROM journal_action")), 0
        for portion in self._db.portions(_LINES):
            yield from portion
            done += len(portion)
            self._told(done, total)

    def _check_line(self, line: tuple[Any, ...], previous: list[tuple[int, bytes]]) -> None:
        no, at, actor, name, undoes, what, why, salt, proof, chain = line
        if chain is None or proof is None:
            self._fault(no, no, INSERTED)
            return
        if no in self._hiding:
            self._note_redactions(no, at, what)
        sound = self._is_as_written(no, what, why, salt, proof)
        before = previous[-1] if previous else (no - 1, audit.BEGINNING)
        if not sound:
            self._fault(no, no, ALTERED)
        elif audit.link(before[1], proof, self._hidden(no), (no, at, actor, name, undoes)) != chain:
            self._say_why(line, before, previous)

    def _is_as_written(self, no: int, what: str, why: str | None, salt: bytes | None, proof: bytes) -> bool:
        if salt is not None:
            return audit.prove(salt, what, why, audit.changes_of(self._raw, no)) == proof
        if not self._redacted.get(no):
            return False
        _, salt_of_rest, rest = self._redacted[no][-1]
        return salt_of_rest is not None and audit.rest_of(self._raw, no, salt_of_rest) == rest

    def _hidden(self, no: int) -> bytes:
        return audit.hidden_by(self._raw, no) if no in self._hiding else b""

    def _say_why(self, line: tuple[Any, ...], before: tuple[int, bytes], previous: list[tuple[int, bytes]]) -> None:
        no, at, actor, name, undoes, _, _, _, proof, chain = line
        rest = (proof, self._hidden(no), (no, at, actor, name, undoes))
        if len(previous) > 1 and audit.link(previous[0][1], *rest) == chain:
            self._fault(before[0], before[0], INSERTED)
        elif no > before[0] + 1 or not previous:
            # what stood between is gone, and this line with it cannot be told from one that was altered
            self._missing(before[0] + 1 if previous else self._older + 1, no - 1)
        else:
            self._fault(no, no, MOVED)

    def _missing(self, first: int, last: int) -> None:
        if not any(from_ <= first and last <= to for from_, to in self.verdict.lost):
            self._fault(min(first, last), max(first, last), REMOVED)

    def _note_redactions(self, by: int, at: int, what: str) -> None:
        count = sum(1 for lines in self._redacted.values() for one in lines if one[0] == by)
        self.verdict.redactions.append(Redaction(by, at, what, count))

    def look_for_orphans(self) -> None:
        """Changes whose action is gone: how a line that was the last one is missed."""
        gone = self._db.rows(
            "SELECT DISTINCT action FROM journal_change WHERE action>0 "
            "AND action NOT IN (SELECT no FROM journal_action)"
        )
        known = {no for fault in self.verdict.faults for no in range(fault.first, fault.last + 1)}
        for (no,) in gone:
            if no not in known:
                self._missing(no, no)

    def compare_anchors(self) -> None:
        """The proofs of this chain, and those of earlier ones as far as the lines are shared."""
        limits: dict[str, int | None] = dict(json.loads(self._db.setting(FORKS) or "[]"))
        if trail := self._db.setting(TRAIL):
            limits[trail] = None
        for desk, no in self._left_here():
            if desk not in limits:  # this desk left the proof, and denies it now
                self._fault(no, no, SWAPPED)
                limits[desk] = None
        for desk, no, chain in self._db.rows("SELECT desk,no,chain FROM audit_anchor ORDER BY no"):
            if desk not in limits:
                continue
            limit = limits[desk]
            if limit is not None and no > limit:
                self.verdict.before_fork += 1
                continue
            self.verdict.anchors += 1
            if (found := self._chains.get(no)) is None or found.hex() != chain:
                self._unproved(no, gone=found is None)

    def _left_here(self) -> list[tuple[str, int]]:
        """The trails under which this desk left proofs, by the changes it made, and the first line of each."""
        sql = (
            "SELECT a.desk,min(a.no) FROM journal_change c JOIN audit_anchor a ON a.local_no=c.row "
            "WHERE c.tbl=? AND c.op='i' GROUP BY a.desk"
        )
        return [(str(desk), int(no)) for desk, no in self._db.rows(sql, (AuditAnchor.__table_no__,))]

    def compare_head(self) -> None:
        """The head that lies outside the file."""
        if self._seal is None or (head := self._seal.head()) is None:
            return
        self.verdict.sealed = head
        self.verdict.left_behind = [
            one for one in self._seal.earlier() if self._chains.get(one.no, b"").hex() != one.chain
        ]
        if head.trail and self._db.setting(TRAIL) != head.trail:
            self._fault(head.no, head.no, SWAPPED)
        if head.no > self.verdict.last:
            self._missing(self.verdict.last + 1, head.no)
        elif self._chains.get(head.no, b"").hex() != head.chain or self._lines_to(head.no) != head.lines:
            self._fault(head.no, head.no, UNSEALED)

    def _lines_to(self, no: int) -> int:
        return sum(1 for one in self._chains if one <= no)

    def _unproved(self, no: int, *, gone: bool) -> None:
        if any(first <= no <= last for first, last in self.verdict.lost):
            return
        self._fault(no, no, REMOVED if gone else UNPROVED)
