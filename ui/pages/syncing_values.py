"""Two values side by side: where they differ is underlined, numbers are masked until somebody looks."""

from collections.abc import Callable
from difflib import SequenceMatcher
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.pages.syncing_reading import Clash, Value
from ui.shell.desk import Desk
from ui.shell.parts import button, label, mark, row
from ui.widgets.secret import Secret

_ALIKE = 0.3
_SHORTEST, _LONGEST = 8, 4000  # characters worth comparing


def differing(text: str, other: str) -> str:
    """`text` as HTML, underlined where the other value differs; plain where the two have little in common."""
    if min(len(text), len(other)) < _SHORTEST or len(text) + len(other) > _LONGEST:
        return _lines(escape(text))
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _lines(escape(text))
    parts = [
        escape(text[begin:end]) if same == "equal" or begin == end else f"<u><b>{escape(text[begin:end])}</b></u>"
        for same, begin, end, _, _ in matcher.get_opcodes()
    ]
    return _lines("".join(parts))


def _lines(html: str) -> str:
    return html.replace("\n", "<br>")


class ValueCard(QFrame):
    """One of the two values, whose it is, and the verb that chooses it."""

    def __init__(self, number: int, desk: Desk, parent: QWidget, take: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._title = label("", "muted")
        self.newer = mark(self.tr("较新"), "good")
        self.text = label("", "section", wrap=True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.secret = Secret(self.tr("号码"), desk.theme, self)
        self.secret.text.setObjectName("section")
        self._who = label("", "muted", wrap=True)
        self.verb = button("", take, tone="primary" if number == 1 else "")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(4)
        layout.addLayout(row(label(f"{number}", "key"), self._title, self.newer, 1, self.verb))
        for part in (self.text, self.secret, self._who):
            layout.addWidget(part)
        layout.addStretch(1)

    def show_value(self, clash: Clash, value: Value, other: Value, title: str, verb: str) -> None:
        """A value with whose it is; no verb where it cannot be chosen."""
        self._title.setText(title)
        newer = value is (clash.ours if clash.shown_is_newer else clash.theirs)
        self.newer.setVisible(newer and clash.kind == "field")
        self.text.setText(differing(value.shown, other.shown))
        self.text.setAccessibleName(f"{title}：{value.shown}")
        self.text.setVisible(not value.is_masked)
        self.secret.setVisible(value.is_masked)
        if value.is_masked:
            self.secret.show_secret(value.shown, lambda: value.whole)
        self._who.setText("　".join(part for part in (value.by, value.when) if part))
        self.verb.setText(verb)
        self.verb.setVisible(bool(verb))
