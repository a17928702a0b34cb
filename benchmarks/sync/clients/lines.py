"""How a contestant is told what to do: one JSON object per line comes in, one goes out.  Standard library only."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def serve(verbs: dict[str, Callable[..., Any]]) -> None:
    """Does what it is told until nothing more comes.  An answer has the wall time of what was done, in seconds."""
    out = sys.stdout
    sys.stdout = sys.stderr  # a library that prints must not be taken for an answer
    for line in sys.stdin:
        told = json.loads(line)
        verb = verbs[told.pop("do")]
        started = time.perf_counter()
        try:
            said = verb(**told)
            answer = {"ok": True, "wall": time.perf_counter() - started, **(said or {})}
        except Exception as error:  # noqa: BLE001 - whatever it is, the harness has to hear of it
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()


def read(file: str | None, rows: list[dict[str, str]] | None) -> list[dict[str, str]]:
    """The rows of a command: named by a file, or told."""
    if rows is not None:
        return rows
    found: list[dict[str, str]] = json.loads(Path(file or "").read_text("utf-8"))
    return found
