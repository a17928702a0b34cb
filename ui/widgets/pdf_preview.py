"""A preview of pages that somebody else draws: `render(page, dots_per_inch)` gives the pixels, off the window's thread.

Preview and paper take one path: the same PDF page is rendered here for the screen and by the printing code for paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.shell.background import Background
from ui.shell.parts import icon_button, label, row
from ui.shell.theme import Theme

_ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_SCREEN_DPI = 96
_POINTS = 72
_BYTES = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBX8888}


@dataclass(frozen=True, slots=True)
class Pixels:
    """A rendered page: `data` holds rows of `stride` bytes, `channels` 3 = RGB or 4 = RGBX."""

    width: int
    height: int
    stride: int
    data: bytes
    channels: int = 3


Render = Callable[[int, float], Pixels]


class Paper(QLabel):
    """One sheet on the desk, with its border; blank in the right size until it has been drawn."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_page(self, picture: QPixmap, size: QSize) -> None:
        self._picture = picture
        self.setFixedSize(size + QSize(2, 2))
        self.update()

    @property
    def has_picture(self) -> bool:
        return not self._picture.isNull()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if not self._picture.isNull():
            painter.drawPixmap(QPointF(1, 1), self._picture)
        painter.setPen(self._theme.colour("edge"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PdfPreview(QWidget):
    """One page at a time:

    Page Up and Page Down turn it, Ctrl+plus and Ctrl+minus or Ctrl+wheel zoom, Home and End jump.
    """

    def __init__(self, theme: Theme, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._render: Render | None = None
        self._sizes: Sequence[tuple[float, float]] = ()  # points
        self.page = 0
        self._zoom = 0.0  # 0 = the whole page
        self.paper = Paper(theme)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area.setWidget(self.paper)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("打印预览"))
        self._where = label("", "muted")
        self._scale = label("", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area, 1)
        layout.addLayout(
            row(
                1,
                icon_button(theme.icon("back"), self.tr("上一页"), lambda: self.turn(-1)),
                self._where,
                icon_button(theme.icon("forward"), self.tr("下一页"), lambda: self.turn(1)),
                icon_button(theme.icon("zoom-out"), self.tr("缩小"), lambda: self.zoom_step(-1)),
                self._scale,
                icon_button(theme.icon("zoom-in"), self.tr("放大"), lambda: self.zoom_step(1)),
                1,
            )
        )
        self._tell()

    def show_pages(self, sizes: Sequence[tuple[float, float]], render: Render) -> None:
        """Pages with their sizes in points; `render` is called on the reader thread."""
        self._sizes, self._render = sizes, render
        self.page = 0
        self._draw()

    def clear(self) -> None:
        self._sizes, self._render = (), None
        self.paper.show_page(QPixmap(), QSize(1, 1))
        self.paper.hide()
        self._tell()

    @property
    def zoom(self) -> float:
        """1.0 = real size at 96 dots per inch."""
        return self._zoom or self._whole_page()

    def _whole_page(self) -> float:
        if not self._sizes:
            return 1.0
        width, height = self._sizes[self.page]
        room = self._area.viewport().size() - QSize(16, 16)
        per_point = _SCREEN_DPI / _POINTS
        return max(0.1, min(room.width() / (width * per_point), room.height() / (height * per_point)))

    def turn(self, by: int) -> None:
        self.go_to(self.page + by)

    def go_to(self, page: int) -> None:
        """Pages count from 0; beyond the ends means the ends."""
        page = min(max(page, 0), len(self._sizes) - 1)
        if self._sizes and page != self.page:
            self.page = page
            self._area.verticalScrollBar().setValue(0)
            self._draw()

    def zoom_step(self, by: int) -> None:
        """The next larger or smaller step; 0 = the whole page again."""
        now = self.zoom
        larger = [step for step in _ZOOMS if step > now + 0.01]
        smaller = [step for step in _ZOOMS if step < now - 0.01]
        steps = larger[:1] if by > 0 else smaller[-1:]
        self._zoom = 0.0 if by == 0 else (steps[0] if steps else now)
        self._draw()

    def _draw(self) -> None:
        self._tell()
        if self._render is None or not self._sizes:
            return
        width, height = self._sizes[self.page]
        scale = self.zoom * _SCREEN_DPI / _POINTS
        size = QSize(round(width * scale), round(height * scale))
        if not self.paper.has_picture or self.paper.size() != size + QSize(2, 2):
            self.paper.show_page(QPixmap(), size)
        self.paper.show()
        ratio = self.devicePixelRatioF()
        render, page, dpi = self._render, self.page, self.zoom * _SCREEN_DPI * ratio
        self._background.read(
            lambda: render(page, dpi), lambda pixels: self._show(pixels, size, ratio), owner=self, key="page"
        )

    def _show(self, pixels: Pixels, size: QSize, ratio: float) -> None:
        image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, _BYTES[pixels.channels])
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(ratio)
        self.paper.show_page(picture, size)

    def _tell(self) -> None:
        count = len(self._sizes)
        self._where.setText(f"{self.page + 1} / {count}" if count else "")
        self._scale.setText(f"{self.zoom:.0%}" if count else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._zoom:
            # the area below gets its new size only after this event
            QTimer.singleShot(0, self, self._draw)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if key == Qt.Key.Key_PageDown:
            self.turn(1)
        elif key == Qt.Key.Key_PageUp:
            self.turn(-1)
        elif key == Qt.Key.Key_Home:
            self.go_to(0)
        elif key == Qt.Key.Key_End:
            self.go_to(len(self._sizes) - 1)
        elif control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_step(1)
        elif control and key == Qt.Key.Key_Minus:
            self.zoom_step(-1)
        elif control and key == Qt.Key.Key_0:
            self.zoom_step(0)
        else:
            super().keyPressEvent(event)
