"""Names and other text lose what does not belong to them; personal data is shown no more than it must be."""

import pytest

from desktop_app.shared.text import clean, clean_name, clean_note, half_width, mask, plain


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张伟", "张伟"),
        ("张 伟", "张伟"),
        ("张\u3000伟", "张伟"),
        ("\u00a0张伟 ", "张伟"),
        ("黄素\n珍", "黄素珍"),
        ("黄素_x000D_\n珍", "黄素珍"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿卜杜拉·\n吐尔逊", "阿卜杜拉·吐尔逊"),
        ("𫖯.䶮", "𫖯·䶮"),
        ("苏㛃", "苏㛃"),
        ("John  Smith", "John Smith"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_a_name_is_as_on_the_card(written, name):
    assert clean_name(written) == name


def test_text_loses_the_white_space_around_it_and_keeps_that_inside():
    assert clean(" 区环卫所\n") == "区环卫所"
    assert clean("汉族\u00a0") == "汉族"
    assert clean("New Town") == "New Town"
    assert clean_note(" 常年在外 \n\n 子女在武汉") == "常年在外\n子女在武汉"


def test_a_number_cell_is_typed_without_its_point():
    assert plain(101.0) == "101"
    assert plain(None) == ""
    assert half_width("３ 号－楼") == "3号-楼"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("id_no", "420299196112290012", "420299********0012"),
        ("id_no", "H12345678", "H12**5678"),
        ("id_no", "1234", "****"),
        ("phone", "13800001234", "138****1234"),
        ("phone", "0714-6261234", "********1234"),
        ("phone", "13800001234 0714-6261234", "138****1234 ********1234"),
        ("name", "张明", "张*"),
        ("name", "张小明", "张*明"),
        ("name", "欧阳小明", "欧阳**"),
        ("name", "欧阳明", "欧阳*"),
        ("name", "司寇明", "司寇*"),
        ("name", "爱新觉罗启明", "爱新觉罗**"),
        ("name", "阿迪力·买买提江", "阿*·*江"),
        ("address", "湖北省石首市绣林街道翠湖花园3栋", "湖北省石首市绣林街道"),
        ("address", "翠湖花园3栋", "****"),
        ("bank", "6222000000000000", "****"),
        ("name", "", ""),
    ],
)
def test_personal_data_is_masked_by_its_kind(kind, value, shown):
    assert mask(kind, value) == shown
