"""A page opens in several turns of the event loop; nobody who is quicker than that loses a key."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.residents.model import Person
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.pages.appeal_form import AppealFormPage
from ui.pages.organisation import OrganisationPage
from ui.pages.page import Page
from ui.pages.page_of_faces import PageOfFaces
from ui.pages.person import PersonPage
from ui.pages.person_form import PersonFormPage
from ui.pages.syncing import SyncingPage
from ui.pages.visit_form import VisitFormPage
from ui.shell.turns import turns
from ui.widgets.in_parts import InParts
from ui.widgets.record_form import RecordForm

from .conftest import settle


class Slow(InParts, QWidget):
    """Three parts, and somebody who notes in which order they came."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.told: list[str] = []
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        self.first = self.told.append("first") or "first"
        yield
        self.second = self.told.append("second") or "second"
        yield
        self.third = self.told.append("third") or "third"


@pytest.fixture
def keeper(qtbot: QtBot) -> QWidget:
    """What is begun before the test would be whole when it starts."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_the_first_part_is_there_at_once_and_the_rest_by_itself(keeper: QWidget, qtbot: QtBot) -> None:
    slow = Slow(keeper)
    assert slow.told == ["first"]
    assert not slow.is_whole
    qtbot.waitUntil(lambda: not turns().is_busy)
    assert slow.told == ["first", "second", "third"]
    assert slow.is_whole


def test_what_is_asked_for_early_is_made_with_everything_before_it(keeper: QWidget, qtbot: QtBot) -> None:
    slow = Slow(keeper)
    assert slow.third == "third"
    assert slow.told == ["first", "second", "third"]
    qtbot.waitUntil(lambda: not turns().is_busy)
    assert slow.told == ["first", "second", "third"]


def test_a_name_that_is_nowhere_is_still_an_error(keeper: QWidget) -> None:
    slow = Slow(keeper)
    with pytest.raises(AttributeError, match="nowhere"):
        _ = slow.nowhere


def test_what_waits_for_the_whole_comes_after_it_in_its_order(keeper: QWidget, qtbot: QtBot) -> None:
    slow = Slow(keeper)
    slow.when_whole(lambda: slow.told.append("one"))
    slow.whole()
    slow.when_whole(lambda: slow.told.append("two"))
    qtbot.waitUntil(lambda: not turns().is_busy)
    assert slow.told == ["first", "second", "third", "one", "two"]
    slow.when_whole(lambda: slow.told.append("at once"))
    assert slow.told[-1] == "at once"


def test_newer_work_in_turns_takes_the_place_of_older(keeper: QWidget, qtbot: QtBot) -> None:
    slow = Slow(keeper)
    slow.whole()

    def work(name: str) -> Iterator[None]:
        for at in range(3):
            slow.told.append(f"{name}{at}")
            yield

    slow.in_turns(work("old"))
    slow.in_turns(work("new"))
    qtbot.waitUntil(lambda: not turns().is_busy)
    assert slow.told[3:] == ["old0", "new0", "new1", "new2"]


def test_nothing_is_built_for_a_widget_that_is_gone(keeper: QWidget, qtbot: QtBot) -> None:
    slow = Slow(keeper)
    told = slow.told
    slow.deleteLater()
    QCoreApplication.sendPostedEvents(slow, 52)  # DeferredDelete
    qtbot.waitUntil(lambda: not turns().is_busy)
    assert told == ["first"]


def opened(window: MainWindow, key: str) -> Page:
    """The page a moment after it was asked for: no turn of the loop has gone by."""
    kind, _, rest = key.partition(":")
    if kind == "page":
        window.open_page(rest)
    else:
        window.open_record(kind, rest)
    page = window.tabs.page(key)
    assert page is not None
    return page


def compose(words: str) -> None:
    """As an input method hands over what was chosen, to whatever has the keyboard."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    field = QApplication.focusWidget()
    assert field is not None
    QApplication.sendEvent(field, event)


FORMS = (
    ("person-form:new", PersonFormPage, "name"),
    ("visit-form:person:{person}", VisitFormPage, "findings"),
    ("appeal-form:person:{person}", AppealFormPage, "title"),
)


@pytest.mark.parametrize(("key", "kind", "field"), FORMS, ids=[key.split(":")[0] for key, _, _ in FORMS])
def test_what_is_typed_while_a_form_is_still_being_built_stays(
    window: MainWindow, town: App, qtbot: QtBot, key: str, kind: type[Page], field: str
) -> None:
    person = town.db.scalar("SELECT id FROM person ORDER BY local_no LIMIT 1")
    page = opened(window, key.format(person=person))
    assert isinstance(page, kind)
    assert turns().is_busy
    compose("王")
    while turns().is_busy:
        compose("芳")
        QCoreApplication.processEvents()
    settle(qtbot, window.background)
    form = getattr(page, "form")  # noqa: B009 three kinds of page
    values = form if isinstance(form, RecordForm) else form.form
    assert values.value(field).startswith("王芳")
    assert list(values.changes()) == [field]  # and nothing but what was typed counts as typed
    assert page.unsaved()


def tabbed(page: Page, times: int) -> list[str]:
    """What a screen reader says after each Tab, beginning where the keyboard is."""
    told = []
    for _ in range(times):
        field = QApplication.focusWidget()
        assert field is not None
        told.append(field.accessibleName() or str(field.property("text")).split("\u3000")[0])
        QTest.keyClick(field, Qt.Key.Key_Tab)
    assert page.is_whole
    return told


def test_tab_goes_through_a_new_resident_as_the_form_is_read(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "person-form:new")
    settle(qtbot, window.background)
    told = tabbed(page, 23)
    assert told[:3] == ["姓名", "证件类型", "证件号码"]
    assert told[15:] == ["备注", "住在", "与户主关系", "居住方式", "从哪天起", "不存了", "保存并登记下一位", "保存"]


