"""QR codes, as 1-bit images inside the page.

Level M, black on white, four modules of white around (ISO/IEC 18004).  A code holds no personal data: it is read by
machines that keep what they read.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from desktop_app.shared.errors import AppError

QUIET_MODULES = 4
_BITS = b"0" + b"1" * 255
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code of `modules` × `modules`; `rows` holds each row packed to bytes, a set bit is white."""

    modules: int
    rows: bytes


def holds_personal_data(text: str) -> bool:
    """Whether an identity number or a mobile number stands in `text`."""
    return _PERSONAL.search(text) is not None


@lru_cache(maxsize=256)
def qr_code(text: str) -> QrCode:
    """The QR code of `text`.  AppError for personal data, and for more text than a code holds."""
    import zxingcpp

    if holds_personal_data(text):
        raise AppError(
            "二维码里含有证件号或手机号，没有生成。", next_step="二维码只放社区的电话、地址或网址，请修改内容。"
        )
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except ValueError as error:
        raise AppError("二维码的内容太长，没有生成。", next_step="请缩短内容，一般放一个网址即可。") from error
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    pixels = memoryview(image)
    height, width = pixels.shape or (0, 0)
    flat = pixels.tobytes()
    return QrCode(height, b"".join(_packed(flat[row * width : (row + 1) * width]) for row in range(height)))


def _packed(row: bytes) -> bytes:
    """One byte per pixel to one bit per pixel, most significant bit first."""
    length = -(-len(row) // 8)
    return int(row.translate(_BITS).ljust(length * 8, b"0"), 2).to_bytes(length, "big")
