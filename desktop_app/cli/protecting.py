"""exports, approval, retention: what left, who allowed what, what has been kept long enough."""

from dataclasses import asdict
from datetime import date, datetime

from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.privacy import actions, exporting, queries, retaining
from desktop_app.privacy.policy import ACTIONS
from desktop_app.privacy.queries import ExportFilter
from desktop_app.shared.clock import local_text
from desktop_app.shared.dates import iso_date
from desktop_app.shared.errors import UsageError
from desktop_app.sync import retiring


def exports(session: Session) -> None:
    """`linli exports [--since …] [--text …] [-o FILE.xlsx]`: the register of what was given out."""
    told = session.arguments
    with session.app() as app:
        until = _ms(told.until)
        chosen = ExportFilter(_ms(told.since), None if until is None else until + 86_400_000, told.text, told.full)
        lines = queries.exports(app.db, chosen, -1 if told.output else told.limit)
        if told.output:
            exporting.save_register(app.db, app.actor, told.output, lines)
    if told.output:
        session.out.result({"rows": len(lines), "path": told.output}, f"已导出 {len(lines)} 条登记到 {told.output}。")
        return
    rows = [
        (local_text(one.at), one.what, one.count, one.numbers, one.recipient, one.purpose,
         one.by_name, one.target) for one in lines
    ]  # fmt: skip
    headers = ("时间", "内容", "条数", "号码", "接收方", "用途", "经手人", "文件")
    session.out.result([asdict(one) for one in lines], table(headers, rows) if rows else ["没有导出登记。"])


def _ms(words: str) -> int | None:
    """The beginning of a day at this desk, in UTC ms."""
    if not words:
        return None
    found = iso_date(words)
    if not found or len(found) < 10:  # noqa: PLR2004 a whole ISO date
        raise UsageError(f"“{words}”不是日期，什么也没有做。", next_step="写成 2026-01-01 这样的日期。")
    day = date.fromisoformat(found)
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000)


# ------------------------------------------------------------------------------------------------------------ approvals


def ask_approval(session: Session) -> None:
    """`linli approval ask KIND --person … --why …`."""
    told = session.arguments
    with session.app() as app:
        person_id = resolve(app, "resident", told.person).id if told.person else None
        asked = actions.ask(app.db, app.actor, told.kind, told.why, person_id=person_id)
    session.out.result({"id": asked.id}, f"已申请“{asked.kind}”，编号 {asked.id}。请负责人审批：linli approval allow。")


def list_approvals(session: Session) -> None:
    """`linli approval list [--open]`."""
    with session.app() as app:
        lines = queries.approvals(app.db, open_only=session.arguments.open)
    rows = [
        (local_text(one.asked_at), one.kind, one.about, one.reason, one.asked_name, one.verdict or "待审批",
         one.decided_name, one.valid_until, one.id) for one in lines
    ]  # fmt: skip
    headers = ("申请时间", "事项", "居民", "理由", "申请人", "结论", "审批人", "有效期至", "编号")
    session.out.result([asdict(one) for one in lines], table(headers, rows) if rows else ["没有审批。"])


def allow(session: Session) -> None:
    """`linli approval allow ID [--until …]`."""
    _decide(session, allow_it=True)


def refuse(session: Session) -> None:
    """`linli approval refuse ID --why …`."""
    _decide(session, allow_it=False)


def _decide(session: Session, *, allow_it: bool) -> None:
    told = session.arguments
    until = typed_day(told.until)
    with session.app() as app:
        done = actions.decide(app.db, app.actor, told.id, allow=allow_it, why=told.why, valid_until=until)
    rest = f"，有效期至 {done.valid_until}" if done.valid_until else ""
    session.out.result({"id": done.id, "verdict": done.verdict}, f"已审批：{done.kind}，{done.verdict}{rest}。")


# ------------------------------------------------------------------------------------------------------------ retention


def list_expired(session: Session) -> None:
    """`linli retention list`: what has been kept long enough, class by class."""
    with session.app() as app:
        found = retaining.review(app.db)
    rows = [
        (one.code, one.keeping.name, f"{one.keeping.since}起 {one.keeping.after_years} 年", ACTIONS[one.keeping.action],
         len(one.lines), "已审批" if one.approval else "待审批" if one.asked else "") for one in found
    ]  # fmt: skip
    headers = ("代码", "类别", "保存期限", "到期后", "到期", "")
    value = [
        {"class": one.code, "count": len(one.lines), "lines": [asdict(line) for line in one.lines]} for one in found
    ]
    session.out.result(value, table(headers, rows))


def ask_expired(session: Session) -> None:
    """`linli retention ask CLASS`."""
    with session.app() as app:
        asked = retaining.ask(app.db, app.actor, session.arguments.klass)
    session.out.result({"id": asked.id}, f"已申请：{asked.reason}编号 {asked.id}。")


def run_expired(session: Session) -> None:
    """`linli retention run CLASS`: erases or seals what has expired, over its approval."""
    code = session.arguments.klass
    with session.app() as app:
        found, lines = retaining.must_be_approved(app.db, code)
        verb = ACTIONS[found.keeping.action]
        session.confirm(f"将{verb} {len(lines)} 条到期的{found.keeping.name}，不能撤销。")
        done = retiring.carry_out(app.db, app.actor, app.secrets, code)
    session.out.result({"count": done.count, "sealed": done.sealed}, done.words)
