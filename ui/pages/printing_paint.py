"""Where the system takes no PDF (Windows): the window paints pictures of the pages, at the printer's own resolution."""

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from ui.pages.printing_paper import Drawn, Order, render_of
from ui.widgets.pdf_preview import Pixels

_DPI = 300


def paint(drawn: Drawn, order: Order) -> None:
    """Paint every page at its real size; the printer is told not to scale."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(order.printer)
    paint_on(printer, drawn, order.copies)


def paint_on(printer: QPrinter, drawn: Drawn, copies: int = 1) -> None:
    """The pages on a printer, or on whatever file it writes."""
    printer.setDocName(drawn.title)
    printer.setCopyCount(copies)
    printer.setFullPage(True)
    _set_page(printer, *drawn.sizes[0])
    painter = QPainter(printer)
    render = render_of(drawn.pdf)
    for page, (width, height) in enumerate(drawn.sizes):
        if page:
            _set_page(printer, width, height)
            printer.newPage()
        dots = printer.resolution() / 72
        painter.drawImage(QRectF(0, 0, width * dots, height * dots), _image(render(page, _DPI)))
    painter.end()


def _set_page(printer: QPrinter, width: float, height: float) -> None:
    turned = width > height
    size = QSizeF(min(width, height), max(width, height))
    printer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    orientation = QPageLayout.Orientation
    printer.setPageOrientation(orientation.Landscape if turned else orientation.Portrait)


def _image(pixels: Pixels) -> QImage:
    formats = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBX8888}
    return QImage(pixels.data, pixels.width, pixels.height, pixels.stride, formats[pixels.channels]).copy()
