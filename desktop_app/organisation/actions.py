"""What one may do with organisation: each function is one transaction.  Nothing is deleted, everything has its dates.

What concerns centre households stands next door and is offered here as well.
"""

from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.organisation import rules
from desktop_app.organisation.contacts import role_words
from desktop_app.organisation.hosting import (
    add_centre_household,
    called,
    change_centre_household,
    end_centre_household,
)
from desktop_app.organisation.model import ContactAssignment, OrgNode, PartyMember, Seat
from desktop_app.places.model import Area, Building, Estate
from desktop_app.profiles.desk import desk_codes, town_of
from desktop_app.profiles.town import LEVELS, LINES, ContactSlot
from desktop_app.residents.model import Household, Person
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.store.base import Record
from desktop_app.store.database import Database, Transaction

__all__ = [
    "add_centre_household",
    "appoint",
    "assign_contact",
    "change_centre_household",
    "change_party_member",
    "change_seat",
    "close_node",
    "end_centre_household",
    "end_contact",
    "end_party_member",
    "end_seat",
    "found_node",
    "move_node",
    "register_party_member",
    "rename_node",
]

_HEAD_OF_A_BODY = "主任"
_TARGETS: dict[str, type[Record]] = {"area": Area, "estate": Estate, "building": Building, "household": Household}


# --------------------------------------------------------------------------------------------------------------- nodes


@needs("organisation.change")
def found_node(db: Database, actor: Actor, node: OrgNode) -> OrgNode:
    """Founds a node of one of the two lines, below its parent; two of one name below one parent are refused."""
    node.name = filled(node.name, "name", "名称")
    if node.line not in LINES or node.level not in LEVELS:
        raise AppError("条线或层级不对，没有保存。", field="level", next_step="请选择党组织或自治，层级 1 到 5。")
    rules.check_dates(node.from_on, node.to_on, started="成立日期", ended="撤销日期")
    with db.transaction(actor, f"成立{node.kind}：{node.name}") as tx:
        _fits(tx, node)
        return tx.add(node)


def _fits(tx: Transaction, node: OrgNode) -> None:
    if node.parent_id is not None:
        above = tx.need(OrgNode, node.parent_id)
        if above.line != node.line or above.level >= node.level:
            raise AppError(
                f"“{above.name}”不能作“{node.name}”的上级，没有保存。",
                field="parent_id",
                next_step="请选同一条线、高一层的组织。",
            )
    taken = (
        "SELECT 1 FROM org_node WHERE line=? AND name=? AND parent_id IS ? AND id<>? AND sync_del=0 AND to_on IS NULL"
    )
    if tx.scalar(taken, (node.line, node.name, node.parent_id, node.id)):
        raise AppError(f"已经有“{node.name}”了，没有重复保存。", field="name", next_step="请直接使用，或换一个名称。")


@needs("organisation.change")
def rename_node(db: Database, actor: Actor, node_id: str, name: str) -> OrgNode:
    """Gives a node another name; the earlier one stays in its history."""
    name = filled(name, "name", "名称")
    with db.transaction(actor, f"组织更名为{name}") as tx:
        node = tx.change(OrgNode, node_id, name=name)
        _fits(tx, node)
        return node


@needs("organisation.change")
def move_node(db: Database, actor: Actor, node_id: str, parent_id: str | None) -> OrgNode:
    """Puts a node below another one of its line."""
    with db.transaction(actor, "调整上级组织") as tx:
        node = tx.change(OrgNode, node_id, parent_id=parent_id)
        _fits(tx, node)
        return node


@needs("organisation.change")
def close_node(db: Database, actor: Actor, node_id: str, on: str, why: str = "") -> OrgNode:
    """Closes a node on a day, and the posts in it; one that still has nodes below it is refused."""
    with db.transaction(actor, "撤销组织", why) as tx:
        return shut(tx, node_id, on)


def shut(tx: Transaction, node_id: str, on: str) -> OrgNode:
    """Closes a node or a body within a transaction, and the posts in it; AppError for one with nodes below it."""
    node = tx.need(OrgNode, node_id)
    rules.check_dates(node.from_on, on, started="成立日期", ended="撤销日期")
    below = "SELECT name FROM org_node WHERE parent_id=? AND sync_del=0 AND (to_on IS NULL OR to_on>?)"
    if children := [row[0] for row in tx.rows(below, (node_id, on))]:
        raise AppError(
            f"“{node.name}”下面还有{'、'.join(children[:3])}等 {len(children)} 个组织，没有撤销。",
            next_step="请先撤销或移走下级组织。",
        )
    open_seats = "SELECT id FROM seat WHERE node_id=? AND sync_del=0 AND (to_on IS NULL OR to_on>?)"
    for (seat_id,) in tx.rows(open_seats, (node_id, on)):
        tx.change(Seat, seat_id, to_on=on)
    return tx.change(OrgNode, node_id, to_on=on)


