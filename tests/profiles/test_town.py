"""Town profiles: each has both lines of five levels, its team and its schemes; a community's copy goes first."""

from pathlib import Path

import pytest

from desktop_app.profiles.queries import TOWNS, codes, profile
from desktop_app.profiles.rules import BASES
from desktop_app.profiles.town import LEVELS, LINES, TownProfile, short_name
from desktop_app.shared.errors import CorruptError
from desktop_app.shared.resources import resource


@pytest.fixture(params=TOWNS)
def town(request: pytest.FixtureRequest) -> TownProfile:
    return profile(request.param)


def test_every_profile_file_is_on_the_list() -> None:
    assert {path.stem for path in resource("profiles").glob("*.toml")} == set(TOWNS)


def test_each_level_has_both_lines(town: TownProfile) -> None:
    for line in LINES:
        for level in LEVELS:
            assert town.level(line, level).kind


def test_every_entry_has_a_source_and_a_basis(town: TownProfile) -> None:
    entries = (
        *town.levels, *town.ladders, *town.list_types, *town.meeting_templates, *town.contact_schemes, *town.numbers,
        town.building_team,
    )  # fmt: skip
    for entry in entries:
        assert entry.origin.source
        assert entry.origin.basis in BASES
        assert entry.origin.valid_from is not None


def test_the_building_team_has_eight_seats(town: TownProfile) -> None:
    assert town.building_team.size == 8
    assert all(codes("roles").find(seat.role) for seat in town.building_team.seats)


def test_roles_of_slots_are_known(town: TownProfile) -> None:
    for scheme in town.contact_schemes:
        assert len({slot.code for slot in scheme.slots}) == len(scheme.slots)
        assert all(codes("roles").find(slot.role) for slot in scheme.slots if slot.role)
        assert all(slot.target_kind in {"area", "estate", "building", "household"} for slot in scheme.slots)


def test_codes_within_a_profile_are_unique(town: TownProfile) -> None:
    for entries in (town.ladders, town.list_types, town.meeting_templates, town.contact_schemes):
        assert len({entry.code for entry in entries}) == len(entries)


def test_the_service_card_of_the_general_profile_shows_who_answers() -> None:
    names = [slot.name for _, slot in profile().card_slots]
    assert names[:6] == ["网格员", "楼栋长", "社区民警", "家庭医生", "法律顾问", "党员中心户"]


def test_the_towns_differ_as_their_articles_say() -> None:
    assert profile("shishou").scheme("五个一包保") is not None
    assert [len(one.slots) for one in profile("shishou").contact_schemes if one.code == "five_ones"] == [5]
    assert [step.name for step in profile("huangshi").meeting_templates[0].steps] == [
        "民事民提",
        "民事民议",
        "民事民决",
        "民事民评",
    ]
    assert profile("qiaokou").meeting_templates[0].steps[1].name == "民事民商"
    assert profile("shishou").level("党组织", 1).kind == "街道大工委"
    assert len(profile("qiaokou").ladders[0].steps) == 4


def test_numbers_are_written_as_on_plaques() -> None:
    plaque = profile().number("plaque")
    assert plaque.text(1, community="红旗桥社区", year=2026) == "红旗桥-001"
    assert profile().number("minutes").text(3, community="红旗桥社区", year=2026) == "第3期"
    assert profile().number("meeting").series_of(2026) == "meeting:2026"
    assert plaque.series_of(2026) == "plaque"


@pytest.mark.parametrize(
    ("full", "short"), [("红旗桥社区", "红旗桥"), ("红旗桥社区居委会", "红旗桥"), ("社区", "社区"), ("东村", "东村")]
)
def test_the_word_community_falls_away(full: str, short: str) -> None:
    assert short_name(full) == short


def test_the_copy_of_a_community_goes_before_ours(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    ours = resource("profiles", "general.toml").read_text("utf-8")
    (folder / "general.toml").write_text(ours.replace('name = "通用"', 'name = "红旗桥"'), "utf-8")
    assert profile("general", tmp_path).name == "红旗桥"
    assert profile("general").name == "通用"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level = 5", "level = 6"),
        ("{seq:03d}", "{serial}"),
        ('target = "grid"', 'target = "moon"'),
        ("name = ", "nam = "),
    ],
)
def test_a_spoilt_copy_is_named_in_words_for_a_person(tmp_path: Path, old: str, new: str) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    ours = resource("profiles", "general.toml").read_text("utf-8")
    (folder / "general.toml").write_text(ours.replace(old, new), "utf-8")
    with pytest.raises(CorruptError, match=r"general\.toml"):
        profile("general", tmp_path)
