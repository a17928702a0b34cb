"""What the server's number of an entry changes, and where a voucher is found by its number.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_27_points_numbered
Below: 2026_11_27_points_joined
"""

from alembic import op

revision = "2026_11_27_points_numbered"
down_revision = "2026_11_27_points_joined"
branch_labels = None
depends_on = None

NOTE = "INSERT OR IGNORE INTO points_account_stale(points_account_id) "
COLUMNS = 'kind,from_account_id,to_account_id,amount,at,"on",ref_type,ref_id,reverses,sync_del,scope'
"""What an entry counts by."""


def noted(row: str) -> str:
    """The accounts of an entry, and those of others with its evidence: they may count for nothing, or count again."""
    alike = f"FROM points_entry WHERE ref_id={row}.ref_id AND ref_type={row}.ref_type"
    return (
        f"{NOTE} VALUES({row}.from_account_id),({row}.to_account_id); "
        f"{NOTE} SELECT from_account_id {alike} UNION SELECT to_account_id {alike}; "
    )


def upgrade() -> None:
    """A number says which desk was first, which is asked of people's accounts alone; no sum changes by it.

    The community's own accounts have as many entries as all others together, and were summed anew for each.
    """
    op.execute("DROP TRIGGER stale_points_entry_update")
    op.execute(
        f"CREATE TRIGGER stale_points_entry_update AFTER UPDATE OF {COLUMNS} ON points_entry "
        f"BEGIN {noted('OLD')}{noted('NEW')}END"
    )
    op.execute(
        "CREATE TRIGGER stale_points_entry_numbered AFTER UPDATE OF sync_seq ON points_entry "
        f"BEGIN {NOTE} SELECT id FROM points_account WHERE id IN (NEW.from_account_id,NEW.to_account_id) "
        "AND kind<>'社区'; END"
    )
    op.execute("CREATE INDEX ix_points_entry_voucher ON points_entry (voucher_no)")
