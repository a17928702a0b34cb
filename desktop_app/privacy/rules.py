"""What is true of personal data and of those who ask about it; pure functions.  Dates are ISO text."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

from desktop_app.privacy.policy import Policy
from desktop_app.residents.rules import age_on
from desktop_app.shared.errors import AppError

# ------------------------------------------------------------------------------------------------------------ approvals

LOOK_MINOR, FULL_EXPORT, RESTRICTED_ON, EXPIRED_ERASE, EXPIRED_SEAL = (
    "查看未成年人信息",
    "导出完整信息",
    "启用限制类人员",
    "到期清除",
    "到期封存",
)
APPROVALS: Final = {
    LOOK_MINOR: ("residents.reveal", "minors.approve"),
    FULL_EXPORT: ("residents.export", "privacy.approve"),
    RESTRICTED_ON: ("restricted.switch", "privacy.approve"),
    EXPIRED_ERASE: ("privacy.change", "privacy.approve"),
    EXPIRED_SEAL: ("privacy.change", "privacy.approve"),
}
"""What may be asked for: the right of whoever asks, and of whoever decides."""
YES, NO = "同意", "不同意"

# -------------------------------------------------------------------------------------------------------------- exports

WHOLE, HIDDEN, ORIGINAL = 0, 1, 2
NUMBERS: Final = {WHOLE: "完整", HIDDEN: "已遮盖", ORIGINAL: "原件"}
"""What stands in `ExportRecord.masked`, and in words.  原件: it went as it came, nobody looked what is in it."""

# ------------------------------------------------------------------------------------------------------------- requests

SEE, COPY, CORRECT, ERASE, EXPLAIN = "查阅", "复制", "更正", "删除", "解释"
KINDS: Final = (SEE, COPY, CORRECT, ERASE, EXPLAIN)
"""PIPL art. 44–48."""
SELF, GUARDIAN, RELATIVE, AGENT = "本人", "监护人", "近亲属", "代理人"
RELATIONS: Final = (SELF, GUARDIAN, RELATIVE, AGENT)
"""近亲属 may ask about the dead alone (PIPL art. 49)."""
CHANNELS: Final = ("当面", "书面", "电话", "网络", "其他")
IDENTITIES: Final = ("当面核对居民身份证", "核对户口簿", "核对监护关系证明", "核对亲属关系证明", "核对委托书和双方证件")
DECISIONS: Final = (YES, "部分同意", NO)
ANSWERS: Final = ("当面", "书面", "邮寄", "网络")
RECEIVED, CHECKED, DECIDED, ANSWERED = "待核身份", "待决定", "待答复", "已答复"


class Ticket(Protocol):
    """As much of a SubjectRequest as its state needs."""

    @property
    def identity_on(self) -> str | None: ...
    @property
    def decision(self) -> str | None: ...
    @property
    def answered_on(self) -> str | None: ...


def state_of(ticket: Ticket) -> str:
    """Where a request stands; a refusal may be decided without the identity, an answer needs a decision."""
    if ticket.answered_on:
        return ANSWERED
    if ticket.decision:
        return DECIDED
    return CHECKED if ticket.identity_on else RECEIVED


def may_ask(relation: str, *, deceased: bool, minor: bool) -> None:
    """AppError where this relation gives no right to ask: relatives of the living, guardians of adults."""
    if relation == RELATIVE and not deceased:
        raise AppError(
            "近亲属只能就已去世居民的信息提出申请（个人信息保护法第 49 条），没有登记。",
            field="relation",
            next_step="居民在世时请由本人申请，或选“代理人”并核对委托书。",
        )
    if relation == GUARDIAN and not minor:
        raise AppError(
            "这位居民已成年，监护人一栏不适用，没有登记。", field="relation", next_step="请选“代理人”，并核对委托书。"
        )
    if relation == SELF and deceased:
        raise AppError("这位居民已登记去世，不能由本人申请，没有登记。", field="relation", next_step="请选“近亲属”。")


# ----------------------------------------------------------------------------------------------------------- who is who


def is_minor(birth: str | None, day: date, policy: Policy) -> bool:
    """Whether somebody is under age on a day.  Who has no birth date is taken for grown up: most such entries are."""
    age = age_on(birth, day)
    return age is not None and age < policy.minor_age


def is_sensitive(tags: Iterable[str], policy: Policy) -> bool:
    """Whether one of these tags says something about health (PIPL art. 28)."""
    return any(word in tag for tag in tags for word in policy.health_tags)


def must_be_said(words: str, field: str, zh: str, *, names: Iterable[str] = ()) -> str:
    """A reason, tidied.  AppError where there is none, or where it names the person: reasons outlast an erasure."""
    said = " ".join(words.split())
    if not said:
        raise AppError(f"{zh}没有填，什么也没有做。", field=field, next_step=f"请写明{zh}。")
    if any(name and len(name) > 1 and name in said for name in names):
        raise AppError(
            f"{zh}里写了本人的姓名，什么也没有做。", field=field, next_step=f"{zh}会长期留存，请不要写姓名。"
        )
    return said


def years_after(day: str, years: int) -> str:
    """The same day some years later; a partial date counts from its end, 29 February goes to 1 March."""
    whole = {4: f"{day}-12-31", 7: f"{day}-28"}.get(len(day), day[:10])
    found = date.fromisoformat(whole)
    try:
        return found.replace(year=found.year + years).isoformat()
    except ValueError:
        return date(found.year + years, 3, 1).isoformat()
