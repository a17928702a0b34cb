"""Records this build cannot place: of tables it does not know, or which the store refuses.

They are kept whole, count in the digest, are offered again when the server has lost them, and are replayed after an
upgrade.  What people write meanwhile stands in the table, based on the version they see there; once the server has
taken it, the version that waits is the later one with that in it.
"""

from collections.abc import Iterable
from typing import Any, Final

import orjson

from desktop_app.store.database import Transaction
from sync_protocol.messages import Change, Gone, Row

MOST_OFFERED: Final = 500
_OWN: Final = "coalesce(json_extract(body,'$.home'),0)=0"


def seqs(tx: Transaction, table: str, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of parked records among some ids; nearly always there are none of the table."""
    if not tx.scalar("SELECT EXISTS(SELECT 1 FROM sync_parked WHERE tbl=?)", (table,)):
        return {}
    sql = "SELECT pk,seq FROM sync_parked WHERE tbl=? AND pk IN (SELECT value FROM json_each(?))"
    return {row[0]: row[1] for row in tx.rows(sql, (table, orjson.dumps(list(ids)).decode()))}


def park(tx: Transaction, row: Row) -> None:
    """Keeps a record for later."""
    body = {"ts": row.ts, "dev": row.device, "by": row.by, "del": row.gone, "home": row.home, "v": row.values}
    tx.execute(
        "INSERT OR REPLACE INTO sync_parked(tbl,pk,seq,body) VALUES(?,?,?,?)",
        (row.table, row.id, row.seq, orjson.dumps(body).decode()),
    )


def forget(tx: Transaction, table: str, record_id: str) -> None:
    """A record has found its place."""
    tx.execute("DELETE FROM sync_parked WHERE tbl=? AND pk=?", (table, record_id))


def rows(tx: Transaction) -> list[Row]:
    """All parked records."""
    return [_row(*found) for found in tx.rows("SELECT tbl,pk,seq,body FROM sync_parked ORDER BY seq")]


def _row(table: str, record_id: str, seq: int, text: str) -> Row:
    body: dict[str, Any] = orjson.loads(text)
    return Row(
        table, record_id, seq, body["ts"], body["dev"], body["by"], int(body["del"]), body["v"], body.get("home", 0)
    )


def offer_again(tx: Transaction, common: int) -> list[tuple[str, str, int, int]]:
    """Marks what is newer than a number to be offered again; returns (table, id, number it had, number it has).

    Tombstones of what was erased, withdrawn or moved go, and records of other units are left to those.
    """
    gone = f"json_extract(body,'$.del')>{int(Gone.DELETED)}"
    newer = tx.rows(f"SELECT tbl,pk,seq,iif({gone},0,?) FROM sync_parked WHERE seq>?", (common, common))
    tx.execute(f"DELETE FROM sync_parked WHERE seq>? AND {gone}", (common,))
    offer = f"iif({_OWN},json_set(body,'$.offer',1),body)"
    tx.execute(f"UPDATE sync_parked SET seq=?,body={offer} WHERE seq>?", (common, common))
    return [(table, record_id, before, after) for table, record_id, before, after in newer]


def offer(tx: Transaction, table: str, record_id: str) -> None:
    """A record that was to be offered, and could not be placed meanwhile, is offered still."""
    tx.execute("UPDATE sync_parked SET body=json_set(body,'$.offer',1) WHERE tbl=? AND pk=?", (table, record_id))


def offer_own(tx: Transaction) -> None:
    """What a new unit lacks is offered to it, if it is this desk's to offer; the rest goes."""
    tx.execute(f"DELETE FROM sync_parked WHERE seq=0 AND (NOT {_OWN} OR json_extract(body,'$.del')>0)")
    tx.execute("UPDATE sync_parked SET body=json_set(body,'$.offer',1) WHERE seq=0")


def let_go(tx: Transaction) -> None:
    """Takes out records of other units that a restored server has no more."""
    tx.execute(f"DELETE FROM sync_parked WHERE seq=0 AND NOT {_OWN}")


def missed(tx: Transaction, table: str, record_id: str, *, keep: bool) -> None:
    """The server does not have a parked record: it is offered again, or goes, as those of other units always do.

    One that waits to be offered already stays, whatever the server has.
    """
    if not keep:
        sql = "DELETE FROM sync_parked WHERE tbl=? AND pk=? AND json_extract(body,'$.offer') IS NOT 1"
        tx.execute(sql, (table, record_id))
    tx.execute(f"DELETE FROM sync_parked WHERE tbl=? AND pk=? AND NOT {_OWN}", (table, record_id))
    sql = "UPDATE sync_parked SET seq=0,body=json_set(body,'$.offer',1) WHERE tbl=? AND pk=?"
    tx.execute(sql, (table, record_id))


def offered(tx: Transaction) -> list[Change]:
    """The parked records to be offered, as changes."""
    sql = "SELECT tbl,pk,seq,body FROM sync_parked WHERE json_extract(body,'$.offer')=1 ORDER BY tbl,pk LIMIT ?"
    found = [_row(*one) for one in tx.rows(sql, (MOST_OFFERED,))]
    return [
        Change(row.table, row.id, "d" if row.deleted else "i", row.seq, {}, row.ts, row.by, row.values) for row in found
    ]


def withdraw(tx: Transaction, table: str, record_id: str) -> None:
    """The server does not take an offered record; it stays here and is not offered again."""
    tx.execute("UPDATE sync_parked SET body=json_remove(body,'$.offer') WHERE tbl=? AND pk=?", (table, record_id))


def accepted(tx: Transaction, change: Change, seq: int, device: int) -> None:
    """The server took an offered record, or what was written beside one: its version has both, and waits with both."""
    sql = "SELECT tbl,pk,seq,body FROM sync_parked WHERE tbl=? AND pk=?"
    row = _row(*tx.rows(sql, (change.table, change.id))[0])
    gone = {"d": int(Gone.DELETED), "i": int(Gone.ALIVE)}.get(change.op, row.gone)
    values = {} if gone else {**row.values, **change.values}
    row = row._replace(seq=seq, ts=max(row.ts, change.ts), device=device, by=change.by, gone=gone, values=values)
    park(tx, row)


def waiting(tx: Transaction) -> set[tuple[str, str]]:
    """The parked records that are to be offered, or have been and wait for the answer: table and identifier."""
    return set(tx.rows("SELECT tbl,pk FROM sync_parked WHERE json_extract(body,'$.offer')=1"))
