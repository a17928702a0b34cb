"""关爱: door bells with who can come, pairs and when somebody is to go, everybody who needs care."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.care_bells import BellsPane
from ui.pages.care_pairs import PairsPane
from ui.pages.care_people import CaredPane
from ui.pages.page_of_faces import PageOfFaces
from ui.shell.desk import Desk


class CarePage(PageOfFaces):
    """Three faces."""

    tables: ClassVar[frozenset[str]] = BellsPane.tables | PairsPane.tables | CaredPane.tables
    opens: ClassVar[Mapping[str, int]] = {"bells": 0, "door_bell": 0, "pairs": 1, "care_pair": 1, "people": 2}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.bells = BellsPane(self)
        self.pairs = PairsPane(self)
        self.people = CaredPane(self)
        words = (self.tr("门铃"), self.tr("结对"), self.tr("关爱对象"))
        self.arrange(words, self.bells, self.pairs, self.people)

    def title(self) -> str:
        return self.tr("关爱")

    def icon(self) -> str:
        return "bell"
