"""The papers of one meeting: which there are, by which keys, and those that stand behind one button."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QPushButton

from ui.shell.commands import Command
from ui.shell.parts import button
from ui.shell.theme import Theme

_KEYS = {
    "meeting_record": "Ctrl+P", "minutes": "Alt+P", "sign_in_sheet": "Alt+S", "meeting_notice": "Alt+N",
    "vote_slip": "Alt+B", "vote_tally": "Alt+T",
}  # fmt: skip
_IN_MENU = ("meeting_notice", "vote_slip", "vote_tally")


class MeetingPapers(QObject):
    """`run(form)` prints a paper of the meeting."""

    def __init__(self, run: Callable[[str], object], theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._run, self._theme = run, theme
        self._names = {
            "meeting_record": self.tr("打印会议记录"),
            "minutes": self.tr("打印纪要"),
            "sign_in_sheet": self.tr("打印签到表"),
            "meeting_notice": self.tr("打印会议通知"),
            "vote_slip": self.tr("打印表决票"),
            "vote_tally": self.tr("打印计票单"),
        }

    def commands(self, group: str) -> tuple[Command, ...]:
        """One for each paper."""
        return tuple(
            Command(words, partial(self._run, form), _KEYS[form], "printer", group, "papers.change")
            for form, words in self._names.items()
        )

    def buttons(self) -> tuple[QPushButton, ...]:
        """The three used most, and the others behind one."""
        shown = [
            button(self._names[form], partial(self._run, form))
            for form in ("sign_in_sheet", "meeting_record", "minutes")
        ]
        more = button(self.tr("其他单据"), None)
        menu = QMenu(more)
        for form in _IN_MENU:
            words = f"{self._names[form]}　{_KEYS[form]}"
            menu.addAction(self._theme.icon("printer", "muted"), words).triggered.connect(partial(self._chosen, form))
        more.setMenu(menu)
        return (*shown, more)

    def _chosen(self, form: str, _checked: bool = False) -> None:
        self._run(form)
