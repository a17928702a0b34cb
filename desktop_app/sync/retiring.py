"""What happens to those whose time is over: erased, or put under seal where archive rules forbid that (PIPL art. 47).

Under seal (封存) means: the person's records become one sealed record and leave the register like an erasure, so that
no list, search, paper or export can show them; the seal is opened with a right and a reason alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import demand, needs
from desktop_app.attachments.model import Attachment
from desktop_app.privacy import rules, sealing
from desktop_app.privacy.model import SealedRecord
from desktop_app.privacy.policy import SEAL
from desktop_app.privacy.retaining import Expired, must_be_approved
from desktop_app.residents.merging import entries
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.base import SYNC_COLUMNS, record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.sync import erasing, retelling, sealed_files

KIND: Final = erasing.SEALED
_LEFT_OUT: Final = frozenset({"attachment", "print_job"})
"""Files are hung on the sealed record (`sealed_files`); prints are a log."""
_EVENTS: Final = (
    ("appeal_event", ("appeal_id",), "appeal"),
    ("order_event", ("order_id",), "service_order"),
    ("points_entry", ("from_account_id", "to_account_id"), "points_account"),
)
"""What is told again without words goes under the seal with its words."""
_KEPT_OUT: Final = frozenset(SYNC_COLUMNS) - {"id"}
LIFTED: Final = "已解封"
"""Kind of a sealed record whose person stands in the register again; it stays, for what could not be put back."""


@dataclass(frozen=True, slots=True)
class Retired:
    """How many records were dealt with, and how."""

    count: int
    sealed: bool

    @property
    def words(self) -> str:
        """In a sentence."""
        return f"已{'封存' if self.sealed else '清除'} {self.count} 条到期的记录，各台电脑下次同步后一致。"


@needs("privacy.erase")
def carry_out(db: Database, actor: Actor, secrets: SecretStore, code: str, only: tuple[str, ...] = ()) -> Retired:
    """Erases or seals what has expired of a retention class, over the approval in force for it."""
    found, lines = must_be_approved(db, code, only)
    keeping, approval = found.keeping, found.approval
    ground = f"保存期限已满（{keeping.name}），审批人 {approval.decided_name if approval else ''}"
    sealed = keeping.action == SEAL
    if keeping.subject == "person":
        for line in lines:
            if sealed:
                seal_person(db, actor, secrets, line.id, ground)
            else:
                _erase_person(db, actor, secrets, line.id, ground)
    elif keeping.subject == "appeal":
        _clear_appeals(db, actor, lines, ground)
    else:
        erasing.erase_records(db, actor, "到期清除", [(keeping.subject, line.id) for line in lines], ground)
    return Retired(len(lines), sealed)


def _erase_person(db: Database, actor: Actor, secrets: SecretStore, person_id: str, ground: str) -> None:
    erasing.erase(db, actor, person_id, ground, sealed=[one.id for one in sealing.about(db, secrets, person_id)])


def _clear_appeals(db: Database, actor: Actor, lines: tuple[Expired, ...], ground: str) -> None:
    """One transaction: no end of the program leaves the old words beside what is told again without them."""
    demand(db, actor, "residents.erase")
    with db.transaction(actor, "到期清除：诉求中的个人信息", ground) as tx:
        gone = retelling.clear_records(tx, "appeal", [line.id for line in lines], ())
        gone += erasing.hanging(tx, [("appeal", line.id) for line in lines])
        gone = list(dict.fromkeys([*gone, *erasing.hanging(tx, gone)]))
        erasing.ask(tx, gone, ground)
    erasing.vanish(db, gone)


# ---------------------------------------------------------------------------------------------------------- under seal


@needs("privacy.erase")
def seal_person(db: Database, actor: Actor, secrets: SecretStore, person_id: str, reason: str) -> SealedRecord:
    """Puts a person under seal: the sealed record is there, and files hang on it, before anything open is asked to go.

    All of it is one transaction: no end of the program leaves somebody both open and sealed, or neither.
    """
    demand(db, actor, "residents.erase")
    with db.transaction(actor, "封存个人信息", reason) as tx:
        person = erasing.may_go(tx, person_id, reason)
        said = rules.must_be_said(reason, "reason", "依据", names=[person.name])
        packed, files = _packed(tx, person)
        made = sealing.seal(tx, secrets, KIND, person_id, packed)
        sealed_files.put_away(tx, secrets, made, files)
        gone = erasing.ask_for(tx, person, said, sealed_on=db.clock.today().isoformat())
    erasing.vanish(db, gone)
    return made


def _packed(tx: Transaction, person: Person) -> tuple[dict[str, Any], list[Attachment]]:
    """Whatever an erasure takes, table by table, the person first, and what others keep without its words; the files.

    What was deleted or merged before goes under the seal too, and says so (`sync_del`): it does not come back.
    """
    people = entries(tx.rows, person.id)
    packed: dict[str, Any] = {}
    own = erasing.wholly(tx, people)
    for table, id_ in own:
        if table not in _LEFT_OUT and tx.scalar(f'SELECT 1 FROM "{table}" WHERE id=? AND sync_del<2', (id_,)):
            packed.setdefault(table, []).append(_cells(tx, table, id_))
    files = sealed_files.of(tx, [*own, *erasing.owners(tx, people, open_too=True)])
    packed[sealed_files.PART] = sealed_files.cells(files)
    for table, (field, _) in retelling.CLEARED.items():
        packed[table] = [*packed.get(table, ()), *_of(tx, table, field, people)]
    for table, fields, parent in _EVENTS:
        owners = [one["id"] for one in packed[parent]]
        found = [cells for field in fields for cells in _of(tx, table, field, owners)]
        packed[table] = [*{cells["id"]: cells for cells in found}.values()]
    return packed, files


def _of(tx: Transaction, table: str, field: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The records of a table that point to these, as JSON takes them."""
    sql = f'SELECT id FROM "{table}" WHERE "{field}" IN (SELECT value FROM json_each(?)) AND sync_del<2'
    return [_cells(tx, table, id_) for (id_,) in tx.rows(sql, (json.dumps(list(ids)),))]


