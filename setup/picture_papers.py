"""`python setup/picture_papers.py HOME OUT`: a picture of every paper, for the user guide, from the data in HOME.

One PNG a form, its first page, from whatever fills it best: the guide shows papers with something on them. Grey and few
colours keep the files small enough to be part of the repository.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from desktop_app.app import App, open_app
from desktop_app.demo.rehearsal import credentials
from desktop_app.organisation.charts import teams
from desktop_app.printing.form import Form
from desktop_app.printing.forms import FORMS
from desktop_app.printing.forms.chart import ChartPaper
from desktop_app.printing.forms.table import TablePaper
from desktop_app.printing.forms.visit_sheet import BLANK
from desktop_app.printing.preview import Preview
from desktop_app.printing.tables import Column
from desktop_app.residents.queries import ResidentFilter, ids, lines
from desktop_app.shared.errors import AppError
from ui.pages.printing_lists import LISTS

LONGEST_SIDE = 800  # pixels
COLOURS = 32
BORDER = "#b0b0b0"
TOGETHER = frozenset({"appeal_ledger", "care_roll", "registration_card", "service_card", "wish_list"})
"""Forms that print all their subjects on one paper."""
_TABLE_ROWS = 24


def main() -> None:
    """Writes `<form>.png` for every form."""
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with open_app(home) as app:
        if told := credentials(home):
            app.sign_in(*told)
        for form in FORMS:
            picture(fullest(app, form)).save(out / f"{form.name}.png", optimize=True)


def fullest(app: App, form: Form[Any]) -> bytes:
    """The longest PDF that this form makes of the data; a paper that must not be printed yet is passed over."""
    return max(_drawn(app, form), key=len)


def _drawn(app: App, form: Form[Any]) -> Iterator[bytes]:
    for subjects in _subjects(app, form):
        try:
            yield form.draw(form.collect(app, subjects) if subjects else [MADE[form.name](app)])
        except AppError:
            continue


def _subjects(app: App, form: Form[Any]) -> list[list[str]]:
    """What the form is tried with, paper by paper; nothing for a list."""
    if form.subject == "table":
        return [[]]
    lists = LISTS[form.subject](app.db, app.clock.today().isoformat())
    found = [one[0] for one in lists if one[0] != BLANK]
    return [found] if form.name in TOGETHER else [[one] for one in found]


def _residents(app: App) -> TablePaper:
    """A list as the page of residents prints it: what is shown, masked."""
    heads = tuple(Column(word) for word in ("姓名", "性别", "年龄", "证件号码", "住址", "电话"))
    rows = tuple(
        (one.name, one.sex, str(one.age or ""), one.id_no, one.address, one.phone)
        for one in lines(app.db, ids(app.db, ResidentFilter(min_age=60), "address")[:_TABLE_ROWS])
    )
    return TablePaper("六十岁以上居民", heads, rows, f"共 {len(rows)} 人")


def _chart(app: App) -> ChartPaper:
    """A chart as the page of the organisation prints it."""
    return ChartPaper(teams(app.db, app.clock.today().isoformat()), app.community.name)


MADE: Mapping[str, Callable[[App], Any]] = {"table": _residents, "chart": _chart}
"""Papers of what a page shows; they have no subject in the store."""


def picture(pdf: bytes) -> Image.Image:
    """The first page with a thin line for the edge of the sheet."""
    with Preview(pdf) as preview:
        inches = max(preview.size(0)) / 25.4
        page = preview.picture(0, LONGEST_SIDE / inches)
    image = Image.frombuffer("RGB", (page.width, page.height), page.pixels, "raw", "RGB", page.stride, 1)
    return ImageOps.expand(image, border=1, fill=BORDER).quantize(COLOURS, Image.Quantize.MAXCOVERAGE)


if __name__ == "__main__":
    main()
