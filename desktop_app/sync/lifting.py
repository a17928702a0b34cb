"""Lifting a seal: the person stands in the register again, under a new identifier, since the old one was erased.

What was about the person alone comes back as it was, files too; appeals and services that lost their words get them
again.  What points to a household, room or other record that is gone meanwhile stays out, and so do events that are
never changed: the sealed record stays, and can still be opened.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.privacy import rules, sealing
from desktop_app.privacy.model import SealedRecord
from desktop_app.residents import merging
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import new_id
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.sync import erasing, retelling, sealed_files
from desktop_app.sync.retiring import KIND, LIFTED
from sync_protocol.behaviours import rules_of


@dataclass(frozen=True, slots=True)
class Lifted:
    """The person's new identifier, how many records came back, how many could not."""

    person_id: str
    back: int
    left: int

    @property
    def words(self) -> str:
        """In a sentence."""
        rest = f"，{self.left} 条对不上原来的户或房屋，没有放回" if self.left else ""
        return f"已解除封存，恢复本人资料和 {self.back} 条记录{rest}。户主、住处请核对一遍。"


@needs("privacy.erase")
def lift(db: Database, actor: Actor, secrets: SecretStore, record_id: str, why: str) -> Lifted:
    """Puts a sealed person back into the register; AppError, with nothing done, for anything but a sealed person."""
    said = rules.must_be_said(why, "why", "解除封存的依据")
    with db.transaction(actor, "解除封存", said) as tx:
        record = tx.need(SealedRecord, record_id)
        if record.kind != KIND:
            raise AppError("这不是封存着的居民，没有改动。", next_step="请刷新列表；已经解封的在居民名册里。")
        seals = _seals(db, secrets, record)
        content = _joined([one for _, one in seals])
        cells = content["person"][0]  # the others were merged into this one
        person = tx.add(Person(**_own_values(Person, cells)))
        merging.follow(tx, person.id, cells["id"])  # what is sealed under a key this desk lacks is found by it
        anew = {cells["id"]: person.id}
        back, left = _put_back(tx, content, anew)
        back += _words_again(tx, content, person.id)
        kept = _by_id(content.get(sealed_files.PART, ()))
        for one, own in seals:
            named = kept | _by_id(own.get(sealed_files.PART, ()))
            back += sealed_files.give_back(tx, secrets, one, named, anew, person.id)
        # whatever is sealed about the person goes by the new identifier: the old one was erased, and takes along what
        # has its mark; an erasure of the person later finds all of it
        for one in sealing.about(db, secrets, cells["id"]):
            tx.change(SealedRecord, one.id, subject=sealing.mark(sealing.key_of(secrets, one.key_id), person.id))
        for one, _ in seals:
            tx.change(SealedRecord, one.id, kind=LIFTED)
    return Lifted(person.id, back, left)


_Content = Mapping[str, Sequence[dict[str, Any]]]


def _seals(db: Database, secrets: SecretStore, record: SealedRecord) -> list[tuple[SealedRecord, _Content]]:
    """The seal and what is in it, and others of the same person: two desks may have sealed somebody while apart."""
    content = sealing.unseal(secrets, record)
    who = content["person"][0]["id"]
    others = [one for one in sealing.about(db, secrets, who, KIND) if one.id != record.id]
    opened = [(one, sealing.unseal(secrets, one)) for one in others]
    return [(record, content), *((one, told) for one, told in opened if told["person"][0]["id"] == who)]


def _joined(contents: Sequence[_Content]) -> dict[str, list[dict[str, Any]]]:
    """What is in several seals, each record once; the first that has it counts."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for content in contents:
        for table, rows in content.items():
            found[table] = _by_id(rows) | found.get(table, {})
    first = contents[0]["person"][0]["id"]
    return {table: sorted(rows.values(), key=lambda one: one["id"] != first) for table, rows in found.items()}


def _by_id(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(one["id"]): one for one in rows}


def _put_back(
    tx: Transaction, content: Mapping[str, Sequence[dict[str, Any]]], anew: dict[str, str]
) -> tuple[int, int]:
    """The person's own records, anew; how many came back, how many point to something that is gone.

    `anew` has the new identifier of the person and gets those of the records.
    """
    was, back = content["person"][0]["id"], 0
    coming = _coming(content, was)
    anew |= {cells["id"]: new_id() for _, cells in coming}
    for cls, cells in coming:
        values = {name: anew.get(str(value), value) for name, value in _own_values(cls, cells).items()}
        if _stands(tx, cls, values):
            tx.add(cls(id=anew[cells["id"]], **values))
            back += 1
    return back, len(coming) - back


def _coming(content: Mapping[str, Sequence[dict[str, Any]]], was: str) -> list[tuple[type[Record], Mapping[str, Any]]]:
    """The living records of the person alone, then what belongs to them; not what was taken over in a merge."""
    classes, found = record_classes(), list[tuple[type[Record], Mapping[str, Any]]]()
    for table, field in erasing.OWN:
        if table in classes and table not in {"attachment", "print_job"}:
            found += [(classes[table], cells) for cells in content.get(table, ()) if _is_of(cells, field, {was})]
    own = {table: {str(cells["id"]) for cls, cells in found if cls is classes[table]} for table in classes}
    for table, cls in classes.items():
        follows = rules_of(table).follows
        if follows and own.get(follows.table):
            found += [
                (cls, cells) for cells in content.get(table, ()) if _is_of(cells, follows.field, own[follows.table])
            ]
    return found


def _is_of(cells: Mapping[str, Any], field: str, whose: Collection[str]) -> bool:
    """Whether a record that was not deleted before points to one of these by the field."""
    return not cells.get("sync_del") and cells.get(field) in whose


def _stands(tx: Transaction, cls: type[Record], values: Mapping[str, Any]) -> bool:
    """Whether every record these values point to is still there."""
    pointing = [
        (column.info["ref"], values[column.name])
        for column in cls.__table__.columns
        if column.info.get("ref") and values.get(column.name)
    ]
    return all(tx.scalar(f'SELECT 1 FROM "{table}" WHERE id=? AND sync_del=0', (id_,)) for table, id_ in pointing)


def _own_values(cls: type[Record], cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a class but its identifier; columns a newer program wrote are left out."""
    known = {column.name for column in cls.__table__.columns} - {"id"}
    return {name: value for name, value in cells.items() if name in known}


def _words_again(tx: Transaction, content: Mapping[str, Sequence[dict[str, Any]]], person_id: str) -> int:
    """Records of the community that lost their words get them again; how many."""
    count, was = 0, content["person"][0]["id"]
    for table, (field, blanks) in retelling.CLEARED.items():
        cls = record_classes()[table]
        for cells in content.get(table, ()):
            found = tx.get(cls, cells["id"]) if cells.get(field) == was else None
            if found is not None and not found.sync_del:
                values = {name: cells.get(name, blank) for name, blank in blanks.items()}
                tx.change(cls, cells["id"], **values, **{field: person_id})
                count += 1
    return count
