"""The desks that need somebody: who has not synced for how long and why, the longest first; page and workbook."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from central_server import standing, units
from central_server.console.web import HEADERS, PAGES, XLSX, Denied, Visit, local
from central_server.rollups import sheets
from central_server.standing import TROUBLES, DeviceState, places
from central_server.storage import Session
from central_server.units import LEAVES, Unit

PER_PAGE: Final = 100
HEADS: Final = ("所在单位", "单位编号", "电脑", "电脑编号", "最近联系", "多少天", "情况")
WIDTHS: Final = (34, 16, 16, 14, 17, 8, 46)


def show(visit: Visit) -> Response:
    """One page of the list; `why` is one of TROUBLES, `unit` a unit with all below it."""
    unit, why = visit.optional("unit"), _why(visit)
    with visit.storage.reading() as session:
        known = units.everyone(session)
        ill = _ill(session, visit, known, unit)
    counts = Counter(one.trouble for one in ill)
    chosen = [one for one in ill if why in ("", one.trouble)]
    last = max(1, -(-len(chosen) // PER_PAGE))
    page = min(_page(visit), last)
    start, place = (page - 1) * PER_PAGE, places(known)
    return PAGES.html(
        "attention.html",
        visit,
        rows=[(one, place(one.unit)) for one in chosen[start : start + PER_PAGE]],
        start=start,
        all_of_them=len(chosen),
        page=page,
        last=last,
        counts=[("", "全部", len(ill)), *((key, words, counts[key]) for key, words in TROUBLES.items())],
        why=why,
        unit=known.get(unit) if unit is not None else None,
        above=[(one, depth) for one, depth in units.tree(known) if _offered(one) or one.id == unit],
        leaves=LEAVES,
    )


def workbook(visit: Visit) -> Response:
    """The whole list as .xlsx."""
    why = _why(visit)
    with visit.storage.reading() as session:
        known = units.everyone(session)
        ill = [one for one in _ill(session, visit, known, visit.optional("unit")) if why in ("", one.trouble)]
    name = f"linli-desks-{local(visit.now):%Y%m%d}.xlsx"
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    return Response(_sheet(ill, known), 200, headers, XLSX)


def _ill(session: Session, visit: Visit, known: dict[int, Unit], unit: int | None) -> list[DeviceState]:
    if unit is not None and unit not in known:
        raise Denied(404, f"没有单位 {unit}。")
    wanted = None if unit is None else [one.id for one in units.below(known, unit)]
    return standing.ill_devices(session, visit.now, wanted)


def _offered(one: Unit) -> bool:
    """Whether it stands in the list of units to choose from: not the thousands that have nothing below them."""
    return one.kind not in LEAVES and not one.gone


def _why(visit: Visit) -> str:
    why = visit.query.get("why", "")
    return why if why in TROUBLES else ""


def _page(visit: Visit) -> int:
    text = visit.query.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < len("1000000") else 1


def _sheet(ill: list[DeviceState], known: Mapping[int, Unit]) -> bytes:
    place = places(known)
    rows = [
        (place(one.unit), str(one.unit), one.name, str(one.id), _when(one.seen_at), one.silent_days, one.words)
        for one in ill
    ]
    return sheets.plain("需要处理的电脑", HEADS, WIDTHS, rows)


def _when(ms: int) -> str:
    return f"{local(ms):%Y-%m-%d %H:%M}"
