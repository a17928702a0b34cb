"""个人信息申请: taken in, the identity checked, decided, answered; within a term, each step once and in its order."""

from datetime import date
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import demand, needs
from desktop_app.privacy import rules
from desktop_app.privacy.model import SubjectRequest
from desktop_app.privacy.policy import policy_of
from desktop_app.profiles.desk import next_number
from desktop_app.residents.model import Person
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone, must_be_past
from desktop_app.shared.workdays import workdays
from desktop_app.store.database import Database, Transaction

_CHOICES: Final = (
    ("kind", "类型", rules.KINDS),
    ("relation", "与本人关系", rules.RELATIONS),
    ("channel", "提出方式", rules.CHANNELS),
)


@needs("privacy.change")
def receive(db: Database, actor: Actor, request: SubjectRequest) -> SubjectRequest:
    """Takes a request in, gives it a number and works out until when it has to be answered."""
    _complete(db, request)
    with db.transaction(actor, f"登记个人信息申请：{request.kind}") as tx:
        person = tx.need(Person, request.person_id)
        minor = rules.is_minor(person.birth, db.clock.today(), policy_of(db))
        rules.may_ask(request.relation, deceased=bool(person.deceased_on), minor=minor)
        request.no = _number(tx)
        return tx.add(request)


def _complete(db: Database, request: SubjectRequest) -> None:
    if not request.person_id:
        raise AppError("没有说是哪位居民，没有登记。", field="person_id", next_step="请选择居民。")
    if not request.applicant.strip():
        raise AppError("申请人还没有填写，没有登记。", field="applicant", next_step="请写申请人的姓名。")
    for field, zh, words in _CHOICES:
        if getattr(request, field) not in words:
            raise AppError(
                f"没有“{getattr(request, field)}”这种{zh}。", field=field, next_step=f"可以是：{'、'.join(words)}。"
            )
    must_be_past(db.clock.today(), request.received_on, "收到日期", "received_on")
    request.applicant = request.applicant.strip()
    request.phone = kept_phone(request.phone, zh="联系电话")
    request.due_on = due(db, request.received_on)


def due(db: Database, received_on: str) -> str:
    """The last day for an answer, in working days after the day it came in."""
    days = policy_of(db).due_workdays
    return workdays(db.path.parent).add(date.fromisoformat(received_on), days).isoformat()


def _number(tx: Transaction) -> str:
    if number := next_number(tx, "request", ("subject_request", "no")):
        return number
    year = tx.db.clock.today().year
    return f"{policy_of(tx.db).number}{year}-{tx.take_number(f'request-{year}'):03d}"


@needs("privacy.change")
def check_identity(db: Database, actor: Actor, request_id: str, how: str, on: str = "") -> SubjectRequest:
    """Keeps how it was made sure that the applicant is who he says, and may ask; no copy of a card is kept."""
    day = on or db.clock.today().isoformat()
    must_be_date(day, "核验日期", "identity_on")
    said = rules.must_be_said(how, "identity_how", "核验方式")
    return _step(db, actor, request_id, "核验申请人身份", rules.RECEIVED, identity_how=said, identity_on=day)


@needs("privacy.approve")
def decide(db: Database, actor: Actor, request_id: str, decision: str, why: str = "") -> SubjectRequest:
    """Grants or refuses; whoever is refused, in part too, is told why (PIPL art. 50)."""
    if decision not in rules.DECISIONS:
        raise AppError(
            f"没有“{decision}”这种决定。", field="decision", next_step=f"可以是：{'、'.join(rules.DECISIONS)}。"
        )
    said = why.strip() if decision == rules.YES else rules.must_be_said(why, "why", "不同意的理由")
    found = _found(db, request_id)
    if decision != rules.NO and not found.identity_on:
        raise AppError("申请人身份还没有核验，不能同意。", field="identity_how", next_step="请先核验身份。")
    return _step(
        db, actor, request_id, f"决定个人信息申请：{decision}", rules.state_of(found), decision=decision,
        why=said or None, decided_on=db.clock.today().isoformat(), decided_name=actor.name,
    )  # fmt: skip


@needs("privacy.change")
def answer(db: Database, actor: Actor, request_id: str, how: str, on: str = "") -> SubjectRequest:
    """Keeps that the answer was given; what was answered cannot be taken back."""
    if how not in rules.ANSWERS:
        raise AppError(
            f"没有“{how}”这种答复方式。", field="answered_how", next_step=f"可以是：{'、'.join(rules.ANSWERS)}。"
        )
    day = on or db.clock.today().isoformat()
    must_be_date(day, "答复日期", "answered_on")
    return _step(db, actor, request_id, "答复个人信息申请", rules.DECIDED, answered_on=day, answered_how=how)


def _found(db: Database, request_id: str) -> SubjectRequest:
    found = db.get(SubjectRequest, request_id)
    if found is None:
        raise AppError("这件申请已经不在了。", next_step="请刷新列表。")
    return found


def _step(db: Database, actor: Actor, request_id: str, what: str, expected: str, **changes: Any) -> SubjectRequest:
    """One step, if the request still stands where it is expected to: somebody else may have been faster."""
    with db.transaction(actor, what) as tx:
        state = rules.state_of(tx.need(SubjectRequest, request_id))
        if state != expected:
            raise AppError(
                f"这件申请现在是“{state}”，不能{what.partition('：')[0]}，没有改动。", next_step="请刷新后再办。"
            )
        return tx.change(SubjectRequest, request_id, **changes)


def may_see_copy(db: Database, actor: Actor, request: SubjectRequest) -> Person:
    """Whose copy may be given out for a request; AppError before it was granted and the identity checked."""
    demand(db, actor, "privacy.export")
    if request.kind not in (rules.SEE, rules.COPY) or request.decision not in (rules.YES, "部分同意"):
        raise AppError(
            "只有同意了的查阅、复制申请才能打印个人信息档案，没有打印。", next_step="请先核验身份并作出决定。"
        )
    person = db.get(Person, request.person_id)
    if person is None:
        raise AppError("这位居民的资料已经不在了，没有打印。", next_step="请打印答复书，说明没有相关信息。")
    return person
