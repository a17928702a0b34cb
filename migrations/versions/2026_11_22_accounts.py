"""Accounts that sign in at the desks of a community, and what a desk alone knows of them.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_accounts
Below: 2026_11_22_visits
"""

from alembic import op

revision = "2026_11_22_accounts"
down_revision = "2026_11_22_visits"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)
ACCOUNT = (
    f"CREATE TABLE account ({FIRST}, staff_id VARCHAR(32) NOT NULL, login VARCHAR NOT NULL, password VARCHAR NOT NULL, "
    "password_on VARCHAR NOT NULL, earlier VARCHAR NOT NULL, must_change INTEGER NOT NULL, roles VARCHAR NOT NULL, "
    f"grids VARCHAR NOT NULL, to_on VARCHAR, {SYNC})"
)
DESK = (
    "CREATE TABLE account_desk (staff_id VARCHAR(32) PRIMARY KEY NOT NULL, password_at BIGINT NOT NULL, "
    "mark VARCHAR NOT NULL, pin TEXT, pin_failures INTEGER NOT NULL DEFAULT 0)"
)
FAILURE = (
    "CREATE TABLE account_failure (subject VARCHAR PRIMARY KEY NOT NULL, count INTEGER NOT NULL, at BIGINT NOT NULL, "
    "locked_at BIGINT)"
)
SESSION = (
    "CREATE TABLE account_session (token VARCHAR PRIMARY KEY NOT NULL, staff_id VARCHAR(32) NOT NULL, "
    "mark VARCHAR NOT NULL, at BIGINT NOT NULL)"
)


def upgrade() -> None:
    """One synced table, three of this desk alone."""
    for table in (ACCOUNT, DESK, FAILURE, SESSION):
        op.execute(table)
