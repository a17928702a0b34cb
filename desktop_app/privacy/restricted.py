"""限制类人员 (综治): off by default, under seal, read one person at a time and each time for a reason.

Never exported, never searched, never printed: no query, no sheet and no paper reads `sealed_record`.
"""

from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.privacy import queries, rules, sealing
from desktop_app.privacy.model import SealedRecord, SealKey
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents.model import Person
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore

KIND: Final = "限制类"
TABLE: Final = "restricted_classes"


@dataclass(frozen=True, slots=True)
class Restricted:
    """One class somebody is in; days are ISO text."""

    id: str
    klass: str
    from_on: str
    to_on: str
    note: str


def is_on(db: Database) -> bool:
    """Whether the community keeps restricted classes at all."""
    found = sealing.current(db)
    return bool(found and found.approval_id and not found.off_on)


@needs("restricted.switch")
def switch_on(db: Database, actor: Actor, why: str) -> SealKey:
    """Lets restricted classes be kept.  Two people: this actor asked (`rules.RESTRICTED_ON`), another allowed it."""
    said = rules.must_be_said(why, "why", "启用理由")
    key = sealing.current(db)
    if key is None:
        raise AppError("还没有设定密封口令，没有启用。", next_step="请先由书记设定：linli sealed set-passphrase。")
    allowed = queries.in_force(db, actor, rules.RESTRICTED_ON, None)
    if allowed is None:
        raise AppError(
            "启用限制类人员登记要由安全管理员申请、书记审批，没有启用。",
            field="approval",
            next_step=f"请先申请审批：linli approval ask {rules.RESTRICTED_ON} --why …",
        )
    with db.transaction(actor, "启用限制类人员登记", said) as tx:
        return tx.change(SealKey, key.id, approval_id=allowed.id, off_on=None)


@needs("restricted.switch")
def switch_off(db: Database, actor: Actor, why: str) -> SealKey:
    """No new classes are kept and none shown; what is under seal stays until its time is over."""
    said = rules.must_be_said(why, "why", "停用理由")
    key = sealing.current(db)
    if key is None or not is_on(db):
        raise AppError("限制类人员登记没有启用，没有改动。")
    with db.transaction(actor, "停用限制类人员登记", said) as tx:
        return tx.change(SealKey, key.id, off_on=db.clock.today().isoformat())


@needs("restricted.change")
def enter(
    db: Database,
    actor: Actor,
    secrets: SecretStore,
    person_id: str,
    klass: str,
    why: str,
    *,
    from_on: str,
    note: str = "",
) -> SealedRecord:
    """Keeps that somebody is in a class of `restricted_classes.toml` from a day on."""
    _must_be_on(db)
    must_be_date(from_on, "开始日期", "from_on")
    found = desk_codes(db, TABLE).find(klass)
    if found is None:
        names = "、".join(one.name for one in desk_codes(db, TABLE))
        raise AppError(f"没有“{klass}”这一类，没有登记。", field="klass", next_step=f"可以是：{names}。")
    said = rules.must_be_said(why, "why", "依据")
    content = {"person_id": person_id, "klass": found.code, "from_on": from_on, "to_on": "", "note": note}
    with db.transaction(actor, "登记限制类人员", said) as tx:
        tx.need(Person, person_id)
        return sealing.seal(tx, secrets, KIND, person_id, content)


@needs("restricted.change")
def end(db: Database, actor: Actor, secrets: SecretStore, record_id: str, on: str, why: str) -> SealedRecord:
    """Ends a class on a day; it stays under seal."""
    _must_be_on(db)
    must_be_date(on, "结束日期", "to_on")
    said = rules.must_be_said(why, "why", "依据")
    with db.transaction(actor, "结束限制类人员登记", said) as tx:
        record = tx.need(SealedRecord, record_id)
        if record.kind != KIND:
            raise AppError("这不是限制类记录，没有改动。")
        content = sealing.unseal(secrets, record) | {"to_on": on}
        return tx.change(SealedRecord, record_id, content=sealing.seal_anew(secrets, record, content))


@needs("restricted.read")
def look(db: Database, actor: Actor, secrets: SecretStore, person_id: str, why: str) -> list[Restricted]:
    """The classes of one person, with a line in the trail before anything is shown; the line names nobody."""
    _must_be_on(db)
    said = rules.must_be_said(why, "why", "查看用途")
    held = sealing.current(db)
    key = sealing.key_of(secrets, held.id if held else None)
    with db.transaction(actor, f"查看限制类人员（对象标记 {sealing.mark(key, person_id)[:12]}）", said) as tx:
        tx.keep()
    found = sealing.about(db, secrets, person_id, KIND)
    return [_shown(db, one, sealing.unseal(secrets, one)) for one in found]


def _shown(db: Database, record: SealedRecord, content: dict[str, Any]) -> Restricted:
    name = desk_codes(db, TABLE).name(content["klass"])
    return Restricted(record.id, name, content["from_on"], content["to_on"], content["note"])


def _must_be_on(db: Database) -> None:
    if not is_on(db):
        raise AppError(
            "本社区没有启用限制类人员登记，什么也没有做。",
            next_step="确有法定职责的，由安全管理员申请、书记审批后启用。",
        )
