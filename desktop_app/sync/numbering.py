"""Records the server took as they were: the version of each is ours, at once and for good (R6)."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from desktop_app.store.database import Transaction
from desktop_app.sync import freezing
from sync_protocol.behaviours import Behaviour, Reach, behaviour_of, rules_of
from sync_protocol.messages import Wire

_WRITTEN: Final = "sync_ts=?,sync_dev=?,sync_by=?"


def note(tx: Transaction, name: str, final: Sequence[tuple[Any, ...]]) -> None:
    """Stores versions of a table: number, stamp, device, person, `local_no`."""
    tx.executemany(f'UPDATE "{name}" SET sync_seq=?,{_WRITTEN} WHERE local_no=?', final)
    _follow(tx, name, [row[-1] for row in final])


def note_group(tx: Transaction, group: Wire, seqs: Sequence[int], device: int) -> None:
    """The same for a group that was frozen with its `local_no`.

    What one person's action made row by row, as an import does, takes one statement, in a quarter of the time.
    """
    name, local_nos = group["t"], group[freezing.LOCAL]
    said = list(zip(group["ts"], group["by"], strict=True))
    if not (_in_a_row(seqs) and _in_a_row(local_nos) and len(set(said)) == 1):
        note(tx, name, [(seq, ts, device, by, no) for seq, (ts, by), no in zip(seqs, said, local_nos, strict=True)])
        return
    first, last, (ts, by) = local_nos[0], local_nos[-1], said[0]
    sql = f'UPDATE "{name}" SET sync_seq=local_no+?,{_WRITTEN} WHERE local_no BETWEEN ? AND ?'
    tx.execute(sql, (seqs[0] - first, ts, device, by, first, last))
    _follow(tx, name, local_nos)


def _in_a_row(numbers: Sequence[int]) -> bool:
    """Whether each number is the one before and one."""
    return list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))


def _follow(tx: Transaction, name: str, local_nos: Sequence[int]) -> None:
    """What follows from a number: where the record is at home, and what is folded from events that have one."""
    if behaviour_of(name) is Behaviour.APPEND:
        tx.touched(name)
    _find_home(tx, name, local_nos)


def _find_home(tx: Transaction, name: str, local_nos: Sequence[int]) -> None:
    """What was added to a record of another unit belongs to that unit too; a deletion names none, and stays here."""
    follows = rules_of(name).follows
    if follows and rules_of(follows.table).reach is Reach.NAMED:
        tx.execute(
            f'UPDATE "{name}" SET scope=p.scope FROM "{follows.table}" p '
            f'WHERE p.id="{name}"."{follows.field}" AND p.scope<>0 AND "{name}".scope=0 AND "{name}".sync_del=0 '
            f'AND "{name}".local_no IN (SELECT value FROM json_each(?))',
            (orjson.dumps(local_nos).decode(),),
        )
