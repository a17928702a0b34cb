"""What the forms beside the organisation ask, each with the action behind it."""

from collections.abc import Callable

from desktop_app.organisation import actions, hosting, queries
from desktop_app.organisation.centres import CentreLine
from desktop_app.organisation.contacts import ContactLine
from desktop_app.organisation.model import ContactAssignment, OrgNode, PartyCentreHousehold, Seat
from desktop_app.places.queries import estates
from desktop_app.profiles.town import LINES, ContactScheme, ContactSlot, Level
from ui.pages.asks import Asks
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.record_form import Field

_ESTATE_LEVEL, _BUILDING_LEVEL = 3, 4
_BRANCH_LEVELS = (1, 2, 3)


class NodeAsks(Asks):
    """Forms for nodes and posts."""

    def appoint(self, node: OrgNode, role: str) -> Ask:
        """Put somebody into a post of a node; `role` is proposed."""
        roles = [one for one in self._desk.codes("roles").offered() if one.text("line") in {"", node.line}]
        fields = (
            Field("role", self.tr("职务"), "choice", tuple((one.name, one.name) for one in roles), required=True),
            Field("name", self.tr("姓名"), required=True),
            Field("phone", self.tr("电话"), "number", hint=self.tr("选了居民可以留空")),
            Field("from_on", self.tr("任职日期"), "date"),
            Field("how", self.tr("产生方式"), hint=self.tr("选举、推荐、任命")),
        )

        def work(answer: Answer) -> Seat:
            seat = Seat(
                node_id=node.id,
                role=answer["role"],
                name=answer["name"],
                person_id=answer.person_id,
                phone=answer.get("phone"),
                from_on=answer.get("from_on"),
                how=answer.get("how"),
            )
            return actions.appoint(self._app.db, self._app.actor, seat, reason=answer.reason)

        return Ask(
            self.tr("在“{name}”任职").format(name=node.name),
            self.tr("任命"),
            fields,
            work,
            lambda seat: self.tr("已任命{name}").format(name=seat.name),
            values={"role": self._desk.codes("roles").name(role), "from_on": self._today},
            person=True,
        )

    def change_seat(self, seat: Seat) -> Ask:
        """Put right what was entered of a post."""
        fields = (
            Field("name", self.tr("姓名"), required=True),
            Field("phone", self.tr("电话"), "number"),
            Field("from_on", self.tr("任职日期"), "date"),
            Field("how", self.tr("产生方式")),
        )

        def work(answer: Answer) -> Seat:
            return actions.change_seat(self._app.db, self._app.actor, seat.id, **answer.told())

        return Ask(
            self.tr("修改{role}的任职").format(role=self._desk.codes("roles").name(seat.role)),
            self.tr("保存"),
            fields,
            work,
            lambda _seat: self.tr("已保存"),
            values={field.name: getattr(seat, field.name) for field in fields},
        )

    def end_seat(self, seat: Seat) -> Ask:
        """End a post on a day."""
        who = f"{seat.name}（{self._desk.codes('roles').name(seat.role)}）"
        fields = (
            Field("on", self.tr("卸任日期"), "date", required=True),
            Field("why", self.tr("原因"), hint=self.tr("换届、调动、搬离")),
        )
        return Ask(
            self.tr("{who}卸任").format(who=who),
            self.tr("卸任"),
            fields,
            lambda answer: actions.end_seat(self._app.db, self._app.actor, seat.id, answer["on"], answer["why"]),
            lambda _seat: self.tr("{who}已卸任").format(who=who),
            values={"on": self._today},
            words=self.tr("任职经历会留下，随时可查。"),
        )

    def found(self, above: OrgNode | None, go: Callable[[str], object]) -> Ask:
        """Found a node below another one, or the first of all; `go` is told its identifier."""
        levels = [one for one in self._app.profile.levels if one.level <= _ESTATE_LEVEL]
        if above is not None:
            levels = [self._app.profile.level(above.line, above.level + 1)]
        places = {f"{one.line}/{one.level}": one for one in levels}
        first = next((key for key in places if key.endswith("/2")), next(iter(places)))

        def work(answer: Answer) -> OrgNode:
            level = places[answer.get("place") or first]
            node = OrgNode(
                line=level.line,
                level=level.level,
                kind=level.kind,
                name=answer["name"],
                parent_id=above.id if above else None,
                estate_id=answer.get("estate_id") or (above.estate_id if above else None),
                building_id=answer.get("building_id"),
                from_on=answer.get("from_on"),
            )
            return actions.found_node(self._app.db, self._app.actor, node)

        title = (
            self.tr("在“{name}”下面建{kind}").format(name=above.name, kind=places[first].kind)
            if above
            else self.tr("建第一个组织")
        )
        return Ask(
            title,
            self.tr("建立"),
            self._founding_fields(above, places),
            work,
            lambda node: self.tr("已建立“{name}”").format(name=node.name),
            done=lambda node: go(node.id),
            values={"place": first, "from_on": self._today},
        )

    def _founding_fields(self, above: OrgNode | None, places: dict[str, Level]) -> tuple[Field, ...]:
        choices = tuple((key, f"{one.line}　第{one.level}级　{one.kind}") for key, one in places.items())
        fields = [Field("place", self.tr("哪一级"), "choice", choices, required=True)] if above is None else []
        fields.append(Field("name", self.tr("名称"), required=True))
        level = above.level + 1 if above else 0
        if level == _ESTATE_LEVEL:
            known = tuple((one.id, one.name) for one in estates(self._app.db))
            fields.append(Field("estate_id", self.tr("所在小区"), "choice", known))
        if level == _BUILDING_LEVEL:
            standing = tuple((one.id, one.label) for one in queries.buildings_in_use(self._app.db))
            fields.append(Field("building_id", self.tr("所在楼栋"), "choice", standing))
        return (*fields, Field("from_on", self.tr("成立日期"), "date"))

    def rename(self, node: OrgNode) -> Ask:
        """Give a node another name."""
        return Ask(
            self.tr("“{name}”更名").format(name=node.name),
            self.tr("更名"),
            (Field("name", self.tr("新名称"), required=True),),
            lambda answer: actions.rename_node(self._app.db, self._app.actor, node.id, answer["name"]),
            lambda changed: self.tr("已更名为“{name}”").format(name=changed.name),
            values={"name": node.name},
        )

    def close_node(self, node: OrgNode) -> Ask:
        """Close a node on a day."""
        fields = (
            Field("on", self.tr("撤销日期"), "date", required=True),
            Field("why", self.tr("原因")),
        )
        return Ask(
            self.tr("撤销“{name}”").format(name=node.name),
            self.tr("撤销组织"),
            fields,
            lambda answer: actions.close_node(self._app.db, self._app.actor, node.id, answer["on"], answer["why"]),
            lambda closed: self.tr("“{name}”已撤销").format(name=closed.name),
            values={"on": self._today},
            words=self.tr("组织里的任职同一天结束，历史都会留下；这一步可以撤销。"),
            tone="danger",
        )


