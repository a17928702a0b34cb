"""One gate: whatever writes a workbook, or any other file, writes it to the draft that `give_out` hands out.

A paper saved as a PDF goes by the print log, whose transaction notes lists of people and whole numbers in the register
of exports.  What else writes a file is named, with what is in it.
"""

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


SINKS = {"write_bytes", "write_text", "save_as", "copyfile", "copy", "copy2", "getSaveFileContent"}
ENCRYPTED = "encrypted, or the key to it"
LOGGED = "papers.record_print stands before it, in the same function"
OTHER_FILES = {
    "desktop_app/shared/private.py": "the writer itself",
    "desktop_app/printing/spooler.py": "the writer of PDF files itself",
    "desktop_app/shared/durable.py": "writes nothing: it asks for what was written to be on the disk",
    "desktop_app/shared/lock.py": "an empty file that two processes lock",
    "desktop_app/attachments/actions.py": "save_as itself; its one caller gives it the draft",
    "desktop_app/store/content.py": ENCRYPTED,
    "desktop_app/store/backup.py": ENCRYPTED,
    "desktop_app/store/keys.py": ENCRYPTED,
    "desktop_app/upkeep/repairing.py": ENCRYPTED,
    "desktop_app/sync/stick.py": ENCRYPTED,
    "desktop_app/sync/logbook.py": "counts of exchanges, no personal data",
    "desktop_app/demo/rehearsal.py": "a mark in the folder of a demonstration",
    "desktop_app/demo/central.py": "what the server of the demonstration says",
    "desktop_app/demo/papers.py": LOGGED,
    "desktop_app/practice/actions.py": "the community's own rules, no personal data",
    "desktop_app/cli/accounts.py": "the table of rights, no personal data",
    "desktop_app/cli/backups.py": "the recovery sheet: a key, kept in an envelope",
    "desktop_app/cli/papers.py": LOGGED,
    "desktop_app/cli/visiting.py": LOGGED,
    "ui/pages/printing_paper.py": LOGGED,
    "ui/widgets/attachments.py": "a copy to look at, in a folder of its owner that goes with the page",
}
"""Modules that write files of their own, and what is in them."""


def opens_to_write(call):
    """`open(…, "w")` or `path.open("w")`, in any of its modes that write."""
    if ast.unparse(call.func).rpartition(".")[2] not in {"open", "fdopen"}:
        return False
    told = [*call.args, *(one.value for one in call.keywords if one.arg == "mode")]
    modes = [one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(set(mode) <= set("rwxab+t") and set(mode) & set("wxa+") for mode in modes)


def imported(tree, module):
    """The names a module takes from another."""
    return {
        one.asname or one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for one in node.names
    }


def writes_a_file(spooler, private, call):
    """`spooler`, `private`: what the module takes from the two writers."""
    called = ast.unparse(call.func)
    owner, _, verb = called.rpartition(".")
    if verb in SINKS and owner != "copy":
        return verb not in {"copy", "copy2"} or owner == "shutil"
    if called == "spooler.save" or (called == "save" and "save" in spooler):
        return True
    return opens_to_write(call) or (called in {"write", "private.write"} and bool(private & {"write", "private"}))


def file_writers(modules):
    for path, tree in modules.items():
        if path.parts[0] not in {"desktop_app", "ui"}:
            continue
        taken = [imported(tree, name) for name in ("desktop_app.printing.spooler", "desktop_app.shared.private")]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and writes_a_file(*taken, node):
                words = [ast.unparse(one) for one in node.args] + [ast.unparse(node.func)]
                if not any(word == "draft" or word.startswith("draft.") for word in words):
                    yield path.as_posix(), f"{path}:{node.lineno} {ast.unparse(node)[:70]}"


def test_every_other_file_goes_through_the_gate_or_is_named(modules):
    assert not [words for name, words in file_writers(modules) if name not in OTHER_FILES]


def test_no_module_is_named_that_writes_no_file(modules):
    assert set(OTHER_FILES) == {name for name, _ in file_writers(modules)} & set(OTHER_FILES)


def test_a_paper_is_noted_before_it_is_saved(root):
    """In each of these the line in the log stands above the file, and a failure after it is noted too."""
    logged = [name for name, why in OTHER_FILES.items() if why == LOGGED]
    assert logged
    for name in logged:
        text = (root / name).read_text("utf-8")
        assert "record_print" in text
        assert text.count("spooler.save(") == 1
