"""关爱: door bells with who can come, pairs and when somebody is to go, everybody who needs care."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.care_bells import BellsPane
from ui.pages.care_pairs import PairsPane
from ui.pages.care_people import CaredPane
from ui.pages.page_of_faces import Face, PageOfFaces


class CarePage(PageOfFaces):
    """Three faces."""

    bells = Face(BellsPane)
    pairs = Face(PairsPane)
    people = Face(CaredPane)
    tables: ClassVar[frozenset[str]] = BellsPane.tables | PairsPane.tables | CaredPane.tables
    opens: ClassVar[Mapping[str, int]] = {"bells": 0, "door_bell": 0, "pairs": 1, "care_pair": 1, "people": 2}

    def words(self) -> tuple[str, ...]:
        return (self.tr("门铃"), self.tr("结对"), self.tr("关爱对象"))

    def title(self) -> str:
        return self.tr("关爱")

    def icon(self) -> str:
        return "bell"
