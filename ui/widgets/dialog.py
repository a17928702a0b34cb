"""A small form in a window of its own: fields, a strip for what is wrong, verbs below. Window-modal, never blocking."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.shell.parts import button, row
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.inputs import ChoiceBox, LineEdit
from ui.widgets.record_form import RecordForm, scrolled
from ui.widgets.strip import Strip

_SHARE = 0.9
_WIDTH, _HEIGHT = 560, 380


class FormDialog(QDialog):
    """Subclasses put widgets into `body` and override `save`; Ctrl+S and Ctrl+Return save, Esc leaves."""

    saved = Signal()

    def __init__(self, title: str, verb: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.strip = Strip(theme, self)
        holder = QWidget(self)
        self.body = QVBoxLayout(holder)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)
        self.verb = button(verb, self.save, tone="primary")
        self.verb.setShortcut("Ctrl+S")
        self.leave = button(self.tr("不改了"), self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.strip)
        layout.addWidget(scrolled(holder), 1)
        layout.addLayout(row(1, self.leave, self.verb))
        self._parts = layout
        factor = theme.font_px / 14
        self.resize(round(_WIDTH * factor), round(_HEIGHT * factor))
        self.setMaximumHeight(round(self.screen().availableSize().height() * _SHARE))

    def keep_in_sight(self, part: QWidget) -> None:
        """Puts a part right above the verbs, where it stays however long the rest is."""
        self._parts.insertWidget(self._parts.count() - 1, part)

    def save(self) -> None:
        """Check, write, and call `finish` when it is on disk."""
        raise NotImplementedError

    def press(self, _next: object = None) -> None:
        """Return and Ctrl+Return: save, unless that is under way already, so that pressing twice makes one."""
        if self.verb.isEnabled():
            self.save()

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard goes to the first field."""
        super().showEvent(event)
        for one in self.findChildren(QWidget):
            if isinstance(one, LineEdit | ChoiceBox) and one.isVisibleTo(self):
                one.setFocus()
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Return saves from what is no field too, such as a chip."""
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.press()
        else:
            super().keyPressEvent(event)

    def finish(self) -> None:
        """It is saved."""
        self.saved.emit()
        self.accept()

    def fail(self, form: RecordForm | None = None) -> Callable[[Problem], None]:
        """Where a problem is shown: at its field, else in the strip; the verb can be pressed again."""

        def show(problem: Problem) -> None:
            self.verb.setEnabled(True)
            if form is None or not form.show_problem(problem):
                self.strip.show_problem(problem)

        return show
