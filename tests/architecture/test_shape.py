"""The tree keeps its laws: slices alike, small files, small functions, one door for each heavy library."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
FORBIDDEN_NAMES = {"helpers.py", "helper.py", "utils.py", "util.py", "manager.py", "misc.py", "common.py"}
DOORS = {
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "reportlab": ("desktop_app/printing/",),
    "pypdfium2": ("desktop_app/printing/", "desktop_app/attachments/pictures.py"),
    "PIL": ("desktop_app/attachments/pictures.py",),
    "zxingcpp": ("desktop_app/printing/codes.py",),
    "python_calamine": ("desktop_app/spreadsheets/workbook.py",),
    "xlsxwriter": ("desktop_app/spreadsheets/workbook.py", "central_server/rollups/sheets.py"),
    "urllib3": ("desktop_app/sync/client.py", "desktop_app/sync/wholes.py"),
    "alembic": ("desktop_app/store/upgrade.py",),
    "keyring": ("desktop_app/store/keys.py",),
    "sqlcipher3": ("desktop_app/store/", "desktop_app/sync/merge.py"),
    "psycopg": ("central_server/storage/",),
    "psycopg_pool": ("central_server/storage/",),
    "starlette": ("central_server/",),
    "uvicorn": ("central_server/cli/serving.py", "central_server/shell/connections.py"),
    "jinja2": ("central_server/console/web.py",),
    "prometheus_client": ("central_server/shell/metrics.py",),
}
"""Heavy library → where alone it may be imported.  sync/merge reads the error of a row that cannot be stored."""

BLOCKED = """
import importlib, pkgutil, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "ui"):
            raise ImportError(f"{name} is not installed here")

sys.meta_path.insert(0, NoQt())
for package in ("sync_protocol", "central_server", "desktop_app"):
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
            print(found.name)
"""


@cache
def imports(tree: ast.Module) -> frozenset[str]:
    """The names of all modules a file imports, wherever in it."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return frozenset(found)


def test_every_slice_has_the_same_rooms(root):
    slices = [model.parent for model in (root / "desktop_app").glob("*/model.py")]
    assert len(slices) >= 6
    for folder in slices:
        rooms = {path.name for path in folder.iterdir()}
        assert {"__init__.py", "rules.py", "queries.py", "actions.py"} <= rooms, folder.name


def test_no_file_has_a_name_that_says_nothing(tracked):
    assert not [path for path in tracked if path.name in FORBIDDEN_NAMES]


def test_files_are_short(root, modules):
    lengths = {path: len((root / path).read_text("utf-8").splitlines()) for path in modules}
    assert not {str(path): length for path, length in lengths.items() if length >= LONGEST_FILE}


def test_functions_are_short(modules):
    long = {
        f"{path}:{node.lineno} {node.name}": length
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


@pytest.mark.parametrize("library", DOORS)
def test_each_heavy_library_has_one_door(modules, library):
    users = [
        path.as_posix() for path, tree in modules.items() if library in {name.split(".")[0] for name in imports(tree)}
    ]
    assert users, f"nothing uses {library} any more: take it off the list"
    assert not [path for path in users if not path.startswith(DOORS[library])]


def test_the_shared_protocol_needs_the_standard_library_alone(modules):
    foreign = {
        name.split(".")[0]
        for path, tree in modules.items()
        if path.parts[0] == "sync_protocol"
        for name in imports(tree)
    } - sys.stdlib_module_names
    assert foreign <= {"sync_protocol"}


def test_only_the_clock_asks_the_machine_for_the_time(modules):
    asked = re.compile(r"^(datetime\.(now|today|utcnow)|date\.today|time\.(time|time_ns))$")
    callers = {
        path.as_posix()
        for path, tree in modules.items()
        if path.parts[0] == "desktop_app"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and asked.match(ast.unparse(node.func))
    }
    # identifiers carry the time of the machine, not of the desk: they must not repeat when a test stops the clock
    assert callers <= {"desktop_app/shared/clock.py", "desktop_app/shared/ids.py"}


def test_imports_point_down_the_shelf():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_core_and_the_server_work_without_qt(modules):
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"desktop_app.app", "desktop_app.cli", "desktop_app.sync.engine", "desktop_app.printing.forms"} <= set(
        done.stdout.split()
    )


def test_the_command_line_starts_without_the_heavy_libraries():
    heavy = sorted(set(DOORS) - {"sqlcipher3"})
    code = f"import sys, desktop_app.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
