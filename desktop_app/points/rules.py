"""What is true of points: kinds of accounts and entries, what a rule gives, how far a cap reaches.  Pure functions.

党员积分 黄石 2022 (“党员积分制管理，实现区域内积分通兑、转赠互认”), 时间银行 硚口, 家庭积分 石首 2023.  The numbers
stand in `resources/codes/points_rules.toml`.
"""

from dataclasses import dataclass
from typing import Final

from desktop_app.profiles.rules import POINT_KINDS, POINT_WAYS, Code

MEMBER, TIME, FAMILY = OWNED = POINT_KINDS
COMMUNITY: Final = "社区"
KINDS: Final = (*OWNED, COMMUNITY)
"""The words of `PointsAccount.kind`; the community's are the other side of what comes and goes."""
POINTS, MINUTES = UNITS = ("分", "分钟")
UNIT: Final = {MEMBER: POINTS, TIME: MINUTES, FAMILY: POINTS}
GIVING, TAKING, ELSEWHERE = SIDES = ("发放", "兑换", "往来")
"""The community's accounts of each unit: what deposits come from, what is spent goes to, other communities."""
DEPOSIT, DEDUCTION, VETO, SPENT, GIVEN, REVERSAL, SENT, TAKEN_IN = ENTRIES = (
    "存入", "扣分", "否决", "支出", "转赠", "冲正", "转出", "转入",
)  # fmt: skip
"""The words of `PointsEntry.kind`."""
EARNED: Final = (DEPOSIT, DEDUCTION, VETO)
"""What counts for the figures of a year, as against what was spent or given away."""
CARRIED: Final = "积分转出"
"""Kind of the line that a resident who moves takes along among the own records; see `carried`."""
EACH, BY_MINUTE, AS_TOLD = PER = POINT_WAYS
EVIDENCE: Final = {
    "service_order": "服务单",
    "shift": "值守",
    "attendance": "会议签到",
    "sign_in": "活动签到",
    "points_voucher": "外社区凭证",
}
"""What points may be given for, once each: records by their table, and vouchers of other communities."""
MOST: Final = 1_000_000
"""No entry is above this: a slip of the keyboard."""


def carried(kind: str, amount: int, unit: str, source: str, voucher_no: str) -> str:
    """What stands among the records of whoever moves."""
    return f"{kind} {amount} {unit}从{source}转出，凭证 {voucher_no}"


@dataclass(frozen=True, slots=True)
class PointsRule:
    """One line of `points_rules`: `points` each time, a minute, or (per 实数) as told; caps are 0 for none."""

    code: str
    name: str
    of: str
    points: int
    per: str
    cap_month: int
    cap_year: int
    reviewers: int
    veto: bool
    group: str
    version: int

    @property
    def words(self) -> str:
        """What an entry keeps of it: 参加主题党日：每次 2 分，每年最多 8 分（第 1 版）."""
        unit = UNIT.get(self.of, "")
        each = {EACH: f"每次 {self.points} {unit}", BY_MINUTE: f"每分钟 {self.points} {unit}"}.get(self.per, "按实数")
        caps = ((self.cap_month, "每月"), (self.cap_year, "每年"))
        parts = ["本年归零" if self.veto else each, *(f"{when}最多 {cap} {unit}" for cap, when in caps if cap)]
        return f"{self.name}：{'，'.join(parts)}（第 {self.version} 版）"

    def amount(self, told: int | None) -> int:
        """What it gives (below 0: takes away); `told` are minutes, or the number itself where the rule has none."""
        if self.per == EACH:
            return self.points * (told or 1)
        each = self.points if self.per == BY_MINUTE else -1 if self.points < 0 else 1
        return (told or 0) * each


def rule_of(code: Code, version: int) -> PointsRule:
    """A rule from its line in the table."""
    per = code.text("per")
    return PointsRule(
        code=code.code,
        name=code.name,
        of=code.text("of"),
        points=code.number("points") or 0,
        per=per if per in PER else EACH,
        cap_month=code.number("cap_month") or 0,
        cap_year=code.number("cap_year") or 0,
        reviewers=code.number("reviewers") or 0,
        veto=bool(code.more.get("veto")),
        group=code.text("group"),
        version=version,
    )


def left_of_caps(rule: PointsRule, in_month: int, in_year: int) -> int:
    """How much the caps of a rule still leave, when so much was deposited in the month and in the year already."""
    caps = ((rule.cap_month, in_month), (rule.cap_year, in_year))
    return max(0, min((cap - had for cap, had in caps if cap), default=MOST))


def spoken(amount: int, unit: str) -> str:
    """30 分; 2 小时 5 分钟（125 分钟）; −3 分."""
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if unit != MINUTES or size < 60:  # noqa: PLR2004 minutes of an hour
        return f"{sign}{size} {unit}"
    hours, minutes = divmod(size, 60)
    whole = f"{hours} 小时{f' {minutes} 分钟' if minutes else ''}"
    return f"{sign}{whole}（{size} 分钟）"
