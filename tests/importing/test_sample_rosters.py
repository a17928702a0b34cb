"""The rosters as offices keep them come out as their JSON says: persons, households, problems, rows that are nobody."""

from functools import cache

import pytest

from desktop_app.residents.roster import Roster, RosterLine
from desktop_app.residents.sheet import read_roster
from tests.importing.conftest import TODAY, expected, sample

ROSTERS = ("L1-flat-300", "L3-groups-2500")
FIELDS = {
    "name": "name",
    "sex": "sex",
    "id_number": "id_no",
    "birth_date": "birth",
    "ethnicity": "ethnic",
    "political_status": "political",
    "education": "education",
    "employer": "employer",
    "marital_status": "marital",
    "relation": "relation",
    "is_head": "is_head",
    "household_no": "household_no",
    "estate": "estate",
    "building": "building",
    "unit": "unit",
    "room": "room",
    "residence": "residence",
    "party_joined": "party_joined",
    "party_branch": "party_branch",
    "remark": "note",
}


@cache
def roster(name: str) -> Roster:
    return read_roster(sample(name), TODAY)


def told(line: RosterLine) -> dict[str, object]:
    """A line in the words of the JSON, without what it does not say."""
    values = {key: getattr(line, field) for key, field in FIELDS.items()}
    values |= {"phones": sorted(line.phones), "tags": sorted(tag for tag, _ in line.tags), "rows": list(line.rows)}
    values["tag_details"] = {tag: detail for tag, detail in line.tags if detail}
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def wanted(person: dict[str, object]) -> dict[str, object]:
    values = {
        key: sorted(value) if key in {"phones", "tags"} else value for key, value in person.items() if key != "sheet"
    }
    return {key: value for key, value in values.items() if value not in (None, [], {})}


@pytest.mark.parametrize("name", ROSTERS)
def test_every_person_comes_out_as_expected(name):
    found = {line.rows: told(line) for line in roster(name).lines}
    people = {tuple(person["rows"]): wanted(person) for person in expected(name)["expected_persons"]}
    assert found.keys() == people.keys()
    assert {rows: (found[rows], person) for rows, person in people.items() if found[rows] != person} == {}


@pytest.mark.parametrize("name", ROSTERS)
def test_every_household_comes_out_as_expected(name):
    read = roster(name)
    found = {
        (
            tuple(sorted(row for at in home.members for row in read.lines[at].rows)),
            read.lines[home.head].name if home.head is not None else None,
            len(home.members),
            *home.address,
        )
        for home in read.households
    }
    homes = {
        (
            tuple(home["rows"]),
            home["head"],
            home["persons"],
            home["estate"],
            home["building"],
            home.get("unit"),
            home["room"],
        )
        for home in expected(name)["expected_households"]
    }
    assert found == homes


@pytest.mark.parametrize("name", ROSTERS)
def test_every_problem_is_told_and_nothing_else(name):
    problems = expected(name)["problem_rows"]
    found = {(one.row, one.column, one.kind, one.related_row): (one.raw, one.must) for one in roster(name).problems}
    must = {
        (one["row"], one["column"], one["kind"], one.get("related_row")): (one["raw"], True)
        for one in problems
        if one["report"] == "must"
    }
    may = {
        (one["row"], one["column"], one["kind"], one.get("related_row")) for one in problems if one["report"] == "may"
    }
    assert {key: value for key, value in found.items() if key not in may} == must
    assert not [key for key in may & found.keys() if found[key][1]]


@pytest.mark.parametrize("name", ROSTERS)
def test_every_problem_has_its_words(name):
    for one in roster(name).problems:
        assert one.message.endswith("。")
        assert "{" not in one.message


@pytest.mark.parametrize("name", ROSTERS)
def test_the_rows_that_are_nobody_are_known(name):
    height = len(sample(name).sheets[0].rows)
    found = {(one.row, one.to, one.kind) for one in roster(name).rows_not_persons}
    rows = {
        (one["row"], one.get("to"), one["kind"])
        for one in expected(name)["rows_not_persons"]
        if one["row"] <= height  # rows that are only formatted below the last value are not read at all
    }
    assert found == rows


@pytest.mark.parametrize("name", ROSTERS)
def test_persons_and_other_rows_make_up_the_whole_sheet(name):
    read = roster(name)
    persons = {row for line in read.lines for row in line.rows}
    others = {row for one in read.rows_not_persons for row in range(one.row, (one.to or one.row) + 1)}
    assert persons.isdisjoint(others)
    assert persons | others == set(range(1, len(sample(name).sheets[0].rows) + 1))


@pytest.mark.parametrize("name", ROSTERS)
def test_two_of_one_name_in_a_building_stay_two(name):
    of_row = {row: at for at, line in enumerate(roster(name).lines) for row in line.rows}
    for group in expected(name)["not_to_merge"]:
        assert len({of_row[one["row"]] for one in group}) == len(group)


@pytest.mark.parametrize("name", ROSTERS)
def test_the_columns_mean_what_they_should(name):
    means = {"id": "id_no", "ethnicity": "ethnic", "remark": "note", "phone": "phones"}
    for column, one in zip(roster(name).tables[0].columns, expected(name)["sheets"][0]["columns"], strict=True):
        assert (column.letter, column.header, column.group) == (one["letter"], one["header"], one.get("group", ""))
        assert column.field == means.get(one["means"], one["means"])
