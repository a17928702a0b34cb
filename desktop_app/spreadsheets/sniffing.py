"""What kind of file something is, judged by what stands in it, and the words for what is no workbook."""

import io
import zipfile
from pathlib import Path

from desktop_app.shared.errors import AppError, CorruptError

NOTHING_LOST = "没有写入任何数据。"
SAVE_AS = "请用 WPS 或 Excel 打开，另存为 .xlsx 后再导入。"
_MAX_UNPACKED = 2 << 30
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def kind_of(path: Path, data: bytes) -> str:
    if not data.strip(b"\0 \r\n\t"):
        raise AppError(f"“{path.name}”是空文件。{NOTHING_LOST}", next_step="请确认选对了文件，并重新保存一次。")
    if data.startswith(b"PK"):
        return _kind_of_zip(path, data)
    if data.startswith(_OLE):
        return _kind_of_ole(path, data)
    _refuse_other(path, data)
    return "csv"


def _kind_of_zip(path: Path, data: bytes) -> str:
    try:
        parts = {info.filename: info.file_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    except zipfile.BadZipFile:
        raise damaged(path) from None
    if sum(parts.values()) > _MAX_UNPACKED:
        raise AppError(f"“{path.name}”展开后太大。{NOTHING_LOST}", next_step="请拆成几份再导入。")
    known = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
    for part, kind in known.items():
        if part in parts:
            return kind
    what = (
        "Word 文档" if "word/document.xml" in parts else "压缩包" if "ppt/presentation.xml" not in parts else "演示文稿"
    )
    raise AppError(f"“{path.name}”是{what}，不是表格。{NOTHING_LOST}", next_step="请选 .xlsx、.xls 或 .csv 文件。")


def _kind_of_ole(path: Path, data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise protected(path)
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise AppError(f"“{path.name}”不是表格文件。{NOTHING_LOST}", next_step="请选 .xlsx、.xls 或 .csv 文件。")


def _refuse_other(path: Path, data: bytes) -> None:
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"mime-version")):
        raise AppError(f"“{path.name}”是网页格式的表，只是名字像表格。{NOTHING_LOST}", next_step=SAVE_AS)
    pictures = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"{\\rtf")
    if head.startswith(pictures) or (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise AppError(f"“{path.name}”不是表格文件。{NOTHING_LOST}", next_step="请选 .xlsx、.xls 或 .csv 文件。")


def damaged(path: Path) -> CorruptError:
    return CorruptError(
        f"“{path.name}”已经损坏，打不开。{NOTHING_LOST}",
        next_step="请用 WPS 或 Excel 打开试试，能打开就另存一份再导入；打不开请向对方再要一份。",
    )


def protected(path: Path) -> AppError:
    return AppError(
        f"“{path.name}”设了打开密码。{NOTHING_LOST}",
        next_step="请用 WPS 或 Excel 输入密码打开，去掉密码后另存一份再导入。",
    )
