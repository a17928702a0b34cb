"""三张清单: needs, resources, projects … of the town's lists on A3 landscape, with who took them."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.table import draw_bands, page_size
from desktop_app.printing.partner import ListsPaper, lists_paper
from desktop_app.printing.tables import Column

_COLUMNS = (
    Column("编号", None, "centre"),
    Column("事项"),
    Column("提供（提出）方"),
    Column("联系人"),
    Column("期限"),
    Column("可认领", None, "centre"),
    Column("认领方"),
    Column("进展", None, "centre"),
)


class PartnerLists:
    """The form."""

    name: ClassVar[str] = "partner_lists"
    title: ClassVar[str] = "共建清单"
    sizes: ClassVar[tuple[str, ...]] = ("A3 横向", "A4 横向")
    subject: ClassVar[Subject] = "list_group"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[ListsPaper]:
        """One for each group of lists."""
        return [lists_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[ListsPaper], choice: Choice = DEFAULT) -> bytes:
        """Each group begins a page of its own; pages are counted within a group."""
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            lists = [(f"{name}（{len(items)}项）", items) for name, items in paper.lists]
            kind = "" if paper.title.endswith("清单") else "清单"
            head = (f"{paper.community}{paper.title}{kind}", paper.printed)
            draw_bands(sheet, head, _COLUMNS, lists, page_size(size_of(self.sizes, choice)), choice.footer)
        return sheet.finish()
