"""Files of somebody under seal: hung on the sealed record until it is lifted, without title, day and small picture.

Their contents stay where they are, encrypted as before; nothing but the sealed record says whose they are.  The titles
and what each belonged to stand in that record, the small picture as ciphertext in its own place.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.attachments import queries
from desktop_app.attachments.model import Attachment
from desktop_app.attachments.queries import Shown
from desktop_app.attachments.rules import PERSONAL, SEALED
from desktop_app.privacy import sealing
from desktop_app.privacy.model import SealedRecord
from desktop_app.shared.actor import SYSTEM
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.sync import blanking, erasing, state

PART: Final = "attachment"
"""What the files are called in the content of a sealed record."""
TITLE: Final = "封存的附件"
_KEPT: Final = ("id", "title", "owner_table", "owner_id", "taken_on")
_CHOSEN: Final = "(SELECT value FROM json_each(?))"
_REMEMBERED: Final = (
    "SELECT a.local_no FROM attachment a WHERE a.owner_table=? AND EXISTS(SELECT 1 FROM journal_change c "
    "WHERE c.tbl=? AND c.row=a.local_no AND (c.op='i' OR json_extract(c.before,'$.owner_table') NOTNULL "
    "OR json_extract(c.before,'$.title')<>? OR json_extract(c.before,'$.taken_on') NOTNULL))"
)
"""Those under seal of which the journal still tells what they were before."""
_READABLE: Final = (
    "SELECT s.id,s.key_id,a.id FROM attachment a JOIN sealed_record s ON s.id=a.owner_id AND s.kind=? AND s.sync_del=0 "
    "WHERE a.owner_table=? AND a.sync_del=0 AND (a.title<>? OR a.taken_on NOTNULL) ORDER BY s.id,a.id"
)
"""Those under seal that say again what they are, since somebody named them so meanwhile."""


def of(tx: Transaction, records: Iterable[tuple[str, str]]) -> list[Attachment]:
    """The living files of these records."""
    ids = [one for table, one in erasing.hanging(tx, records) if table == PART]
    return [found for one in ids if (found := tx.get(Attachment, one)) is not None and not found.sync_del]


def cells(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """What the sealed record keeps of some files."""
    return [{name: value for name in _KEPT if (value := getattr(one, name))} for one in files]


def put_away(tx: Transaction, secrets: SecretStore, record: SealedRecord, files: Sequence[Attachment]) -> None:
    """Hangs files on a sealed record, whose content has their `cells`."""
    for one in files:
        thumb = one.thumb or None
        if thumb and sealing.opened(secrets, record, one.id, thumb) is None:
            thumb = sealing.closed(secrets, record, one.id, thumb)
        tx.execute(
            "UPDATE attachment SET owner_table=?,owner_id=?,title=?,taken_on=NULL,thumb=? WHERE id=?",
            (SEALED, record.id, TITLE, thumb, one.id),
        )


def give_back(
    tx: Transaction,
    secrets: SecretStore,
    record: SealedRecord,
    kept: Mapping[str, Mapping[str, Any]],
    anew: Mapping[str, str],
    person_id: str,
) -> int:
    """Hangs the files of a seal on what they belonged to, by its new identifier (`anew`), else on the person.

    `kept` are the `cells` by identifier; returns how many came back.
    """
    sql = "SELECT id,title,thumb FROM attachment WHERE owner_table=? AND owner_id=? AND sync_del=0"
    found = tx.rows(sql, (SEALED, record.id))
    for id_, title, thumb in found:
        was = kept.get(id_, {})
        owner = _owner(tx, str(was.get("owner_table", "")), str(was.get("owner_id", "")), anew) or ("person", person_id)
        clear = sealing.opened(secrets, record, id_, thumb) or thumb if thumb else None
        tx.execute(
            "UPDATE attachment SET owner_table=?,owner_id=?,title=?,taken_on=?,thumb=? WHERE id=?",
            (*owner, was.get("title", title), was.get("taken_on"), clear, id_),
        )
    return len(found)


def _owner(tx: Transaction, table: str, record_id: str, anew: Mapping[str, str]) -> tuple[str, str] | None:
    """What a file belonged to, if it stands in the register (again)."""
    now = anew.get(record_id, record_id)
    if table in record_classes() and tx.scalar(f'SELECT 1 FROM "{table}" WHERE id=? AND sync_del=0', (now,)):
        return table, now
    return None


@reads("privacy.open")
def under(db: Database, secrets: SecretStore, record_id: str, content: Mapping[str, Any]) -> list[Shown]:
    """The files of a seal that was opened (`retiring.open_sealed`), as a list shows them, under their titles."""
    kept, record = {one["id"]: one for one in content.get(PART, ())}, db.get(SealedRecord, record_id)
    found = queries.shown(db, SEALED, record_id)
    for one in found:
        made, was = one.attachment, kept.get(one.attachment.id, {})
        made.title, made.taken_on = was.get("title", made.title), was.get("taken_on")
        made.thumb = sealing.opened(secrets, record, made.id, made.thumb) if made.thumb and record else None
    return found


# ------------------------------------------------------------------------------------------------ what came too late


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit, at every desk: the journal forgets what files under seal were called and hung on."""
    if PART not in tables or not (found := db.rows(_REMEMBERED, (SEALED, Attachment.__table_no__, TITLE))):
        return
    numbers = [local_no for (local_no,) in found]
    with db.applying("封存的附件") as tx:
        blanking.forget_past(tx, tx.db.tables[PART], numbers)
    blanking.wipe_log(db)


