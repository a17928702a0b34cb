"""The one search box."""

import pytest

from desktop_app.residents import actions, queries, search
from desktop_app.residents.model import Person
from desktop_app.store.search_keys import route
from tests.residents.conftest import Street, id_number


def names(street: Street, text: str) -> list[str]:
    return [hit.name for hit in queries.find(street.db, text)]


@pytest.fixture
def wang(street: Street) -> Person:
    street.person("李四", street.room("1", "101"))
    return street.person(
        "王小明", street.room("2", "301"), id_no=id_number("1980-02-12", 3), phones="13800001234 02700006618"
    )


@pytest.mark.parametrize(
    "typed", ["王小明", "王", "小明", "wxm", "WXM", "wangxiaoming", "wangx", "1234", "3800001", "3-2-301",
              "3栋2单元301", "桂花 王", "wxm 3-2-301"]
)  # fmt: skip
def test_a_resident_is_found_by_whatever_one_knows(street: Street, wang: Person, typed: str) -> None:
    """Name, part of a name, initials, pinyin, phone fragment, room, or two of these."""
    assert "王小明" in names(street, typed)


def test_the_last_four_of_the_id_find_and_are_all_that_is_shown(street: Street, wang: Person) -> None:
    assert wang.id_no is not None
    (hit,) = queries.find(street.db, wang.id_no[-4:])
    assert (hit.name, hit.address, hit.id_tail) == ("王小明", "3-2-301", wang.id_no[-4:])


@pytest.mark.parametrize(
    ("name", "initials"),
    [("单守诚", "ssc"), ("曾德福", "zdf"), ("仇玉珍", "qyz"), ("解红梅", "xhm"), ("查新宇", "zxy"), ("盖文斌", "gwb"),
     ("区慧敏", "ohm"), ("覃志刚", "qzg"), ("翟建军", "zjj"), ("尉迟建国", "ycjg")],
)  # fmt: skip
def test_special_surnames_are_found_by_their_right_reading(street: Street, name: str, initials: str) -> None:
    street.person(name)
    assert names(street, initials) == [name]


@pytest.mark.parametrize("name", ["覃䶮", "罗㛃", "盖𬭊", "黄𫖯"])
def test_rare_characters_are_found_as_typed(street: Street, name: str) -> None:
    street.person(name)
    assert names(street, name[1:]) == [name]


def test_a_corrected_name_is_found_and_the_old_one_is_not(street: Street, wang: Person) -> None:
    actions.correct(street.db, street.actor, wang.id, {"name": "汪晓明"})
    assert names(street, "汪晓明") == ["汪晓明"]
    assert names(street, "王小明") == []


def test_a_used_name_still_finds(street: Street, wang: Person) -> None:
    actions.correct(street.db, street.actor, wang.id, {"used_name": "王狗剩"})
    assert names(street, "王狗剩") == ["王小明"]


def test_nothing_typed_finds_nothing(street: Street, wang: Person) -> None:
    assert names(street, "  ") == []
    assert names(street, "%_'\"*") == []


def test_every_word_must_be_met(street: Street, wang: Person) -> None:
    assert names(street, "王 1-101") == []


@pytest.mark.parametrize(("portion", "few"), [(4000, 200), (2, 1), (4, 0)])
def test_two_words_find_exactly_those_whom_each_finds(
    street: Street, monkeypatch: pytest.MonkeyPatch, portion: int, few: int
) -> None:
    """However many people a word fits, and in however many portions they are asked about."""
    monkeypatch.setattr(search, "_PORTION", portion)
    monkeypatch.setattr(search, "_FEW", few)
    for at in range(24):
        name = "王李单"[at % 3] + "小明芳"[at % 2 :]
        street.person(name, street.room(str(at % 2 + 1), f"{at % 3 + 1}01"), phones=f"1380000{at:04d}")
    words = ("王", "w", "l", "小明", "芳", "1-101", "2-301", "桂花", "ssxm", "wangxiao")
    alone = {word: {hit.id for hit in queries.find(street.db, word)} for word in words}
    for first in words:
        for second in words:
            if len(route(f"{first} {second}").parts) == 2:
                both = [hit.id for hit in queries.find(street.db, f"{first} {second}")]
                assert len(both) == len(set(both))
                assert set(both) == alone[first] & alone[second], (first, second)