# --------------------------------------------------------------------------------------------------------------- posts


@needs("organisation.change")
def appoint(db: Database, actor: Actor, seat: Seat, *, reason: str = "") -> Seat:
    """Puts somebody into a post of a node.

    A second head of the node is a doubt that a reason settles (NeedsReasonError); the same person twice is refused.
    """
    seat.role = filled(seat.role, "role", "职务")
    with db.transaction(actor, f"任命{seat.role}：{called(db, seat.person_id, seat.name)}", reason) as tx:
        node = _standing(tx, seat)
        if seat.person_id is not None:
            person = tx.need(Person, seat.person_id)
            seat.name, seat.phone = seat.name or person.name, seat.phone or _first(person.phones)
        seat.name = filled(seat.name, "name", "姓名")
        rules.check_dates(seat.from_on, seat.to_on, started="任职日期", ended="卸任日期")
        doubts = _post_doubts(tx, node, seat)
        if doubts and not reason:
            raise rules.NeedsReasonError(doubts, field="role")
        return tx.add(seat)


def _standing(tx: Transaction, seat: Seat) -> OrgNode:
    """The node of a new post, which must not be closed by then."""
    node = tx.need(OrgNode, seat.node_id)
    if node.to_on and node.to_on <= (seat.from_on or tx.db.clock.today().isoformat()):
        raise AppError(
            f"“{node.name}”已于 {node.to_on} 撤销，没有任命。", field="node_id", next_step="请选还在的组织。"
        )
    return node


def _post_doubts(tx: Transaction, node: OrgNode, seat: Seat) -> list[str]:
    holders = tx.rows(
        "SELECT role,name,person_id FROM seat WHERE node_id=? AND sync_del=0 AND (to_on IS NULL OR to_on>?)",
        (node.id, seat.from_on or tx.db.clock.today().isoformat()),
    )
    words = role_words(tx.db, seat.role)
    same = [(name, person) for role, name, person in holders if role in words]
    if any((person, name) == (seat.person_id, seat.name) for name, person in same):
        raise AppError(f"{seat.name}已经是“{node.name}”的{seat.role}，没有重复登记。", field="person_id")
    levels = {(one.line, one.level): one.head for one in town_of(tx.db).levels}
    head = levels.get((node.line, node.level), _HEAD_OF_A_BODY)
    if same and head and role_words(tx.db, head) & words:
        return [f"“{node.name}”的{seat.role}现由{same[0][0]}担任，尚未卸任"]
    return []


@needs("organisation.change")
def end_seat(db: Database, actor: Actor, seat_id: str, on: str, why: str = "") -> Seat:
    """Ends a post on a day; who held it stays known."""
    with db.transaction(actor, "卸任", why) as tx:
        seat = tx.need(Seat, seat_id)
        rules.check_dates(seat.from_on, on, started="任职日期", ended="卸任日期")
        return tx.change(Seat, seat_id, to_on=on)


@needs("organisation.change")
def change_seat(db: Database, actor: Actor, seat_id: str, **changes: Any) -> Seat:
    """Puts right what was entered of a post."""
    with db.transaction(actor, "修改任职信息") as tx:
        seat = tx.change(Seat, seat_id, **changes)
        filled(seat.role, "role", "职务")
        filled(seat.name, "name", "姓名")
        rules.check_dates(seat.from_on, seat.to_on, started="任职日期", ended="卸任日期")
        return seat


# ------------------------------------------------------------------------------------------------------------ contacts


@needs("organisation.change")
def assign_contact(db: Database, actor: Actor, assignment: ContactAssignment) -> ContactAssignment:
    """Gives a slot of a contact scheme to somebody, for an area, estate, building or household.

    Whoever held a slot that takes one person only ends on the day the new one begins (today without a date).
    """
    slot = _slot(db, assignment)
    who = called(db, assignment.person_id, assignment.name)
    with db.transaction(actor, f"确定{slot.name}：{who}") as tx:
        if assignment.person_id is not None:
            person = tx.need(Person, assignment.person_id)
            assignment.name = assignment.name or person.name
            assignment.phone = assignment.phone or _first(person.phones)
        assignment.name = filled(assignment.name, "name", "姓名")
        tx.need(_TARGETS[assignment.target_kind], assignment.target_id)
        rules.check_dates(assignment.from_on, assignment.to_on, started="开始日期", ended="结束日期")
        assignment.from_on = assignment.from_on or db.clock.today().isoformat()
        _make_room(tx, assignment, slot)
        return tx.add(assignment)


