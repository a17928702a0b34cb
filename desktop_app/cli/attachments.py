"""attach, attachments: photographs, scans and files of a record, and the queue they travel in."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.app import App
from desktop_app.attachments import actions, queries, rules
from desktop_app.attachments.keeping import rate
from desktop_app.attachments.model import Attachment
from desktop_app.attachments.queries import Queue, Shown
from desktop_app.cli.output import table
from desktop_app.cli.reading import KINDS, resolve
from desktop_app.cli.session import Session
from desktop_app.privacy.exporting import give_attachment
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.sync.blobs import BlobProgress, exchange, words_of

OWNERS = KINDS | {
    "visit": "visit",
    "appeal": "appeal",
    "order": "service_order",
    "wish": "wish",
    "matter": "matter",
}
"""Which records take files, by the words of the command line."""


def attach(session: Session) -> None:
    """`linli attach KIND ID FILE …`: attaches files to a record."""
    told = session.arguments
    made: list[Attachment] = []
    refused: list[tuple[str, AppError]] = []
    with session.app() as app:
        record = resolve(app, told.kind, told.id, OWNERS)
        for name in told.files:
            path, owner = Path(name), str(record.__tablename__)
            try:
                made.append(actions.attach(app.db, app.actor, owner, record.id, path, told.title, told.type or ""))
            except AppError as error:  # the others are added all the same
                refused.append((path.name, error))
    if made or not refused:
        session.out.result(
            [{"id": one.id, "title": one.title, "kind": one.kind, "size": one.size} for one in made],
            [f"已添加{rules.KINDS[one.kind]}“{one.title}”（{_size(one.size)}），编号 {one.id}" for one in made],
        )
    if refused:
        raise _not_added(refused, len(made))


def _not_added(refused: Sequence[tuple[str, AppError]], made: int) -> AppError:
    """Which files were not taken and why, in one; that of the only file as it is."""
    _, error = refused[0]
    if len(refused) == 1 and not made:
        return error
    words = [f"“{name}”：{one.message}" for name, one in refused]
    steps = dict.fromkeys(one.next_step for _, one in refused if one.next_step)
    return AppError("\n".join(words), field="path", next_step="\n".join(steps))


def attachments(session: Session) -> None:
    """`linli attachments [KIND ID]`: lists, saves, removes, or moves what waits."""
    told = session.arguments
    if told.kind and not told.id:
        raise UsageError("没有写是哪一条记录。", next_step="写成 linli attachments resident 编号，或两个都不写。")
    with session.app() as app:
        if told.sync:
            _move(session, app)
        elif told.save:
            _save(session, app, told.save, Path(told.to or "."), told.why)
        elif told.remove:
            _remove(session, app, told.remove, told.why)
        else:
            _list(session, app, _chosen(app, told.kind, told.id))


def _chosen(app: App, kind: str | None, record: str | None) -> list[Shown]:
    if not kind or not record:
        return queries.recent(app.db)
    found = resolve(app, kind, record, OWNERS)
    return queries.shown(app.db, str(found.__tablename__), found.id)


def _list(session: Session, app: App, shown: Sequence[Shown]) -> None:
    waiting = queries.queue(app.db)
    values = [
        {**{name: getattr(one.attachment, name) for name in _NAMES}, "where": one.where.name.lower()} for one in shown
    ]
    rows = [
        (
            one.attachment.title,
            rules.KINDS.get(one.attachment.kind, one.attachment.kind),
            _size(one.attachment.size),
            local_text(one.attachment.at),
            one.attachment.by_name,
            one.words,
            one.attachment.id,
        )
        for one in shown
    ]
    lines = table(("名称", "种类", "大小", "添加时间", "添加人", "内容", "编号"), rows) if rows else ["没有附件。"]
    session.out.result({"attachments": values, "queue": asdict(waiting)}, [*lines, *_queue_words(waiting)])


_MEGABYTES_FROM = 100_000
_NAMES = ("id", "owner_table", "owner_id", "title", "kind", "mime", "size", "sha256", "taken_on", "at", "by_name")


def _queue_words(waiting: Queue) -> list[str]:
    words = []
    if waiting.to_send:
        words.append(f"待上传 {waiting.to_send} 个（{_size(waiting.bytes_to_send)}）")
    if waiting.to_fetch:
        words.append(f"待下载 {waiting.to_fetch} 个（{_size(waiting.bytes_to_fetch)}）")
    if waiting.set_aside:
        words.append(f"没有传成 {waiting.set_aside} 个")
    return [f"{'，'.join(words)}。"] if words else []


def _one(app: App, attachment_id: str) -> Attachment:
    found = app.db.get(Attachment, attachment_id)
    if found is None:
        raise AppError(f"没有找到附件“{attachment_id}”。", next_step="用 linli attachments 可以列出编号。")
    return found


def _save(session: Session, app: App, attachment_id: str, folder: Path, why: str) -> None:
    found = _one(app, attachment_id)
    target = folder / rules.file_name(found.title, found.mime)
    if not folder.is_dir():
        raise AppError(f"没有文件夹“{folder}”，没有保存。", next_step="请先建好，或用 --to 换一个。")
    if target.exists():
        raise AppError(f"{target} 已经存在，没有覆盖它。", next_step="请用 --to 换一个文件夹。")
    if not _is_here(app, found):
        _fetch(session, app, found, why)
    try:
        give_attachment(app.db, app.actor, found, target, why)
    except AppError:
        if _is_here(app, found):  # something else stood in the way
            raise
        _fetch(session, app, found, why)  # what lay here was damaged or gone
        give_attachment(app.db, app.actor, found, target, why)
    session.out.result({"path": str(target), "size": found.size}, f"已保存：{target}")


def _state(app: App, found: Attachment) -> rules.BlobState | None:
    return queries.states_of(app.db, [found.sha256]).get(found.sha256)


def _is_here(app: App, found: Attachment) -> bool:
    state = _state(app, found)
    return state is not None and state.here


def _fetch(session: Session, app: App, found: Attachment, why: str) -> None:
    """Brings a content here; AppError that says why where it does not come."""
    actions.want(app.db, found, why)
    exchange(app.db, app.secrets, progress=lambda now: _tell(session, now))
    state = _state(app, found)
    if state is not None and state.problem and not state.here:
        raise AppError(state.problem, next_step="请再试一次；还是这样，请让添加它的电脑重新添加。")
    if rules.where(state) is rules.Where.WAITING:
        raise AppError(
            "服务器上还没有这个附件的内容，没有保存；要等添加它的电脑上传。",
            next_step="请让那台电脑联网同步，再存一次。",
        )


def _remove(session: Session, app: App, attachment_id: str, why: str) -> None:
    found = _one(app, attachment_id)
    actions.detach(app.db, app.actor, found.id, why)
    session.out.result({"id": found.id}, f"已移除“{found.title}”。用 linli undo 可以撤销。")


def _move(session: Session, app: App) -> None:
    told: Any = session.arguments
    actions.ask_again(app.db)
    report = exchange(
        app.db, app.secrets, rate_kib_s=told.rate or rate(app.db), progress=lambda now: _tell(session, now)
    )
    session.out.result(asdict(report), words_of(report) or _queue_words(queries.queue(app.db)) or "附件都已传完。")


def _tell(session: Session, now: BlobProgress) -> None:
    session.out.progress(now.moved, now.waiting, now.words)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= _MEGABYTES_FROM else f"{max(1, round(count / 1000))} KB"
