"""The files of a seal that was opened: looked at and saved, each with the reason and a line in the trail."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from desktop_app.attachments import rules
from desktop_app.attachments.queries import Shown
from desktop_app.sync import sealed_files
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.attachments import AttachmentsPane

_HEIGHT = 290


class SealedFilesPane(AttachmentsPane):
    """Return opens one, Ctrl+Shift+S saves it; nothing is added, renamed or removed here."""

    only_read: ClassVar[bool] = True

    def __init__(
        self, desk: Desk, record_id: str, content: Mapping[str, Any], why: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, rules.SEALED, parent)
        self._content, self.why = content, why
        self._open.setAccessibleName(self.tr("打开附件"))
        self.setMinimumHeight(round(_HEIGHT * desk.theme.font_px / 14))
        self.show_record(record_id)

    def commands(self) -> tuple[Command, ...]:
        return (Command(self.tr("附件另存为"), self.save, "Ctrl+Shift+S", "save", self.tr("附件")),)

    def hint(self) -> str:
        return self.tr("每打开或另存一个，都按上面的理由记入审计记录。")

    def ask(self, record_id: str) -> Sequence[Shown]:
        app = self._desk.app
        return sealed_files.under(app.db, app.secrets, record_id, self._content)
