"""The glossary and the code use the same names."""

import ast
import re
from pathlib import Path

import pytest

from desktop_app import schema  # noqa: F401 every model is imported
from desktop_app.store.base import record_classes

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("desktop_app", "sync_protocol", "central_server", "ui")
ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<names>[^|]+) \| (?P<meaning>[^|]+) \|$")


def rows() -> list[tuple[str, list[str], str]]:
    found = [ROW.match(line) for line in GLOSSARY.read_text("utf-8").splitlines()]
    return [
        (row["term"], re.findall(r"`([^`]+)`", row["names"]), row["meaning"])
        for row in found
        if row and "`" in row["names"]
    ]


def defined_in(tree: ast.AST) -> set[str]:
    """Names of classes, functions and assigned variables; members as Class.member."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names |= {node.name, *(f"{node.name}.{member}" for member in members(node))}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def members(node: ast.ClassDef) -> set[str]:
    annotated = {
        one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    return annotated | {one.name for one in node.body if isinstance(one, ast.FunctionDef)}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Everything the glossary may name: definitions, packages and modules, code tables."""
    names = {path.stem for path in (ROOT / "resources" / "codes").glob("*.toml")}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            names |= {path.stem, path.parent.name} | defined_in(ast.parse(path.read_text("utf-8")))
    return names


def test_every_identifier_in_the_glossary_exists_in_the_code(known: set[str]) -> None:
    named = {name for _, names, _ in rows() for name in names}
    quoted = {name for _, _, meaning in rows() for name in re.findall(r"`([\w.]+)`", meaning)}
    assert named, "the glossary has no rows"
    assert not (named | quoted) - known


def test_every_record_is_in_the_glossary() -> None:
    named = {name for _, names, _ in rows() for name in names}
    assert not {cls.__name__ for cls in record_classes().values()} - named


def test_every_slice_is_in_the_glossary() -> None:
    slices = {path.parent.name for path in (ROOT / "desktop_app").glob("*/model.py")}
    assert not slices - {name for _, names, _ in rows() for name in names}


def test_every_term_says_what_it_means() -> None:
    assert all(term.strip() and meaning.strip() for term, _, meaning in rows())