def follow_up_sealed(secrets: SecretStore, db: Database, tables: frozenset[str]) -> None:
    """After any commit, at a desk with the key: files that reached records of somebody under seal go under it too."""
    if not tables & {PART, "erasure"} or state.waits_for_rest(db):
        return
    for who, asked in _late(db).items():
        seals = [one for one in sealing.about(db, secrets, who) if one.kind == erasing.SEALED]
        if seals:
            _take_along(db, secrets, seals[0].id, asked)
    _put_away_again(db, secrets)


def _late(db: Database) -> dict[str, list[tuple[str, str]]]:
    """Of people who may be under seal, themselves and the records of the community, if they have files again."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column in (("person", "id"), *PERSONAL.items()):
        sql = (
            f'SELECT DISTINCT e.row_id,t.id FROM erasure e JOIN "{table}" t ON t."{column}"=e.row_id '
            "JOIN attachment a ON a.owner_table=? AND a.owner_id=t.id AND a.sync_del=0 "
            "WHERE e.tbl='person' AND e.sealed_on IS NOT ''"
        )
        for who, record_id in db.rows(sql, (table,)):
            found.setdefault(str(who), []).append((table, str(record_id)))
    return found


def _take_along(db: Database, secrets: SecretStore, record_id: str, asked: Sequence[tuple[str, str]]) -> None:
    with db.transaction(SYSTEM, "封存后补到的附件一并封存") as tx:
        record, files = tx.need(SealedRecord, record_id), of(tx, asked)
        _keep(tx, secrets, record, files, cells(files))


def _put_away_again(db: Database, secrets: SecretStore) -> None:
    """Files under seal that were renamed lose the new title to the seal, which keeps the rest of what they were."""
    found = db.rows(_READABLE, (erasing.SEALED, SEALED, TITLE))
    locked = {held.id for held in sealing.missing(db, secrets)} if found else set()
    renamed: dict[str, list[str]] = {}
    for record_id, key_id, file in found:
        if key_id not in locked:
            renamed.setdefault(str(record_id), []).append(str(file))
    for record_id, ids in renamed.items():
        with db.transaction(SYSTEM, "封存的附件再次隐去名称") as tx:
            record, files = tx.need(SealedRecord, record_id), [tx.need(Attachment, one) for one in ids]
            _keep(tx, secrets, record, files, [_named_now(one) for one in files])


def _named_now(file: Attachment) -> dict[str, Any]:
    """What a file under seal says again of what it is."""
    said = {"id": file.id, "title": file.title, "taken_on": file.taken_on}
    return {name: value for name, value in said.items() if value and value != TITLE}


def _keep(
    tx: Transaction,
    secrets: SecretStore,
    record: SealedRecord,
    files: Sequence[Attachment],
    said: Iterable[Mapping[str, Any]],
) -> None:
    """Puts files away under a seal, whose content learns what is `said` of each."""
    content = sealing.unseal(secrets, record)
    kept = {one["id"]: one for one in content.get(PART, ())}
    for one in said:
        kept[one["id"]] = kept.get(one["id"], {}) | one
    content[PART] = list(kept.values())
    tx.change(SealedRecord, record.id, content=sealing.seal_anew(secrets, record, content))
    put_away(tx, secrets, record, files)
