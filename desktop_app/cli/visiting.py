"""visit: record a visit, who is due, what was done, the route to print."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.cli.taking import take_in
from desktop_app.papers import actions as papers
from desktop_app.printing import spooler
from desktop_app.printing.form import Choice
from desktop_app.printing.forms import form
from desktop_app.printing.preview import page_count
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.residents.model import Person
from desktop_app.residents.queries import household_of
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.visits import actions, queries, sheet
from desktop_app.visits.model import Visit

_KINDS = {"resident": "person_id", "household": "household_id", "room": "room_id"}
"""Kinds of record a visit can be made to, and the column that names them."""


def record(session: Session) -> None:
    """`linli visit record KIND ID …`: keeps a visit."""
    told = session.arguments
    with session.app() as app:
        target = resolve(app, told.kind, told.id)
        visit = Visit(
            on=typed_day(told.on, app.clock.today().isoformat()),
            mode=told.mode,
            result=told.result,
            workers=told.workers,
            purpose=told.purpose or None,
            findings=told.findings or None,
            opinions="\n".join(told.opinion or ()) or None,
            goods=told.goods or None,
            next_due_on=typed_day(told.next) or None,
        )
        setattr(visit, _KINDS[told.kind], target.id)
        kept = actions.record(app.db, app.actor, visit)
        today = app.clock.today().isoformat()
        home = kept.visit.household_id
        due = queries.due_of(app.db, home, today) if home else None
    words = [f"已登记 {visit.on} 的走访（{visit.mode}，{visit.result}），走访人 {visit.workers}。", *kept.doubts]
    if due:
        words.append(f"下次走访：{due.due_on}")
    value = {"id": visit.id, "on": visit.on, "household_id": home, "doubts": list(kept.doubts)}
    session.out.result({**value, "due_on": due.due_on if due else None}, words)


def correct(session: Session) -> None:
    """`linli visit correct ID …`: changes what is named and nothing else; an empty word empties a field."""
    told = session.arguments
    texts = {"mode": told.mode, "result": told.result, "workers": told.workers, "on": typed_day(told.on or "") or None}
    emptied = {"purpose": told.purpose, "findings": told.findings, "goods": told.goods}
    if told.opinion is not None:
        emptied["opinions"] = "\n".join(told.opinion)
    if told.next is not None:
        emptied["next_due_on"] = typed_day(told.next)
    changes = {name: word for name, word in texts.items() if word is not None}
    changes |= {name: word or None for name, word in emptied.items() if word is not None}
    if not changes:
        raise UsageError("没有写要改什么，什么也没有改。", next_step="例如加上 --findings 身体还好。")
    with session.app() as app:
        visit = actions.correct(app.db, app.actor, told.id, told.why, **changes)
    words = f"已修改 {visit.on} 的走访（{visit.mode}，{visit.result}），走访人 {visit.workers}。"
    session.out.result({"id": visit.id, "on": visit.on, "changed": sorted(changes)}, words)


def withdraw(session: Session) -> None:
    """`linli visit withdraw ID --why …`: takes back what was recorded by mistake."""
    told = session.arguments
    with session.app() as app:
        actions.withdraw(app.db, app.actor, told.id, told.why)
    session.out.result({"id": told.id}, "已撤销这次走访，照片和附件一起撤销。要找回请运行 linli undo。")


def due_list(session: Session) -> None:
    """`linli visit due`: whom to visit, the longest waiting first."""
    told = session.arguments
    with session.app() as app:
        on = app.clock.today().isoformat()
        lines = queries.due(app.db, on, days_ahead=told.days, general=told.general, most=told.limit)
        counts = queries.due_counts(app.db, on)
        if told.output:
            export = Export("该走访的户", sheet.DUE, len(lines), told.to, told.purpose)
            give_out(app.db, app.actor, export, told.output, lambda draft: sheet.write_due(draft, lines))
    rows = [
        (line.name, line.address, "、".join(line.tags), line.last_on or "从未走访", line.due_on, _over(line))
        for line in lines
    ]
    headers = ("户主", "住址", "关怀", "上次走访", "应走访", "")
    words = table(headers, rows) if rows else ["没有到期的走访。"]
    listed = "、".join(f"{tag} {count}" for tag, count in counts.by_tag)
    words.append(f"今天该走访 {counts.homes} 户（从未走访 {counts.never} 户）{'：' + listed if listed else ''}")
    if told.output:
        words.append(f"已保存到 {told.output}")
    session.out.result({"due": [asdict(line) for line in lines], "counts": asdict(counts)}, words)


def _over(line: queries.DueLine) -> str:
    if line.last_on is None:
        return ""
    return f"逾期 {line.days_over} 天" if line.days_over > 0 else "今天" if not line.days_over else ""


def list_visits(session: Session) -> None:
    """`linli visit list`: visits, and the figures of a month."""
    told = session.arguments
    with session.app() as app:
        month = told.month or app.clock.today().isoformat()[:7]
        lines = queries.visits(
            app.db, from_on=f"{month}-01", to_on=f"{month}-31", worker=told.worker or None, most=told.limit
        )
        figures = queries.month_figures(app.db, month)
        if told.output:
            export = Export(f"走访记录（{month}）", sheet.VISITS, len(lines), told.to, told.purpose)
            give_out(app.db, app.actor, export, told.output, lambda draft: sheet.write_visits(draft, lines))
    rows = [
        (line.on, line.name, line.address, line.mode, line.result, line.workers, line.purpose, line.id)
        for line in lines
    ]
    words = table(("日期", "对象", "住址", "方式", "结果", "走访人", "事由", "编号"), rows) if rows else []
    rate = figures.opinions_per_worker_day
    words.append(
        f"{month}：走访 {figures.visits} 次，见到 {figures.households} 户，意见 {figures.opinions} 条，"
        f"出勤 {figures.worker_days} 人日" + (f"，每人日 {rate} 条。" if rate is not None else "。")
    )
    if told.output:
        words.append(f"已保存到 {told.output}")
    value = {
        "visits": [asdict(line) for line in lines],
        "figures": {**asdict(figures), "opinions_per_worker_day": rate},
    }
    session.out.result(value, words)


def route(session: Session) -> None:
    """`linli visit route [KIND ID …] -o FILE`: the route sheet; of those who are due where nobody is named."""
    told = session.arguments
    with session.app() as app:
        on = app.clock.today().isoformat()
        subjects = [_subject(app, word) for word in told.subjects] or [
            line.id for line in queries.due(app.db, on, most=told.limit)
        ]
        if not subjects:
            raise AppError("没有到期的走访，没有打印路线单。", next_step="可以写上楼栋、户或居民。")
        pages = print_form(app, "visit_route", subjects, told.output)
    session.out.result(
        {"file": told.output, "subjects": subjects, "pages": pages}, f"已保存到 {told.output}，{pages} 页"
    )


def _subject(app: App, word: str) -> str:
    """An identifier as it is; other words mean a resident, whose home is meant."""
    if len(word) == len(app.actor.id):
        return word
    person = resolve(app, "resident", word)
    home = household_of(app.db, person.id) if isinstance(person, Person) else None
    return home.id if home else person.id


def print_form(app: App, name: str, subjects: Sequence[str], target: str) -> int:
    """A paper into a file, noted in the print log before it comes out; returns its pages."""
    chosen = form(name)
    pdf = chosen.draw(chosen.collect(app, subjects), Choice(footer=footer(app)))
    pages = page_count(pdf)
    job = papers.record_print(
        app.db,
        app.actor,
        name,
        chosen.subject,
        None,
        chosen.title,
        pdf_bytes=pdf,
        pages=pages,
        target=target,
        count=len(subjects),
    )
    try:
        spooler.save(pdf, Path(target))
    except AppError:
        papers.mark_failed(app.db, app.actor, job.id)
        raise
    return pages


def footer(app: App) -> str:
    """The small line at the foot of working papers."""
    return f"打印时间 {app.clock.now():%Y-%m-%d %H:%M}　打印人 {app.actor.name}"


def import_visits(session: Session) -> None:
    """`linli visit import FILE`: visits of a workbook; rows that cannot be read are told and left out."""
    told: Any = session.arguments
    with session.app() as app:
        found = sheet.read_visits(app.db, Path(told.file))

        def keep() -> list[str]:
            kept = actions.record_all(app.db, app.actor, found.visits)
            return [doubt for one in kept for doubt in one.doubts]

        take_in(session, found.visits, found.problems, ("visits", "登记", "次走访"), keep)
