"""密钥: where the key of the data lies; another passphrase, another key, another place for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.app import App
from desktop_app.store import describing, keys, recovery
from ui.shell.alone import AloneTask
from ui.shell.parts import Card, Verb, button, label, row
from ui.widgets.dialog import FormDialog
from ui.widgets.secrets_form import SecretsForm

if TYPE_CHECKING:
    from ui.pages.settings import SettingsPage
    from ui.shell.desk import Desk

_PASSPHRASE = keys.PassphraseSecrets.kind


class KeyVerb(IntEnum):
    """What may be done with the key."""

    CHANGE = 0
    REKEY = 1
    TO_KEYRING = 2
    TO_PASSPHRASE = 3


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """Where the key is, whether this machine has a keyring, since when there is a recovery sheet."""

    behind_passphrase: bool
    has_keyring: bool
    sheet_made_on: str | None


def key_facts(app: App) -> KeyFacts:
    """Runs on the reader thread."""
    kept = describing.describe(app.home)["keys"]
    return KeyFacts(kept == _PASSPHRASE, keys.keyring_available(), recovery.made_on(app.home))


class KeysCard(Card):
    """Each verb lets go of the store for a moment; afterwards everybody signs in again."""

    def __init__(self, page: "SettingsPage") -> None:
        super().__init__(page.tr("密钥和口令"), page)
        self._page, self._desk = page, page.desk
        self._facts: KeyFacts | None = None
        self.where = label("", wrap=True)
        icon = self._desk.theme.icon
        self.change_button = button(self.tr("更换口令"), self.change, icon=icon("edit", "accent_text"))
        self.rekey_button = button(self.tr("更换密钥"), self.rekey, icon=icon("sync", "accent_text"))
        self.to_keyring_button = button(self.tr("移到系统钥匙串"), self.to_keyring, icon=icon("move", "accent_text"))
        self.to_passphrase_button = button(self.tr("改用口令"), self.to_passphrase, icon=icon("lock", "accent_text"))
        self.body.addWidget(self.where)
        self.body.addLayout(row(*self._verbs, 1))
        words = self.tr("做这些时数据会关上一会儿，做完要重新登录。忘了口令或钥匙串坏了，打开程序时用恢复单找回。")
        self.body.addWidget(label(words, "muted", wrap=True))
        sealed = self.tr("封存的资料和限制类另有密封口令，在“个人信息”的“密封”里设定、解锁、更换。")
        self.sealed_button = button(self.tr("到“密封”"), self.to_sealed, tone="link")
        self._desk.offer("restricted.read", self.sealed_button)
        self.body.addWidget(label(sealed, "muted", wrap=True))
        self.body.addLayout(row(self.sealed_button, 1))

    @property
    def _verbs(self) -> tuple[Verb, ...]:
        return self.change_button, self.rekey_button, self.to_keyring_button, self.to_passphrase_button

    def refresh(self) -> None:
        """Ask where the key is."""
        app = self._desk.app
        self._page.read(lambda: key_facts(app), self._show, key="keys")

    def _show(self, facts: KeyFacts) -> None:
        self._facts = facts
        self.where.setText(
            self.tr("数据的密钥由口令保护（本机的 keys.json）。")
            if facts.behind_passphrase
            else self.tr("数据的密钥在这台电脑的系统钥匙串里，打开程序不用口令。")
        )
        self.change_button.setVisible(facts.behind_passphrase)
        self.to_keyring_button.setVisible(facts.behind_passphrase and facts.has_keyring)
        self.to_passphrase_button.setVisible(not facts.behind_passphrase)

    # ------------------------------------------------------------------------------------------------------------ verbs

    def change(self) -> None:
        """Another passphrase for the same key."""
        KeyDialog(self._desk, self, KeyVerb.CHANGE).open()

    def rekey(self) -> None:
        """The whole store under another key."""
        KeyDialog(self._desk, self, KeyVerb.REKEY).open()

    def to_keyring(self) -> None:
        """No passphrase at the start any more."""
        KeyDialog(self._desk, self, KeyVerb.TO_KEYRING).open()

    def to_sealed(self) -> None:
        """Where the passphrase of sealed records is set and changed."""
        self._desk.open_page("privacy", "sealed")

    def to_passphrase(self) -> None:
        """A passphrase at every start."""
        KeyDialog(self._desk, self, KeyVerb.TO_PASSPHRASE).open()


class KeyDialog(FormDialog):
    """Asks for what the verb needs, then has the store closed and the work done."""

    def __init__(self, desk: "Desk", parent: KeysCard, verb: KeyVerb) -> None:
        titles = (
            desk.tr("更换口令"), desk.tr("更换密钥"), desk.tr("移到系统钥匙串"), desk.tr("改用口令")
        )  # fmt: skip
        super().__init__(titles[verb], titles[verb], desk.theme, parent)
        self._desk, self._kind, self._title = desk, verb, titles[verb]
        self.form = SecretsForm(self._fields(), self, open_fields=("code",))
        self.form.save_asked.connect(self.press)
        self.body.addWidget(label(self._words(), "muted", wrap=True))
        self.body.addWidget(self.form)

    def _fields(self) -> tuple[tuple[str, str, str], ...]:
        old = ("old", self.tr("现在的口令"), "")
        new = (("passphrase", self.tr("新口令"), self.tr("至少8个字")), ("again", self.tr("再输入一次"), ""))
        code = ("code", self.tr("恢复码"), self.tr("没有恢复单就空着"))
        if self._kind == KeyVerb.REKEY:
            return (code, old) if self._behind_passphrase else (code,)
        return {KeyVerb.CHANGE: (old, *new), KeyVerb.TO_KEYRING: (old,), KeyVerb.TO_PASSPHRASE: new}[self._kind]

    @property
    def _behind_passphrase(self) -> bool:
        return (self._desk.app.home / keys.KEY_FILE).exists()

    def _words(self) -> str:
        return (
            self.tr("口令换了，密钥不变。以前的备份旁边是当时的钥匙文件，仍用当时的口令。"),
            self.tr(
                "怀疑有人拿到过密钥时用：全部数据用新密钥重新加密，数据多时要几分钟。写上恢复单的恢复码，恢复单就继续有效；"
                "空着的话，做完请重新制作一张。以前的备份仍用当时的密钥，本机照常能恢复。"
            ),
            self.tr("以后打开程序不用口令，由这台电脑的登录保护。"),
            self.tr("以后每次打开程序都要输入口令。口令忘了只能用恢复单找回。"),
        )[self._kind]

    def save(self) -> None:
        """Nothing is closed before what was typed is complete and no work of this desk is under way."""
        if not self.form.complete("code"):
            return
        new = self.form.value("passphrase") if self._has_new else None
        if new is not None and not self.form.agree("passphrase", "again"):
            return
        if self._desk.background.jobs:
            self.strip.show_words(self.tr("还有同步、备份或导出没有做完，请等它做完再试。"), "warn")
            return
        passphrase = "" if self._kind == KeyVerb.TO_KEYRING else new
        task = AloneTask(self._title, self.tr("正在做，请不要关机……"), self._work(new or ""), passphrase)
        self.form.clear()
        self.finish()
        self._desk.alone_asked.emit(task)

    @property
    def _has_new(self) -> bool:
        return self._kind in {KeyVerb.CHANGE, KeyVerb.TO_PASSPHRASE}

    def _work(self, new: str) -> Callable[[Path], str]:
        kind = self._kind
        old = self.form.value("old") if any(name == "old" for name, _, _ in self._fields()) else ""
        code = self.form.value("code") if kind == KeyVerb.REKEY else ""
        said = (
            self.tr("口令已更换。以后打开程序用新口令。"),
            self.tr("数据已用新密钥重新加密，恢复单继续有效。"),
            self.tr("密钥已移到系统钥匙串，以后打开不用口令。"),
            self.tr("密钥已改由口令保护，请记牢口令。"),
        )[kind]
        void = self.tr("数据已用新密钥重新加密。以前的恢复单打不开以后的备份，请在“设置”里重新制作一张。")

        def work(home: Path) -> str:
            from desktop_app.upkeep import keyring

            def ask(_words: str) -> str:
                return old

            def ask_new(_words: str) -> str:
                return new

            if kind == KeyVerb.CHANGE:
                keyring.change_passphrase(home, ask, ask_new)
            elif kind == KeyVerb.REKEY:
                return said if keyring.rekey(home, ask, code) else void
            else:
                keyring.move(home, "keyring" if kind == KeyVerb.TO_KEYRING else _PASSPHRASE, ask, ask_new)
            return said

        return work
