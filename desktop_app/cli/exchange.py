"""enrol, sync, conflicts: this desk and the central server."""

from dataclasses import asdict

from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts as inbox
from desktop_app.sync.engine import Progress, sync_now
from desktop_app.sync.enrol import enrol as enrol_desk
from desktop_app.sync.status import status


def enrol(session: Session) -> None:
    """`linli enrol URL CODE`: makes this desk known to a server."""
    told = session.arguments
    with session.app() as app:
        name = told.name or app.actor.name
        identity = enrol_desk(app.db, app.secrets, server_url=told.server, code=told.code, name=name)
    value = {"device": identity.device, "scope": identity.scope, "unit": identity.unit}
    session.out.result(
        value, f"已接入{identity.unit}，本机是第 {identity.ordinal} 台。接着运行 linli sync 上报已有的数据。"
    )


def sync(session: Session) -> None:
    """`linli sync`: one sync."""

    def tell(progress: Progress) -> None:
        done, total = progress.pushed + progress.pulled, progress.to_push + progress.to_pull
        session.out.progress(done, done + total, "正在同步")

    with session.app() as app:
        if not status(app.db).enrolled:
            raise AppError("这台电脑还没有接入服务器，数据都在本机。", next_step="请用 linli enrol 网址 接入码。")
        report = sync_now(app.db, app.secrets, progress=tell)
    lines = [
        f"同步完成：上报 {report.pushed} 条，收到 {report.pulled} 条，待确认 {report.conflicts} 条。",
        *report.problems,
    ]
    session.out.result(asdict(report), lines)


def conflicts(session: Session) -> None:
    """`linli conflicts`: what two desks wrote into one field, numbers masked."""
    with session.app() as app:
        found = [inbox.masked(one) for one in inbox.open_conflicts(app.db)]
    rows = [
        (
            one.record_name,
            one.field_zh,
            one.shown.value,
            one.other.value,
            one.other.by,
            local_text(one.other.at),
            one.id,
        )
        for one in found
    ]
    headers = ("记录", "字段", "现在的值", "另一个值", "录入人", "时间", "编号")
    words = table(headers, rows) if rows else "没有待确认的冲突。"
    session.out.result([asdict(one) for one in found], words)
