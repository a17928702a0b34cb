"""What one may do with party-centre households 党员中心户: each function is one transaction (A1-4)."""

from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.organisation import rules
from desktop_app.organisation.centres import in_force
from desktop_app.organisation.model import OrgNode, PartyCentreHousehold
from desktop_app.profiles.desk import all_words, take_number
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

_PLAQUES = ("party_centre_household", "plaque_no")


@needs("organisation.change")
def add_centre_household(
    db: Database, actor: Actor, centre: PartyCentreHousehold, *, reason: str = ""
) -> PartyCentreHousehold:
    """Makes a household a centre household and gives it a plaque number where none was given.

    The span as written becomes `covers`; room, name, phone and estate come from the host's record where left out.
    NeedsReasonError where the host is no registered party member or does not live there, or where the span is another's
    already: a person may confirm it with a reason.
    """
    with db.transaction(actor, f"党员中心户挂牌：{called(db, centre.host_id, centre.host_name)}", reason) as tx:
        _from_host(tx, centre)
        centre.from_on = centre.from_on or db.clock.today().isoformat()
        if centre.span and centre.covers == "[]":
            centre.covers = _look_up(tx, centre.estate_id, centre.span)
        centre.span = centre.span or rules.format_span(rules.parts_of(centre.covers)) or None
        _check(tx, centre, reason)
        centre.plaque_no = centre.plaque_no or take_number(tx, "plaque", _PLAQUES)
        return tx.add(centre)


@needs("organisation.change")
def change_centre_household(
    db: Database, actor: Actor, centre_id: str, *, reason: str = "", **changes: Any
) -> PartyCentreHousehold:
    """Changes the named fields; the same doubts as when it was made, and only about what is changed."""
    with db.transaction(actor, "修改党员中心户", reason) as tx:
        standing = tx.need(PartyCentreHousehold, centre_id)
        if "span" in changes and "covers" not in changes:
            estate = changes.get("estate_id", standing.estate_id)
            changes["covers"] = _look_up(tx, estate, changes["span"] or "")
        centre = tx.change(PartyCentreHousehold, centre_id, **changes)
        _check(tx, centre, reason, changed=frozenset(changes))
        return centre


@needs("organisation.change")
def end_centre_household(db: Database, actor: Actor, centre_id: str, on: str, why: str = "") -> PartyCentreHousehold:
    """Takes the plaque down on a day; its number is not given again."""
    with db.transaction(actor, "党员中心户摘牌", why) as tx:
        centre = tx.need(PartyCentreHousehold, centre_id)
        rules.check_dates(centre.from_on, on, started="挂牌时间", ended="摘牌时间")
        return tx.change(PartyCentreHousehold, centre_id, to_on=on)


def called(db: Database, person_id: str | None, name: str) -> str:
    """The name an action speaks of: as given, else from the register."""
    person = None if name.strip() else db.get(Person, person_id)
    return person.name if person else name.strip()


def _from_host(tx: Transaction, centre: PartyCentreHousehold) -> None:
    """Fills from the host's own record what was left out."""
    if centre.host_id is not None:
        person = tx.need(Person, centre.host_id)
        centre.host_name = centre.host_name.strip() or person.name
        centre.phones = centre.phones or person.phones
        centre.room_id = centre.room_id or _homes(tx, person.id).get("own")
    if centre.room_id and not centre.estate_id:
        estate = "SELECT b.estate_id FROM room r JOIN building b ON b.id=r.building_id WHERE r.id=?"
        centre.estate_id = tx.scalar(estate, (centre.room_id,))


def _homes(tx: Transaction, person_id: str) -> dict[str, str]:
    """Rooms a person lives in: by residence (the first as "own"), and as member of a household."""
    rows = tx.rows(
        "SELECT room_id,0 FROM residence WHERE person_id=:p AND sync_del=0 AND to_on IS NULL UNION ALL "
        "SELECT h.room_id,1 FROM household_member m JOIN household h ON h.id=m.household_id AND h.sync_del=0 "
        "WHERE m.person_id=:p AND m.sync_del=0 AND m.to_on IS NULL AND h.to_on IS NULL AND h.room_id IS NOT NULL "
        "ORDER BY 2",
        {"p": person_id},
    )
    rooms = {room: room for room, _ in rows}
    return rooms | ({"own": rows[0][0]} if rows else {})


