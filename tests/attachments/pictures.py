"""Invented pictures and papers, as cameras and scanners make them."""

import struct
import zlib
from io import BytesIO
from random import Random

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

GPS_WORDS = b"N30.5W114.3-secret"


def exif(orientation: int = 1, taken: bytes = b"2026:03:05 10:11:12\0") -> bytes:
    """An Exif block as a telephone writes it: orientation, maker, day, and a place."""
    head = b"MM\0*" + struct.pack(">I", 8)
    day_at, place_at = 200, 240
    entries = [
        struct.pack(">HHII", 0x010F, 2, 6, 300),
        struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0),
        struct.pack(">HHII", 0x0132, 2, 20, day_at),
        struct.pack(">HHII", 0x8825, 4, 1, place_at),
    ]
    block = head + struct.pack(">H", len(entries)) + b"".join(entries) + bytes(4)
    block = block.ljust(day_at, b"\0") + taken
    return block.ljust(place_at, b"\0") + GPS_WORDS.ljust(60, b"\0") + b"Phone\0"


def jpeg(width: int = 640, height: int = 480, *, seed: int = 1, orientation: int = 1) -> bytes:
    """A photograph with everything a telephone adds to it."""
    grain = Random(seed).randbytes(width * height // 64)  # noqa: S311 invented pictures, not secrets
    picture = Image.frombytes("L", (width // 8, height // 8), grain).resize((width, height)).convert("RGB")
    file = BytesIO()
    picture.save(
        file, "JPEG", quality=85, exif=b"Exif\0\0" + exif(orientation), comment=b"secret comment", progressive=True
    )
    return file.getvalue() + b"trailer with a secret film"


def png(width: int = 64, height: int = 64, mode: str = "RGB") -> bytes:
    """A picture with a text and a place in it."""
    file = BytesIO()
    Image.new(mode, (width, height)).save(file, "PNG")
    data = file.getvalue()
    extra = b"".join(_chunk(kind, b"secret") for kind in (b"tEXt", b"eXIf", b"iTXt", b"tIME"))
    return data[:33] + extra + data[33:] + b"secret trailer"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf(words: str = "a scan") -> bytes:
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.drawString(72, 700, words)
    canvas.save()
    return file.getvalue()


def tiff_with_a_place() -> bytes:
    """A grey point that says where it was taken."""
    one = [(256, 4, 1), (257, 4, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 200), (277, 3, 1), (278, 4, 1)]
    tags = [*one, (279, 4, 1), (0x8825, 4, 210)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    return head.ljust(200, b"\0") + b"\x80".ljust(10, b"\0") + struct.pack("<HHHII", 1, 1, 2, 2, 0x4E) + bytes(4)
