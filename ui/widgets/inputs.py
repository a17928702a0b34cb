"""Fields that know Chinese input: Return, Tab and shortcuts rest while a word is being composed.

A real ibus or fcitx5 eats the Return that picks a candidate; a synthetic one and some fcitx4 do let it through, and the
commit may arrive in the same tick. So a field counts as composing until the event loop has come round once more.
"""

import re
import unicodedata

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SHORTEST = 6
"""Characters of a choice that are always seen."""
_BAR = 24
_COMMAND = Qt.KeyboardModifier.ControlModifier
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]")
_COMPACT_DATE = re.compile(r"(\d{4})(?:[-./年]?(\d{1,2}))?(?:[-./月]?(\d{1,2}))?日?")
_CLOCK = re.compile(r"(\d{1,2})[:点时]?(\d{2})?分?")


class LineEdit(QLineEdit):
    """A line edit whose `entered` fires on Return only when nothing is being composed."""

    entered = Signal()
    left = Signal()  # focus went elsewhere; validate now, not while composing

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False
        self.textEdited.connect(self._one_line)

    def _one_line(self, text: str) -> None:
        """Pasted line ends and tabs become spaces: Qt keeps them, unseen, in what is then saved."""
        if plain := (" ".join(text.split()) if _BREAKS.search(text) else ""):
            at = self.cursorPosition() - (len(text) - len(plain))
            self.setText(plain)
            self.setCursorPosition(max(at, 0))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.preeditString() or event.commitString():
            self.composing = True
        super().inputMethodEvent(event)
        if not event.preeditString():
            QTimer.singleShot(0, self, self._composed)

    def _composed(self) -> None:
        self.composing = False

    def event(self, event: QEvent) -> bool:
        if self.composing and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if self.composing:
                event.accept()
                return
            if not event.modifiers() & _COMMAND:
                self.entered.emit()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.composing = False
        super().focusOutEvent(event)
        self.left.emit()


class NumberEdit(LineEdit):
    """ID and phone numbers: asks the input method for Latin letters, turns full-width digits into plain ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhLatinOnly
            | Qt.InputMethodHint.ImhPreferNumbers
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.textEdited.connect(self._plain)

    def _plain(self, text: str) -> None:
        plain = unicodedata.normalize("NFKC", text)
        if plain != text:
            at = self.cursorPosition()
            self.setText(plain)
            self.setCursorPosition(min(at, len(plain)))


class DateEdit(NumberEdit):
    """A date as a person types it: `20260105`, `2026.1.5`, `2026年1月5日`, and partial `2026-01` or `2026`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("如 20260105"))
        self.left.connect(self._tidy)

    def _tidy(self) -> None:
        self.setText(tidy_date(self.text()))


def tidy_date(text: str) -> str:
    """The ISO form of a typed date; what cannot be read stays as it was, for the rule that checks it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _COMPACT_DATE.fullmatch(plain)
    if found is None:
        return plain
    year, month, day = found.groups()
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def tidy_time(text: str) -> str:
    """`15:00` of `1500`, `15点`, `9:5`; what cannot be read stays as it was, for the rule that checks it."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _CLOCK.fullmatch(plain)
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}" if found else plain


def tidy_moment(text: str) -> str:
    """`2026-11-22 03:20` of a day and a time in one field; a day alone is a day."""
    day, _, time = unicodedata.normalize("NFKC", text).strip().partition(" ")
    return f"{tidy_date(day)} {tidy_time(time)}" if time.strip() else tidy_date(day)


class ChoiceBox(QComboBox):
    """A closed list: shows words, keeps codes. The wheel does not change it in passing."""

    def __init__(self, choices: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        for code, words in choices:
            self.addItem(words, code)

    @property
    def code(self) -> str:
        value = self.currentData()
        return value if isinstance(value, str) else ""

    def choose(self, code: str) -> None:
        """Choose a code; one the list does not know is added and kept, never dropped."""
        at = self.findData(code)
        if at < 0:
            self.addItem(code, code)
            at = self.count() - 1
        self.setCurrentIndex(at)

    def take_any_width(self) -> None:
        """As narrow as the form beside a list may be: what is chosen is cut short there, the list below it is not."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHORTEST)

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(min(view.sizeHintForColumn(0) + _BAR, self.window().width() // 2))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class TextBox(QPlainTextEdit):
    """Several lines; Tab goes on, Ctrl+Return belongs to the form."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3) -> None:
        super().__init__(parent)
        self._shown_lines = lines
        self.setTabChangesFocus(True)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._shown_lines + 18)

    def showEvent(self, event: QShowEvent) -> None:
        """The font of the theme is known only now."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and event.modifiers() & _COMMAND:
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


Input = LineEdit | TextBox | ChoiceBox


def text_of(field: Input) -> str:
    """What stands in a field, without blanks around it."""
    if isinstance(field, ChoiceBox):
        return field.code
    return (field.toPlainText() if isinstance(field, TextBox) else field.text()).strip()


def fill(field: Input, words: str) -> None:
    """Puts words, or a code, into a field."""
    if isinstance(field, ChoiceBox):
        field.choose(words)
    elif isinstance(field, TextBox):
        field.setPlainText(words)
    else:
        field.setText(words)
