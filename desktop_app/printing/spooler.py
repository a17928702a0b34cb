"""Sends a PDF to a printer of the system, or saves it.

On Linux the PDF itself goes to CUPS through its own programs `lpstat` and `lp`; nothing is rendered twice.  Where a
system has no CUPS (Windows), the window prints pictures of the pages through Qt, and only `save` is used from here.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_app.printing.preview import Preview
from desktop_app.shared.errors import AppError
from desktop_app.shared.private import unwritten, write

Sides = Literal["one-sided", "two-sided-long-edge", "two-sided-short-edge"]
_PATIENCE = 30
_PAPERS = {(297, 420): "A3", (210, 297): "A4", (148, 210): "A5", (105, 148): "A6"}
_LARGEST = (210, 297)
_SAVED = "文件没有丢，可先另存为 PDF。"


class NoPrintSystemError(AppError):
    """This machine has no CUPS; the window prints another way, a script saves the file."""


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer queue; `problem` is what the system says is wrong with it, "" for nothing."""

    name: str
    default: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """How to print: number of copies, sides, the paper in IPP words ("iso_a4_210x297mm"), "" for that of the pages."""

    copies: int = 1
    sides: Sides = "one-sided"
    media: str = ""


def available() -> bool:
    """Whether this machine can take a PDF as it is."""
    return shutil.which("lp") is not None and shutil.which("lpstat") is not None


def printers() -> list[Printer]:
    """The printers of this machine, the default one first.  NoPrintSystemError without CUPS; [] when none is set up."""
    if not available():
        raise NoPrintSystemError(
            f"这台电脑没有安装打印系统（CUPS），没有打印。{_SAVED}", next_step="请联系管理员安装打印服务和打印机。"
        )
    listed = _run(["lpstat", "-e"])
    names = [line.strip() for line in listed.stdout.splitlines() if line.strip()]
    if not names and _unreachable(listed.stderr):
        raise AppError(f"打印服务没有启动，没有打印。{_SAVED}", next_step="请重新启动电脑，或联系管理员启动打印服务。")
    default = _run(["lpstat", "-d"]).stdout.rpartition(": ")[2].strip()
    problems = _problems(_run(["lpstat", "-p"]).stdout)
    found = [Printer(name, name == default, problems.get(name, "")) for name in names]
    return sorted(found, key=lambda printer: not printer.default)


def send(pdf: bytes, printer: str, title: str, ticket: Ticket | None = None) -> str:
    """Hands a PDF to a printer and returns the job's name ("Linli-12").  AppError when it is refused, and why."""
    known = printers()
    if not known:
        raise AppError(f"这台电脑还没有添加打印机，没有打印。{_SAVED}", next_step="请在系统设置里添加打印机。")
    if printer not in {one.name for one in known}:
        raise AppError(
            f"找不到打印机“{printer}”，没有打印。{_SAVED}", next_step="请检查打印机是否开机联网，或另选一台。"
        )
    options = _options(printer, ticket or Ticket(), pdf)
    done = _run(["lp", "-d", printer, "-t", title, *options, "-"], pdf)
    if done.returncode:
        raise AppError(
            f"打印机“{printer}”没有接收：{_reason(done.stderr)}。{_SAVED}", next_step="请检查打印机后再试，或另选一台。"
        )
    return _job(done.stdout)


def save(pdf: bytes, path: Path) -> None:
    """Writes the PDF to a file of its owner alone, whole or not at all.  AppError where it cannot be written."""
    try:
        write(path, pdf)
    except OSError as error:
        raise unwritten(path, error, "原有文件没有变动") from error


def _options(printer: str, ticket: Ticket, pdf: bytes) -> list[str]:
    media = ticket.media or _media(printer, pdf)
    options = [f"sides={ticket.sides}", "print-scaling=none", *([f"media={media}"] if media else [])]
    return ["-n", str(ticket.copies), *(word for option in options for word in ("-o", option))]


def _media(printer: str, pdf: bytes) -> str:
    """The paper of the pages as PWG 5101.1 names it, where the printer has it.

    A printer throws away a job on paper that it does not know, long after `lp` has taken it; so a size it does not list
    is not asked for, and comes out unscaled on the paper it has.  What is larger than A4 would be cut off: AppError.
    """
    with Preview(pdf) as opened:
        short, long = sorted(round(side) for side in opened.size(0))
    known = _paper_names(printer)
    name = _PAPERS.get((short, long), "")
    if name in known:
        return f"iso_{name.lower()}_{short}x{long}mm"
    if known and (short > _LARGEST[0] or long > _LARGEST[1]):
        raise AppError(f"打印机“{printer}”没有 {name} 纸，没有打印。{_SAVED}", next_step="请改选 A4，或换一台打印机。")
    return ""


def _paper_names(printer: str) -> set[str]:
    """The papers a printer lists, in the words of its PPD ("A4"); empty where it lists none."""
    if shutil.which("lpoptions") is None:
        return set()
    for line in _run(["lpoptions", "-p", printer, "-l"]).stdout.splitlines():
        option, _, values = line.partition(":")
        if option.startswith("PageSize/"):
            return {value.lstrip("*").partition(".")[0] for value in values.split()}
    return set()


def _run(command: Sequence[str], given: bytes | None = None) -> "subprocess.CompletedProcess[str]":
    """Runs one of the system's print programs with plain English answers."""
    program = shutil.which(command[0]) or command[0]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, arguments are never read by a shell
            [program, *command[1:]],
            input=given or b"",
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise AppError(f"打印服务没有应答，可能没有打印。{_SAVED}", next_step="请检查打印机后再试。") from error
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


def _unreachable(words: str) -> bool:
    return any(sign in words for sign in ("Unable to connect", "Connection refused", "Bad file descriptor"))


def _problems(listing: str) -> dict[str, str]:
    """Printers that are stopped: “printer X disabled since …” in the answer of `lpstat -p`."""
    found = {}
    for line in listing.splitlines():
        words = line.split()
        if len(words) > 2 and words[0] == "printer" and words[2] == "disabled":  # noqa: PLR2004 - its place in the line
            found[words[1]] = "已停用"
    return found


def _reason(words: str) -> str:
    reason = words.strip().removeprefix("lp: ").rstrip(".")
    known = {
        "not accepting": "打印机已暂停接收任务",
        "does not exist": "打印机已被删除",
        "Unable to connect": "打印服务没有启动",
        "Forbidden": "当前用户没有使用它的权限",
        "Unsupported": "打印机不支持所选的纸张或双面方式",
    }
    return next((said for sign, said in known.items() if sign in reason), reason or "原因不明")


def _job(answer: str) -> str:
    """“Linli-12” of “request id is Linli-12 (1 file(s))”."""
    return answer.partition("request id is ")[2].partition(" ")[0]
