"""Changes the server did not take: which, why, in what words, and what was written where the record cannot keep it.

A change that may be put right stays in its record, set aside, and is offered again when somebody edits the record.  One
that can never be taken (the record left this unit, or is not this unit's to change) is kept here to be read, copied by
hand or dismissed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import orjson

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.shared.actor import SYSTEM
from desktop_app.store import lengths
from desktop_app.store.base import record_classes
from desktop_app.store.conflict import Conflict
from desktop_app.store.database import Database, Transaction
from desktop_app.sync.blanking import NAMES
from sync_protocol import stamps
from sync_protocol.behaviours import ERASURE_TABLE, TRANSFER_TABLE
from sync_protocol.digests import conflict_id
from sync_protocol.messages import Change, Gone, Row

TOO_LARGE: Final = "TOO_LARGE"
WITHDRAWN: Final = "WITHDRAWN"
FORGOTTEN: Final = "FORGOTTEN"
"""ELSEWHERE of a record the server had, and of which it has not even a tombstone any more."""
SEALED_APART: Final = "SEALED_APART"
"""APPEND_ONLY of an erasure where one desk put under seal whom another erased."""
NOT_ERASED: Final = "NOT_ERASED"
"""NOT_YOURS of an order to erase a record that has left this unit, or the one into which that was merged."""
NOT_MOVED: Final = "NOT_MOVED"
"""The same of an order to hand it over; a restored server may also have lost it."""
NOWHERE_TO: Final = "NOWHERE_TO"
"""AUDIENCE of an order to hand it over: there is no such open community (any more)."""
_ORDERS: Final = MappingProxyType(
    {
        (ERASURE_TABLE, "NOT_YOURS"): NOT_ERASED,
        (TRANSFER_TABLE, "NOT_YOURS"): NOT_MOVED,
        (TRANSFER_TABLE, "AUDIENCE"): NOWHERE_TO,
    }
)
"""What the code of an order means: nobody edits an order, and its record says nothing of it."""
WORDS: Final = MappingProxyType(
    {
        TOO_LARGE: "内容太长",
        "BAD_VALUE": "内容不合规",
        "APPEND_ONLY": "这类记录只能追加",
        "AUDIENCE": "共享的单位里有不能共享的",
        "NOT_YOURS": "这条记录属于别的单位，本机不能改，或已不再共享给本机",
        "ERASED": "这条记录已按要求清除",
        "ELSEWHERE": "这条记录已在别的单位",
        WITHDRAWN: "对方已不再共享这条记录",
        FORGOTTEN: "这条记录一年多前已删除或转走，当时本机没有同步到",
        SEALED_APART: "同一位居民，一台电脑封存，另一台电脑清除",
        NOT_ERASED: "要清除的记录已归别的单位，那里没有清除",
        NOT_MOVED: "要转出的记录已不在本单位，没有转出",
        NOWHERE_TO: "转入的单位不是开放的社区，没有转出",
    }
)
"""Code of a refused change → why, in a few words."""
ADVICE: Final = MappingProxyType(
    {
        "APPEND_ONLY": "；要更正请另记一条",
        "NOT_YOURS": "；要改请告诉那个单位",
        "ELSEWHERE": "；要改请告诉现在的单位",
        WITHDRAWN: "；还要转达请告诉那个单位",
        FORGOTTEN: "；还要保留请照着重新登记",
        NOT_ERASED: "；请告诉记录现在的单位，由那里清除",
        NOT_MOVED: "；请问居民现在的社区，那里没有的请在那里登记",
        NOWHERE_TO: "；请问清居民现在的社区，重新办理转出",
    }
)
"""Code → what to do where the record itself does not show any more what was written."""
FOR_GOOD: Final = frozenset(
    {"APPEND_ONLY", "NOT_YOURS", "ELSEWHERE", "ERASED", FORGOTTEN, SEALED_APART, NOT_ERASED, NOT_MOVED, NOWHERE_TO}
)
"""After these the server's version stands; the change is not offered again."""


