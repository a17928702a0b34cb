"""What the status bar and a row show; cheap enough to be asked every few seconds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from desktop_app.shared.clock import local_text
from desktop_app.store.conflict import waits
from desktop_app.store.database import Database
from desktop_app.sync import state
from desktop_app.sync.refused import why_of

DAY_MS: Final = 86_400_000
AMBER_DAYS: Final = 3
RED_DAYS: Final = 14
PAUSE_UNTIL: Final = "sync_pause_until"
"""Setting: until when (UTC ms) the server asks this desk not to come back by itself."""
CLOCK_AHEAD: Final = "sync_clock_ahead"
"""Setting: by how many ms this clock was before the server's at the last exchange; below 0 it was behind."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where this desk stands.  Times in UTC ms; `set_aside` counts records the server does not take.

    `online` is what came of asking the server the last time, None if it was never asked; `answered_at` is when it last
    gave any answer; until `pause_until` it asks this desk not to come back by itself.  `asks`: the last exchange
    stopped to ask whether so many records may be deleted.
    """

    enrolled: bool
    server: str
    last_ok_at: int | None
    waiting: int
    set_aside: int
    conflicts: int
    error: str | None
    days_without: int
    online: bool | None = None
    answered_at: int = 0
    pause_until: int = 0
    asks: bool = False

    @property
    def words(self) -> str:
        """The chip: what a person needs to know, in one line."""
        if not self.enrolled:
            return self.when_words
        parts = [self.when_words]
        if self.waiting:
            parts.append(f"待上报 {self.waiting}")
        if self.set_aside:
            parts.append(f"未被接受 {self.set_aside}")
        if self.conflicts:
            parts.append(f"待确认 {self.conflicts}")
        return " · ".join(parts)

    @property
    def when_words(self) -> str:
        """When it last synced, or why it did not, without counts."""
        if not self.enrolled:
            return "未接入服务器，数据只在本机"
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


_ANSWERED: Final = "(kind='ok' OR kind='FuseError' OR kind=upper(kind))"
"""Ends of an exchange in which the server spoke: success, a question to the person, a refusal (a code in capitals)."""


def status(db: Database) -> SyncStatus:
    """The state of sync of this desk."""
    now = state.read(db)
    ((waiting, set_aside, flying, conflicts, answered, online, pause, last),) = db.rows(
        "SELECT (SELECT count(*) FROM sync_dirty WHERE txn>=0),(SELECT count(*) FROM sync_dirty WHERE txn<0),"
        "(SELECT coalesce(sum(n),0) FROM sync_outbox),"
        f"(SELECT count(*) FROM conflict c WHERE {waits('c')}),"
        f"(SELECT at FROM sync_log WHERE {_ANSWERED} ORDER BY no DESC LIMIT 1),"
        f"(SELECT {_ANSWERED} FROM sync_log WHERE {_ANSWERED} OR kind='NetworkError' ORDER BY no DESC LIMIT 1),"
        "(SELECT value FROM setting WHERE key=?),(SELECT kind FROM sync_log ORDER BY no DESC LIMIT 1)",
        (PAUSE_UNTIL,),
    )
    days = max(0, db.clock.ms() - now.last_ok_at) // DAY_MS if now.last_ok_at else 0
    return SyncStatus(
        enrolled=now.enrolled,
        server=now.server_url or "",
        last_ok_at=now.last_ok_at,
        waiting=waiting + flying,
        set_aside=set_aside,
        conflicts=conflicts,
        error=now.last_error,
        days_without=days,
        online=None if online is None else bool(online),
        answered_at=max(answered or 0, now.last_ok_at or 0),
        pause_until=int(pause) if pause and pause.isdecimal() else 0,
        asks=last == "FuseError",
    )


# ----------------------------------------------------------------------------------------------------------------- rows


class RowState(Enum):
    """Where one record stands; the value is what a person reads."""

    SYNCED = "已同步"
    WAITING = "待上报"
    SENDING = "正在上报"
    REFUSED = "服务器未接受，修改后会再次上报"
    CONFLICT = "有两个值，待确认"
    LOCAL = "只在本机"


_RANKS: Final = (
    RowState.SYNCED,
    RowState.LOCAL,
    RowState.SENDING,
    RowState.WAITING,
    RowState.REFUSED,
    RowState.CONFLICT,
)
"""The state of a record is the highest of its own and those of its parts."""
PARTS: Final = {
    "person": (
        ("residence", "person_id"),
        ("household_member", "person_id"),
        ("person_tag", "person_id"),
        ("party_member", "person_id"),
    ),
    "meeting": (
        ("agenda_item", "meeting_id"),
        ("attendance", "meeting_id"),
        ("resolution", "meeting_id"),
        ("meeting_correction", "meeting_id"),
        ("meeting_note", "meeting_id"),
        ("owner_ballot", "meeting_id"),
    ),
    "matter": (("matter_event", "matter_id"),),
    "appeal": (("appeal_event", "appeal_id"),),
    "agreement": (("agreement_item", "agreement_id"),),
    "claim": (("claim_event", "claim_id"),),
    "activity": (("sign_in", "activity_id"),),
    "partner_unit": (("agreement", "unit_id"), ("unit_review", "unit_id")),
    "list_item": (("claim", "item_id"),),
    "points_account": (("points_entry", "from_account_id"), ("points_entry", "to_account_id")),
    "door_bell": (("door_bell_event", "bell_id"),),
    "service_order": (("order_event", "order_id"),),
    "wish": (("wish_event", "wish_id"),),
    "registration": (("registration_claim", "registration_id"),),
    "shift": (("shift_event", "shift_id"),),
    "org_node": (("seat", "node_id"),),
}
"""Records that people see as part of another, and those as part of a third; found by indexed references."""


def row_states(db: Database, table: str, ids: Sequence[str]) -> dict[str, RowState]:
    """The states of some records of a synced table, in one query; one that is not there has none.

    A change of a part (the tags of a resident, the agenda of a meeting) counts as one of the record.  Before the desk
    is enrolled everything is here only.
    """
    if not ids:
        return {}
    found = db.rows(_states_sql(db, table), {"ids": json.dumps(list(ids))})
    enrolled = state.read(db).enrolled
    states = {record_id: _RANKS[rank] for record_id, rank in found}
    return states if enrolled else {record_id: _alone(one) for record_id, one in states.items()}


def _alone(one: RowState) -> RowState:
    return one if one is RowState.CONFLICT else RowState.LOCAL


def _states_sql(db: Database, table: str) -> str:
    """`:ids` is a JSON list; every step is a look-up by key, so that the cost goes by the rows asked for."""
    wanted = "(SELECT value FROM json_each(:ids))"
    rows = [f"SELECT id,{db.tables[table].no},local_no,id,sync_seq,'{table}' FROM \"{table}\" WHERE id IN {wanted}"]
    rows += [
        f"SELECT {owner},{db.tables[part].no},p.local_no,p.id,p.sync_seq,'{part}' FROM {joined} "
        f"WHERE {owner} IN {wanted}"
        for part, owner, joined in _parts(table)
    ]
    return (
        f"WITH part(owner,tbl,local_no,id,seq,name) AS ({' UNION ALL '.join(rows)}) "
        "SELECT p.owner,max(CASE "
        f"WHEN EXISTS(SELECT 1 FROM conflict c WHERE c.tbl=p.name AND c.row_id=p.id AND {waits('c')}) THEN 5 "
        "WHEN d.txn<0 OR EXISTS(SELECT 1 FROM sync_refused x WHERE x.tbl=p.name AND x.pk=p.id) THEN 4 "
        "WHEN d.txn>=0 THEN 3 WHEN f.batch_no IS NOT NULL THEN 2 "
        "WHEN p.seq=0 THEN 1 ELSE 0 END) FROM part p "
        "LEFT JOIN sync_dirty d ON d.tbl=p.tbl AND d.local_no=p.local_no "
        "LEFT JOIN sync_fly f ON f.tbl=p.tbl AND f.local_no=p.local_no GROUP BY p.owner"
    )


def _parts(table: str) -> Iterator[tuple[str, str, str]]:
    """Each kind of part `p` of a record: its table, the column that says whose it is, and what to read for both."""
    for part, column in PARTS.get(table, ()):
        yield part, f"p.{column}", f"{part} p"
        for below, reference in PARTS.get(part, ()):
            yield below, f"o.{column}", f"{part} o JOIN {below} p ON p.{reference}=o.id"


def row_state(db: Database, table: str, record_id: str) -> RowState:
    """The state of one record of a synced table."""
    return row_states(db, table, [record_id]).get(record_id, RowState.LOCAL)


def refusals(db: Database, table: str, ids: Sequence[str]) -> dict[str, str]:
    """Why the server did not take what was written in some records or their parts, in words; only where it did not."""
    wanted = "(SELECT value FROM json_each(:ids))"
    rows = [f"SELECT pk,code,tbl,pk FROM sync_refused WHERE tbl='{table}' AND pk IN {wanted}"]
    rows += [
        f"SELECT {owner},x.code,x.tbl,x.pk FROM {joined} JOIN sync_refused x ON x.tbl='{part}' AND x.pk=p.id "
        f"WHERE {owner} IN {wanted}"
        for part, owner, joined in _parts(table)
    ]
    found = db.rows(" UNION ALL ".join(rows), {"ids": json.dumps(list(ids))})
    return {record_id: why_of(db, name, pk, code) for record_id, code, name, pk in found}
