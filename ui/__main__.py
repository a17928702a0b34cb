"""Starts the window: `python -m ui`.

Order (design: the search box takes keys before anything else is loaded): input method and switch interval,
QApplication, single instance, theme and translation, empty window, event loop; then the store and everything that
imports SQLAlchemy.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

SWITCH_INTERVAL = 0.001  # seconds; keeps frames short while Python works in a thread


def choose_input_method(environment: dict[str, str], plugins: Path) -> str | None:
    """The QT_IM_MODULE to set, or None:

    Fcitx without a plugin for this very Qt cannot type, but fcitx5 answers as ibus.
    """
    asked = environment.get("QT_IM_MODULE", "") or environment.get("XMODIFIERS", "").partition("=")[2]
    if not asked.startswith("fcitx"):
        return None
    found = any(plugins.glob("platforminputcontexts/*fcitx*"))
    return None if found else "ibus"


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="linli-window", description="邻里工作站")
    parser.add_argument("--home", type=Path, default=None, help="数据文件夹")
    parser.add_argument("--safe-mode", action="store_true", help="按默认外观和窗口大小打开")
    parser.add_argument("file", nargs="?", default="", help="要导入的表格")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the window; returns the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["--cli"]:
        from desktop_app.cli import main as command_line

        return command_line(list(argv[1:]))
    options = _arguments(argv)
    home = options.home or _default_home()
    sys.setswitchinterval(SWITCH_INTERVAL)
    from ui.start import run

    _prepare_input()
    return run(home, safe=options.safe_mode, file=options.file)


def _default_home() -> Path:
    """As `desktop_app.app.default_home`, without importing the core before the window is there."""
    if told := os.environ.get("LINLI_HOME"):
        return Path(told)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "linli"


def _prepare_input() -> None:
    from PySide6.QtCore import QLibraryInfo

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    if module := choose_input_method(dict(os.environ), plugins):
        os.environ["QT_IM_MODULE"] = module


if __name__ == "__main__":
    sys.exit(main())
