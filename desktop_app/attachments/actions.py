"""What one may do with attachments.  The content is on the disk before the record that names it is committed."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app.accounts.rights import demand, demand_of_viewer, needs, reads
from desktop_app.attachments import keeping, metadata, pictures, rules
from desktop_app.attachments.model import Attachment
from desktop_app.shared.actor import NOBODY, Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.private import write
from desktop_app.store.base import record_classes
from desktop_app.store.content import Content, DamagedError
from desktop_app.store.database import Database, Transaction
from sync_protocol.blobs import MAX_SIZE

WAITED_FOR = 2
"""`blob.wanted` of a content a person waits for."""


@needs("attachments.change")
def attach(
    db: Database,
    actor: Actor,
    owner_table: str,
    owner_id: str,
    source: Path | bytes,
    title: str = "",
    kind: str = "",
    *,
    taken_on: str | None = None,
) -> Attachment:
    """Attaches a file, or the bytes of one, to a record.

    The type is told by the content, what a camera wrote into a photograph is taken out, a small picture is made.
    Without a title it is called as its file, without a kind as its type suggests.  AppError, and nothing is kept, for
    a file that is too big, of another type or damaged, for one that this record has already, and for a record that is
    gone.
    """
    made, data = _prepared(source, title, kind, taken_on, keeping.most(db))
    made.owner_table, made.owner_id = owner_table, owner_id
    made.at, made.by_name = db.clock.ms(), actor.name
    _check_owner(db.scalar, owner_table, owner_id)
    _check_new(db.scalar, made)
    Content(db).put(made.sha256, data)
    with db.transaction(actor, f"添加附件：{made.title}") as tx:
        _check_owner(tx.scalar, owner_table, owner_id)
        _check_new(tx.scalar, made)
        tx.execute(
            "INSERT INTO blob(sha256,size,here) VALUES(?,?,1) ON CONFLICT(sha256) DO UPDATE SET here=1,wanted=0,"
            "offset=0,tries=0,next_try=0,problem=NULL,unnamed_at=NULL",
            (made.sha256, made.size),
        )
        return tx.add(made)


def _prepared(
    source: Path | bytes, title: str, kind: str, taken_on: str | None, most: int = MAX_SIZE
) -> tuple[Attachment, bytes]:
    """A record that belongs to nothing yet, and the content as it is kept."""
    data = _read(source, most)
    mime = rules.mime_of(data)
    wanted = rules.check_kind(kind) if kind else rules.kind_of(mime)
    day = taken_on or metadata.taken_on(data, mime)
    data = metadata.without_metadata(data, mime)
    thumb = pictures.thumbnail(data, mime)
    name = title or (source.stem if isinstance(source, Path) else "")
    made = Attachment(
        owner_table="",
        owner_id="",
        title=rules.tidy_title(name) or rules.KINDS[wanted],
        kind=wanted,
        mime=mime,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        thumb=base64.b64encode(thumb).decode() if thumb else None,
        taken_on=day,
        at=0,
    )
    return made, data


def _read(source: Path | bytes, most: int) -> bytes:
    if isinstance(source, bytes):
        rules.check_size(len(source), most)
        return source
    try:
        rules.check_size(source.stat().st_size, most)
        data = source.read_bytes()
    except OSError as error:
        raise AppError(
            f"读不到文件“{source.name}”，没有添加。", field="path", next_step="请核对文件还在不在，U 盘请重新插好。"
        ) from error
    rules.check_size(len(data), most)
    return data


def _check_owner(scalar: Callable[..., Any], table: str, record_id: str) -> None:
    known = record_classes()
    if table not in known or table == Attachment.__tablename__:
        raise AppError("这类记录不能添加附件，没有添加。", next_step="请在居民、会议等记录上添加。")
    if not scalar(f"SELECT 1 FROM {table} WHERE id=? AND sync_del=0", (record_id,)):
        raise AppError(f"这条{known[table].__zh__}记录已经不在了，没有添加附件。", next_step="请刷新后再试。")
    whose = rules.PERSONAL.get(table)
    erased = "SELECT 1 FROM erasure e JOIN {0} t ON t.{1}=e.row_id WHERE e.tbl='person' AND {2} AND t.id=?"
    if whose and scalar(erased.format(table, whose, rules.ERASED), (record_id,)):
        raise AppError(
            f"这条{known[table].__zh__}的本人资料已经依申请清除，附件会随之清除，没有添加；原文件没有动。",
            next_step="不含个人信息的照片可以加在议题或会议记录上。",
        )


def _check_new(scalar: Callable[..., Any], made: Attachment) -> None:
    """A file dropped twice stands there once; on another record it may stand as well."""
    there = scalar(
        "SELECT title FROM attachment WHERE owner_table=? AND owner_id=? AND sha256=? AND sync_del=0",
        (made.owner_table, made.owner_id, made.sha256),
    )
    if there is not None:
        raise AppError(
            f"这个文件已经在这条记录上了，叫“{there}”，没有再添加一次。",
            field="path",
            next_step="要换名称，请改名；要加另一个文件，请重新选。",
        )


def _is_sealed(db: Database, attachment_id: str) -> bool:
    """Whether it hangs on somebody under seal, whatever a page that was opened before still says."""
    return bool(db.scalar("SELECT owner_table FROM attachment WHERE id=?", (attachment_id,)) == rules.SEALED)


def _must_be_said(why: str) -> str:
    if not why.strip():
        raise AppError(
            "这是封存的附件，理由没有填，什么也没有做。",
            field="why",
            next_step="请写明理由，如 linli attachments --save 编号 --why 近亲属申请；会记入审计记录。",
        )
    return why.strip()


@needs("attachments.change")
def detach(db: Database, actor: Actor, attachment_id: str, why: str = "") -> None:
    """Takes an attachment off its record.  Its content stays for 30 days, so that this can be taken back.

    One under a seal asks for the right to lift it, and a reason.
    """
    if _is_sealed(db, attachment_id):
        demand(db, actor, "privacy.erase")
        why = _must_be_said(why)
    with db.transaction(actor, "移除附件", why) as tx:
        tx.bury(Attachment, attachment_id)


def go_with(tx: Transaction, owner_table: str, owner_id: str) -> None:
    """The attachments of a record that is withdrawn go with it, and come back when that is taken back."""
    named = "SELECT id FROM attachment WHERE owner_table=? AND owner_id=? AND sync_del=0"
    for (attachment_id,) in tx.rows(named, (owner_table, owner_id)):
        tx.bury(Attachment, attachment_id)


@needs("attachments.change")
def rename(db: Database, actor: Actor, attachment_id: str, title: str, why: str = "") -> Attachment:
    """Gives an attachment another title; one under a seal asks as in `detach`."""
    if _is_sealed(db, attachment_id):
        demand(db, actor, "privacy.erase")
        why = _must_be_said(why)
    name = rules.tidy_title(title)
    if not name:
        raise AppError("名称没有填，没有保存。", field="title", next_step="请填写名称。")
    with db.transaction(actor, f"附件改名：{name}", why) as tx:
        return tx.change(Attachment, attachment_id, title=name)


@reads("attachments.read")
def content(db: Database, attachment: Attachment, why: str = "") -> bytes | None:
    """The content of an attachment; None where it is not on this computer.

    A file that is missing or damaged is asked of the server again.  One under a seal opens as the seal does: with the
    right, for a reason, with a line in the trail first.
    """
    if _is_sealed(db, attachment.id):
        demand_of_viewer(db, "privacy.open")
        with db.transaction(db.viewer or NOBODY, "打开封存的附件", _must_be_said(why)) as tx:
            tx.keep()
    try:
        data = Content(db).read(attachment.sha256)
    except DamagedError:
        Content(db).remove(attachment.sha256)
        data = None
    if data is None and db.scalar("SELECT here FROM blob WHERE sha256=?", (attachment.sha256,)):
        with db.applying("附件缺失") as tx:
            _lost(tx, attachment.sha256)
    return data


def _lost(tx: Transaction, sha256: str) -> None:
    tx.execute("UPDATE blob SET here=0,wanted=?,offset=0,next_try=0 WHERE sha256=?", (WAITED_FOR, sha256))
    tx.touched("attachment")


@reads("attachments.read")
def want(db: Database, attachment: Attachment, why: str = "") -> None:
    """Puts the content of an attachment first in the queue: a person waits for it.  One set aside is tried again.

    One under a seal asks as in `content`.
    """
    if _is_sealed(db, attachment.id):
        demand_of_viewer(db, "privacy.open")
        _must_be_said(why)
    if not rules.is_sound(attachment.size, attachment.sha256, attachment.mime):
        raise AppError("这个附件的登记有误，下载不了。", next_step="请让添加它的人重新添加。")
    with db.applying("下载附件") as tx:
        tx.execute(
            "INSERT INTO blob(sha256,size,wanted) VALUES(?,?,?) ON CONFLICT(sha256) DO UPDATE SET "
            "wanted=CASE WHEN here THEN 0 ELSE excluded.wanted END,tries=0,next_try=0,problem=NULL,unnamed_at=NULL",
            (attachment.sha256, attachment.size, WAITED_FOR),
        )
        tx.touched("attachment")


@reads("attachments.read")
def ask_again(db: Database) -> None:
    """A person asks now: what was to be asked of the server later is asked at once.  What is set aside stays so."""
    if db.scalar("SELECT 1 FROM blob WHERE next_try>0 AND problem IS NULL"):
        with db.applying("传附件") as tx:
            tx.execute("UPDATE blob SET next_try=0 WHERE problem IS NULL")
            tx.touched("attachment")


@reads("attachments.read")
def save_as(db: Database, attachment: Attachment, target: Path, why: str = "") -> None:
    """Writes the content of an attachment to a file of the person's choice; AppError where it is not here."""
    was_here = db.scalar("SELECT here FROM blob WHERE sha256=?", (attachment.sha256,))
    data = content(db, attachment, why)
    if data is None and was_here:
        raise AppError(
            "本机的这份内容坏了或不见了，没有保存；附件的登记没有丢。",
            next_step="已排在最前，连上服务器重新下载后再另存。",
        )
    if data is None:
        raise AppError("这个附件还没有下载到本机，没有保存。", next_step="请先下载；要连上服务器。")
    try:
        write(target, data)
    except OSError as error:
        raise AppError(f"不能写入 {target}，没有保存。", next_step="请换一个文件夹，或检查磁盘空间。") from error
