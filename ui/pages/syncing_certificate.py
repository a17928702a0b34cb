"""A certificate no known authority vouches for, or another one than agreed: a person compares its fingerprint."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.sync.trust import spelled
from ui.shell.desk import announce
from ui.shell.parts import button, label, readable, row

_LINE = 8
"""Bytes of a fingerprint in a line, as administrators compare them."""


class CertificateCard(QFrame):
    """The fingerprint, to be compared with what the administrator says; `yes` and `no` are the answers."""

    def __init__(self, parent: QWidget, yes: str, no: str) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setProperty("tone", "warn")
        self.words = label("", wrap=True)
        self.fingerprint = readable("", "key")
        self.fingerprint.setAccessibleName(self.tr("证书指纹"))
        self.yes = button(yes)
        self.no = button(no, tone="primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        for part in (self.words, self.fingerprint):
            layout.addWidget(part)
        layout.addLayout(row(self.no, self.yes, 1))
        self.hide()

    def show_fingerprint(self, words: str, fingerprint: str) -> None:
        """Ask."""
        self.words.setText(words)
        spelt = spelled(fingerprint)
        self.fingerprint.setText("\n".join(spelt[at : at + _LINE * 3] for at in range(0, len(spelt), _LINE * 3)))
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, words)
