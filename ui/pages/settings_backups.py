"""备份: the copies there are, a new one, the proof of one, one restored into a new folder; and the recovery sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from desktop_app.accounts.desk import keep_backups_in
from desktop_app.app import BACKUPS, App
from desktop_app.shared.clock import local_text
from desktop_app.store import copies, recovery
from desktop_app.store.copies import Kept
from ui.shell.doing import do
from ui.shell.parts import Card, button, label, row
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column

if TYPE_CHECKING:
    from ui.pages.page import Page

_ROWS = 6


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What the card shows."""

    kept: tuple[Kept, ...]
    chosen: Path | None
    target: Path
    sheet_made_on: str | None


def backup_facts(app: App) -> BackupFacts:
    """Runs on the reader thread."""
    usual = app.home / BACKUPS
    return BackupFacts(
        tuple(copies.listed(app.db, usual, app.mark)),
        copies.chosen(app.db),
        copies.target(app.db, usual),
        recovery.made_on(app.home),
    )


class BackupsCard(Card):
    """Everything about copies; long work runs in child processes."""

    settled = Signal()  # what it shows is there, in its size

    def __init__(self, page: "Page") -> None:
        super().__init__(page.tr("备份和恢复"))
        self.page = page
        self._where = label("", "muted", wrap=True)
        self.table = LineTable(
            (
                Column("at", self.tr("时间"), 140, lambda one: f"{one.copy.at:%Y-%m-%d %H:%M}"),
                Column("why", self.tr("缘由"), 76, lambda one: one.why),
                Column("size", self.tr("大小"), 80, lambda one: f"{one.copy.size / 1e6:.1f} MB", align=RIGHT),
                Column("proved", self.tr("最近验证"), 140, lambda one: local_text(one.proved_at)),
                Column("path", self.tr("在哪里"), 200, lambda one: str(one.copy.path.parent)),
            ),
            self.tr("备份"),
            self,
            stretch="path",
        )
        self._none = label(self.tr("还没有备份。"), "muted")
        self._sheet = label("", wrap=True)
        self.words = label("", wrap=True)
        self.words.hide()
        self._arrange()

    def _arrange(self) -> None:
        icon = self.page.desk.theme.icon
        self.verify_button = button(self.tr("验证"), self.verify, icon=icon("check", "accent_text"))
        self.restore_button = button(self.tr("恢复到新文件夹"), self.restore, icon=icon("archive", "accent_text"))
        self.usual_button = button(self.tr("放回默认位置"), lambda: self.keep_in(None), tone="link")
        every = label(self.tr("每天第一次使用后和退出时自动备份；保留最近7天、4周、12个月各一份。"), "muted", wrap=True)
        self.body.addWidget(every)
        self.body.addWidget(self._where)
        self.body.addLayout(
            row(
                button(self.tr("现在备份"), self.backup, tone="primary", icon=icon("save", "on_accent")),
                self.verify_button,
                self.restore_button,
                1,
                button(self.tr("换个位置（如 U 盘）"), self.choose_folder),
                self.usual_button,
            )
        )
        for part in (self._none, self.table, self.words):
            self.body.addWidget(part)
        self.sheet_button = button(self.tr("制作恢复单"), self.make_sheet, icon=icon("printer", "accent_text"))
        self.page.desk.offer("store.keys", self.sheet_button)
        self.page.desk.offer("store.restore", self.restore_button)
        line = row(self._sheet, self.sheet_button)
        line.setStretch(0, 1)
        self.body.addLayout(line)

    # ------------------------------------------------------------------------------------------ show

    def refresh(self) -> None:
        """Ask for the copies again."""
        app = self.page.desk.app
        self.page.read(lambda: backup_facts(app), self._show, key="backups")

    def _show(self, facts: BackupFacts) -> None:
        height = self.page.desk.theme.row_height
        self.table.set_row_height(height)
        self.table.show_lines(facts.kept)
        self.table.setFixedHeight(height * (min(max(len(facts.kept), 1), _ROWS) + 1) + 12)
        for part in (self.table, self.verify_button, self.restore_button):
            part.setVisible(bool(facts.kept))
        self._none.setVisible(not facts.kept)
        away = facts.chosen is not None and facts.chosen != facts.target
        words = self.tr("备份放在 {folder}").format(folder=facts.target)
        if away:
            words += self.tr("（选定的 {folder} 现在找不到，插上以后会用它）").format(folder=facts.chosen)
        self._where.setText(words)
        self.usual_button.setVisible(facts.chosen is not None)
        made = facts.sheet_made_on
        self._sheet.setText(
            self.tr("恢复单：{on} 制作。").format(on=made)
            if made
            else self.tr("还没有恢复单。电脑坏了或忘了口令，没有它，备份谁也打不开。")
        )
        self.sheet_button.setText(self.tr("换一张新的恢复单") if made else self.tr("制作恢复单"))
        self.settled.emit()

    def _tell(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.refresh()

    # ------------------------------------------------------------------------------------------ verbs

    def backup(self) -> None:
        """A copy now, proved before it counts."""
        self._run(self.tr("备份"), ["backup"], self._backed_up)

    def _backed_up(self, made: dict[str, Any]) -> None:
        people = made["counts"].get("person", 0)
        self._tell(self.tr("已备份，并验证可以恢复：{path}（{n} 位居民）").format(path=made["path"], n=people))
        self.page.desk.say(self.tr("备份完成"))

    def verify(self) -> None:
        """Open the copy under the cursor and check every page of it."""
        one = self.table.current
        if one is not None:
            self._run(self.tr("验证备份"), ["backups", "--verify", one.id], self._verified)

    def _verified(self, told: dict[str, Any]) -> None:
        words = self.tr("{name} 可以恢复，里面有 {n} 位居民。")
        self._tell(words.format(name=Path(told["path"]).name, n=told["counts"].get("person", 0)))

    def restore(self) -> None:
        """The copy under the cursor in a folder of its own; what is open now is left alone."""
        one = self.table.current
        folder = QFileDialog.getExistingDirectory(self, self.tr("恢复到哪个文件夹里面")) if one is not None else ""
        if one is not None and folder:
            self.restore_to(one, Path(folder) / f"linli-{one.copy.at:%Y%m%d-%H%M}")

    def restore_to(self, one: Kept, into: Path) -> None:
        """A child process does the work."""
        self._run(self.tr("恢复"), ["restore", one.id, "--into", str(into)], self._restored)

    def _restored(self, told: dict[str, Any]) -> None:
        words = self.tr("已恢复到 {into}（{n} 位居民），现在的数据没有动。要看它：linli-window --home {into}")
        self._tell(words.format(into=told["into"], n=told["counts"].get("person", 0)))

    def _run(self, title: str, arguments: Sequence[str], done: Any) -> None:
        job = self.page.desk.background.start_job(title, arguments)
        job.ended.connect(done)
        job.failed.connect(self.page.desk.problem)

    def choose_folder(self) -> None:
        """Another folder for the copies, as on a stick."""
        if folder := QFileDialog.getExistingDirectory(self, self.tr("备份放在哪里")):
            self.keep_in(Path(folder))

    def keep_in(self, folder: Path | None) -> None:
        """From now on; earlier copies stay where they are."""
        app = self.page.desk.app
        said = self.tr("以后的备份放在 {folder}").format(folder=folder or app.home / BACKUPS)
        do(
            self.page.desk,
            self,
            lambda: keep_backups_in(app.db, app.actor, folder),
            lambda _none: said,
            lambda _none: self.refresh(),
        )

    def make_sheet(self) -> None:
        """Asks before a new code is made."""
        from ui.pages.recovery_dialog import RecoveryDialog

        dialog = RecoveryDialog(self.page.desk, self)
        dialog.accepted.connect(self.refresh)
        dialog.open()
