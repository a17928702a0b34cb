"""What an erasure takes out of records that stay: an appeal keeps its kind, days and outcome, and loses its words.

What was done about an appeal is written in events that never change.  So those with words are told once more without
them, under identifiers that every desk derives, and the first ones are erased like everything else.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from desktop_app.appeals import forgetting as appeals
from desktop_app.orders import forgetting as orders
from desktop_app.points import forgetting as points
from desktop_app.store.database import Database, Transaction
from desktop_app.sync import blanking

CLEARED: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "appeal": (
        "person_id",
        {"title": "（内容已按申请清除）", "text": "", "place": None, "reporter_name": None, "reporter_phone": None},
    ),
    "service_order": (
        "person_id",
        {"title": "（内容已按申请清除）", "text": "", "place": None, "requester_name": None, "requester_phone": None},
    ),
    "care_pair": ("helper_id", {"helper_name": "（已清除）", "helper_unit": None, "helper_phone": None}),
    "points_account": ("person_id", {"name": "（已清除）", "note": None}),
    "matter": ("proposer_id", {"proposer": None, "proposer_phone": None}),
    "owner_ballot": ("owner_id", {"owner": None}),
    "sign_in": ("person_id", {"name": "（已清除）"}),
    "subject_request": ("person_id", {"applicant": "（已清除）", "phone": None, "text": ""}),
}
"""Records of the community that stay, by the column that says whose they are, and what they lose."""
ONCE: Final = {"subject_request": "answered_on IS NOT NULL"}
"""When such records lose their words: a request has to be answered first, to whoever asked."""
_CHOSEN: Final = "(SELECT value FROM json_each(?))"


def clear(tx: Transaction, people: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """Takes words out of what stays of these people; returns (table, id) of what has to be erased for it.

    `words` are how the person is called and reached: whoever was told something by that name was told as 本人.
    """
    chosen, gone = json.dumps(list(people)), list[tuple[str, str]]()
    for table, (column, _) in CLEARED.items():
        sql = f'SELECT id FROM "{table}" WHERE "{column}" IN {_CHOSEN} AND scope=0 AND {ONCE.get(table, "1")}'
        found = tx.rows(sql, (chosen,))
        gone += clear_records(tx, table, [str(id_) for (id_,) in found], words)
    return gone


def clear_records(tx: Transaction, table: str, ids: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """The same for some records of a table of CLEARED."""
    blanks, chosen = CLEARED[table][1], json.dumps(list(ids))
    sets = ",".join(f'"{name}"=?' for name in blanks)
    differ = " OR ".join(f'"{name}" IS NOT ?' for name in blanks)
    sql = f'UPDATE "{table}" SET {sets} WHERE id IN {_CHOSEN} AND ({differ})'
    tx.execute(sql, [*blanks.values(), chosen, *blanks.values()])
    if table == "service_order":
        gone = orders.tell_again(tx, ids, words)
    elif table == "points_account":
        gone = points.tell_again(tx, ids, words)
    elif table == "appeal":
        gone = appeals.tell_again(tx, ids, words)
    else:
        return []
    return gone + list(_clashes(tx, ids, gone))


def _clashes(tx: Transaction, appeals: Sequence[str], gone: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Conflict records keep both values of what two desks wrote."""
    asked = json.dumps([*appeals, *(record_id for _, record_id in gone)])
    for (id_,) in tx.rows(f"SELECT id FROM conflict WHERE row_id IN {_CHOSEN} AND sync_del<2", (asked,)):
        yield "conflict", str(id_)


# ------------------------------------------------------------------------------------------------- what remembers them


def forget_earlier(db: Database) -> int:
    """Takes out of the journal of this desk what such records said before; returns how many lines lost something."""
    found = [(table, rows) for table in CLEARED if (rows := _remembered(db, table))]
    if not found:
        return 0
    with db.applying("清除") as tx:
        for table, rows in found:
            _forget(tx, table, rows)
    return sum(len(rows) for _, rows in found)


def _remembered(db: Database, table: str) -> list[int]:
    """The records that lost their words and whose journal still has some.

    A word in their place says so, or the erasure of the person.
    """
    column, blanks = CLEARED[table]
    name, words = next(((name, value) for name, value in blanks.items() if value), ("", ""))
    which = f't."{name}"=:words' if name else f"t.\"{column}\" IN (SELECT row_id FROM erasure WHERE tbl='person')"
    sql = (
        f'SELECT DISTINCT t.local_no FROM "{table}" t JOIN journal_change c ON c.tbl=:tbl AND c.row=t.local_no '
        f"WHERE {which} AND c.before NOTNULL AND EXISTS(SELECT 1 FROM json_each(c.before) j "
        "WHERE j.key IN (SELECT value FROM json_each(:names)) AND coalesce(j.value,'') NOT IN ('',:words))"
    )
    asked = {"tbl": db.tables[table].no, "words": words, "names": json.dumps(list(blanks))}
    return [int(row) for (row,) in db.rows(sql, asked)]


def _forget(tx: Transaction, table: str, rows: Sequence[int]) -> None:
    number, chosen = tx.db.tables[table].no, json.dumps(list(rows))
    blanking.forget_words(tx, tx.db.tables[table], chosen)
    paths = ",".join(f"'$.{name}'" for name in CLEARED[table][1])
    tx.execute(
        f"UPDATE journal_change SET before=json_remove(before,{paths}) WHERE tbl=? AND row IN {_CHOSEN} "
        "AND before NOTNULL",
        (number, chosen),
    )
    tx.set_setting(blanking.WIPE, "1")
    tx.touched(table)
