"""Lists are explicit tuples, and nothing is missing from them."""

import ast

from desktop_app.printing.forms import FORMS


def classes(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def test_every_form_is_listed_once(root):
    files = {path.stem for path in (root / "desktop_app/printing/forms").glob("*.py")} - {"__init__"}
    assert files == {type(form).__module__.rpartition(".")[2] for form in FORMS}
    names = [form.name for form in FORMS]
    assert len(names) == len(set(names))


def test_every_form_says_what_it_is_in_chinese():
    for form in FORMS:
        assert any("\u4e00" <= character <= "\u9fff" for character in form.title), form.name
        assert form.sizes, form.name


def test_every_page_is_listed(root):
    listed = (root / "ui/pages/__init__.py").read_text("utf-8")
    pages = {
        name
        for path in (root / "ui/pages").glob("*.py")
        for name in classes(ast.parse(path.read_text("utf-8")))
        if name.endswith("Page") and name != "Page"
    }
    assert len(pages) >= 8
    assert not {name for name in pages if name not in listed}


def test_every_model_is_imported_by_the_schema(root):
    from desktop_app.schema import MODELS

    slices = {f"desktop_app.{path.parent.name}.model" for path in (root / "desktop_app").glob("*/model.py")}
    assert slices <= {module.__name__ for module in MODELS}
