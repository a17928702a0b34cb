"""派单卡: A5 for whoever serves, with the evaluation to tear off: a resident without a telephone can answer too."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.orders.rules import SATISFACTIONS
from desktop_app.printing.fields import Field, Look, draw, lay_out
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.order_papers import OrderPaper, order_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A5, GREY, Sheet, Type

_TIME = "　　月　　日　　时　　分 至 　　时　　分"


class OrderCard:
    """The form."""

    name: ClassVar[str] = "order_card"
    title: ClassVar[str] = "派单卡"
    sizes: ClassVar[tuple[str, ...]] = ("A5",)
    subject: ClassVar[Subject] = "order"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[OrderPaper]:
        """One card for each order."""
        return [order_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[OrderPaper], choice: Choice = DEFAULT) -> bytes:
        """Each on a page of its own."""
        return draw_each(self.title, papers, choice, _draw)


def _look() -> Look:
    data = rules("orders")["card"]
    return Look(A5[0] - data["left"] - data["right"], data["label"], data["body"])


def _draw(sheet: Sheet, paper: OrderPaper) -> None:
    sheet.page(A5)
    _draw_card(sheet, paper)
    _draw_slip(sheet, paper)


def _draw_card(sheet: Sheet, paper: OrderPaper) -> None:
    data, words, look = rules("orders")["card"], rules("orders")["words"], _look()
    left, right, top = data["left"], A5[0] - data["right"], data["top"]
    sheet.text(A5[0] / 2, top + 6, words["card"], Type(Role.TITLE, data["title"]), "centre")
    sheet.text(left, top + 13.5, f"{paper.community}　{paper.hotline}".strip(), look.body, fit=80)
    sheet.text(right, top + 13.5, f"编号：{paper.no}", look.body, "right")
    rows = [
        [Field("服务事项", paper.title)],
        [Field("专　　长", paper.colour), Field("方　　式", paper.variant)],
        [Field("点 单 人", paper.requester), Field("电　　话", paper.phone)],
        [Field("地　　点", paper.place)],
        [Field("约定时间", paper.when)],
        [Field("内　　容", paper.text, 3)],
        [Field("接 单 人", paper.helper), Field("电　　话", paper.helper_phone)],
        [Field("派单日期", paper.sent), Field("接单签名")],
        [Field("服务时间", _TIME)],
    ]
    end = draw(sheet, left, top + 17, lay_out(rows, look), look)
    sheet.text(left, end + 5.5, words["card_note"], Type(Role.SONG, data["body"] - 1.5, GREY), fit=right - left)


def _draw_slip(sheet: Sheet, paper: OrderPaper) -> None:
    """The evaluation, below a dashed line."""
    data, look = rules("orders")["card"], _look()
    tear = data["tear"]
    sheet.line(0, tear, A5[0], tear, 0.15, GREY, dash=(2, 1.5))
    sheet.text(A5[0] / 2, tear + 8.5, rules("orders")["words"]["slip"], Type(Role.HEI, look.size + 2), "centre")
    rows = [
        [Field("编　　号", paper.no), Field("接 单 人", paper.helper)],
        [Field("服务事项", paper.title)],
        [Field("服务分钟", "　　　　分钟"), Field("服务日期", "　　年　月　日")],
        [Field("您的评价", "　　".join(f"□ {word}" for word in SATISFACTIONS))],
        [Field("意　　见", "", 2)],
        [Field("点单人签名"), Field("日　　期", "　　年　月　日")],
    ]
    draw(sheet, data["left"], tear + 11.5, lay_out(rows, look), look)