def _look_up(tx: Transaction, estate_id: str | None, span: str) -> str:
    """The stored form of a span; an AppError names the buildings the estate does not have."""
    known = dict(
        tx.rows(
            "SELECT no,id FROM building WHERE sync_del=0 AND to_on IS NULL AND (:estate IS NULL OR estate_id=:estate)",
            {"estate": estate_id},
        )
    )
    parts = rules.parse_span(span)
    if parts is None:
        raise AppError(
            f"联系楼栋“{span}”看不懂，没有保存。", field="span", next_step="请写成“8、10、11栋”或“3栋2单元”的样子。"
        )
    strange = [rules.numbered(part.no) for part in parts if part.no not in known]
    if strange:
        raise AppError(
            f"楼栋名册里没有{'、'.join(strange)}，没有保存。", field="span", next_step="请核对联系楼栋，或先登记楼栋。"
        )
    return rules.covers_json(rules.SpanPart(part.no, part.units, known[part.no]) for part in parts)


# -------------------------------------------------------------------------------------------------------------- checks

_HOST = frozenset({"host_id", "room_id"})
_ALL = _HOST | {"covers", "plaque_no"}


def _check(tx: Transaction, centre: PartyCentreHousehold, reason: str, changed: frozenset[str] = _ALL) -> None:
    if not centre.host_name.strip():
        raise AppError("户主没有填，没有保存。", field="host_id", next_step="请选择户主。")
    if centre.node_id is not None:
        tx.need(OrgNode, centre.node_id)
    rules.check_dates(centre.from_on, centre.to_on, started="挂牌时间", ended="摘牌时间")
    if centre.plaque_no and "plaque_no" in changed:
        _free_plaque(tx, centre)
    doubts = _host_doubts(tx, centre) if changed & _HOST else []
    doubts += _span_doubts(tx, centre) if "covers" in changed else []
    if doubts and not reason.strip():
        raise rules.NeedsReasonError(doubts, field="host_id" if changed & _HOST else "span")


def _free_plaque(tx: Transaction, centre: PartyCentreHousehold) -> None:
    holder = tx.scalar(
        "SELECT host_name FROM party_centre_household WHERE plaque_no=? AND id<>? AND sync_del=0",
        (centre.plaque_no, centre.id),
    )
    if holder is not None:
        raise AppError(
            f"牌匾编号 {centre.plaque_no} 已经给了{holder}，没有保存。",
            field="plaque_no",
            next_step="请换一个编号，或留空由程序编号。",
        )


def _host_doubts(tx: Transaction, centre: PartyCentreHousehold) -> list[str]:
    """The host must be a registered party member who lives there (A1-4)."""
    if centre.host_id is None:
        return [f"居民名册里没有选定户主{centre.host_name}，无法核对是否为党员"]
    person = tx.need(Person, centre.host_id)
    doubts = [] if _is_member(tx, person) else [f"{person.name}没有登记为党员"]
    homes = _homes(tx, person.id)
    if centre.room_id is None or centre.room_id not in homes:
        doubts.append(f"{person.name}没有登记住在这里")
    return doubts


def _is_member(tx: Transaction, person: Person) -> bool:
    words = {word for code in rules.PARTY_CODES for word in all_words(tx.db, "political", code)}
    kinds = {word for kind in ("正式", "预备") for word in all_words(tx.db, "party_kinds", kind)}
    found = tx.rows("SELECT kind FROM party_member WHERE person_id=? AND sync_del=0 AND to_on IS NULL", (person.id,))
    return person.political in words or any(kind in kinds for (kind,) in found)


def _span_doubts(tx: Transaction, centre: PartyCentreHousehold) -> list[str]:
    """Who looks after a part of this span already."""
    units = {
        key: rules.units_of(count)
        for key, count in tx.rows("SELECT id,units FROM building WHERE sync_del=0 AND to_on IS NULL")
    }
    own = rules.spots(rules.parts_of(centre.covers), units)
    others = tx.rows(
        f"SELECT host_name,plaque_no,covers,span FROM party_centre_household WHERE {in_force()} AND id<>:id",
        {"on": centre.from_on or tx.db.clock.today().isoformat(), "id": centre.id},
    )
    return [
        f"{span or ''}已由{host}{f'（{plaque}）' if plaque else ''}联系"
        for host, plaque, covers, span in others
        if own & rules.spots(rules.parts_of(covers), units)
    ]
