"""The ballots of owners: the roll of a building, one key for each room, or many rooms in one line; the count below."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_app.meetings import balloting, owners, queries
from desktop_app.meetings.model import AgendaItem, OwnerBallot
from desktop_app.meetings.voting import Verdict
from desktop_app.places.queries import buildings
from desktop_app.store.database import Database
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import ChoiceBox, LineEdit
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column
from ui.widgets.share_bar import ShareBar

_KEYS = (("1", owners.FOR), ("2", owners.AGAINST), ("3", owners.ABSTAIN), ("4", owners.VOID), ("0", None))
_TONES = {owners.FOR: "good", owners.AGAINST: "bad", owners.VOID: "warn"}


def ballots(db: Database, item_id: str) -> tuple[list[OwnerBallot], Verdict | None]:
    """The roll of an item and what it comes to; runs on the reader thread."""
    item = db.get(AgendaItem, item_id)
    file = queries.meeting_file(db, item.meeting_id) if item else None
    if item is None or file is None:
        return [], None
    return queries.ballots_of(file, item), queries.verdicts(db, file).get(item.id)


class BallotDialog(FormDialog):
    """1 同意, 2 反对, 3 弃权, 4 废票, 0 没有收回, on the rooms that are selected; the cursor goes on to the next."""

    def __init__(self, desk: Desk, item_id: str, question: str, parent: QWidget | None = None) -> None:
        super().__init__(
            desk.tr("业主表决票：{title}").format(title=question), desk.tr("登记这一行"), desk.theme, parent
        )
        self._desk, self._item = desk, item_id
        self.leave.setText(self.tr("关闭"))
        self.typed = LineEdit(self)
        self.typed.setPlaceholderText(self.tr("如 1-1-101,1-1-102=同意，回车登记"))
        self.typed.setAccessibleName(self.tr("按房号登记"))
        self.typed.entered.connect(self.save)
        self.table = LineTable(
            (
                Column("seq", self.tr("序号"), 44, lambda line: str(line.seq), align=RIGHT),
                Column("address", self.tr("房号"), 190, lambda line: line.address),
                Column("owner", self.tr("业主"), 80, lambda line: line.owner or ""),
                Column("area", self.tr("面积"), 70, _area, align=RIGHT),
                Column("choice", self.tr("意见"), 70, lambda line: line.choice or self.tr("没有收回"),
                       tone=lambda line: _TONES.get(line.choice or "", "")),
            ),
            self.tr("业主名册"),
            self,
            several=True,
            stretch="address",
        )  # fmt: skip
        self.table.show_tones(desk.theme)
        self.bar = ShareBar(desk.theme, self.tr("收回情况"), self)
        self.count = label("", wrap=True)
        self.why = label("", "muted", wrap=True)
        self._house = ChoiceBox([(one.id, one.label) for one in buildings(desk.app.db)], self)
        self._house.setAccessibleName(self.tr("编进名册的楼栋"))
        self._arrange()
        for key, choice in _KEYS:
            QShortcut(QKeySequence(key), self.table, partial(self.choose, choice))
        factor = desk.theme.font_px / 14
        self.resize(round(780 * factor), round(560 * factor))
        self.refresh()

    def _arrange(self) -> None:
        verbs = [
            button(f"{choice or self.tr('没有收回')} {key}", partial(self.choose, choice), tone="chip")
            for key, choice in _KEYS
        ]
        self.body.addLayout(row(self._house, button(self.tr("编进名册"), self.make_roll), 1, *verbs))
        self.body.addWidget(self.typed)
        self.body.addWidget(self.table, 1)
        for part in (self.bar, self.count, self.why):
            self.body.addWidget(part)

    def refresh(self) -> None:
        """Ask again."""
        db, item = self._desk.app.db, self._item
        self._desk.background.read(lambda: ballots(db, item), self._show, owner=self, key="ballots")

    def _show(self, found: tuple[Sequence[OwnerBallot], Verdict | None]) -> None:
        lines, verdict = found
        self.table.set_row_height(self._desk.theme.row_height)
        self.table.show_lines(lines)
        counts = [
            (word, sum(line.choice == word for line in lines), _TONES.get(word, "muted")) for word in owners.CHOICES
        ]
        out = sum(line.choice is None for line in lines)
        self.bar.show_shares([*counts, (self.tr("没有收回"), out, "line")])
        if not lines:
            self.count.setText(self.tr("还没有名册。选一栋楼，点“编进名册”。"))
        elif verdict is not None:
            self.count.setText(f"{self.bar.words}　|　{verdict.words}")
            told = [*verdict.lines, *([self.tr("不印“通过”：{why}").format(why=verdict.why)] if verdict.why else [])]
            self.why.setText("\n".join(told))

    # -------------------------------------------------------------------------------------------------------- verbs

    def make_roll(self) -> None:
        """Every room of a building that is not on the roll yet."""
        app, item, house = self._desk.app, self._item, self._house.code
        self._write(lambda: balloting.make_roll(app.db, app.actor, item, [house]))

    def choose(self, choice: str | None) -> None:
        """What the selected rooms said."""
        chosen = self.table.selected or ([self.table.current] if self.table.current else [])
        if not chosen:
            return
        app, item = self._desk.app, self._item
        said = {line.room_id: choice for line in chosen}
        after = self.table.lines.index(chosen[-1]) + 1
        self._write(lambda: balloting.enter(app.db, app.actor, item, said))
        self.table.point_at(min(after, len(self.table.lines) - 1))

    def save(self) -> None:
        """What was typed."""
        app, item = self._desk.app, self._item
        words = [word for word in self.typed.text().replace("；", ";").split(";") if word.strip()]
        if words:
            self._write(lambda: balloting.enter_words(app.db, app.actor, item, words), self._entered)

    def _entered(self, done: balloting.Entered) -> None:
        if done.problems:
            self.strip.show_words("；".join(done.problems), "warn")
        else:
            self.typed.clear()
            self.strip.hide()

    def _write(self, work: Any, done: Any = None) -> None:
        def back(result: Any) -> None:
            if done is not None:
                done(result)
            self.refresh()

        self._desk.background.write(work, back, owner=self, failed=self.fail())


def _area(line: OwnerBallot) -> str:
    return owners.metres(line.area) if line.area else "—"
