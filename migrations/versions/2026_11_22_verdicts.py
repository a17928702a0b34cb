"""What somebody found about two residents that look alike.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_verdicts
Below: 2026_11_22_requests
"""

from alembic import op

revision = "2026_11_22_verdicts"
down_revision = "2026_11_22_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.execute(
        "CREATE TABLE duplicate_verdict (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
        "a_id VARCHAR(32) NOT NULL, b_id VARCHAR(32) NOT NULL, why VARCHAR, verdict VARCHAR NOT NULL, "
        "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
        "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, "
        "sync_ext VARCHAR)"
    )
    op.execute("CREATE INDEX ix_duplicate_verdict_a ON duplicate_verdict (a_id)")
