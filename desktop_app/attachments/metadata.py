"""Takes out of a picture what the camera wrote into it: place, device, owner, earlier versions.  The pixels stay as is.

JPEG: ITU-T T.81, annex B (markers); Exif 2.3, 4.5.  PNG: W3C PNG, third edition, 11.  What is kept is named; anything
else goes, also whatever follows the end of the picture (moving photos, previews, trailers of makers).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from desktop_app.attachments.rules import JPEG, PNG
from desktop_app.shared.errors import AppError

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_RESTARTS: Final = range(0xD0, 0xD8)
_KEPT_CHUNKS: Final = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"bKGD",
        b"cICP",
    }
)
_ORIENTATION, _EXIF, _TAKEN, _CHANGED = 0x0112, 0x8769, 0x9003, 0x0132
_TAKEN_ON: Final = re.compile(rb"(\d{4}):(\d\d):(\d\d) ")
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"


def without_metadata(data: bytes, mime: str) -> bytes:
    """The same picture without what the camera wrote; a file of another type as it is.

    A JPEG keeps how it is to be turned.  AppError for a picture that is cut off or not what it says.
    """
    try:
        if mime == JPEG:
            return b"".join(_clean_jpeg(data))
        if mime == PNG:
            return b"".join(_clean_png(data))
    except (struct.error, IndexError, ValueError) as error:
        raise AppError(
            "这张照片不完整或已损坏，没有添加。", field="path", next_step="请重新从手机或相机里取一次。"
        ) from error
    return data


# ----------------------------------------------------------------------------------------------------------------- JPEG


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, content) of a JPEG up to its end; that of a scan includes the coded pixels that follow."""
    at = 2
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise ValueError("not a marker")
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        if marker == _EOI:
            yield marker, b""
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if marker == _SOS:
            end = _scan_end(data, end)
        if length < 2 or end > len(data):  # noqa: PLR2004 - the length counts itself
            raise ValueError("cut off")
        yield marker, data[at + 4 : end]
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded pixels end: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and data[at + 1] not in _RESTARTS:
            return at
        at += 2


def _clean_jpeg(data: bytes) -> Iterator[bytes]:
    turned = _orientation(data)
    yield b"\xff\xd8"
    first = True
    for marker, content in _segments(data):
        if first and marker != _APP0 and turned > 1:
            yield _turned(turned)
        if _is_kept(marker, content):
            yield _segment(marker, content)
        if first and marker == _APP0 and turned > 1:
            yield _turned(turned)
        first = False


def _segment(marker: int, content: bytes) -> bytes:
    """A segment as it stands in the file; of a scan, only the header counts for the length."""
    if marker == _EOI:
        return b"\xff\xd9"
    size = 2 + (4 + 2 * content[0] if marker == _SOS else len(content))
    return struct.pack(">BBH", 0xFF, marker, size) + content


def _is_kept(marker: int, content: bytes) -> bool:
    if marker == _APP0:
        return content.startswith(b"JFIF\0")
    if marker == _APP2:
        return content.startswith(b"ICC_PROFILE\0")
    if marker == _APP14:
        return content.startswith(b"Adobe")
    return not 0xE0 <= marker <= 0xEF and marker != _COM and not 0xF0 <= marker <= 0xFD  # noqa: PLR2004 - APPn, JPGn


def _turned(orientation: int) -> bytes:
    """An Exif segment that holds nothing but how the picture is to be turned."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    exif = b"Exif\0\0" + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return _segment(_APP1, exif)


def _exif(data: bytes) -> bytes:
    """The TIFF structure in the Exif segment of a JPEG; empty if there is none."""
    for marker, content in _segments(data):
        if marker == _APP1 and content.startswith(b"Exif\0\0"):
            return content[6:]
        if marker == _SOS:
            break
    return b""


def _entries(exif: bytes, at: int) -> dict[int, tuple[int, int, bytes]]:
    """The entries of an IFD: tag → (type, count, the four bytes of value or offset)."""
    order = _order(exif)
    (count,) = struct.unpack_from(f"{order}H", exif, at)
    found = {}
    for number in range(count):
        tag, kind, values = struct.unpack_from(f"{order}HHI", exif, at + 2 + 12 * number)
        found[tag] = (kind, values, exif[at + 10 + 12 * number : at + 14 + 12 * number])
    return found


def _order(exif: bytes) -> str:
    return "<" if exif.startswith(b"II") else ">"


def _first_directory(exif: bytes) -> dict[int, tuple[int, int, bytes]]:
    try:
        (at,) = struct.unpack_from(f"{_order(exif)}I", exif, 4)
        return _entries(exif, at)
    except struct.error:
        return {}


def _orientation(data: bytes) -> int:
    """How the picture is to be turned, 1 to 8 (Exif 2.3, 4.6.4); 1 where it does not say."""
    exif = _exif(data)
    entry = _first_directory(exif).get(_ORIENTATION)
    if entry is None:
        return 1
    (value,) = struct.unpack(f"{_order(exif)}H", entry[2][:2])
    return value if 1 <= value <= 8 else 1  # noqa: PLR2004 - there are eight


def taken_on(data: bytes, mime: str) -> str | None:
    """The day a photograph was taken, as ISO text, as its camera says; None where it does not."""
    if mime != JPEG:
        return None
    try:
        exif = _exif(data)
        found = _first_directory(exif)
        inner = found.get(_EXIF)
        if inner is not None:
            found |= _entries(exif, struct.unpack(f"{_order(exif)}I", inner[2])[0])
    except (struct.error, IndexError, ValueError):
        return None
    for tag in (_TAKEN, _CHANGED):
        if tag in found:
            (at,) = struct.unpack(f"{_order(exif)}I", found[tag][2])
            if (day := _TAKEN_ON.match(exif, at)) and day[1] > b"1900":
                return "-".join(part.decode() for part in day.groups())
    return None


# ------------------------------------------------------------------------------------------------------------------ PNG


def _clean_png(data: bytes) -> Iterator[bytes]:
    yield _PNG_HEAD
    at, kind = len(_PNG_HEAD), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise ValueError("cut off or damaged")
        if kind in _KEPT_CHUNKS:
            yield data[at:end]
        at = end
