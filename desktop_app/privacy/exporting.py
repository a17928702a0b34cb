"""The one gate through which lists of people leave the program: no file is given out that is not in the register.

The file is made beside its place under a hidden name, hashed, noted in one transaction, and only then gets its name.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import demand, needs
from desktop_app.attachments import actions as attachments
from desktop_app.attachments.model import Attachment
from desktop_app.privacy import queries, rules, sheet
from desktop_app.privacy.actions import NeedsApprovalError
from desktop_app.privacy.model import Approval, ExportRecord
from desktop_app.privacy.policy import policy_of
from desktop_app.shared.errors import AppError
from desktop_app.shared.private import begin, unwritten
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction

INSIDE: Final = "本社区内部"
WORK: Final = "日常工作"


@dataclass(frozen=True, slots=True)
class Export:
    """What is to leave: a title, the labels of its columns, how many lines, to whom, what for.

    `masked`: numbers are hidden in it.  `minors`: how many people under age are in it with whole values.  `original`:
    it came from outside and goes as it came, so that nobody can say what is in it: rows of a workbook handed back to be
    corrected, an attachment.
    """

    what: str
    fields: Sequence[str]
    count: int
    recipient: str = ""
    purpose: str = ""
    masked: bool = True
    minors: int = 0
    original: bool = False


def give_out(
    db: Database, actor: Actor, told: Export, path: str | Path, make: Callable[[Path], object]
) -> ExportRecord:
    """Lets a file out: `make` writes it to the path it is given, which is not the final one.

    AppError, with no file, for whole values without right or purpose; NeedsApprovalError where an approval is missing,
    asked again in the transaction of the line, so that two lists made at once do not both fit under a limit.
    """
    target = Path(path).expanduser()
    must_be_allowed(db, actor, told)
    draft = target.with_name(f".{target.stem}.draft{target.suffix}")
    try:
        begin(draft)
        make(draft)
        record = _noted(db, actor, told, draft, target)
        draft.replace(target)
    except OSError as error:
        raise unwritten(target, error) from error
    except AppError as error:  # whoever made the file knows it by the name of its draft
        error.message = error.message.replace(draft.name, target.name)
        raise
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return record


def must_be_allowed(db: Database, actor: Actor, told: Export) -> Approval | None:
    """The approval whole values go out under, None where none is asked; AppError or NeedsApprovalError otherwise."""
    if told.masked or told.original:
        return None
    demand(db, actor, "residents.export_full")
    rules.must_be_said(told.purpose, "purpose", "导出用途")
    why = _asks_for_approval(db, actor, told)
    if not why:
        return None
    found = queries.in_force(db, actor, rules.FULL_EXPORT, None)
    if found is None:
        raise NeedsApprovalError(
            f"{why}，要先经负责人审批，没有导出。",
            kind=rules.FULL_EXPORT,
            person_id=None,
            next_step="请在“个人信息”的“审批”里申请导出（命令：linli approval ask 导出完整信息 --why …）；"
            "也可以先导出遮盖号码的名单。",
        )
    return found


def _asks_for_approval(db: Database, actor: Actor, told: Export) -> str:
    """Why whole values may go only if somebody else allowed it; empty where they may go."""
    policy = policy_of(db)
    if 0 <= policy.approval_above < told.count:
        return f"要导出 {told.count} 人的完整号码"
    if told.minors and policy.minors_need_approval:
        return f"名单里有 {told.minors} 位未成年人，要导出他们的完整号码"
    for limit in policy.limits:
        before = queries.given_out(db, actor, limit.days)
        if before + told.count > limit.people:
            span = "今天" if limit.days == 1 else f"{limit.days} 天内"
            return f"{span}已经导出 {before} 人的完整号码，连同这次 {told.count} 人超过 {limit.people} 人"
    return ""


def _noted(db: Database, actor: Actor, told: Export, draft: Path, target: Path) -> ExportRecord:
    digest = hashlib.sha256()
    with draft.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    what = told.what if told.masked or told.original else f"{told.what}（完整）"
    with db.transaction(actor, f"导出：{what}（{told.count}条）", told.purpose) as tx:
        approval = must_be_allowed(db, actor, told)
        return note_export(
            tx, told, sha256=digest.hexdigest(), size=draft.stat().st_size, target=target.name, approval=approval
        )


def note_export(
    tx: Transaction, told: Export, *, sha256: str, size: int, target: str, approval: Approval | None = None
) -> ExportRecord:
    """The line of the register, within the transaction that lets the file out; `target` without its folder."""
    return tx.add(
        ExportRecord(
            at=tx.db.clock.ms(),
            what=told.what,
            recipient=told.recipient.strip() or INSIDE,
            purpose=told.purpose.strip() or WORK,
            fields="、".join(told.fields),
            count=told.count,
            masked=rules.ORIGINAL if told.original else rules.HIDDEN if told.masked else rules.WHOLE,
            by_name=tx.actor.name,
            sha256=sha256,
            size=size,
            target=target,
            approval_id=approval.id if approval else None,
        )
    )


@needs("attachments.read")
def give_attachment(
    db: Database, actor: Actor, attachment: Attachment, path: str | Path, why: str = ""
) -> ExportRecord:
    """An attachment as a file of its own; AppError, with no file, where its content is not at this desk.

    `why` is asked for what is under a seal.

    Which one it was the fingerprint in the register tells.
    """
    owner = record_classes().get(attachment.owner_table)
    told = Export(
        f"{owner.__zh__ if owner else ''}附件", ("附件",), 1, purpose=why.strip() or "另存附件", original=True
    )
    return give_out(db, actor, told, path, lambda draft: attachments.save_as(db, attachment, draft, why))


@needs("privacy.read")
def save_register(db: Database, actor: Actor, path: str | Path, lines: Sequence[queries.ExportLine]) -> ExportRecord:
    """The register itself as a workbook; which is an export of its own."""
    told = Export("个人信息导出登记", sheet.REGISTER, len(lines))
    return give_out(db, actor, told, path, lambda draft: sheet.write_register(draft, lines))
