"""场地: the venues that are shared, entered, corrected and closed, and who booked them when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.partners import doings, sheet, together
from desktop_app.partners.actions import RIGHT as CHANGE
from desktop_app.partners.model import Booking, Venue
from desktop_app.partners.queries import unit_names
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.orders_asks import whole
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column

_BACK_DAYS = 30


class _Line:
    """A booking as the table knows lines."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.id = str(told["id"])


class BookingsPane(ListPane):
    """Bookings of the last month and all to come."""

    name: ClassVar[str] = "场地预约"
    record: ClassVar[str] = "booking"
    search: ClassVar[str] = "用途、预约人"
    stretch: ClassVar[str] = "purpose"
    tables: ClassVar[frozenset[str]] = frozenset({"venue", "booking", "partner_unit"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("start", self.tr("开始"), 124, lambda line: line.told["starts_at"], "start"),
            Column("end", self.tr("结束"), 56, lambda line: line.told["ends_at"][11:]),
            Column("venue", self.tr("场地"), 110, lambda line: line.told["venue"], "venue"),
            Column("by", self.tr("预约人"), 76, lambda line: line.told["by_name"]),
            Column("purpose", self.tr("用途"), 150, lambda line: line.told["purpose"]),
            Column(
                "clash",
                "",
                76,
                lambda line: self.tr("时间冲突") if line.told["clash"] else "",
                tone=lambda _line: "bad",
            ),
        )

    def filters(self) -> tuple[Filter, ...]:
        return (Filter("venue", self.tr("场地"), (), several=False),)

    def orders(self) -> Mapping[str, Callable[[Any], Any]]:
        return {"start": lambda line: line.told["starts_at"], "venue": lambda line: sort_key(line.told["venue"])}

    def ask(self, db: Database, chosen: Chosen) -> Sequence[_Line]:
        since = (db.clock.today() - timedelta(days=_BACK_DAYS)).isoformat()
        found = doings.bookings(db, since, "9999-12-31", chosen.one("venue"))
        return [_Line(one) for one in found if chosen.text in f"{one['purpose']}{one['by_name']}{one['unit']}"]

    def refresh(self) -> None:
        venues = doings.venues(self._db)
        self.bar.chips["venue"].set_choices(tuple((one.id, one.name) for one in venues))
        super().refresh()

    @property
    def _db(self) -> Database:
        return self.page.desk.app.db

    def title_of(self, line: _Line) -> str:
        return str(line.told["purpose"])

    def facts(self, line: _Line) -> Sequence[tuple[str, Any]]:
        told = line.told
        clash = self.tr("与更早登记的预约冲突，请与对方商量后改期") if told["clash"] else ""
        return (
            (self.tr("场地"), told["venue"]),
            (self.tr("时间"), f"{told['starts_at']}—{told['ends_at'][11:]}"),
            (self.tr("预约人"), f"{told['by_name']}　{told['unit']}".strip()),
            (self.tr("人数"), str(told["persons"] or "")),
            (self.tr("提示"), clash),
        )

    def nothing(self) -> str:
        return self.tr("还没有预约。先登记场地，再预约时间。")

    def write_file(self, db: Database, path: Path, lines: Sequence[_Line]) -> None:
        del db
        sheet.write_bookings(path, [line.told for line in lines])

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("预约"), self.book, "Ctrl+N", "plus", group, CHANGE),
            Command(self.tr("登记场地"), self.add_venue, "V", "plus", group, CHANGE),
            Command(self.tr("修改场地"), self.change_venue, "E", "edit", group, CHANGE),
            Command(self.tr("取消预约"), self.cancel, "Delete", "", group, CHANGE),
        )

    def book(self) -> None:
        """Book a venue; without one the venue is asked for first."""
        venues = doings.venues(self._db)
        if not venues:
            self.add_venue()
            return
        app = self.page.desk.app

        def work(answer: Answer) -> Booking:
            start, end = (f"{answer['day']} {answer[name].replace('：', ':'):0>5}" for name in ("start", "end"))
            booking = Booking(
                venue_id=answer["venue_id"], starts_at=start, ends_at=end, made_at=app.clock.ms(),
                by_name=answer["by_name"], purpose=answer["purpose"], unit_id=answer.get("unit_id"),
                persons=int(answer["persons"]) if answer["persons"].isdecimal() else None,
            )  # fmt: skip
            return together.book(app.db, app.actor, booking)

        self.begin(
            Ask(
                self.tr("预约场地"),
                self.tr("预约"),
                self._fields(venues),
                work,
                lambda made: self.tr("已预约 {start}").format(start=made.starts_at),
                done=lambda made: self.point_at(made.id),
                values={
                    "venue_id": self.bar.chosen.one("venue") or venues[0].id,
                    "day": app.clock.today().isoformat(),
                    "by_name": app.actor.name,
                },
                fresh=True,
            )
        )

    def _fields(self, venues: Sequence[Venue]) -> tuple[Field, ...]:
        return (
            Field("venue_id", self.tr("场地"), "choice", tuple((one.id, one.name) for one in venues), required=True),
            Field("day", self.tr("日期"), "date", required=True),
            Field("start", self.tr("开始"), required=True, hint="14:00"),
            Field("end", self.tr("结束"), required=True, hint="16:00"),
            Field("purpose", self.tr("用途"), required=True),
            Field("by_name", self.tr("预约人"), required=True),
            Field("unit_id", self.tr("单位"), "choice", (("", ""), *unit_names(self._db).items())),
            Field("persons", self.tr("人数"), "number"),
        )

    def _venue_fields(self) -> tuple[Field, ...]:
        return (
            Field("name", self.tr("场地名称"), required=True),
            Field("unit_id", self.tr("所属单位"), "choice", (("", self.tr("社区")), *unit_names(self._db).items())),
            Field("address", self.tr("地址")),
            Field("seats", self.tr("容纳人数"), "number"),
            Field("open_hours", self.tr("开放时间")),
            Field("contact", self.tr("联系人")),
        )

    def add_venue(self) -> None:
        """A venue that others may use."""
        app = self.page.desk.app

        def work(answer: Answer) -> Venue:
            seats = int(answer["seats"]) if answer["seats"].isdecimal() else None
            told: dict[str, Any] = {name: answer.get(name) for name in ("unit_id", "address", "open_hours", "contact")}
            return together.add_venue(app.db, app.actor, Venue(name=answer["name"], seats=seats, **told))

        self.begin(
            Ask(
                self.tr("登记场地"),
                self.tr("登记"),
                self._venue_fields(),
                work,
                lambda made: self.tr("已登记{name}").format(name=made.name),
                fresh=True,
            )
        )

    def change_venue(self) -> None:
        """Put the venue of the line under the cursor right, else the one of the filter or the only one."""
        venue = self._venue()
        if venue is not None:
            self.begin(self._change(venue))
        else:
            self.page.desk.say(self.tr("请先在“场地”里选一处，或把光标放在它的预约上。没有场地的按 V 登记。"))

    def _venue(self) -> Venue | None:
        standing = {one.id: one for one in doings.venues(self._db)}
        line = self.table.current
        wanted = str(line.told["venue_id"]) if line is not None else self.bar.chosen.one("venue")
        return standing.get(wanted) or (next(iter(standing.values())) if len(standing) == 1 else None)

    def _change(self, venue: Venue) -> Ask:
        app = self.page.desk.app
        closing = Field("to_on", self.tr("停用日期"), "date", hint=self.tr("不再开放时才填；以后还有预约的不能停用"))
        fields = (*self._venue_fields(), closing)

        def work(answer: Answer) -> Venue:
            changes = answer.told()
            if "seats" in changes:
                changes["seats"] = whole(answer["seats"])
            if "to_on" in changes:
                changes["to_on"] = tidy_date(answer["to_on"]) or None
            return together.change_venue(app.db, app.actor, venue.id, **changes)

        return Ask(
            self.tr("修改{name}").format(name=venue.name),
            self.tr("保存"),
            fields,
            work,
            lambda made: self.tr("{name}已停用").format(name=made.name) if made.to_on else self.tr("已保存"),
            values={one.name: str(getattr(venue, one.name) or "") for one in fields},
        )

    def cancel(self) -> None:
        """Give the booking under the cursor back."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        self.begin(
            Ask(
                self.tr("取消：{what}").format(what=line.told["purpose"]),
                self.tr("取消预约"),
                (Field("why", self.tr("原因"), required=True),),
                lambda answer: together.cancel_booking(app.db, app.actor, line.id, answer["why"]),
                lambda _made: self.tr("已取消"),
                tone="danger",
            )
        )
