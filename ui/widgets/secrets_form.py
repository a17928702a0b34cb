"""Fields for passwords, PINs and codes, one below the other: never shown, never kept as a draft."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from ui.shell.parts import label
from ui.shell.problems import Problem
from ui.widgets.inputs import LineEdit


def secret_line(name: str, hint: str = "") -> LineEdit:
    """A field whose content nobody sees and no input method learns."""
    made = LineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(
        Qt.InputMethodHint.ImhHiddenText
        | Qt.InputMethodHint.ImhSensitiveData
        | Qt.InputMethodHint.ImhNoPredictiveText
        | Qt.InputMethodHint.ImhNoAutoUppercase
    )
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


class SecretsForm(QWidget):
    """`(name, label, hint)…`; Return goes on, and from the last field asks to save."""

    save_asked = Signal()

    def __init__(
        self, fields: Sequence[tuple[str, str, str]], parent: QWidget | None = None, *, open_fields: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self._inputs: dict[str, LineEdit] = {}
        self._faults: dict[str, QLabel] = {}
        self._labels = {name: words for name, words, _ in fields}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for at, (name, words, hint) in enumerate(fields):
            made = LineEdit() if name in open_fields else secret_line(words, hint)
            made.setAccessibleName(words)
            made.setPlaceholderText(hint)
            title = QLabel(words)
            title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            title.setBuddy(made)
            fault = label("", "fault", wrap=True)
            fault.hide()
            grid.addWidget(title, at * 2, 0)
            grid.addWidget(made, at * 2, 1)
            grid.addWidget(fault, at * 2 + 1, 1)
            self._inputs[name], self._faults[name] = made, fault
            made.entered.connect(self._go_on)
            made.textEdited.connect(self.clear_faults)
        grid.setColumnStretch(1, 1)
        self.setFocusProxy(self._inputs[fields[0][0]])

    def _go_on(self) -> None:
        names = list(self._inputs)
        at = next((at for at, name in enumerate(names) if self._inputs[name] is self.sender()), len(names) - 1)
        if at + 1 < len(names):
            self._inputs[names[at + 1]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.save_asked.emit()

    def input(self, name: str) -> LineEdit:
        """One of the fields."""
        return self._inputs[name]

    def value(self, name: str) -> str:
        """What was typed, as it is: blanks belong to a password."""
        return self._inputs[name].text()

    def clear(self) -> None:
        """Forget what was typed."""
        for made in self._inputs.values():
            made.clear()
        self.clear_faults()

    def complete(self, *but: str) -> bool:
        """Whether nothing is missing, except in the fields named; else the first empty one is marked."""
        for name, made in self._inputs.items():
            if not made.text() and name not in but:
                self.show_fault(name, self.tr("请填写{field}。").format(field=self._labels[name]))
                return False
        return True

    def agree(self, first: str, second: str) -> bool:
        """Whether two fields say the same; else the second is marked."""
        if self.value(first) == self.value(second):
            return True
        self.show_fault(second, self.tr("两次输入的不一样，请再输入一次。"))
        self._inputs[second].selectAll()
        return False

    def show_problem(self, problem: Problem) -> bool:
        """At its field if it is one of ours."""
        if problem.field not in self._inputs:
            return False
        self.show_fault(problem.field, str(problem))
        self._inputs[problem.field].selectAll()
        return True

    def show_fault(self, name: str, words: str) -> None:
        """Words below a field; the keyboard goes there."""
        self.clear_faults()
        self._mark(name, words)
        self._inputs[name].setFocus()

    def fault(self, name: str) -> str:
        """What stands below a field."""
        return self._faults[name].text()

    def clear_faults(self) -> None:
        """Nothing is wrong any more, as far as one knows."""
        for name, shown in self._faults.items():
            if shown.text():
                self._mark(name, "")

    def _mark(self, name: str, words: str) -> None:
        made = self._inputs[name]
        self._faults[name].setText(words)
        self._faults[name].setVisible(bool(words))
        made.setProperty("fault", "true" if words else "false")
        made.setAccessibleDescription(words)
        made.style().unpolish(made)
        made.style().polish(made)
