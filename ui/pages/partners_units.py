"""Units that work with the community: their agreements item by item, the year's review, the papers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.partners import actions, queries, sheet
from desktop_app.partners.model import AgreementItem, PartnerUnit, UnitReview
from desktop_app.partners.queries import AgreementLine, UnitLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.partners_asks import UnitAsks
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.doing import do
from ui.shell.parts import button, column, label, row
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column
from ui.widgets.secret import Secret

_TONES = {"将到期": "warn", "到期": "bad", "草拟": "warn"}
RIGHT_CHANGE = actions.RIGHT


class UnitsPane(ListPane):
    """A line is a unit; below its facts stands its newest agreement, item by item."""

    name: ClassVar[str] = "共建单位"
    record: ClassVar[str] = "partner_unit"
    search: ClassVar[str] = "名称、党组织、联络员"
    stretch: ClassVar[str] = "name"
    tables: ClassVar[frozenset[str]] = frozenset(
        {"partner_unit", "part_time_member", "agreement", "agreement_item", "claim", "claim_event", "unit_review"}
    )

    def __init__(self, page: Any) -> None:
        self._asks = UnitAsks(page.desk)
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("单位"), 170, lambda line: line.name, "name"),
            Column("kind", self.tr("类型"), 76, lambda line: line.kind, "kind"),
            Column("contact", self.tr("联络员"), 76, lambda line: line.contact),
            Column("phone", self.tr("电话"), 104, lambda line: mask("phone", line.phone)),
            Column("agreement", self.tr("协议"), 62, lambda line: line.agreement or self.tr("没有"), "agreement",
                   tone=lambda line: _TONES.get(line.agreement, "")),
            Column("expires", self.tr("到期"), 92, lambda line: line.expires_on, "expires"),
            Column("claims", self.tr("在办"), 48, lambda line: str(line.open_claims or ""), "claims", RIGHT),
        )  # fmt: skip

    def filters(self) -> tuple[Filter, ...]:
        kinds = choices(self.page.desk, "partner_kinds")
        return (
            Filter("kind", self.tr("类型"), kinds, several=False),
            Filter("ended", self.tr("已结束"), (("1", self.tr("也看已结束的")),), several=False),
        )

    def orders(self) -> Mapping[str, Callable[[UnitLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "kind": lambda line: line.kind,
            "agreement": lambda line: line.agreement,
            "expires": lambda line: line.expires_on or "9999",
            "claims": lambda line: line.open_claims,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[UnitLine]:
        return queries.units(db, chosen.text, chosen.one("kind"), ended=bool(chosen.one("ended")))

    def title_of(self, line: UnitLine) -> str:
        return line.name

    def facts(self, line: UnitLine) -> Sequence[tuple[str, Any]]:
        unit = self._unit(line)
        if unit is None:
            return ()
        phone = Secret(self.tr("电话"), self.page.desk.theme)
        phone.show_secret(mask("phone", line.phone), lambda: line.phone)
        phone.revealed.connect(lambda: self.page.desk.note_look(PartnerUnit, line.id, "电话"))
        return (
            (self.tr("类型"), line.kind),
            (self.tr("党组织"), line.party_org),
            (self.tr("负责人"), unit.head),
            (self.tr("联络员"), line.contact),
            (self.tr("电话"), phone if line.phone else None),
            (self.tr("擅长"), unit.colours),
            (self.tr("地址"), unit.address),
            (self.tr("兼职委员"), str(line.members) if line.members else ""),
            (self.tr("共建"), self._since(unit)),
            (self.tr("评议"), self._reviewed(line)),
        )

    def _since(self, unit: PartnerUnit) -> str:
        if unit.to_on:
            return self.tr("{to} 结束").format(to=unit.to_on)
        return self.tr("{since} 起").format(since=unit.from_on) if unit.from_on else ""

    def _reviewed(self, line: UnitLine) -> str:
        sql = "SELECT year,score,grade FROM unit_review WHERE unit_id=? AND sync_del=0 ORDER BY year DESC LIMIT 3"
        return "；".join(f"{year}年 {score}分 {grade}" for year, score, grade in self._db.rows(sql, (line.id,)))

    @property
    def _db(self) -> Database:
        return self.page.desk.app.db

    def _unit(self, line: UnitLine | None) -> PartnerUnit | None:
        return self._db.get(PartnerUnit, line.id) if line is not None else None

    def below(self, line: UnitLine) -> QLayout | None:
        newest = self._agreement(line)
        if newest is None:
            return None
        title = self.tr("{year} 年协议　{state}　{done}／{items} 项已完成").format(
            year=newest.year, state=newest.state, done=newest.done, items=newest.items
        )
        lines = [self._promise(newest, item) for item in queries.promises(self._db, newest.id)]
        return column(label(title, "section"), *lines, gap=4)

    def _promise(self, agreement: AgreementLine, item: AgreementItem) -> QLayout:
        often = f" {item.done_times}／{item.times}" if item.times > 1 else ""
        due = self.tr("，{day}前").format(day=item.due_on) if item.due_on else ""
        state = self.tr("已完成") if item.done_on else ""
        words = label(
            f"{item.seq}. {item.side}：{item.text}{often}{due}", "" if not item.done_on else "muted", wrap=True
        )
        if item.done_on or agreement.state not in {"履行", "将到期", "到期"}:
            return row(words, label(state, "muted"))
        verb = button(self.tr("完成一次"), partial(self._keep, item), tone="link")
        self.page.desk.offer(RIGHT_CHANGE, verb)
        layout = row(words, verb)
        layout.setStretch(0, 1)
        return layout

    def _keep(self, item: AgreementItem) -> None:
        self.begin(self._asks.keep(item))

    def _agreement(self, line: UnitLine | None) -> AgreementLine | None:
        return next(iter(queries.agreements(self._db, line.id)), None) if line is not None else None

    def nothing(self) -> str:
        return self.tr("还没有共建单位。登记第一个，就能签协议、列清单。")

    def write_file(self, db: Database, path: Path, lines: Sequence[UnitLine]) -> None:
        sheet.write_units(path, lines, queries.agreements(db))

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("登记单位"), self.add, "Ctrl+N", "plus", group, RIGHT_CHANGE),
            Command(self.tr("修改"), self.change, "E", "edit", group, RIGHT_CHANGE),
            Command(self.tr("起草协议"), self.draw, "A", "edit", group, RIGHT_CHANGE),
            Command(self.tr("登记签订"), self.sign, "S", "check", group, RIGHT_CHANGE),
            Command(self.tr("打协议"), self.print_agreement, "Ctrl+P", "printer", group),
            Command(self.tr("年度评议"), self.review, "R", "check", group, "partners.approve"),
            Command(self.tr("续签"), self.renew, "", "", group, RIGHT_CHANGE),
            Command(self.tr("打承诺书"), self.print_pledge, "", "printer", group),
            Command(self.tr("打评议表"), self.print_review, "", "printer", group),
            Command(self.tr("增加协议事项"), self.add_promise, "I", "plus", group, RIGHT_CHANGE),
            Command(self.tr("终止协议"), self.end_agreement, "X", "", group, RIGHT_CHANGE),
            Command(self.tr("结束共建"), self.end, "Delete", "", group, RIGHT_CHANGE),
        )

    def open(self) -> None:
        self.change()

    def add(self) -> None:
        """A new unit."""
        self.begin(self._asks.add(self.point_at))

    def change(self) -> None:
        """Change the unit under the cursor."""
        if (unit := self._unit(self.table.current)) is not None:
            self.begin(self._asks.change(unit))

    def end(self) -> None:
        """End the work with the unit under the cursor."""
        if (unit := self._unit(self.table.current)) is not None and not unit.to_on:
            self.begin(self._asks.end(unit))

    def draw(self) -> None:
        """Draw up an agreement."""
        if (unit := self._unit(self.table.current)) is not None:
            self.begin(self._asks.draw(unit))

    def sign(self) -> None:
        """The draft of the unit under the cursor was signed."""
        newest = self._agreement(self.table.current)
        if newest is not None and newest.state == "草拟":
            self.begin(self._asks.sign(newest))
        elif newest is not None:
            self.page.desk.say(self.tr("最新的协议已经签订；新一年的请先续签或起草。"))

    def add_promise(self) -> None:
        """One more item for an agreement of the unit under the cursor."""
        if standing := self._standing():
            self.begin(self._asks.promise(standing))

    def end_agreement(self) -> None:
        """An agreement of the unit under the cursor ends before its time."""
        if standing := self._standing():
            self.begin(self._asks.end_agreement(standing))

    def _standing(self) -> list[AgreementLine]:
        """The agreements that have not ended, those in force first; none is said in the status bar."""
        line = self.table.current
        if line is None:
            return []
        found = [one for one in queries.agreements(self._db, line.id) if one.state not in {"终止", "到期"}]
        if not found:
            self.page.desk.say(self.tr("{name}现在没有协议，按 A 起草。").format(name=line.name))
        return sorted(found, key=lambda one: not one.signed_on)

    def renew(self) -> None:
        """A draft for the next year with the same items."""
        newest, app = self._agreement(self.table.current), self.page.desk.app
        if newest is not None:
            do(
                self.page.desk,
                self,
                lambda: actions.renew_agreement(app.db, app.actor, newest.id),
                lambda made: self.tr("已起草 {year} 年协议").format(year=made.year),
            )

    def review(self) -> None:
        """Review the unit's year by what is on record."""
        if (unit := self._unit(self.table.current)) is not None:
            self.begin(self._asks.review(unit))

    def print_agreement(self) -> None:
        """The newest agreement of the unit under the cursor."""
        if (newest := self._agreement(self.table.current)) is not None:
            self.page.desk.print_form("agreement", [newest.id])

    def print_pledge(self) -> None:
        """What the unit under the cursor and the community took on from each other."""
        if (line := self.table.current) is not None:
            self.page.desk.print_form("pledge", [line.id])

    def print_review(self) -> None:
        """The newest review of the unit under the cursor."""
        line = self.table.current
        sql = "SELECT id FROM unit_review WHERE unit_id=? AND sync_del=0 ORDER BY year DESC"
        review_id = self._db.scalar(sql, (line.id,)) if line is not None else None
        if review_id and self._db.get(UnitReview, review_id):
            self.page.desk.print_form("unit_review", [review_id])
        elif line is not None:
            self.page.desk.say(self.tr("{name}还没有评议，按 R 评议。").format(name=line.name))
