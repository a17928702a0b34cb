"""What one may do with posts and with those who report in: 双报到, 三认一创, 新就业群体报到."""

from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.orders import checks, people, reporting_rules
from desktop_app.orders.model import Helper, Post, Registration, RegistrationClaim
from desktop_app.orders.reporting_rules import Item, negative_items
from desktop_app.profiles import choices
from desktop_app.profiles.desk import desk_codes, followed, next_number
from desktop_app.residents.model import Household, Person
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone, must_be_past, must_be_whole
from desktop_app.store.database import Database, Transaction

RIDER_GROUP = "流动网格员"
"""Group of `roles` with the five roles of couriers, drivers and riders; 硚口 2025."""
_HELPER_KINDS = {"role": "流动网格员", "party": "党员志愿者"}


def negative_list(db: Database) -> tuple[Item, ...]:
    """What may not be asked of those who report in, in this town; a community's own copy goes before."""
    entries = desk_codes(db, "negative_list").offered(db.clock.today())
    return negative_items(entries, followed(db))


def rider_roles(db: Database) -> tuple[str, ...]:
    """The five roles, by name."""
    return tuple(one.name for one in desk_codes(db, "roles").offered() if one.text("group") == RIDER_GROUP)


# --------------------------------------------------------------------------------------------------------------- posts


@needs("orders.change")
def add_post(db: Database, actor: Actor, post: Post) -> Post:
    """Puts a post on the list; AppError for what stands on the negative list, and for shifts nobody can read."""
    _complete_post(db, post)
    with db.transaction(actor, f"设立岗位：{post.name}") as tx:
        return tx.add(post)


def _complete_post(db: Database, post: Post) -> None:
    post.name = checks.text(post.name, "岗位名称", "name", 30)
    if post.kind not in reporting_rules.POSTS:
        raise AppError("岗位类别只能是服务岗位或值守岗亭，没有保存。", field="kind", next_step="请选其中一个。")
    _must_be_capacity(post.capacity)
    _must_be_allowed(db, f"{post.name} {post.duty or ''}", "duty")
    post.slots = _slots_for(post.kind, post.slots)
    if post.colour:
        post.colour = choices.code(db, checks.COLOURS, post.colour, "七色专长", "colour")


def _must_be_capacity(many: int) -> None:
    if not 0 < many <= reporting_rules.MOST_CAPACITY:
        raise AppError("需要人数要在 1 到 500 之间，没有保存。", field="capacity", next_step="请核对人数。")


def _slots_for(kind: str, text: str) -> str:
    """The shifts as they are stored; a place of duty has some."""
    found = reporting_rules.slots_of(text)
    if kind == reporting_rules.DUTY and found == ():
        raise AppError(
            "岗亭没有写班次，没有保存。",
            field="slots",
            next_step="请写成 08:00-11:00、14:00-17:00 的样子，夜班写 22:00-06:00。",
        )
    if found is None:
        raise AppError(
            f"班次“{text}”看不懂或有重叠，没有保存。",
            field="slots",
            next_step="请写成 08:00-11:00、14:00-17:00 的样子，夜班写 22:00-06:00。",
        )
    return "、".join(f"{first}-{last}" for first, last in found)


def _must_be_allowed(db: Database, words: str, field: str) -> None:
    if item := reporting_rules.forbidden(words, negative_list(db)):
        raise AppError(
            f"负面清单写明“{item.name}”，没有保存。",
            field=field,
            next_step="请换一个岗位或事项，负面清单可由社区修改。",
        )


@needs("orders.change")
def change_post(db: Database, actor: Actor, post_id: str, **changes: Any) -> Post:
    """Changes the named fields of a post."""
    with db.transaction(actor, "修改岗位") as tx:
        post = tx.need(Post, post_id)
        if "name" in changes:
            changes["name"] = checks.text(changes["name"], "岗位名称", "name", 30)
        if "capacity" in changes:
            _must_be_capacity(changes["capacity"])
        if "slots" in changes:
            changes["slots"] = _slots_for(post.kind, changes["slots"])
        if changes.keys() & {"name", "duty"}:
            told = [changes.get(name, getattr(post, name)) or "" for name in ("name", "duty")]
            _must_be_allowed(db, " ".join(told), "duty")
        if changes.get("colour"):
            changes["colour"] = choices.code(
                db, checks.COLOURS, changes["colour"], "七色专长", "colour", known=post.colour
            )
        return tx.change(Post, post_id, **changes)


