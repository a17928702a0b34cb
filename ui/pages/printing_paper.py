"""Papers on their way to the window and to the printer: read, drawn, looked into, sent; all off the window's thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.app import App
from desktop_app.papers import actions as papers
from desktop_app.papers.model import PrintJob
from desktop_app.papers.rules import NOTICE
from desktop_app.printing.form import Choice
from desktop_app.shared.errors import AppError
from ui.widgets.pdf_preview import Pixels

_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished PDF; `sizes` of its pages in points, `title` what the list of jobs calls it."""

    form: str
    title: str
    subjects: tuple[str, ...]
    choice: Choice
    pdf: bytes
    sizes: tuple[tuple[float, float], ...]


def draw(app: App, form_name: str, subjects: Sequence[str], choice: Choice, title: str = "") -> Drawn:
    """Read and draw; runs on the reader thread.  AppError in the words of the form."""
    from desktop_app.printing.forms import form

    chosen = form(form_name)
    pdf = chosen.draw(chosen.collect(app, list(subjects)), choice)
    return Drawn(form_name, title or chosen.title, tuple(subjects), choice, pdf, page_sizes(pdf))


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of every page, in points."""
    from desktop_app.printing.preview import Preview

    with Preview(pdf) as opened:
        sizes = [opened.size(page) for page in range(opened.pages)]
    return tuple((width / _MM_PER_POINT, height / _MM_PER_POINT) for width, height in sizes)


def render_of(pdf: bytes) -> Callable[[int, float], Pixels]:
    """What a preview calls for the picture of a page."""

    def render(page: int, dpi: float) -> Pixels:
        from desktop_app.printing.preview import Preview

        with Preview(pdf) as opened:
            made = opened.picture(page, dpi)
        return Pixels(made.width, made.height, made.stride, made.pixels)

    return render


# ------------------------------------------------------------------------------------------------------- to the printer


@dataclass(frozen=True, slots=True)
class Order:
    """Where to and how often; an empty printer means that the window paints the pages itself."""

    printer: str
    copies: int = 1
    both_sides: bool = False


def note(app: App, drawn: Drawn, target: str, copies: int = 1) -> PrintJob:
    """The line in the log, committed before anything comes out; runs on the writer thread."""
    from desktop_app.printing.forms import form

    return papers.record_print(
        app.db,
        app.actor,
        drawn.form,
        form(drawn.form).subject,
        drawn.subjects[0] if len(drawn.subjects) == 1 else None,
        drawn.title,
        pdf_bytes=drawn.pdf,
        copies=copies,
        pages=len(drawn.sizes),
        target=target,
        count=len(drawn.subjects),
        notified=drawn.subjects if drawn.form == NOTICE and not drawn.choice.draft else (),
    )


def send(app: App, drawn: Drawn, order: Order) -> PrintJob:
    """Log, then hand the PDF to the system's printer; a refusal is noted as 失败.  Runs on the writer thread."""
    from desktop_app.printing import spooler

    job = note(app, drawn, order.printer, order.copies)
    sides: spooler.Sides = "two-sided-long-edge" if order.both_sides else "one-sided"
    try:
        spooler.send(drawn.pdf, order.printer, drawn.title, spooler.Ticket(order.copies, sides))
    except AppError as error:
        papers.mark_failed(app.db, app.actor, job.id, error.message)
        raise
    return job


def save(app: App, drawn: Drawn, path: Path) -> PrintJob:
    """Log, then write the file, whole or not at all.  Runs on the writer thread."""
    from desktop_app.printing import spooler

    job = note(app, drawn, f"PDF：{path.name}")
    try:
        spooler.save(drawn.pdf, path)
    except AppError as error:
        papers.mark_failed(app.db, app.actor, job.id, error.message)
        raise
    return papers.mark_printed(app.db, app.actor, job.id)
