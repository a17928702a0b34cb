"""What happens to those whose time is over: erased, or put under seal where archive rules forbid that (PIPL art. 47).

Under seal (封存) means: the person's records become one sealed record and leave the register like an erasure, so that
no list, search, paper or export can show them; the seal is opened with a right and a reason alone.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.appeals.model import Appeal, AppealEvent
from desktop_app.privacy import rules, sealing
from desktop_app.privacy.model import SealedRecord
from desktop_app.privacy.policy import SEAL
from desktop_app.privacy.retaining import Expired, must_be_approved
from desktop_app.residents.model import Person
from desktop_app.store.base import SYNC_COLUMNS, Record, record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.sync import erasing, retelling

KIND: Final = erasing.SEALED
_LEFT_OUT: Final = frozenset({"attachment", "print_job"})
"""Files keep their own encryption and are hung on the sealed record; prints are a log."""


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
    with db.transaction(actor, "到期清除：诉求中的个人信息", ground) as tx:
        gone = retelling.clear_records(tx, "appeal", [line.id for line in lines], ())
    erasing.erase_records(db, actor, "到期清除", gone, ground)


# ---------------------------------------------------------------------------------------------------------- under seal


@needs("privacy.erase")
def seal_person(db: Database, actor: Actor, secrets: SecretStore, person_id: str, reason: str) -> SealedRecord:
    """Puts a person under seal.  First the sealed record is on the disk, then the open ones go."""
    with db.transaction(actor, "封存个人信息", reason) as tx:
        person = tx.need(Person, person_id)
        rules.must_be_said(reason, "reason", "依据", names=[person.name])
        made = sealing.seal(tx, secrets, KIND, person_id, _packed(tx, person))
        tx.execute(
            "UPDATE attachment SET owner_table='sealed_record',owner_id=?,title='封存的附件' "
            "WHERE owner_table='person' AND owner_id=? AND sync_del=0",
            (made.id, person_id),
        )
    erasing.erase(db, actor, person_id, reason)
    return made


def _packed(tx: Transaction, person: Person) -> dict[str, Any]:
    """The person and everything that is about the person alone, table by table."""
    packed: dict[str, Any] = {"person": [_cells(person)]}
    classes = record_classes()
    for table, field in erasing.OWN:
        if table in classes and table not in _LEFT_OUT:
            ids = tx.rows(f'SELECT id FROM "{table}" WHERE "{field}"=? AND sync_del=0', (person.id,))
            packed[table] = [_cells(record) for (id_,) in ids if (record := tx.get(classes[table], id_))]
    return packed | _appeals(tx, person.id)


def _appeals(tx: Transaction, person_id: str) -> dict[str, Any]:
    """What the person brought up, with its words, which the open records lose."""
    mine = "SELECT id FROM appeal WHERE person_id=? AND sync_del=0"
    appeals = [str(id_) for (id_,) in tx.rows(mine, (person_id,))]
    events = [str(id_) for (id_,) in tx.rows(f"SELECT id FROM appeal_event WHERE appeal_id IN ({mine})", (person_id,))]
    return {
        "appeal": [_cells(one) for id_ in appeals if (one := tx.get(Appeal, id_))],
        "appeal_event": [_cells(event) for id_ in events if (event := tx.get(AppealEvent, id_))],
    }


def _cells(record: Record) -> dict[str, Any]:
    """A record as JSON takes it; what is blank is left out."""
    names = [
        column.name for column in record.__table__.columns if column.name == "id" or column.name not in SYNC_COLUMNS
    ]
    return {name: value for name in names if (value := getattr(record, name)) not in (None, "")}


@needs("privacy.open")
def open_sealed(db: Database, actor: Actor, secrets: SecretStore, record_id: str, why: str) -> dict[str, Any]:
    """What is under a seal, with a line in the trail first."""
    said = rules.must_be_said(why, "why", "打开用途")
    with db.transaction(actor, "打开封存的个人信息", said) as tx:
        record = tx.need(SealedRecord, record_id)
        tx.keep()
    return sealing.unseal(secrets, record)


@needs("privacy.open")
def find_sealed(
    db: Database, actor: Actor, secrets: SecretStore, name: str, why: str
) -> list[tuple[SealedRecord, str]]:
    """The sealed people of a name, which no index knows: every seal is opened, in one line of the trail."""
    said = rules.must_be_said(why, "why", "查找用途")
    with db.transaction(actor, "查找封存的个人信息", said) as tx:
        tx.keep()
    ids = db.rows("SELECT id FROM sealed_record WHERE kind=? AND sync_del=0 ORDER BY at", (KIND,))
    records = [record for (id_,) in ids if (record := db.get(SealedRecord, id_))]
    opened = [(record, sealing.unseal(secrets, record)["person"][0]) for record in records]
    return [(record, json.dumps(person, ensure_ascii=False)) for record, person in opened if person.get("name") == name]
