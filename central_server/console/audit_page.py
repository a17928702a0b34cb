"""What administrators did."""

from starlette.responses import Response

from central_server.console import audit
from central_server.console.web import PAGES, Visit


def show(visit: Visit) -> Response:
    """The last acts, newest first."""
    with visit.storage.reading() as session:
        entries = audit.newest(session)
    return PAGES.html("audit.html", visit, entries=entries, most=audit.MOST)
