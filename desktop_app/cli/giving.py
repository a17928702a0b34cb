"""A list leaves by the command line: through the gate, with what the command was told of whom it is for."""

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_app.app import App
from desktop_app.cli.session import Session
from desktop_app.privacy.exporting import Export, give_out


def give(
    session: Session, app: App, what: str, fields: Sequence[str], count: int, make: Callable[[Path], object]
) -> str:
    """Writes the list that `--output` asks for; `make` writes the draft.  Returns where it lies."""
    told = session.arguments
    export = Export(what, fields, count, getattr(told, "to", "") or "", getattr(told, "purpose", "") or "")
    give_out(app.db, app.actor, export, told.output, make)
    return str(told.output)
