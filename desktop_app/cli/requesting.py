"""request: what people ask about their own data, step by step."""

from dataclasses import asdict

from desktop_app.cli.naming import one_of
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.privacy import queries, requesting, rules
from desktop_app.privacy.model import SubjectRequest
from desktop_app.residents.model import Person
from desktop_app.shared.text import mask
from desktop_app.shared.workdays import workdays


def add(session: Session) -> None:
    """`linli request add KIND PERSON …`."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person)
        name = person.name if isinstance(person, Person) else ""
        on = typed_day(told.received, app.clock.today().isoformat())
        new = SubjectRequest(
            kind=told.kind,
            person_id=person.id,
            applicant=told.applicant or (name if told.relation == rules.SELF else ""),
            relation=told.relation,
            phone=told.phone or None,
            text=told.text,
            received_on=on,
            channel=told.channel,
        )
        made = requesting.receive(app.db, app.actor, new)
        remark = workdays(app.home).remark(app.clock.today())
    words = [f"已登记 {made.no}：{made.kind}，请在 {made.due_on} 前答复。", *([remark] if remark else [])]
    session.out.result({"id": made.id, "no": made.no, "due_on": made.due_on}, words)


def listed(session: Session) -> None:
    """`linli request list [--open]`."""
    with session.app() as app:
        lines = queries.requests(app.db, open_only=session.arguments.open)
    rows = [
        (one.no, one.kind, one.about, one.applicant, one.relation, one.received_on,
         f"{one.due_on}{'（逾期）' if one.overdue else ''}", one.state, one.decision) for one in lines
    ]  # fmt: skip
    headers = ("编号", "类型", "居民", "申请人", "关系", "收到", "答复期限", "状态", "决定")
    session.out.result([asdict(one) for one in lines], table(headers, rows) if rows else ["没有个人信息申请。"])


def show(session: Session) -> None:
    """`linli request show REQUEST`."""
    with session.app() as app:
        found = one_of(app, SubjectRequest, session.arguments.request)
    lines = [
        f"{column.info['zh']}：{mask(column.info['mask'], str(value)) if column.info.get('mask') else value}"
        for column in found.__table__.columns
        if column.info and not column.info.get("ref") and (value := getattr(found, column.name))
    ]
    state = rules.state_of(found)
    session.out.result({"id": found.id, "no": found.no, "state": state}, [*lines, f"状态：{state}"])


def check(session: Session) -> None:
    """`linli request check REQUEST --how …`."""
    with session.app() as app:
        found = one_of(app, SubjectRequest, session.arguments.request)
        done = requesting.check_identity(app.db, app.actor, found.id, session.arguments.how)
    _say(session, done)


def decide(session: Session) -> None:
    """`linli request decide REQUEST DECISION [--why …]`."""
    told = session.arguments
    with session.app() as app:
        done = requesting.decide(
            app.db, app.actor, one_of(app, SubjectRequest, told.request).id, told.decision, told.why
        )
    _say(session, done)


def answer(session: Session) -> None:
    """`linli request answer REQUEST [--how …]`."""
    with session.app() as app:
        found = one_of(app, SubjectRequest, session.arguments.request)
        done = requesting.answer(app.db, app.actor, found.id, session.arguments.how)
    _say(session, done)


def _say(session: Session, done: SubjectRequest) -> None:
    state = rules.state_of(done)
    papers = {rules.DECIDED: f"打印答复书：linli print request-answer {done.no}"}
    words = [f"{done.no} 现在是：{state}。", *([papers[state]] if papers.get(state) else [])]
    session.out.result({"id": done.id, "no": done.no, "state": state}, words)
