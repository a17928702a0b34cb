"""The exchange with the server: how this desk stands, now, pause, by USB stick; and becoming a desk of a community."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QProgressBar

from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import NetworkError
from desktop_app.sync.status import SyncStatus
from desktop_app.sync.trust import seen_fingerprint
from sync_protocol.bundle import SUFFIX
from ui.pages.syncing_certificate import CertificateCard
from ui.pages.syncing_enrol import EnrolBox
from ui.pages.syncing_fuse import FuseCard
from ui.pages.syncing_reading import SyncFacts
from ui.pages.syncing_saving import ask_file
from ui.shell.jobs import Job
from ui.shell.parts import Card, button, label, row
from ui.shell.problems import Problem
from ui.shell.sync_words import is_calm, needs_code, standing_words, unreachable
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from ui.pages.syncing import SyncingPage

BUNDLE = SUFFIX.removeprefix(".")
"""How the file that travels on a stick is called."""


class ExchangeCard(Card):
    """State in words, and everything that can be done about it."""

    def __init__(self, page: "SyncingPage") -> None:
        super().__init__("", page)
        self.page, self.desk = page, page.desk
        self.facts: SyncFacts | None = None
        self._own = False
        self._question = ""
        theme = self.desk.theme
        self.state = label("", "section", wrap=True)
        self.detail = label("", "muted", wrap=True)
        self.notice = Strip(theme, self, narrow=True)
        self.fuse = FuseCard(self.accept, self)
        self.certificate = CertificateCard(self, self.tr("一致，登记并同步"), self.tr("不一致"))
        self.certificate.yes.clicked.connect(self.believe)
        self.certificate.no.clicked.connect(self.disbelieve)
        self._fingerprint = ""
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("同步进度"))
        self.bar.hide()
        self.sync_button = button(
            self.tr("现在同步"), self.sync_now, tone="primary", icon=theme.icon("sync", "on_accent")
        )
        self.stop_button = button(self.tr("停下"), self.desk.exchanger.cancel)
        self.stop_button.hide()
        self.pause_button = button(self.tr("暂停…"))
        self.pause_button.setAccessibleName(self.tr("暂停自动同步"))
        self.pause_button.setToolTip(self.tr("暂停自动同步"))
        self.pause_button.setMenu(self._pause_menu())
        self.export_button = button(self.tr("导出到U盘"), self.export, icon=theme.icon("export", "accent_text"))
        self.import_button = button(self.tr("从U盘导入"), self.import_, icon=theme.icon("import", "accent_text"))
        self.change_button = button(self.tr("重新接入、换服务器…"), self._turn_enrol, tone="link")
        self.enrol_box = EnrolBox(self.desk, self.notice, self)
        self.form, self.enrol_button = self.enrol_box.form, self.enrol_box.button
        self._arrange()
        for part in (self.sync_button, self.change_button, self.pause_button, self.export_button, self.enrol_box):
            part.hide()  # until it is known how this desk stands: what is typed before would be overwritten then
        self._listen()

    def _pause_menu(self) -> QMenu:
        menu, window = QMenu(self), self.page
        menu.addAction(self.tr("1 小时")).triggered.connect(window.pause_an_hour)
        menu.addAction(self.tr("到明天")).triggered.connect(window.pause_until_tomorrow)
        self._resume = menu.addAction(self.tr("恢复自动同步"))
        self._resume.triggered.connect(window.resume)
        menu.addSeparator()
        self._metered = menu.addAction(self.tr("用流量上网时不自动同步"))
        self._metered.setCheckable(True)
        self._metered.toggled.connect(lambda on: self.desk.hold.spare_metered(spare=on))
        menu.aboutToShow.connect(self._show_menu)
        return menu

    def _show_menu(self) -> None:
        self._resume.setEnabled(bool(self.desk.hold.until))
        self._metered.setChecked(self.desk.hold.spares_metered)

    def _arrange(self) -> None:
        for part in (self.state, self.detail, self.notice, self.certificate, self.fuse, self.bar):
            self.body.addWidget(part)
        self.body.addLayout(row(self.sync_button, self.stop_button, self.pause_button, 1, gap=6))
        self.body.addWidget(self.enrol_box)
        self._stick = label(self.tr("没有网络时用U盘交换："), "muted")
        self.body.addSpacing(6)
        self.body.addWidget(self._stick)
        self.body.addLayout(row(self.export_button, self.import_button, 1, gap=6))
        self.body.addSpacing(6)
        self.body.addLayout(row(self.change_button, 1))
        self.body.addStretch(1)

    def _listen(self) -> None:
        exchanger = self.desk.exchanger
        exchanger.began.connect(self._began)
        exchanger.over.connect(self._over)
        exchanger.ended.connect(self._ended)
        exchanger.failed.connect(self._failed)
        exchanger.asked.connect(self._asked)
        if exchanger.job is not None:
            self._began(exchanger.job)

    # ------------------------------------------------------------------------------------------ show

    def show_facts(self, facts: SyncFacts) -> None:
        """Where this desk stands."""
        first, self.facts = self.facts is None, facts
        now = facts.status
        if self.desk.exchanger.job is None:
            self.state.setText(standing_words(now, self.desk.app.clock, self.desk.hold.words)[1])
        self.detail.setText(self._words(facts))
        for part, shown in (
            (self.sync_button, now.enrolled),
            (self.change_button, now.enrolled),
            (self.pause_button, now.enrolled),
            (self.export_button, now.enrolled),
            (self.enrol_box, not now.enrolled or (self.enrol_box.isVisibleTo(self) and not first)),
        ):
            part.setVisible(shown)
        if first and not now.enrolled:
            self.form.show_values({"server_url": now.server, "name": ""})
        self.fuse.show_question((now.error or "") if now.asks else self._question)
        if self.desk.exchanger.job is None and not self._own:
            self._show_notice(now)

    def _show_notice(self, now: SyncStatus) -> None:
        """Why the last exchange did not end well; in red only where somebody has to do something about it."""
        if now.error and unreachable(now) and is_calm(now.error):
            self.notice.show_words(now.error, "", self.tr("再试"), self.sync_now)
        elif now.error and not now.asks:
            self.notice.show_words(
                self.tr("上次没有同步成功：{why}").format(why=now.error), "problem", *self._remedy(now.error)
            )

    def _remedy(self, words: str) -> tuple[str, Callable[[], object]]:
        """What can be done about a failure right here: its verb, and what that does."""
        if self.desk.may("sync.enrol"):
            if not is_calm(words):
                return self.tr("核对证书…"), self.compare
            if needs_code(words):
                return self.tr("重新接入…"), self._show_enrol
        return self.tr("再试"), self.sync_now

    def _words(self, facts: SyncFacts) -> str:
        now = facts.status
        if not now.enrolled:
            return self.tr("资料只保存在这台电脑里，记得定期备份。")
        if now.last_ok_at is None and self.desk.exchanger.job is not None:
            return self.tr("第一次同步：正在取回本社区已有的资料。可以先做别的；停下也不会丢，再同步时接着取。")
        lines = [self.tr("{reach}：{url}").format(url=now.server, reach=self._reach(now))]
        if unreachable(now):
            lines.append(self.tr("登记、查询、打印照常可用，连上后自动上报。"))
        lines.append(
            self.tr("有 {n} 条登记还没有上报，都在本机，不会丢。").format(n=f"{now.waiting:,}")
            if now.waiting
            else self.tr("本机的登记都已上报。")
        )
        if now.set_aside:
            lines.append(self.tr("有 {n} 条服务器没有接受，改一改会再次上报。").format(n=now.set_aside))
        if now.days_without:
            lines.append(self.tr("已经 {n} 天没有同步。").format(n=now.days_without))
        if now.pause_until > self.desk.app.clock.ms():
            lines.append(self.tr("服务器正忙，请各台电脑晚一点再来；到时会自动同步。"))
        lines.append(self.desk.hold.words or self.tr("约每 5 分钟自动同步一次。"))
        return "\n".join(lines)

    def _reach(self, now: SyncStatus) -> str:
        if now.online is None and now.last_ok_at is None:
            return self.tr("已接入，第一次同步还没有完成")
        if now.online is not False:
            return self.tr("上次连上了服务器")
        if not now.answered_at:
            return self.tr("还没有连上过服务器")
        return self.tr("{at} 以后没有连上服务器").format(at=local_text(now.answered_at, "%m-%d %H:%M"))

    def _turn_enrol(self) -> None:
        if self.enrol_box.isVisible():
            self.enrol_box.hide()
        else:
            self._show_enrol()

    def _show_enrol(self) -> None:
        if self.facts is not None:
            self.form.show_values({"server_url": self.facts.status.server, "name": ""})
            self.enrol_box.show()
            self.form.input("code").setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------------ verbs

    def sync_now(self) -> None:
        """One exchange, in a child process; work goes on meanwhile."""
        if self.facts is not None and self.facts.status.enrolled:
            self.desk.exchanger.sync()

    def compare(self) -> None:
        """The server shows another certificate than agreed: ask for it, so that a person can compare it."""
        url = self.facts.status.server if self.facts is not None else ""
        self.desk.background.ask_server(lambda: seen_fingerprint(url), self._compared, owner=self)

    def _compared(self, fingerprint: str) -> None:
        if not fingerprint:
            self._say(self.tr("现在连不上服务器，看不到它的证书。资料都在本机，请稍后再核对。"), "warn")
            return
        self._fingerprint = fingerprint
        self.notice.hide()
        self._own = True
        words = self.tr(
            "服务器出示的证书不是接入时约定的那一张：可能是换了证书，也可能有人冒充服务器。"
            "请打电话向管理员要新证书的指纹，和下面逐字核对："
        )
        self.certificate.show_fingerprint(words, fingerprint)

    def believe(self) -> None:
        """A person has compared it: only this certificate counts from now on."""
        if self.desk.exchanger.job is not None:
            return  # what began by itself ends soon; the question stays
        self.certificate.hide()
        if job := self.desk.exchanger.run(self.tr("登记证书"), ["trust", "--fingerprint", self._fingerprint]):
            job.ended.connect(self._trusted)

    def _trusted(self, _report: object) -> None:
        self.desk.exchanger.over.connect(self.sync_now, Qt.ConnectionType.SingleShotConnection)

    def disbelieve(self) -> None:
        """Nothing is sent to that server."""
        self.certificate.hide()
        self._say(self.tr("没有同步，什么也没有发出，资料都在本机。请把情况告诉管理员。"), "warn")
        self.sync_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Yes, so many records are to be deleted."""
        self.desk.exchanger.accept()

    def export(self) -> None:
        """Everything that waits, in a file for the stick."""
        today = self.desk.app.clock.today().isoformat()
        name = self.tr("邻里同步-{on}.{kind}").format(on=today, kind=BUNDLE)
        if path := ask_file(self, self.tr("导出到U盘"), name, self._kinds()):
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the file; a child process does it."""
        self.desk.exchanger.run(self.tr("导出到U盘"), ["bundle", "export", str(path)])

    def import_(self) -> None:
        """Take in what came back on a stick."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        path, _ = QFileDialog.getOpenFileName(self, self.tr("从U盘导入"), folder, self._kinds())
        if path:
            self.import_from(Path(path))

    def import_from(self, path: Path) -> None:
        """Read the file; a child process does it."""
        self.desk.exchanger.run(self.tr("从U盘导入"), ["bundle", "import", str(path)])

    def _kinds(self) -> str:
        return self.tr("邻里同步文件 (*.{kind});;所有文件 (*)").format(kind=BUNDLE)

    # ------------------------------------------------------------------------------------------ under way

    def _began(self, job: Job) -> None:
        self.notice.hide()
        self._own = False
        self._question = ""
        self.bar.setRange(0, 0)
        self.state.setText(self.tr("正在{title}（可以继续工作）").format(title=job.title))
        self._busy(busy=True)
        job.progressed.connect(self._progress)
        job.cancelled.connect(self._cancelled)

    def _busy(self, *, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy)
        for part in (self.sync_button, self.enrol_button, self.export_button, self.import_button):
            part.setEnabled(not busy)

    def _progress(self, done: int, total: int, words: str) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        counts = f" {done:,}/{total:,}" if total else ""
        self.state.setText(self.tr("{words}{counts}（可以继续工作）").format(words=words, counts=counts))

    def _over(self) -> None:
        self._busy(busy=False)
        self.page.refresh(frozenset())

    def _cancelled(self) -> None:
        self._say(self.tr("已停下。收发过的都已保存，其余下次继续。"), "")

    def _ended(self, report: object) -> None:
        said: dict[str, Any] = report if isinstance(report, dict) else {}
        problems = [str(one) for one in said.get("problems") or ()]
        words = str(said.get("words") or self._ended_words(said))
        self.certificate.hide()
        self._say("\n".join([words, *problems]), "warn" if problems else "good")
        if "unit" in said:
            self.enrol_box.hide()
            self.desk.exchanger.over.connect(self._first_sync, Qt.ConnectionType.SingleShotConnection)

    def _ended_words(self, said: dict[str, Any]) -> str:
        if "unit" in said:
            return self.tr("已接入{unit}。").format(unit=said["unit"])
        if "file" in said:
            name = Path(str(said["file"])).name
            return self.tr("已导出到 {name}。请把它交给管理员，再把带回来的文件“从U盘导入”。").format(name=name)
        return self.tr("同步完成：上报 {up} 条，收到 {down} 条").format(
            up=said.get("pushed", 0), down=said.get("pulled", 0)
        )

    def _first_sync(self) -> None:
        self.desk.exchanger.sync()

    def _failed(self, problem: Problem, quietly: bool) -> None:
        if quietly:
            return
        if not self.enrol_box.isHidden():
            self._own = not self.enrol_box.show_problem(problem)
        elif problem.code == NetworkError.code and is_calm(problem.words):
            self._say(str(problem), "")
        else:
            self._own = True
            self.notice.show_problem(problem, *(() if problem.is_bug else self._remedy(str(problem))))

    def _asked(self, problem: Problem) -> None:
        self._question = str(problem)
        self.fuse.show_question(self._question, again=True)

    def _say(self, words: str, tone: str) -> None:
        self._own = True
        self.notice.show_words(words, tone)
