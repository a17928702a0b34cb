"""点单: orders, small wishes, those who report in, duty; and the posts and helpers behind them."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.orders_duty import DutyPane
from ui.pages.orders_helpers import HelpersPane
from ui.pages.orders_list import OrdersPane
from ui.pages.orders_posts import PostsPane
from ui.pages.orders_reporting import RegistrationsPane
from ui.pages.orders_wishes import WishesPane
from ui.pages.page_of_faces import Face, PageOfFaces


class OrdersPage(PageOfFaces):
    """Six faces."""

    orders = Face(OrdersPane)
    wishes = Face(WishesPane)
    registrations = Face(RegistrationsPane)
    duty = Face(DutyPane)
    posts = Face(PostsPane)
    helpers = Face(HelpersPane)
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "service_order",
            "order_event",
            "wish",
            "wish_event",
            "registration",
            "registration_claim",
            "post",
            "shift",
            "shift_event",
            "helper",
            "person",
            "attachment",
        }
    )
    opens: ClassVar[Mapping[str, int]] = {"order": 0, "wish": 1, "registration": 2, "shift": 3, "post": 4, "helper": 5}

    def words(self) -> tuple[str, ...]:
        return (
            self.tr("点单"),
            self.tr("微心愿"),
            self.tr("报到"),
            self.tr("值守"),
            self.tr("岗位"),
            self.tr("志愿者"),
        )

    def title(self) -> str:
        return self.tr("点单")

    def icon(self) -> str:
        return "check"
