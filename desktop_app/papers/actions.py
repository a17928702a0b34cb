"""What one may do with papers: each function is one transaction."""

import hashlib
from pathlib import Path
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings import noticing
from desktop_app.papers.model import PrintJob
from desktop_app.papers.rules import DONE, FAILED, LISTS, NOTICE, SENT, WHOLE
from desktop_app.privacy.exporting import Export, note_export
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

_CAME_OUT: Final = "SELECT 1 FROM print_job WHERE form=? AND subject_id=? AND state<>? AND sync_del=0"


@needs("papers.change")
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
    count: int = 1,
    fields: tuple[str, ...] = (),
    registered: bool = False,
    notified: tuple[str, ...] = (),
) -> PrintJob:
    """Notes a print before it is sent: on disk before on paper.

    `at` is UTC ms (now when left out), `target` the name of a printer or file; the PDF itself is not kept, only its
    SHA-256.  AppError for fewer copies or pages than one.  A list of people (`rules.LISTS`) is noted in the export
    register by the same transaction, unless it is `registered` there already: `count` lines with these `fields`.
    `notified` are the meetings whose 会议通知 this is: people are told of them by this paper.
    """
    if copies < 1 or pages < 1:
        raise AppError("份数和页数至少是 1，没有打印。", field="copies", next_step="请改正份数。")
    job = PrintJob(
        form=form, subject_kind=subject_kind, subject_id=subject_id, title=title, copies=copies, pages=pages,
        at=db.clock.ms() if at is None else at, by_name=actor.name, sha256=hashlib.sha256(pdf_bytes).hexdigest(),
        target=target, state=SENT,
    )  # fmt: skip
    with db.transaction(actor, f"打印：{title}") as tx:
        if form in LISTS and not registered:
            _register(tx, job, len(pdf_bytes), count, fields)
        noticing.note_given(tx, notified)
        return tx.add(job)


def _register(tx: Transaction, job: PrintJob, size: int, count: int, fields: tuple[str, ...]) -> None:
    """A list of people on paper is personal data given out."""
    told = Export(job.title, fields or ("见单据",), count, purpose="打印", masked=job.form not in WHOLE)
    note_export(tx, told, sha256=job.sha256, size=size, target=Path(job.target).name)


@needs("papers.change")
def mark_printed(db: Database, actor: Actor, job_id: str) -> PrintJob:
    """Notes that the printer took all of a job."""
    with db.transaction(actor, "打印完成") as tx:
        return tx.change(PrintJob, job_id, state=DONE)


@needs("papers.change")
def mark_failed(db: Database, actor: Actor, job_id: str, why: str = "") -> PrintJob:
    """Notes that nothing came out; the job then no longer makes the next one a 重印."""
    with db.transaction(actor, "打印失败", why) as tx:
        job = tx.change(PrintJob, job_id, state=FAILED)
        if job.form == NOTICE and job.subject_id and not tx.scalar(_CAME_OUT, (NOTICE, job.subject_id, FAILED)):
            noticing.note_taken_back(tx, job.subject_id)
        return job
