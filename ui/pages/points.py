"""积分与时间银行: accounts with their passbooks, what was done and not deposited yet, the board of a year."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.page_of_faces import Face, PageOfFaces
from ui.pages.points_accounts import AccountsPane
from ui.pages.points_board import BoardPane
from ui.pages.points_due import DuePane


class PointsPage(PageOfFaces):
    """Three faces."""

    accounts = Face(AccountsPane)
    due = Face(DuePane)
    board = Face(BoardPane)
    tables: ClassVar[frozenset[str]] = AccountsPane.tables | DuePane.tables | BoardPane.tables
    opens: ClassVar[Mapping[str, int]] = {"points_account": 0, "points_due": 1, "points_year": 2}

    def words(self) -> tuple[str, ...]:
        return (self.tr("账户"), self.tr("可存入"), self.tr("公示榜"))

    def title(self) -> str:
        return self.tr("积分与时间银行")

    def icon(self) -> str:
        return "coins"
