"""What one may ask about what was printed."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.papers.model import PrintJob
from desktop_app.papers.rules import FAILED
from desktop_app.store.database import Database


@reads("papers.read")
def jobs(
    db: Database,
    *,
    day: date | None = None,
    form: str | None = None,
    subject_id: str | None = None,
    text: str = "",
    limit: int = 500,
) -> list[PrintJob]:
    """Print jobs, the latest first, by local day, form, subject and part of the title."""
    wanted = select(PrintJob).where(PrintJob.sync_del == 0).order_by(PrintJob.at.desc(), PrintJob.id.desc())
    if day is not None:
        first, last = _bounds(day)
        wanted = wanted.where(PrintJob.at >= first, PrintJob.at < last)
    if form is not None:
        wanted = wanted.where(PrintJob.form == form)
    if subject_id is not None:
        wanted = wanted.where(PrintJob.subject_id == subject_id)
    if text:
        wanted = wanted.where(PrintJob.title.contains(text, autoescape=True))
    return db.select(wanted.limit(limit))


@reads("papers.read")
def printed_before(db: Database, form: str, subject_id: str) -> PrintJob | None:
    """The first time this form came out for this subject; the next one is marked 重印.  None if it never did."""
    found = db.select(
        select(PrintJob)
        .where(
            PrintJob.form == form,
            PrintJob.subject_id == subject_id,
            PrintJob.state != FAILED,
            PrintJob.sync_del == 0,
        )
        .order_by(PrintJob.at)
        .limit(1)
    )
    return found[0] if found else None


def _bounds(day: date) -> tuple[int, int]:
    """A local day as UTC milliseconds, the end excluded; days of 23 or 25 hours come out right."""
    first = datetime.combine(day, datetime.min.time()).astimezone()
    last = datetime.combine(day + timedelta(days=1), datetime.min.time()).astimezone()
    return int(first.timestamp() * 1000), int(last.timestamp() * 1000)
