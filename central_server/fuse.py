"""A batch that deletes unusually much is not taken until somebody has confirmed it."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from central_server.storage import Session
from sync_protocol.messages import Change
from sync_protocol.refusals import Refused

SOME: Final = 50
"""So many deletions of one table are nothing unusual."""
SHARE: Final = 50
"""Nor is the 50th part (2 %) of the table's living records."""


def check(session: Session, unit: int, changes: Iterable[Change]) -> None:
    """Refuses with FUSE what deletes more than 50 records of one table and more than 2 % of those the unit has."""
    deleted = Counter(change.table for change in changes if change.op == "d")
    for table, count in deleted.items():
        if count <= SOME:
            continue
        ((total,),) = session.rows("select count(*) from record where scope_id=? and tbl=? and sync_del=0", unit, table)
        if count * SHARE > total:
            raise Refused("FUSE", {"table": table, "count": count, "total": total})
