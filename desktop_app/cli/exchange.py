"""enrol, trust, sync, conflicts, refused: this desk and the central server."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Final

from desktop_app.accounts.rights import demand
from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.store.database import Database
from desktop_app.sync import blobs, schedule, state
from desktop_app.sync import conflicts as inbox
from desktop_app.sync import enrol as enrolment
from desktop_app.sync import refused as refusals
from desktop_app.sync.conflicts import OpenConflict, Side
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.engine import Progress, sync_now
from desktop_app.sync.status import status
from desktop_app.sync.trust import Trust, pinned_to, seen_fingerprint, spelled
from desktop_app.sync.waiting import wait_for_change
from desktop_app.sync.wording import record_name, table_name, value_words

NAP_S: Final = 1.0


def enrol(session: Session) -> None:
    """`linli enrol URL CODE`: makes this desk known to a server."""
    told = session.arguments
    with session.app() as app:
        name = told.name or app.actor.name
        identity = enrolment.enrol(
            app.db,
            app.secrets,
            server_url=told.server,
            code=told.code,
            name=name,
            trust=_trust(session),
            insecure_http=told.insecure_http,
        )
        seen = seen_fingerprint(state.read(app.db).server_url or "")
    value = {
        "device": identity.device,
        "scope": identity.scope,
        "unit": identity.unit,
        "kind": identity.kind,
        "fingerprint": seen,
    }
    lines = [f"已接入{identity.unit}，本机是第 {identity.ordinal} 台。接着运行 linli sync 上报已有的数据。"]
    session.out.result(value, [*lines, f"服务器证书指纹：{spelled(seen)}"] if seen else lines)


def _trust(session: Session) -> Trust:
    told = session.arguments
    return pinned_to(Path(told.ca) if told.ca else None, told.fingerprint)


def trust(session: Session) -> None:
    """`linli trust`: which certificate the server has to show, and another one from now on."""
    told = session.arguments
    with session.app() as app:
        now = state.read(app.db)
        if told.ca or told.fingerprint or told.system:
            enrolment.trust_anew(app.db, _trust(session))
        pinned = Trust.stored(state.read(app.db).trust)
        seen = seen_fingerprint(now.server_url or "")
    kind = "指纹" if pinned.fingerprint else "签发机构" if pinned.ca else "系统"
    value = {"trust": kind, "pinned": pinned.fingerprint, "seen": seen}
    words = [f"信任：{kind}{'（' + spelled(pinned.fingerprint) + '）' if pinned.fingerprint else ''}"]
    session.out.result(value, [*words, f"服务器现在出示的证书指纹：{spelled(seen) or '（没有）'}"])


def sync(session: Session) -> None:
    """`linli sync`: one sync; with `--watch`, one after the other until somebody stops it."""
    with session.app() as app:
        if not status(app.db).enrolled:
            raise AppError("这台电脑还没有接入服务器，数据都在本机。", next_step="请用 linli enrol 网址 接入码。")
        if session.arguments.new_key:
            demand(app.db, app.actor, "sync.enrol")
        report = _once(session, app)
        if session.arguments.new_key:
            enrolment.rotate(app.db, app.secrets)
            report.problems.append("已换新密钥。")
        moved = _contents(session, app)
        while session.arguments.watch:
            session.out.say(_words(report)[0])
            _wait(app)
            report = _attempt(session, app) or report
            moved = _contents(session, app)
    session.out.result({**asdict(report), "attachments": asdict(moved)}, [*_words(report), *blobs.words_of(moved)])


def _once(session: Session, app: App) -> SyncReport:
    told = session.arguments
    return sync_now(
        app.db,
        app.secrets,
        progress=_teller(session),
        recount=told.recount,
        deep=told.deep,
        accept_deletions=told.accept_deletions,
    )


def _attempt(session: Session, app: App) -> SyncReport | None:
    """A sync that may fail: the next one comes anyway."""
    try:
        return sync_now(app.db, app.secrets, progress=_teller(session))
    except NetworkError as error:
        session.out.error(error)
        return None


def _contents(session: Session, app: App) -> blobs.BlobReport:
    """For a while, contents of attachments; what is not done by then goes on after the next sync."""

    def tell(now: blobs.BlobProgress) -> None:
        session.out.progress(now.moved, now.waiting, now.words)

    return blobs.exchange_quietly(app.db, app.secrets, seconds=session.arguments.attachments, progress=tell)


def _wait(app: App) -> None:
    """Until it is time, or until there is news; the server's request for a pause is kept."""
    until = schedule.next_at(schedule.standing(app.db), Random()) or 0  # noqa: S311 - spreads desks, guards nothing
    paused = status(app.db).pause_until
    while (now := app.clock.ms()) < until:
        if now < paused or status(app.db).error:
            time.sleep(min(NAP_S, (until - now) / 1000))
            continue
        try:
            if wait_for_change(app.db, app.secrets, (until - now) / 1000):
                return
        except AppError:
            time.sleep(NAP_S)


