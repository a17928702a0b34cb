"""The blank workbook for residents that an office fills and brings back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.spreadsheets.headers import vocabulary
from desktop_app.spreadsheets.workbook import SheetOut, write

_TEMPLATE = (
    ("seq", "选填"),
    ("estate", "全称"),
    ("building", "如：3栋"),
    ("unit", "如：1单元，没有单元不填"),
    ("room", "如：501"),
    ("household_no", "选填，同一户填一样的"),
    ("name", "必填，与证件一致"),
    ("relation", "户主填“户主”"),
    ("sex", "男/女"),
    ("id_type", "选填，默认居民身份证"),
    ("id_no", "18位，本列已设为文本"),
    ("birth", "如：1950-03-05"),
    ("ethnic", "如：汉族"),
    ("political", "选填"),
    ("education", "选填"),
    ("marital", "选填"),
    ("phones", "多个号码用“/”隔开"),
    ("employer", "选填"),
    ("hukou_address", "选填"),
    ("residence", "如：自住、租住"),
    ("tag_words", "多个用“、”隔开，如：低保、残疾"),
    ("note", "选填"),
)
"""Columns of the blank workbook with the hint below each header."""
_WIDTHS = {
    "estate": 14.0,
    "id_no": 22.0,
    "birth": 14.0,
    "phones": 26.0,
    "employer": 18.0,
    "hukou_address": 30.0,
    "note": 24.0,
    "tag_words": 22.0,
    "id_type": 14.0,
}


def write_template(path: str | Path, choices: Mapping[str, Sequence[str]] | None = None) -> Path:
    """A blank workbook for residents, its columns text; `choices` are the words a field offers (by field key)."""
    words = vocabulary("residents")
    offered = {place: choices[key] for place, (key, _) in enumerate(_TEMPLATE) if choices and choices.get(key)}
    header = [words.field(key).label for key, _ in _TEMPLATE]
    sheet = SheetOut(
        "居民",
        header,
        title="社区居民信息表",
        notes=[hint for _, hint in _TEMPLATE],
        choices=offered,
        room=1000,
        locked_header=True,
        widths=[_WIDTHS.get(key, 10.0) for key, _ in _TEMPLATE],
    )
    return write(path, [sheet])
