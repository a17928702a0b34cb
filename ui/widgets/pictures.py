"""Pictures: into and out of bytes, and one as large as the window allows."""

from math import sqrt

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QIcon,
    QImage,
    QImageReader,
    QImageWriter,
    QKeySequence,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.attachments.rules import JPEG, PNG, TIFF
from ui.shell.theme import Theme

_FORMATS = {JPEG: b"jpg", PNG: b"png", TIFF: b"tiff"}
_PNG_MOST = 4_000_000
_GAP = 8
_SHEET = QSizeF(3, 4)
_SHARE = 0.85
_STEP = 1.25
_LARGEST = 4.0
_MOST_DRAWN = 40_000_000
"""Dots of the picture as it is drawn: four times as wide, one from a telephone would take a gigabyte."""


class PictureDialog(QDialog):
    """Fitted to the window until somebody zooms: plus and minus change its size, 0 fits it again, Esc leaves."""

    def __init__(self, title: str, picture: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picture = QPixmap.fromImage(picture)
        self._factor = 0.0  # 0: as large as there is room
        self._shown = QLabel(self)
        self._shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown.setAccessibleName(title)
        self._area = QScrollArea(self)
        self._area.setWidget(self._shown)
        self._area.setWidgetResizable(True)
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        for keys, step in (("+", _STEP), ("=", _STEP), ("-", 1 / _STEP), ("0", 0.0)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=step: self.zoom(by))
        room = self.screen().availableSize() * _SHARE
        self.resize(self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(room))

    def zoom(self, by: float) -> None:
        """Larger or smaller by a factor; 0 fits it to the window again."""
        self._factor = min((self._factor or self._fitting()) * by, self._largest())
        self._draw()

    def _largest(self) -> float:
        dots = max(1, self._picture.width() * self._picture.height())
        return min(_LARGEST, max(1.0, sqrt(_MOST_DRAWN / dots)))

    def _fitting(self) -> float:
        room, size = self._area.viewport().size(), self._picture.size()
        if size.isEmpty():
            return 1.0
        return min(1.0, room.width() / size.width(), room.height() / size.height())

    def _draw(self) -> None:
        size = self._picture.size() * (self._factor or self._fitting())
        self._shown.setPixmap(
            self._picture.scaled(
                size.expandedTo(QSize(1, 1)),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._factor == 0:
            self._draw()


def decoded(data: bytes, mime: str) -> QImage:
    """A picture of exactly this type, turned as it is to be; an empty one where Qt cannot read it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, _FORMATS[mime])
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    return reader.read()


def framed(picture: QImage, words: str, size: QSize, theme: Theme) -> QIcon:
    """A small picture in the middle of its place with a line around it; without one, a sheet with words on it."""
    sharp = 2  # drawn twice as fine as it is shown, for screens that can show it
    canvas = QPixmap(size * sharp)
    canvas.fill(Qt.GlobalColor.transparent)
    canvas.setDevicePixelRatio(sharp)
    room = QRectF(_GAP, _GAP, size.width() - 2 * _GAP, size.height() - _GAP - 1)
    shape = QSizeF(picture.size()) if not picture.isNull() else _SHEET
    frame = QRectF(QPointF(), shape.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio))
    frame.moveCenter(room.center())
    painter = QPainter(canvas)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(theme.colour("edge"))
    if picture.isNull():
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(frame, _GAP / 2, _GAP / 2)
        painter.setPen(theme.colour("muted"))
        painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), words)
    else:
        painter.drawImage(frame, picture)
        painter.drawRect(frame)
    painter.end()
    icon = QIcon(canvas)
    icon.addPixmap(canvas, QIcon.Mode.Selected)  # else Qt would paint it over in blue
    return icon


def encoded(picture: QImage) -> bytes:
    """A picture as PNG; one that would be too big for that as JPEG."""
    data = b""
    for form, quality in ((b"png", -1), (b"jpg", 90)):
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, form)
        writer.setQuality(quality)
        writer.write(picture)
        data = bytes(buffer.data().data())
        if len(data) <= _PNG_MOST:
            break
    return data