def _slot(db: Database, assignment: ContactAssignment) -> ContactSlot:
    scheme = town_of(db).scheme(assignment.scheme)
    slot = scheme.slot(assignment.slot) if scheme else None
    if scheme is None or slot is None:
        raise AppError("现用的规则里没有这个包联岗位，没有保存。", field="slot", next_step="请从列表中选择岗位。")
    if assignment.target_kind != slot.target_kind:
        raise AppError(f"“{slot.name}”不是这一级的岗位，没有保存。", field="target_id", next_step="请重新选择对象。")
    assignment.scheme, assignment.slot = scheme.code, slot.code
    return slot


def _make_room(tx: Transaction, assignment: ContactAssignment, slot: ContactSlot) -> None:
    held = tx.rows(
        "SELECT id,name,from_on FROM contact_assignment WHERE scheme=? AND slot=? AND target_id=? AND sync_del=0 "
        "AND to_on IS NULL",
        (assignment.scheme, assignment.slot, assignment.target_id),
    )
    if any(name == assignment.name for _, name, _ in held):
        raise AppError(f"{assignment.name}已经是这里的{slot.name}，没有重复登记。", field="name")
    for key, _, from_on in () if slot.many else held:
        rules.check_dates(from_on, assignment.from_on, started="前任开始日期", ended="接任日期")
        tx.change(ContactAssignment, key, to_on=assignment.from_on)


@needs("organisation.change")
def end_contact(db: Database, actor: Actor, assignment_id: str, on: str, why: str = "") -> ContactAssignment:
    """Ends an assignment on a day."""
    with db.transaction(actor, "结束包联责任", why) as tx:
        found = tx.need(ContactAssignment, assignment_id)
        rules.check_dates(found.from_on, on, started="开始日期", ended="结束日期")
        return tx.change(ContactAssignment, assignment_id, to_on=on)


# ------------------------------------------------------------------------------------------------------- party members

_POLITICAL = {"正式": "中共党员", "预备": "中共预备党员"}


@needs("organisation.change")
def register_party_member(db: Database, actor: Actor, member: PartyMember) -> PartyMember:
    """Registers a resident as a party member; the register of residents then says so too."""
    member.kind = desk_codes(db, "party_kinds").name(member.kind)
    rules.check_dates(member.joined_on, member.full_on, started="入党日期", ended="转正日期")
    with db.transaction(actor, "登记党员信息") as tx:
        person = tx.need(Person, member.person_id)
        open_one = "SELECT 1 FROM party_member WHERE person_id=? AND sync_del=0 AND to_on IS NULL"
        if tx.scalar(open_one, (member.person_id,)):
            raise AppError(f"{person.name}的党员信息已经登记过，没有重复保存。", next_step="请打开原来的记录修改。")
        if member.node_id is not None:
            tx.need(OrgNode, member.node_id)
        if word := _POLITICAL.get(member.kind):
            tx.change(Person, person.id, political=word)
        return tx.add(member)


@needs("organisation.change")
def change_party_member(db: Database, actor: Actor, member_id: str, **changes: Any) -> PartyMember:
    """Changes the named fields of a party record."""
    with db.transaction(actor, "修改党员信息") as tx:
        member = tx.change(PartyMember, member_id, **changes)
        rules.check_dates(member.joined_on, member.full_on, started="入党日期", ended="转正日期")
        if word := _POLITICAL.get(member.kind):
            tx.change(Person, member.person_id, political=word)
        return member


@needs("organisation.change")
def end_party_member(db: Database, actor: Actor, member_id: str, on: str, why: str = "") -> PartyMember:
    """Ends a party record on a day, such as when the organisational relation moves away."""
    with db.transaction(actor, "党员转出", why) as tx:
        member = tx.need(PartyMember, member_id)
        rules.check_dates(member.joined_on, on, started="入党日期", ended="转出日期")
        return tx.change(PartyMember, member_id, to_on=on)


# ------------------------------------------------------------------------------------------------------------- checks


def _first(phones: str) -> str | None:
    return phones.split(" ", 1)[0] or None
