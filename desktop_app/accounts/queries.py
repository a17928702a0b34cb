"""What one may ask about staff."""

from sqlalchemy import select

from desktop_app.accounts.model import Staff
from desktop_app.store.database import Database


def staff(db: Database) -> list[Staff]:
    """Staff in office, in the order they were entered."""
    return db.select(select(Staff).where(Staff.sync_del == 0, Staff.to_on.is_(None)).order_by(Staff.local_no))


def name_of(db: Database, staff_id: str | None) -> str:
    """The name behind an identifier, also of somebody who left; empty when it is unknown here."""
    return str(db.scalar("SELECT name FROM staff WHERE id=?", (staff_id,)) or "")
