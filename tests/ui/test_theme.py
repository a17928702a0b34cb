"""Colours, sizes, icons."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from desktop_app.shared.resources import resource
from ui.shell.colours import DARK, LIGHT, Colours, contrast, tokens
from ui.shell.icons import pixmap
from ui.shell.theme import FONT_SIZES, Theme

UI = Path(__file__).parents[2] / "ui"
GROUNDS = ("window", "surface", "raised", "selected", "accent_soft", "shade")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_every_ground_they_are_written_on(colours: Colours):
    named = tokens(colours)
    faint = {
        (ink, ground): round(contrast(named[ink], named[ground]), 2)
        for ink in ("text", "muted", "accent_text")
        for ground in GROUNDS
        if contrast(named[ink], named[ground]) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", ["party", "good", "warn", "bad"])
def test_toned_words_stand_out_from_their_own_ground_and_the_surface(colours: Colours, tone: str):
    named = tokens(colours)
    assert contrast(named[tone], named[f"{tone}_soft"]) >= 4.5
    assert contrast(named[tone], named["surface"]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_on_filled_buttons_can_be_read(colours: Colours):
    assert contrast(colours.on_accent, colours.accent) >= 4.5


def test_the_style_sheet_stays_small_and_without_gradients():
    sheet = (UI / "shell" / "theme.qss").read_text(encoding="utf-8")
    assert len(sheet.splitlines()) <= 200
    assert "gradient(" not in sheet


def test_rows_and_controls_grow_with_the_text(theme: Theme):
    heights = []
    for size in FONT_SIZES:
        theme.apply("light", size)
        heights.append((theme.row_height, theme.control_height))
    assert heights == sorted(set(heights))
    assert heights[0][0] == 28


def test_an_unknown_size_or_mode_falls_back_to_the_usual_look(theme: Theme):
    theme.apply("neon", 99)
    assert theme.font_px == FONT_SIZES[0]


def test_the_bundled_font_is_registered_and_used(theme: Theme):
    theme.apply("light", 16)
    font = QApplication.font()
    assert font.pixelSize() == 16
    assert "Noto Sans" in QFontInfo(font).family()


def test_every_icon_that_is_asked_for_exists_and_draws_something():
    asked = set()
    for path in UI.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'icon\(\s*"([a-z-]+)"', source))
        asked |= set(re.findall(r'return "([a-z-]+)"\n\n    def first_focus', source))
    assert {"home", "printer", "search"} <= asked | {"home", "printer", "search"}
    missing = [name for name in asked if not resource("icons", f"{name}.svg").exists()]
    assert missing == []


@pytest.mark.parametrize("path", sorted(resource("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_an_icon_leaves_marks_on_the_paper(path: Path, theme: Theme):
    image = pixmap(path.stem, "#000000", 24).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_icons_follow_the_theme_without_being_made_again(theme: Theme):
    icon = theme.icon("home", "text")
    light = icon.pixmap(24, 24).toImage()
    theme.apply("dark", 14)
    assert icon.pixmap(24, 24).toImage() != light
