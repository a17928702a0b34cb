"""点单: who asked for what, who has it in hand, what is next; every step has a letter."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout, QWidget

from desktop_app.orders import checks, queries, rules, sheet
from desktop_app.orders.queries import OPEN_WORD, OrderFilter, OrderLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.orders_asks import KEYS, RIGHT, OrderAsks
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.parts import column
from ui.shell.theme import Theme
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import Column
from ui.widgets.timeline import Moment, Timeline

_UNTAKEN, _STALE = "untaken", "stale"
_MOST = 5_000
_TIMELINE_LINES = 6


class OrdersPane(ListPane):
    """Orders, the latest first."""

    name: ClassVar[str] = "服务单"
    record: ClassVar[str] = "service_order"
    tables: ClassVar[frozenset[str]] = frozenset({"service_order", "order_event", "helper", "person"})
    stretch: ClassVar[str] = "title"
    search: ClassVar[str] = "编号、事项、姓名、地点"

    def __init__(self, page: Page) -> None:
        self._asks = OrderAsks(page.desk)
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("no", self.tr("编号"), 86, lambda line: line.no, "no"),
            Column("on", self.tr("点单日期"), 88, lambda line: line.received_on, "on"),
            Column("phase", self.tr("状态"), 50, lambda line: line.phase, "phase", tone=_tone),
            Column("title", self.tr("事项"), 140, lambda line: line.title, "title"),
            Column("helper", self.tr("接单人"), 76, lambda line: line.helper, "helper"),
            Column("want", self.tr("约定时间"), 138, lambda line: line.want, "want"),
            Column("colour", self.tr("专长"), 104, lambda line: line.colour, "colour"),
            Column("waited", self.tr("等待"), 62, self._waited, "waited", tone=_waiting_tone),
            Column("rating", self.tr("评价"), 70, lambda line: line.satisfaction, "rating"),
        )

    def filters(self) -> tuple[Filter, ...]:
        phases = tuple((word, word) for word in (OPEN_WORD, *rules.PHASES))
        colours = tuple((one.code, f"{one.text('colour')}·{one.name}") for one in self.page.desk.codes(checks.COLOURS))
        looks = ((_UNTAKEN, self.tr("无人接单")), (_STALE, self.tr("有没生效的")))
        return (
            Filter("phase", self.tr("状态"), phases, several=False),
            Filter("colour", self.tr("专长"), colours, several=False),
            Filter("look", self.tr("要看的"), looks, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[OrderLine], Any]]:
        return {
            "no": lambda line: line.no,
            "on": lambda line: (line.received_on, line.id),
            "phase": lambda line: rules.PHASES.index(line.phase),
            "title": lambda line: sort_key(line.title),
            "helper": lambda line: sort_key(line.helper),
            "want": lambda line: line.want,
            "colour": lambda line: line.colour,
            "waited": lambda line: line.waited,
            "rating": lambda line: line.satisfaction,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[OrderLine]:
        look = chosen.one("look")
        which = OrderFilter(
            text=chosen.text,
            phase=chosen.one("phase"),
            colour=chosen.one("colour"),
            untaken=look == _UNTAKEN,
            stale=look == _STALE,
        )
        return queries.orders(db, which, limit=_MOST)

    def title_of(self, line: OrderLine) -> str:
        return line.title

    def facts(self, line: OrderLine) -> Facts_:
        who = "　".join(part for part in (line.requester, line.phone) if part)
        minutes = self.tr("{n} 分钟").format(n=line.minutes) if line.minutes else ""
        return (
            (self.tr("编号"), f"{line.no}　{line.variant}"),
            (self.tr("专长"), line.colour),
            (self.tr("状态"), line.phase + (self.tr("，等了 {n} 天").format(n=line.waited) if line.waited else "")),
            (self.tr("点单人"), who),
            (self.tr("地点"), line.place),
            (self.tr("约定时间"), line.want),
            (self.tr("接单人"), line.helper),
            (self.tr("完成"), "　".join(part for part in (line.finished_on, minutes) if part)),
            (self.tr("评价"), line.satisfaction),
        )

    def below(self, line: OrderLine) -> QLayout | None:
        found = queries.detail(self.page.desk.app.db, line.id)
        if found is None:
            return None
        return column(short_timeline(self, self.page.desk.theme, self.tr("经过"), moments(found.events)))

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        steps = (Command(kind, partial(self.step, kind), key, "", here, RIGHT) for kind, key in KEYS.items())
        return (
            Command(self.tr("点单"), self.place, "N", "plus", here, RIGHT),
            *steps,
            Command(self.tr("打印派单卡"), self.print_cards, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("打开这张单"), self.open, "O", "file", here),
        )

    def nothing(self) -> str:
        return self.tr("还没有服务单。居民要人帮忙，按 N 记一张；要推荐人选，先在“志愿者”里登记。")

    def write_file(self, _db: Database, draft: Path, lines: Sequence[OrderLine]) -> None:
        sheet.write_orders(draft, lines)

    def open(self) -> None:
        """The order in a tab of its own."""
        line = self.table.current
        if line is not None:
            self.page.desk.open_record("order", line.id)

    def place(self) -> None:
        """A new order."""
        self.begin(self._asks.place(self.point_at))

    def step(self, kind: str) -> None:
        """One step of the order under the cursor."""
        line = self.table.current
        found = queries.detail(self.page.desk.app.db, line.id) if line is not None else None
        if found is not None:
            self.begin(self._asks.step(kind, found))

    def print_cards(self) -> None:
        """The card of the order under the cursor."""
        line = self.table.current
        if line is not None:
            self.page.desk.print_form("order_card", [line.id])

    def _waited(self, line: OrderLine) -> str:
        return self.tr("{n} 天").format(n=line.waited) if line.waited else ""


def _tone(line: OrderLine) -> str:
    return "bad" if line.stale else "warn" if line.phase == rules.WAITING else ""


def _waiting_tone(line: OrderLine) -> str:
    return "bad" if line.waited > 1 else ""


def short_timeline(parent: QWidget, theme: Theme, name: str, shown: Sequence[Moment]) -> Timeline:
    """A time line as high as what stands in it, up to a few lines; the rest scrolls."""
    made = Timeline(theme, name, parent)
    made.show_moments(shown)
    lines = sum(2 if one.detail else 1 for one in shown)
    made.setFixedHeight(round(theme.row_height * min(max(lines, 2), _TIMELINE_LINES) * 0.88) + 8)
    return made


def moments(events: Sequence[Any]) -> list[Moment]:
    """Events as a time line shows them, the latest first; what came to nothing says so."""
    shown = []
    for one in reversed(events):
        who = getattr(one, "to_whom", "") or getattr(one, "taker", "")
        title = "　".join(part for part in (one.kind, who, one.result) if part)
        said = "　".join(
            part for part in (one.by_name, one.text, f"没有生效：{one.stale}" if one.stale else "") if part
        )
        shown.append(Moment(one.on, title, said, "bad" if one.stale else "accent"))
    return shown
