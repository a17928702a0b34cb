"""Papers on their way to the window: read from the store, drawn, and looked into, off the window's thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_app.app import App
from desktop_app.printing.form import Choice
from ui.widgets.pdf_preview import Pixels

_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished PDF; `sizes` of its pages in points, `text` what it is called in the list of jobs."""

    form: str
    title: str
    subjects: tuple[str, ...]
    choice: Choice
    pdf: bytes
    sizes: tuple[tuple[float, float], ...]


def draw(app: App, form_name: str, subjects: Sequence[str], choice: Choice) -> Drawn:
    """Read and draw; runs on the reader thread.  AppError in the words of the form."""
    from desktop_app.printing.forms import form
    from desktop_app.printing.preview import Preview

    chosen = form(form_name)
    pdf = chosen.draw(chosen.collect(app, list(subjects)), choice)
    with Preview(pdf) as opened:
        sizes = tuple(opened.size(page) for page in range(opened.pages))
    in_points = tuple((width / _MM_PER_POINT, height / _MM_PER_POINT) for width, height in sizes)
    return Drawn(form_name, chosen.title, tuple(subjects), choice, pdf, in_points)


def render_of(pdf: bytes) -> Callable[[int, float], Pixels]:
    """What a preview calls for the picture of a page."""

    def render(page: int, dpi: float) -> Pixels:
        from desktop_app.printing.preview import Preview

        with Preview(pdf) as opened:
            made = opened.picture(page, dpi)
        return Pixels(made.width, made.height, made.stride, made.pixels)

    return render
