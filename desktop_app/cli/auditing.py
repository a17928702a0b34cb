"""audit: who saw, changed, printed, exported what; and whether anybody has been at the record of it."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from desktop_app.accounts.queries import AuditFilter, AuditLine, audit_lines
from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import UsageError
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store import audit_check
from desktop_app.store.audit_check import Verdict

HEADERS: Final = ("行号", "时间", "人员", "事项", "原因", "改动记录数", "已撤销（步骤号）", "链值")


def audit(session: Session) -> None:
    """`linli audit verify | list | export FILE.xlsx`."""
    with session.app() as app:
        _VERBS[session.arguments.verb](session, app)


def _verify(session: Session, app: App) -> None:
    """Exit code 1 when somebody has been at the trail."""
    verdict = audit_check.verify(
        app.db, lambda done, total: session.out.progress(done, total, "正在核对审计记录"), seal=app.seal
    )
    words = list(_words(verdict))
    session.out.result(asdict(verdict) | {"sound": verdict.sound, "words": words}, words)
    session.code = int(not verdict.sound)


def _words(verdict: Verdict) -> Iterator[str]:
    if verdict.sound:
        yield f"✓ 审计记录完整：第 {verdict.first}-{verdict.last} 行共 {verdict.lines} 行，没有发现改动。"
    else:
        yield f"✗ 审计记录有 {len(verdict.faults)} 处不对，请保护现场并报告负责人："
        yield from (f"    · {fault.words}" for fault in verdict.faults)
    if verdict.anchors:
        yield f"  与 {verdict.anchors} 次留证核对过（留证同步到其他电脑和服务器）。"
    else:
        yield "  还没有留证：同步或隔天备份时自动留证。"
    if verdict.sealed:
        when = local_text(verdict.sealed.at)
        yield f"  与封存在钥匙里的链头核对过（第 {verdict.sealed.no} 行，{when}）；之后的行只由链值和留证保护。"
    for head in verdict.left_behind:
        yield f"  {local_text(head.at)} 封存过的第 {head.no} 行不在这份数据里：之后从备份恢复或修复过。"
    if verdict.unchained:
        yield f"  更早的 {verdict.unchained} 行是旧版程序记的，没有链值，不能核对。"
    for one in verdict.redactions:
        when = local_text(one.at, "%Y-%m-%d")
        yield f"  有 {one.count} 行在 {when} 依法清除了个人内容（第 {one.by} 行“{one.what}”），不是篡改。"
    for first, last in verdict.lost:
        yield f"  第 {first}-{last} 行在修复损坏的数据时已无法读出，修复时有记录。"
    if verdict.before_fork:
        yield f"  另有 {verdict.before_fork} 次留证属于从备份恢复（或复制）之前的记录。"
    if verdict.backwards:
        yield f"  有 {verdict.backwards} 行的时间早于上一行：电脑的时钟曾被调回。"


def _list(session: Session, app: App) -> None:
    lines = list(audit_lines(app.db, _chosen(session), session.arguments.limit))
    rows = [(line.no, local_text(line.at), line.who, line.what, line.why, line.changes) for line in lines]
    words = table(HEADERS[:6], rows) if rows else ["没有符合条件的审计记录。"]
    session.out.result([asdict(line) for line in lines], words)


def _export(session: Session, app: App) -> None:
    """The export is a line of the trail itself, before the file exists."""
    told = session.arguments.file
    if not told or Path(told).suffix.lower() != ".xlsx":
        raise UsageError(
            "没有写导出到哪个 .xlsx 文件，什么也没有导出。", next_step="写成 linli audit export 审计.xlsx。"
        )
    lines = list(audit_lines(app.db, _chosen(session)))
    title = f"{app.community.name}审计记录"
    sheet = SheetOut("审计记录", HEADERS, map(_row, lines), title=title, widths=_WIDTHS)
    export = Export("审计记录", HEADERS, len(lines))
    path = Path(told)
    give_out(app.db, app.actor, export, path, lambda draft: write(draft, [sheet]))
    session.out.result({"file": str(path), "rows": len(lines)}, f"已导出 {len(lines)} 行审计记录到 {path}。")


_WIDTHS: Final = (8, 20, 12, 40, 30, 12, 16, 68)
_VERBS: Final = {"verify": _verify, "list": _list, "export": _export}


def _row(line: AuditLine) -> tuple[object, ...]:
    at = local_text(line.at, "%Y-%m-%d %H:%M:%S")
    return (line.no, at, line.who, line.what, line.why, line.changes, line.undone_by, line.chain)


def _chosen(session: Session) -> AuditFilter:
    told = session.arguments
    since, until = _day(told.since, "since"), _day(told.until, "until")
    return AuditFilter(
        None if since is None else _ms(since),
        None if until is None else _ms(until + timedelta(days=1)),
        told.who,
        told.what,
    )


def _day(text: str | None, field: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"“{text}”不是日期，什么也没有做。", field=field, next_step="写成 2026-01-01 这样的日期。"
        ) from None


def _ms(day: date) -> int:
    """The beginning of a day at this desk, in UTC ms."""
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000)
