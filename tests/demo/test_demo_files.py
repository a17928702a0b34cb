"""The demonstration community: invented throughout, whole, and made from its script."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop_app.meetings import rules as meeting_rules
from desktop_app.organisation.sheet import read_centre_households
from desktop_app.profiles.queries import codes, profile
from desktop_app.residents.roster import Roster
from desktop_app.residents.sheet import read_roster
from desktop_app.shared.identity import is_id_18
from desktop_app.shared.resources import resource
from desktop_app.spreadsheets import workbook

FILES = ("红旗桥-居民.xlsx", "红旗桥-楼栋.xlsx", "红旗桥-党员中心户.xlsx")
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def demo() -> dict[str, Any]:
    return tomllib.loads(resource("demo", "demo.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def roster() -> Roster:
    return read_roster(workbook.read(resource("demo", FILES[0])), TODAY)


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, resource("demo", "build.py"), tmp_path], check=True, capture_output=True)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == resource("demo", name).read_bytes(), name


def test_everybody_is_invented(roster: Roster, demo: dict[str, Any]) -> None:
    numbers = [line.id_no for line in roster.lines if line.id_no]
    assert all(number.startswith("420299") and is_id_18(number) for number in numbers)
    told = re.findall(r"\b1\d{10}\b", resource("demo", "demo.toml").read_text("utf-8"))
    phones = [phone for line in roster.lines for phone in line.phones] + told
    assert all(phone[3:7] == "0000" for phone in phones)
    assert demo["community"]["code"].startswith("420299")


def test_the_roster_is_of_the_size_of_a_small_community(roster: Roster) -> None:
    assert 550 <= len(roster.lines) <= 700
    assert 220 <= len(roster.households) <= 260


def test_the_roster_reads_with_a_few_problems_only(roster: Roster) -> None:
    kinds = [found.kind for found in roster.problems]
    assert 5 <= len(kinds) <= 15
    assert kinds.count("duplicate_id") == 2


def test_named_persons_stand_in_the_roster_once(roster: Roster, demo: dict[str, Any]) -> None:
    names = [line.name for line in roster.lines]
    for household in demo["household"]:
        for one in household["members"]:
            assert names.count(one["name"]) == 1, one["name"]


def test_rare_characters_and_special_surnames_are_among_them(roster: Roster) -> None:
    names = "".join(line.name for line in roster.lines)
    assert set("㛃䶮𫖯𬭊喆堃赟") <= set(names)
    surnames = {line.name[0] for line in roster.lines}
    assert set("单仇曾解盖区缪覃翟朴乐华冼") <= surnames


def test_whoever_is_said_to_live_there_does(roster: Roster, demo: dict[str, Any]) -> None:
    names = {line.name for line in roster.lines}
    mentioned = [*demo["organisation"]["seats"], *demo["contacts"]["holders"]]
    mentioned += [one for meeting in demo["meeting"] for one in meeting["attendance"]]
    for one in mentioned:
        assert (one["name"] in names) == one.get("resident", False), one["name"]


def test_party_centre_households_have_their_own_plaques() -> None:
    found = read_centre_households(workbook.read(resource("demo", FILES[2])))
    plaques = [line.plaque_no for line in found.lines]
    assert len(plaques) == len(set(plaques)) >= 15


def test_nodes_seats_and_contacts_refer_to_what_exists(demo: dict[str, Any]) -> None:
    nodes = demo["organisation"]["nodes"]
    names = {node["name"] for node in nodes}
    assert len(names) == len(nodes)
    assert {node["parent"] for node in nodes if "parent" in node} <= names
    assert {seat["node"] for seat in demo["organisation"]["seats"]} <= names
    assert all(codes("roles").find(seat["role"]) for seat in demo["organisation"]["seats"])
    for holder in demo["contacts"]["holders"]:
        scheme = profile().scheme(holder["scheme"])
        assert scheme is not None
        assert scheme.slot(holder["slot"]) is not None


def test_one_building_has_its_whole_team_of_eight(demo: dict[str, Any]) -> None:
    roles = {seat["role"] for seat in demo["organisation"]["seats"] if seat["node"] == "红旗小区3栋服务小组"}
    assert roles == {seat.name for seat in profile().building_team.seats}


def test_votes_do_not_exceed_those_present(demo: dict[str, Any]) -> None:
    for meeting in demo["meeting"]:
        assert codes("meeting_types").find(meeting["kind"])
        present = sum(one["capacity"] == "应到" and one["status"] == "出席" for one in meeting["attendance"])
        for item in meeting["agenda"]:
            if "votes_for" in item:
                assert item["votes_for"] + item["votes_against"] + item["votes_abstain"] == present
        assert all(1 <= one["agenda"] <= len(meeting["agenda"]) for one in meeting["resolution"])
        assert all(one["status"] in meeting_rules.STATUSES for one in meeting["attendance"])


def test_all_three_parties_sit_at_the_three_party_meeting(demo: dict[str, Any]) -> None:
    (meeting,) = [one for one in demo["meeting"] if one["kind"] == "three_party"]
    units = {one["unit"] for one in meeting["attendance"]}
    assert set(codes("meeting_types").get("three_party").words("parties")) <= units
