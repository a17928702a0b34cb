"""One run of the command line: its arguments, its store, its voice."""

import argparse
import getpass
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from desktop_app import app as composition
from desktop_app.app import App
from desktop_app.cli.output import Output
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.store.keys import PASSPHRASE_VARIABLE, ask_environment


class Session:
    """What a command is given; `code` is the exit code if the command ends without an error."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.out = Output(
            as_json=bool(getattr(arguments, "json", False)),
            as_lines=bool(getattr(arguments, "json_progress", False)),
            quiet=bool(getattr(arguments, "quiet", False)),
        )
        self.code = 0

    @property
    def home(self) -> Path:
        """The folder of the store."""
        told: str | None = self.arguments.home
        return Path(told).expanduser() if told else composition.default_home()

    @contextmanager
    def app(self) -> Iterator[App]:
        """The opened store, with somebody in the seat where there are accounts."""
        from desktop_app.cli.signing import enter

        with composition.open_app(self.home, ask=ask) as opened:
            enter(opened, self.arguments)
            yield opened

    def confirm(self, words: str) -> None:
        """Asks before something that cannot be taken back; `--yes` answers, and so does no terminal: with a refusal."""
        if self.arguments.yes:
            return
        if not sys.stdin.isatty():
            raise UsageError(f"{words}还没有确认，什么也没有做。", next_step="确认要做请加上 --yes。")
        if input(f"{words}输入 y 继续：").strip().lower() not in ("y", "是"):
            raise AppError("没有确认，什么也没有做。")

    def confirm_name(self, words: str, name: str) -> None:
        """Asks for a name to be typed before something that can never be taken back; `--yes` answers."""
        if self.arguments.yes:
            return
        if not sys.stdin.isatty():
            raise UsageError(f"{words}还没有确认，什么也没有做。", next_step="确认要做请加上 --yes。")
        if input(f"{words}确实要做，请输入“{name}”：").strip() != name:
            raise AppError("名字不对，什么也没有做。")


def ask(words: str) -> str:
    """The passphrase: from the environment, else from the keyboard."""
    if not os.environ.get(PASSPHRASE_VARIABLE) and sys.stdin.isatty():
        return getpass.getpass(f"{words}请输入口令：")
    return ask_environment(words)


def ask_first(words: str) -> str:
    """The passphrase of a new store: from the environment, else typed twice, since a slip would shut it for good."""
    if os.environ.get(PASSPHRASE_VARIABLE) or not sys.stdin.isatty():
        return ask_environment(words)
    return typed_twice(f"{words}请设定口令：")


def typed_twice(words: str) -> str:
    """What somebody chooses and cannot see; UsageError where the second is not the first, or there is none."""
    first = getpass.getpass(words)
    if not first:
        raise UsageError("口令是空的，什么也没有做。", field="passphrase", next_step="请重新运行一次。")
    if getpass.getpass("再输入一次：") != first:
        raise UsageError("两次输入的口令不一样，什么也没有做。", field="passphrase", next_step="请重新运行一次。")
    return first


@contextmanager
def interruptible() -> Iterator[None]:
    """A request to end (the window's cancel) unwinds like Ctrl+C, so that an open transaction is rolled back."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
