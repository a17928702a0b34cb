"""What was decided on an item, line by line, and how fields that save themselves tell how it went."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.meetings import actions
from desktop_app.meetings.model import Resolution
from desktop_app.meetings.rules import STATES
from ui.shell.doing import do
from ui.shell.parts import icon_button, label, row
from ui.shell.problems import Problem
from ui.widgets.autosave import Autosave
from ui.widgets.inputs import ChoiceBox, DateEdit, LineEdit

if TYPE_CHECKING:
    from ui.pages.meetings_record import MeetingPage


class Saver:
    """Writes what saves itself; a refusal stands in red below the fields it is about."""

    def __init__(self, page: "MeetingPage", owner: QWidget) -> None:
        self._page, self._owner = page, owner
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()

    def write(self, work: Callable[[], object], fields: Autosave | None = None) -> None:
        """Run an action on the writer thread and tell the fields how it went."""
        self.fault.hide()

        def done(record: object) -> None:
            if fields is not None:
                fields.landed()
            self._page.saved(record)

        def failed(problem: Problem) -> None:
            self.refuse(problem, fields)

        self._page.desk.background.write(work, done, owner=self._owner, failed=failed)

    def refuse(self, problem: Problem, fields: Autosave | None = None) -> None:
        """It was not saved, and why."""
        if fields is not None:
            fields.crashed()
        self.fault.setText(str(problem))
        self.fault.show()


class ResolutionRow(QWidget):
    """What was decided, who does it until when, and how far it is."""

    def __init__(self, page: "MeetingPage", resolution: Resolution, parent: QWidget) -> None:
        super().__init__(parent)
        self.page = page
        self.id = resolution.id
        theme = page.desk.theme
        self.text = LineEdit(self)
        self.text.setAccessibleName(self.tr("议定事项"))
        self.owner = LineEdit(self)
        self.owner.setPlaceholderText(self.tr("谁来办"))
        self.owner.setAccessibleName(self.tr("责任人"))
        self.due = DateEdit(self)
        self.due.setPlaceholderText(self.tr("期限"))
        self.due.setAccessibleName(self.tr("完成时限"))
        self.state = ChoiceBox([(word, word) for word in STATES], self)
        self.state.setAccessibleName(self.tr("进展"))
        self._drop = icon_button(theme.icon("close", "muted"), self.tr("删去这条议定事项"), self.remove)
        self.fields = Autosave(self._save, self)
        for name, field in (("text", self.text), ("owner", self.owner), ("due_on", self.due)):
            self.fields.watch(name, field)
        self.state.activated.connect(lambda _at: self._advance())
        self._saver = Saver(page, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        first = row(label("→", "muted"), self.text, self._drop, gap=6)
        first.setStretch(1, 1)
        second = QHBoxLayout()
        second.setContentsMargins(20, 0, 0, 4)
        second.setSpacing(6)
        second.addWidget(self.owner, 3)
        second.addWidget(self.due, 3)
        second.addWidget(self.state, 2)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self._saver.fault)

    def show_row(self, resolution: Resolution, *, locked: bool) -> None:
        """What the store says."""
        self.fields.show_values({"text": resolution.text, "owner": resolution.owner, "due_on": resolution.due_on})
        self.fields.set_locked(locked)
        self.state.choose(resolution.state)
        self._drop.setVisible(not locked)

    def _save(self, changes: dict[str, str]) -> None:
        app = self.page.desk.app
        values = {name: value or None for name, value in changes.items()}
        self._saver.write(lambda: actions.change_resolution(app.db, app.actor, self.id, **values), self.fields)

    def _advance(self) -> None:
        app, state = self.page.desk.app, self.state.code
        self._saver.write(lambda: actions.change_resolution(app.db, app.actor, self.id, state=state))

    def remove(self) -> None:
        """Take the resolution back; 撤销 in the status bar brings it again."""
        app = self.page.desk.app
        do(
            self.page.desk,
            self.page,
            lambda: actions.remove_resolution(app.db, app.actor, self.id),
            lambda _none: self.tr("已删去议定事项"),
            failed=self.page.show_problem,
        )


class NewLine(LineEdit):
    """A field at the end of a list: Return adds what stands in it and stays for the next."""

    def __init__(self, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)

    def take(self) -> str:
        """What stands in it, taken out."""
        text = self.text().strip()
        self.clear()
        return text
