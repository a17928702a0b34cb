"""Dates and times as papers write them (GB/T 9704-2012, 7.3.5.4; GB/T 15835-2011), and figures nobody can alter."""

_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿")


def spoken_date(iso: str | None) -> str:
    """“2026年1月5日” of `2026-01-05`, without leading zeros; partial dates keep what they have, "" stays ""."""
    if not iso:
        return ""
    parts = iso[:10].split("-")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def spoken_time(local: str | None) -> str:
    """“2026年1月5日9时30分” of `2026-01-05 09:30`; a date alone stays a date."""
    if not local:
        return ""
    day, _, clock = local.replace("T", " ").partition(" ")
    hour, _, minute = clock.partition(":")
    return spoken_date(day) + (f"{int(hour)}时{minute[:2]}分" if hour and minute else "")


def spoken_span(start: str | None, end: str | None) -> str:
    """“2026年1月5日9时00分至11时20分”; the day is not said twice."""
    first, last = spoken_time(start), spoken_time(end)
    if not (first and last):
        return first or last
    day = spoken_date((start or "")[:10])
    return f"{first}至{last.removeprefix(day)}"


def capitals(number: int) -> str:
    """“壹仟零伍” of 1005: a whole number below 10¹² as vouchers write it (中国人民银行《支付结算办法》附件一)."""
    if number == 0:
        return _CAPITALS[0]
    digits = f"{number:012d}"
    told = ""
    for group, place in zip((digits[:4], digits[4:8], digits[8:]), reversed(_GROUPS), strict=True):
        for digit, unit in zip(group, _PLACES, strict=True):
            if digit != "0":
                told += _CAPITALS[int(digit)] + unit
            elif told and not told.endswith(_CAPITALS[0]):
                told += _CAPITALS[0]
        if group != "0000":
            told = told.rstrip(_CAPITALS[0]) + place
    return told.rstrip(_CAPITALS[0])
