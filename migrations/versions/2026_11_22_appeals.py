"""Appeals, their events, where each stands.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_appeals
Below: 2026_11_22_audit
"""

from alembic import op

revision = "2026_11_22_appeals"
down_revision = "2026_11_22_audit"
branch_labels = None
depends_on = None

SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)
APPEAL = (
    "CREATE TABLE appeal (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, no VARCHAR, "
    "received_at BIGINT NOT NULL, received_on VARCHAR NOT NULL, channel VARCHAR NOT NULL, kind VARCHAR NOT NULL, "
    "klass VARCHAR NOT NULL, title VARCHAR NOT NULL, text VARCHAR NOT NULL, urgency VARCHAR NOT NULL, place VARCHAR, "
    "person_id VARCHAR(32), household_id VARCHAR(32), room_id VARCHAR(32), building_id VARCHAR(32), "
    "reporter_name VARCHAR, reporter_phone VARCHAR, anonymous INTEGER NOT NULL, ladder VARCHAR NOT NULL, "
    f"promised_on VARCHAR, audience VARCHAR, {SYNC})"
)
EVENT = (
    "CREATE TABLE appeal_event (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
    'appeal_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, at BIGINT NOT NULL, "on" VARCHAR NOT NULL, '
    "by_name VARCHAR NOT NULL, from_step INTEGER NOT NULL, to_step INTEGER NOT NULL, to_whom VARCHAR, text VARCHAR, "
    f"outcome VARCHAR, satisfaction VARCHAR, why_none VARCHAR, expects VARCHAR(32), extra VARCHAR, {SYNC})"
)
STATE = (
    "CREATE TABLE appeal_state (appeal_id VARCHAR(32) NOT NULL PRIMARY KEY, received_on VARCHAR NOT NULL, "
    "phase VARCHAR NOT NULL, step INTEGER NOT NULL, outcome VARCHAR NOT NULL, due_on VARCHAR, due_what VARCHAR, "
    "satisfaction VARCHAR, why_none VARCHAR, finished_on VARCHAR, solved_step INTEGER, assignee VARCHAR, "
    "stale INTEGER NOT NULL DEFAULT 0)"
)
INDEXES = (
    "ix_appeal_received ON appeal (received_on)",
    "ix_appeal_person ON appeal (person_id)",
    "ix_appeal_household ON appeal (household_id)",
    "ix_appeal_room ON appeal (room_id)",
    "ix_appeal_no ON appeal (no)",
    "ix_appeal_event_appeal ON appeal_event (appeal_id)",
    "ix_appeal_state_received ON appeal_state (received_on, appeal_id)",
    "ix_appeal_state_phase ON appeal_state (phase, received_on)",
    "ix_appeal_state_due ON appeal_state (due_on)",
)
CHANGED = (
    ("appeal", "id", "INSERT", "NEW"),
    ("appeal", "id", "UPDATE OF received_on,ladder,promised_on,anonymous,sync_del", "NEW"),
    ("appeal", "id", "DELETE", "OLD"),
    ("appeal_event", "appeal_id", "INSERT", "NEW"),
    ("appeal_event", "appeal_id", "UPDATE", "NEW"),
    ("appeal_event", "appeal_id", "DELETE", "OLD"),
)
"""What changes where an appeal stands: table, the column that names the appeal, the event, the row."""


def upgrade() -> None:
    """Two synced tables, two of this desk alone, and what notes that a state has to be worked out anew."""
    for table in (APPEAL, EVENT, STATE, "CREATE TABLE appeal_stale (appeal_id VARCHAR(32) PRIMARY KEY) WITHOUT ROWID"):
        op.execute(table)
    for index in INDEXES:
        op.execute(f"CREATE INDEX {index}")
    for table, column, event, row in CHANGED:
        op.execute(
            f"CREATE TRIGGER stale_{table}_{event.split()[0].lower()} AFTER {event} ON {table} "
            f"BEGIN INSERT OR IGNORE INTO appeal_stale(appeal_id) VALUES({row}.{column}); END"
        )