def _teller(session: Session) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        done, total = progress.pushed + progress.pulled, progress.to_push + progress.to_pull
        session.out.progress(done, done + total, "正在同步")

    return tell


def _words(report: SyncReport) -> list[str]:
    lines = [f"同步完成：上报 {report.pushed} 条，收到 {report.pulled} 条，待确认 {report.conflicts} 条。"]
    if report.fetched or report.dropped:
        lines.append(f"核对修复：重新收取 {report.fetched} 条，去掉 {report.dropped} 条。")
    return [*lines, *report.problems]


def refused(session: Session) -> None:
    """`linli refused`: changes the server did not take, and why; what was written is not shown here."""
    with session.app() as app:
        found = [(one, record_name(app.db, *one.about)) for one in refusals.listed(app.db)]
    rows = [(table_name(one.table), name, one.words, local_text(one.at), one.record_id) for one, name in found]
    words = table(("类别", "记录", "原因", "时间", "编号"), rows) if rows else "没有被服务器拒绝的修改。"
    value = [
        {"table": one.table, "id": one.record_id, "code": one.code, "at": one.at, "fields": sorted(one.values)}
        for one, _ in found
    ]
    session.out.result(value, words)


def _readable(db: Database, one: OpenConflict) -> OpenConflict:
    """The same with values of several fields in the words of the form, numbers masked; and who took a step."""

    def side(told: Side) -> Side:
        if not isinstance(told.value, dict):
            return told
        return replace(told, value=value_words(db, one.table, "", told.value).shown, by=told.by or _by_name(told))

    base = value_words(db, one.table, "", one.base).shown if isinstance(one.base, dict) else one.base
    return replace(one, shown=side(one.shown), other=side(one.other), base=base)


def _by_name(told: Side) -> str:
    """Who took a step, as the step itself says."""
    return str(told.value.get("by_name") or "") if isinstance(told.value, dict) else ""


def _side_words(db: Database, one: OpenConflict, at: int) -> str:
    """A value in a line, as the form says it; of a clash about a whole record what was done with it."""
    value = (one.shown, one.other)[at].value
    if value is None and not one.field:
        return one.meaning.sides[at]
    return value if isinstance(value, str) and not one.field else value_words(db, one.table, one.field, value).shown


def conflicts(session: Session) -> None:
    """`linli conflicts`: what two desks wrote into one field, numbers masked."""
    with session.app() as app:
        found = [_readable(app.db, inbox.masked(one)) for one in inbox.open_conflicts(app.db)]
        rows = [
            (
                one.record_name,
                one.field_zh or one.meaning.title,
                _side_words(app.db, one, 0),
                _side_words(app.db, one, 1),
                one.other.by,
                local_text(one.other.at) if one.other.at else "",
                one.id,
            )
            for one in found
        ]
    headers = ("记录", "字段", "现在的值", "另一个值", "录入人", "时间", "编号")
    words = table(headers, rows) if rows else "没有待确认的冲突。"
    session.out.result([asdict(one) for one in found], words)
