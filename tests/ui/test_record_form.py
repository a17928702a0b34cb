"""Forms: what was changed, faults at the field, keys, drafts."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.shell.problems import Problem
from ui.widgets.record_form import Field, RecordForm

FIELDS = (
    Field("name", "姓名", required=True),
    Field("sex", "性别", "choice", (("男", "男"), ("女", "女"))),
    Field("phones", "电话", "number"),
    Field("note", "备注", "long", wide=True),
)


@pytest.fixture
def form(qtbot: QtBot, theme) -> RecordForm:
    made = RecordForm(FIELDS)
    qtbot.addWidget(made)
    made.show()
    made.show_values({"name": "王小明", "sex": "男", "phones": None})
    return made


def test_only_what_the_person_changed_is_handed_over(form: RecordForm):
    form.input("phones").setText("13800000001")
    form.input("sex").choose("女")
    assert form.changes() == {"sex": "女", "phones": "13800000001"}


def test_changing_back_is_no_change(form: RecordForm):
    form.input("name").setText("王大明")
    form.input("name").setText("王小明")
    assert form.changes() == {}


def test_a_suggestion_fills_an_empty_field_and_overwrites_nothing(form: RecordForm):
    assert form.suggest("phones", "13800000002")
    assert not form.suggest("name", "李四")
    assert form.values()["name"] == "王小明"
    assert form.changes() == {"phones": "13800000002"}


def test_a_problem_is_shown_beside_its_field_and_goes_away_when_it_is_mended(form: RecordForm):
    assert form.show_problem(Problem("号码少了一位。", "请核对。", "phones"))
    assert form.fault("phones") == "号码少了一位。 请核对。"
    assert form.input("phones").accessibleDescription() == "号码少了一位。 请核对。"
    form.input("phones").setText("13800000001")
    assert form.fault("phones") == ""


def test_a_problem_of_no_field_is_left_to_the_page(form: RecordForm):
    assert not form.show_problem(Problem("数据库正忙。"))
    assert not form.show_problem(Problem("房屋没有了。", field="room"))


def test_required_fields_are_named_and_the_first_gets_the_focus(qtbot: QtBot, form: RecordForm):
    form.input("name").setText("")
    assert form.missing() == ["姓名"]
    assert form.fault("name")


def test_return_goes_to_the_next_field(qtbot: QtBot, form: RecordForm):
    form.activateWindow()
    form.input("name").setFocus()
    qtbot.keyClick(form.input("name"), Qt.Key.Key_Return)
    assert form.focusWidget() is form.input("sex")
    qtbot.keyClick(form.input("sex"), Qt.Key.Key_Return)
    assert form.focusWidget() is form.input("phones")


def test_control_return_asks_to_save_and_go_on(qtbot: QtBot, form: RecordForm):
    for name in ("name", "sex", "note"):
        with qtbot.waitSignal(form.save_asked) as heard:
            qtbot.keyClick(form.input(name), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert heard.args == [True]


def test_return_in_a_long_text_makes_a_new_line(qtbot: QtBot, form: RecordForm):
    qtbot.keyClicks(form.input("note"), "a")
    qtbot.keyClick(form.input("note"), Qt.Key.Key_Return)
    qtbot.keyClicks(form.input("note"), "b")
    assert form.value("note") == "a\nb"


def test_a_draft_holds_the_changes_and_can_be_put_back(qtbot: QtBot, form: RecordForm):
    form.input("name").setText("王大明")
    with qtbot.waitSignal(form.draft) as heard:
        form.tell_draft_now()
    assert json.loads(heard.args[0]) == {"name": "王大明"}
    form.show_values({"name": "王小明"})
    form.take_draft(heard.args[0])
    assert form.changes() == {"name": "王大明"}


def test_every_field_has_a_label_as_its_buddy(form: RecordForm):
    buddies = {label.buddy() for label in form.findChildren(QLabel) if label.buddy()}
    assert buddies == {form.input(field.name) for field in FIELDS}


def test_long_choices_never_make_a_form_wider_than_the_card_it_stands_in(qtbot: QtBot):
    long = tuple((str(at), "参加志愿服务每次两分、每年最多二十分、要两名审核人" * 3) for at in range(3))
    form = RecordForm((Field("rule", "规则", "choice", long),), columns=1)
    qtbot.addWidget(form)
    assert form.minimumSizeHint().width() < 260
    form.show_values({"rule": "1"})
    assert form.minimumSizeHint().width() < 260
    assert form.value("rule") == "1"
