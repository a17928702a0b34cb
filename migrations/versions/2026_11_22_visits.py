"""Visits to homes, and campaigns that knock at every door of a list.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_visits
Below: 2026_11_22_appeals
"""

from alembic import op

revision = "2026_11_22_visits"
down_revision = "2026_11_22_appeals"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


def upgrade() -> None:
    """Three synced tables."""
    op.execute(
        f'CREATE TABLE visit ({FIRST}, "on" VARCHAR NOT NULL, mode VARCHAR NOT NULL, household_id VARCHAR(32), '
        "room_id VARCHAR(32), person_id VARCHAR(32), result VARCHAR NOT NULL, workers VARCHAR NOT NULL, "
        "worker_id VARCHAR(32), purpose VARCHAR, findings VARCHAR, opinions VARCHAR, opinions_n INTEGER NOT NULL, "
        f"goods VARCHAR, next_due_on VARCHAR, note VARCHAR, {SYNC})"
    )
    op.execute('CREATE INDEX ix_visit_household ON visit(household_id, "on", result, sync_del, next_due_on)')
    op.execute('CREATE INDEX ix_visit_person ON visit(person_id, "on", result, sync_del, next_due_on)')
    op.execute('CREATE INDEX ix_visit_room ON visit(room_id, "on")')
    op.execute('CREATE INDEX ix_visit_on ON visit("on")')
    op.execute(
        f"CREATE TABLE campaign ({FIRST}, name VARCHAR NOT NULL, purpose VARCHAR, goods VARCHAR, from_on VARCHAR, "
        f"to_on VARCHAR, state VARCHAR NOT NULL, round INTEGER NOT NULL, note VARCHAR, {SYNC})"
    )
    op.execute(
        f"CREATE TABLE campaign_item ({FIRST}, campaign_id VARCHAR(32) NOT NULL, household_id VARCHAR(32), "
        "room_id VARCHAR(32), team VARCHAR, round INTEGER NOT NULL, result VARCHAR, visited_on VARCHAR, "
        f"goods_qty INTEGER NOT NULL, signed BOOLEAN NOT NULL, note VARCHAR, {SYNC})"
    )
    op.execute("CREATE INDEX ix_campaign_item_campaign ON campaign_item(campaign_id, round)")
    op.execute("CREATE INDEX ix_campaign_item_household ON campaign_item(household_id, visited_on, result, sync_del)")
    op.execute("CREATE INDEX ix_campaign_item_room ON campaign_item(room_id, visited_on)")
