"""When somebody is to be visited, in words for lists and panes."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from desktop_app.store.database import Database
from desktop_app.visits import queries
from desktop_app.visits.standing import Standing


def standing_words(standing: Standing | None) -> str:
    """逾期 36 天; 今天该走访; 12-05 前; 从未走访; nothing where nobody asks for visits."""
    if standing is None:
        return ""
    if standing.last_on is None:
        return QCoreApplication.translate("Visits", "从未走访")
    return due_words(standing.due_on, standing.days_over)


def due_words(due_on: str, days_over: int) -> str:
    """How late a visit is, or by when it is due."""
    if days_over > 0:
        return QCoreApplication.translate("Visits", "逾期 {n} 天").format(n=days_over)
    if days_over == 0:
        return QCoreApplication.translate("Visits", "今天该走访")
    return QCoreApplication.translate("Visits", "{day} 前").format(day=due_on[5:])


def visit_words(db: Database, household_ids: Iterable[str]) -> str:
    """When somebody of these homes was last met, and when the next visit is due; runs on the reader thread."""
    on = db.clock.today().isoformat()
    told = []
    for home in household_ids:
        last = queries.last_visit(db, household_id=home)
        told.append(QCoreApplication.translate("Visits", "上次 {day}").format(day=last) if last else "")
        due = queries.due_of(db, home, on, general=False)
        told.append(due_words(due.due_on, due.days_over) if due else "")
    return "　".join(part for part in told if part)