@dataclass(frozen=True, slots=True)
class RefusedChange:
    """A change that was not taken; `values` (field → value) where the record itself does not show it; `at` UTC ms."""

    table: str
    record_id: str
    at: int
    code: str
    values: dict[str, Any]
    words: str
    """Why, in a few words."""

    @property
    def about(self) -> tuple[str, str]:
        """Table and id of the record a person has in mind: of an order, the one it is about."""
        told = self.table in (ERASURE_TABLE, TRANSFER_TABLE) and "row_id" in self.values
        return (str(self.values["tbl"]), str(self.values["row_id"])) if told else (self.table, self.record_id)


def why(code: str) -> str:
    """The words of a code; a code of a newer server speaks for itself."""
    return WORDS.get(code, code)


def why_of(source: Database | Transaction, table: str, record_id: str, code: str) -> str:
    """Why the change of one record was not taken; of what is too long also which field it is, and how much fits."""
    field = lengths.longest_stored(source, table, record_id) if code == TOO_LARGE else ""
    return f"{why(code)}：{field}，一条记录最多约 {lengths.MOST_CHARACTERS:,} 字" if field else why(code)


def meant(code: str, told: Row | None, table: str, *, known: bool) -> str:
    """What a code of the server means for whoever wrote; `told`: the record in its answer; `known`: it had it before.

    Where another desk has ordered the same erasure, nothing was refused ("").
    """
    # what is elsewhere has left a tombstone that says so, unless that is forgotten
    if code == "ELSEWHERE" and known and (told is None or told.gone == Gone.DELETED):
        return FORGOTTEN
    code = _ORDERS.get((table, code), code)
    return "" if code == "APPEND_ONLY" and told and table == ERASURE_TABLE else code


def told_once(changes: Iterable[Change]) -> set[str]:
    """Of refused changes of one batch, those not told of: that what is about a person is not erased goes with that one.

    All that one order of a person takes has the same ground.
    """
    orders = [one for one in changes if one.table == ERASURE_TABLE]
    grounds = {one.values.get("reason") for one in orders if one.values.get("tbl") == "person"}
    return {one.id for one in orders if one.values.get("tbl") != "person" and one.values.get("reason") in grounds}


