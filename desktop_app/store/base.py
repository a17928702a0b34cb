"""What every stored record has.

A mapped class is a plain record: columns and notes about columns.  References are plain identifiers, not foreign keys:
a pull may bring a child before its parent (docs/protocol.md), and `linli doctor` reports orphans.
"""

from functools import cache
from typing import Any, ClassVar, dataclass_transform

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, MappedColumn, declared_attr, mapped_column

from desktop_app.shared.ids import new_id


@dataclass_transform(kw_only_default=True, field_specifiers=(MappedColumn, mapped_column))
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """All tables, synced and local."""


def note(zh: str, *, ref: str | None = None, mask: str | None = None) -> dict[str, Any]:
    """Notes about a column: its Chinese name, the table it points to, and the kind of masking it needs."""
    return {"zh": zh, "ref": ref, "mask": mask}


SYNC_COLUMNS = ("local_no", "id", "scope", "sync_seq", "sync_ts", "sync_dev", "sync_by", "sync_del", "sync_ext")


class Record(Base):
    """A synced record.

    `local_no` never leaves the desk; `id` is the same everywhere.  `scope` 0 means this desk's own community.  The
    `sync_*` columns are written by the sync engine alone, but for `sync_del`, which marks a tombstone.
    """

    __abstract__ = True
    __table_no__: ClassVar[int]
    """Number of the table in the change journal; never reused."""
    __zh__: ClassVar[str]
    """Chinese name of the thing."""
    __append_only__: ClassVar[bool] = False
    __final__: ClassVar[tuple[str, ...]] = ()
    """Fields whose filling in cannot be undone, such as a signature."""
    __for_good__: ClassVar[str] = ""
    """An SQL condition on `r`: records whose making and changing cannot be undone, since they hold the only copy."""
    __instead__: ClassVar[str] = ""
    """What to do instead, in words."""
    __log__: ClassVar[bool] = False
    """Whether it notes what happened outside the program, such as a print, which no undo takes back."""

    id: Mapped[str] = mapped_column(String(32), unique=True, default_factory=new_id, sort_order=-2)
    local_no: Mapped[int] = mapped_column(primary_key=True, init=False, repr=False, sort_order=-1)
    scope: Mapped[int] = mapped_column(default=0, repr=False, sort_order=100, server_default="0")
    sync_seq: Mapped[int] = mapped_column(default=0, repr=False, sort_order=101, server_default="0")
    sync_ts: Mapped[int] = mapped_column(default=0, repr=False, sort_order=102, server_default="0")
    sync_dev: Mapped[int] = mapped_column(default=0, repr=False, sort_order=103, server_default="0")
    sync_by: Mapped[str | None] = mapped_column(String(32), default=None, repr=False, sort_order=104)
    sync_del: Mapped[int] = mapped_column(default=0, repr=False, sort_order=105, server_default="0")
    sync_ext: Mapped[str | None] = mapped_column(default=None, repr=False, sort_order=106)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"primary_key": ["id"]}


def record_classes() -> dict[str, type[Record]]:
    """Table name → class, for every synced table that has been imported (see `desktop_app.schema`)."""
    return dict(_record_classes(len(Record.metadata.tables)))


@cache
def _record_classes(_tables: int, /) -> dict[str, type[Record]]:
    """Looked for once for the tables there are: it is asked dozens of times after every commit."""
    found: dict[str, type[Record]] = {}
    waiting: list[type[Record]] = [Record]
    while waiting:
        for cls in waiting.pop().__subclasses__():
            waiting.append(cls)
            if hasattr(cls, "__table__"):
                found[str(cls.__tablename__)] = cls
    return found
