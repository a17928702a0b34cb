"""兼职委员履职台账: what each part-time member took on, finished and took part in this year; A4 landscape."""

from typing import ClassVar

from desktop_app.printing.forms.member_roll import WHO, MemberRoll
from desktop_app.printing.tables import Column


class MemberRecord(MemberRoll):
    """The form: the roll with figures, those who left within the year too."""

    name: ClassVar[str] = "member_record"
    title: ClassVar[str] = "兼职委员履职台账"
    columns: ClassVar[tuple[Column, ...]] = (
        *(*WHO, Column("聘书编号"), Column("认领事项", None, "centre"), Column("完成", None, "centre")),
        *(Column("参加活动", None, "centre"), Column("离任日期")),
    )
    record: ClassVar[bool] = True
