"""What one may do with staff."""

from typing import Any

from desktop_app.accounts import rules
from desktop_app.accounts.known import known_staff
from desktop_app.accounts.managing import must_leave_a_keeper
from desktop_app.accounts.model import Actor, Staff
from desktop_app.accounts.rights import has_accounts, needs
from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from desktop_app.store.database import Database


@needs(rules.MANAGE)
def add_staff(db: Database, actor: Actor, person: Staff) -> Staff:
    """Enters a member of staff."""
    if not person.name.strip():
        raise AppError("姓名还没有填写。", field="name", next_step="请填写后再保存。")
    with db.transaction(actor, f"新增工作人员：{person.name}") as tx:
        return tx.add(person)


@needs(rules.MANAGE)
def change_staff(db: Database, actor: Actor, staff_id: str, **changes: Any) -> Staff:
    """Changes the named fields of a member of staff; who leaves office cannot sign in any more."""
    if changes.get("to_on") and (found := known_staff(db, staff_id)):
        must_leave_a_keeper(db, found.account.id, ())
    with db.transaction(actor, "修改工作人员") as tx:
        return tx.change(Staff, staff_id, **changes)


def sit_down(db: Database, staff_id: str) -> Actor:
    """Makes somebody the one in whose name this desk records from now on; only where nobody signs in."""
    if has_accounts(db):
        raise AppError("这份数据已启用账号，不能直接换人。", field="staff", next_step="请退出登录，由本人登录。")
    with db.transaction(Actor(staff_id, ""), "换人") as tx:
        person = tx.need(Staff, staff_id)
        if person.to_on:
            raise AppError(f"{person.name}已经离岗。", field="staff", next_step="请选择在岗的工作人员。")
        tx.set_setting("staff", staff_id)
        return Actor(person.id, person.name)


@needs("residents.reveal")
def note_look(db: Database, actor: Actor, cls: type[Record], record_id: str, what: str, why: str = "") -> None:
    """Keeps that somebody looked at a whole number (PIPL art. 51): who, when, whose and what for."""
    record = db.get(cls, record_id)
    name = getattr(record, "name", None) or getattr(record, "host_name", None) or record_id
    with db.transaction(actor, f"查看完整{what}：{cls.__zh__} {name}", why) as tx:
        tx.keep()
