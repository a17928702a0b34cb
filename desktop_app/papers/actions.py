"""What one may do with papers: each function is one transaction."""

import hashlib

from desktop_app.accounts.model import Actor
from desktop_app.papers.model import PrintJob
from desktop_app.papers.rules import DONE, FAILED, SENT
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database


def record_print(
    db: Database,
    actor: Actor,
    form: str,
    subject_kind: str,
    subject_id: str | None,
    title: str,
    *,
    pdf_bytes: bytes,
    copies: int = 1,
    pages: int = 1,
    target: str = "",
    at: int | None = None,
) -> PrintJob:
    """Notes a print before it is sent: on disk before on paper.

    `at` is UTC ms (now when left out), `target` the name of a printer or file; the PDF itself is not kept, only its
    SHA-256.  AppError for fewer copies or pages than one.
    """
    if copies < 1 or pages < 1:
        raise AppError("份数和页数至少是 1，没有打印。", field="copies", next_step="请改正份数。")
    with db.transaction(actor, f"打印：{title}") as tx:
        return tx.add(
            PrintJob(
                form=form,
                subject_kind=subject_kind,
                subject_id=subject_id,
                title=title,
                copies=copies,
                pages=pages,
                at=db.clock.ms() if at is None else at,
                by_name=actor.name,
                sha256=hashlib.sha256(pdf_bytes).hexdigest(),
                target=target,
                state=SENT,
            )
        )


def mark_printed(db: Database, actor: Actor, job_id: str) -> PrintJob:
    """Notes that the printer took all of a job."""
    with db.transaction(actor, "打印完成") as tx:
        return tx.change(PrintJob, job_id, state=DONE)


def mark_failed(db: Database, actor: Actor, job_id: str, why: str = "") -> PrintJob:
    """Notes that nothing came out; the job then no longer makes the next one a 重印."""
    with db.transaction(actor, "打印失败", why) as tx:
        return tx.change(PrintJob, job_id, state=FAILED)
