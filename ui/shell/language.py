r"""The words of the window in another language than Chinese, in which they are written.

A translation is `resources/i18n/<language>.tsv`: a line a text, the Chinese words, a tab, the translation; `\n` is a
line break.  A text means the same wherever it stands, so there are no contexts; a text without a line stays Chinese.
"""

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from desktop_app.shared.resources import resource

CHINESE = "zh_CN"
LANGUAGES = (CHINESE, "en_US")


def read_words(path: Path) -> dict[str, str]:
    """Chinese → translation."""
    lines = (line.partition("\t") for line in path.read_text("utf-8").splitlines())
    return {_broken(source): _broken(words) for source, tab, words in lines if tab}


def _broken(text: str) -> str:
    return text.replace("\\n", "\n")


class Words(QTranslator):
    """Answers from a dictionary, whatever the context."""

    def __init__(self, words: dict[str, str], parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def isEmpty(self) -> bool:
        """Qt passes over translators that are empty."""
        return not self._words

    def translate(self, context: str, text: str, /, disambiguation: str | None = None, n: int = -1) -> str:
        """The translation, or the text itself."""
        del context, disambiguation, n
        return self._words.get(text, text)


def translate(app: QApplication, language: str = CHINESE) -> None:
    """Qt's own words in the language, and ours where it is not Chinese."""
    language = language if language in LANGUAGES else CHINESE
    QLocale.setDefault(QLocale(language))
    of_qt = QTranslator(app)
    if of_qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(of_qt)
    if language != CHINESE:
        app.installTranslator(Words(read_words(resource("i18n", f"{language}.tsv")), app))
