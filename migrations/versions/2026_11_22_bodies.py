"""Bodies beside the two lines: councils, owners' committees, teams.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_bodies
Below: 2026_11_22_privacy
"""

from alembic import op

revision = "2026_11_22_bodies"
down_revision = "2026_11_22_privacy"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


def upgrade() -> None:
    """What a body beside the two lines has besides a name; the community's own rules."""
    op.execute(
        f"CREATE TABLE rule_book ({FIRST}, name VARCHAR NOT NULL, content VARCHAR NOT NULL, from_on VARCHAR NOT NULL, "
        f"at BIGINT NOT NULL, by_name VARCHAR NOT NULL, why VARCHAR NOT NULL, {SYNC})"
    )
    op.execute("CREATE INDEX ix_rule_book_name ON rule_book(name, from_on)")
    for column in ("klass", "term_to", "filed_on", "place", "note"):
        op.execute(f"ALTER TABLE org_node ADD COLUMN {column} VARCHAR")
