"""Settings of the window, kept as `window.ini` in the data folder. Nothing about residents belongs here."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ui.shell.language import CHINESE, LANGUAGES
from ui.shell.theme import FONT_SIZES, MODES


class Settings:
    """Typed access to the INI file; a damaged or missing value means the default."""

    def __init__(self, path: Path) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)
        self._file.remove("recent")  # earlier programs kept what was opened last here, by name

    def text(self, key: str, default: str = "") -> str:
        value = self._file.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int) -> int:
        value = self.text(key, str(default))
        return int(value) if value.lstrip("-").isdigit() else default

    def flag(self, key: str, *, default: bool = False) -> bool:
        return self.text(key, "1" if default else "0") == "1"

    def put(self, key: str, value: str | int | bool) -> None:
        self._file.setValue(key, str(int(value)) if isinstance(value, bool | int) else value)

    def shape(self, key: str) -> QByteArray:
        """What a header or a window said of its shape."""
        value = self._file.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def put_shape(self, key: str, value: QByteArray) -> None:
        self._file.setValue(key, value)

    @property
    def font_px(self) -> int:
        size = self.number("look/font", FONT_SIZES[0])
        return size if size in FONT_SIZES else FONT_SIZES[0]

    @property
    def mode(self) -> str:
        mode = self.text("look/mode", MODES[0])
        return mode if mode in MODES else MODES[0]

    @property
    def language(self) -> str:
        language = self.text("look/language", CHINESE)
        return language if language in LANGUAGES else CHINESE

    def sync(self) -> None:
        """Write to disk now (Qt writes a new file and renames it)."""
        self._file.sync()
