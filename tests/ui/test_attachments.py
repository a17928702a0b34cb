"""Attachments in the window: added, shown, opened, saved and taken off; where each is stands below it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from desktop_app.attachments import actions, queries
from desktop_app.attachments.model import Attachment
from desktop_app.meetings.actions import call_meeting
from desktop_app.meetings.model import Meeting
from desktop_app.store.content import Content
from tests.attachments.pictures import jpeg, pdf
from ui.main_window import MainWindow
from ui.pages.meetings_record import MeetingPage
from ui.pages.person import PersonPage
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.pictures import PictureDialog

from .conftest import rest, settle


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> PersonPage:
    person_id = window.desk.app.db.scalar("SELECT id FROM person ORDER BY local_no")
    window.open_record("person", person_id)
    found = window.tabs.current.page
    assert isinstance(found, PersonPage)
    rest(found, qtbot)
    return found


@pytest.fixture
def pane(page: PersonPage) -> AttachmentsPane:
    page.tabs.setCurrentWidget(page.attached)
    return page.attached


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "走访.jpg"
    path.write_bytes(jpeg())
    return path


def kept(page: PersonPage) -> list[Attachment]:
    return queries.of(page.desk.app.db, "person", page.person_id)


def shown(pane: AttachmentsPane) -> list[str]:
    return [pane.list.item(at).text() for at in range(pane.list.count())]


def test_a_chosen_file_is_added_and_stands_there_with_its_picture(page, pane, photo, qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo)], ""))
    pane.choose()
    rest(page, qtbot)
    assert shown(pane) == ["走访\n只在本机"]
    assert not pane.list.item(0).icon().isNull()
    assert page.tabs.tabText(page.tabs.indexOf(pane)) == "附件 1"
    assert "走访" in pane.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_files_may_be_dropped(page, pane, photo, qtbot):
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(photo))])
    event = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        given,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    pane.dropEvent(event)
    rest(page, qtbot)
    assert [one.title for one in kept(page)] == ["走访"]


def test_a_picture_may_be_pasted(page, pane, qtbot):
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(picture)
    pane.paste()
    rest(page, qtbot)
    (made,) = kept(page)
    assert (made.title, made.mime) == ("粘贴的图片", "image/png")


def test_an_empty_clipboard_is_said_so(pane):
    QGuiApplication.clipboard().setText("words")
    pane.paste()
    assert "没有图片或文件" in pane.strip.words


def test_a_file_that_is_refused_is_told_above_the_list(page, pane, tmp_path, qtbot):
    (tmp_path / "程序.exe").write_bytes(b"MZ")
    pane.add(tmp_path / "程序.exe")
    rest(page, qtbot)
    assert "不能添加这种文件" in pane.strip.words
    assert not kept(page)


def test_of_several_files_the_refused_are_named_and_the_others_are_added(page, pane, photo, tmp_path, qtbot):
    (tmp_path / "程序.exe").write_bytes(b"MZ")
    (tmp_path / "空.jpg").write_bytes(b"")
    pane.add_all([tmp_path / "程序.exe", photo, tmp_path / "空.jpg"])
    rest(page, qtbot)
    assert "“程序.exe”：不能添加这种文件" in pane.strip.words
    assert "“空.jpg”：这个文件是空的" in pane.strip.words
    assert [one.title for one in kept(page)] == ["走访"]


def test_a_large_photograph_is_never_drawn_beyond_what_memory_bears(qtbot, monkeypatch):
    monkeypatch.setattr("ui.widgets.pictures._MOST_DRAWN", 3_000_000)
    dialog = PictureDialog("大图", QImage(1200, 900, QImage.Format.Format_RGB32))
    qtbot.addWidget(dialog)
    dialog.show()
    for _ in range(30):
        dialog.zoom(2)
    drawn = dialog._shown.pixmap()
    assert 1200 * 900 < drawn.width() * drawn.height() <= 3_000_000


def test_removing_can_be_taken_back_in_the_status_bar(page, pane, photo, window, qtbot):
    pane.add(photo)
    rest(page, qtbot)
    said = []
    window.desk.said.connect(lambda words, undo: said.append((words, undo)))
    pane.remove()
    rest(page, qtbot)
    assert not kept(page)
    assert shown(pane) == []
    words, undo = said[-1]
    assert words == "已移除“走访”"
    undo()
    rest(page, qtbot)
    assert shown(pane) == ["走访\n只在本机"]


def test_a_photo_opens_in_the_window_and_can_be_made_larger(page, pane, photo, qtbot):
    pane.add(photo)
    rest(page, qtbot)
    pane.open()
    settle(qtbot, page.desk.background)
    (dialog,) = pane.findChildren(PictureDialog)
    assert dialog.windowTitle() == "走访"
    before = dialog._shown.pixmap().width()
    dialog.zoom(2)
    assert dialog._shown.pixmap().width() > before
    dialog.close()


def test_another_file_opens_as_a_copy_that_cannot_be_written_to(page, pane, tmp_path, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr("ui.widgets.attachments.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()))
    (tmp_path / "签字.pdf").write_bytes(pdf())
    pane.add(tmp_path / "签字.pdf")
    rest(page, qtbot)
    pane.open()
    settle(qtbot, page.desk.background)
    (path,) = map(Path, opened)
    assert path.name == "签字.pdf"
    assert path.read_bytes() == pdf()
    assert path.stat().st_mode & 0o222 == 0


def test_saving_and_renaming(page, pane, photo, tmp_path, qtbot, monkeypatch):
    pane.add(photo)
    rest(page, qtbot)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("楼道堆物", True))
    pane.rename()
    rest(page, qtbot)
    assert shown(pane) == ["楼道堆物\n只在本机"]
    target = tmp_path / "out.jpg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    pane.save()
    settle(qtbot, page.desk.background)
    assert target.read_bytes().startswith(b"\xff\xd8")


def test_one_that_is_not_here_is_asked_for(page, pane, photo, qtbot, monkeypatch):
    pane.add(photo)
    rest(page, qtbot)
    db = page.desk.app.db
    (made,) = kept(page)
    Content(db).remove(made.sha256)
    with db.applying() as tx:
        tx.execute("UPDATE blob SET here=0,server='x'")
        tx.touched("attachment")
    rest(page, qtbot)
    assert shown(pane) == ["走访\n还没有下载"]
    assert pane._open.text() == "下载"
    jobs = []
    monkeypatch.setattr(page.desk.background, "start_job", lambda _title, words: jobs.append(words) or _Silent())
    pane.open()
    settle(qtbot, page.desk.background)
    assert jobs == [["attachments", "--sync"]]
    assert queries.states_of(db, [made.sha256])[made.sha256].wanted == 2


class _Silent:
    """A job that never says anything."""

    def __init__(self) -> None:
        self.failed = self.over = self

    def connect(self, _slot: object) -> None:
        """Nobody will be told."""


def test_a_small_picture_from_elsewhere_is_read_as_a_jpeg_or_not_at_all(page, pane, photo, qtbot):
    db, actor = page.desk.app.db, page.desk.app.actor
    made = actions.attach(db, actor, "person", page.person_id, photo)
    with db.transaction(actor, "x") as tx:
        tx.change(Attachment, made.id, thumb="PHN2Zz48L3N2Zz4=")
    rest(page, qtbot)
    assert shown(pane) == ["走访\n只在本机"]


def test_a_meeting_has_attachments_in_place_of_its_paper(window, qtbot, photo):
    app = window.desk.app
    meeting = call_meeting(app.db, app.actor, Meeting(kind="党员大会", title="九月党员大会"))
    window.open_record("meeting", meeting.id)
    page = window.tabs.current.page
    assert isinstance(page, MeetingPage)
    rest(page, qtbot)
    page._attached.click()
    assert page.attached.isVisible()
    assert not page.paper.isVisible()
    page.attached.add(photo)
    rest(page, qtbot)
    assert page._attached.text() == "附件 1"
    page._look.click()
    assert page.paper.isVisible()
    assert not page.attached.isVisible()
