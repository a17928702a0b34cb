"""Tables that never leave the desk: settings, number series, drafts, the change journal, the state of sync."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from desktop_app.store.base import Base

_meta = Base.metadata


def _zero(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


setting = Table("setting", _meta, Column("key", String, primary_key=True), Column("value", Text))

number_series = Table(
    "number_series",
    _meta,
    Column("series", String, primary_key=True),
    Column("next", Integer, nullable=False),
)

draft = Table(
    "draft",
    _meta,
    Column("key", String, primary_key=True),
    Column("body", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

journal_action = Table(
    "journal_action",
    _meta,
    Column("no", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String),
    Column("actor_name", String),
    Column("what", Text, nullable=False),
    Column("why", Text),
    Column("undone_by", Integer),
    Column("undoes", Integer),
    Column("salt", LargeBinary),
    Column("proof", LargeBinary),
    Column("chain", LargeBinary),
    Column("needed", Text),
)
"""One row per action: who did what and why.  `at` in UTC ms; for `salt`, `proof`, `chain` see store/audit.py; `needed`:
the rights it asked for, with blanks between them, alternatives joined by `|`."""

journal_redaction = Table(
    "journal_redaction",
    _meta,
    Column("by", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("salt", LargeBinary),
    Column("rest", LargeBinary),
    PrimaryKeyConstraint("by", "no"),
    sqlite_with_rowid=False,
)
"""Lines of the journal (`no`) that an action (`by`) took words or changes from, and the seal of what it left."""

journal_change = Table(
    "journal_change",
    _meta,
    Column("no", Integer, primary_key=True),
    Column("action", Integer, nullable=False),
    Column("tbl", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    Column("op", String, nullable=False),
    Column("before", Text),
    Index("ix_journal_change_row", "tbl", "row"),
    Index("ix_journal_change_action", "action"),
)
"""One row per changed record: `op` i, u, d or r (pulled); `before` holds the earlier values of what changed."""

sync_ctx = Table(
    "sync_ctx",
    _meta,
    Column("one", Integer, primary_key=True),
    _zero("applying"),
    _zero("floor"),
    Column("ts", BigInteger),
    Column("actor", String),
    _zero("action"),
)
"""The transaction under way: 0 a person's (captured), 1 the sync engine's (not captured), 2 a purge (may delete),
-1 a bulk insert whose capture follows at once."""


def _changes(name: str, *more: Column[int]) -> Table:
    return Table(
        name,
        _meta,
        Column("tbl", Integer, nullable=False),
        Column("local_no", Integer, nullable=False),
        Column("mask", BigInteger, nullable=False),
        Column("op", String, nullable=False),
        Column("ts", BigInteger, nullable=False),
        Column("txn", Integer, nullable=False),
        Column("by", String),
        Column("fb", Text),
        *more,
        PrimaryKeyConstraint("tbl", "local_no"),
        sqlite_with_rowid=False,
    )


sync_dirty = _changes("sync_dirty")
"""What was changed here and not yet pushed: bit k of `mask` is the k-th business column."""
sync_fly = _changes("sync_fly", Column("batch_no", Integer, nullable=False))
"""What is in the batch under way."""

sync_state = Table(
    "sync_state",
    _meta,
    Column("one", Integer, primary_key=True),
    _zero("device"),
    _zero("ordinal"),
    _zero("scope"),
    Column("epoch", String, nullable=False, server_default=""),
    _zero("cur"),
    _zero("mark_seq"),
    Column("mark", String, nullable=False, server_default="0"),
    _zero("push_seq"),
    Column("push_mark", String, nullable=False, server_default="0"),
    Column("nonce", String, nullable=False, server_default=""),
    _zero("batch_no"),
    Column("prev", String, nullable=False, server_default=""),
    _zero("digest"),
    _zero("counter"),
    Column("server_url", String),
    Column("last_ok_at", BigInteger),
    Column("last_error", Text),
    Column("last_error_at", BigInteger),
    _zero("purged"),
    Column("trust", Text),
)
"""Where the exchange with the server stands; names as in docs/protocol.md.  `trust`: JSON of `sync.trust.Trust`."""

sync_marks = Table(
    "sync_marks",
    _meta,
    Column("seq", BigInteger, primary_key=True),
    Column("nonce", String, nullable=False),
)

sync_outbox = Table(
    "sync_outbox",
    _meta,
    Column("batch_no", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("n", Integer, nullable=False),
    _zero("tries"),
)

sync_parked = Table(
    "sync_parked",
    _meta,
    Column("tbl", String, nullable=False),
    Column("pk", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("tbl", "pk"),
)
"""Records of tables this version does not know; replayed after an upgrade."""

sync_refused = Table(
    "sync_refused",
    _meta,
    Column("tbl", String, nullable=False),
    Column("pk", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("code", String, nullable=False),
    Column("body", Text),
    PrimaryKeyConstraint("tbl", "pk"),
)
"""Changes the server did not take, and why (a code of docs/protocol.md).

`body` (JSON: field → value) holds what was written where the record itself cannot keep it any more; null: the change
still stands in the record and is offered again when somebody edits it.
"""

sync_log = Table(
    "sync_log",
    _meta,
    Column("no", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    _zero("pushed"),
    _zero("pulled"),
    _zero("ms"),
)
"""The last 500 exchanges, for support; no personal data."""
