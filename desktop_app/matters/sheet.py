"""The register of matters as a spreadsheet."""

from collections.abc import Sequence

from desktop_app.matters.queries import MatterLine

HEADERS = (
    "编号", "提出日期", "提出方", "提出人", "议题", "类别", "议事步骤", "现在", "状态", "决定", "牵头", "协办",
    "完成时限", "进度（%）", "已告知提出人", "评价", "天数",
)  # fmt: skip


def cells(line: MatterLine) -> Sequence[object]:
    """A line of the register."""
    return (
        line.no, line.proposed_on, line.source, line.proposer, line.title, line.kind, line.template, line.step_name,
        line.standing, line.outcome, line.lead, line.helpers, line.due_on, line.progress, "是" if line.told else "",
        line.satisfaction, line.days,
    )  # fmt: skip
