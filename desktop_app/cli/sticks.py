"""bundle, and init from a starter: the exchange by USB stick."""

import getpass
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from desktop_app import app as composition
from desktop_app.cli.session import Session, ask_first
from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import UsageError
from desktop_app.sync import bundle as sticks
from desktop_app.sync import starter
from desktop_app.sync.carried import Tell
from desktop_app.sync.starter import Starter
from desktop_app.upkeep.beginning import begin_with
from sync_protocol.bundle import SUFFIX

PASSCODE_VARIABLE: Final = "LINLI_PASSCODE"


def bundle(session: Session) -> None:
    """`linli bundle export|import FILE`: what waits goes out in a file; what the server answered comes in."""
    run = {"export": _export, "import": _import}
    run[session.arguments.verb](session, _file(session.arguments.file))


def _file(told: str) -> Path:
    """The file that was named; UsageError for a folder, which neither can be read nor written."""
    path = Path(told).expanduser()
    if path.is_dir():
        raise UsageError(
            f"“{told}”是一个文件夹，不是文件，什么也没有做。",
            next_step=f"请写明文件名，如 {path / f'邻里同步{SUFFIX}'}。",
        )
    return path


def _export(session: Session, file: Path) -> None:
    with session.app() as app:
        done = sticks.export(
            app.db,
            app.secrets,
            file,
            sure=session.arguments.accept_deletions,
            progress=_teller(session, "正在导出"),
        )
    words = f"已导出 {done.rows} 条到 {done.file}。请带到服务器，再把带回来的文件导入。"
    problems = [f"另有 {done.waiting} 条等这些有了答复再导出。"] if done.waiting else []
    session.out.result({**asdict(done), "problems": problems}, [words, *problems])


def _import(session: Session, file: Path) -> None:
    with session.app() as app:
        report = sticks.import_(
            app.db,
            app.secrets,
            file,
            sure=session.arguments.accept_deletions,
            progress=_teller(session, "正在导入"),
        )
    words = f"导入完成：上报 {report.pushed} 条，收到 {report.pulled} 条，待确认 {report.conflicts} 条。"
    session.out.result({**asdict(report), "words": words}, [words, *report.contents, *report.problems])


def begin(session: Session) -> None:
    """`linli init --from-starter FILE`: a new store with an identity and all that its unit has."""
    told = session.arguments
    if composition.exists(session.home):  # before anybody is asked for a passcode
        raise UsageError(f"{session.home} 里已经有一份数据，没有动它。", next_step="请用 --home 换一个文件夹。")
    opened = starter.read(_file(told.from_starter), _passcode(), Clock())
    beginning = composition.Beginning(
        told.community or opened.identity.unit, told.code or opened.code, told.staff, told.profile
    )
    app, report = begin_with(session.home, opened, beginning, ask=ask_first, progress=_teller(session, "正在导入"))
    app.close()
    value = {
        "home": str(session.home),
        "keys": app.secrets.kind,
        "community": beginning.community,
        "device": opened.identity.device,
        "pulled": report.pulled,
    }
    words = [f"已为{beginning.community}建立数据：{session.home}，收到 {report.pulled} 条。", _how(opened)]
    session.out.result(value, [*words, *report.problems])


def _how(opened: Starter) -> str:
    if opened.url:
        return "联网后运行 linli sync 同步；没有网络时用 linli bundle export 导出到U盘。"
    return "用 linli bundle export 导出到U盘，带到服务器。"


def _passcode() -> str:
    """From the environment, else from the keyboard."""
    if told := os.environ.get(PASSCODE_VARIABLE):
        return told
    if sys.stdin.isatty():
        return getpass.getpass("请输入启动口令：")
    raise UsageError("还没有启动口令，没有新建数据。", next_step=f"请设置 {PASSCODE_VARIABLE}，或在终端里运行。")


def _teller(session: Session, words: str) -> Tell:
    def tell(done: int, total: int) -> None:
        session.out.progress(done, total, words)

    return tell
