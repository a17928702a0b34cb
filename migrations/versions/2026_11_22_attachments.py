"""Attachments, and what a desk knows about their content.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_attachments
Below: 2026_11_22_initial
"""

from alembic import op

revision = "2026_11_22_attachments"
down_revision = "2026_11_22_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both tables."""
    op.execute(
        "CREATE TABLE attachment (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
        "owner_table VARCHAR NOT NULL, owner_id VARCHAR(32) NOT NULL, title VARCHAR NOT NULL, kind VARCHAR NOT NULL, "
        "mime VARCHAR NOT NULL, size INTEGER NOT NULL, sha256 VARCHAR(64) NOT NULL, thumb VARCHAR, taken_on VARCHAR, "
        "at INTEGER NOT NULL, by_name VARCHAR NOT NULL, "
        "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
        "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, "
        "sync_ext VARCHAR)"
    )
    op.execute("CREATE INDEX ix_attachment_owner ON attachment (owner_table, owner_id)")
    op.execute("CREATE INDEX ix_attachment_sha256 ON attachment (sha256)")
    op.execute(
        "CREATE TABLE blob (sha256 VARCHAR(64) NOT NULL PRIMARY KEY, size BIGINT NOT NULL, "
        "here INTEGER NOT NULL DEFAULT 0, server VARCHAR, wanted INTEGER NOT NULL DEFAULT 0, "
        '"offset" BIGINT NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, next_try BIGINT NOT NULL DEFAULT 0, '
        "problem TEXT, unnamed_at BIGINT)"
    )
