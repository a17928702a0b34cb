"""微心愿: collected, claimed, fulfilled with proof, thanked for; the wall shows no name."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.orders import sheet, wish_lists, wish_rules, wishes
from desktop_app.orders.model import Wish
from desktop_app.orders.wish_lists import WAITING_WORD, WishLine, money
from desktop_app.orders.wish_rules import State
from desktop_app.orders.wishes import WishDeed
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.orders_asks import RIGHT, fen
from ui.pages.orders_list import moments, short_timeline
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.parts import column
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column

KEYS = {"认领": "R", "实现": "S", "答谢": "D", "退回": "T", "延期": "Y", "撤回": "X", "备注": "B"}
"""The letter of each step."""


class WishesPane(ListPane):
    """Wishes, the latest first."""

    name: ClassVar[str] = "微心愿"
    record: ClassVar[str] = "wish"
    tables: ClassVar[frozenset[str]] = frozenset({"wish", "wish_event", "attachment", "person"})
    stretch: ClassVar[str] = "text"
    search: ClassVar[str] = "编号、称呼、心愿、认领人"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("no", self.tr("编号"), 86, lambda line: line.no, "no"),
            Column("alias", self.tr("称呼"), 116, lambda line: line.alias, "alias"),
            Column("text", self.tr("心愿"), 170, lambda line: line.text, "text"),
            Column("phase", self.tr("状态"), 60, lambda line: line.phase, "phase", tone=_tone),
            Column("taker", self.tr("认领人"), 110, lambda line: line.taker, "taker"),
            Column("expires", self.tr("期限"), 88, lambda line: line.expires_on, "expires"),
            Column("cap", self.tr("费用上限"), 70, lambda line: money(line.cap_fen), "cap"),
            Column("remark", self.tr("要看的"), 90, lambda line: line.remark, "remark", tone=lambda _line: "warn"),
        )

    def filters(self) -> tuple[Filter, ...]:
        phases = tuple((word, word) for word in (WAITING_WORD, *wish_rules.PHASES, wish_rules.EXPIRED))
        kinds = choices(self.page.desk, "wish_kinds")
        return (
            Filter("phase", self.tr("状态"), phases, several=False),
            Filter("kind", self.tr("类别"), kinds, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[WishLine], Any]]:
        return {
            "no": lambda line: line.no,
            "alias": lambda line: sort_key(line.alias),
            "text": lambda line: sort_key(line.text),
            "phase": lambda line: line.phase,
            "taker": lambda line: sort_key(line.taker),
            "expires": lambda line: line.expires_on,
            "cap": lambda line: line.cap_fen,
            "remark": lambda line: line.remark,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[WishLine]:
        return wish_lists.wishes(db, text=chosen.text, phase=chosen.one("phase"), kind=chosen.one("kind"))

    def title_of(self, line: WishLine) -> str:
        return line.text

    def facts(self, line: WishLine) -> Facts_:
        taken = "　".join(part for part in (line.taker, line.taker_phone) if part)
        cost = money(line.cost_fen) if line.cost_fen is not None else ""
        return (
            (self.tr("编号"), f"{line.no}　{line.kind}"),
            (self.tr("公开称呼"), line.alias),
            (self.tr("心愿人"), self.tr("{name}（不公开）").format(name=line.name) if line.name else ""),
            (self.tr("状态"), line.phase),
            (self.tr("费用"), self.tr("上限 {cap}　实际 {cost}").format(cap=money(line.cap_fen), cost=cost or "—")),
            (self.tr("期限"), line.expires_on),
            (self.tr("认领人"), taken),
            (self.tr("实现日期"), line.fulfilled_on),
            (self.tr("要看的"), line.remark),
        )

    def below(self, line: WishLine) -> QLayout | None:
        found = wish_lists.wish_detail(self.page.desk.app.db, line.id)
        if found is None:
            return None
        theme = self.page.desk.theme
        shown = short_timeline(self, theme, self.tr("经过"), moments(found.events))
        if not line.taker:
            return column(shown)
        proofs = AttachmentsPane(self.page.desk, "wish", self)
        proofs.show_record(line.id)
        proofs.setMinimumHeight(round(theme.row_height * 4))
        return column(shown, proofs)

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        steps = (Command(kind, partial(self.step, kind), key, "", here, RIGHT) for kind, key in KEYS.items())
        return (
            Command(self.tr("登记心愿"), self.collect, "N", "plus", here, RIGHT),
            Command(self.tr("修改"), self.change, "E", "edit", here, RIGHT),
            *steps,
            Command(self.tr("打印心愿卡"), self.print_card, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("打印认领榜"), self.print_list, "Ctrl+Shift+P", "printer", here, "papers.change"),
        )

    def nothing(self) -> str:
        return self.tr("还没有微心愿。走访时听到的小愿望，按 N 记下；称呼和心愿会上墙，不要写姓名。")

    def write_file(self, _db: Database, draft: Path, lines: Sequence[WishLine]) -> None:
        sheet.write_wishes(draft, lines)

    def _new_fields(self) -> tuple[Field, ...]:
        kinds = choices(self.page.desk, "wish_kinds")
        return (
            Field("text", self.tr("心愿"), required=True, hint=self.tr("公开，不写姓名")),
            Field("alias", self.tr("公开称呼"), required=True, hint=self.tr("如 独居的王奶奶")),
            Field("kind", self.tr("类别"), "choice", kinds, required=True),
            Field("cost_cap_fen", self.tr("费用上限（元）"), "number", hint=self.tr("不花钱填 0"), required=True),
            Field("expires_on", self.tr("期限"), "date", hint=self.tr("空着按规定天数")),
            Field("checked_by", self.tr("核实人")),
            Field("note", self.tr("备注"), "long"),
        )

    def collect(self) -> None:
        """A new wish."""
        app = self.page.desk.app

        def work(answer: Answer) -> Wish:
            new = wishes.blank(
                app.db,
                text=answer["text"],
                alias=answer["alias"],
                kind=answer["kind"],
                cost_cap_fen=fen(answer["cost_cap_fen"], "cost_cap_fen"),
                expires_on=tidy_date(answer["expires_on"]),
                checked_by=answer.get("checked_by"),
                note=answer.get("note"),
                person_id=answer.person_id,
            )
            return wishes.collect(app.db, app.actor, new)

        self.begin(
            Ask(
                self.tr("登记心愿"),
                self.tr("登记"),
                self._new_fields(),
                work,
                lambda wish: self.tr("已登记心愿 {no}").format(no=wish.no or wish.text),
                done=lambda wish: self.point_at(wish.id),
                values={"kind": "生活物品", "checked_by": app.actor.name},
                person=True,
                fresh=True,
            )
        )

    def change(self) -> None:
        """Put right what was taken down of the wish under the cursor."""
        line, app = self.table.current, self.page.desk.app
        found = wish_lists.wish_detail(app.db, line.id) if line is not None else None
        if found is None:
            return
        wish = found.wish

        def work(answer: Answer) -> Wish:
            told = answer.told("text", "alias")
            if "cost_cap_fen" in told:
                told["cost_cap_fen"] = fen(answer["cost_cap_fen"], "cost_cap_fen")
            if "expires_on" in told:
                told["expires_on"] = tidy_date(answer["expires_on"])
            return wishes.change_wish(app.db, app.actor, wish.id, **told)

        values = {one.name: str(getattr(wish, one.name) or "") for one in self._new_fields()}
        kind = self.page.desk.codes("wish_kinds").name(wish.kind)
        self.begin(
            Ask(
                self.tr("修改{text}").format(text=wish.text),
                self.tr("保存"),
                self._new_fields(),
                work,
                lambda _wish: self.tr("已保存"),
                values=values | {"kind": kind, "cost_cap_fen": sheet.yuan(wish.cost_cap_fen)},
            )
        )

    def step(self, kind: str) -> None:
        """One step of the wish under the cursor."""
        line, app = self.table.current, self.page.desk.app
        found = wish_lists.wish_detail(app.db, line.id) if line is not None else None
        if found is None:
            return
        if kind not in found.allowed:
            words = self.tr("心愿{phase}，不能{kind}。现在可以：{could}")
            could = "、".join(found.allowed)
            self.page.desk.say(words.format(phase=found.line.phase, kind=kind, could=could))
            return
        state = found.state

        def work(answer: Answer) -> State:
            deed = WishDeed(
                kind,
                text=answer.values.get("text", ""),
                taker=answer.values.get("taker", ""),
                taker_kind=answer.values.get("taker_kind") or wish_rules.PERSON,
                taker_phone=answer.values.get("taker_phone", ""),
                cost_fen=fen(answer.values.get("cost_fen", ""), "cost_fen"),
                until=tidy_date(answer.values.get("until", "")),
                on=tidy_date(answer.values.get("on", "")),
                expects=state.last_id,
            )
            return wishes.act_on_wish(app.db, app.actor, found.wish.id, deed)

        self.begin(
            Ask(
                f"{kind}：{found.wish.text}",
                kind,
                self._fields(kind),
                work,
                lambda after: self.tr("已记下“{kind}”，现在{phase}").format(kind=kind, phase=after.phase),
                values={"on": app.clock.today().isoformat(), "taker_kind": wish_rules.PERSON},
                words=self.tr("照片、收据请在保存后加到附件里。") if kind == "实现" else "",
                tone="danger" if kind == "撤回" else "primary",
            )
        )

    def _fields(self, kind: str) -> tuple[Field, ...]:
        on = Field("on", self.tr("日期"), "date", required=True)
        match kind:
            case "认领":
                kinds = tuple((word, word) for word in wish_rules.TAKERS)
                return (
                    Field("taker", self.tr("认领人（单位）"), required=True),
                    Field("taker_kind", self.tr("个人或单位"), "choice", kinds, required=True),
                    Field("taker_phone", self.tr("电话"), "number"),
                    on,
                )
            case "实现":
                cost = Field("cost_fen", self.tr("实际费用（元）"), "number")
                return (Field("text", self.tr("怎样实现的"), "long", required=True), cost, on)
            case "延期":
                return (Field("until", self.tr("延至"), "date", required=True), Field("text", self.tr("原因")))
            case "答谢":
                return (Field("text", self.tr("答谢的话"), "long", required=True), on)
        return (Field("text", self.tr("原因（内容）"), "long", required=True),)

    def print_card(self) -> None:
        """The card of the wish under the cursor."""
        line = self.table.current
        if line is not None:
            self.page.desk.print_form("wish_card", [line.id])

    def print_list(self) -> None:
        """The wishes as they are shown."""
        self.page.desk.print_form("wish_list", [line.id for line in self.table.lines])


def _tone(line: WishLine) -> str:
    return "bad" if line.phase == wish_rules.EXPIRED else "warn" if line.phase == wish_rules.OPEN else ""
