"""Records that ask the server to move or erase another; who a meeting is shared with; what was not taken, and why.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_requests
Below: 2026_11_22_attachments
"""

from alembic import op

revision = "2026_11_22_requests"
down_revision = "2026_11_22_attachments"
branch_labels = None
depends_on = None

SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


def upgrade() -> None:
    """Two synced tables, a column of meetings, a table and two columns of the exchange."""
    op.execute(
        "CREATE TABLE transfer (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
        "tbl VARCHAR NOT NULL, row_id VARCHAR(32) NOT NULL, to_scope INTEGER NOT NULL, to_name VARCHAR NOT NULL, "
        f"reason VARCHAR, {SYNC})"
    )
    op.execute("CREATE INDEX ix_transfer_row ON transfer(row_id)")
    op.execute(
        "CREATE TABLE erasure (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
        f"tbl VARCHAR NOT NULL, row_id VARCHAR(32) NOT NULL, reason VARCHAR, {SYNC})"
    )
    op.execute("CREATE INDEX ix_erasure_row ON erasure(row_id)")
    op.execute("ALTER TABLE meeting ADD COLUMN audience VARCHAR")
    op.execute("ALTER TABLE sync_state ADD COLUMN purged BIGINT NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE sync_state ADD COLUMN trust TEXT")
    op.execute(
        "CREATE TABLE sync_refused (tbl VARCHAR NOT NULL, pk VARCHAR NOT NULL, at BIGINT NOT NULL, "
        "code VARCHAR NOT NULL, body TEXT, PRIMARY KEY (tbl, pk))"
    )