class CentreAsks(Asks):
    """Forms for party-centre households."""

    def _fields(self) -> tuple[Field, ...]:
        rows = queries.tree(self._app.db, LINES[0], self._today)
        branches = tuple((row.node.id, row.node.name) for row in rows if row.node.level in _BRANCH_LEVELS)
        known = tuple((one.id, one.name) for one in estates(self._app.db))
        return (
            Field("node_id", self.tr("所属党支部"), "choice", branches),
            Field("estate_id", self.tr("小区"), "choice", known),
            Field("span", self.tr("联系楼栋"), hint=self.tr("8、10-11栋，12栋1单元"), required=True),
            Field("phones", self.tr("联系电话"), "number", hint=self.tr("选了居民可以留空")),
            Field("services", self.tr("服务内容"), hint=self.tr("政策宣传、矛盾调解")),
            Field("plaque_no", self.tr("牌匾编号"), hint=self.tr("留空自动编号")),
            Field("from_on", self.tr("挂牌日期"), "date"),
        )

    def add(self, go: Callable[[str], object]) -> Ask:
        """A new centre household."""
        name = Field("name", self.tr("户主姓名"), required=True)

        def work(answer: Answer) -> PartyCentreHousehold:
            centre = PartyCentreHousehold(
                host_id=answer.person_id,
                host_name=answer["name"],
                node_id=answer.get("node_id"),
                estate_id=answer.get("estate_id"),
                span=answer.get("span"),
                phones=answer["phones"],
                services=answer.get("services"),
                plaque_no=answer.get("plaque_no"),
                from_on=answer.get("from_on"),
            )
            return hosting.add_centre_household(self._app.db, self._app.actor, centre, reason=answer.reason)

        return Ask(
            self.tr("新增党员中心户"),
            self.tr("挂牌"),
            (name, *self._fields()),
            work,
            lambda centre: self.tr("{name}家已挂牌，编号 {no}").format(name=centre.host_name, no=centre.plaque_no),
            done=lambda centre: go(centre.id),
            values={"from_on": self._today},
            person=True,
        )

    def change(self, line: CentreLine) -> Ask:
        """Change a centre household."""
        stored = self._app.db.get(PartyCentreHousehold, line.id)
        fields = self._fields()
        values = {field.name: getattr(stored, field.name, None) for field in fields} if stored else {}

        def work(answer: Answer) -> PartyCentreHousehold:
            changes = answer.told("phones")
            return hosting.change_centre_household(
                self._app.db, self._app.actor, line.id, reason=answer.reason, **changes
            )

        return Ask(
            self.tr("修改{name}家").format(name=line.host_name),
            self.tr("保存"),
            fields,
            work,
            lambda _centre: self.tr("已保存"),
            values=values,
        )

    def end(self, line: CentreLine) -> Ask:
        """Take the plaque down."""
        fields = (
            Field("on", self.tr("摘牌日期"), "date", required=True),
            Field("why", self.tr("原因"), hint=self.tr("搬离、年高、本人提出")),
        )
        return Ask(
            self.tr("{name}家摘牌").format(name=line.host_name),
            self.tr("摘牌"),
            fields,
            lambda answer: hosting.end_centre_household(
                self._app.db, self._app.actor, line.id, answer["on"], answer["why"]
            ),
            lambda _centre: self.tr("{name}家已摘牌").format(name=line.host_name),
            values={"on": self._today},
            words=self.tr("编号 {no} 不会再给别家。").format(no=line.plaque_no) if line.plaque_no else "",
        )


