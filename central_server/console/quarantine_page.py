"""What the server did not take: how many rows of which table and why, never what stands in them."""

from starlette.responses import Response

from central_server.console import state
from central_server.console.web import PAGES, Visit

CODES = {
    "TOO_LARGE": "一条记录太大",
    "BAD_VALUE": "值的形式不对",
    "APPEND_ONLY": "要改写只能追加的记录",
    "NOT_YOURS": "不是本单位的记录",
    "AUDIENCE": "共享对象不允许",
    "ERASED": "已被依法删除",
}


def show(visit: Visit) -> Response:
    """The list, of one unit or all."""
    unit = visit.optional("unit")
    with visit.storage.reading() as session:
        rows = state.quarantine(session, unit)
    return PAGES.html("quarantine.html", visit, rows=rows, codes=CODES, unit=unit)
