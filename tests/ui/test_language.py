"""The window speaks English where somebody wants it to, and Chinese where there is no English."""

import ast
import re

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QRadioButton

from desktop_app.shared.resources import resource
from ui.shell.language import LANGUAGES, Words, read_words
from ui.shell.settings import Settings

HAN = re.compile(r"[\u4e00-\u9fff]")
BRACES = re.compile(r"\{\w+\}")
ENOUGH = 0.97
"""A text nobody translated yet stays Chinese and stops nobody's work; many would."""
CALLS = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}
"""What names a text for translation, and which argument it is."""


@pytest.fixture(scope="module")
def english():
    return read_words(resource("i18n", "en_US.tsv"))


@pytest.fixture(scope="module")
def sources():
    """Every text of the window that can be translated."""
    found = set()
    for path in (resource("i18n").parents[1] / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                told = node.args[CALLS[called] : CALLS[called] + 1] if called in CALLS else []
                found |= {one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {text for text in found if HAN.search(text)}


def test_nearly_every_text_of_the_window_has_english(english, sources):
    assert len(sources) > 2000
    missing = sorted(sources - set(english))
    assert len(missing) <= (1 - ENOUGH) * len(sources), missing


def test_english_keeps_what_stands_in_braces(english):
    lost = {
        source: words
        for source, words in english.items()
        if sorted(BRACES.findall(source)) != sorted(BRACES.findall(words))
    }
    assert not lost


def test_no_english_is_left_over_for_texts_the_window_no_longer_has(english, sources):
    assert len({source for source in english if HAN.search(source)} - sources) <= (1 - ENOUGH) * len(sources)


def test_the_file_is_sorted_and_has_no_text_twice():
    lines = resource("i18n", "en_US.tsv").read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert all(line.count("\t") == 1 for line in lines)


def test_a_text_is_translated_whatever_object_asks(qtbot):
    app = QCoreApplication.instance()
    words = Words({"居民": "Residents", "一行\n两行": "two\nlines"}, app)
    app.installTranslator(words)
    try:
        assert QObject(app).tr("居民") == "Residents"
        assert QCoreApplication.translate("Pages", "居民") == "Residents"
        assert QObject(app).tr("一行\n两行") == "two\nlines"
        assert QObject(app).tr("没有英文的字") == "没有英文的字"
    finally:
        app.removeTranslator(words)


def test_a_line_break_is_written_as_two_characters(tmp_path):
    (tmp_path / "x.tsv").write_text("一\\n二\ttwo\\nlines\n不完整的行\n", encoding="utf-8")
    assert read_words(tmp_path / "x.tsv") == {"一\n二": "two\nlines"}


def test_an_unknown_language_in_the_settings_means_chinese(tmp_path):
    settings = Settings(tmp_path / "window.ini")
    assert settings.language == LANGUAGES[0]
    settings.put("look/language", "en_US")
    assert settings.language == "en_US"
    settings.put("look/language", "xx")
    assert settings.language == LANGUAGES[0]


def test_english_is_chosen_in_the_settings_and_kept_for_the_next_start(window):
    window.open_page("settings")
    page = window.tabs.current.page
    (english,) = [radio for radio in page.findChildren(QRadioButton) if radio.text() == "English"]
    english.click()
    assert window.settings.language == "en_US"
