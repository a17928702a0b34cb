"""Identity numbers, codes of organisations and telephone numbers get one of three answers, with a reason in Chinese."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.shared import identity
from desktop_app.shared.identity import Level, check_id, check_paper, check_phone, check_uscc, phones_in, sound_id

TODAY = date(2026, 11, 22)

NUMBERS = [
    ("11010519491231002X", Level.OK, "", "11010519491231002X"),
    ("11010519491231002x", Level.OK, "", "11010519491231002X"),
    ("１１０１０５１９４９１２３１００２Ｘ", Level.OK, "", "11010519491231002X"),
    (" 110105 19491231\u00a0002X\n", Level.OK, "", "11010519491231002X"),
    ('="11010519491231002X"', Level.OK, "", "11010519491231002X"),
    ("'11010519491231002X", Level.OK, "", "11010519491231002X"),
    ("\t11010519491231002X", Level.OK, "", "11010519491231002X"),
    ("440524188001010014", Level.WARNING, "id_very_old", "440524188001010014"),
    ("110105194912310021", Level.ERROR, "id_bad_check_digit", "110105194912310021"),
    ("110105194902300020", Level.ERROR, "id_bad_date", "110105194902300020"),
    ("110105209901010020", Level.ERROR, "id_bad_date", "110105209901010020"),
    ("420281195001010017", Level.OK, "", "420281195001010017"),
    ("330113202201010010", Level.OK, "", "330113202201010010"),
    ("610104620927690", Level.WARNING, "id_15_digits", "610104196209276908"),
    (610104620927690.0, Level.WARNING, "id_15_digits", "610104196209276908"),
    ("810000199408230021", Level.OK, "", "810000199408230021"),
    ("830000199201300022", Level.OK, "", "830000199201300022"),
    ("911124198108030024", Level.OK, "", "911124198108030024"),
    ("ABC123456789012", Level.OK, "", "ABC123456789012"),
    ("4.20299195003051E+17", Level.ERROR, "id_scientific", "4.20299195003051E+17"),
    (4.20299195003051e17, Level.ERROR, "id_scientific", None),
    ("420299195206056000", Level.ERROR, "id_scientific", "420299195206056000"),
    ("42029920701181601", Level.ERROR, "id_17_digits", "42029920701181601"),
    ("4202992070118160", Level.ERROR, "id_wrong_length", "4202992070118160"),
    ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٥", Level.ERROR, "id_bad_character", None),
    ("张三", Level.ERROR, "id_bad_character", "张三"),
    ("", Level.ERROR, "id_missing", ""),
]


@pytest.mark.parametrize(("raw", "level", "kind", "value"), NUMBERS)
def test_an_identity_number_gets_its_answer(raw, level, kind, value):
    verdict = check_id(raw, TODAY)
    assert (verdict.level, verdict.kind) == (level, kind)
    assert value is None or verdict.value == value
    assert bool(verdict.reason) == (level is not Level.OK)


def test_a_valid_number_tells_sex_and_birth_date():
    verdict = check_id("11010519491231002X", TODAY)
    assert (verdict.sex, verdict.birth) == ("女", "1949-12-31")
    assert (identity.sex_of("330113202201010010"), identity.birth_of("330113202201010010")) == ("男", "2022-01-01")


def test_a_float_is_refused_even_where_its_zeros_satisfy_the_check_digit():
    chance = next(
        number for number in range(420299195003051000, 420299196003051000, 10_000_000) if identity.is_id_18(str(number))
    )
    assert check_id(float(chance), TODAY).kind == "id_scientific"


@given(st.integers(0, 999), st.dates(date(1900, 1, 1), TODAY))
def test_every_number_that_is_made_by_the_standard_is_sound(order, birth):
    if TODAY.year - birth.year > identity.OLDEST:
        return
    first = f"420299{birth:%Y%m%d}{order:03d}"
    number = first + identity.id_check_digit(first)
    assert sound_id(number, TODAY.isoformat()) == ("女男"[order % 2], birth.isoformat())
    assert check_id(number, TODAY).level is Level.OK


@given(st.text(max_size=20))
def test_the_quick_check_never_says_more_than_the_slow_one(text):
    if sound_id(text, TODAY.isoformat()):
        assert check_id(text, TODAY).level is Level.OK


def test_the_quick_check_leaves_everything_doubtful_to_the_slow_one():
    doubtful = ["440524188001010014", "110105194912310021", "911124198108030024", "610104620927690", ""]
    assert not any(sound_id(number, TODAY.isoformat()) for number in doubtful)


def test_other_papers_are_hinted_at_and_never_refused():
    assert check_paper("414", "E12345678", TODAY).level is Level.OK
    assert "常见的普通护照号码" in check_paper("414", "12345", TODAY, "普通护照").reason
    assert check_paper("114", "军字第123号", TODAY).level is Level.OK
    assert check_paper("111", "110105194912310021", TODAY).level is Level.ERROR
    assert check_paper("", "110105194912310021", TODAY).level is Level.ERROR
    assert identity.paper_type("H12345678") == "516"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L", "９１３５０１００Ｍ０００１００Ｙ４３"])
def test_a_right_code_of_an_organisation_is_ok(code):
    assert check_uscc(code).level is Level.OK


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91350100M000100Y44", "91350100M000100Y4", ""])
def test_a_wrong_code_of_an_organisation_is_an_error(code):
    assert check_uscc(code).level is Level.ERROR


@pytest.mark.parametrize(
    ("raw", "good", "bad"),
    [
        ("13800001234", ("13800001234",), ()),
        (13800001234.0, ("13800001234",), ()),
        ("138-0000-1234", ("13800001234",), ()),
        ("138 0000 1234", ("13800001234",), ()),
        ("+86 138-0000-1234", ("13800001234",), ()),
        ("86-13800001234", ("13800001234",), ()),
        ("１３８００００１２３４", ("13800001234",), ()),
        ("\u202d13800001234\u202c", ("13800001234",), ()),
        ("13800001234/13900001234", ("13800001234", "13900001234"), ()),
        ("13800001234、 13900001234", ("13800001234", "13900001234"), ()),
        ("13800001234\n13900001234", ("13800001234", "13900001234"), ()),
        ("13800001234 13900001234", ("13800001234", "13900001234"), ()),
        ("13800001234(儿子)", ("13800001234",), ()),
        ("0714-6261234", ("0714-6261234",), ()),
        ("07146261234", ("0714-6261234",), ()),
        ("(010)62612345", ("010-62612345",), ()),
        ("6261234", ("6261234",), ()),
        ("1380000123", (), ("1380000123",)),
        ("138000012345", (), ("138000012345",)),
        ("13800001234/1390000123", ("13800001234",), ("1390000123",)),
        ("无", (), ()),
        ("", (), ()),
    ],
)
def test_telephone_numbers_are_found_in_a_cell(raw, good, bad):
    assert phones_in(raw) == (good, bad)


@pytest.mark.parametrize("number", ["110", "12345", "95588", "0714-6261234-12", "027-62612345转12"])
def test_short_numbers_and_extensions_are_telephones(number):
    assert check_phone(number).level is Level.OK
