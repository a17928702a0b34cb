"""Door bells, alarms and pairs; buildings found by where they stand; intervals of visits that are no tag's.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_care
Below: 2026_11_22_bodies
"""

from alembic import op

revision = "2026_11_22_care"
down_revision = "2026_11_22_bodies"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)
BELL = (
    f"CREATE TABLE door_bell ({FIRST}, household_id VARCHAR(32), room_id VARCHAR(32), person_id VARCHAR(32), "
    "kind VARCHAR NOT NULL, place VARCHAR, device_no VARCHAR, radius_m INTEGER, installed_on VARCHAR, to_on VARCHAR, "
    f"note VARCHAR, {SYNC})"
)
EVENT = (
    f"CREATE TABLE door_bell_event ({FIRST}, bell_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, at VARCHAR NOT NULL, "
    f"by_name VARCHAR NOT NULL, who_came VARCHAR, came_at VARCHAR, cause VARCHAR, text VARCHAR, {SYNC})"
)
PAIR = (
    f"CREATE TABLE care_pair ({FIRST}, household_id VARCHAR(32), person_id VARCHAR(32), helper_id VARCHAR(32), "
    "helper_name VARCHAR NOT NULL, helper_unit VARCHAR, helper_phone VARCHAR, care_class VARCHAR, "
    f"interval_days INTEGER, from_on VARCHAR, to_on VARCHAR, evidence VARCHAR, note VARCHAR, {SYNC})"
)
INDEXES = (
    "ix_door_bell_household ON door_bell (household_id)",
    "ix_door_bell_person ON door_bell (person_id)",
    "ix_door_bell_room ON door_bell (room_id)",
    "ix_door_bell_event_bell ON door_bell_event (bell_id, kind, at, sync_del)",
    "ix_care_pair_household ON care_pair (household_id)",
    "ix_care_pair_person ON care_pair (person_id)",
    "ix_care_pair_helper ON care_pair (helper_id)",
    "ix_building_place ON building (lat, lon)",
    "ix_party_centre_household_room ON party_centre_household (room_id)",
    "ix_print_job_of ON print_job (subject_id)",
)
# what asks for visits besides the tags of tags.toml: whoever keeps such an interval joins this view by a migration
INTERVALS = (
    "CREATE VIEW visit_interval AS SELECT household_id, person_id, interval_days AS days, '结对包保' AS tag, "
    "from_on, to_on FROM care_pair WHERE sync_del=0 AND interval_days IS NOT NULL"
)


def upgrade() -> None:
    """Three tables, two indexes on tables that stand, one view."""
    for table in (BELL, EVENT, PAIR, INTERVALS):
        op.execute(table)
    for index in INDEXES:
        op.execute(f"CREATE INDEX {index}")
