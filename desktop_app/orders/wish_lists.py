"""What one may ask about small wishes.  Lines for the wall carry no name; days are ISO dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.orders import wish_rules
from desktop_app.orders.model import Wish
from desktop_app.orders.wish_facts import WishFact, facts_of
from desktop_app.orders.wish_rules import State
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.store.wording import having

WAITING_WORD: Final = "未实现"
"""All that are still to be fulfilled, expired or not."""


@dataclass(frozen=True, slots=True)
class WishLine:
    """One wish of the list; `name` is for the desk alone; `phase` also 已过期; `proofs` are attachments."""

    id: str
    no: str
    alias: str
    name: str
    kind: str
    text: str
    cap_fen: int
    received_on: str
    expires_on: str
    phase: str
    taker: str
    taker_phone: str
    fulfilled_on: str
    cost_fen: int | None
    proofs: int
    stale: int

    @property
    def remark(self) -> str:
        """What somebody should look at: no proof, more spent than allowed, somebody claimed too late."""
        done = self.phase in {wish_rules.FULFILLED, wish_rules.THANKED}
        over = self.cost_fen is not None and self.cost_fen > self.cap_fen
        words = ("缺凭证" if done and not self.proofs else "", "超出费用上限" if over else "",
                 "有认领没有生效" if self.stale else "")  # fmt: skip
        return "、".join(filter(None, words))


_SELECT: Final = (
    "SELECT w.id,coalesce(w.no,''),w.alias,coalesce(w.name,''),w.kind,w.text,w.cost_cap_fen,w.received_on,w.expires_on,"
    "(SELECT count(*) FROM attachment a WHERE a.owner_table='wish' AND a.owner_id=w.id AND a.sync_del=0) "
    "FROM wish w WHERE w.sync_del=0 "
)


@reads("orders.read")
def wishes(
    db: Database, *, text: str = "", phase: str = "", kind: str = "", ids: Sequence[str] | None = None
) -> list[WishLine]:
    """Wishes, the latest first; `phase` one of `wish_rules.PHASES`, 已过期, or 未实现 for all that wait."""
    rows = db.rows(f"{_SELECT}ORDER BY w.received_on DESC,w.id DESC")
    found = [line for line in _lines(db, rows) if _fits(line, text, phase, kind)]
    if ids is None:
        return found
    known = {line.id: line for line in found}
    return [known[one] for one in ids if one in known]


@reads("orders.read")
def find_wishes(db: Database, text: str, limit: int) -> list[WishLine]:
    """Wishes in which every word of a text stands, the latest first."""
    sql, told = having(text, ("w.no", "w.alias", "w.name", "w.text"))
    rows = db.rows(f"{_SELECT}AND {sql} ORDER BY w.received_on DESC,w.id DESC LIMIT :most", {**told, "most": limit})
    return list(_lines(db, rows))


@reads("orders.read")
def wishes_open(db: Database) -> list[WishLine]:
    """Wishes nobody has claimed yet and that have not expired, the earliest to end first (for the home page)."""
    return sorted(wishes(db, phase=wish_rules.OPEN), key=lambda line: (line.expires_on, line.id))


def _fits(line: WishLine, text: str, phase: str, kind: str) -> bool:
    if phase == WAITING_WORD:
        if line.phase not in {wish_rules.OPEN, wish_rules.CLAIMED, wish_rules.EXPIRED}:
            return False
    elif phase and line.phase != phase:
        return False
    told = f"{line.no} {line.alias} {line.name} {line.text} {line.taker}"
    return (not kind or line.kind == kind) and all(word.lstrip("#＃") in told for word in text.split())


def _lines(db: Database, rows: Sequence[tuple[Any, ...]]) -> Iterator[WishLine]:
    events = facts_of(db, [row[0] for row in rows])
    kinds, today = desk_codes(db, "wish_kinds"), db.clock.today().isoformat()
    for key, no, alias, name, kind, text, cap, received, expires, proofs in rows:
        state = wish_rules.fold(events.get(key, ()))
        yield WishLine(
            key, no, alias, name, kinds.name(kind), text, cap, received, wish_rules.expiry(state, expires),
            wish_rules.word(state, expires, today), state.taker, mask("phone", state.taker_phone), state.fulfilled_on,
            state.cost_fen, proofs, len(state.stale),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WishEventLine:
    """One event as the time line shows it; `stale` says why it changed nothing, "" where it did."""

    id: str
    kind: str
    on: str
    by_name: str
    taker: str
    text: str
    result: str
    stale: str


@dataclass(frozen=True, slots=True)
class WishDetail:
    """A wish with its events and what may be done next."""

    wish: Wish
    state: State
    line: WishLine
    events: tuple[WishEventLine, ...]
    allowed: tuple[str, ...]


@reads("orders.read")
def wish_detail(db: Database, wish_id: str) -> WishDetail | None:
    """All there is about a wish; None where there is none."""
    wish = db.get(Wish, wish_id)
    rows = db.rows(f"{_SELECT}AND w.id=?", (wish_id,))
    if wish is None or not rows:
        return None
    events = facts_of(db, [wish_id]).get(wish_id, [])
    state = wish_rules.fold(events)
    line = next(_lines(db, rows))
    return WishDetail(wish, state, line, tuple(_event_lines(events, state)), wish_rules.allowed(state))


def _event_lines(events: Sequence[WishFact], state: State) -> Iterator[WishEventLine]:
    from desktop_app.orders.folding import in_order

    stale = {one.event_id: one.why for one in state.stale}
    for event in in_order(events):
        if not event.sync_del:
            cost = money(event.cost_fen) if event.cost_fen is not None else ""
            result = "　".join(part for part in (cost, f"延至 {event.until}" if event.until else "") if part)
            taker = "　".join(part for part in (event.taker, event.taker_kind) if part)
            yield WishEventLine(
                event.id, event.kind, event.on, event.by_name, taker, event.text or "", result,
                stale.get(event.id, ""),
            )  # fmt: skip


def money(fen: int) -> str:
    """50 元, 12.5 元."""
    return f"{fen / 100:.2f}".rstrip("0").rstrip(".") + " 元"


@reads("orders.read")
def wish_counts(db: Database) -> dict[str, int]:
    """How many wishes stand where, by the words of the list."""
    counts: dict[str, int] = {}
    for line in wishes(db):
        counts[line.phase] = counts.get(line.phase, 0) + 1
    return counts
