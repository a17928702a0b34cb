"""First run, and unlocking: what stands in the window before there is an open store."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.shared.errors import LockedError
from desktop_app.shared.resources import resource
from ui.shell.background import Background
from ui.shell.icons import pixmap
from ui.shell.parts import Card, button, label, row
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.inputs import LineEdit
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.secrets_form import secret_line
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from desktop_app.app import App

_AREA_CODE = re.compile(r"\d{12}")
_SHORTEST = 8
_WIDTH = 560


def demo_login(home: Path) -> tuple[str, str] | None:
    """Sign-in name and password of a demonstration, which are no secret; None for a store of real people."""
    from desktop_app.demo.rehearsal import MARKER, credentials

    try:
        told = json.loads((home / MARKER).read_text("utf-8"))
        return told["user"], told["password"]
    except (OSError, ValueError, KeyError):
        return credentials(home)


def is_demo(app: "App") -> bool:
    """Whether this is the demonstration community."""
    told = tomllib.loads(resource("demo", "demo.toml").read_text(encoding="utf-8"))
    return bool(app.community.code == told["community"]["code"])


class Middle(QWidget):
    """A card in the middle of the empty window."""

    def __init__(self, background: Background, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self.background = background
        self.strip = Strip(theme, self)
        self.card = Card()
        self.card.setMaximumWidth(round(_WIDTH * theme.font_px / 14))
        self.card.setMinimumWidth(round(_WIDTH * theme.font_px / 14))
        self.card.body.setContentsMargins(28, 22, 28, 22)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(row(1, self.card, 1))  # an alignment would give wrapped words the height of one line
        layout.addStretch(3)

    def head(self, title: str, words: str) -> None:
        picture = QLabel()
        picture.setPixmap(pixmap("app", "#ffffff", 44))
        self.heading = label(title, "title")
        self.words = label(words, "muted", wrap=True)
        self.card.body.addLayout(row(picture, self.heading, 1))
        self.card.body.addWidget(self.words)
        self.words.setVisible(bool(words))  # only now: without a parent it would be a window of its own
        self.card.body.addWidget(self.strip)


class Alone(Middle):
    """What is asked before there is an open store."""

    opened = Signal(object)  # App

    def __init__(self, home: Path, background: Background, theme: Theme) -> None:
        super().__init__(background, theme)
        self.home = home

    def lacks(self, *asked: tuple[QWidget, bool, str]) -> bool:
        """Whether something is missing or will not do (part, whether, words): says so, and goes to the first."""
        for part, missing, words in asked:
            if missing:
                self.strip.show_words(words, "problem")
                part.setFocus()
                return True
        return False

    def too_short(self, passphrase: LineEdit) -> tuple[QWidget, bool, str]:
        """For `lacks`: one that is set has eight characters or more."""
        return passphrase, 0 < len(passphrase.text()) < _SHORTEST, self.tr("口令至少要8个字。")

    def open(self, work: Callable[[], "App"]) -> None:
        """Run on the writer thread; the window takes the open store."""
        self.setEnabled(False)
        self.background.write(work, self.opened.emit, owner=self, failed=self.failed)

    def failed(self, problem: Problem) -> None:
        self.setEnabled(True)
        self.strip.show_problem(problem)


class Welcome(Alone):
    """Who and where; with a passphrase where the machine has no keyring."""

    restore_asked = Signal()
    starter_asked = Signal()

    def __init__(self, home: Path, background: Background, theme: Theme) -> None:
        super().__init__(home, background, theme)
        self.head(
            self.tr("欢迎使用邻里工作站"),
            self.tr("先写上是哪个社区、谁在这里工作。资料加密存在这台电脑上，不联网也能用。"),
        )
        towns = (
            ("general", self.tr("通用")),
            ("shishou", self.tr("石首")),
            ("huangshi", self.tr("黄石")),
            ("qiaokou", self.tr("硚口")),
        )
        self.form = RecordForm(
            (
                Field("community", self.tr("社区名称"), required=True, hint=self.tr("如 和平社区")),
                Field("code", self.tr("区划代码"), "number", required=True, hint=self.tr("12位统计用区划代码")),
                Field("staff", self.tr("你的姓名"), required=True),
                Field("profile", self.tr("工作做法"), "choice", towns),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"profile": "general"})
        self.form.save_asked.connect(lambda _next: self.begin())
        self.card.body.addWidget(self.form)
        self._ask_passphrase()
        self.setFocusProxy(self.form.input("community"))

    def _ask_passphrase(self) -> None:
        """The last line, and the ways on from here."""
        self.passphrase = secret_line(self.tr("口令"), self.tr("至少8个字；没有系统钥匙串时用它加密"))
        self.passphrase.entered.connect(self.begin)
        name = label(self.tr("口令"))
        name.setMinimumWidth(name.fontMetrics().horizontalAdvance(self.tr("社区名称 *")))
        name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._passphrase_line = row(name, self.passphrase)
        self.card.body.addLayout(self._passphrase_line)
        self.card.body.addLayout(
            row(
                button(self.tr("先看演示社区"), self.begin_demo),
                button(self.tr("从备份恢复"), self.restore_asked.emit),
                button(self.tr("用启动文件"), self.starter_asked.emit),
                1,
                button(self.tr("开始使用"), self.begin, tone="primary"),
            )
        )

    def begin(self) -> None:
        """Make the store; what was typed stays if it cannot be made."""
        if self.form.missing():
            return
        values = self.form.values()
        if not _AREA_CODE.fullmatch(values["code"]):
            self.form.show_fault("code", self.tr("区划代码是12位数字，可以问街道要。"), focus=True)
            return
        if not self.lacks(self.too_short(self.passphrase)):
            self._make(lambda: values, demo=False)

    def begin_demo(self) -> None:
        """An invented community in this folder, to try things out; a new folder or reinstalling takes it away."""
        if not self.lacks(self.too_short(self.passphrase)):
            self.strip.show_words(self.tr("正在准备演示社区，大约一分钟……"), stays=True)
            self._make(dict, demo=True)

    def _make(self, told: Callable[[], dict[str, str]], *, demo: bool) -> None:
        home, passphrase = self.home, self.passphrase.text()
        self.background.passphrase = passphrase

        def work() -> "App":
            from desktop_app.app import Beginning, create
            from desktop_app.demo.community import demo_beginning
            from desktop_app.store.keys import ask_environment

            ask = (lambda _words: passphrase) if passphrase else ask_environment
            app = create(home, demo_beginning() if demo else Beginning(**told()), ask=ask)
            if demo:
                _fill(app)
            return app

        self.open(work)


def _fill(app: "App") -> None:
    """The invented community, and invented people who sign in with a password that is told at the sign-in."""
    from desktop_app.demo.accounts import demo_password, make_accounts
    from desktop_app.demo.community import demo_file, make_demo_community
    from desktop_app.demo.rehearsal import MARKER
    from desktop_app.store.keys import write_private

    make_demo_community(app)
    password = demo_password()
    made = make_accounts(app, demo_file()["account"], password)
    secretary = next((one.login for one in made if "社区书记" in one.roles), made[0].login)
    write_private(app.home / MARKER, json.dumps({"user": secretary, "password": password}))
    app.sign_out()


class Unlock(Alone):
    """The store is sealed with a passphrase."""

    forgotten = Signal()
    damaged = Signal(object)  # Problem

    def __init__(self, home: Path, background: Background, theme: Theme) -> None:
        super().__init__(home, background, theme)
        self.head(
            self.tr("请输入口令"), self.tr("资料加密存在这台电脑上。口令只有你们知道，忘了就要用保险柜里的恢复单找回。")
        )
        self.passphrase = secret_line(self.tr("口令"), "")
        self.passphrase.entered.connect(self.unlock)
        self.card.body.addWidget(self.passphrase)
        forgotten = button(self.tr("忘了口令，用恢复单"), self.forgotten.emit, tone="link")
        self.card.body.addLayout(row(forgotten, 1, button(self.tr("打开"), self.unlock, tone="primary")))
        self.setFocusProxy(self.passphrase)

    def unlock(self) -> None:
        home, passphrase = self.home, self.passphrase.text()
        self.background.passphrase = passphrase

        def work() -> "App":
            from desktop_app.app import open_app

            return open_app(home, ask=lambda _words: passphrase)

        self.open(work)

    def failed(self, problem: Problem) -> None:
        super().failed(problem)
        if problem.code != LockedError.code:
            self.damaged.emit(problem)
            return
        self.passphrase.selectAll()
        self.passphrase.setFocus()