def sealed_apart(change: Change, told: Row | None) -> str:
    """SEALED_APART if one desk put under seal whom another erased; else both ordered the same ("")."""
    if told is None or change.values.get("tbl") != "person":  # said once, not of everything that is about the person
        return ""
    return "" if bool(told.values.get("sealed_on")) == bool(change.values.get("sealed_on")) else SEALED_APART


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit: where seal and erasure of a person met, every desk is told by a clash; a person decides."""
    if ERASURE_TABLE not in tables:
        return
    sql = (
        "SELECT r.pk,r.at,json_extract(r.body,'$.sealed_on'),e.sealed_on,e.sync_ts FROM sync_refused r "
        "JOIN erasure e ON e.id=r.pk WHERE r.tbl=? AND r.code=?"
    )
    for pk, at, lost, stands, ts in db.rows(sql, (ERASURE_TABLE, SEALED_APART)):
        key = conflict_id("sealed_erased", ERASURE_TABLE, pk)
        if db.scalar("SELECT 1 FROM conflict WHERE id=?", (key,)):
            continue
        told = Conflict(id=key, tbl=ERASURE_TABLE, row_id=pk, field="sealed_on", kind="sealed_erased")
        told.win_value, told.win_ts = orjson.dumps(stands).decode(), ts
        told.lose_value, told.lose_ts = orjson.dumps(lost).decode(), stamps.stamp(at)
        with db.transaction(SYSTEM, "封存与清除相遇") as tx:
            tx.add(told)


def sentence(table: str, code: str, *, apart: bool = False, words: str = "") -> str:
    """A record the server did not take, in a sentence; its content is not named.

    `apart`: what was written is kept beside the reason, because the record cannot keep it.  `words`: why (`why_of`).
    """
    name = record_classes()[table].__zh__ if table in record_classes() else table
    apart = apart or code in FOR_GOOD
    rest = f"写的内容留在“未被接受”里{ADVICE.get(code, '')}" if apart else "仍保存在本机；修改后会再次上报"
    if code == SEALED_APART:
        rest = "附件已随清除删除，封存的文字还在；怎样处理见“同步”的“待确认”"
    if code == TOO_LARGE and not apart:
        rest = "仍保存在本机；缩短后会再次上报，长的内容可存成文件，作为附件添加"
    if code == "ERASED":
        rest = "本机的内容也已清除"
    if code == NOT_ERASED:
        rest = f"本机的内容已清除，依据留在“未被接受”里{ADVICE[code]}"
    return f"有 1 条{name}记录服务器没有接受（{words or why(code)}），{rest}。"


def told(source: Database | Transaction, table: str, code: str, record_id: str) -> str:
    """The same of one record, with which of its fields is too long."""
    return sentence(table, code, words=why_of(source, table, record_id, code))


@reads("sync.settle")
def listed(db: Database) -> list[RefusedChange]:
    """All of them, the latest first."""
    rows = db.rows("SELECT tbl,pk,at,code,body FROM sync_refused ORDER BY at DESC,tbl,pk")
    return [
        RefusedChange(table, pk, at, code, orjson.loads(body) if body else {}, why_of(db, table, pk, code))
        for table, pk, at, code, body in rows
    ]


def reason(db: Database, table: str, record_id: str) -> str:
    """Why the server did not take the change of a record, in words; "" if it did or was not asked."""
    code = db.scalar("SELECT code FROM sync_refused WHERE tbl=? AND pk=?", (table, record_id))
    return why_of(db, table, record_id, code) if code else ""


@needs("sync.settle")
def dismiss(db: Database, actor: Actor, table: str, record_id: str) -> None:
    """Somebody has read it; what was written there is let go, and the audit trail says who did."""
    with db.transaction(actor, "未被服务器接受的修改：不再提示") as tx:
        forget(tx, table, record_id)
        tx.keep()


def note(tx: Transaction, table: str, record_id: str, code: str, values: dict[str, Any] | None = None) -> None:
    """Keeps a change that was not taken; `values` (added to those that wait there) if the record cannot keep them."""
    earlier = tx.scalar("SELECT body FROM sync_refused WHERE tbl=? AND pk=?", (table, record_id))
    if values is not None and code == FORGOTTEN:
        values = _called(tx, table, record_id) | values
    kept = None if values is None else (orjson.loads(earlier) if earlier else {}) | values
    tx.execute(
        "INSERT OR REPLACE INTO sync_refused(tbl,pk,at,code,body) VALUES(?,?,?,?,?)",
        (table, record_id, tx.db.clock.ms(), code, None if kept is None else orjson.dumps(kept).decode()),
    )


def _called(tx: Transaction, table: str, record_id: str) -> dict[str, Any]:
    """What a record is called that is about to go from here: whoever reads what was written has to know of whom."""
    named = next((name for name in NAMES if name in tx.db.tables[table].columns), None)
    found = tx.rows(f'SELECT "{named}" FROM "{table}" WHERE id=?', (record_id,)) if named else []
    return {named: found[0][0]} if named and found else {}


def move_out(tx: Transaction, table: str, record_id: str, values: dict[str, Any]) -> None:
    """The record cannot keep a change any more that was set aside: its values are kept beside the reason."""
    code = tx.scalar("SELECT code FROM sync_refused WHERE tbl=? AND pk=?", (table, record_id))
    note(tx, table, record_id, code or "BAD_VALUE", values)


def forget(tx: Transaction, table: str, record_id: str) -> None:
    """It was taken after all, or must vanish."""
    tx.execute("DELETE FROM sync_refused WHERE tbl=? AND pk=?", (table, record_id))
