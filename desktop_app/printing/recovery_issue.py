"""A recovery sheet comes into the world: a fresh code, drawn and handed over, in force only if that succeeds."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

from desktop_app.printing.recovery_sheet import RecoverySheet, draw
from desktop_app.store import keys, recovery


class _Named(Protocol):
    @property
    def name(self) -> str: ...


class _Clock(Protocol):
    def today(self) -> date: ...


class Desk(Protocol):
    """As much of the opened desk as a sheet needs."""

    @property
    def home(self) -> Path: ...
    @property
    def mark(self) -> str: ...
    @property
    def clock(self) -> _Clock: ...
    @property
    def actor(self) -> _Named: ...
    @property
    def community(self) -> _Named: ...
    def new_recovery_code(self) -> str: ...


def issue(desk: Desk, deliver: Callable[[bytes], object]) -> None:
    """Makes a new code and hands the sheet (PDF) to `deliver`; where that fails, the earlier code stays in force."""
    path = desk.home / recovery.FILE
    earlier = path.read_text("utf-8") if path.exists() else None
    code = desk.new_recovery_code()
    paper = RecoverySheet(desk.community.name, desk.mark, code, desk.clock.today().isoformat(), desk.actor.name)
    try:
        deliver(draw(paper))
    except BaseException:
        if earlier is None:
            path.unlink(missing_ok=True)
        else:
            keys.write_private(path, earlier)
        raise
