"""Code tables: every file is whole, every word an office writes finds its code, nothing unknown is lost."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from desktop_app.profiles.queries import CODE_TABLES, codes, required_elements
from desktop_app.profiles.rules import BASES, CodeTable, code_table, fold
from desktop_app.shared.errors import CorruptError
from desktop_app.shared.resources import resource

HEAD = {"title", "version", "source_note", "basis", "checked_on", "valid_from"}


@pytest.fixture(params=CODE_TABLES)
def table(request: pytest.FixtureRequest) -> CodeTable:
    return codes(request.param)


def test_every_code_file_is_on_the_list() -> None:
    with_entries = {
        path.stem for path in resource("codes").glob("*.toml") if "entries" in tomllib.loads(path.read_text())
    }
    assert with_entries == set(CODE_TABLES)


def test_the_head_is_complete(table: CodeTable) -> None:
    assert table.more.keys() >= HEAD
    assert table.origin.basis in BASES
    assert table.origin.source
    assert table.origin.valid_from is not None


def test_codes_and_names_are_unique(table: CodeTable) -> None:
    assert len({entry.code for entry in table}) == len(table.entries)
    assert len({entry.name for entry in table}) == len(table.entries)


def test_no_word_means_two_codes(table: CodeTable) -> None:
    owner: dict[str, str] = {}
    for entry in table:
        for word in (entry.code, entry.name, *entry.aliases):
            assert owner.setdefault(fold(word), entry.code) == entry.code, word


def test_every_entry_has_a_source_and_a_basis(table: CodeTable) -> None:
    for entry in table:
        assert entry.origin.source
        assert entry.origin.basis in BASES


@pytest.mark.parametrize(
    ("kind", "word", "name"),
    [
        ("political", "党员", "中共党员"),
        ("political", "预备党员", "中共预备党员"),
        ("political", "团员", "共青团员"),
        ("political", "13", "群众"),
        ("ethnic", "汉", "汉族"),
        ("ethnic", "土家", "土家族"),
        ("relation", "妻", "妻子"),
        ("relation", "长子", "长子"),
        ("relation", "老婆", "妻子"),
        ("relation", "租户", "非亲属"),
        ("relation", "外孙", "外孙子"),
        ("sex", "男性", "男"),
        ("education", "大学", "本科"),
        ("tags", " 独居 ", "独居老人"),
        ("tags", "８０＋", "高龄老人"),
        ("tags", "是否党员", "党员"),
        ("meeting_types", "支委会", "支部委员会"),
        ("meeting_types", "three_party", "三方联席会议"),
        ("certificates", "婚姻状况", "婚姻状况证明"),
        ("seven_colours", "红", "关爱老人"),
    ],
)
def test_what_an_office_writes_finds_its_entry(kind: str, word: str, name: str) -> None:
    assert codes(kind).name(word) == name


def test_an_unknown_word_is_kept_as_it_is() -> None:
    entry = codes("tags").get("爱养花")
    assert (entry.code, entry.name, entry.known) == ("爱养花", "爱养花", False)
    assert codes("tags").find("爱养花") is None
    assert codes("tags").name(None) == ""


def test_there_are_56_peoples_all_written_with_zu() -> None:
    peoples = codes("ethnic").offered()
    assert len(peoples) == 56
    assert all(entry.name.endswith("族") for entry in peoples)


def test_letters_of_the_room_chart_are_single_and_unique() -> None:
    letters = [entry.text("letter") for entry in codes("tags")]
    assert all(len(letter) == 1 for letter in letters)
    assert len(set(letters)) == len(letters)
    assert {"独", "低", "残", "退", "党", "志"} <= set(letters)


def test_every_tag_has_a_family_and_a_colour_token() -> None:
    families = {entry.text("family") for entry in codes("tags")}
    assert families == {"关怀", "组织", "志愿者", "身份", "房屋"}
    assert all(entry.text("colour") for entry in codes("tags"))


def test_restricted_classes_are_never_offered_and_are_no_tags() -> None:
    assert codes("restricted_classes").names() == ()
    for entry in codes("restricted_classes"):
        assert codes("tags").find(entry.name) is None


def test_seven_colours_come_in_their_order() -> None:
    assert [entry.text("colour") for entry in codes("seven_colours")] == list("红橙黄绿青蓝紫")


def test_hubeis_first_list_has_21_cancelled_certificates_each_with_a_place_to_go() -> None:
    first = [entry for entry in codes("certificates") if entry.text("list").startswith("湖北省")]
    assert len(first) == 21
    assert all(entry.text("state") == "已取消" and entry.text("ask") for entry in first)


def test_meeting_types_ask_only_for_elements_that_exist() -> None:
    elements = codes("meeting_elements")
    for kind in codes("meeting_types"):
        assert all(element.known for element in required_elements(kind.code)), kind.name
        assert kind.text("record_title")
        assert kind.text("minutes_title")
        assert kind.words("attends")
    assert {element.name for element in required_elements("three_party")} >= {"会议名称", "责任人与完成时限"}
    assert elements.find("place") is not None


def test_a_three_party_meeting_names_its_three_parties() -> None:
    assert codes("meeting_types").get("三方联席会议").words("parties") == ("居民委员会", "业主委员会", "物业服务企业")


HEADER = 'title="x"\nversion=1\nsource_note="s"\nbasis="choice"\nchecked_on=2026-01-01\nvalid_from=2000-01-01\n'


def test_a_retired_code_is_understood_but_no_longer_offered() -> None:
    text = HEADER + 'entries=[{code="1",name="甲",valid_to=2020-12-31},{code="2",name="乙"}]'
    table = code_table("x", tomllib.loads(text))
    assert table.names() == ("乙",)
    assert table.names(date(2020, 6, 1)) == ("甲", "乙")
    assert table.name("1") == "甲"


def test_the_copy_of_a_community_goes_before_ours(tmp_path: Path) -> None:
    own = tmp_path / "profiles" / "codes"
    own.mkdir(parents=True)
    (own / "tags.toml").write_text(HEADER + 'entries=[{code="1",name="养花"}]', "utf-8")
    assert codes("tags", tmp_path).names() == ("养花",)
    assert codes("sex", tmp_path).names() == ("男", "女")


@pytest.mark.parametrize("text", ["not toml", HEADER, HEADER.replace("choice", "guess") + "entries=[]", "entries=[]"])
def test_a_spoilt_copy_is_named_in_words_for_a_person(tmp_path: Path, text: str) -> None:
    own = tmp_path / "profiles" / "codes"
    own.mkdir(parents=True)
    (own / "tags.toml").write_text(text, "utf-8")
    with pytest.raises(CorruptError, match=r"tags\.toml"):
        codes("tags", tmp_path)
