"""Accounts of points and of time, and the entries between them.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_26_points
Below: 2026_11_24_sealed_erasures
"""

from alembic import op

revision = "2026_11_26_points"
down_revision = "2026_11_24_sealed_erasures"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)
TABLES = {
    "points_account": (
        "kind VARCHAR NOT NULL, name VARCHAR NOT NULL, unit VARCHAR NOT NULL, person_id VARCHAR(32), "
        "household_id VARCHAR(32), helper_id VARCHAR(32), opened_on VARCHAR, closed_on VARCHAR, note VARCHAR"
    ),
    "points_entry": (
        "kind VARCHAR NOT NULL, from_account_id VARCHAR(32) NOT NULL, to_account_id VARCHAR(32) NOT NULL, "
        'amount INTEGER NOT NULL, at BIGINT NOT NULL, "on" VARCHAR NOT NULL, by_name VARCHAR NOT NULL, text VARCHAR, '
        "rule VARCHAR, rule_words VARCHAR, ref_type VARCHAR, ref_id VARCHAR(32), attest1 VARCHAR, attest2 VARCHAR, "
        "reverses VARCHAR(32), voucher_no VARCHAR"
    ),
}
"""Synced tables and their columns of business."""
OWN = (
    "CREATE TABLE points_account_state (points_account_id VARCHAR(32) NOT NULL PRIMARY KEY, balance INTEGER NOT NULL, "
    "came INTEGER NOT NULL, went INTEGER NOT NULL, entries INTEGER NOT NULL, last_on VARCHAR, "
    "void INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE points_account_stale (points_account_id VARCHAR(32) PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE points_void (entry_id VARCHAR(32) PRIMARY KEY, because_of VARCHAR(32) NOT NULL, "
    "why VARCHAR NOT NULL) WITHOUT ROWID",
)
"""Of this desk alone: balances, whose balance has to be worked out anew, entries that count for nothing."""
INDEXES = (
    "ix_points_account_person ON points_account (person_id)",
    "ix_points_account_household ON points_account (household_id)",
    "ix_points_account_helper ON points_account (helper_id)",
    'ix_points_entry_from ON points_entry (from_account_id, sync_del, amount, "on")',
    'ix_points_entry_to ON points_entry (to_account_id, sync_del, amount, "on")',
    "ix_points_entry_ref ON points_entry (ref_id, ref_type)",
    "ix_points_entry_reverses ON points_entry (reverses)",
    "ix_points_account_state_balance ON points_account_state (balance)",
)
NOTE = "INSERT OR IGNORE INTO points_account_stale(points_account_id) "
EVENTS = (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",)))
"""What happens to an entry, and the rows that name its accounts: an erasure takes even those away."""


def noted(row: str) -> str:
    """The accounts of an entry, and those of others with its evidence: they may count for nothing, or count again."""
    alike = f"FROM points_entry WHERE ref_id={row}.ref_id AND ref_type={row}.ref_type"
    return (
        f"{NOTE} VALUES({row}.from_account_id),({row}.to_account_id); "
        f"{NOTE} SELECT from_account_id {alike} UNION SELECT to_account_id {alike}; "
    )


def upgrade() -> None:
    """Two synced tables, three of this desk alone, and what notes that a balance has to be worked out anew."""
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({FIRST}, {columns}, {SYNC})")
    for table in OWN:
        op.execute(table)
    for index in INDEXES:
        op.execute(f"CREATE INDEX {index}")
    for event, rows in EVENTS:
        op.execute(
            f"CREATE TRIGGER stale_points_entry_{event.lower()} AFTER {event} ON points_entry "
            f"BEGIN {''.join(map(noted, rows))}END"
        )
    for event, row in (("INSERT", "NEW"), ("UPDATE OF kind,sync_del,scope", "NEW"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER stale_points_account_{event.split()[0].lower()} AFTER {event} ON points_account "
            f"BEGIN {NOTE} VALUES({row}.id); END"
        )
