"""What is given to be attached: files and pictures that were dropped or pasted, and what is told of those refused."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from ui.shell.problems import Problem
from ui.widgets.pictures import encoded


def files_of(given: QMimeData) -> list[Path]:
    """The files of this computer that were dropped or copied."""
    return [Path(url.toLocalFile()) for url in given.urls() if url.isLocalFile()]


def picture_of(given: QMimeData) -> bytes:
    """A picture that was copied, as a file; empty where there is none."""
    picture = QImage(given.imageData()) if given.hasImage() else QImage()
    return b"" if picture.isNull() else encoded(picture)


def told_of(refused: Sequence[tuple[str, Problem]]) -> Problem:
    """Several refused files in one: each by its name, what to do next said once."""
    words = "\n".join(f"“{name}”：{problem.words}" for name, problem in refused)
    steps = dict.fromkeys(problem.next_step for _, problem in refused if problem.next_step)
    report = "\n".join(problem.report for _, problem in refused if problem.is_bug)
    return Problem(words, " ".join(steps), report=report)


def size_words(count: int) -> str:
    """A size for a person."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{max(1, round(count / 1000))} KB"  # noqa: PLR2004 - 0.1 MB
