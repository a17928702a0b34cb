"""Matters, votes, and what a meeting needs besides.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_matters
Below: 2026_11_22_partners
"""

from alembic import op

revision = "2026_11_22_matters"
down_revision = "2026_11_22_partners"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


MEETING_NOTE = (
    f"CREATE TABLE meeting_note ({FIRST}, meeting_id VARCHAR(32) NOT NULL, agenda_id VARCHAR(32), "
    "author_id VARCHAR(32) NOT NULL, author VARCHAR NOT NULL, desk INTEGER NOT NULL, seq INTEGER NOT NULL, "
    f"at BIGINT NOT NULL, text VARCHAR NOT NULL, {SYNC})"
)
OWNER_BALLOT = (
    f"CREATE TABLE owner_ballot ({FIRST}, meeting_id VARCHAR(32) NOT NULL, agenda_id VARCHAR(32) NOT NULL, "
    "room_id VARCHAR(32) NOT NULL, seq INTEGER NOT NULL, address VARCHAR NOT NULL, owner_id VARCHAR(32), "
    f'owner VARCHAR, area INTEGER, choice VARCHAR, proxy VARCHAR, "on" VARCHAR, {SYNC})'
)
MATTER = (
    f"CREATE TABLE matter ({FIRST}, no VARCHAR, title VARCHAR NOT NULL, text VARCHAR NOT NULL, kind VARCHAR NOT NULL, "
    "template VARCHAR NOT NULL, proposed_on VARCHAR NOT NULL, source VARCHAR NOT NULL, proposer VARCHAR, "
    "proposer_id VARCHAR(32), proposer_phone VARCHAR, households INTEGER, appeal_id VARCHAR(32), "
    f"estate_id VARCHAR(32), scope_text VARCHAR, cost BIGINT, fund VARCHAR, audience VARCHAR, {SYNC})"
)
MATTER_EVENT = (
    f"CREATE TABLE matter_event ({FIRST}, matter_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, at BIGINT NOT NULL, "
    '"on" VARCHAR NOT NULL, by_name VARCHAR NOT NULL, from_step INTEGER NOT NULL, to_step INTEGER NOT NULL, '
    "to_whom VARCHAR, helpers VARCHAR, due_on VARCHAR, progress INTEGER, text VARCHAR, how VARCHAR, outcome VARCHAR, "
    "satisfaction VARCHAR, why_none VARCHAR, until_on VARCHAR, meeting_id VARCHAR(32), agenda_id VARCHAR(32), "
    f"expects VARCHAR(32), {SYNC})"
)
QUARTER_ITEM = (
    f"CREATE TABLE quarter_item ({FIRST}, quarter VARCHAR NOT NULL, item INTEGER NOT NULL, "
    f'"on" VARCHAR NOT NULL, text VARCHAR NOT NULL, {SYNC})'
)
INDEXES = (
    "ix_meeting_note_meeting ON meeting_note (meeting_id)",
    "ix_owner_ballot_agenda ON owner_ballot (agenda_id)",
    "ix_owner_ballot_meeting ON owner_ballot (meeting_id)",
    "ix_owner_ballot_room ON owner_ballot (room_id)",
    "ix_matter_proposed ON matter (proposed_on)",
    "ix_matter_appeal ON matter (appeal_id)",
    "ix_matter_proposer ON matter (proposer_id)",
    "ix_matter_event_matter ON matter_event (matter_id)",
    "ix_matter_event_meeting ON matter_event (meeting_id)",
    "ix_matter_event_agenda ON matter_event (agenda_id)",
    "ix_quarter_item_quarter ON quarter_item (quarter)",
)
ADDED = {
    "meeting": ("node_id VARCHAR(32)", "signed_parts VARCHAR"),
    "agenda_item": (
        "vote_rule VARCHAR",
        "ballots_issued INTEGER",
        "ballots_returned INTEGER",
        "ballots_invalid INTEGER",
        "scrutineer VARCHAR",
        "teller VARCHAR",
        "publicity_from VARCHAR",
        "publicity_to VARCHAR",
        "publicity_how VARCHAR",
    ),
    "attendance": ("proxy VARCHAR",),
    "resolution": ("result VARCHAR", "done_on VARCHAR"),
}
"""Columns at the end of tables that stand already."""


def upgrade() -> None:
    """Five synced tables, and what a meeting needs besides."""
    for table in (MEETING_NOTE, OWNER_BALLOT, MATTER, MATTER_EVENT, QUARTER_ITEM):
        op.execute(table)
    for index in INDEXES:
        op.execute(f"CREATE INDEX {index}")
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
