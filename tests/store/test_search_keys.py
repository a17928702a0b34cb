"""One box finds a person by name, letters, digits or room."""

from dataclasses import astuple
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.store.search_keys import KeyKind, keys_by_kind, person_keys, route


def found(query: str, *person: str | None) -> bool:
    """Whether every word of the query meets a key of this person (name, used name, reading, number)."""
    keys = person_keys(*(person + (None,) * 4)[:4])
    return all(
        any(kind == k and key.startswith(prefix) for kind, prefix in part.keys for k, key in keys)
        for part in route(query).parts
    )


@pytest.mark.parametrize(
    "query",
    [
        "王小明",
        "王",
        "小明",
        "明",
        "wxm",
        "WX",
        "wangxiaom",
        "Wáng Xiǎo",
        "wang xiao ming",
        "王 明",
        "王xm",
        "ｗｘｍ",
        "123x",
    ],
)
def test_a_person_is_found_however_the_name_is_typed(query: str) -> None:
    assert found(query, "王小明", None, None, "42029919500305123X")


@pytest.mark.parametrize("query", ["王大明", "李", "xm", "wxh", "123", "王 红"])
def test_another_person_is_not_found(query: str) -> None:
    assert not found(query, "王小明", None, None, "42029919500305123X")


def test_used_names_are_names_too() -> None:
    assert found("李四", "单晓", "张晓、李四")
    assert found("zx", "单晓", "张晓、李四")


def test_the_reading_a_person_gave_is_indexed_in_any_spelling() -> None:
    for reading in ("shàn xiǎo fāng", "shanxiaofang", "Shan Xiaofang", "shan'xiao'fang"):
        keys = person_keys("冄小芳", None, reading, None)
        assert (KeyKind.INITIALS, "sxf") in keys
        assert (KeyKind.PINYIN, "shanxiaofang") in keys


def test_dots_and_blanks_do_not_matter() -> None:
    for query in ("阿依古丽·买", "阿依古丽买", "阿依古丽•买买提", "古丽", "买买提", "ayglmmt"):
        assert found(query, "阿依古丽·买买提")


def test_two_letter_initials_zh_ch_sh_are_understood() -> None:
    assert found("zhw", "张伟")
    assert found("shxm", "单小明")


def test_a_key_is_given_once() -> None:
    keys = person_keys("娜娜", "娜娜", "na na", "420299195003051234")
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("3-2-501", (None, "3", "2", "501")),
        ("３－２－５０１", (None, "3", "2", "501")),
        ("3—2—501室", (None, "3", "2", "501")),
        ("3栋2单元501", (None, "3", "2", "501")),
        ("三栋二单元501室", (None, "3", "2", "501")),
        ("3号楼-2-501", (None, "3", "2", "501")),
        ("3#2-501", (None, "3", "2", "501")),
        ("桂花苑3-2-501", ("桂花苑", "3", "2", "501")),
        ("桂花苑十二栋", ("桂花苑", "12", None, None)),
        ("3-1602", (None, "3", None, "1602")),
        ("3-2", (None, "3", "2", None)),
        ("2单元501", (None, None, "2", "501")),
        ("501室", (None, None, None, "501")),
        ("南3栋", (None, "南3", None, None)),
        ("a座1602", (None, "A", None, "1602")),
    ],
)
def test_a_room_is_understood_in_any_writing(query: str, place: tuple[str | None, ...]) -> None:
    (part,) = route(query).parts
    assert part.room is not None
    assert astuple(part.room) == place


def test_two_words_are_two_conditions() -> None:
    name, room = route("zw 3-2-501").parts
    assert name.keys
    assert name.room is None
    assert room.room is not None
    assert not room.keys


def test_digits_are_the_tail_of_a_number_or_a_piece_of_a_phone_number() -> None:
    (part,) = route("1234").parts
    assert part.keys == ((KeyKind.ID_TAIL, "4321"),)
    assert part.phone == "1234"
    assert part.room is None


def test_digits_beside_a_name_may_be_a_room() -> None:
    part = route("张伟 501").parts[1]
    assert part.room is not None
    assert part.room.room == "501"


def test_two_digits_are_too_few_for_a_phone() -> None:
    assert route("13").parts[0].phone is None


def test_hanzi_may_be_an_address() -> None:
    assert route("桂花苑").parts[0].address == "桂花苑"
    assert route("王").parts[0].address is None


@pytest.mark.parametrize("query", ["", "   ", "　", "，、", "·"])
def test_nothing_typed_asks_nothing(query: str) -> None:
    assert route(query).parts == ()


@given(st.text(max_size=40))
def test_no_query_makes_it_stumble(query: str) -> None:
    for part in route(query).parts:
        assert part.text
        assert all(prefix for _, prefix in part.keys)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=30))
def test_no_person_makes_it_stumble(name: str, used: str, pinyin: str) -> None:
    keys = person_keys(name, used, pinyin, None)
    assert len(keys) == len(set(keys))
    assert all(key for _, key in keys)


HANZI = st.text("王单乐曾欧阳尉迟明晓\u9fff", max_size=4)
PERSONS = st.tuples(
    st.one_of(HANZI, st.sampled_from(["买买提·艾力", "王A明", " 王 明"])),
    st.one_of(st.none(), HANZI),
    st.sampled_from([None, "", "wang yue ming"]),
    st.sampled_from([None, "", "42029919500305123x"]),
)


@given(st.lists(PERSONS, max_size=5))
def test_many_together_have_the_keys_that_each_has_alone(
    persons: list[tuple[str, str | None, str | None, str]],
) -> None:
    together = {(kind, *row) for kind, rows in keys_by_kind(enumerate(persons, 7)).items() for row in rows}
    assert together == {(*key, number) for number, one in enumerate(persons, 7) for key in person_keys(*one)}


def test_two_hundred_thousand_persons_are_indexed_in_seconds() -> None:
    started = perf_counter()
    for _ in range(5000):
        person_keys("单乐明", None, None, "42029919500305123X")
    assert (perf_counter() - started) * 40 < 25  # about 3 s on a quiet machine
