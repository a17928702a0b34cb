"""One unit: its place, its desks, codes for new ones."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from central_server import devices, regrouping, standing, units
from central_server.console import audit, slips
from central_server.console.web import PAGES, Denied, Visit, to
from central_server.units import KINDS, Unit, UnitError
from sync_protocol.enrolment import CODE_MINUTES, CODE_TRIES


def show(visit: Visit) -> Response:
    """The unit with everything that can be done to it."""
    number = visit.number("unit")
    with visit.storage.reading() as session:
        known = units.everyone(session)
        unit = _found(known, number)
        below = {one.id for one in units.below(known, number)}
        return PAGES.html(
            "unit.html",
            visit,
            unit=unit,
            above=units.above(known, number),
            children=[one for one in standing.overview(session, visit.now, number) if one.depth == 1],
            parents=[(one, depth) for one, depth in units.tree(known) if _may_hold(one, known[number], below)],
            devices=standing.devices_of(session, visit.now, [number]),
            codes=standing.pending_codes(session, number, visit.now),
            kinds=KINDS,
        )


def _may_hold(one: Unit, unit: Unit, below: set[int]) -> bool:
    """Whether a unit may be chosen as the one above another; where it stands now always."""
    return one.id == unit.parent or (one.id not in below and not one.gone and one.kind not in units.LEAVES)


def _found(known: dict[int, Unit], number: int) -> Unit:
    if number not in known:
        raise Denied(404, f"没有单位 {number}。")
    return known[number]


def create(visit: Visit) -> Response:
    """A new unit."""
    number, kind = visit.optional("number"), visit.form.get("kind", "")
    if number is None:
        raise UnitError("请填单位编号：6 至 18 位数字，社区用 12 位区划代码。")
    name, parent = visit.form.get("name", ""), visit.optional("parent")
    with visit.storage.writing() as session:
        if slips.first(visit, session, "unit", number, name):
            units.create(session, number, name, visit.now, kind=kind, parent=parent)
            audit.note(session, visit.now, visit.who.user.name, "建立单位", number, name)
    return to(f"/units/{number}")


def rename(visit: Visit) -> Response:
    """Another name."""
    number = visit.number("unit")
    with visit.storage.writing() as session:
        units.rename(session, number, visit.form.get("name", ""))
        audit.note(session, visit.now, visit.who.user.name, "改名", number, visit.form.get("name", ""))
    return to(f"/units/{number}")


def move(visit: Visit) -> Response:
    """Another place in the tree."""
    number, parent = visit.number("unit"), visit.optional("parent")
    with visit.storage.writing() as session:
        units.move(session, number, parent)
        audit.note(session, visit.now, visit.who.user.name, "调整上级", number, str(parent or "无"))
    regrouping.place_again(visit.storage, number, visit.now)
    return to(f"/units/{number}")


def make_code(visit: Visit) -> Response:
    """A code for one desk, shown this once: only its hash is kept."""
    return slips.answer(visit, "code.html", lambda: _made_code(visit))


def _made_code(visit: Visit) -> Mapping[str, Any]:
    number = visit.number("unit")
    with visit.storage.writing() as session:
        unit = _found(units.everyone(session), number)
        if unit.gone:
            raise Denied(400, f"{unit.name}已撤销，不能再接入电脑。")
        code = devices.make_code(session, number, visit.now)
        audit.note(session, visit.now, visit.who.user.name, "发接入码", number, f"{code[:4]}…")
    return {
        "unit": {"id": unit.id, "name": unit.name},
        "code": code,
        "minutes": CODE_MINUTES,
        "tries": CODE_TRIES,
        "until": visit.now + CODE_MINUTES * 60_000,
    }
