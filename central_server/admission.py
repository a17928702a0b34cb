"""What may happen to one change of a batch, judged before it is merged.

Most batches concern plain records of the own unit, and nothing here is asked.  `Care` knows the rest: records shared,
moved, withdrawn or erased, and desks that say what is not theirs to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from central_server import audiences, erasing, moves
from central_server.audiences import key_of, parent_of
from central_server.erasing import ErasedList
from central_server.feeds import Feeds
from central_server.merge import Record
from central_server.records import Key
from central_server.tree import Tree
from sync_protocol.behaviours import AUDIENCE, ERASURE_TABLE, MOVABLE, TRANSFER_TABLE, Reach, rules_of, units_named
from sync_protocol.messages import Change, Gone

ORDERS: Final = (TRANSFER_TABLE, ERASURE_TABLE)
"""Tables whose records ask the server to do something; they are taken last, when all they speak of is there."""


class Way(Enum):
    """Where a change goes."""

    MERGE = auto()
    """Into the record of this unit."""
    FORWARD = auto()
    """To the unit its record, or what it follows, has moved to."""
    NOWHERE = auto()
    """It concerns what was erased: nothing of it is kept."""
    WITH_ORDER = auto()
    """It deletes what its desk orders to be erased, which has left: the order alone decides what becomes of that."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a change: refused with a code, or on its way; a new record gets this home."""

    way: Way = Way.MERGE
    code: str = ""
    home: int = 0


PLAIN: Final = Verdict()
ERASED: Final = Verdict(Way.NOWHERE)
FORWARDED: Final = Verdict(Way.FORWARD)
WITH_ORDER: Final = Verdict(Way.WITH_ORDER)
NOT_YOURS: Final = Verdict(code="NOT_YOURS")


def needs_care(feeds: Feeds, unit: int, changes: Iterable[Change]) -> tuple[bool, bool]:
    """Whether anything in a batch may be more than plain, and whether anything was ever erased in the unit."""
    found = feeds.session.row(
        "select exists(select 1 from record where scope_id=? and holders>''),"
        "exists(select 1 from erasure where scope_id=?),"
        "exists(select 1 from unit where id=? and successor is not null)",
        unit,
        unit,
        unit,
    )
    shared, erased, merged = found or (1, 1, 1)
    tables = {change.table for change in changes}
    special = any(rules_of(table).reach is not Reach.HOME or table in ORDERS for table in tables)
    return bool(shared or erased or merged or special), bool(erased)


def is_order(change: Change, record: Record | None) -> bool:
    """Whether a change that meets `record` orders something; a deletion may have come first, and said nothing."""
    return change.op != "d" and change.table in ORDERS and (record is None or not record.values)


def ordered_key(order: Change) -> Key:
    """The record an order is about."""
    return str(order.values.get("tbl")), str(order.values.get("row_id"))


