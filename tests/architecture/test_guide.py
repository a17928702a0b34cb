"""The user guide is true of the program: commands parse, keys and words are in the window, nothing is left out."""

import ast
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from desktop_app.cli.parser import build
from desktop_app.printing.forms import FORMS
from ui.screenshots import FACES

GUIDE = Path("docs/guide")
COMMANDS = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/server.md")
KEY = re.compile(r"<kbd>(.+?)</kbd>")
QUOTED = re.compile(r"「(.+?)」")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+\.png)\)")
EVERYWHERE = frozenset({"Enter", "Esc", "Ctrl+A", *(f"Alt+{n}" for n in range(1, 7)), "Ctrl+1", "Ctrl+9", *"1234"})
"""Keys that Qt itself gives to every list and field, and those of faces, places and values, which are counted out."""
LARGEST_PICTURE, ALL_PICTURES = 130_000, 8_000_000  # bytes


@pytest.fixture(scope="module")
def chapters(root):
    """Name → text of each chapter."""
    return {path.stem: path.read_text("utf-8") for path in sorted((root / GUIDE).glob("*.md"))}


@pytest.fixture(scope="module")
def literals(root):
    """Module of the window → the texts that stand in it; Qt's own `Key_Insert` counts as Insert."""
    found = {}
    for path in sorted((root / "ui").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        keys = {node.attr[4:] for node in nodes if isinstance(node, ast.Attribute) and node.attr.startswith("Key_")}
        found[path] = keys | {
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return found


def names_of(text: str) -> set[str]:
    """Page keys and scenes a chapter shows pictures of (residents, person-form); a face counts as its page."""
    shown = {
        Path(picture).stem.removesuffix("-light") for picture in PICTURE.findall(text) if "/papers/" not in picture
    }
    return {FACES.get(name, (name,))[0] for name in shown}


# ------------------------------------------------------------------------------------------------------------ complete


def test_every_chapter_is_in_the_table_of_contents(chapters):
    assert set(re.findall(r"\]\(([a-z-]+)\.md\)", chapters["README"])) == set(chapters) - {"README"}


def test_every_page_of_the_window_has_a_chapter_with_its_picture(root, chapters):
    listed = (root / "ui/pages/__init__.py").read_text("utf-8")
    keys = set(re.findall(r"PageEntry\(\s*\"([a-z-]+)\"", listed))
    assert len(keys) > 20
    assert keys <= set().union(*map(names_of, chapters.values()))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_paper_has_its_picture_and_its_title_in_a_chapter(form, chapters):
    at = [name for name, text in chapters.items() if f"![{form.title}](../pictures/papers/{form.name}.png)" in text]
    assert len(at) == 1


def test_every_picture_that_is_shown_exists_and_every_picture_is_shown(root, texts):
    shown = {
        (root / page.parent / picture).resolve()
        for page, text in texts.items()
        if page.suffix == ".md"
        for picture in PICTURE.findall(text)
        if "://" not in picture
    }
    kept = set((root / "docs/pictures").rglob("*.png"))
    assert not {path.name for path in shown if not path.exists()}
    assert not {path.name for path in kept - shown}


def test_pictures_stay_small(root):
    sizes = {path.name: path.stat().st_size for path in (root / "docs/pictures").rglob("*.png")}
    assert not {name: size for name, size in sizes.items() if size > LARGEST_PICTURE}
    assert sum(sizes.values()) < ALL_PICTURES


# ---------------------------------------------------------------------------------------------------------------- true


def test_every_key_in_a_chapter_is_a_key_of_the_pages_it_shows(root, chapters, literals):
    results = tomllib.loads((root / "resources/codes/visit_results.toml").read_text("utf-8"))["entries"]
    known = EVERYWHERE | {one["key"] for one in results}
    wrong = []
    for chapter, text in chapters.items():
        # appeal-form is appeal_form.py; the page of appeals is appeals*.py and appeal*.py
        starts = tuple(stem for name in names_of(text) for stem in (name.replace("-", "_"), name.rstrip("s")))
        keys = {
            text
            for path, found in literals.items()
            if path.parent.name != "pages" or path.stem.startswith(("list_pane", *starts))
            for text in found
        }
        wrong += [f"{chapter}: {key}" for key in KEY.findall(text) if key not in keys | known]
    assert not wrong


def test_what_the_guide_quotes_from_the_screen_stands_there(root, chapters, literals):
    codes = [
        text
        for path in [*(root / "resources/codes").glob("*.toml"), *(root / "resources/profiles").glob("*.toml")]
        for text in re.findall(r'"([^"]+)"', path.read_text("utf-8"))
    ]
    core = [
        text
        for path in (root / "desktop_app").rglob("*.py")
        for text in re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"', path.read_text("utf-8"))
    ]
    words = "\n".join([*(text for found in literals.values() for text in found), *codes, *core])
    wrong = [
        f"{chapter}: {quoted}"
        for chapter, text in chapters.items()
        for quoted in QUOTED.findall(text)
        if not all(part.strip() in words for part in quoted.split("…"))
    ]
    assert not wrong


def fenced(text: str) -> list[str]:
    """The `linli` lines of the blocks, one command each."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [one.partition("#")[0].strip() for block in blocks for one in block.splitlines()]
    return [part.strip() for line in lines for part in line.split("&&") if re.match(r"\s*linli\s", part)]


def test_every_command_line_of_the_documents_parses(root, chapters):
    parser = build()
    texts = [*chapters.values(), *((root / page).read_text("utf-8") for page in COMMANDS)]
    commands = [command for text in texts for command in fenced(text)]
    assert len(commands) > 40
    for command in commands:
        parser.parse_args(shlex.split(command)[1:])  # raises what a person would read


def test_commands_named_in_a_sentence_exist(root, chapters):
    (verbs,) = (action.choices for action in build()._actions if isinstance(action.choices, dict))
    texts = [*chapters.values(), *((root / page).read_text("utf-8") for page in COMMANDS)]
    wrong = []
    for told in {found for text in texts for found in re.findall(r"`linli ([^`]+)`", text)}:
        words = told.split()
        parser = verbs.get(words[0])
        inner = next((a.choices for a in parser._actions if isinstance(a.choices, dict)), None) if parser else None
        if inner and len(words) > 1:
            parser = inner.get(words[1])
        options = [word for word in words if word.startswith("--")]
        if words[0] not in {"命令", "--help"} and (
            parser is None or any(one not in parser._option_string_actions for one in options)
        ):
            wrong.append(told)
    assert not wrong


def test_the_makefile_makes_the_pictures_the_guide_shows(root):
    made = (root / "Makefile").read_text("utf-8").partition("screenshots: test-ready")[2].partition("\n\n")[0]
    assert "ui.screenshots docs/pictures" in made
    assert "setup/picture_papers.py" in made


def test_town_profiles_named_in_the_guide_are_shipped(root, chapters):
    told = set(re.findall(r"--profile (\w+)", "\n".join(chapters.values())))
    shipped = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in (root / "resources/profiles").glob("*.toml")
    }
    assert told
    assert told <= set(shipped)
