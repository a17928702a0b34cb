"""The only door to Pillow: small pictures of photographs and of the first page of a scan.

What comes in may be anything, so its dimensions are looked at before its pixels.
"""

from io import BytesIO
from typing import Any, Final

from desktop_app.attachments.rules import JPEG, PDF, PNG, THUMB_BYTES, TIFF
from desktop_app.shared.errors import AppError
from desktop_app.shared.pdf import PDFIUM

MOST_PIXELS: Final = 120_000_000
"""More than the best cameras have; a picture that claims more would fill the memory."""
SIDE: Final = 224
_QUALITIES: Final = ((SIDE, 70), (SIDE, 50), (160, 60), (160, 40), (112, 50), (80, 40), (48, 40))
"""Longest side and quality, tried in turn until the picture is small enough."""
_PLACE: Final = 0x8825
"""The tag of an Exif directory about the place (Exif 2.3, 4.6.3)."""
_PDF_PASSWORD: Final = 4
"""FPDF_ERR_PASSWORD."""


def thumbnail(data: bytes, mime: str) -> bytes | None:
    """A JPEG of at most `THUMB_BYTES`; None for what has no picture.  AppError for one that cannot be opened."""
    if mime == PDF:
        return _of_pdf(data)
    return _of_picture(data) if mime in (JPEG, PNG, TIFF) else None


def _of_picture(data: bytes) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # `_check` refuses more than that, in words
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "TIFF")) as picture:
            _check(picture)
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded at the size that is needed
            picture.load()
            return _small(ImageOps.exif_transpose(picture))
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise _unreadable() from error


def _check(picture: Any) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise AppError(
            f"这张图片有 {width}×{height} 点，太大了，没有添加。", field="path", next_step="请缩小后再添加。"
        )
    if picture.format == "TIFF" and _PLACE in picture.getexif():
        raise AppError(
            "这张 TIFF 图片里有拍摄地点，没有添加。", field="path", next_step="请另存为 JPG 后再添加，地点会自动去掉。"
        )


def _unreadable() -> AppError:
    return AppError(
        "这个文件不完整或已损坏，打不开，没有添加。", field="path", next_step="请重新取一次，先在电脑上打开看看。"
    )


def _small(picture: Any) -> bytes:
    """The picture on white, as a JPEG that is small enough."""
    from PIL import Image

    small = picture.convert("RGBA") if picture.mode in ("LA", "P", "PA", "RGBa", "La") else picture
    small.thumbnail((SIDE, SIDE))
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        small = paper
    elif small.mode.startswith(("I", "F")):
        small = small.point(lambda value: value / 256).convert("L")
    small = small.convert("RGB")
    made = b""
    for side, quality in _QUALITIES:
        small.thumbnail((side, side))
        file = BytesIO()
        small.save(file, "JPEG", quality=quality, optimize=True)
        made = file.getvalue()
        if len(made) <= THUMB_BYTES:
            break
    return made


def _of_pdf(data: bytes) -> bytes | None:
    """The first page; None where a password is asked for."""
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PDF_PASSWORD:
                return None
            raise _unreadable() from error
        try:
            page = document[0]
            try:
                scale = 2 * SIDE / max(*page.get_size(), 1)
                bitmap = page.render(scale=min(scale, 2))
                picture = bitmap.to_pil().copy()
                bitmap.close()
            finally:
                page.close()
        except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as error:
            raise _unreadable() from error
        finally:
            document.close()
    return _small(picture)
