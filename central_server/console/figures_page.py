"""The figures of a unit and all below it, as a page, a workbook and CSV."""

from typing import Final

from starlette.responses import Response

from central_server import units
from central_server.console import charts
from central_server.console.web import HEADERS, PAGES, XLSX, Denied, Visit, local
from central_server.rollups import report, sheets
from central_server.rollups.figures import BY_KEY, FIGURES, SHARES
from central_server.rollups.report import Report
from central_server.storage import Session
from central_server.units import Unit

TILES: Final = ("persons", "households", "buildings", "centres", "party_members", "volunteers", "meetings", "visits")
"""The figures shown large."""
OUTCOMES: Final = ("resolved", "progress", "explained")


def show(visit: Visit) -> Response:
    """The page."""
    with visit.storage.reading() as session:
        known = _visible(session, visit)
        made = _report(session, visit, known)
        number, last = made.whole.unit.id, visit.period.last
        appeals = report.by_month(session, number, "appeals", last)
        centres = report.by_month(session, number, "centres", last)
    return PAGES.html(
        "figures.html",
        visit,
        made=made,
        sentence=report.sentence(made.whole, made.period),
        tiles=[BY_KEY[key] for key in TILES],
        shares=SHARES,
        table=report.table(made),
        classes=report.classes(made),
        tree=units.tree(known),
        period=made.period,
        charts=[
            charts.appeals(appeals),
            charts.trend("党员中心户（户）", [(month, sum(sums.values())) for month, sums in centres]),
            charts.coverage(made),
        ],
        figures=FIGURES,
    )


def workbook(visit: Visit) -> Response:
    """The same as .xlsx."""
    return _file(visit, "xlsx", XLSX)


def csv(visit: Visit) -> Response:
    """The same as CSV."""
    return _file(visit, "csv", "text/csv; charset=utf-8")


def _file(visit: Visit, ending: str, media: str) -> Response:
    with visit.storage.reading() as session:
        made = _report(session, visit, _visible(session, visit))
    content = sheets.workbook(made) if ending == "xlsx" else sheets.comma_separated(made)
    name = f"linli-{made.whole.unit.id}-{local(visit.now):%Y%m%d}.{ending}"
    return Response(content, 200, {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}, media)


def _visible(session: Session, visit: Visit) -> dict[int, Unit]:
    """The units whose figures somebody may see: an administrator all, a viewer the own one and those below."""
    known = units.everyone(session)
    own = visit.who.user.unit
    return known if own is None else {unit.id: unit for unit in units.below(known, own)}


def _report(session: Session, visit: Visit, known: dict[int, Unit]) -> Report:
    if not known:
        raise Denied(404, "还没有单位。请先建立单位。")
    asked = visit.optional("unit")
    number = asked if asked is not None else visit.who.user.unit or units.tree(known)[0][0].id
    if number not in known:
        raise Denied(403, "这个单位的数字不归您看。")
    return report.report(session, number, visit.period)
