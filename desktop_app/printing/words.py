"""Dates and times as papers write them (GB/T 9704-2012, 7.3.5.4; GB/T 15835-2011)."""


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
