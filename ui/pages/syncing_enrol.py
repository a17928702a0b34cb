"""Becoming a desk of a unit: address, code, name; and the certificate, where no known authority vouches for it."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop_app.shared.errors import AppError
from desktop_app.sync.client import tidy_url
from desktop_app.sync.enrol import check_code
from desktop_app.sync.trust import Shown, pinned_to, shown_by
from ui.pages.syncing_certificate import CertificateCard
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem, problem_from
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.strip import Strip


class EnrolBox(QWidget):
    """The form and what follows it; the enrolment itself runs in a child process."""

    def __init__(self, desk: Desk, notice: Strip, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._notice = desk, notice
        self._ca: Path | None = None
        self._shown = Shown()
        self.form = RecordForm(
            (
                Field("server_url", self.tr("服务器地址"), required=True, hint="https://…"),
                Field("code", self.tr("接入码"), "number", required=True, hint=self.tr("10 位字母和数字，向管理员要")),
                Field("name", self.tr("这台电脑叫"), hint=self.tr("如：前台1")),
            ),
            self,
            columns=1,
        )
        self.form.save_asked.connect(lambda _next: self.enrol())
        self.certificate = CertificateCard(self, self.tr("一致，接入"), self.tr("不一致，不接入"))
        self.form.edited.connect(self._typed)
        self.certificate.yes.clicked.connect(self.believe)
        self.certificate.no.clicked.connect(self.disbelieve)
        self.button = button(self.tr("接入服务器"), self.enrol, tone="primary")
        self.ca_button = button(self.tr("用证书文件…"), self.choose_ca, tone="link")
        self.ca_words = label("", "muted", wrap=True)
        self.ca_words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label(self.tr("接入以后，登记会自动上报；没有网络时照常登记和打印。"), "muted", wrap=True))
        for part in (self.form, self.ca_words, self.certificate):
            layout.addWidget(part)
        layout.addLayout(row(self.button, self.ca_button, 1))

    def _typed(self, _field: str) -> None:
        self.certificate.hide()  # it belonged to what stood there before

    def enrol(self) -> None:
        """Make this desk known to a server; an unknown certificate is asked about first, before the code is sent."""
        if self.form.missing() or not self.button.isEnabled() or not self._code_will_do():
            return
        if self._ca is not None:
            self._run("--ca", str(self._ca))
            return
        typed = self.form.value("server_url")
        self.button.setEnabled(False)
        self._desk.background.ask_server(
            lambda: shown_by(tidy_url(typed)), self._seen, owner=self, failed=self._unsound
        )

    def _code_will_do(self) -> bool:
        try:
            check_code(self.form.value("code"))
        except AppError as error:
            return not self.show_problem(problem_from(error))
        return True

    def _unsound(self, problem: Problem) -> None:
        self.button.setEnabled(True)
        self.show_problem(problem)

    def _seen(self, shown: Shown) -> None:
        self.button.setEnabled(True)
        self._shown = shown
        if shown.fault:
            words = self.tr(
                "服务器的证书{fault}，可能是单位自己签发的，也可能有人冒充服务器。"
                "请打电话向管理员要证书指纹，和下面逐字核对："
            )
            self.certificate.show_fingerprint(words.format(fault=shown.fault), shown.fingerprint)
        else:
            self._run()

    def believe(self) -> None:
        """A person has compared the fingerprint: from now on only this certificate counts."""
        self.certificate.hide()
        self._run("--fingerprint", self._shown.fingerprint)

    def disbelieve(self) -> None:
        """Nothing was sent."""
        self.certificate.hide()
        self._notice.show_words(self.tr("没有接入，什么也没有发出。请把情况告诉管理员。"), "warn")
        self.form.input("server_url").setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_ca(self) -> None:
        """The certificate of the city's own authority, as a file."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        kinds = self.tr("证书 (*.pem *.crt *.cer);;所有文件 (*)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("用证书文件"), folder, kinds)
        if path:
            self.take_ca(Path(path))

    def take_ca(self, path: Path) -> None:
        """Only this authority counts from now on; a file that is none is refused at once."""
        try:
            pinned_to(path)
        except Exception as error:  # noqa: BLE001 shown like any other problem
            self._notice.show_problem(problem_from(error))
            return
        self._ca = path
        self.ca_words.setText(self.tr("只信任“{name}”里的签发机构。").format(name=path.name))
        self.ca_words.show()

    def _run(self, *trust: str) -> None:
        values = self.form.values()
        arguments = ["enrol", values["server_url"], values["code"], *trust]
        if values["name"]:
            arguments += ["--name", values["name"]]
        self._desk.exchanger.run(self.tr("接入服务器"), arguments)

    def show_problem(self, problem: Problem) -> bool:
        """At its field, if it has one; True if it was shown."""
        if self.isHidden() or not self.form.show_problem(problem):
            self._notice.show_problem(problem)
            return False
        return True
