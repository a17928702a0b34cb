"""The first schema.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_initial
"""

from alembic import op

revision = "2026_11_22_initial"
down_revision = None
branch_labels = None
depends_on = None

# name[:type][!]: text unless a type is given, ! means NOT NULL
SYNCED = {
    "staff": ("name! post phone to_on"),
    "area": ("code name! level! parent_id phone address service_hours from_on to_on"),
    "estate": ("area_id name! alias kind mgmt_mode property_firm address built_year:int lon:float lat:float to_on"),
    "building": (
        "estate_id! no! name address units:int! floors_up:int floors_down:int per_floor:int built_year:int "
        "structure elevators:int lon:float lat:float to_on"
    ),
    "building_grid": ("building_id! grid_id! from_on to_on"),
    "room": ("building_id! unit floor:int no! seq:int! kind! use! area_m2:float owner_person_id hazard to_on note"),
    "person": (
        "name! used_name pinyin sex birth id_type id_no ethnic native_place marital political education "
        "occupation employer phones! hukou_address live_address deceased_on left_on source! note"
    ),
    "household": ("room_id household_no hukou_no kind! head_id status! from_on to_on note"),
    "household_member": ("household_id! person_id! relation residing from_on to_on"),
    "residence": ("person_id! room_id! basis from_on to_on"),
    "person_tag": ("person_id! tag! detail from_on to_on evidence"),
    "person_event": ("person_id! kind! on! room_id text"),
    "org_node": ("line! level:int! kind! name! parent_id estate_id building_id from_on to_on"),
    "seat": ("node_id! role! person_id name! phone how from_on to_on"),
    "party_member": ("person_id! node_id kind! category joined_on full_on to_on"),
    "party_centre_household": (
        "node_id estate_id host_id host_name! room_id span covers! plaque_no phones! services from_on to_on"
    ),
    "contact_assignment": ("scheme! slot! target_kind! target_id! person_id name! title phone from_on to_on"),
    "meeting": (
        "no kind! title! starts_at ends_at place convenor chair chair_post recorder lead notice_on notice_how "
        "issue_no signed_at:int signed_by signed_hash"
    ),
    "agenda_item": (
        "meeting_id! seq:int! title! proposer discussion! vote_how votes_for:int votes_against:int votes_abstain:int"
    ),
    "attendance": ("meeting_id! seq:int! person_id name! unit post capacity! status! reason voting:bool!"),
    "resolution": ("meeting_id! agenda_id seq:int! text! owner helpers due_on state!"),
    "meeting_correction": ("meeting_id! at:int! by_name! text!"),
    "print_job": (
        "form! subject_kind! subject_id title! copies:int! pages:int! at:int! by_name! sha256! target! state!"
    ),
    "conflict": (
        "tbl! row_id! field! kind! win_value win_dev:int win_by win_ts:int lose_value lose_dev:int lose_by "
        "lose_ts:int base_value status! resolved_by resolved_at:int"
    ),
}
INDEXES = {
    "ix_meeting_starts": "meeting(starts_at)",
    "ix_agenda_item_meeting": "agenda_item(meeting_id)",
    "ix_attendance_meeting": "attendance(meeting_id)",
    "ix_attendance_person": "attendance(person_id)",
    "ix_resolution_due": "resolution(due_on)",
    "ix_resolution_meeting": "resolution(meeting_id)",
    "ix_meeting_correction_meeting": "meeting_correction(meeting_id)",
    "ix_org_node_parent": "org_node(parent_id)",
    "ix_seat_node": "seat(node_id)",
    "ix_seat_person": "seat(person_id)",
    "ix_party_member_person": "party_member(person_id)",
    "ix_party_centre_household_host": "party_centre_household(host_id)",
    "ix_contact_assignment_target": "contact_assignment(target_kind,target_id)",
    "ix_print_job_at": "print_job(at)",
    "ix_print_job_subject": "print_job(subject_kind,subject_id)",
    "ix_building_estate": "building(estate_id,no)",
    "ix_building_no": "building(no)",
    "ix_building_grid_building": "building_grid(building_id)",
    "ix_building_grid_grid": "building_grid(grid_id)",
    "ix_room_building": "room(building_id,unit,no)",
    "ix_room_no": "room(no)",
    "ix_person_id_no": "person(id_no)",
    "ix_person_name": "person(name)",
    "ix_household_head": "household(head_id)",
    "ix_household_no": "household(household_no)",
    "ix_household_room": "household(room_id)",
    "ix_household_member_household": "household_member(household_id)",
    "ix_household_member_person": "household_member(person_id)",
    "ix_residence_person": "residence(person_id)",
    "ix_residence_room": "residence(room_id)",
    "ix_person_tag_person": "person_tag(person_id)",
    "ix_person_tag_tag": "person_tag(tag)",
    "ix_person_event_person": "person_event(person_id)",
    "ix_conflict_row": "conflict(tbl,row_id)",
    "ix_conflict_status": "conflict(status)",
}
LOCAL = (
    "CREATE TABLE setting (key VARCHAR NOT NULL PRIMARY KEY, value TEXT)",
    "CREATE TABLE number_series (series VARCHAR NOT NULL PRIMARY KEY, next INTEGER NOT NULL)",
    "CREATE TABLE draft (key VARCHAR NOT NULL PRIMARY KEY, body TEXT NOT NULL, title TEXT NOT NULL, "
    "at BIGINT NOT NULL)",
    "CREATE TABLE journal_action (no INTEGER NOT NULL PRIMARY KEY, at BIGINT NOT NULL, actor VARCHAR, "
    "actor_name VARCHAR, what TEXT NOT NULL, why TEXT, undone_by INTEGER, undoes INTEGER)",
    "CREATE TABLE journal_change (no INTEGER NOT NULL PRIMARY KEY, action INTEGER NOT NULL, tbl INTEGER NOT NULL, "
    '"row" INTEGER NOT NULL, op VARCHAR NOT NULL, before TEXT)',
    'CREATE INDEX ix_journal_change_row ON journal_change (tbl, "row")',
    "CREATE INDEX ix_journal_change_action ON journal_change (action)",
    "CREATE TABLE sync_ctx (one INTEGER NOT NULL PRIMARY KEY, applying BIGINT NOT NULL DEFAULT 0, "
    "floor BIGINT NOT NULL DEFAULT 0, ts BIGINT, actor VARCHAR, action BIGINT NOT NULL DEFAULT 0)",
    "INSERT INTO sync_ctx(one) VALUES(1)",
    "CREATE TABLE sync_state (one INTEGER NOT NULL PRIMARY KEY, device BIGINT NOT NULL DEFAULT 0, "
    "ordinal BIGINT NOT NULL DEFAULT 0, scope BIGINT NOT NULL DEFAULT 0, "
    "epoch VARCHAR NOT NULL DEFAULT '', cur BIGINT NOT NULL DEFAULT 0, "
    "mark_seq BIGINT NOT NULL DEFAULT 0, mark VARCHAR NOT NULL DEFAULT '0', push_seq BIGINT NOT NULL DEFAULT 0, "
    "push_mark VARCHAR NOT NULL DEFAULT '0', nonce VARCHAR NOT NULL DEFAULT '', batch_no BIGINT NOT NULL DEFAULT 0, "
    "prev VARCHAR NOT NULL DEFAULT '', digest BIGINT NOT NULL DEFAULT 0, counter BIGINT NOT NULL DEFAULT 0, "
    "server_url VARCHAR, last_ok_at BIGINT, last_error TEXT, last_error_at BIGINT)",
    "INSERT INTO sync_state(one) VALUES(1)",
    "CREATE TABLE sync_marks (seq BIGINT NOT NULL PRIMARY KEY, nonce VARCHAR NOT NULL)",
    "INSERT INTO sync_marks VALUES(0,'0')",
    "CREATE TABLE sync_outbox (batch_no INTEGER NOT NULL PRIMARY KEY, body BLOB NOT NULL, n INTEGER NOT NULL, "
    "tries BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE sync_parked (tbl VARCHAR NOT NULL, pk VARCHAR NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL, "
    "PRIMARY KEY (tbl, pk))",
    "CREATE TABLE sync_log (no INTEGER NOT NULL PRIMARY KEY, at BIGINT NOT NULL, kind VARCHAR NOT NULL, "
    "text TEXT NOT NULL, pushed BIGINT NOT NULL DEFAULT 0, pulled BIGINT NOT NULL DEFAULT 0, "
    "ms BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE search_key (kind INTEGER NOT NULL, key VARCHAR NOT NULL, local_no INTEGER NOT NULL, "
    "PRIMARY KEY (kind, key, local_no)) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE search_phone USING fts5"
    "(phones, content='', contentless_delete=1, tokenize='trigram', detail='none')",
)
CHANGES = (
    "tbl INTEGER NOT NULL, local_no INTEGER NOT NULL, mask BIGINT NOT NULL, op VARCHAR NOT NULL, ts BIGINT NOT NULL, "
    'txn INTEGER NOT NULL, "by" VARCHAR, fb TEXT'
)
TYPES = {"int": "INTEGER", "float": "DOUBLE", "bool": "BOOLEAN"}


def column(spec: str) -> str:
    """SQL of one column."""
    name, _, kind = spec.rstrip("!").partition(":")
    return f'"{name}" {TYPES.get(kind, "VARCHAR")}{" NOT NULL" if spec.endswith("!") else ""}'


def upgrade() -> None:
    """Makes all tables."""
    for name, columns in SYNCED.items():
        op.execute(
            f"CREATE TABLE {name} (id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY, "
            + ", ".join(column(spec) for spec in columns.split())
            + ", scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, "
            "sync_ts INTEGER NOT NULL DEFAULT 0, sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), "
            "sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR)"
        )
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    for statement in LOCAL:
        op.execute(statement)
    key = "PRIMARY KEY (tbl, local_no)) WITHOUT ROWID"
    op.execute(f"CREATE TABLE sync_dirty ({CHANGES}, {key}")
    op.execute(f"CREATE TABLE sync_fly ({CHANGES}, batch_no INTEGER NOT NULL, {key}")
