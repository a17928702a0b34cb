"""The chain of the audit trail, and the proofs of it that travel to other desks.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_audit
Below: 2026_11_22_verdicts
"""

from alembic import op

revision = "2026_11_22_audit"
down_revision = "2026_11_22_verdicts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The chain begins with the first line after this."""
    op.execute("ALTER TABLE journal_action ADD COLUMN salt BLOB")
    op.execute("ALTER TABLE journal_action ADD COLUMN proof BLOB")
    op.execute("ALTER TABLE journal_action ADD COLUMN chain BLOB")
    op.execute(
        "CREATE TABLE journal_redaction (by INTEGER NOT NULL, no INTEGER NOT NULL, salt BLOB, rest BLOB, "
        "PRIMARY KEY (by, no)) WITHOUT ROWID"
    )
    op.execute(
        "CREATE TABLE audit_anchor (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
        "desk VARCHAR(32) NOT NULL, no BIGINT NOT NULL, chain VARCHAR NOT NULL, at BIGINT NOT NULL, "
        "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
        "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, "
        "sync_ext VARCHAR)"
    )
