"""A resident who moves to another community: the person's own records move along, this community keeps what it did.

The desk writes a transfer; the server carries it out at the next sync.  Until then the resident is still here, without
a home; after it the content of what moved is no longer on this desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.residents.actions import alive, end_living
from desktop_app.residents.model import Person, PersonEvent
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.requests import Transfer
from sync_protocol.behaviours import TABLES
from sync_protocol.enrolment import Unit
from sync_protocol.messages import Gone

COMMUNITY: Final = "community"
_WAITING: Final = (
    "SELECT to_name FROM transfer t WHERE row_id=? AND sync_del=0 AND sync_seq=0 "
    "AND NOT EXISTS(SELECT 1 FROM sync_refused r WHERE r.tbl='transfer' AND r.pk=t.id)"
)
"""Transfers of a record that the server has not heard of; one it refused moves nobody."""


@dataclass(frozen=True, slots=True)
class MovedOut:
    """Who moves where, and how many records of each kind (Chinese name) move along."""

    name: str
    unit: str
    along: Mapping[str, int]

    @property
    def words(self) -> str:
        """What happens now, in a sentence."""
        kinds = "、".join(f"{kind} {count} 条" for kind, count in self.along.items())
        rest = f"，一起转出的有{kinds}" if kinds else ""
        return f"{self.name}将转到{self.unit}{rest}。下次同步后，这些内容不再留在本机；本社区的会议、任职等记录照旧。"


def what_moves(source: Database | Transaction, person_id: str) -> dict[str, int]:
    """The living records that follow a resident: Chinese name of the kind → how many."""
    found: dict[str, int] = {}
    for name, rules in TABLES.items():
        follows, cls = rules.follows, record_classes().get(name)
        if follows is None or cls is None:
            continue
        if follows.table == Person.__tablename__:
            asked = f"{follows.field}=?"
        elif follows.named_in:
            asked = f"{follows.field}=? AND {follows.named_in}='{Person.__tablename__}'"
        else:
            continue
        ((count,),) = source.rows(f"SELECT count(*) FROM {name} WHERE sync_del=0 AND {asked}", (person_id,))
        if count:
            found[cls.__zh__] = count
    return found


@reads("residents.read")
def leaving_for(db: Database, person_id: str) -> str:
    """The community a resident is about to move to; "" for one who stays."""
    found = db.rows(_WAITING, (person_id,))
    return str(found[0][0]) if found else ""


@reads("residents.read")
def gone_to(db: Database, person_id: str) -> str:
    """The community that a resident who is not here any more was moved to; "" if there was no such move."""
    found = db.rows(
        "SELECT t.to_name FROM transfer t JOIN person p ON p.id=t.row_id WHERE t.row_id=? AND t.sync_del=0 "
        "AND p.sync_del=? ORDER BY t.local_no DESC LIMIT 1",
        (person_id, int(Gone.MOVED)),
    )
    return str(found[0][0]) if found else ""


@needs("residents.move")
def move_out(db: Database, actor: Actor, person_id: str, unit: Unit, on: str, reason: str = "") -> MovedOut:
    """Hands a resident over to another community from a day on: residence and membership end here.

    AppError for somebody who has died, was born later, or is on the way already, and for a unit that is no community.
    """
    must_be_date(on, "转出日期", "on")
    if unit.kind != COMMUNITY:
        raise AppError(
            f"{unit.name}不是社区，居民不能转到那里，没有改动。", field="unit", next_step="请选择转入的社区。"
        )
    with db.transaction(actor, "居民转出", reason) as tx:
        person = alive(tx, person_id, on)
        _must_stay_so_far(tx, person)
        end_living(tx, person_id, on)
        text = f"转到{unit.name}" + (f"：{reason}" if reason else "")
        tx.add(PersonEvent(person_id=person_id, kind="迁出", on=on, text=text))
        moved = MovedOut(person.name, unit.name, what_moves(tx, person_id))
        tx.add(
            Transfer(
                tbl=str(Person.__tablename__),
                row_id=person_id,
                to_scope=unit.id,
                to_name=unit.name,
                reason=reason or None,
            )
        )
        return moved


def _must_stay_so_far(tx: Transaction, person: Person) -> None:
    if person.scope:
        raise AppError(f"{person.name}是别的单位的记录，没有改动。", next_step="请由那个单位办理转出。")
    waiting = tx.rows(_WAITING, (person.id,))
    if waiting:
        raise AppError(
            f"{person.name}已经登记转到{waiting[0][0]}，没有重复登记。", next_step="同步之前可以用“撤销”收回。"
        )
