"""Units, agreements, lists, claims, venues and reviews.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_partners
Below: 2026_11_22_orders
"""

from alembic import op

revision = "2026_11_22_partners"
down_revision = "2026_11_22_orders"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


def upgrade() -> None:
    """Twelve synced tables."""
    op.execute(
        f"CREATE TABLE partner_unit ({FIRST}, "
        "name VARCHAR NOT NULL, kind VARCHAR NOT NULL, uscc VARCHAR, party_org VARCHAR, head VARCHAR, "
        "contact VARCHAR, phone VARCHAR, address VARCHAR, colours VARCHAR NOT NULL, from_on VARCHAR, "
        "to_on VARCHAR, note VARCHAR, "
        f"{SYNC})"
    )
    op.execute(
        f"CREATE TABLE part_time_member ({FIRST}, "
        "body VARCHAR NOT NULL, role VARCHAR NOT NULL, name VARCHAR NOT NULL, person_id VARCHAR(32), "
        "unit_id VARCHAR(32), post VARCHAR, source VARCHAR, phone VARCHAR, letter_no VARCHAR, "
        "from_on VARCHAR NOT NULL, to_on VARCHAR, left_on VARCHAR, "
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_part_time_member_person ON part_time_member(person_id)")
    op.execute("CREATE INDEX ix_part_time_member_unit ON part_time_member(unit_id)")
    op.execute(
        f"CREATE TABLE agreement ({FIRST}, "
        "no VARCHAR, unit_id VARCHAR(32) NOT NULL, year INTEGER NOT NULL, goals VARCHAR NOT NULL, "
        "from_on VARCHAR NOT NULL, expires_on VARCHAR NOT NULL, signed_on VARCHAR, our_signer VARCHAR, "
        "their_signer VARCHAR, ended_on VARCHAR, ended_why VARCHAR, "
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_agreement_unit ON agreement(unit_id)")
    op.execute(
        f"CREATE TABLE agreement_item ({FIRST}, "
        "agreement_id VARCHAR(32) NOT NULL, seq INTEGER NOT NULL, side VARCHAR NOT NULL, "
        "text VARCHAR NOT NULL, due_on VARCHAR, times INTEGER NOT NULL, done_times INTEGER NOT NULL, "
        "done_on VARCHAR, result VARCHAR, "
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_agreement_item_agreement ON agreement_item(agreement_id)")
    op.execute(
        f"CREATE TABLE list_item ({FIRST}, "
        "no VARCHAR, list_type VARCHAR NOT NULL, title VARCHAR NOT NULL, text VARCHAR NOT NULL, "
        "colour VARCHAR, quantity INTEGER NOT NULL, unit_id VARCHAR(32), contact VARCHAR, "
        "phone VARCHAR, appeal_id VARCHAR(32), from_on VARCHAR NOT NULL, to_on VARCHAR, "
        "withdrawn_on VARCHAR, withdrawn_why VARCHAR, "
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_list_item_type ON list_item(list_type, from_on)")
    op.execute("CREATE INDEX ix_list_item_unit ON list_item(unit_id)")
    op.execute(
        f"CREATE TABLE claim ({FIRST}, "
        "item_id VARCHAR(32) NOT NULL, unit_id VARCHAR(32), member_id VARCHAR(32), "
        "meets_id VARCHAR(32), taker VARCHAR NOT NULL, promise VARCHAR NOT NULL, "
        'quantity INTEGER NOT NULL, "on" VARCHAR NOT NULL, due_on VARCHAR, '
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_claim_item ON claim(item_id)")
    op.execute("CREATE INDEX ix_claim_unit ON claim(unit_id)")
    op.execute(
        f"CREATE TABLE claim_event ({FIRST}, "
        "claim_id VARCHAR(32) NOT NULL, kind VARCHAR NOT NULL, at BIGINT NOT NULL, "
        '"on" VARCHAR NOT NULL, by_name VARCHAR NOT NULL, text VARCHAR, satisfaction VARCHAR, '
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_claim_event_claim ON claim_event(claim_id)")
    op.execute(
        f"CREATE TABLE venue ({FIRST}, "
        "name VARCHAR NOT NULL, unit_id VARCHAR(32), address VARCHAR, area_m2 DOUBLE, seats INTEGER, "
        "open_hours VARCHAR, contact VARCHAR, phone VARCHAR, to_on VARCHAR, "
        f"{SYNC})"
    )
    op.execute(
        f"CREATE TABLE booking ({FIRST}, "
        "venue_id VARCHAR(32) NOT NULL, starts_at VARCHAR NOT NULL, ends_at VARCHAR NOT NULL, "
        "made_at BIGINT NOT NULL, by_name VARCHAR NOT NULL, phone VARCHAR, unit_id VARCHAR(32), "
        "purpose VARCHAR NOT NULL, persons INTEGER, cancelled_on VARCHAR, cancelled_why VARCHAR, "
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_booking_venue ON booking(venue_id, starts_at)")
    op.execute(
        f'CREATE TABLE activity ({FIRST}, kind VARCHAR NOT NULL, title VARCHAR NOT NULL, "on" VARCHAR NOT NULL, '
        "hours VARCHAR, "
        "place VARCHAR, venue_id VARCHAR(32), lead VARCHAR, text VARCHAR NOT NULL, served INTEGER, "
        "result VARCHAR, cancelled_on VARCHAR, "
        f"{SYNC})"
    )
    op.execute('CREATE INDEX ix_activity_on ON activity("on")')
    op.execute(
        f"CREATE TABLE sign_in ({FIRST}, "
        "activity_id VARCHAR(32) NOT NULL, name VARCHAR NOT NULL, person_id VARCHAR(32), "
        "unit_id VARCHAR(32), minutes INTEGER NOT NULL, "
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_sign_in_activity ON sign_in(activity_id)")
    op.execute("CREATE INDEX ix_sign_in_person ON sign_in(person_id)")
    op.execute("CREATE INDEX ix_sign_in_unit ON sign_in(unit_id)")
    op.execute(
        f"CREATE TABLE unit_review ({FIRST}, "
        "unit_id VARCHAR(32) NOT NULL, year INTEGER NOT NULL, facts VARCHAR NOT NULL, "
        "score INTEGER NOT NULL, grade VARCHAR NOT NULL, opinion VARCHAR NOT NULL, "
        '"on" VARCHAR NOT NULL, by_name VARCHAR NOT NULL, '
        f"{SYNC})"
    )
    op.execute("CREATE INDEX ix_unit_review_unit ON unit_review(unit_id, year)")
