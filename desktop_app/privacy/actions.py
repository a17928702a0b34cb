"""What one may do about personal data: ask for an approval, decide one, look at a whole value."""

from datetime import date, timedelta

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import asks, demand, needs
from desktop_app.privacy import queries, rules
from desktop_app.privacy.model import Approval
from desktop_app.privacy.policy import policy_of
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from desktop_app.store.database import Database


class NeedsApprovalError(AppError):
    """What was asked for needs the approval of somebody responsible first; `kind` of which `person_id`."""

    def __init__(self, message: str, *, kind: str, person_id: str | None, next_step: str) -> None:
        super().__init__(message, field="approval", next_step=next_step)
        self.kind, self.person_id = kind, person_id


# ------------------------------------------------------------------------------------------------------------ approvals


@asks
def ask(db: Database, actor: Actor, kind: str, reason: str, *, person_id: str | None = None) -> Approval:
    """Asks for an approval of this kind (a key of `rules.APPROVALS`); the same question is open once only."""
    if kind not in rules.APPROVALS:
        raise AppError(f"没有“{kind}”这种审批。", field="kind", next_step=f"可以是：{'、'.join(rules.APPROVALS)}。")
    demand(db, actor, rules.APPROVALS[kind][0])
    person = db.get(Person, person_id)
    said = rules.must_be_said(reason, "reason", "申请理由", names=[person.name] if person else ())
    with db.transaction(actor, f"申请审批：{kind}", said) as tx:
        open_one = (
            "SELECT 1 FROM approval WHERE kind=? AND person_id IS ? AND asked_by IS ? AND verdict IS NULL "
            "AND sync_del=0"
        )
        if tx.scalar(open_one, (kind, person_id, actor.id or None)):
            raise AppError("已经申请过，还没有审批，没有重复申请。", next_step="请找负责人在“个人信息”里审批。")
        return tx.add(
            Approval(
                kind=kind,
                person_id=person_id,
                reason=said,
                asked_by=actor.id or None,
                asked_name=actor.name,
                asked_at=db.clock.ms(),
            )
        )


@asks
def decide(
    db: Database, actor: Actor, approval_id: str, *, allow: bool, why: str = "", valid_until: str = ""
) -> Approval:
    """Allows or refuses, in writing; never one's own question.  A refusal needs a reason, a validity has a limit.

    The right is that of the kind of approval (`rules.APPROVALS`).
    """
    found = db.get(Approval, approval_id)
    if found is None:
        raise AppError("这条审批已经不在了。", next_step="请刷新列表。")
    demand(db, actor, rules.APPROVALS.get(found.kind, ("", "privacy.approve"))[1])
    if found.asked_by is not None and found.asked_by == actor.id:
        raise AppError(
            "不能审批自己的申请，没有保存。", next_step="请由负责人审批：可在同一台电脑上换人后，在“个人信息”里审批。"
        )
    said = why.strip() if allow else rules.must_be_said(why, "why", "不同意的理由")
    until = _until(db, found.kind, valid_until) if allow else None
    with db.transaction(actor, f"审批：{found.kind}（{rules.YES if allow else rules.NO}）", said) as tx:
        if tx.need(Approval, approval_id).verdict:
            raise AppError("这条申请已经审批过，没有改动。", next_step="情况有变请重新申请。")
        return tx.change(
            Approval,
            approval_id,
            verdict=rules.YES if allow else rules.NO,
            why=said or None,
            decided_by=actor.id or None,
            decided_name=actor.name,
            decided_at=db.clock.ms(),
            valid_until=until,
        )


def _until(db: Database, kind: str, told: str) -> str:
    policy, today = policy_of(db), db.clock.today()
    days = policy.export_days if kind == rules.FULL_EXPORT else policy.look_days
    try:
        until = date.fromisoformat(told) if told else today + timedelta(days=days - 1)
    except ValueError:
        raise AppError(f"“{told}”不是日期。", field="valid_until", next_step="写成 2026-01-05。") from None
    if not today <= until <= today + timedelta(days=policy.longest_days):
        raise AppError(
            f"有效期要在今天以后、{policy.longest_days} 天以内，没有保存。",
            field="valid_until",
            next_step="请改正有效期。",
        )
    return until.isoformat()


# -------------------------------------------------------------------------------------------------------------- looking


@needs("residents.reveal")
def look(db: Database, actor: Actor, cls: type[Record], record_id: str, what: str, why: str = "") -> None:
    """Keeps that somebody looks at a whole value (PIPL art. 51), before it is shown.

    AppError where the law asks for a reason and none is given; NeedsApprovalError for a person under age for whom this
    actor has no approval in force.
    """
    record = db.get(cls, record_id)
    if record is None:
        raise AppError("这条记录已经不在了。", next_step="请刷新列表。")
    said, approval = why.strip(), None
    if isinstance(record, Person):
        if queries.reason_wanted(db, record, what):
            said = rules.must_be_said(why, "why", "查看用途")
        approval = must_be_allowed(db, actor, record)
    name = getattr(record, "name", None) or getattr(record, "host_name", None) or record_id
    with db.transaction(actor, f"查看完整{what}：{cls.__zh__} {name}", _with_approval(said, approval)) as tx:
        tx.keep()


def must_be_allowed(db: Database, actor: Actor, person: Person) -> Approval | None:
    """The approval in force for a person under age, None for who needs none; NeedsApprovalError where it is missing."""
    if not rules.is_minor(person.birth, db.clock.today(), policy_of(db)):
        return None
    found = queries.in_force(db, actor, rules.LOOK_MINOR, person.id)
    if found is None:
        raise NeedsApprovalError(
            "这位居民未满 18 周岁，查看或导出完整信息要先经负责人审批（未成年人网络保护条例），没有显示。",
            kind=rules.LOOK_MINOR,
            person_id=person.id,
            next_step="请申请审批：居民页的“申请查看”，或 linli approval ask。",
        )
    return found


def _with_approval(why: str, approval: Approval | None) -> str:
    if approval is None:
        return why
    return f"{why}（审批：{approval.decided_name}，有效期至 {approval.valid_until}）"
