"""One line of JSON per event: numbers and codes, never names, content or addresses."""

import errno
import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

OWN = "central_server"


class JsonLines(logging.Formatter):
    """`{"at", "level", "logger", …}`; what is passed as `extra={"facts": …}` becomes members of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line["event"] = record.getMessage()
            line |= facts
        else:
            line["message"] = record.getMessage()
        if record.exc_info:
            line["error"] = _bare(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _bare(record: logging.LogRecord) -> list[str]:
    """The kind of an exception and where it happened; not its words, which may quote a row of residents."""
    kind, error, trace = record.exc_info or (None, None, None)
    places = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
    return [kind.__name__ + _code(error) if kind else "", *places[-12:]]


def _code(error: BaseException | None) -> str:
    """What the engine or the system calls it: SQLITE_FULL, ENOSPC, a SQLSTATE.  No words of theirs."""
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    if code is None and isinstance(error, OSError):
        code = errno.errorcode.get(error.errno or 0)
    return f" {code}" if code else ""


def to(stream: TextIO, level: str) -> None:
    """Sends everything that is logged to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
