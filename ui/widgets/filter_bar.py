"""A row of filters above a list: a search field, one chip per filter, 清除, and how many were found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from ui.shell.desk import announce
from ui.shell.parts import button, label
from ui.shell.theme import Theme
from ui.widgets.inputs import LineEdit

_PAUSE_MS = 80
_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Filter:
    """A chip with a list; `several` allows more than one choice at a time."""

    key: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = True


@dataclass(slots=True)
class Chosen:
    """What the bar says: free text, and chosen codes by filter key."""

    text: str = ""
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, key: str) -> tuple[str, ...]:
        return self.codes.get(key, ())

    def one(self, key: str) -> str:
        """The single choice of a filter, or empty."""
        codes = self.of(key)
        return codes[0] if codes else ""

    @property
    def is_empty(self) -> bool:
        return not self.text and not any(self.codes.values())


class FilterChip(QPushButton):
    """One filter; the menu stays open while several are ticked."""

    changed = Signal()

    def __init__(self, spec: Filter, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.setProperty("tone", "chip")
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setIcon(theme.icon("down", "muted"))
        self.setLayoutDirection(self.layoutDirection().RightToLeft)
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._picked)
        self.setMenu(self._menu)
        self.set_choices(spec.choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the list, e.g. when buildings were added; ticks that are still there stay."""
        kept = set(self.codes)
        self._menu.clear()
        for code, words in choices:
            action = self._menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(code in kept)
            action.setData(code)
        self._tell()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(action.data() for action in self._menu.actions() if action.isChecked())

    def choose(self, codes: Sequence[str]) -> None:
        for action in self._menu.actions():
            action.setChecked(action.data() in codes)
        self._tell()

    def _picked(self, picked: QAction) -> None:
        if not self.spec.several:
            for action in self._menu.actions():
                if action is not picked:
                    action.setChecked(False)
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        words = [action.text() for action in self._menu.actions() if action.isChecked()]
        text = "、".join(words[:_SHOWN]) + (self.tr(" 等{n}项").format(n=len(words)) if len(words) > _SHOWN else "")
        self.setText(f"{self.spec.label}：{text}" if words else self.spec.label)
        self.setChecked(bool(words))


class FilterBar(QWidget):
    """Says `changed(Chosen)` 80 ms after the last key and at once after a choice."""

    changed = Signal(object)

    def __init__(self, filters: Sequence[Filter], hint: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = LineEdit(self)
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(200)
        self.chips = {spec.key: FilterChip(spec, theme, self) for spec in filters}
        self._clear = button(self.tr("清除"), self.clear, tone="link")
        self.count = label("", "muted")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.search.textChanged.connect(self._pause.start)
        self.search.entered.connect(self._tell)
        self.actions_row = QHBoxLayout()
        self.actions_row.setSpacing(6)
        self._arrange()

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.search, 1)
        for chip in self.chips.values():
            chip.changed.connect(self._tell)
            layout.addWidget(chip)
        layout.addWidget(self._clear)
        layout.addWidget(self.count)
        layout.addStretch(1)
        layout.addLayout(self.actions_row)
        self._clear.hide()

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.search.text().strip(), {key: chip.codes for key, chip in self.chips.items() if chip.codes})

    def choose(self, chosen: Chosen) -> None:
        """Show a filter that came from elsewhere, and say so once."""
        self.search.blockSignals(True)
        self.search.setText(chosen.text)
        self.search.blockSignals(False)
        for key, chip in self.chips.items():
            chip.choose(chosen.of(key))
        self._tell()

    def clear(self) -> None:
        self.choose(Chosen())

    def show_count(self, words: str) -> None:
        """How many were found; also told to a screen reader."""
        self.count.setText(words)
        announce(self, words)

    def _tell(self) -> None:
        self._pause.stop()
        chosen = self.chosen
        self._clear.setVisible(not chosen.is_empty)
        self.changed.emit(chosen)
