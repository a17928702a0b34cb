"""What everything that looks into a PDF has to share."""

import threading

PDFIUM = threading.RLock()
"""PDFium may be used from one thread at a time, whoever calls it."""