class ContactAsks(Asks):
    """Forms for who answers for what."""

    def assign(self, scheme: ContactScheme, slot: ContactSlot, line: ContactLine, target: str) -> Ask:
        """Give a slot of a scheme to somebody; `line` is who holds it now, if anybody does."""
        fields = (
            Field("name", self.tr("姓名"), required=True),
            Field("title", self.tr("单位职务")),
            Field("phone", self.tr("电话"), "number", hint=self.tr("选了居民可以留空")),
            Field("from_on", self.tr("从哪天起"), "date"),
        )

        def work(answer: Answer) -> ContactAssignment:
            made = ContactAssignment(
                scheme=scheme.code,
                slot=slot.code,
                target_kind=slot.target_kind,
                target_id=target,
                person_id=answer.person_id,
                name=answer["name"],
                title=answer.get("title"),
                phone=answer.get("phone"),
                from_on=answer.get("from_on"),
            )
            return actions.assign_contact(self._app.db, self._app.actor, made)

        words = self.tr("负责范围：{where}。").format(where=line.target)
        if line.name and not slot.many:
            words += self.tr("现在是{name}，到新任开始那天为止。").format(name=line.name)
        return Ask(
            self.tr("谁是{slot}").format(slot=slot.name),
            self.tr("指定"),
            fields,
            work,
            lambda made: self.tr("{slot}：{name}").format(slot=slot.name, name=made.name),
            values={"from_on": self._today},
            words=words,
            person=True,
        )

    def end(self, held: ContactAssignment, slot: ContactSlot) -> Ask:
        """End an assignment on a day."""
        fields = (
            Field("on", self.tr("到哪天为止"), "date", required=True),
            Field("why", self.tr("原因")),
        )
        return Ask(
            self.tr("{name}不再是{slot}").format(name=held.name, slot=slot.name),
            self.tr("结束责任"),
            fields,
            lambda answer: actions.end_contact(self._app.db, self._app.actor, held.id, answer["on"], answer["why"]),
            lambda _ended: self.tr("已结束"),
            values={"on": self._today},
        )
