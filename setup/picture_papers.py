"""Pictures of two papers for the README: `python setup/picture_papers.py HOME OUT` draws them from the data in HOME."""

import sys
from pathlib import Path

from PIL import Image, ImageOps

from desktop_app.app import App, open_app
from desktop_app.printing.forms import form
from desktop_app.printing.preview import Preview

DPI = 64
BORDER = "#b0b0b0"
GAP = 12
PAPERS = {
    "service_card": "SELECT id FROM building WHERE sync_del=0 AND to_on IS NULL",
    "minutes": "SELECT id FROM meeting WHERE sync_del=0 ORDER BY starts_at LIMIT 1",
}
"""Form → its subjects."""


def picture(app: App, name: str, sql: str) -> Image.Image:
    """The first two pages of a form side by side, each with a thin line for the edge of the sheet."""
    chosen = form(name)
    pdf = chosen.draw(chosen.collect(app, [row[0] for row in app.db.rows(sql)]))
    with Preview(pdf) as preview:
        sheets = [sheet(preview, page) for page in range(min(2, preview.pages))]
    whole = Image.new("RGB", (sum(one.width for one in sheets) + GAP * (len(sheets) - 1), sheets[0].height), "white")
    left = 0
    for one in sheets:
        whole.paste(one, (left, 0))
        left += one.width + GAP
    return whole


def sheet(preview: Preview, number: int) -> Image.Image:
    """One page."""
    page = preview.picture(number, DPI)
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
