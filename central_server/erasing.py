"""Erasure: the content of a record, and of all that follows it, leaves every unit and never comes back.

What was erased is remembered as keyed hashes, in the table `erasure` and in a file outside the database: a desk that
was away, or a backup that was restored, would otherwise bring the person back.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from central_server import private, records
from central_server.feeds import Feeds, transaction
from central_server.keys import made_once
from central_server.merge import Record
from central_server.records import Key
from central_server.storage import Session, Storage
from central_server.wire import CODEC
from sync_protocol import codec
from sync_protocol.blobs import ATTACHMENT_TABLE, is_sha256
from sync_protocol.messages import Ack, Gone

KEY_FILE: Final = "erasure.key"
LIST_FILE: Final = "erased.jsonl"
KEY_BYTES: Final = 32
AT_ONCE: Final = 5000
OVERLAP_MS: Final = 3_600_000
"""So long a transaction that erases may take, and two machines' clocks may differ."""
Entry = tuple[int, str, int]
"""Unit, hash, UTC ms."""


@dataclass(slots=True)
class Erased:
    """What was erased: entries for the list, hashes of contents of attachments to delete, keys by unit."""

    entries: list[Entry] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)
    keys: dict[int, set[Key]] = field(default_factory=dict)

    def add(self, other: "Erased") -> None:
        """Takes in what else was erased."""
        self.entries += other.entries
        self.blobs += other.blobs
        for unit, keys in other.keys.items():
            self.keys.setdefault(unit, set()).update(keys)


