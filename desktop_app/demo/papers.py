"""Every paper the demonstration community hands out, as PDF files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.app import App
from desktop_app.papers import actions as papers
from desktop_app.printing import spooler
from desktop_app.printing.forms import form
from desktop_app.printing.preview import page_count

_ALL_BUILDINGS = "SELECT id FROM building WHERE sync_del=0 AND to_on IS NULL ORDER BY local_no"
_ALL_CENTRES = "SELECT id FROM party_centre_household WHERE sync_del=0 AND to_on IS NULL ORDER BY local_no"
_OF_A_MEETING = ("meeting_record", "sign_in_sheet", "minutes")


@dataclass(frozen=True, slots=True)
class SavedPaper:
    """A file that was made: code and title of its form, how many subjects stand in it, how many pages it has."""

    form: str
    title: str
    file: str
    subjects: int
    pages: int


def print_everything(app: App, folder: Path, meetings: Sequence[str]) -> list[SavedPaper]:
    """Service cards of all buildings, plaques of all centre households, and three papers of each meeting."""
    folder.mkdir(exist_ok=True)
    made = [
        _print(app, folder, "service_card", _ids(app, _ALL_BUILDINGS)),
        _print(app, folder, "centre_plaque", _ids(app, _ALL_CENTRES)),
    ]
    for number, meeting in enumerate(meetings, 1):
        made += [_print(app, folder, name, [meeting], f"-{number}") for name in _OF_A_MEETING]
    return made


def _ids(app: App, sql: str) -> list[str]:
    return [str(row[0]) for row in app.db.rows(sql)]


def _print(app: App, folder: Path, name: str, subjects: Sequence[str], suffix: str = "") -> SavedPaper:
    """On disk before on paper: the print is noted first."""
    chosen = form(name)
    pdf = chosen.draw(chosen.collect(app, subjects))
    path = folder / f"{chosen.title}{suffix}.pdf"
    pages = page_count(pdf)
    papers.record_print(
        app.db,
        app.actor,
        name,
        chosen.subject,
        subjects[0] if len(subjects) == 1 else None,
        f"{chosen.title}（{len(subjects)}份）" if len(subjects) > 1 else chosen.title,
        pdf_bytes=pdf,
        pages=pages,
        target=path.name,
    )
    spooler.save(pdf, path)
    return SavedPaper(name, chosen.title, str(path), len(subjects), pages)
