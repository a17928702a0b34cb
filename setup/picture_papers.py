"""Pictures of two papers for the README: `python setup/picture_papers.py HOME OUT` draws them from the data in HOME."""

import sys
from pathlib import Path

from PIL import Image, ImageOps

from desktop_app.app import App, open_app
from desktop_app.printing.forms import form
from desktop_app.printing.preview import Preview

DPI = 80
BORDER = "#b0b0b0"
PAPERS = {
    "service_card": "SELECT id FROM building WHERE sync_del=0 AND to_on IS NULL",
    "minutes": "SELECT id FROM meeting WHERE sync_del=0",
}
"""Form → where the first of its subjects is found."""


def picture(app: App, name: str, sql: str) -> Image.Image:
    """The first page of a form's paper for the first subject, with a thin line for the edge of the sheet."""
    chosen = form(name)
    pdf = chosen.draw(chosen.collect(app, [app.db.scalar(sql)]))
    with Preview(pdf) as preview:
        page = preview.picture(0, DPI)
    image = Image.frombuffer("RGB", (page.width, page.height), page.pixels, "raw", "RGB", page.stride, 1)
    return ImageOps.expand(image, border=1, fill=BORDER)


def main() -> None:
    """Writes one PNG a paper."""
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with open_app(home) as app:
        for name, sql in PAPERS.items():
            picture(app, name, sql).save(out / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
