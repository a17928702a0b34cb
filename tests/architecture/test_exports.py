"""One gate: whatever writes a workbook writes it to the draft that `privacy.exporting.give_out` hands out."""

import ast

FREE = {
    "desktop_app/spreadsheets/workbook.py": "the writer itself",
    "desktop_app/spreadsheets/reports.py": "its caller hands it the draft: see cli/importing",
    "desktop_app/residents/template.py": "a blank template has no people in it",
    "desktop_app/sync/logbook.py": "counts of exchanges, no personal data",
}
"""Modules that write a workbook to a path of their own, and why they may."""


def imports_write(tree):
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "desktop_app.spreadsheets.workbook"
        and any(one.name == "write" for one in node.names)
        for node in ast.walk(tree)
    )


def writes(tree, call):
    """Whether a call writes a workbook: the writer itself, or a `write_…` of a slice's sheet."""
    called = ast.unparse(call.func)
    owner, _, verb = called.rpartition(".")
    return (called == "write" and imports_write(tree)) or (owner.endswith("sheet") and verb.startswith("write"))


def handed_out(path, tree):
    """Calls within `ListPane.write_file`, which `ListPane.export_to` gives the draft: the window's one way out."""
    if path.parts[0] != "ui":
        return set()
    panes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "write_file"]
    return {id(call) for pane in panes for call in ast.walk(pane)}


def test_every_workbook_goes_through_the_gate(modules):
    wrong = [
        f"{path}:{node.lineno} {ast.unparse(node)[:70]}"
        for path, tree in modules.items()
        if path.parts[0] in {"desktop_app", "ui"} and path.as_posix() not in FREE and path.name != "sheet.py"
        for within in [handed_out(path, tree)]
        for node in ast.walk(tree)
        if id(node) not in within
        if isinstance(node, ast.Call) and writes(tree, node) and "draft" not in map(ast.unparse, node.args)
    ]
    assert not wrong


def test_a_module_that_is_free_of_the_gate_is_still_there(root):
    assert not [name for name in FREE if not (root / name).exists()]


def test_the_panes_of_the_window_write_their_files_through_the_gate(root):
    text = (root / "ui/pages/list_pane.py").read_text("utf-8")
    assert "self.write_file(app.db, draft, lines)" in text
    assert "give_out(app.db, app.actor, export, path, make)" in text
