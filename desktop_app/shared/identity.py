"""Numbers of identity papers, of organisations and of telephones.

A check answers *ok*, *warning* or *error* with a reason in Chinese.  An error is given only where the value cannot be
what the field says: whatever a real resident can have is at most a warning, and a clerk with the card in hand can save.

Arithmetic after GB 11643-1999 (公民身份号码) and GB 32100-2015 (统一社会信用代码); both sources secondary, the check
digits prove themselves.  Neither the county code nor the place of registration is judged (docs/decisions).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from desktop_app.shared.dates import iso_date
from desktop_app.shared.text import half_width, plain

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(3**place % 31 for place in range(17))
_ID_18 = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_15 = re.compile(r"[1-9][0-9]{14}")
_FIGURES = re.compile(r"[0-9]*[0-9X]")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0[0-9]{2,3}-?)?[2-8][0-9]{6,7}(?:[-转][0-9]{1,6})?")
_SHORT = re.compile(r"1(?:10|19|20|22)|12[0-9]{3}|9[56][0-9]{3,4}")
_WRAPPED = re.compile(r'^[=\'"‘’“”`]+|[\'"‘’“”`]+$')
OLDEST = 130
"""Years; above it a date of birth is asked about again."""


class Level(StrEnum):
    """The three answers."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one value.

    `value` is the normalised text, also when it is wrong; `kind` a short name of the reason (`id_bad_date`), "" if ok.
    `sex` (男 or 女) and `birth` (ISO date) are what the number itself says.
    """

    level: Level
    value: str
    kind: str = ""
    reason: str = ""
    sex: str | None = None
    birth: str | None = None

    @property
    def usable(self) -> bool:
        """Whether the value may be stored as what the field says."""
        return self.level is not Level.ERROR


@lru_cache(maxsize=16_384)
def _part_sum(figures: str, first: int) -> int:
    """Σ figure × weight of some figures, the first of which stands at that place: few areas, years and days recur."""
    return sum(int(figure) * weight for figure, weight in zip(figures, _WEIGHTS[first:], strict=False))


@lru_cache(maxsize=65_536)
def _birth_sum(birth: str) -> tuple[int, str | None]:
    year, month_and_day = birth[:4], birth[4:]
    total = _part_sum(year, 6) + _part_sum(month_and_day, 10)
    return total, iso_date(f"{year}-{month_and_day[:2]}-{month_and_day[2:]}")


@lru_cache(maxsize=16)
def _first_birth(today: str) -> str:
    """The year below which a date of birth is asked about again."""
    return max("1900", str(int(today[:4]) - OLDEST))


def id_check_digit(first17: str) -> str:
    """The 18th character after 17 figures (GB 11643-1999): Σ figure × weight mod 11, looked up."""
    parts = ((first17[:6], 0), (first17[6:10], 6), (first17[10:14], 10), (first17[14:17], 14))
    return _CHECK[sum(_part_sum(*part) for part in parts) % 11]


def is_id_18(text: str) -> bool:
    """Whether this is 18 characters of the right kind with the right check digit; says nothing about the date."""
    return _ID_18.fullmatch(text) is not None and id_check_digit(text[:17]) == text[17]


def sound_id(text: str, today: str) -> tuple[str, str] | None:
    """(sex, ISO birth date) of an 18-character number about which nothing has to be said; None for any other.

    The quick way for 50,000 rows; what it does not take goes to `check_id`.  `today` is an ISO date.
    """
    if not _ID_18.fullmatch(text) or text[0] == "9":
        return None
    total, birth = _birth_sum(text[6:14])
    if birth is None or not _first_birth(today) <= birth <= today:
        return None
    if _CHECK[(_part_sum(text[:6], 0) + total + _part_sum(text[14:17], 14)) % 11] != text[17]:
        return None
    return "女男"[int(text[16]) & 1], birth


def sex_of(id_no: str) -> str | None:
    """男 or 女 after the 17th figure (odd: male); None unless there are 18 characters."""
    return ("女", "男")[int(id_no[16]) % 2] if _ID_18.fullmatch(id_no) and id_no[0] != "9" else None


def birth_of(id_no: str) -> str | None:
    """The ISO date of birth in an 18-character number, None if it has none."""
    return _birth_sum(id_no[6:14])[1] if _ID_18.fullmatch(id_no) and id_no[0] != "9" else None


def normalise_id(raw: object) -> str:
    """Half-width, capital X, nothing but the number: no white space, apostrophe, `="…"`."""
    text = plain(raw)
    if _ID_18.fullmatch(text):
        return text
    return _WRAPPED.sub("", half_width(text)).upper()


def check_id(raw: object, today: date) -> Verdict:
    """A 公民身份号码, 港澳台居民居住证 or 外国人永久居留身份证 number; a 15-digit number becomes 18.

    A number that arrives as a float has lost digits and is refused, never repaired; 15 digits survive in a float.
    """
    if isinstance(raw, float | int) and not isinstance(raw, bool) and abs(raw) >= 1e15:  # noqa: PLR2004 15 digits are safe
        return _wrong("id_scientific", repr(raw), "这个证件号是按数字录入的，末尾几位已被表格软件抹成 0，无法还原")
    text = normalise_id(raw)
    if _ID_18.fullmatch(text):
        return _check_18(text, today)
    if _ID_15.fullmatch(text):
        return _check_15(text, today)
    return _misshapen(text)


def _check_18(text: str, today: date) -> Verdict:
    if id_check_digit(text[:17]) != text[17]:
        if text.endswith("000"):
            return _wrong("id_scientific", text, "这个证件号末尾是三个 0，多半是按数字录入后被表格软件抹掉了")
        return _wrong("id_bad_check_digit", text, "证件号最后一位对不上，可能抄错一位")
    if text[0] == "9":
        return Verdict(Level.OK, text)
    birth = _birth_sum(text[6:14])[1]
    if birth is None or birth > today.isoformat():
        return _wrong(
            "id_bad_date", text, "证件号里的出生日期不存在" if birth is None else "证件号里的出生日期在今天以后"
        )
    sex = ("女", "男")[int(text[16]) % 2]
    if int(birth[:4]) < max(1900, today.year - OLDEST):
        reason = f"按证件号出生于 {birth[:4]} 年，请核对"
        return Verdict(Level.WARNING, text, "id_very_old", reason, sex, birth)
    return Verdict(Level.OK, text, sex=sex, birth=birth)


def _check_15(text: str, today: date) -> Verdict:
    longer = text[:6] + "19" + text[6:]
    verdict = _check_18(longer + id_check_digit(longer), today)
    if not verdict.usable:
        return _wrong(verdict.kind, text, verdict.reason)
    reason = "这是 15 位旧证件号，已补成 18 位，请核对"
    return Verdict(Level.WARNING, verdict.value, "id_15_digits", reason, verdict.sex, verdict.birth)


def _misshapen(text: str) -> Verdict:
    if not text:
        return _wrong("id_missing", "", "没有填写证件号")
    if _OLD_FOREIGN.fullmatch(text):
        return Verdict(Level.OK, text)
    if _SCIENTIFIC.fullmatch(text):
        return _wrong("id_scientific", text, "这个证件号变成了科学记数，末尾几位已经丢失，无法还原")
    if _FIGURES.fullmatch(text):
        kind = "id_17_digits" if len(text) == 17 else "id_wrong_length"  # noqa: PLR2004 one of 18 is missing
        return _wrong(kind, text, f"证件号是 {len(text)} 位，应为 18 位")
    return _wrong("id_bad_character", text, "证件号里有不该出现的字符")


def _wrong(kind: str, value: str, reason: str) -> Verdict:
    return Verdict(Level.ERROR, value, kind, reason)


_OTHER_PAPERS: dict[str, re.Pattern[str]] = {
    "516": re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),  # 港澳居民来往内地通行证
    "414": re.compile(r"[A-Z]{1,2}[0-9]{7,8}"),  # 普通护照
    "511": re.compile(r"[0-9]{8}"),  # 台湾居民来往大陆通行证
    "H02": re.compile(r"[A-Z][0-9]{9}"),  # 出生医学证明
}
"""Code of a paper (table id_types: a community may call it otherwise) → its usual format (unverified): a hint only."""
ID_CARD = "111"
"""居民身份证."""
_ID_PAPERS = (ID_CARD, "H01", "553")
"""Also 港澳台居民居住证 and 外国人永久居留身份证: their numbers follow GB 11643."""


def check_paper(code: str, raw: object, today: date, name: str = "") -> Verdict:
    """The number of any identity paper, by its code in the table id_types; blank is an identity card.

    Only numbers that follow GB 11643 can be wrong; `name` is what the paper is called in a hint.
    """
    if not code or code in _ID_PAPERS:
        return check_id(raw, today)
    text = normalise_id(raw)
    usual = _OTHER_PAPERS.get(code)
    if usual and text and not usual.fullmatch(text):
        return Verdict(Level.WARNING, text, "paper_unusual", f"这个号码不像常见的{name or '证件'}号码，请核对")
    return Verdict(Level.OK, text)


def paper_type(text: str) -> str | None:
    """The code of the paper whose usual format a normalised number has, None if there is none."""
    return next((code for code, usual in _OTHER_PAPERS.items() if usual.fullmatch(text)), None)


def uscc_check_character(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100-2015): symbol (31 − Σ mod 31) mod 31."""
    return _USCC[-sum(_USCC.index(sign) * weight for sign, weight in zip(first17, _USCC_WEIGHTS, strict=True)) % 31]


