"""One desk, and how to shut it out."""

from starlette.responses import Response

from central_server import devices, standing, units
from central_server.console import audit
from central_server.console.web import PAGES, Denied, Visit, to
from central_server.standing import DeviceState
from central_server.units import Unit


def show(visit: Visit) -> Response:
    """What is known of it."""
    unit, one = _found(visit)
    return PAGES.html("device.html", visit, unit=unit, device=one)


def ask(visit: Visit) -> Response:
    """Are you sure?"""
    unit, one = _found(visit)
    if one.revoked_at:
        raise Denied(400, f"{one.name}已经停用。")
    return PAGES.html("revoke.html", visit, unit=unit, device=one)


def revoke(visit: Visit) -> Response:
    """Shuts it out, with every identity that came from it."""
    unit, one = _found(visit)
    with visit.storage.writing() as session:
        for shut in devices.revoke(session, unit.id, one.id, visit.now):
            audit.note(session, visit.now, visit.who.user.name, "停用电脑", unit.id, f"{shut.id} {shut.name}")
    return to(f"/devices/{unit.id}/{one.id}")


def _found(visit: Visit) -> tuple[Unit, DeviceState]:
    unit, number = visit.number("unit"), visit.number("device")
    with visit.storage.reading() as session:
        one = standing.device(session, visit.now, unit, number)
        known = units.everyone(session)
    if one is None or unit not in known:
        raise Denied(404, "没有这台电脑。")
    return known[unit], one
