"""key: another passphrase, another key, another place for it, and getting it back with the recovery sheet."""

import os
import sys
from typing import Final

from desktop_app.accounts.rights import demand
from desktop_app.cli.recovery_codes import told_code
from desktop_app.cli.session import Session, ask, typed_twice
from desktop_app.shared.errors import UsageError
from desktop_app.store.keys import ask_environment
from desktop_app.upkeep import keyring

NEW_VARIABLE: Final = "LINLI_NEW_PASSPHRASE"


def key(session: Session) -> None:
    """`linli key change-passphrase | rekey | move --to … | recover`."""
    verb = session.arguments.verb
    if verb != "recover":  # whoever needs that cannot open the store
        with session.app() as app:
            demand(app.db, app.actor, "store.keys")
    session.out.result({"done": verb}, _VERBS[verb](session))


def ask_new(words: str) -> str:
    """A new passphrase: from the environment, else typed twice."""
    if (found := os.environ.get(NEW_VARIABLE)) is not None:
        return found
    if not sys.stdin.isatty():
        raise UsageError("没有给出新口令，什么也没有改。", next_step=f"请在终端里运行，或设置 {NEW_VARIABLE}。")
    return typed_twice(words)


def _change_passphrase(session: Session) -> str:
    keyring.change_passphrase(session.home, _ask_old, ask_new)
    return "口令已经换好，下次打开用新口令。以前的备份旁边是当时的钥匙文件，仍用当时的口令。"


def _ask_old(words: str) -> str:
    return ask(f"{words}现在的口令。") if sys.stdin.isatty() else ask_environment(words)


def _rekey(session: Session) -> str:
    code = told_code(session, needed=False)
    session.out.progress(0, 0, "正在用新密钥重新加密")
    kept = keyring.rekey(session.home, ask, code)
    sheet = "恢复单继续有效。" if kept else "以前的恢复单只能打开以前的备份，请现在重新制作一张：linli recovery-sheet。"
    return f"数据已用新密钥重新加密。以前的备份仍用当时的密钥，本机照常能恢复。{sheet}"


def _move(session: Session) -> str:
    if not session.arguments.to:
        raise UsageError(
            "没有说移到哪里，什么也没有改。", field="to", next_step="写成 --to keyring 或 --to passphrase。"
        )
    keyring.move(session.home, session.arguments.to, ask, ask_new)
    where = "系统钥匙串" if session.arguments.to == "keyring" else "口令保护的钥匙文件（请记牢口令）"
    return f"密钥已移到{where}，原来的地方已清除。"


def _recover(session: Session) -> str:
    keyring.recover(session.home, told_code(session, needed=True), ask_new, session.arguments.to or "")
    return "密钥已找回，数据可以打开了。与服务器通信的密钥不在恢复单上：接入过服务器的，请用新的接入码重新接入。"


_VERBS: Final = {"change-passphrase": _change_passphrase, "rekey": _rekey, "move": _move, "recover": _recover}