def check_uscc(raw: object) -> Verdict:
    """A 统一社会信用代码 of 18 characters out of 31 (no I, O, Z, S, V)."""
    text = normalise_id(raw)
    if len(text) != 18:  # noqa: PLR2004 fixed by the standard
        return _wrong("uscc_wrong_length", text, f"统一社会信用代码是 {len(text)} 位，应为 18 位")
    if strange := sorted(set(text) - set(_USCC)):
        return _wrong("uscc_bad_character", text, f"统一社会信用代码里不会有“{''.join(strange)}”，请核对")
    if uscc_check_character(text[:17]) != text[17]:
        return _wrong("uscc_bad_check", text, "统一社会信用代码最后一位对不上，可能抄错一位")
    return Verdict(Level.OK, text)


def check_phone(raw: object) -> Verdict:
    """One telephone number: mobile, landline with or without area code, or a short number such as 110."""
    text = normalise_phone(plain(raw))
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text) or _SHORT.fullmatch(text):
        return Verdict(Level.OK, text)
    figures = sum(sign.isdigit() for sign in text)
    if not figures:
        return _wrong("phone_bad", text, "这里没有电话号码")
    return _wrong("phone_wrong_length", text, f"电话号码是 {figures} 位，手机应为 11 位，固定电话请带区号")


