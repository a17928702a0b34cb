"""appeal: what residents brought up, taken in, acted on, listed, counted and exported."""

import sys
from dataclasses import asdict

from desktop_app.accounts.rights import demand
from desktop_app.appeals import actions, intake, lists, queries, sheet
from desktop_app.appeals.counting import sentence as in_words
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.queries import AppealFilter, AppealLine
from desktop_app.cli.naming import one_of, there, workbook
from desktop_app.cli.output import events, table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.shared.errors import UsageError
from desktop_app.sync import units


def add(session: Session) -> None:
    """`linli appeal add TITLE …`: takes one in."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person).id if told.person else ""
        new = intake.blank(
            app.db,
            title=told.title,
            text=told.text,
            person_id=person,
            reporter_name=told.name,
            reporter_phone=told.phone,
            place=told.place,
            channel=told.channel,
            kind=told.kind,
            klass=getattr(told, "class"),
            urgency=told.urgency,
            received_on=typed_day(told.received),
            promised_on=typed_day(told.promised),
            ladder=told.ladder,
            anonymous=int(told.anonymous),
        )
        appeal = intake.register(app.db, app.actor, new, accept=told.accept)
    words = f"已登记诉求 {appeal.no or ''}：{appeal.title}"
    session.out.result({"id": appeal.id, "no": appeal.no}, [words, f"编号：{appeal.id}"])


def listed(session: Session) -> None:
    """`linli appeal list`: the latest first; with `--due` the most overdue first."""
    with session.app() as app:
        chosen = _filter(session)
        lines = queries.appeals(app.db, chosen, limit=session.arguments.limit)
        total = queries.count(app.db, chosen)
    if not lines:
        session.out.result([], "没有这样的诉求。")
        return
    rows = [(one.no, one.received_on, one.phase, one.step_name, _due(one), one.title, one.id) for one in lines]
    headers = ("编号", "接到日期", "状态", "层级", "期限", "事由", "记录")
    session.out.result([asdict(one) for one in lines], [*table(headers, rows), f"共 {total} 件"])


def _due(line: AppealLine) -> str:
    return f"{line.due_on} {line.due_what}{'（' + line.due + '）' if line.due else ''}".strip()


def show(session: Session) -> None:
    """`linli appeal show APPEAL`: its line of events, its clocks, what may be done next."""
    with session.app() as app:
        found = there(queries.detail(app.db, one_of(app, Appeal, session.arguments.appeal).id), "这件诉求")
    state = found.state
    words = [
        f"{found.appeal.no or ''}　{found.appeal.title}",
        f"{found.channel}　{found.kind}　{found.klass}　反映人：{found.reporter}　地点：{found.place}",
        f"状态：{state.phase}　层级：{found.step_name}　结果：{state.outcome}",
        *(f"{one.what}：{one.due_on}　{one.state}" for one in found.clocks),
        *(line for line in (found.person_note, found.remark) if line),
        *events(found.events, "to_whom", "how", "result", "text"),
        f"下一步：{'、'.join(found.allowed)}",
        f"编号：{found.appeal.id}",
    ]
    value = {
        "id": found.appeal.id,
        "no": found.appeal.no,
        "title": found.appeal.title,
        "phase": state.phase,
        "step": state.step,
        "outcome": state.outcome,
        "clocks": [asdict(one) for one in found.clocks],
        "events": [asdict(one) for one in found.events],
        "allowed": list(found.allowed),
    }
    session.out.result(value, words)


def act(session: Session) -> None:
    """`linli appeal act APPEAL DEED …`: one step of the way."""
    told = session.arguments
    with session.app() as app:
        appeal = one_of(app, Appeal, told.appeal)
        deed = Deed(
            told.deed,
            text=told.text,
            to_whom=told.to,
            on=typed_day(told.on),
            by_name=told.by,
            outcome=told.outcome,
            satisfaction=told.satisfaction,
            why_none=told.why_none,
            how=told.how,
            unit=units.called(app.db, told.unit).id if told.unit else None,
        )
        state = actions.act(app.db, app.actor, appeal.id, deed)
        found = there(queries.detail(app.db, appeal.id), "这件诉求")
    value = {"id": appeal.id, "phase": state.phase, "step": state.step, "outcome": state.outcome}
    words = f"已记下“{told.deed}”。现在：{state.phase}，{found.step_name}。下一步：{'、'.join(found.allowed)}"
    session.out.result(value, words)


def sentence(session: Session) -> None:
    """`linli appeal sentence`: what came in within a period and what became of it, checked, in one sentence."""
    told = session.arguments
    with session.app() as app:
        tally = queries.tally(app.db, typed_day(told.since), typed_day(told.until), typed_day(told.as_of))
        steps = queries.solved_by_step(app.db, typed_day(told.since), typed_day(told.until))
    words = in_words(tally)
    session.out.result({**asdict(tally), "sentence": words, "solved_by_step": steps}, words)


def export(session: Session) -> None:
    """`linli appeal export -o FILE.xlsx`: the register as a workbook, phones masked."""
    path = workbook(session.arguments.output, "诉求台账")
    with session.app() as app:
        demand(app.db, app.actor, "appeals.read")
        wanted = _numbers() if session.arguments.numbers else lists.numbers(app.db, _filter(session))
        told = session.arguments
        given = Export("诉求台账", sheet.HEADERS, len(wanted), told.to, told.purpose)
        said = session.out.progress
        give_out(app.db, app.actor, given, path, lambda draft: sheet.write_ledger(app.db, draft, wanted, said))
    session.out.result({"rows": len(wanted), "path": str(path)}, f"已导出 {len(wanted)} 件诉求到 {path}")


def _numbers() -> list[int]:
    """What the window shows, in its order, comes through standard input."""
    words = sys.stdin.read().split()
    if not all(word.isdecimal() for word in words):
        raise UsageError("要导出的诉求没有说清楚，什么也没有导出。", next_step="请在诉求页重新导出。")
    return [int(word) for word in words]


def _filter(session: Session) -> AppealFilter:
    told = session.arguments
    return AppealFilter(
        text=told.text,
        phase=told.phase,
        due=told.due,
        klass=told.klass,
        since=typed_day(told.since),
        until=typed_day(told.until),
    )
