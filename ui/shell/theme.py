"""Fusion with one palette per theme, a small style sheet, four text sizes and a font that can write Chinese.

`apply` may be called again at any time; `Theme.changed` then tells widgets that paint themselves.
"""

from functools import cache
from pathlib import Path
from string import Template
from tempfile import gettempdir

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.shared.resources import resource
from ui.shell.colours import DARK, LIGHT, Colours, tokens
from ui.shell.icons import TintedEngine, pixmap

FONT_SIZES = (14, 16, 18, 20)  # pixels; 18 and 20 are the senior sizes
MODES = ("system", "light", "dark")
_ROW = {14: 28, 16: 32, 18: 38, 20: 44}
_CONTROL = {14: 32, 16: 36, 18: 42, 20: 46}
_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)
_BUNDLED = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
_SHEET = Path(__file__).with_name("theme.qss")


class Theme(QObject):
    """Colours and sizes now in force; one object for the whole window."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.colours: Colours = LIGHT
        self.font_px = FONT_SIZES[0]
        self.bundled_font_only = False
        self._icons: dict[tuple[str, str], QIcon] = {}

    @property
    def row_height(self) -> int:
        """Height of a table row in pixels; grows with the text."""
        return _ROW[self.font_px]

    @property
    def control_height(self) -> int:
        return _CONTROL[self.font_px]

    @property
    def is_dark(self) -> bool:
        return self.colours is DARK

    def icon(self, name: str, role: str = "text") -> QIcon:
        """An icon in the colour of a role of `Colours`, whichever theme is in force when it is painted."""
        key = (name, role)
        if key not in self._icons:
            self._icons[key] = QIcon(TintedEngine(name, lambda: str(getattr(self.colours, role))))
        return self._icons[key]

    def colour(self, role: str) -> QColor:
        return QColor(tokens(self.colours)[role])

    def apply(self, mode: str = "system", font_px: int = FONT_SIZES[0]) -> None:
        """Dress the whole application. Unknown sizes fall back to the smallest, unknown modes to the system's."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        self.font_px = font_px if font_px in FONT_SIZES else FONT_SIZES[0]
        self.colours = DARK if _wants_dark(app, mode) else LIGHT
        app.setStyle("Fusion")
        app.setFont(self._font())
        app.setPalette(_palette(self.colours))
        app.setStyleSheet(self._sheet())
        self.changed.emit()

    def _font(self) -> QFont:
        font = QFont(chinese_family(bundled_only=self.bundled_font_only))
        font.setPixelSize(self.font_px)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _sheet(self) -> str:
        control, chip = self.control_height, self.control_height - 6
        sizes = {
            "inner": control - 2,
            "inner_focus": control - 4,
            "chip": chip - 2,
            "chip_focus": chip - 4,
            "chip_radius": chip // 2,
            "nav": max(32, self.font_px + 13),  # so that all places fit beside each other at 1366 × 768
            "large": self.font_px + 2,
            "title": self.font_px + 6,
            "figure": self.font_px + 10,
        }
        names = {
            **tokens(self.colours),
            **sizes,
            "down_icon": _icon_file("down", self.colours.muted),
            "check_icon": _icon_file("check", self.colours.on_accent),
        }
        return Template(_SHEET.read_text(encoding="utf-8")).substitute(names)


def chinese_family(*, bundled_only: bool = False) -> str:
    """A family that can write Chinese: the system's if it has one of the usual ones, else the bundled font."""
    known = set() if bundled_only else set(QFontDatabase.families())
    for family in _FAMILIES:
        if family in known:
            return family
    return _bundled_family()


@cache
def _bundled_family() -> str:
    numbers = [QFontDatabase.addApplicationFont(str(resource("fonts", name))) for name in _BUNDLED]
    families = QFontDatabase.applicationFontFamilies(numbers[0]) if numbers[0] >= 0 else []
    return families[0] if families else QFont().defaultFamily()


def _wants_dark(app: QApplication, mode: str) -> bool:
    if mode in {"light", "dark"}:
        return mode == "dark"
    return app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _icon_file(name: str, colour: str) -> str:
    """A tinted icon as a file, because a style sheet can only name files."""
    path = Path(gettempdir()) / f"linli-{name}-{colour.lstrip('#')}.png"
    if not path.exists():
        pixmap(name, colour, 28).save(str(path))
    return path.as_posix()


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    pairs = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent_text,
        role.LinkVisited: colours.accent_text,
        role.PlaceholderText: colours.muted,
        role.Light: colours.raised,
        role.Midlight: colours.line,
        role.Mid: colours.edge,
        role.Dark: colours.edge,
        role.Shadow: colours.line,
    }
    for part, colour in pairs.items():
        palette.setColor(part, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, part, QColor(colours.muted))
    return palette