class ErasedList:
    """The list outside the database, and the key of its hashes; both in the data folder.

    Without a folder nothing is kept outside, and the hashes have no key: for tests and tools.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / LIST_FILE if folder else None
        self._key = made_once(folder / KEY_FILE, secrets.token_bytes(KEY_BYTES)) if folder else b""

    def hash(self, key: Key) -> str:
        """The name of an erased record that does not tell which it was (keyed BLAKE2b, RFC 7693)."""
        return hashlib.blake2b("/".join(key).encode(), digest_size=16, key=self._key, person=b"erasure").hexdigest()

    def among(self, session: Session, unit: int, keys: Iterable[Key]) -> frozenset[Key]:
        """Those of some records that were erased in a unit."""
        hashes = {self.hash(key): key for key in keys}
        found = session.rows("select hash from erasure where scope_id=? and hash = any(?)", unit, list(hashes))
        return frozenset(hashes[name] for (name,) in found)

    def note(self, entries: Iterable[Entry]) -> None:
        """Adds entries to the file; they are on the disk afterwards."""
        lines = "".join(json.dumps({"unit": unit, "hash": name, "at": at}) + "\n" for unit, name, at in entries)
        if self._file is None or not lines:
            return
        with private.appended(self._file) as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> list[Entry]:
        """What the file says; a line that was cut off when the power went is passed over."""
        if self._file is None or not self._file.exists():
            return []
        found = []
        for line in self._file.read_text("ascii", errors="replace").splitlines():
            try:
                said = json.loads(line)
                found.append((int(said["unit"]), str(said["hash"]), int(said["at"])))
            except (ValueError, KeyError, TypeError):
                continue
        return found


# --------------------------------------------------------------------------------------------------------------- doing


def fault(feeds: Feeds, unit: int, values: Mapping[str, Any]) -> str:
    """Why a desk of a unit may not have a record erased; empty if it may."""
    table, record_id = values.get("tbl"), values.get("row_id")
    if not (isinstance(table, str) and isinstance(record_id, str) and table and record_id):
        return "BAD_VALUE"
    record = feeds.get(unit, (table, record_id))
    if record is None or record.gone == Gone.ERASED:
        return ""  # of a record the desk speaks of and we have not heard: it must not come later
    return "" if record.home == unit and record.gone in {Gone.ALIVE, Gone.DELETED} else "NOT_YOURS"


def carry_out(feeds: Feeds, erased_list: ErasedList, unit: int, keys: Iterable[Key]) -> Erased:
    """Erases records of a unit and what follows them, wherever they stand."""
    done = Erased()
    wanted = list(dict.fromkeys(keys))
    closure = {(record.table, record.id) for record in closure_of(feeds, unit, wanted)}
    places = _places(feeds.session, unit, closure) | feeds.in_hand(unit, closure)
    feeds.lock(unit, *(place for place, _ in places))
    for place, key in sorted({*places, *((unit, key) for key in wanted)}):
        record = feeds.get(place, key)
        if record is not None and record.gone != Gone.ERASED:
            if record.table == ATTACHMENT_TABLE and is_sha256(record.values.get("sha256")):
                done.blobs.append(record.values["sha256"])
            blank(feeds, place, record)
        done.entries.append((place, erased_list.hash(key), feeds.now))
        done.keys.setdefault(place, set()).add(key)
    feeds.session.put("erasure", ("scope_id", "hash", "at"), ("scope_id", "hash"), dict.fromkeys(done.entries))
    _forget_quarantine(feeds.session, unit, {record_id for _, record_id in closure}, set(wanted))
    return done


def blank(feeds: Feeds, unit: int, record: Record) -> None:
    """Takes the content of one record in one unit away."""
    record.values, record.versions, record.gone, record.by, record.holders = {}, None, Gone.ERASED, None, ()
    feeds.renew(unit, record)


def closure_of(feeds: Feeds, unit: int, keys: Iterable[Key]) -> list[Record]:
    """Some records of a unit and all that follow them, directly or in several steps, whose home it is.

    Also what follows a record that is not here: it was deleted so long ago that its tombstone is forgotten.
    """
    feeds.lock(unit)
    met: dict[Key, Record] = {}
    held = {key: feeds.get(unit, key) for key in keys}
    forgotten = [key for key, record in held.items() if record is None]
    ahead = [record for record in held.values() if record] + (feeds.followers(unit, forgotten) if forgotten else [])
    while ahead:
        new = {(one.table, one.id): one for one in ahead if (one.table, one.id) not in met and one.home == unit}
        met |= new
        ahead = feeds.followers(unit, new) if new else []
    return list(met.values())


def _places(session: Session, home: int, keys: Iterable[Key]) -> set[tuple[int, Key]]:
    """Every unit in which some records of one home stand, also those they were withdrawn from or came from.

    A record that has the same identifier and another home is another record.
    """
    tables: dict[str, list[str]] = {}
    for table, record_id in keys:
        tables.setdefault(table, []).append(record_id)
    sql = (
        "select scope_id,id from record where scope_id in (select scope_id from scope_head) and tbl=? and id = any(?) "
        "and home=?"
    )
    return {(unit, (table, pk)) for table, ids in tables.items() for unit, pk in session.rows(sql, table, ids, home)}


def _forget_quarantine(session: Session, home: int, held: set[str], wanted: set[Key]) -> None:
    """What was set aside of these records, or names one, in any unit: nothing may tell any more where they were.

    What nobody has heard of (`wanted`, not `held`) is looked for by its key alone outside its own unit: else a desk
    could empty what was set aside elsewhere by asking for an identifier that stands in every text.
    """
    sql = "select scope_id,tbl,id,at,body from quarantine where scope_id in (select scope_id from scope_head)"
    own = held | {record_id for _, record_id in wanted}
    for unit, table, record_id, at, body in session.rows(sql):
        named = any(f'"{one}"' in body for one in (own if unit == home else held))
        if named or record_id in held or (table, record_id) in wanted:
            session.run(
                "delete from quarantine where scope_id=? and tbl=? and id=? and at=?", unit, table, record_id, at
            )


# ----------------------------------------------------------------------------------------------------------- afterwards


def finish(storage: Storage, erased_list: ErasedList, done: Erased) -> None:
    """What follows the commit: the list outside, and the stored answers in which the content still stands.

    Should the server die before it, the list is completed at the next start, and an answer at the desk's next batch.
    """
    erased_list.note(done.entries)
    for unit, keys in done.keys.items():
        with storage.writing() as session:
            _forget_in_acks(session, unit, keys)
    if done.keys:
        storage.wipe()


def _forget_in_acks(session: Session, unit: int, keys: set[Key]) -> None:
    for number, packed in session.rows("select id,ack from device where scope_id=? and ack is not null", unit):
        if fresh := _without(bytes(packed), keys):
            session.run("update device set ack=? where scope_id=? and id=?", fresh, unit, number)
    for device, batch, packed in session.rows("select device,batch_no,ack from carried where scope_id=?", unit):
        if fresh := _without(bytes(packed), keys):
            sql = "update carried set ack=? where scope_id=? and device=? and batch_no=?"
            session.run(sql, fresh, unit, device, batch)


def _without(packed: bytes, keys: set[Key]) -> bytes:
    """A stored answer without the content of some records; empty if it had none."""
    ack = Ack.from_wire(CODEC.unpack(packed, codec.PAGE_CAP))
    truth = [row._replace(values={}, gone=Gone.ERASED) if (row.table, row.id) in keys else row for row in ack.truth]
    if truth == ack.truth:
        return b""
    ack.truth[:] = truth
    return CODEC.pack(ack.to_wire())


def erase(storage: Storage, erased_list: ErasedList, unit: int, key: Key, now: int) -> Erased:
    """Erases one record of a unit, for an administrator.  LookupError if the unit has no such record of its own."""

    def work(feeds: Feeds) -> Erased:
        feeds.lock(unit)
        record = feeds.get(unit, key)
        if record is None or record.home != unit or record.gone == Gone.MOVED:
            raise LookupError("no such record")
        return carry_out(feeds, erased_list, unit, [key])

    done = transaction(storage, now, [unit], work)
    finish(storage, erased_list, done)
    storage.wipe(done.keys)
    return done


def wipe(storage: Storage, now: int) -> bool:
    """Takes what was erased since it was last done out of the files, however long this server was off meanwhile.

    False if somebody was in the way; then all of it is left to the next time.
    """
    with storage.reading() as session:
        sql = "select scope_id,max(at) from erasure where at>coalesce((select at from wiped),-1) group by scope_id"
        found = session.rows(sql)
    if not storage.wipe([unit for unit, _ in found]):
        return False
    if found:
        upto = min(max(at for _, at in found), now - OVERLAP_MS)
        with storage.writing() as session:
            session.put("wiped", ("one", "at"), ("one",), [(1, upto)])
    return True


def reconcile(storage: Storage, erased_list: ErasedList, now: int) -> Erased:
    """At the start: what the file knows and the database does not was erased after the backup that was restored.

    It is erased again, wherever it stands; returns what that concerned.  What only the database knows (the server died
    between the two) goes into the file.
    """
    with storage.reading() as session:
        known = {(unit, name): at for unit, name, at in session.rows("select scope_id,hash,at from erasure")}
    noted = erased_list.entries()
    erased_list.note((*one, known[one]) for one in known.keys() - {entry[:2] for entry in noted})
    missing = [entry for entry in dict.fromkeys(noted) if entry[:2] not in known]
    again = Erased()
    if not missing:
        return again
    names = {name for _, name, _ in missing}
    with storage.reading() as session:
        units = [unit for (unit,) in session.rows("select scope_id from scope_head order by scope_id")]
    for unit in units:
        found = _matching(storage, unit, lambda key: erased_list.hash(key) in names)
        if found:
            done = transaction(storage, now, [unit], _erase_all(erased_list, unit, found))
            finish(storage, erased_list, done)
            again.add(done)
    lately = {entry[:2] for entry in again.entries}  # what stood there again was erased now, and not when it first was
    rest = {one[:2]: one for one in missing if one[:2] not in lately}
    with storage.writing() as session:
        session.put("erasure", ("scope_id", "hash", "at"), ("scope_id", "hash"), rest.values())
    return again


def _erase_all(erased_list: ErasedList, unit: int, keys: list[Key]) -> Callable[[Feeds], Erased]:
    return lambda feeds: carry_out(feeds, erased_list, unit, keys)


def _matching(storage: Storage, unit: int, wanted: Callable[[Key], bool]) -> list[Key]:
    """The records of a unit that are wanted, read a few thousand at a time."""
    found, after = list[Key](), 0
    while True:
        with storage.reading() as session:
            some = records.keys_after(session, unit, after, AT_ONCE)
        if not some:
            return found
        found += [(table, pk) for table, pk, _, gone in some if gone != Gone.ERASED and wanted((table, pk))]
        after = some[-1][2]
