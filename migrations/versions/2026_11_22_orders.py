"""Orders, wishes, those who report in, posts and duty shifts.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_orders
Below: 2026_11_22_care
"""

from alembic import op

revision = "2026_11_22_orders"
down_revision = "2026_11_22_care"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


TABLES = {
    "helper": (
        "person_id VARCHAR(32), name VARCHAR NOT NULL, phone VARCHAR, kind VARCHAR NOT NULL, unit VARCHAR, "
        "colours VARCHAR NOT NULL, trade VARCHAR, price_fen INTEGER, price_unit VARCHAR, hours VARCHAR NOT "
        "NULL, building_id VARCHAR(32), from_on VARCHAR, to_on VARCHAR, note VARCHAR"
    ),
    "service_order": (
        "no VARCHAR, variant VARCHAR NOT NULL, colour VARCHAR NOT NULL, title VARCHAR NOT NULL, text VARCHAR "
        "NOT NULL, received_at BIGINT NOT NULL, received_on VARCHAR NOT NULL, want_on VARCHAR, from_time "
        "VARCHAR, to_time VARCHAR, person_id VARCHAR(32), room_id VARCHAR(32), building_id VARCHAR(32), "
        "requester_name VARCHAR, requester_phone VARCHAR, place VARCHAR"
    ),
    "order_event": (
        'order_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, at BIGINT NOT NULL, "on" VARCHAR NOT NULL, '
        "by_name VARCHAR NOT NULL, helper_id VARCHAR(32), to_whom VARCHAR, text VARCHAR, minutes INTEGER, "
        "satisfaction VARCHAR, why_none VARCHAR, expects VARCHAR(32)"
    ),
    "wish": (
        "no VARCHAR, alias VARCHAR NOT NULL, kind VARCHAR NOT NULL, text VARCHAR NOT NULL, cost_cap_fen "
        "INTEGER NOT NULL, received_at BIGINT NOT NULL, received_on VARCHAR NOT NULL, expires_on VARCHAR, "
        "person_id VARCHAR(32), name VARCHAR, checked_by VARCHAR, note VARCHAR"
    ),
    "wish_event": (
        'wish_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, at BIGINT NOT NULL, "on" VARCHAR NOT NULL, '
        "by_name VARCHAR NOT NULL, taker VARCHAR, taker_kind VARCHAR, taker_phone VARCHAR, text VARCHAR, "
        "cost_fen INTEGER, until VARCHAR, expects VARCHAR(32)"
    ),
    "post": (
        "kind VARCHAR NOT NULL, name VARCHAR NOT NULL, duty VARCHAR, colour VARCHAR, capacity INTEGER NOT "
        "NULL, slots VARCHAR NOT NULL, building_id VARCHAR(32), place VARCHAR, from_on VARCHAR, to_on "
        "VARCHAR, note VARCHAR"
    ),
    "registration": (
        'no VARCHAR, "on" VARCHAR NOT NULL, kind VARCHAR NOT NULL, person_id VARCHAR(32), name VARCHAR NOT '
        "NULL, phone VARCHAR, unit VARCHAR, unit_post VARCHAR, branch VARCHAR, role VARCHAR, colours VARCHAR "
        "NOT NULL, hours VARCHAR NOT NULL, building_id VARCHAR(32), helper_id VARCHAR(32), to_on VARCHAR, "
        "note VARCHAR"
    ),
    "registration_claim": (
        'registration_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, "on" VARCHAR NOT NULL, post_id '
        "VARCHAR(32), household_id VARCHAR(32), text VARCHAR NOT NULL, done_on VARCHAR, to_on VARCHAR, note "
        "VARCHAR"
    ),
    "shift": (
        'post_id VARCHAR(32) NOT NULL, "on" VARCHAR NOT NULL, from_time VARCHAR NOT NULL, to_time VARCHAR NOT '
        "NULL, seat INTEGER NOT NULL, helper_id VARCHAR(32)"
    ),
    "shift_event": (
        "kind VARCHAR NOT NULL, at BIGINT NOT NULL, by_name VARCHAR NOT NULL, shift_id VARCHAR(32), other_id "
        "VARCHAR(32), helper_id VARCHAR(32), time VARCHAR, from_on VARCHAR, to_on VARCHAR, text VARCHAR, "
        "expects VARCHAR(32)"
    ),
}
"""Synced tables and their columns of business."""
STATE = (
    "CREATE TABLE order_state (order_id VARCHAR(32) NOT NULL PRIMARY KEY, received_on VARCHAR NOT NULL, "
    "want_on VARCHAR, from_time VARCHAR, to_time VARCHAR, phase VARCHAR NOT NULL, helper_id VARCHAR(32), "
    "to_whom VARCHAR, sent_on VARCHAR, finished_on VARCHAR, minutes INTEGER NOT NULL DEFAULT 0, satisfaction VARCHAR, "
    "why_none VARCHAR, returned INTEGER NOT NULL DEFAULT 0, stale INTEGER NOT NULL DEFAULT 0)"
)
INDEXES = (
    "ix_helper_person ON helper (person_id)",
    "ix_helper_place ON helper (building_id, colours, to_on, from_on, sync_del, scope, id)",
    "ix_service_order_no ON service_order (no)",
    "ix_service_order_person ON service_order (person_id)",
    "ix_service_order_received ON service_order (received_on)",
    "ix_order_event_order ON order_event (order_id)",
    "ix_wish_person ON wish (person_id)",
    "ix_wish_received ON wish (received_on)",
    "ix_wish_event_wish ON wish_event (wish_id)",
    'ix_registration_on ON registration ("on")',
    "ix_registration_person ON registration (person_id)",
    "ix_registration_claim_post ON registration_claim (post_id)",
    "ix_registration_claim_registration ON registration_claim (registration_id)",
    'ix_shift_helper ON shift (helper_id, "on")',
    'ix_shift_on ON shift ("on", post_id)',
    "ix_shift_event_helper ON shift_event (helper_id, kind)",
    "ix_shift_event_other ON shift_event (other_id)",
    "ix_shift_event_shift ON shift_event (shift_id)",
    "ix_order_state_helper ON order_state (helper_id, phase, want_on, finished_on, minutes)",
    "ix_order_state_phase ON order_state (phase, received_on)",
    "ix_order_state_received ON order_state (received_on, order_id)",
)
CHANGED = (
    ("service_order", "id", "INSERT", "NEW"),
    ("service_order", "id", "UPDATE OF variant,received_on,want_on,from_time,to_time,sync_del", "NEW"),
    ("service_order", "id", "DELETE", "OLD"),
    ("order_event", "order_id", "INSERT", "NEW"),
    ("order_event", "order_id", "UPDATE", "NEW"),
    ("order_event", "order_id", "DELETE", "OLD"),
)
"""What changes where an order stands: table, the column that names the order, the event, the row."""


def upgrade() -> None:
    """Ten synced tables, two of this desk alone, and what notes that a state has to be worked out anew."""
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({FIRST}, {columns}, {SYNC})")
    op.execute(STATE)
    op.execute("CREATE TABLE order_stale (order_id VARCHAR(32) PRIMARY KEY) WITHOUT ROWID")
    for index in INDEXES:
        op.execute(f"CREATE INDEX {index}")
    for table, column, event, row in CHANGED:
        op.execute(
            f"CREATE TRIGGER stale_{table}_{event.split()[0].lower()} AFTER {event} ON {table} "
            f"BEGIN INSERT OR IGNORE INTO order_stale(order_id) VALUES({row}.{column}); END"
        )
