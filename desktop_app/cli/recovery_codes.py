"""The recovery code, which opens everything: asked for or read from the environment, rather than put into the command.

Whatever stands in a command can be read by every user of the machine while it runs (`ps`), and stays in the history of
the shell.
"""

import getpass
import os
import sys
from typing import Final

from desktop_app.cli.session import Session
from desktop_app.shared.errors import UsageError

VARIABLE: Final = "LINLI_RECOVERY_CODE"
ASK: Final = "-"
"""What `--code` means without a code behind it: ask me."""
_SEEN: Final = (
    f"提醒：写在命令里的恢复码，同一台电脑上的其他用户看得到。请改用 --code（不写码，会询问）或设置 {VARIABLE}。"
)


def told_code(session: Session, *, needed: bool, words: str = "恢复单上的恢复码") -> str:
    """The code somebody gave, "" for none; UsageError where it is needed and nobody can be asked."""
    given: str = session.arguments.code or ""
    if given not in ("", ASK):
        print(_SEEN, file=sys.stderr)
        return given
    found = os.environ.get(VARIABLE, "")
    if not found and sys.stdin.isatty():
        found = getpass.getpass(f"{words}{'' if needed else '（没有就直接回车）'}：")
    if needed and not found:
        raise UsageError(
            "没有给出恢复码，什么也没有改。", field="code", next_step=f"请在终端里运行，或设置 {VARIABLE}。"
        )
    return found
