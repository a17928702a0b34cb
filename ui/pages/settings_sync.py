"""The sync card of the settings: by itself or not, what attachments may take of the line, a new key."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from desktop_app.attachments import keeping
from desktop_app.store.database import Database
from desktop_app.sync import state
from ui.shell.parts import Card, button, label, row
from ui.widgets.record_form import Field, RecordForm

if TYPE_CHECKING:
    from ui.pages.settings import SettingsPage

_RATES = (128, 256, 512, 1024, 4096)


class SyncCard(Card):
    """Everything takes effect at once."""

    def __init__(self, page: "SettingsPage") -> None:
        super().__init__(page.tr("同步"), page)
        self._page, self._desk = page, page.desk
        hold = self._desk.hold
        self.automatic = QCheckBox(self.tr("自动同步：约每 5 分钟一次，别的电脑有改动时几秒内"), self)
        self.automatic.toggled.connect(self._be_automatic)
        self.metered = QCheckBox(self.tr("用流量上网时不自动同步，不传附件（“现在同步”只传记录）"), self)
        self.metered.toggled.connect(lambda on: hold.spare_metered(spare=on))
        rates = [(str(rate), self.tr("每秒 {n} KB").format(n=rate)) for rate in _RATES]
        self.form = RecordForm(
            (
                Field(
                    "fetch",
                    self.tr("照片和附件"),
                    "choice",
                    (
                        ("recent", self.tr("自动下载最近 90 天的")),
                        ("all", self.tr("全部自动下载")),
                        ("asked", self.tr("要看的时候再下载")),
                    ),
                ),
                Field("rate", self.tr("附件最多占用"), "choice", (*rates, ("0", self.tr("不限")))),
            ),
            self,
        )
        self.form.settled.connect(lambda _name: self._save())
        self.key_button = button(self.tr("换新密钥"), self.rotate)
        words = self.tr("怀疑有人拿到过这台电脑的硬盘或备份时，换一把新密钥：旧的马上作废，数据和上报不受影响。")
        self.key_words = label(words, "muted", wrap=True)
        for part in (self.automatic, self.metered, self.form, self.key_words):
            self.body.addWidget(part)
        self.body.addLayout(row(self.key_button, 1))

    def refresh(self) -> None:
        """As it is set."""
        hold, db = self._desk.hold, self._desk.app.db
        self.automatic.setChecked(hold.is_automatic)
        self.metered.setChecked(hold.spares_metered)
        self._desk.background.read(lambda: _as_set(db), self._show, owner=self, key="sync")

    def _show(self, found: tuple[bool, str, str]) -> None:
        enrolled, fetch, rate = found
        if not self.form.changes():
            self.form.show_values({"fetch": fetch, "rate": rate})
        for part in (self.key_button, self.key_words):
            part.setVisible(enrolled)

    def _be_automatic(self, on: bool) -> None:
        self._desk.hold.be_automatic(automatic=on)
        self._desk.signals.tell(())

    def _save(self) -> None:
        app, values = self._desk.app, self.form.values()
        fetch, rate = values["fetch"], values["rate"]
        if self.form.changes() and fetch and rate:
            self.form.show_values(values)
            self._desk.background.write(
                lambda: keeping.set_rules(app.db, app.actor, fetch, int(rate)),
                lambda _done: self._desk.say(self.tr("附件的设置已保存")),
                owner=self,
            )

    def rotate(self) -> None:
        """After an exchange, this desk proves itself by a new key."""
        job = self._desk.exchanger.run(self.tr("换新密钥"), ["sync", "--new-key"])
        if job is None:
            self._desk.say(self.tr("正在同步，完成以后再换新密钥。"))
        else:
            job.ended.connect(lambda _report: self._desk.say(self.tr("已换新密钥")))
            job.failed.connect(self._desk.problem)


def _as_set(db: Database) -> tuple[bool, str, str]:
    """Whether the desk is enrolled, which contents are fetched unasked, how many KiB a second ("0": no limit)."""
    return state.read(db).enrolled, keeping.fetches(db), str(keeping.rate(db) or 0)
