"""Text as people write it: white space, dots in names, and what is hidden of personal data.

Source of the dot: 民委发〔2016〕33号, U+00B7 between the parts of a minority name (secondary).
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from typing import Any

from desktop_app.shared.resources import resource

_DOTS = "·•・‧∙⋅．.●˙"
_INVISIBLE = {
    ord(mark): None for mark in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u00ad"
}
_ESCAPED = re.compile(r"_x000[9AaDd]_")
_BREAKS = re.compile(r"\s*[\r\n\v\f\u2028\u2029]+\s*")
_HAN = r"\u3007\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DOT = re.compile(rf"(?<=[{_HAN}])\s*[{re.escape(_DOTS)}]\s*(?=[{_HAN}])")
_INNER = re.compile(rf"(?<=[{_HAN}·])\s+|\s+(?=[{_HAN}·])")
_SPACES = re.compile(r"\s+")


def plain(value: object) -> str:
    """The text of a cell as typed: a whole number without `.0`, a date as ISO, nothing for a blank one."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def clean(value: object) -> str:
    """Text without the white space around it, invisible marks, or line breaks inside it."""
    text = value if isinstance(value, str) else plain(value)
    if text.isalnum():
        return text
    text = _ESCAPED.sub("\n", text).translate(_INVISIBLE).strip()
    return _BREAKS.sub("", text) if "\n" in text or "\r" in text else text


def clean_note(value: object) -> str:
    """Text of a remark: trimmed, its lines kept."""
    text = _ESCAPED.sub("\n", plain(value)).translate(_INVISIBLE)
    return "\n".join(line for part in text.splitlines() if (line := part.strip()))


def clean_name(value: object) -> str:
    """A name as on the card: no white space between hanzi, and `·` for every dot between them.

    Rare characters stay as they are; NFKC would change some of them and is not used.
    """
    text = value if isinstance(value, str) else plain(value)
    if text.isalpha():
        return text
    text = _SPACES.sub(" ", _ESCAPED.sub(" ", text).translate(_INVISIBLE)).strip().strip("'\"*＊")
    return _INNER.sub("", _DOT.sub("·", text)).strip()


def half_width(text: str) -> str:
    """Full-width letters and figures turned to half-width, without white space and invisible marks."""
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub("", unicodedata.normalize("NFKC", _ESCAPED.sub("", text)).translate(_INVISIBLE))


def mask(kind: str, value: str) -> str:
    """What may be shown of `value`; `kind` is id_no, phone, name or address, anything else is hidden altogether.

    The patterns stand in `resources/codes/masking.toml`.
    """
    if not value:
        return ""
    if kind == "phone" and " " in value:
        return " ".join(mask(kind, one) for one in value.split())
    return _mask_name(value) if kind == "name" else _mask_by_rule(kind, value)


def _mask_by_rule(kind: str, value: str) -> str:
    for pattern, first, last in _rules(kind):
        if not (found := pattern.fullmatch(value)):
            continue
        if "keep" in pattern.groupindex:
            return found["keep"]
        stars = "*" * (len(value) - first - last)
        return f"{value[:first]}{stars}{value[len(value) - last :]}"
    return "****"


def _mask_name(name: str) -> str:
    """Surname kept; of three and more characters the last too; with a dot the first and the last of all."""
    if "·" in name:
        return "·".join(_dotted(name.split("·")))
    surname = next((size for size in (4, 3, 2) if len(name) > size and name[:size] in _compound_surnames()), 0)
    if surname:
        return name[:surname] + "*" * (len(name) - surname)
    if len(name) < 3:  # noqa: PLR2004 王明
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _dotted(parts: list[str]) -> list[str]:
    middle = ["*" for _ in parts[1:-1]]
    return [f"{parts[0][:1]}*", *middle, f"*{parts[-1][-1:]}"]


@lru_cache
def _masking() -> dict[str, Any]:
    return tomllib.loads(resource("codes", "masking.toml").read_text(encoding="utf-8"))


@lru_cache
def _compound_surnames() -> frozenset[str]:
    """The list the readings of names go by as well."""
    lines = resource("pinyin", "compound_surnames.tsv").read_text("utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if line and not line.startswith("#"))


@lru_cache
def _rules(kind: str) -> tuple[tuple[re.Pattern[str], int, int], ...]:
    rules = _masking().get(kind, ())
    return tuple(
        (re.compile(rule["pattern"], re.DOTALL), rule.get("keep_first", 0), rule.get("keep_last", 0))
        for rule in rules
        if isinstance(rule, dict)
    )
