"""A resident asks to be erased (PIPL art. 47): whatever is about the person vanishes, here and on every other desk.

What belongs to the organisation stays: a seat once held, a meeting that was attended, a post on a card, under the name
as it was written there, an appeal without its reporter.  Those are records of the community, kept by other rules, and
are put right where they stand.
"""

from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.residents.actions import end_living
from desktop_app.residents.merging import MERGED
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.requests import Erasure
from desktop_app.sync import blanking, state
from sync_protocol.messages import Gone

OWN: Final = (
    ("person_tag", "person_id"),
    ("person_event", "person_id"),
    ("household_member", "person_id"),
    ("residence", "person_id"),
    ("party_member", "person_id"),
    ("visit", "person_id"),
    ("print_job", "subject_id"),
    ("attachment", "owner_id"),
)
"""Records that are about nobody else, by the field that says whose they are."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many records go; `at_once` on a desk without a server, else by the next sync."""

    records: int
    at_once: bool

    @property
    def words(self) -> str:
        """What happens now, in a sentence; it names nobody."""
        when = "内容已从本机清除" if self.at_once else "下次同步后，内容从服务器和各台电脑上清除"
        return f"已登记清除 1 人的 {self.records} 条记录。{when}；以前的备份到期自动删除。"


def erase(db: Database, actor: Actor, person_id: str, reason: str) -> Erased:
    """Hides a resident at once and asks for the erasure of everything that is about the person; cannot be taken back.

    `reason` is on what ground; it must not name the person.
    """
    if not reason.strip():
        raise AppError("清除的依据没有填，没有改动。", field="reason", next_step="请写明依据，如“本人书面申请”。")
    with db.transaction(actor, "清除居民资料") as tx:
        person = tx.need(Person, person_id)
        if person.name in reason:
            raise AppError("依据里写了本人的姓名，没有改动。", field="reason", next_step="依据会留下来，请不要写姓名。")
        if person.scope:
            raise AppError("这是别的单位的记录，没有改动。", next_step="请由那个单位办理清除。")
        end_living(tx, person_id, db.clock.today().isoformat())
        chosen = [one for who in _entries(tx, person_id) for one in (("person", who), *_own(tx, who))]
        tx.execute("UPDATE appeal SET reporter_name=NULL,reporter_phone=NULL WHERE person_id=?", (person_id,))
        for table, record_id in chosen:
            tx.add(Erasure(tbl=table, row_id=record_id, reason=reason.strip()))
            tx.execute(f'UPDATE "{table}" SET sync_del=1 WHERE id=? AND sync_del=0', (record_id,))
    alone = not state.read(db).enrolled
    if alone:
        _vanish(db, chosen)
    return Erased(len(chosen), alone)


def _entries(tx: Transaction, person_id: str) -> list[str]:
    """The entry of a person and those that were merged into it: their content is still in the file."""
    found, new = [person_id], [person_id]
    while new:
        new = [
            gone
            for stays in new
            for (gone,) in tx.rows(
                "SELECT b_id FROM duplicate_verdict WHERE a_id=? AND verdict=? AND sync_del=0", (stays, MERGED)
            )
            if gone not in found
        ]
        found += new
    return found


def _own(tx: Transaction, person_id: str) -> list[tuple[str, str]]:
    """Everything that is about the person alone, earlier deletions included: their content is still in the file."""
    return [
        (table, record_id)
        for table, field in OWN
        if table in record_classes()
        for (record_id,) in tx.rows(f'SELECT id FROM "{table}" WHERE "{field}"=? AND sync_del<2', (person_id,))
    ]


def _vanish(db: Database, chosen: list[tuple[str, str]]) -> None:
    """There is no server to wait for."""
    with db.applying("清除") as tx:
        for table, record_id in chosen:
            number = tx.scalar(f'SELECT local_no FROM "{table}" WHERE id=?', (record_id,))
            blanking.blank(tx, tx.db.tables[table], [number], erased=True)
            tx.execute(f'UPDATE "{table}" SET sync_del=? WHERE local_no=?', (int(Gone.ERASED), number))
    blanking.wipe_log(db)
