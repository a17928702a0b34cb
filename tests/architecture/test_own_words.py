"""Whoever looks up a code looks in the community's own table first."""

import ast
from collections.abc import Iterator
from pathlib import Path

NO_STORE = {
    Path("desktop_app/profiles/desk.py"),  # a word the community's table has lost is looked up in the shipped one
    Path(
        "desktop_app/residents/reading.py"
    ),  # kinds of papers, which the plan of an import calls as the community does
}
"""Where no store is in reach; everything else asks `desk_codes(db, kind)`, a page `desk.codes(kind)`."""


def shipped_alone(tree: ast.Module) -> Iterator[int]:
    """Lines where a table is asked for without saying whose."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else ""
            if (
                isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and called.value.id == "queries"
            ):
                name = called.attr
            if name == "codes" and len(node.args) == 1 and not any(one.arg == "home" for one in node.keywords):
                yield node.lineno


def test_a_table_is_asked_for_as_the_community_has_it(modules):
    found = {
        f"{path}:{line}"
        for path, tree in modules.items()
        if path.parts[0] in {"desktop_app", "ui"} and path not in NO_STORE
        for line in shipped_alone(tree)
    }
    assert not found


def test_what_is_excused_still_needs_it(modules):
    assert [path for path in sorted(NO_STORE) if not any(shipped_alone(modules[path]))] == []
