"""A store that does not open: said in words, set right if it is damaged, its key got back with the recovery sheet."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from desktop_app.shared.errors import CorruptError
from ui.pages.welcome import Alone
from ui.shell.alone import AloneTask
from ui.shell.background import Background
from ui.shell.parts import button, label, readable, row
from ui.shell.problems import Problem, show_report
from ui.shell.theme import Theme
from ui.widgets.record_form import scrolled
from ui.widgets.secrets_form import SecretsForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.app import App
    from ui.shell.jobs import Job

_WORDS_HEIGHT = 180


class Trouble(Alone):
    """What is wrong, and what can be done about it."""

    again_asked = Signal()
    recover_asked = Signal()
    quit_asked = Signal()

    def __init__(self, home: Path, background: Background, theme: Theme, problem: Problem) -> None:
        super().__init__(home, background, theme)
        self.damaged = problem.code == CorruptError.code
        self._job: Job | None = None
        self.head(self.tr("数据没有打开"), problem.words)
        if self.damaged:
            words = self.tr(
                "数据文件可能损坏了。修复会把能读出的都取出来，缺的用最近一份好的备份补上；接入过服务器的，下次同步再逐条核对。"
                "损坏的原文件会原样另存一份，不会丢。"
            )
        else:
            words = problem.next_step or self.tr("可以再试一次；钥匙串或口令找不回来时，用恢复单。")
        self.advice = label(words, wrap=True)
        self.step = label("", "muted", wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("修复数据"))
        self.report = readable()
        self._report = scrolled(self.report)
        self._report.setFixedHeight(_WORDS_HEIGHT)
        for part in (self.advice, self.step, self.bar, self._report):
            self.card.body.addWidget(part)
        for part in (self.step, self.bar, self._report):
            part.hide()
        self._verbs(problem)

    def _verbs(self, problem: Problem) -> None:
        self.quit = button(self.tr("退出程序"), self.quit_asked.emit)
        self.details = button(self.tr("看错误报告"), show_report(problem, self), tone="link")
        self.recover = button(self.tr("用恢复单找回密钥"), self.recover_asked.emit)
        self.repair = button(self.tr("修复数据"), self.start_repair, tone="primary" if self.damaged else "")
        self.again = button(self.tr("再试一次"), self.again_asked.emit, tone="" if self.damaged else "primary")
        verbs = (self.again, self.repair) if self.damaged else (self.repair, self.again)
        self.card.body.addLayout(row(self.quit, self.details, 1, self.recover, *verbs))
        self.details.setVisible(problem.is_bug)
        self.setFocusProxy(verbs[1])

    def start_repair(self) -> None:
        """A child process; cancelling is possible as long as nothing was switched in, for nothing was changed."""
        if self._job is not None:
            return
        self.background.home = self.home
        self.strip.hide()
        self._job = job = self.background.start_job(self.tr("修复数据"), ["repair"])
        self._show_busy(busy=True)
        job.progressed.connect(lambda _done, _total, words: self.step.setText(words))
        job.ended.connect(self._repaired)
        job.failed.connect(self.failed)
        job.over.connect(self._over)

    def _show_busy(self, *, busy: bool) -> None:
        self.step.setText(self.tr("正在检查和修复，数据多时要几分钟，请不要关机……"))
        for part in (self.step, self.bar):
            part.setVisible(busy)
        for verb in (self.recover, self.repair, self.again, self.quit):
            verb.setEnabled(not busy)

    def _over(self, _job: object) -> None:
        self._job = None
        self._show_busy(busy=False)

    def _repaired(self, told: dict[str, Any]) -> None:
        """What was read, what the backup gave, what is lost."""
        self.repair.hide()
        self.recover.hide()
        if not told.get("repaired"):
            self.heading.setText(self.tr("数据文件完好"))
            self.words.setText(self.tr("检查过了，数据文件没有损坏，不用修复。"))
            self.advice.setText(self.tr("请再试一次打开；还是打不开时，可能是密钥不对，用恢复单找回密钥。"))
            self.recover.show()
        else:
            self.heading.setText(self.tr("数据已修复"))
            self.words.setText(self.tr("下面是找回了什么、什么没有找回。可以选中复制，交给管理员。"))
            self.advice.hide()
            self.report.setText("\n".join(line.strip() for line in told["words"]))
            self._report.show()
            self.again.setText(self.tr("打开"))
        self.again.setFocus()

    def failed(self, problem: Problem) -> None:
        """Nothing was changed; another way may be open."""
        super().failed(problem)


class Recover(Alone):
    """The key of the store, from the recovery sheet: the keyring lost it, or the passphrase was forgotten."""

    left = Signal()

    def __init__(self, home: Path, background: Background, theme: Theme) -> None:
        super().__init__(home, background, theme)
        self._in_keyring = not (home / "keys.json").exists()
        self.head(
            self.tr("用恢复单找回密钥"),
            self.tr("需要保险柜里的恢复单。数据不会变；与服务器通信的密钥不在恢复单上，找回以后请重新接入服务器。"),
        )
        hint = self.tr("至少8个字；留空则放进系统钥匙串") if self._in_keyring else self.tr("至少8个字")
        self.form = SecretsForm(
            (
                ("code", self.tr("恢复码"), self.tr("六组，每组四位；大小写和短横线不用管")),
                ("passphrase", self.tr("新口令"), hint),
                ("again", self.tr("再输入一次"), ""),
            ),
            self,
            open_fields=("code",),
        )
        self.form.save_asked.connect(self.recover)
        self.card.body.addWidget(self.form)
        verb = button(self.tr("找回并打开"), self.recover, tone="primary")
        self.card.body.addLayout(row(button(self.tr("返回"), self.left.emit), 1, verb))
        self.setFocusProxy(self.form)

    def recover(self) -> None:
        """What was typed stays if it does not fit."""
        empty = ("passphrase", "again") if self._in_keyring else ()
        if not self.form.complete(*empty) or not self.form.agree("passphrase", "again"):
            return
        home, code, passphrase = self.home, self.form.value("code"), self.form.value("passphrase")
        self.background.passphrase = passphrase
        self.open(_recover(home, code, passphrase))

    def failed(self, problem: Problem) -> None:
        """At its field."""
        self.setEnabled(True)
        if not self.form.show_problem(problem):
            super().failed(problem)


def _recover(home: Path, code: str, passphrase: str) -> "Callable[[], App]":
    def work() -> "App":
        from desktop_app.app import open_app
        from desktop_app.upkeep import keyring

        def ask(_words: str) -> str:
            return passphrase

        keyring.recover(home, code, ask, to="passphrase" if passphrase else "")
        return open_app(home, ask=ask)

    return work


class Working(Alone):
    """The store is closed for a moment: its keys are being changed."""

    done = Signal(str)  # what came of it
    again_asked = Signal()

    def __init__(self, home: Path, background: Background, theme: Theme, task: AloneTask) -> None:
        super().__init__(home, background, theme)
        self._task = task
        self.head(task.title, task.words)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(task.title)
        self.again = button(self.tr("重新打开"), self.again_asked.emit, tone="primary")
        self.again.hide()
        self.card.body.addWidget(self.bar)
        self.card.body.addLayout(row(1, self.again))

    def begin(self) -> None:
        """On the writer thread, after everything that was still being written."""
        home, work = self.home, self._task.work
        self.background.write(lambda: work(home), self._done, owner=self, failed=self.failed)

    def _done(self, words: str) -> None:
        if self._task.passphrase is not None:
            self.background.passphrase = self._task.passphrase
        self.done.emit(words)

    def failed(self, problem: Problem) -> None:
        """Everything is as it was."""
        super().failed(problem)
        self.bar.hide()
        self.again.show()
        self.again.setFocus()
