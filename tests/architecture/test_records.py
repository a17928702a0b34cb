"""Every record is noted, numbered, and stands in the file as it stands in the code."""

import sqlite3

import pytest
from sqlalchemy import Boolean, create_engine
from sqlalchemy.pool import StaticPool

from desktop_app import schema
from desktop_app.store.base import SYNC_COLUMNS, record_classes

RECORDS = record_classes()
RELEASED = {
    "staff": 1,
    "area": 2,
    "estate": 3,
    "building": 4,
    "building_grid": 5,
    "room": 6,
    "person": 7,
    "household": 8,
    "household_member": 9,
    "residence": 10,
    "person_tag": 11,
    "person_event": 12,
    "org_node": 13,
    "seat": 14,
    "party_member": 15,
    "party_centre_household": 16,
    "contact_assignment": 17,
    "meeting": 18,
    "agenda_item": 19,
    "attendance": 20,
    "resolution": 21,
    "meeting_correction": 22,
    "print_job": 23,
    "conflict": 24,
    "attachment": 25,
    "transfer": 26,
    "erasure": 27,
    "duplicate_verdict": 28,
    "audit_anchor": 29,
    "visit": 30,
    "campaign": 31,
    "campaign_item": 32,
    "appeal": 33,
    "appeal_event": 34,
    "account": 35,
    "rule_book": 45,
    "door_bell": 50,
    "door_bell_event": 51,
    "care_pair": 52,
    "helper": 55,
    "service_order": 56,
    "order_event": 57,
    "wish": 58,
    "wish_event": 59,
    "post": 60,
    "registration": 61,
    "registration_claim": 62,
    "shift": 63,
    "shift_event": 64,
    "export_record": 40,
    "approval": 41,
    "subject_request": 42,
    "seal_key": 43,
    "sealed_record": 44,
    "partner_unit": 65,
    "part_time_member": 66,
    "agreement": 67,
    "agreement_item": 68,
    "list_item": 69,
    "claim": 70,
    "claim_event": 71,
    "venue": 72,
    "booking": 73,
    "activity": 74,
    "sign_in": 75,
    "unit_review": 76,
    "meeting_note": 80,
    "owner_ballot": 81,
    "matter": 82,
    "matter_event": 83,
    "quarter_item": 84,
    "points_account": 85,
    "points_entry": 86,
}
"""Numbers that stand in the journals of real stores: add to this list, never change it."""


def chinese(words: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in words)


def business(cls):
    return [column for column in cls.__table__.columns if column.name not in SYNC_COLUMNS]


def test_table_numbers_are_unique_and_never_change():
    numbers = {name: cls.__table_no__ for name, cls in RECORDS.items()}
    assert len(set(numbers.values())) == len(numbers)
    assert numbers == RELEASED


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_and_each_of_its_columns_has_a_chinese_name(name):
    assert chinese(RECORDS[name].__zh__)
    assert not [column.name for column in business(RECORDS[name]) if not chinese(column.info.get("zh", ""))]


@pytest.mark.parametrize("name", RECORDS)
def test_references_name_tables_that_exist_and_nothing_is_enforced_by_the_file(name):
    """A pull may bring a child before its parent, so there are no foreign keys."""
    table = RECORDS[name].__table__
    assert not table.foreign_keys
    referred = {column.name: column.info["ref"] for column in business(RECORDS[name]) if column.info.get("ref")}
    assert set(referred.values()) <= set(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_has_no_relationship_and_no_behaviour_that_needs_a_session(name):
    assert not RECORDS[name].__mapper__.relationships


@pytest.mark.parametrize("name", RECORDS)
def test_columns_hold_what_travels(name):
    """Text, whole numbers, decimals, yes and no: what every desk and the server reads alike."""
    kinds = {type(column.type).__visit_name__ for column in business(RECORDS[name])}
    assert kinds <= {"string", "text", "integer", "big_integer", "float", "double", "boolean"}


@pytest.fixture(scope="module")
def from_metadata():
    """An empty database made from the classes."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", poolclass=StaticPool, creator=lambda: connection)
    schema.metadata.create_all(engine)
    yield connection
    connection.close()


def columns(rows, table):
    """Column → (kind of storage, may be null, part of the key)."""
    found = {}
    for _, name, kind, not_null, _, key in rows(f"PRAGMA table_info({table})"):
        # SQLite's own rules for the affinity of a declared type
        affinity = "int" if "INT" in kind or kind == "BOOLEAN" else "text" if "CHAR" in kind or "TEXT" in kind else kind
        found[name] = ("real" if kind in {"DOUBLE", "FLOAT", "REAL"} else affinity, bool(not_null or key), bool(key))
    return found


def indexes(rows, table):
    return {
        (unique, tuple(column[2] for column in rows(f"PRAGMA index_info({name})")))
        for _, name, unique, *_ in rows(f"PRAGMA index_list({table})")
    }


@pytest.mark.parametrize("table", sorted(schema.metadata.tables))
def test_the_migrated_file_has_the_columns_and_indexes_of_the_classes(db, from_metadata, table):
    def declared(sql):
        return from_metadata.execute(sql).fetchall()

    assert columns(db.rows, table) == columns(declared, table)
    assert indexes(db.rows, table) == indexes(declared, table)


def test_the_migrated_file_has_no_table_that_no_class_knows(db):
    found = {
        row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type='table' AND name NOT GLOB 'sqlite_*'")
    }
    made_by_sql = {name for name in found if name.startswith("search_phone")} | {"alembic_version"}
    assert found - made_by_sql == set(schema.metadata.tables)


def test_business_columns_stand_in_the_file_before_those_of_sync(db):
    """A bit of a change mask is a column's place in the file; a migration adds at the end."""
    for name, cls in RECORDS.items():
        assert set(db.tables[name].columns) == {column.name for column in business(cls)}


def test_yes_and_no_are_the_only_booleans():
    assert [
        f"{name}.{column.name}"
        for name, cls in RECORDS.items()
        for column in business(cls)
        if isinstance(column.type, Boolean)
    ] == ["attendance.voting", "campaign_item.signed"]
