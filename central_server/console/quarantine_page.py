"""What the server did not take: how many rows of which table and why, never what stands in them."""

from typing import Final

from starlette.responses import Response

from central_server import standing
from central_server.console.web import PAGES, Visit

CODES: Final = {
    "TOO_LARGE": "一条记录太大",
    "BAD_VALUE": "值的形式不对",
    "APPEND_ONLY": "要改写只能追加的记录",
    "NOT_YOURS": "不是本单位的记录",
    "ELSEWHERE": "记录已划转到别的单位，或删除、划转已过 400 天",
    "AUDIENCE": "共享对象不允许",
    "ERASED": "已被依法删除",
}
"""Why a row was set aside, by the codes of the protocol (duty 8 of the server)."""


def show(visit: Visit) -> Response:
    """The list, of one unit or all."""
    unit = visit.optional("unit")
    with visit.storage.reading() as session:
        rows = standing.quarantine(session, unit)
    return PAGES.html("quarantine.html", visit, rows=rows, codes=CODES, unit=unit)
