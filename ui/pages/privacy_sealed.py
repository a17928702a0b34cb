"""The face 密封: what is under seal, from outside; opened, lifted and looked for with a reason alone."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.privacy import restricted, sealing, sheet
from desktop_app.privacy.sealing import SealedLine
from desktop_app.shared.clock import local_text
from desktop_app.store.database import Database
from desktop_app.sync.retiring import KIND, LIFTED
from ui.pages.list_pane import ListPane
from ui.pages.privacy_requests import words
from ui.pages.privacy_restricted import SwitchDialog
from ui.pages.privacy_sealing import FindSealedDialog, LiftDialog, OpenSealedDialog, PassphraseDialog
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import Column


class SealedPane(ListPane):
    """A line says that something is sealed and since when; whose it is, nobody can tell from outside."""

    name: ClassVar[str] = "密封记录"
    record: ClassVar[str] = "sealed_record"
    search: ClassVar[str] = "种类、经手人、日期"
    stretch: ClassVar[str] = "kind"
    tables: ClassVar[frozenset[str]] = frozenset({"sealed_record", "seal_key", "approval"})
    _standing: tuple[tuple[str, str], ...] = ()
    """As the reader thread found it with the lines that are shown."""

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("kind", self.tr("种类"), 130, lambda line: line.kind, "kind"),
            Column("at", self.tr("时间"), 128, lambda line: local_text(line.at), "at"),
            Column("who", self.tr("经手人"), 84, lambda line: line.by_name, "who"),
            Column("keep", self.tr("保存至"), 92, lambda line: line.keep_until, "keep"),
        )

    def filters(self) -> tuple[Filter, ...]:
        return (Filter("kind", self.tr("种类"), words((KIND, restricted.KIND, LIFTED))),)

    def orders(self) -> Mapping[str, Callable[[SealedLine], Any]]:
        return {
            "kind": lambda line: line.kind,
            "at": lambda line: line.at,
            "who": lambda line: line.by_name,
            "keep": lambda line: line.keep_until,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[SealedLine]:
        self._standing = self._stands(db)
        kinds = chosen.of("kind")
        return [
            line
            for line in sealing.records(db)
            if (not kinds or line.kind in kinds) and chosen.text in f"{line.kind}{line.by_name}{local_text(line.at)}"
        ]

    def title_of(self, line: SealedLine) -> str:
        return line.kind

    def facts(self, line: SealedLine) -> Sequence[tuple[str, Any]]:
        hint = self.tr("从居民页查看、登记、结束") if line.kind == restricted.KIND else self.tr("按 O 打开，要写理由")
        return (
            (self.tr("时间"), local_text(line.at)),
            (self.tr("经手人"), line.by_name),
            (self.tr("保存至"), line.keep_until),
            (self.tr("内容"), self.tr("加密保存，从这里看不出是谁。{hint}").format(hint=hint)),
            *self._standing,
        )

    def _stands(self, db: Database) -> tuple[tuple[str, str], ...]:
        """Whether this desk has the key, and whether restricted classes are kept; the keyring may take its time."""
        set_, here = sealing.current(db) is not None, sealing.is_unlocked(db, self.page.desk.app.secrets)
        key = (self.tr("还没有设定口令"), self.tr("本机没有解锁"), self.tr("本机已解锁"))[set_ + here]
        if here and sealing.missing(db, self.page.desk.app.secrets):
            key = self.tr("本机已解锁；另一台电脑设的口令还没有解锁，按 Ctrl+N")
        kept = self.tr("已启用") if restricted.is_on(db) else self.tr("没有启用")
        return ((self.tr("密封口令"), key), (self.tr("限制类"), kept))

    def nothing(self) -> str:
        told = "　".join(f"{name}：{value}" for name, value in self._standing)
        return self.tr("没有密封的记录。档案规定不能删除的居民资料，从居民页的“离开”里封存。\n{told}").format(told=told)

    def write_file(self, db: Database, path: Path, lines: Sequence[SealedLine]) -> None:
        del db
        sheet.write_sealed(path, lines)

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("密封口令"), self.passphrase, "Ctrl+N", "lock", group, "restricted.read"),
            Command(self.tr("按姓名查找"), self.find_name, "N", "search", group, "privacy.open"),
            Command(self.tr("打开"), self.look_into, "O", "eye", group, "privacy.open"),
            Command(self.tr("解除封存"), self.lift, "J", "undo", group, "privacy.erase"),
            Command(self.tr("更换密封口令"), self.change_passphrase, "K", "edit", group, "privacy.erase"),
            Command(self.tr("启用或停用限制类"), self.switch, "X", "lock", group, "restricted.switch"),
        )

    def open(self) -> None:
        self.look_into()

    def find_name(self) -> None:
        """Look for a name under the seals."""
        FindSealedDialog(self.page.desk, self._point_at, self).open()

    def _point_at(self, record_id: str) -> None:
        self.point_at(record_id)
        self.refresh()

    def look_into(self) -> None:
        """Open the seal under the cursor."""
        line = self.table.current
        if line is not None and line.kind in {KIND, LIFTED}:
            OpenSealedDialog(self.page.desk, line.id, self).open()
        elif line is not None:
            self.page.desk.say(self.tr("限制类要从那位居民的页面查看，并写明用途"))

    def lift(self) -> None:
        """Put the person of the seal under the cursor back."""
        line = self.table.current
        if line is not None and line.kind == KIND:
            LiftDialog(self.page.desk, line.id, self).open()

    def change_passphrase(self) -> None:
        """Another passphrase for the key of sealed records."""
        self.passphrase(change=True)

    def passphrase(self, *, change: bool = False) -> None:
        """Set the passphrase, unlock this desk, or change it."""
        dialog = PassphraseDialog(self.page.desk, self, change=change)
        dialog.accepted.connect(self.refresh)  # unlocking changes no record
        dialog.open()

    def switch(self) -> None:
        """Restricted classes on or off."""
        SwitchDialog(self.page.desk, self).open()
