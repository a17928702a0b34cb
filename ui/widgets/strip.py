"""A strip above the work: a problem with its next step, a notice, a question for later. Never modal."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from ui.shell.desk import announce
from ui.shell.parts import button, icon_button, label
from ui.shell.problems import Problem, show_report
from ui.shell.theme import Theme

_ICONS = {"problem": ("alert", "bad"), "warn": ("alert", "warn"), "good": ("check", "good")}


class Strip(QFrame):
    """Tones: problem, warn, good, demo or empty (a blue notice).  `narrow`: in a column, its verb under the words."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("strip")
        self._icon = QLabel()
        self._words = label("", wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = button("", self._act, tone="link")
        self._run: Callable[[], object] | None = None
        close = icon_button(theme.icon("close", "muted"), self.tr("收起这条提示"), self.dismiss)
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 3, 4, 3)
        for column, part in ((0, self._icon), (1, self._words), (3, close)):
            layout.addWidget(part, 0, column)
        left = Qt.AlignmentFlag.AlignLeft
        layout.addWidget(self._action, 1, 1, left) if narrow else layout.addWidget(self._action, 0, 2)
        layout.setColumnStretch(1, 1)
        self._close = close
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def show_words(
        self,
        words: str,
        tone: str = "",
        action: str = "",
        run: Callable[[], object] | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Show words; `action` is a verb that `run` carries out; a strip that `stays` cannot be put away."""
        self._run = run
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        name, role = _ICONS.get(tone, ("info", "accent_text"))
        self._icon.setPixmap(self._theme.icon(name, role).pixmap(18, 18))
        self._words.setText(words)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._close.setVisible(not stays)
        self.show()
        announce(self, words)

    def show_problem(self, problem: Problem, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Show a problem; a bug offers its report."""
        if problem.is_bug and run is None:
            action, run = self.tr("看错误报告"), show_report(problem, self)
        self.show_words(str(problem), "problem", action, run)

    def dismiss_problem(self) -> None:
        """Put a problem away, since it is over; other words stay."""
        if self.property("tone") == "problem":
            self.hide()

    def dismiss(self) -> None:
        self.hide()
        self.closed.emit()

    def _act(self) -> None:
        if self._run is not None:
            self._run()