@dataclass(slots=True)
class Care:
    """Judges the changes of one batch."""

    feeds: Feeds
    unit: int
    changes: Sequence[Change]
    erased_list: ErasedList
    any_erased: bool
    tree: Tree = field(init=False)
    erased: frozenset[Key] = frozenset()
    to_erase: frozenset[Key] = frozenset()
    """What the batch orders to be erased."""

    def __post_init__(self) -> None:
        """Reads in sets what the judgement of the whole batch needs."""
        self.tree = Tree(self.feeds.session)
        parents = [key_of(parent) for change in self.changes if (parent := parent_of(change.table, change.values))]
        self.feeds.load_special(self.unit, parents)
        self.to_erase = frozenset(ordered_key(one) for one in self.changes if one.table == ERASURE_TABLE)
        if self.any_erased:
            keys = {*parents, *((change.table, change.id) for change in self.changes)}
            self.erased = self.erased_list.among(self.feeds.session, self.unit, keys)

    def concerned(self) -> set[int]:
        """The units whose heads this batch will need, as far as that can be told before it is judged.

        They are locked together: finding them out one by one would mean to begin anew for each.
        """
        found = set[int]()
        for change in self.changes:
            parent = parent_of(change.table, change.values)
            above = self.feeds.special(self.unit, key_of(parent)) if parent else None
            for record in (self.feeds.get(self.unit, (change.table, change.id)), above):
                found |= {record.home, *record.holders} if record else set()
            if change.table == TRANSFER_TABLE:
                found |= self._open([moves.destination(change.values)])
            elif rules_of(change.table).reach is Reach.NAMED:
                named = units_named(change.values.get(AUDIENCE))[: audiences.MOST_NAMED]
                found |= self._open([one for one in named if self.tree.may_be_named(one, self.unit, self.unit)])
        return found

    def _open(self, units: Iterable[int]) -> set[int]:
        return {unit.id for one in units if (unit := self.tree.living(one))}

    def order(self) -> list[int]:
        """The changes with what is followed before what follows, and what asks for something last."""
        places = {(change.table, change.id): at for at, change in enumerate(self.changes)}
        done: dict[int, None] = {}
        for at in range(len(self.changes)):
            self._place(at, places, done)
        return sorted(done, key=lambda at: self.changes[at].table in ORDERS)

    def _place(self, at: int, places: dict[Key, int], done: dict[int, None]) -> None:
        chain = [at]
        while (change := self.changes[chain[-1]]) and (parent := parent_of(change.table, change.values)):
            above = places.get(key_of(parent))
            if above is None or above in chain or above in done:
                break
            chain.append(above)
        done.update(dict.fromkeys(reversed(chain)))

    def verdict(self, change: Change, record: Record | None) -> Verdict:
        """What becomes of a change that meets `record`."""
        if (change.table, change.id) in self.erased and record is None:
            return ERASED
        ordered = is_order(change, record)
        verdict = self._known(change, record) if record is not None else PLAIN
        if verdict is PLAIN:
            verdict = self._beneath(change, record)
        if verdict.way is Way.FORWARD and ordered and (code := self.order_fault(change)):
            return Verdict(code=code)
        if record is not None and verdict is not PLAIN:
            return verdict
        if verdict.code or verdict.way is not Way.MERGE:
            return self._as_there(change, verdict)
        home = record.home if record else verdict.home or self.unit
        if self._names_strangers(change, record, home):
            return Verdict(code="AUDIENCE")
        return Verdict(code=self.order_fault(change) if ordered else "", home=home)

    def _as_there(self, change: Change, verdict: Verdict) -> Verdict:
        """A new record of a merged unit is shared only with whom the successor may share it."""
        there = self.tree.living(self.unit)
        if verdict.way is not Way.FORWARD or there is None or rules_of(change.table).reach is not Reach.NAMED:
            return verdict
        may = audiences.may_name(self.tree, there.id, there.id, change.values.get(AUDIENCE), None)
        return verdict if may else Verdict(code="AUDIENCE")

    def _known(self, change: Change, record: Record) -> Verdict:
        if record.gone == Gone.ERASED:
            return ERASED
        if record.gone == Gone.MOVED:
            if change.op == "d" and (change.table, change.id) in self.to_erase:
                return WITH_ORDER
            seen = change.base >= record.seq and not change.bases
            return Verdict(code="ELSEWHERE") if seen else FORWARDED
        if record.gone == Gone.WITHDRAWN:
            return NOT_YOURS
        if record.home != self.unit and not audiences.may_answer(self.feeds, self.unit, record):
            return NOT_YOURS
        return PLAIN

    def _beneath(self, change: Change, record: Record | None) -> Verdict:
        """The judgement on what a change says its record follows."""
        said = {**record.values, **change.values} if record is not None else change.values  # half of it may be said
        parent = parent_of(change.table, said)
        if record is not None and (parent is None or parent == record.parent):
            return PLAIN
        above = self.feeds.special(self.unit, key_of(parent)) if parent else None
        erased = above is not None and above.gone == Gone.ERASED
        if erased or (parent and key_of(parent) in self.erased):
            # a deletion may have come first, and did not say what the record followed
            unheard = record is None or (record.gone == Gone.DELETED and record.parent is None)
            return ERASED if unheard else NOT_YOURS
        if record is not None:  # it is hung under something else: only within its home
            stays = above.home == record.home and above.gone not in audiences.VANISHED if above else True
            return PLAIN if stays and (above or record.home == self.unit) else NOT_YOURS
        if above is not None:
            return self._new_beneath(above)
        successor = self.tree.unit(self.unit)
        return FORWARDED if successor and successor.successor is not None else PLAIN

    def _new_beneath(self, above: Record) -> Verdict:
        if above.gone == Gone.MOVED:
            return FORWARDED
        if above.gone == Gone.WITHDRAWN:
            return NOT_YOURS
        if above.home != self.unit and not audiences.may_answer(self.feeds, self.unit, above):
            return NOT_YOURS
        return Verdict(home=above.home)

    def _names_strangers(self, change: Change, record: Record | None, home: int) -> bool:
        if change.op == "d" or AUDIENCE not in change.values or rules_of(change.table).reach is not Reach.NAMED:
            return False
        present = record.values.get(AUDIENCE) if record else None
        return not audiences.may_name(self.tree, self.unit, home, change.values[AUDIENCE], present)

    def order_fault(self, change: Change) -> str:
        """Why the unit, or the one into which it was merged, may not order that; empty if it may."""
        place, moving = self.place(change), change.table == TRANSFER_TABLE
        there, table = self.tree.living(place), str(change.values.get("tbl"))
        wanted = self.tree.living(moves.destination(change.values)) if moving and table in MOVABLE else None
        if place != self.unit and there and wanted == there:
            return ""  # it is there already
        if place != self.unit and there != self.tree.living(self.unit):
            return "NOT_YOURS"  # it had left before
        if moving:
            fault = moves.fault(self.feeds, self.tree, place, change.values)
            return fault or ("" if table in MOVABLE else "NOT_YOURS")
        return erasing.fault(self.feeds, place, change.values)

    def place(self, change: Change) -> int:
        """Where an order finds its record: in the desk's unit, or, if that was merged, wherever it has gone since."""
        went = moves.landing(self.feeds, self.tree, self.unit, None)
        if went is None:
            return self.unit
        self.feeds.lock(went)
        return moves.landing(self.feeds, self.tree, self.unit, ordered_key(change)) or went
