"""What is true of attachments: which files may be attached, what they are called, where they stand."""

import base64
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from types import MappingProxyType
from typing import Final

from desktop_app.shared.errors import AppError
from sync_protocol.blobs import MAX_SIZE

KINDS: Final[Mapping[str, str]] = MappingProxyType({"photo": "照片", "scan": "扫描件", "file": "文件"})
"""Kind of attachment → its name."""
SEALED: Final = "sealed_record"
"""Table of the records whose files nobody sees in passing: those of somebody who was put under seal."""
PERSONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "appeal": "person_id",
        "service_order": "person_id",
        "sign_in": "person_id",
        "owner_ballot": "owner_id",
        "subject_request": "person_id",
    }
)
"""Records of the community whose files are somebody's all the same, by the column that says whose: they go with the
person, while a file of a matter, a meeting, a household or a room stays with the record."""
ERASED: Final = (
    "(e.sealed_on='' OR e.sealed_on IS NULL AND NOT EXISTS(SELECT 1 FROM sealed_record s "
    "WHERE s.kind IN ('封存','已解封')))"
)
"""An SQL condition on an erasure `e` of a person: whether it takes the files along.  One of an earlier program does not
say whether the person was put under seal; where anybody was, nothing is taken for it."""
TITLE_LENGTH: Final = 120
THUMB_BYTES: Final = 6 << 10
"""Most bytes of a small picture; as base64 these are 8 KiB of text."""
JPEG, PNG, TIFF, PDF = "image/jpeg", "image/png", "image/tiff", "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {JPEG: ".jpg", PNG: ".png", TIFF: ".tif", PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx"}
)
"""Accepted type → the ending a file gets when it is saved or opened.  Nothing a computer would run is among them."""
ACCEPTED: Final = "JPG、PNG、TIFF 图片，PDF，Word（.docx）和 Excel（.xlsx）文件"
_MAGIC: Final = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"%PDF-", PDF),
)
_OFFICE: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What turns the direction of a line or is not seen: with it a name ending in `gpj.exe` reads as a picture's."""
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class Where(Enum):
    """Where the content of an attachment is; the value is what a person reads."""

    LOCAL = "只在本机"
    SENDING = "正在上传"
    BOTH = "已上传"
    SERVER = "还没有下载"
    FETCHING = "正在下载"
    WAITING = "等另一台电脑上传"
    PROBLEM = "没有传成"


@dataclass(frozen=True, slots=True)
class BlobState:
    """What this desk knows about a content; members as the columns of the table `blob`."""

    size: int
    here: bool
    server: str | None
    wanted: int
    offset: int
    tries: int
    next_try: int
    problem: str | None


def where(state: BlobState | None) -> Where:
    """Where a content stands, for a person."""
    if state is None:
        return Where.SERVER
    if state.problem:
        return Where.PROBLEM
    if state.here:
        if state.server:
            return Where.BOTH
        return Where.SENDING if state.offset else Where.LOCAL
    if state.next_try and state.server is None:
        return Where.WAITING
    return Where.FETCHING if state.wanted and state.offset else Where.SERVER


def check_size(size: int, most: int = MAX_SIZE) -> None:
    """AppError for a file that is empty or too big; `most` bytes are what the server takes."""
    if size == 0:
        raise AppError("这个文件是空的，没有添加。", field="path", next_step="请换一个文件。")
    if size > most:
        raise AppError(
            f"这个文件有 {size / 1e6:.1f} MB，超过 {most / 1e6:.3g} MB，没有添加。",
            field="path",
            next_step="照片可以用手机或电脑缩小后再添加；扫描件请用 200 dpi。",
        )


def mime_of(data: bytes) -> str:
    """The type of a file by its content, whatever it is called; AppError for one that is not accepted."""
    for magic, mime in _MAGIC:
        if data.startswith(magic):
            return mime
    if data.startswith(b"PK\x03\x04") and (office := _office(data)):
        return office
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise AppError(
            "这是苹果手机的 HEIC 照片，没有添加。",
            field="path",
            next_step="请在手机“设置—相机—格式”选“兼容性最佳”，或另存为 JPG 后再添加。",
        )
    raise AppError("不能添加这种文件，没有添加。", field="path", next_step=f"可以添加：{ACCEPTED}。")


def _office(data: bytes) -> str | None:
    """The type of an Office file without macros; None for any other archive."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise AppError("这个文件带有宏，没有添加。", field="path", next_step="请另存为 .docx 或 .xlsx 后再添加。")
    return next((mime for name, mime in _OFFICE.items() if name in names), None)


def kind_of(mime: str) -> str:
    """The kind a file is taken for unless told otherwise."""
    if mime in (JPEG, PNG):
        return "photo"
    return "scan" if mime in (PDF, TIFF) else "file"


def check_kind(kind: str) -> str:
    """A kind, by its key or its name; AppError for another word."""
    for key, name in KINDS.items():
        if kind in (key, name):
            return key
    raise AppError(f"没有“{kind}”这种附件，没有添加。", field="kind", next_step=f"可以是：{'、'.join(KINDS)}。")


def tidy_title(title: str) -> str:
    """A title in one line, cut to what a list can show, without signs that nobody sees."""
    return " ".join(_HIDDEN.sub(" ", title).split())[:TITLE_LENGTH].rstrip()


def file_name(title: str, mime: str) -> str:
    """A safe name for saving: no folders, no signs a file system refuses, the ending of its type and no other."""
    ending = ENDINGS.get(mime, ".bin")
    stem = _UNSAFE.sub("_", title).strip(" .")
    if stem.lower().endswith((ending, ".jpeg", ".tiff")):
        stem = stem[: stem.rindex(".")].rstrip(" .")
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem[:TITLE_LENGTH] or '附件'}{ending}"


def thumb_bytes(thumb: str | None) -> bytes:
    """The small picture of a record, which may come from elsewhere: a JPEG of a sensible size, else nothing."""
    try:
        data = base64.b64decode(thumb or "", validate=True)
    except ValueError:
        return b""
    return data if data.startswith(b"\xff\xd8\xff") and len(data) <= THUMB_BYTES else b""


def is_sound(size: int, sha256: str, mime: str) -> bool:
    """Whether a record that came from elsewhere names a content that can be fetched."""
    return 0 < size <= MAX_SIZE and re.fullmatch(r"[0-9a-f]{64}", sha256) is not None and mime in ENDINGS
