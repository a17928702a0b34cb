"""Accounts of one kind that have one owner, as after two residents were merged, are one account.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_27_points_joined
Below: 2026_11_26_points
"""

from alembic import op

revision = "2026_11_27_points_joined"
down_revision = "2026_11_26_points"
branch_labels = None
depends_on = None

NOTE = "INSERT OR IGNORE INTO points_account_stale(points_account_id) "


def upgrade() -> None:
    """A table of this desk alone, the day of the first entry, and what notes that an account has another owner."""
    op.execute(
        "CREATE TABLE points_joined (account_id VARCHAR(32) PRIMARY KEY, head_id VARCHAR(32) NOT NULL) WITHOUT ROWID"
    )
    op.execute("CREATE INDEX ix_points_joined_head ON points_joined (head_id)")
    op.execute("ALTER TABLE points_account_state ADD COLUMN first_on VARCHAR")
    op.execute("DROP TRIGGER stale_points_account_update")
    op.execute(
        "CREATE TRIGGER stale_points_account_update AFTER UPDATE OF "
        "kind,person_id,household_id,helper_id,closed_on,sync_del,scope ON points_account "
        f"BEGIN {NOTE} VALUES(NEW.id); END"
    )
    op.execute(f"{NOTE} SELECT id FROM points_account")
