"""A stick between desks and a server."""

from pathlib import Path

from central_server import bundles
from desktop_app.sync import bundle
from desktop_app.sync.bundle import Exported
from desktop_app.sync.diary import SyncReport
from tests.sync.desks import Desk, Server


class Stick:
    """A folder with files; every verb is one walk between the two."""

    def __init__(self, folder: Path, server: Server) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.server, self._count = folder, server, 0

    def new(self, name: str) -> Path:
        self._count += 1
        return self.folder / f"{self._count}-{name}.linli"

    def export(self, desk: Desk, **options) -> Path:
        return Path(self.exported(desk, **options).file)

    def exported(self, desk: Desk, **options) -> Exported:
        return bundle.export(desk.db, desk.app.secrets, self.new("up"), **options)

    def answer(self, up: Path) -> Path:
        down = self.new("down")
        central = self.server.central
        down.write_bytes(bundles.answer(central, central.keys, up.read_bytes()))
        return down

    def import_(self, desk: Desk, down: Path, **options) -> SyncReport:
        return bundle.import_(desk.db, desk.app.secrets, down, **options)

    def carry(self, desk: Desk) -> SyncReport:
        """There and back."""
        return self.import_(desk, self.answer(self.export(desk)))
