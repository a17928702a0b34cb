"""共建: units and their agreements, the lists and who took what, part-time members, venues, activities."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.page_of_faces import Face, PageOfFaces
from ui.pages.partners_activities import ActivitiesPane
from ui.pages.partners_lists import ItemsPane
from ui.pages.partners_members import MembersPane
from ui.pages.partners_together import BookingsPane
from ui.pages.partners_units import UnitsPane


class PartnersPage(PageOfFaces):
    """Five faces."""

    units = Face(UnitsPane)
    items = Face(ItemsPane)
    members = Face(MembersPane)
    bookings = Face(BookingsPane)
    activities = Face(ActivitiesPane)
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "partner_unit",
            "part_time_member",
            "agreement",
            "agreement_item",
            "list_item",
            "claim",
            "claim_event",
            "venue",
            "booking",
            "activity",
            "sign_in",
            "unit_review",
        }
    )
    opens: ClassVar[Mapping[str, int]] = {
        "agreement": 0,
        "claim": 1,
        "item": 1,
        "member": 2,
        "booking": 3,
        "activity": 4,
    }

    def words(self) -> tuple[str, ...]:
        return (self.tr("单位"), self.tr("清单"), self.tr("兼职委员"), self.tr("场地"), self.tr("活动"))

    def title(self) -> str:
        return self.tr("共建")

    def icon(self) -> str:
        return "star"