@needs("orders.change")
def close_post(db: Database, actor: Actor, post_id: str, on: str = "") -> Post:
    """Takes a post off the list from a day on (today if blank); what was claimed and served stays."""
    with db.transaction(actor, "撤销岗位") as tx:
        return tx.change(Post, post_id, to_on=on or db.clock.today().isoformat())


# -------------------------------------------------------------------------------------------------------- reporting in


@needs("orders.change")
def report_in(db: Database, actor: Actor, registration: Registration, *, helps: bool = False) -> Registration:
    """Registers somebody who reports in; with `helps` they also stand among the helpers, for orders and duty.

    AppError for a colour or role that is not offered, and for a resident who has reported in already.
    """
    with db.transaction(actor, f"报到登记：{registration.name or '居民'}") as tx:
        _complete(tx, registration)
        registration.no = next_number(tx, "registration", ("registration", "no"))
        if helps:
            registration.helper_id = _helper_of(tx, registration).id
        return tx.add(registration)


def _complete(tx: Transaction, one: Registration) -> None:
    db = tx.db
    if one.person_id:
        person = tx.need(Person, one.person_id)
        if person.deceased_on or person.left_on:
            raise AppError(f"{person.name}已不在本社区，没有登记。", field="person_id", next_step="请核对居民资料。")
        one.name = one.name or person.name
        one.phone = one.phone or next(iter(person.phones.split()), None)
        one.building_id = one.building_id or tx.scalar(people.PLACE, (person.id,))
        sql = "SELECT no FROM registration WHERE person_id=? AND sync_del=0 AND to_on IS NULL"
        if there := tx.rows(sql, (person.id,)):
            raise AppError(
                f"{person.name}已经报到（编号 {there[0][0] or '无'}），没有重复登记。",
                field="person_id",
                next_step="请在原来的登记上添加认领。",
            )
    one.name = checks.text(one.name, "姓名", "name", 30)
    one.phone = kept_phone(one.phone)
    one.kind = choices.name(db, "registration_kinds", one.kind, "类别", "kind")
    one.colours = checks.colours(db, one.colours)
    one.hours = checks.hours(one.hours)
    one.role = _role(db, one)
    must_be_past(db.clock.today(), one.on, "报到日期", "on")


def _role(db: Database, one: Registration) -> str | None:
    if not one.role:
        return None
    found = desk_codes(db, "roles").find(one.role)
    if found is None or found.text("group") != RIDER_GROUP:
        names = "、".join(rider_roles(db))
        raise AppError(f"没有“{one.role}”这种角色，没有保存。", field="role", next_step=f"可以是：{names}。")
    return found.code


def _helper_of(tx: Transaction, one: Registration) -> Helper:
    """The helper who is this person already, or a new one."""
    known = "SELECT id FROM helper WHERE person_id=? AND sync_del=0 AND to_on IS NULL"
    if one.person_id and (found := tx.scalar(known, (one.person_id,))):
        return tx.need(Helper, str(found))
    if not one.colours:
        raise AppError("要接单、值守的人请选七色专长，没有登记。", field="colours", next_step="请至少选一项。")
    code = desk_codes(tx.db, "registration_kinds").get(one.kind)
    kind = next((name for key, name in _HELPER_KINDS.items() if code.more.get(key)), "居民志愿者")
    return people.take_on(
        tx,
        Helper(
            person_id=one.person_id,
            name=one.name,
            phone=one.phone,
            kind=kind,
            unit=one.unit,
            colours=one.colours,
            hours=one.hours,
            building_id=one.building_id,
            from_on=one.on,
        ),
    )


@needs("orders.change")
def change_registration(db: Database, actor: Actor, registration_id: str, **changes: Any) -> Registration:
    """Changes the named fields of a registration."""
    with db.transaction(actor, "修改报到登记") as tx:
        one = tx.need(Registration, registration_id)
        if "colours" in changes:
            changes["colours"] = checks.colours(db, changes["colours"], known=one.colours)
        if "phone" in changes:
            changes["phone"] = kept_phone(changes["phone"])
        if "hours" in changes:
            changes["hours"] = checks.hours(changes["hours"])
        return tx.change(Registration, registration_id, **changes)


