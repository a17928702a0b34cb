"""What the status bar and a row show; cheap enough to be asked every few seconds."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from desktop_app.shared.clock import local_text
from desktop_app.store.database import Database
from desktop_app.sync import state

DAY_MS: Final = 86_400_000
AMBER_DAYS: Final = 3
RED_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where this desk stands.  Times in UTC ms; `set_aside` counts records the server does not take."""

    enrolled: bool
    server: str
    last_ok_at: int | None
    waiting: int
    set_aside: int
    conflicts: int
    error: str | None
    days_without: int

    @property
    def words(self) -> str:
        """The chip: what a person needs to know, in one line."""
        if not self.enrolled:
            return "未接入服务器，数据只在本机"
        parts = [self._first_words()]
        if self.waiting:
            parts.append(f"待上报 {self.waiting}")
        if self.set_aside:
            parts.append(f"未被接受 {self.set_aside}")
        if self.conflicts:
            parts.append(f"待确认 {self.conflicts}")
        return " · ".join(parts)

    def _first_words(self) -> str:
        if self.error:
            return "同步失败"
        if self.last_ok_at is None:
            return "还没有同步过"
        return f"上次同步 {local_text(self.last_ok_at, '%m-%d %H:%M')}"

    @property
    def urgency(self) -> str:
        """`""`, `amber` after 3 days without a sync, `red` after 14."""
        if self.days_without >= RED_DAYS:
            return "red"
        return "amber" if self.days_without >= AMBER_DAYS else ""


def status(db: Database) -> SyncStatus:
    """The state of sync of this desk."""
    now = state.read(db)
    ((waiting, set_aside, flying, conflicts),) = db.rows(
        "SELECT (SELECT count(*) FROM sync_dirty WHERE txn>=0),(SELECT count(*) FROM sync_dirty WHERE txn<0),"
        "(SELECT coalesce(sum(n),0) FROM sync_outbox),"
        "(SELECT count(*) FROM conflict WHERE status='open' AND sync_del=0)"
    )
    days = (db.clock.ms() - now.last_ok_at) // DAY_MS if now.last_ok_at else 0
    return SyncStatus(
        now.enrolled, now.server_url or "", now.last_ok_at, waiting + flying, set_aside, conflicts, now.last_error, days
    )


class RowState(Enum):
    """Where one record stands; the value is what a person reads."""

    SYNCED = "已同步"
    WAITING = "待上报"
    SENDING = "正在上报"
    REFUSED = "服务器未接受，修改后会再次上报"
    CONFLICT = "有两个值，待确认"
    LOCAL = "只在本机"


def row_state(db: Database, table: str, record_id: str) -> RowState:
    """The state of one record of a synced table."""
    known = db.tables[table]
    found = db.rows(
        "SELECT r.sync_seq,d.txn,f.batch_no,EXISTS(SELECT 1 FROM conflict c WHERE c.tbl=? AND c.row_id=r.id "
        f"AND c.status='open' AND c.sync_del=0) FROM \"{table}\" r "
        "LEFT JOIN sync_dirty d ON d.tbl=? AND d.local_no=r.local_no "
        "LEFT JOIN sync_fly f ON f.tbl=? AND f.local_no=r.local_no WHERE r.id=?",
        (table, known.no, known.no, record_id),
    )
    if not found:
        return RowState.LOCAL
    seq, txn, batch, clash = found[0]
    if clash:
        return RowState.CONFLICT
    if txn is not None:
        return RowState.WAITING if txn >= 0 else RowState.REFUSED
    if batch is not None:
        return RowState.SENDING
    return RowState.SYNCED if seq else RowState.LOCAL


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange with the server; `at` in UTC ms, `good` if it came to its end."""

    no: int
    at: int
    good: bool
    text: str
    pushed: int
    pulled: int


def exchanges(db: Database, most: int = 100) -> list[Exchange]:
    """The last exchanges, newest first."""
    rows = db.rows("SELECT no,at,kind='ok',text,pushed,pulled FROM sync_log ORDER BY no DESC LIMIT ?", (most,))
    return [Exchange(no, at, bool(good), text, pushed, pulled) for no, at, good, text, pushed, pulled in rows]
