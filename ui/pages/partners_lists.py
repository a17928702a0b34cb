"""The lists 清单 of the town: what is needed and offered, who took it on, how far it is, what could meet what."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.partners import actions, lists, rules, sheet
from desktop_app.partners.lists import ClaimLine, ItemLine
from desktop_app.partners.model import Claim, ListItem
from desktop_app.partners.queries import MemberLine, members, unit_names
from desktop_app.profiles.desk import list_names
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.parts import button, column, label, row
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.record_form import Field
from ui.widgets.record_model import CENTRE, Column

_STATES = ("发布", "认领", "实施", "完成", "撤回", "过期")
_TONES = {"发布": "warn", "完成": "good", "过期": "bad"}
_OURS = "社区"


class ItemsPane(ListPane):
    """A line is an item; below its facts stand its claims, and what could meet it."""

    name: ClassVar[str] = "共建清单"
    record: ClassVar[str] = "list_item"
    search: ClassVar[str] = "编号、名称、内容"
    stretch: ClassVar[str] = "title"
    tables: ClassVar[frozenset[str]] = frozenset({"list_item", "claim", "claim_event", "partner_unit"})

    def __init__(self, page: Any) -> None:
        self._names = list_names(page.desk.app.db)
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("no", self.tr("编号"), 84, lambda line: line.no, "no"),
            Column("list", self.tr("清单"), 76, lambda line: self._names.get(line.list_type, ""), "list"),
            Column("title", self.tr("名称"), 190, lambda line: line.title, "title"),
            Column("colour", self.tr("七色"), 88, lambda line: line.colour, "colour"),
            Column("owner", self.tr("提供（提出）方"), 118, lambda line: line.unit or _OURS, "owner"),
            Column("takers", self.tr("认领方"), 118, lambda line: line.takers),
            Column("state", self.tr("进展"), 56, lambda line: line.state, "state", CENTRE,
                   tone=lambda line: _TONES.get(line.state, "")),
        )  # fmt: skip

    def filters(self) -> tuple[Filter, ...]:
        kinds = tuple((code, name) for code, name in self._names.items())
        return (
            Filter("list", self.tr("清单"), kinds, several=False),
            Filter("state", self.tr("进展"), tuple((one, one) for one in _STATES), several=False),
        )

    def orders(self) -> Mapping[str, Callable[[ItemLine], Any]]:
        return {
            "no": lambda line: line.no,
            "list": lambda line: list(self._names).index(line.list_type) if line.list_type in self._names else 99,
            "title": lambda line: sort_key(line.title),
            "colour": lambda line: line.colour or "～",
            "owner": lambda line: sort_key(line.unit),
            "state": lambda line: _STATES.index(line.state),
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[ItemLine]:
        state = chosen.one("state") or ("" if chosen.text else "在用")
        return lists.items(db, chosen.one("list"), text=chosen.text, state=state)

    def title_of(self, line: ItemLine) -> str:
        return line.title

    def facts(self, line: ItemLine) -> Sequence[tuple[str, Any]]:
        until = self.tr("{since} 至 {to}").format(since=line.from_on, to=line.to_on) if line.to_on else line.from_on
        left = (
            self.tr("不限")
            if line.left is None
            else self.tr("{n} 份中还剩 {left} 份").format(n=line.quantity, left=line.left)
        )
        return (
            (self.tr("清单"), f"{self._names.get(line.list_type, '')}　{line.no}"),
            (self.tr("内容"), line.text),
            (self.tr("七色"), line.colour),
            (self.tr("提供（提出）方"), line.unit or _OURS),
            (self.tr("联系人"), line.contact),
            (self.tr("期限"), until),
            (self.tr("可认领"), left),
            (self.tr("进展"), line.state),
        )

    @property
    def _db(self) -> Database:
        return self.page.desk.app.db

    def below(self, line: ItemLine) -> QLayout | None:
        claims = lists.claims(self._db, item_id=line.id)
        fitting = lists.suggestions(self._db, line.id, 3) if line.left != 0 else []
        parts: list[Any] = []
        if claims:
            parts.append(label(self.tr("认领"), "section"))
            parts += [self._claimed(one) for one in claims]
        if fitting:
            parts.append(label(self.tr("可以对接"), "section"))
            parts += [
                label(f"{one.item.no} {one.item.title}（{one.item.unit or _OURS}，{one.why}）", wrap=True)
                for one in fitting
            ]
        return column(*parts, gap=4) if parts else None

    def _claimed(self, one: ClaimLine) -> QLayout:
        late = self.tr("，过期") if one.late(self._today) else ""
        rated = f"，{one.state.satisfaction}" if one.state.satisfaction else ""
        promise = f"：{one.promise}" if one.promise else ""
        words = label(f"{one.on} {one.taker}{promise}（{one.state.state}{rated}{late}）", wrap=True)
        verbs = [button(deed, partial(self._act, one, deed), tone="link") for deed in one.state.may]
        self.page.desk.offer(actions.RIGHT, *verbs)
        layout = row(words, *verbs, gap=2)
        layout.setStretch(0, 1)
        return layout

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def nothing(self) -> str:
        return self.tr("清单上还没有条目。写下第一条需求或资源，等单位来认领。")

    def write_file(self, db: Database, path: Path, lines: Sequence[ItemLine]) -> None:
        app = self.page.desk.app
        sheet.write_lists(path, app.profile.list_types, lines, lists.claims(db), app.community.name)

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group, right = self.name, actions.RIGHT
        return (
            Command(self.tr("发布条目"), self.publish, "Ctrl+N", "plus", group, right),
            Command(self.tr("认领"), self.claim, "C", "check", group, right),
            Command(self.tr("修改"), self.change, "E", "edit", group, right),
            Command(self.tr("撤回"), self.withdraw, "Delete", "", group, right),
            Command(self.tr("打清单"), self.print_lists, "Ctrl+P", "printer", group),
        )

    def open(self) -> None:
        self.claim()

    def _item_fields(self) -> tuple[Field, ...]:
        units = (("", _OURS), *unit_names(self._db).items())
        return (
            Field("title", self.tr("名称"), required=True),
            Field("text", self.tr("内容"), "long"),
            Field("unit_id", self.tr("提供（提出）方"), "choice", tuple(units)),
            Field(
                "colour",
                self.tr("七色"),
                "choice",
                (("", ""), *choices(self.page.desk, "seven_colours")),
            ),
            Field("quantity", self.tr("数量"), "number", hint=self.tr("0 表示不限")),
            Field("contact", self.tr("联系人")),
            Field("phone", self.tr("电话"), "number"),
            Field("to_on", self.tr("有效期至"), "date"),
        )

    def publish(self) -> None:
        """A new item."""
        chosen = self.bar.chosen.one("list") or next(iter(self._names))
        kinds = Field("list_type", self.tr("清单"), "choice", tuple(self._names.items()), required=True)
        app = self.page.desk.app

        def work(answer: Answer) -> ListItem:
            item = ListItem(
                list_type=answer["list_type"], title=answer["title"], text=answer["text"], colour=answer.get("colour"),
                quantity=int(answer["quantity"] or 1) if (answer["quantity"] or "1").isdecimal() else -1,
                unit_id=answer.get("unit_id"), contact=answer.get("contact"), phone=answer.get("phone"),
                from_on=self._today, to_on=answer.get("to_on"),
            )  # fmt: skip
            return actions.publish(app.db, app.actor, item)

        self.begin(
            Ask(
                self.tr("发布条目"),
                self.tr("发布"),
                (kinds, *self._item_fields()),
                work,
                lambda made: self.tr("已发布 {no} {title}").format(no=made.no or "", title=made.title),
                done=lambda made: self.point_at(made.id),
                values={"list_type": chosen, "quantity": "1", "unit_id": ""},
                fresh=True,
            )
        )

    def change(self) -> None:
        """Put right what was entered."""
        line, app = self.table.current, self.page.desk.app
        item = self._db.get(ListItem, line.id) if line is not None else None
        if item is None:
            return

        def work(answer: Answer) -> ListItem:
            changes = answer.told("title", "text")
            if "quantity" in changes:
                changes["quantity"] = int(changes["quantity"]) if str(changes["quantity"]).isdecimal() else -1
            return actions.change_item(app.db, app.actor, item.id, **changes)

        values = {field.name: str(getattr(item, field.name) or "") for field in self._item_fields()}
        values["quantity"] = str(item.quantity)
        title = self.tr("修改{title}").format(title=item.title)
        fields = self._item_fields()
        self.begin(Ask(title, self.tr("保存"), fields, work, lambda _item: self.tr("已保存"), values=values))

    def claim(self) -> None:
        """Somebody takes the item under the cursor on."""
        line, app = self.table.current, self.page.desk.app
        if line is None or line.left == 0:
            return
        takers = [(code, name) for code, name in (("", _OURS), *unit_names(self._db).items()) if code != line.unit_id]
        who = {one.id: one for one in members(self._db, app.clock.today().year)}
        fields = (
            Field("unit_id", self.tr("认领方"), "choice", tuple(takers)),
            Field("member_id", self.tr("或兼职委员"), "choice", tuple((key, _member(one)) for key, one in who.items())),
            Field("taker", self.tr("责任人"), hint=self.tr("留空就写委员或单位的名字")),
            Field("promise", self.tr("承诺内容"), "long"),
            Field("quantity", self.tr("数量"), "number"),
            Field("on", self.tr("认领日期"), "date", required=True),
            Field("due_on", self.tr("完成时限"), "date"),
        )

        def work(answer: Answer) -> Claim:
            member = who.get(answer["member_id"])
            named = answer["taker"] or (member.name if member else dict(takers).get(answer["unit_id"], _OURS))
            taken = Claim(
                item_id=line.id, unit_id=answer.get("unit_id"), taker=named, promise=answer["promise"],
                member_id=answer.get("member_id"),
                quantity=int(answer["quantity"]) if answer["quantity"].isdecimal() else 0,
                on=answer["on"], due_on=answer.get("due_on"),
            )  # fmt: skip
            return actions.claim(app.db, app.actor, taken)

        self.begin(
            Ask(
                self.tr("认领：{title}").format(title=line.title),
                self.tr("认领"),
                fields,
                work,
                lambda made: self.tr("{name}已认领").format(name=made.taker),
                values={"quantity": "1", "on": self._today, "unit_id": ""},
            )
        )

    def _act(self, one: ClaimLine, deed: str) -> None:
        """The next step of a claim."""
        app = self.page.desk.app
        fields = [Field("on", self.tr("日期"), "date", required=True)]
        if deed == "评价":
            rated = tuple((word, word) for word in rules.SATISFACTION)
            fields.append(Field("satisfaction", self.tr("评价"), "choice", rated, required=True))
        fields.append(
            Field("text", self.tr("原因") if deed == "退回" else self.tr("情况"), "long", required=deed == "退回")
        )
        self.begin(
            Ask(
                f"{one.taker}：{one.title}",
                deed,
                fields,
                lambda answer: actions.act_on_claim(
                    app.db, app.actor, one.id, deed, answer["on"], text=answer["text"],
                    satisfaction=answer.values.get("satisfaction", ""),
                ),
                lambda state: self.tr("现在是“{state}”").format(state=state.state),
                values={"on": self._today},
            )
        )  # fmt: skip

    def withdraw(self) -> None:
        """Take the item under the cursor off its list."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("on", self.tr("撤回日期"), "date", required=True),
            Field("why", self.tr("原因"), required=True),
        )
        self.begin(
            Ask(
                self.tr("撤回：{title}").format(title=line.title),
                self.tr("撤回"),
                fields,
                lambda answer: actions.withdraw_item(app.db, app.actor, line.id, answer["on"], answer["why"]),
                lambda _item: self.tr("已撤回"),
                values={"on": self._today},
                tone="danger",
            )
        )

    def print_lists(self) -> None:
        """The lists of the group the cursor or the filter is in."""
        kinds = self.page.desk.app.profile.list_types
        line = self.table.current
        code = self.bar.chosen.one("list") or (line.list_type if line is not None else kinds[0].code)
        group = next((one.group for one in kinds if one.code == code), kinds[0].group)
        self.page.desk.print_form("partner_lists", [group])


def _member(one: MemberLine) -> str:
    """汪晓岚（江北试验医院）"""
    return f"{one.name}（{one.unit}）" if one.unit else one.name