def _cells(tx: Transaction, table: str, record_id: str) -> dict[str, Any]:
    """A record as JSON takes it; what is blank is left out, and so is `sync_del` of a living one."""
    cls = record_classes()[table]
    record = tx.session.get_one(cls, record_id, populate_existing=True)
    names = [name for name in (column.name for column in cls.__table__.columns) if name not in _KEPT_OUT]
    cells = {name: value for name in names if (value := getattr(record, name)) not in (None, "")}
    return cells | ({"sync_del": 1} if record.sync_del else {})


@needs("privacy.open")
def open_sealed(db: Database, actor: Actor, secrets: SecretStore, record_id: str, why: str) -> dict[str, Any]:
    """What is under a seal, with a line in the trail first."""
    said = rules.must_be_said(why, "why", "打开用途")
    with db.transaction(actor, "打开封存的个人信息", said) as tx:
        record = tx.need(SealedRecord, record_id)
        if record.kind not in {KIND, LIFTED}:
            raise AppError("这不是封存的居民资料，没有打开。", next_step="限制类请从那位居民的页面查看，并写明用途。")
        tx.keep()
    return sealing.unseal(secrets, record)


@needs("privacy.open")
def find_sealed(
    db: Database, actor: Actor, secrets: SecretStore, name: str, why: str
) -> list[tuple[SealedRecord, str]]:
    """The sealed people of a name, which no index knows: every seal is opened, in one line of the trail.

    Those under a key this desk lacks are passed over; LockedError where it has none of the keys.
    """
    said = rules.must_be_said(why, "why", "查找用途")
    with db.transaction(actor, "查找封存的个人信息", said) as tx:
        tx.keep()
    ids = db.rows("SELECT id FROM sealed_record WHERE kind=? AND sync_del=0 ORDER BY at", (KIND,))
    records = [record for (id_,) in ids if (record := db.get(SealedRecord, id_))]
    locked = {held.id for held in sealing.missing(db, secrets)}
    if records and all(record.key_id in locked for record in records):
        sealing.key_of(secrets, records[0].key_id)
    mine = [record for record in records if record.key_id not in locked]
    opened = [(record, sealing.unseal(secrets, record)["person"][0]) for record in mine]
    return [(record, json.dumps(person, ensure_ascii=False)) for record, person in opened if person.get("name") == name]


def told(content: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What was under a seal in words: of each record its Chinese name, and the labels and values that are filled in."""
    found = []
    for table, rows in content.items():
        cls = record_classes().get(table)
        if cls is None:  # a newer program wrote it
            continue
        said = {column.name: column.info for column in cls.__table__.columns}
        if table == sealed_files.PART:  # by its identifier one is saved
            said = {"title": said["title"], "id": {"zh": "编号"}}
        for row in rows:
            info = [(said.get(name, {}), value) for name, value in row.items()]
            values = [(str(told["zh"]), str(value)) for told, value in info if told.get("zh") and not told.get("ref")]
            found.append((cls.__zh__, values))
    return found
