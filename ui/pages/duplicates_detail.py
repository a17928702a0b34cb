"""Two entries side by side, field by field: ← or 1 takes the left value, → or 2 the right one, 3 both phones."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QVBoxLayout, QWidget

from desktop_app.residents.joining import Choice
from desktop_app.residents.merging import Field
from desktop_app.shared.text import mask
from ui.pages.duplicates_reading import PairFacts
from ui.pages.privacy_look import look
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column
from ui.widgets.secret import SHOWN_MS
from ui.widgets.strip import Strip

LEFT, RIGHT, BOTH = "stays", "goes", "both"
_KEYS = {Qt.Key.Key_Left: LEFT, Qt.Key.Key_Right: RIGHT, Qt.Key.Key_1: LEFT, Qt.Key.Key_2: RIGHT, Qt.Key.Key_3: BOTH}


@dataclass(slots=True)
class FieldLine:
    """A field as the table shows it; `taken` is LEFT, RIGHT, BOTH or empty where both agree."""

    id: str
    field: Field
    taken: str

    @property
    def value(self) -> Any:
        """What the merged entry would have."""
        if self.taken == BOTH:
            return self.field.proposed
        return self.field.goes if self.taken == RIGHT else self.field.stays


def field_line(field: Field) -> FieldLine:
    """With what is proposed: all phones, else the value that is there, else the left one."""
    if field.name == "phones" and field.differ:
        return FieldLine(field.name, field, BOTH)
    taken = "" if (field.stays or "") == (field.goes or "") else (LEFT if field.stays else RIGHT)
    return FieldLine(field.name, field, taken)


class PairDetail(QFrame):
    """Shows a plan and collects what is chosen."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._desk = desk
        self._facts: PairFacts | None = None
        self._chosen: set[str] = set()
        self._open = False
        self._why = label("", "section", wrap=True)
        self.strip = Strip(desk.theme, self)
        self.table = self._make_table()
        self.table.installEventFilter(self)
        self._eye = button("", self.reveal, tone="link", icon=desk.theme.icon("eye", "accent_text"))
        self._hide = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._hide.timeout.connect(self._cover)
        self._homes = QButtonGroup(self)
        self._home_words = label(
            self.tr("两条记录住在不同的地方，以哪一处为准？另一处的居住到今天结束，别人不动。"), wrap=True
        )
        self.home_left, self.home_right = QRadioButton(self), QRadioButton(self)
        for at, one in enumerate((self.home_left, self.home_right)):
            self._homes.addButton(one, at)
        self._moving = label("", "muted", wrap=True)
        self._arrange()
        self._cover()

    def _make_table(self) -> LineTable:
        return LineTable(
            (
                Column("zh", self.tr("项目"), 84, lambda line: line.field.zh),
                Column("left", self.tr("1 先登记的"), 168, lambda line: self._cell(line, LEFT)),
                Column("right", self.tr("2 后登记的"), 168, lambda line: self._cell(line, RIGHT)),
                Column("result", self.tr("合并后"), 140, lambda line: self._shown(line.field, line.value)),
            ),
            self.tr("两条记录逐项对照"),
            self,
            stretch="right",  # where room is scarce the result gives way, never one of the two
        )

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(6)
        top = row(self._why, self._eye)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self.strip)
        layout.addWidget(self.table, 1)
        for part in (self._home_words, self.home_left, self.home_right, self._moving):
            layout.addWidget(part)

    # ------------------------------------------------------------------------------------------ show

    def show_facts(self, facts: PairFacts, why: str) -> None:
        """A pair; what was chosen for the one before is forgotten."""
        self._facts = facts
        self._chosen.clear()
        self._why.setText(why)
        self.strip.hide()
        self._cover()
        fields = [field for field in facts.plan.fields if field.stays or field.goes]
        lines = sorted(map(field_line, fields), key=lambda line: not line.taken)
        self.table.set_row_height(self._desk.theme.row_height)
        self.table.show_lines(lines)
        self.table.point_at(0)
        differ = facts.plan.homes_differ
        for part in (self._home_words, self.home_left, self.home_right):
            part.setVisible(differ)
        self._homes.setExclusive(False)
        for one, words in zip((self.home_left, self.home_right), facts.homes, strict=True):
            one.setText(words)
            one.setChecked(False)
        self._homes.setExclusive(True)
        self._moving.setText(self._moving_words(facts))

    def _moving_words(self, facts: PairFacts) -> str:
        parts = "、".join(f"{kind} {count} 条" for kind, count in facts.plan.moving)
        moved = self.tr("后登记的那一条名下的{parts}会转到先登记的名下。").format(parts=parts) if parts else ""
        return moved + self.tr("后登记的那一条随后删除，合并可以撤销。")

    def _shown(self, field: Field, value: Any) -> str:
        text = str(value or "")
        if not text:
            return "—"
        return text if self._open or not field.mask else mask(field.mask, text)

    def _cell(self, line: FieldLine, side: str) -> str:
        text = self._shown(line.field, getattr(line.field, side))
        return f"● {text}" if line.taken in (side, BOTH) else text

    # ------------------------------------------------------------------------------------------ choose

    def choose(self, side: str) -> None:
        """Take the left, the right or both values of the field under the cursor."""
        line = self.table.current
        if line is None or not line.taken or (side == BOTH and line.id != "phones"):
            return
        line.taken = side
        self._chosen.add(line.id)
        self.table.records.refetch()

    @property
    def values(self) -> dict[str, Any]:
        """The fields that were chosen by hand."""
        return {line.id: line.value for line in self.table.lines if line.id in self._chosen}

    @property
    def home(self) -> Choice | None:
        """Whose home holds; None where nobody chose or nothing has to be chosen."""
        at = self._homes.checkedId()
        return None if at < 0 or self._facts is None or not self._facts.plan.homes_differ else ("stays", "goes")[at]

    def next_home(self) -> None:
        """The other home, by keyboard."""
        if self._facts is not None and self._facts.plan.homes_differ:
            (self.home_right if self.home_left.isChecked() else self.home_left).setChecked(True)

    @property
    def lacks_home(self) -> bool:
        """Whether a home has still to be chosen; said in the strip."""
        lacking = self._facts is not None and self._facts.plan.homes_differ and self.home is None
        if lacking:
            self.strip.show_words(self.tr("请先选以哪一处住址为准（按 H 切换），再合并。"), "warn")
        return lacking

    # ------------------------------------------------------------------------------------------ numbers

    def reveal(self) -> None:
        """Whole numbers for half a minute; that somebody looked is kept for both."""
        if self._facts is None:
            return
        if self._open:
            self._cover()
            return
        both = (self._facts.plan.stays, self._facts.plan.goes)
        look(self._desk, self, both, "证件号码", self._uncover)

    def _uncover(self) -> None:
        self._open = True
        self._hide.start()
        self._dress()

    def _cover(self) -> None:
        self._hide.stop()
        self._open = False
        self._dress()

    def _dress(self) -> None:
        self._eye.setText(self.tr("遮住号码（V）") if self._open else self.tr("看完整号码30秒（V）"))
        self._eye.setIcon(self._desk.theme.icon("eye-off" if self._open else "eye", "accent_text"))
        self.table.records.refetch()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.table
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _KEYS
        ):
            self.choose(_KEYS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)