def test_tab_goes_through_an_appeal_as_the_form_is_read(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "appeal-form:new")
    settle(qtbot, window.background)
    told = tabbed(page, 16)
    assert told[:6] == ["从居民里找", "匿名：不记姓名、电话", "反映人", "电话", "地点", "是哪一户、哪一处"]
    assert told[6:9] == ["事由", "内容", "分类"]
    assert told[13:] == ["接到日期", "当即受理", "不登了"]


def test_a_form_that_is_hidden_before_it_is_there_takes_no_keys(window: MainWindow, town: App, qtbot: QtBot) -> None:
    """The password of a desk that is locked at once is not written into a visit."""
    person = town.db.scalar("SELECT id FROM person ORDER BY local_no LIMIT 1")
    page = opened(window, f"visit-form:person:{person}")
    curtain = QLineEdit()
    window.cover(curtain)
    settle(qtbot, window.background)
    assert QApplication.focusWidget() is curtain
    window.uncover()
    assert not page.unsaved()


def test_the_page_of_syncing_leaves_the_keyboard_to_the_face_somebody_turned_to(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = opened(window, "page:syncing")
    assert isinstance(page, SyncingPage)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    compose("王")
    settle(qtbot, window.background)
    assert window.header.search.hasFocus()


def test_a_form_shows_the_person_it_corrects_although_its_fields_come_one_by_one(
    window: MainWindow, town: App, qtbot: QtBot
) -> None:
    person = town.db.scalar("SELECT id FROM person WHERE id_no IS NOT NULL ORDER BY local_no LIMIT 1")
    page = opened(window, f"person-form:{person}")
    assert isinstance(page, PersonFormPage)
    settle(qtbot, window.background)
    known = town.db.get(Person, person)
    assert known is not None
    assert (page.form.value("name"), page.form.value("id_no")) == (known.name, known.id_no)
    assert page.form.changes() == {}


def test_a_resident_is_shown_with_the_first_of_their_panes(window: MainWindow, town: App, qtbot: QtBot) -> None:
    person = town.db.scalar("SELECT id FROM person ORDER BY local_no LIMIT 1")
    page = opened(window, f"person:{person}")
    assert isinstance(page, PersonPage)
    settle(qtbot, window.background)
    assert page.tabs.currentIndex() == 0
    assert page.tabs.currentWidget().isAncestorOf(page.basic)
    assert [page.tabs.tabText(at) for at in range(5)] == ["基本", "家庭", "附件", "时间线", "历史"]


def test_warming_builds_one_face_after_another_until_all_are_there(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "page:organisation")
    settle(qtbot, window.background)
    made = 0
    while page.warm_up():
        made += 1
        settle(qtbot, window.background)
    assert made == 4
    assert not window.background.is_busy


def test_the_keyboard_goes_to_the_page_at_once_and_stays_where_it_went(window: MainWindow, qtbot: QtBot) -> None:
    for key in ("residents", "visits", "meetings", "printing", "settings", "importing"):
        page = opened(window, f"page:{key}")
        now = QApplication.focusWidget()
        assert now is not None, key
        assert page.isAncestorOf(now), key
        settle(qtbot, window.background)
        assert page.isAncestorOf(QApplication.focusWidget()), key


def test_a_new_one_is_begun_by_its_key_before_the_page_is_whole(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "page:meetings")
    assert not page.is_whole
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window.background)
    form = page.form  # type: ignore[attr-defined]
    assert form.is_open
    assert form.isAncestorOf(QApplication.focusWidget())


def test_ctrl_f_goes_to_the_field_before_the_page_is_whole(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "page:care")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    compose("王")
    settle(qtbot, window.background)
    assert page.pane.bar.search.text() == "王"  # type: ignore[attr-defined]
    assert page.pane.bar.search.hasFocus()  # type: ignore[attr-defined]


def test_a_face_that_is_turned_to_before_the_page_is_whole_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "page:syncing")
    assert isinstance(page, SyncingPage)
    assert not page.is_whole
    page.faces.choose(2)
    settle(qtbot, window.background)
    assert page.pane is page.settled


def test_a_face_is_built_when_somebody_turns_to_it(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "page:organisation")
    assert isinstance(page, OrganisationPage)
    settle(qtbot, window.background)
    kinds = {type(one).__name__ for one in page.findChildren(QWidget)}
    assert "TreePane" in kinds
    assert "ContactsPane" not in kinds
    page.faces.choose(2)
    assert page.pane is page.contacts


def test_a_page_that_is_closed_while_it_is_being_built_is_gone(window: MainWindow, qtbot: QtBot) -> None:
    told: list[object] = []
    window.background.problem.connect(told.append)
    for key in ("syncing", "settings", "printing"):
        opened(window, f"page:{key}")
        window.tabs.close_key(f"page:{key}")
    settle(qtbot, window.background)
    assert told == []
    assert window.tabs.keys == ["page:home"]


def test_buttons_that_come_later_are_offered_by_right_all_the_same(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, "page:syncing")
    assert isinstance(page, SyncingPage)
    settle(qtbot, window.background)
    assert page.inbox.newer_button.right == "sync.settle"


@pytest.mark.parametrize("key", [entry.key for entry in PAGES if entry.key != "home"])
def test_opening_a_page_does_not_build_all_of_it_in_one_turn(window: MainWindow, qtbot: QtBot, key: str) -> None:
    """What `commands` and `first_focus` name before the page is whole must not call for the rest of it."""
    page = opened(window, f"page:{key}")
    slices = [page.pane] if isinstance(page, PageOfFaces) else [page]
    assert not any(hasattr(type(one), "_parts") and one.is_whole for one in slices)