@needs("orders.change")
def end_registration(db: Database, actor: Actor, registration_id: str, on: str = "", why: str = "") -> Registration:
    """Somebody is not here any more: the registration and what was claimed end; what was done stays."""
    on = on or db.clock.today().isoformat()
    must_be_whole(on, "结束日期", "to_on")
    with db.transaction(actor, "报到结束", why) as tx:
        sql = "SELECT id FROM registration_claim WHERE registration_id=? AND sync_del=0 AND to_on IS NULL"
        for (claim_id,) in tx.rows(sql, (registration_id,)):
            tx.change(RegistrationClaim, str(claim_id), to_on=on)
        return tx.change(Registration, registration_id, to_on=on)


# -------------------------------------------------------------------------------------------------------------- claims


@needs("orders.change")
def claim(db: Database, actor: Actor, one: RegistrationClaim) -> RegistrationClaim:
    """Notes what somebody takes on: a post with room left, a matter, a household, something to strive for.

    AppError where it runs into the negative list, the post is full or closed, or it was claimed already.
    """
    with db.transaction(actor, "登记认领") as tx:
        who = tx.need(Registration, one.registration_id)
        if who.to_on:
            raise AppError(f"{who.name}的报到已于{who.to_on}结束，没有保存。", next_step="重新报到后再认领。")
        kind = desk_codes(db, "claim_kinds").get(choices.code(db, "claim_kinds", one.kind, "认领类别", "kind"))
        one.kind = kind.name
        must_be_past(db.clock.today(), one.on, "认领日期", "on")
        needs_what = kind.text("needs")
        if needs_what == reporting_rules.POST:
            _claim_post(tx, one)
        elif needs_what == reporting_rules.HOUSEHOLD:
            _claim_household(tx, one)
        else:
            one.text = checks.text(one.text, "认领内容", "text", 60)
        _must_be_allowed(db, one.text, "text")
        return tx.add(one)


def _claim_post(tx: Transaction, one: RegistrationClaim) -> None:
    post = tx.get(Post, one.post_id) if one.post_id else None
    if post is None:
        raise AppError("没有选岗位，没有保存。", field="post_id", next_step="请从岗位清单里选一个。")
    if post.to_on and post.to_on <= tx.db.clock.today().isoformat():
        raise AppError(f"“{post.name}”已于{post.to_on}撤销，没有保存。", field="post_id", next_step="请另选岗位。")
    rows = tx.rows(
        "SELECT registration_id FROM registration_claim WHERE post_id=? AND sync_del=0 AND to_on IS NULL", (post.id,)
    )
    holders = [str(row[0]) for row in rows]
    if one.registration_id in holders:
        raise AppError(f"“{post.name}”已经认领过，没有重复登记。", field="post_id", next_step="请另选岗位。")
    if post.kind == reporting_rules.SERVICE and not reporting_rules.Room(post.capacity, holders).free:
        raise AppError(
            f"“{post.name}”只要 {post.capacity} 人，已经满了，没有保存。", field="post_id", next_step="请另选岗位。"
        )
    one.text = one.text or post.name


def _claim_household(tx: Transaction, one: RegistrationClaim) -> None:
    if not one.household_id:
        raise AppError("没有选结对的住户，没有保存。", field="household_id", next_step="请选一户。")
    home = tx.need(Household, one.household_id)
    same = (
        "SELECT 1 FROM registration_claim WHERE registration_id=? AND household_id=? AND sync_del=0 AND to_on IS NULL"
    )
    if tx.scalar(same, (one.registration_id, home.id)):
        raise AppError("这一户已经结对，没有重复登记。", field="household_id", next_step="请另选一户。")
    one.text = one.text or "结对帮扶"


@needs("orders.change")
def finish_claim(db: Database, actor: Actor, claim_id: str, on: str = "", note: str = "") -> RegistrationClaim:
    """What was claimed is done; `note` says how."""
    on = on or db.clock.today().isoformat()
    must_be_past(db.clock.today(), on, "完成日期", "done_on")
    with db.transaction(actor, "认领完成") as tx:
        one = tx.need(RegistrationClaim, claim_id)
        if on < one.on:
            raise AppError("完成日期早于认领日期，没有保存。", field="done_on", next_step="请核对日期。")
        return tx.change(RegistrationClaim, claim_id, done_on=on, note=note.strip() or one.note)


@needs("orders.change")
def give_up_claim(db: Database, actor: Actor, claim_id: str, why: str) -> RegistrationClaim:
    """Somebody gives up what they claimed: the post is free again, the reason is kept."""
    told = checks.text(why, "退出的原因", "why", 100)
    with db.transaction(actor, "退出认领", told) as tx:
        return tx.change(RegistrationClaim, claim_id, to_on=db.clock.today().isoformat(), note=told)
