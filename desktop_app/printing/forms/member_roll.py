"""大党委成员名册: who sits in the enlarged Party committee, of which unit, for how long; A4 landscape."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.table import draw_bands, page_size
from desktop_app.printing.partner import MembersPaper, members_paper
from desktop_app.printing.tables import Column

WHO = (Column("序号", None, "centre"), Column("姓名"), Column("大党委职务"), Column("单位"), Column("单位职务"))


class MemberRoll:
    """The form."""

    name: ClassVar[str] = "member_roll"
    title: ClassVar[str] = "大党委成员名册"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A3 横向")
    subject: ClassVar[Subject] = "community"
    columns: ClassVar[tuple[Column, ...]] = (*WHO, Column("联系电话"), Column("聘书编号"), Column("聘期"))
    record: ClassVar[bool] = False

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[MembersPaper]:
        """One paper: that of the community."""
        del subjects
        return [members_paper(desk, record=self.record)]

    def draw(self, papers: Sequence[MembersPaper], choice: Choice = DEFAULT) -> bytes:
        """Each committee under a band of its own."""
        sheet = sheet_of(self.title, papers, choice)
        size = page_size(size_of(self.sizes, choice))
        for paper in papers:
            draw_bands(sheet, (paper.title, paper.printed), self.columns, paper.bodies, size, choice.footer)
        return sheet.finish()
