"""Documents say what is so: commands exist, links lead somewhere, every dependency was decided, nothing leaks."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

PAGES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
REGISTRIES = re.compile(
    r"\b(pypi|pythonhosted|npmjs|packagist|crates)\.(org|io|com)\b|\b(mirrors?|registry|deb|files)\.[\w-]+\.[a-z]{2,}\b"
    r"|-index-url|--find-links"
)
MACHINE = re.compile(r"(?<![\w.<{/*-])/(root|work|home|Users|opt)/\w|[A-Z]:\\+Users")
THIS = Path("tests/architecture/test_documents.py")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="session")
def project(root):
    """What pyproject.toml says of the project."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="session")
def dependencies(project):
    """Names of all packages the project asks for, those for development too."""
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    return {normal(re.match(r"[\w.-]+", name).group()) for name in wanted}


@pytest.mark.parametrize("page", PAGES[:3])
def test_every_make_command_in_the_documents_exists(root, page):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", (root / page).read_text("utf-8"), re.MULTILINE))
    assert told
    assert told <= targets


def test_the_two_commands_are_told_in_both_languages(root):
    for page in ("README.md", "README.zh-CN.md"):
        assert re.findall(r"^make (\w+)", (root / page).read_text("utf-8"), re.MULTILINE)[:2] == ["demo", "test"]


def test_continuous_integration_runs_the_test_command_of_the_readme(root):
    assert "exec make test" in (root / ".ci/run").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_every_linli_command_in_the_documents_exists(root, page):
    from desktop_app.cli.parser import build

    (verbs,) = (action.choices for action in build()._actions if isinstance(action.choices, dict))
    told = set(re.findall(r"(?:^|`|&& )linli ([a-z]+)", (root / page).read_text("utf-8"), re.MULTILINE))
    assert told <= set(verbs)


def test_links_between_documents_lead_somewhere(root, texts):
    broken = [
        f"{page}: {target}"
        for page, text in texts.items()
        if page.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)", text)
        if "://" not in target and not (root / page.parent / target).exists()
    ]
    assert not broken


def test_documents_that_the_code_refers_to_exist(root, texts):
    named = {found for text in texts.values() for found in re.findall(r"\bdocs/[\w./-]+\.md\b", text)}
    assert not {path for path in named if not (root / path).exists()}


def test_every_dependency_has_a_decision(root, dependencies):
    decided = " ".join(path.read_text("utf-8") for path in (root / "docs/decisions").glob("*.md")).lower()
    decided = normal(decided.replace("\n", " "))
    assert not {name for name in dependencies if name not in decided}


def test_decisions_are_numbered_without_a_gap_dated_and_short(root):
    files = sorted((root / "docs/decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        text = path.read_text("utf-8")
        assert re.search(r"^20\d\d-\d\d-\d\d\. (Accepted|Superseded by \d+)\.$", text, re.MULTILINE), path.name
        assert len(text.splitlines()) <= 60, path.name


def test_the_lock_file_pins_every_dependency_by_hash_and_names_no_index(root, dependencies):
    lines = (root / "requirements/lock.txt").read_text("utf-8").splitlines()
    pinned = {normal(line.partition("==")[0]) for line in lines if "==" in line and not line.startswith((" ", "#"))}
    assert dependencies <= pinned
    assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)
    assert not [line for line in lines if line.startswith("-") or "://" in line]


def test_the_changelog_and_the_licence_are_what_the_project_says(root, project):
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changes or f"## [{project['version']}]" in changes
    assert project["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in (root / "LICENSE").read_text("utf-8")


def test_nothing_is_left_for_later_in_a_comment(texts):
    assert not [str(path) for path, text in texts.items() if UNFINISHED.search(text) and path != THIS]


def test_no_registry_and_no_folder_of_one_machine_is_named(texts):
    found = [
        f"{path}: {line.strip()[:100]}"
        for path, text in texts.items()
        if path not in {THIS, Path("Makefile")}  # `make lock` says which options stay out of the lock file
        for line in text.splitlines()
        if REGISTRIES.search(line) or MACHINE.search(line)
    ]
    assert not found


def test_every_folder_of_resources_says_where_its_files_come_from(root):
    for folder in (root / "resources").iterdir():
        if not folder.is_dir() or not any(path.is_file() for path in folder.rglob("*")):
            continue
        readme = folder / "README.md"
        assert readme.exists(), folder.name
        assert re.search(r"licen[cs]e|source|basis|invented|来源", readme.read_text("utf-8"), re.IGNORECASE), (
            folder.name
        )


def test_every_data_file_of_resources_names_its_source(root):
    silent = [
        path.name
        for folder in ("codes", "profiles", "forms")
        for path in (root / "resources" / folder).glob("*.toml")
        if not re.search(r"source|basis|来源", path.read_text("utf-8"))
    ]
    assert not silent


def test_every_font_is_listed_with_its_licence_and_is_the_file_that_was_listed(root):
    readme = (root / "resources/fonts/README.md").read_text("utf-8")
    for font in (root / "resources/fonts").glob("*.[to]tf"):
        (row,) = [line for line in readme.splitlines() if line.startswith(f"| `{font.name}`")]
        assert hashlib.sha256(font.read_bytes()).hexdigest() in row
        (licence,) = re.findall(r"`(OFL-[\w.-]+)`", row)
        assert (root / "resources/fonts" / licence).exists()


def test_shell_scripts_stop_at_the_first_error(root, texts):
    for path, text in texts.items():
        if text.startswith("#!") and "bash" in text.splitlines()[0]:
            assert "set -euo pipefail" in text, path
            assert (root / path).stat().st_mode & 0o111, path
