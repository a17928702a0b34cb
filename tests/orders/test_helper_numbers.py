"""A helper's own number is printed for everybody only while the helper agrees."""

import pytest

from desktop_app.orders import finding, people
from desktop_app.shared.errors import AppError


def standing(db, name):
    line = next(one for one in finding.helpers(db) if one.name == name)
    return line.public, line.printed


def test_the_list_says_whether_a_number_is_printed_and_why(db, street):
    street.helper("没问过", phone="13900000011")
    street.helper("同意的", phone="13900000012", phone_agreed_on="2026-01-05")
    street.helper("撤回的", phone="13900000013", phone_agreed_on="2026-01-05", phone_withdrawn_on="2026-06-01")
    street.helper("服务队", phone="13900000014", kind="社会组织")
    street.helper("没电话")
    assert standing(db, "没问过") == (False, "不印：还没有本人同意")
    assert standing(db, "同意的") == (True, "印：2026-01-05 本人同意")
    assert standing(db, "撤回的") == (False, "不印：2026-06-01 撤回同意")
    assert standing(db, "服务队") == (True, "印（单位的电话）")
    assert standing(db, "没电话") == (False, "")


def test_the_number_of_a_resident_is_nobodys_office(db, street):
    person = street.person("王桂英", "1", "101", phones="13900000015")
    street.helper("", person_id=person.id, kind="社会组织")
    assert standing(db, "王桂英") == (False, "不印：还没有本人同意")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"phone_agreed_on": "2026-12-01"}, "phone_agreed_on"),
        ({"phone_agreed_on": "2026-13"}, "phone_agreed_on"),
        ({"phone_agreed_on": "2026-05-01", "phone_withdrawn_on": "2026-04-30"}, "phone_withdrawn_on"),
        ({"phone_withdrawn_on": "2026-05-01"}, "phone_withdrawn_on"),
        ({"phone_agreed_on": "2026-05-01", "phone": None}, "phone"),
    ],
)
def test_an_agreement_nobody_can_have_given_is_refused_at_its_field(db, actor, street, told, field):
    helper = street.helper("李四", phone="13900000012")
    with pytest.raises(AppError) as refused:
        people.change_helper(db, actor, helper.id, **told)
    assert refused.value.field == field
    assert standing(db, "李四") == (False, "不印：还没有本人同意")


def test_another_number_has_to_be_agreed_to_anew(db, actor, street):
    helper = street.helper("李四", phone="13900000012", phone_agreed_on="2026-01-05")
    people.change_helper(db, actor, helper.id, phone="13900000012", unit="和平社区")
    assert standing(db, "李四")[0]
    people.change_helper(db, actor, helper.id, phone="13900000018")
    assert standing(db, "李四") == (False, "不印：还没有本人同意")
    people.change_helper(db, actor, helper.id, phone="13900000019", phone_agreed_on="2026-11-22")
    assert standing(db, "李四")[0]
