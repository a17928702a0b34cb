"""What one may do with helpers: take them on, put right what is known of them, let them go."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.orders import checks
from desktop_app.orders.model import Helper
from desktop_app.profiles import choices
from desktop_app.profiles.rules import CodeTable
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone, must_be_past, must_be_whole
from desktop_app.store.database import Database, Transaction

PLACE = (
    "SELECT r.building_id FROM residence s JOIN room r ON r.id=s.room_id "
    "WHERE s.person_id=? AND s.sync_del=0 AND s.to_on IS NULL"
)
GONE = (
    "CASE WHEN p.id IS NULL THEN '' WHEN p.deceased_on IS NOT NULL THEN '已于'||p.deceased_on||'去世' "
    "WHEN p.left_on IS NOT NULL THEN '已于'||p.left_on||'迁出' WHEN p.sync_del=4 THEN '已转到'||"
    "coalesce((SELECT t.to_name FROM transfer t WHERE t.row_id=p.id AND t.to_name<>'' "
    "ORDER BY t.local_no DESC LIMIT 1),'其他社区') "
    "WHEN p.sync_del<>0 THEN '居民登记已不在' ELSE '' END"
)
"""SQL: why a resident `p` cannot help any more, "" where nothing is known against it."""
AGREED: Final = ("phone_agreed_on", "phone_withdrawn_on")
"""The days between which a personal number may be shown to everybody."""


@needs("orders.change")
def add_helper(db: Database, actor: Actor, helper: Helper) -> Helper:
    """Takes somebody on; a registered resident's name, phone and building are known already.

    AppError for a colour that is not offered, hours nobody can read, a resident who is on the list already.
    """
    with db.transaction(actor, f"登记志愿者：{helper.name or '居民'}") as tx:
        return take_on(tx, helper)


def take_on(tx: Transaction, helper: Helper) -> Helper:
    """As `add_helper`, inside another action."""
    complete(tx, helper)
    if helper.person_id and (there := _listed(tx, helper.person_id)):
        raise AppError(f"{there}已经登记过，没有重复登记。", field="person_id", next_step="请在原来的登记上修改。")
    return tx.add(helper)


@needs("orders.change")
def add_helpers(db: Database, actor: Actor, helpers: Sequence[Helper]) -> int:
    """Takes several on in one transaction, all of them or none; returns how many."""
    with db.transaction(actor, f"登记志愿者（{len(helpers)}人）") as tx:
        for helper in helpers:
            take_on(tx, helper)
    return len(helpers)


def complete(source: Database | Transaction, helper: Helper) -> None:
    """Tidies a new helper; AppError, at its field, for what no helper can be.  Nothing is written."""
    db = source if isinstance(source, Database) else source.db
    if helper.person_id:
        person = source.get(Person, helper.person_id)
        if person is None:
            raise AppError("这位居民的登记已不在了，没有登记。", field="person_id", next_step="请重新选择。")
        if person.deceased_on or person.left_on:
            raise AppError(
                f"{person.name}已不在本社区，没有登记。",
                field="person_id",
                next_step="不住在这里的人，请直接写姓名和单位。",
            )
        helper.name = helper.name or person.name
        helper.phone = helper.phone or next(iter(person.phones.split()), None)
        helper.building_id = helper.building_id or source.scalar(PLACE, (person.id,))
    helper.name = checks.text(helper.name, "姓名", "name", 30)
    helper.phone = kept_phone(helper.phone)
    helper.kind = choices.name(db, "helper_kinds", helper.kind, "类别", "kind")
    helper.colours = checks.colours(db, helper.colours)
    if not helper.colours:
        raise AppError("没有选七色专长，没有登记。", field="colours", next_step="请至少选一项，派单时按专长推荐。")
    helper.hours = checks.hours(helper.hours)
    checks.fen(helper.price_fen, "收费", "price_fen")
    _must_be_agreed(db, helper.phone, helper.phone_agreed_on, helper.phone_withdrawn_on)
    for day, zh, field in ((helper.from_on, "开始日期", "from_on"), (helper.to_on, "结束日期", "to_on")):
        if day:
            must_be_whole(day, zh, field)


def _listed(tx: Transaction, person_id: str) -> str:
    sql = "SELECT name FROM helper WHERE person_id=? AND sync_del=0 AND to_on IS NULL"
    return str(tx.scalar(sql, (person_id,)) or "")


@needs("orders.change")
def change_helper(db: Database, actor: Actor, helper_id: str, **changes: Any) -> Helper:
    """Changes the named fields; a colour that was retired since may stay, but is not taken on anew."""
    with db.transaction(actor, "修改志愿者") as tx:
        helper = tx.need(Helper, helper_id)
        if "colours" in changes:
            changes["colours"] = checks.colours(db, changes["colours"], known=helper.colours)
        if "hours" in changes:
            changes["hours"] = checks.hours(changes["hours"])
        if "phone" in changes:
            changes["phone"] = kept_phone(changes["phone"])
            if changes["phone"] != helper.phone:  # what was agreed to was the other number
                changes = {"phone_agreed_on": None, "phone_withdrawn_on": None, **changes}
        told = {name: changes.get(name, getattr(helper, name)) for name in ("phone", *AGREED)}
        if any(name in changes for name in AGREED):
            _must_be_agreed(db, *told.values())
        if "kind" in changes:
            changes["kind"] = choices.name(db, "helper_kinds", changes["kind"], "类别", "kind")
        checks.fen(changes.get("price_fen"), "收费", "price_fen")
        return tx.change(Helper, helper_id, **changes)


def _must_be_agreed(db: Database, phone: str | None, agreed_on: str | None, withdrawn_on: str | None) -> None:
    """AppError, at its field, for an agreement no one can have given."""
    for day, zh, field in zip((agreed_on, withdrawn_on), ("同意公开电话", "撤回公开电话"), AGREED, strict=True):
        if day:
            must_be_past(db.clock.today(), day, f"{zh}的日期", field)
    if agreed_on and not phone:
        raise AppError("没有电话，也就没有可以公开的，没有保存。", field="phone", next_step="请先填电话。")
    if withdrawn_on and withdrawn_on < (agreed_on or "9999"):
        raise AppError(
            "撤回的日期要在同意之后，没有保存。",
            field="phone_withdrawn_on",
            next_step="没有同意过就都空着；又同意了，请清空撤回日期。",
        )


def printed(kinds: CodeTable, helper: Helper) -> tuple[bool, str]:
    """Whether the whole number may stand on what everybody reads, and why in words; "" where there is no number.

    An office's own number may (`office` of the kind, no resident behind it), a personal one with consent that holds.
    """
    if not helper.phone:
        return False, ""
    if not helper.person_id and kinds.get(helper.kind).more.get("office"):
        return True, "印（单位的电话）"
    if helper.phone_agreed_on and helper.phone_withdrawn_on:
        return False, f"不印：{helper.phone_withdrawn_on} 撤回同意"
    if helper.phone_agreed_on:
        return True, f"印：{helper.phone_agreed_on} 本人同意"
    return False, "不印：还没有本人同意"


@needs("orders.change")
def end_helper(db: Database, actor: Actor, helper_id: str, on: str = "", why: str = "") -> Helper:
    """Lets a helper go from a day on (today if blank); what they did stays.

    AppError while they have orders in hand: those go back first.
    """
    on = on or db.clock.today().isoformat()
    must_be_whole(on, "结束日期", "to_on")
    with db.transaction(actor, "志愿者退出", why) as tx:
        helper = tx.need(Helper, helper_id)
        hands = int(
            tx.scalar(
                "SELECT count(*) FROM order_state WHERE helper_id=? AND phase IN ('已派','已接','进行')", (helper_id,)
            )
        )
        if hands:
            raise AppError(
                f"{helper.name}手上还有 {hands} 单，没有办理退出。", next_step="请先把这些单退单或转单，再办理。"
            )
        return tx.change(Helper, helper_id, to_on=on)


def need_helper(tx: Transaction, helper_id: str, on: str) -> Helper:
    """A helper who can still be asked on a day.  AppError for one who is gone: ended, moved out, dead, merged away."""
    helper = tx.get(Helper, helper_id)
    if helper is None:
        raise AppError("这位志愿者的登记已不在了，没有保存。", field="helper_id", next_step="请另选一位。")
    if helper.to_on and helper.to_on <= on:
        raise AppError(f"{helper.name}已于{helper.to_on}退出，没有保存。", field="helper_id", next_step="请另选一位。")
    why = str(
        tx.scalar(f"SELECT {GONE} FROM helper h LEFT JOIN person p ON p.id=h.person_id WHERE h.id=?", (helper_id,))
        or ""
    )
    if why:
        raise AppError(
            f"{helper.name}{why}，没有保存。", field="helper_id", next_step="请另选一位，并把他（她）的登记结束。"
        )
    return helper


@reads("orders.read")
def helpers_for_duty(db: Database) -> list[tuple[str, str]]:
    """(id, name) of whoever may be put on the roster: helpers who are here; of one name, with what tells them apart."""
    today = db.clock.today().isoformat()
    rows = db.rows(
        f"SELECT h.id,h.name,coalesce(h.unit,''),coalesce(e.name||b.no||'栋',''),coalesce(h.phone,''),{GONE} "
        "FROM helper h LEFT JOIN person p ON p.id=h.person_id LEFT JOIN building b ON b.id=h.building_id "
        "LEFT JOIN estate e ON e.id=b.estate_id WHERE h.sync_del=0 AND h.scope=0 AND (h.to_on IS NULL OR h.to_on>?) "
        "ORDER BY h.name,h.id",
        (today,),
    )
    here = [row[:5] for row in rows if not row[5]]
    count = Counter(name for _, name, *_ in here)
    found, at = [], Counter[str]()
    for key, name, unit, home, phone in here:
        at[name] += 1
        apart = unit or home or (f"尾号{phone[-4:]}" if phone else f"第{at[name]}位")
        found.append((str(key), f"{name}（{apart}）" if count[name] > 1 else str(name)))
    return found


@reads("orders.read")
def named_for_duty(db: Database, names: Sequence[str]) -> list[str]:
    """The helpers of these names, all of them for none.  AppError, at `names`, for a name nobody or several have."""
    known = helpers_for_duty(db)
    chosen: dict[str, None] = {}
    for name in filter(None, (one.strip() for one in names)):
        exact = [key for key, label in known if label == name]
        found = exact or [key for key, label in known if label.startswith(f"{name}（")]
        if len(found) != 1:
            said = f"有 {len(found)} 位叫“{name}”的" if found else f"没有叫“{name}”的"
            like = "、".join(label for key, label in known if key in found)
            then = f"请写成：{like}。" if found else "请先在“志愿者”里登记，或改成名单里的姓名。"
            raise AppError(f"{said}志愿者，没有排班。", field="names", next_step=then)
        chosen[found[0]] = None
    return list(chosen) or [key for key, _ in known]