def normalise_phone(text: str) -> str:
    """A number for comparing: half-width, without `+86`, blanks and marks; only a landline keeps its dash."""
    digits = half_width(text).replace("—", "-").replace("–", "-").replace("−", "-").strip("-'\"=")
    digits = re.sub(r"^(?:\+|00)?86-?(?=1[3-9])", "", digits)
    bare = digits.replace("-", "").replace("(", "").replace(")", "")
    if _MOBILE.fullmatch(bare) or not bare.isdigit() or bare[0] != "0":
        return bare if bare.isdigit() else digits
    area = 3 if bare[1] in "12" else 4  # 010, 02x; all others have four figures
    local, _, extension = digits.replace("(", "").replace(")", "-").removeprefix(bare[:area]).lstrip("-").partition("-")
    return "-".join(part for part in (bare[:area], local, extension) if part)


_BETWEEN = re.compile(r"[/／、,，;；|\n\r]|[或和及]|\s{2,}")
_PIECES = re.compile(r"\+?[0-9][0-9\-—–() 转]*[0-9]")


def phones_in(raw: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers in a cell and the pieces that look like one and are none: `(good, bad)`, in the order written."""
    if isinstance(raw, str):
        if len(raw) == 11 and raw.isascii() and _MOBILE.fullmatch(raw):  # noqa: PLR2004 the usual case
            return (raw,), ()
        return _phones_in_text(raw)
    text = plain(raw)
    if _MOBILE.fullmatch(text):
        return (text,), ()
    return _phones_in_text(text) if text else ((), ())


def _phones_in_text(raw: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    good: dict[str, None] = {}
    bad: list[str] = []
    for part in _BETWEEN.split(raw.replace("_x000D_", "\n")):
        for piece in _PIECES.findall(half_width_keeping_blanks(part)):
            for number in _split_joined(piece):
                verdict = check_phone(number)
                if verdict.usable:
                    good[verdict.value] = None
                else:
                    bad.append(number)
    return tuple(good), tuple(bad)


def half_width_keeping_blanks(text: str) -> str:
    """Half-width text in which white space still parts the numbers."""
    return " ".join(half_width(part) for part in text.split())


def _split_joined(piece: str) -> list[str]:
    """Two mobile numbers that only a blank parts, or nothing at all."""
    bare = re.sub(r"[^0-9]", "", piece)
    if len(bare) == 22 and _MOBILE.fullmatch(bare[:11]) and _MOBILE.fullmatch(bare[11:]):  # noqa: PLR2004 2 × 11
        return [bare[:11], bare[11:]]
    return [piece]
