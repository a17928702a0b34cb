"""How a command is declared: its words now, its module when it runs."""

import argparse
from collections.abc import Callable
from typing import Any

from desktop_app.cli.session import Session

Run = Callable[[Session], None]
KINDS = "resident、household、room、building、estate、meeting、centre"


def later(module: str, name: str) -> Run:
    """A command whose module is imported when it runs: `linli find` need not load the printing of cards."""

    def run(session: Session) -> None:
        from importlib import import_module

        command: Run = getattr(import_module(f"desktop_app.cli.{module}"), name)
        command(session)

    return run


def command(commands: Any, name: str, run: Run, words: str, *, inner: bool = False) -> argparse.ArgumentParser:
    """A command with the options every command has.

    `inner`: the command around it takes the same; what was said there must not be blanked by what was not said here.
    """
    unsaid = argparse.SUPPRESS if inner else None
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words, argument_default=unsaid)
    made.add_argument("--home", metavar="文件夹", help="数据所在的文件夹（默认 LINLI_HOME 或用户数据目录）")
    made.add_argument("--json", action="store_true", help="结果用 JSON 输出")
    made.add_argument("--json-progress", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--quiet", action="store_true", help="不显示进度")
    made.set_defaults(run=run, command=f"{getattr(commands, 'within', '')} {name}".strip())
    return made


def given_to(made: argparse.ArgumentParser) -> None:
    """Whoever gives a list out says to whom and what for: it stands in the export register."""
    made.add_argument("--to", default="", metavar="接收方", help="交给谁，记入导出登记")
    made.add_argument("--for", dest="purpose", default="", metavar="用途", help="做什么用，记入导出登记")


def verbs(commands: Any, name: str, words: str, title: str) -> Any:
    """A command that is followed by a verb: `linli appeal add`."""
    made = commands.add_parser(name, help=words, description=title)
    found: Any = made.add_subparsers(title="动作", required=True, metavar="动作")
    found.within = name  # `xyz sync` is not `sync`, which a timer may run
    return found
