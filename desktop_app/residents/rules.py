"""What is true of persons and households; pure functions.  Ages are whole years, dates ISO text and maybe partial."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from desktop_app.shared import identity
from desktop_app.shared.dates import agrees, iso_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.identity import Level

OLD = 60
HEAD_RELATIONS = ("户主", "本人")
PARTY = ("中共党员", "中共预备党员")
LEFT_BY = ("迁出", "搬离", "失联")
"""Ways of leaving the register other than death."""
SEXES = ("男", "女", "未知", "未说明")
"""GB/T 2261.1."""
_DATES = {"birth": "出生日期", "deceased_on": "死亡日期", "left_on": "迁出日期"}
_SPOUSE = ("配偶", "妻", "妻子", "丈夫", "夫", "爱人")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a field that the clerk should see; `stops` means that it cannot be saved like this."""

    field: str
    message: str
    stops: bool


def age_on(birth: str | None, day: date) -> int | None:
    """Whole years on a day; None when the year of birth is unknown or still to come."""
    if not birth or not birth[:4].isdigit():
        return None
    parts = [int(part) for part in birth.split("-")]
    month_day = (parts[1], parts[2]) if len(parts) == 3 else (parts[1], 1) if len(parts) == 2 else (1, 1)  # noqa: PLR2004
    years = day.year - parts[0] - ((day.month, day.day) < month_day)
    return years if years >= 0 else None


def born_by(age: int, day: date) -> str:
    """The latest birth date of somebody who is at least `age` on a day, for use in a query."""
    try:
        return day.replace(year=day.year - age).isoformat()
    except ValueError:  # 29 February
        return day.replace(year=day.year - age, day=28).isoformat()


def findings(
    fields: dict[str, object], today: date, *, card_seen: bool = False, paper: Callable[[str], str]
) -> list[Finding]:
    """What is wrong or odd about a person as typed.  `paper`: word → code of an identity paper, as the desk has them.

    `card_seen` is the clerk's word that the number stands on the card like this: the check digit then only warns
    (identity-and-privacy 1.1).
    """
    found: list[Finding] = []
    if not str(fields.get("name") or "").strip():
        found.append(Finding("name", "姓名还没有填写。", True))
    found += _number(fields, today, paper, card_seen=card_seen)
    if fields.get("sex") and fields["sex"] not in SEXES:
        found.append(Finding("sex", f"性别不能是“{fields['sex']}”。", True))
    for name, zh in _DATES.items():
        if (written := fields.get(name)) and iso_date(written) != written:
            found.append(Finding(name, f"{zh}“{written}”不是日历上有的日期。", True))
    birth = fields.get("birth")
    if birth and str(birth) > today.isoformat():
        found.append(Finding("birth", "出生日期在今天之后。", True))
    for phone in str(fields.get("phones") or "").split():
        verdict = identity.check_phone(phone)
        if verdict.level is not Level.OK:
            found.append(Finding("phones", f"{phone}：{verdict.reason}", False))
    return found


def _number(fields: dict[str, object], today: date, paper: Callable[[str], str], *, card_seen: bool) -> list[Finding]:
    number = str(fields.get("id_no") or "")
    if not number:
        return []
    name = str(fields.get("id_type") or "")
    verdict = identity.check_paper(paper(name), number, today, name)
    if verdict.level is not Level.OK:
        return [Finding("id_no", verdict.reason, verdict.level is Level.ERROR and not card_seen)]
    found: list[Finding] = []
    sex, birth = identity.sex_of(number), identity.birth_of(number)
    if sex and fields.get("sex") and fields["sex"] != sex:
        found.append(Finding("sex", f"证件号上是{sex}，与所填性别不同。", False))
    if birth and fields.get("birth") and not agrees(str(fields["birth"]), birth):
        found.append(Finding("birth", f"证件号上的出生日期是 {birth}，与所填不同。", False))
    return found


def must_be_sound(
    fields: dict[str, object], today: date, *, card_seen: bool = False, paper: Callable[[str], str]
) -> None:
    """Raises an AppError for the first finding that stops."""
    for finding in findings(fields, today, card_seen=card_seen, paper=paper):
        if finding.stops:
            raise AppError(finding.message, field=finding.field, next_step="请改正后再保存，填好的内容都还在。")


def must_have_lived(birth: str | None, on: str) -> None:
    """Nobody moves, leaves or dies before being born."""
    if birth and on < birth[: len(on)]:
        raise AppError(f"日期 {on} 早于出生日期 {birth}。", field="on", next_step="请核对这两个日期。")


def next_head(members: Iterable[tuple[str, str | None, str | None]]) -> str | None:
    """Who heads a household after its head left: the spouse, else the eldest.  Members: (person, relation, birth)."""
    ranked = sorted(members, key=lambda member: (member[1] not in _SPOUSE, member[2] or "9999"))
    return ranked[0][0] if ranked else None


def is_head_word(relation: str | None) -> bool:
    """Whether a written relation means the head of the household."""
    return relation in HEAD_RELATIONS
