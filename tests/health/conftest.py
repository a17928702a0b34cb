"""A street with people on it, and a way to spoil the records behind the back of the actions."""

from collections.abc import Callable

import pytest

from desktop_app.app import App
from desktop_app.health import Finding, examine
from desktop_app.store.database import Database
from tests.residents.conftest import Street, street

__all__ = ["Street", "street"]


@pytest.fixture
def spoil(db: Database) -> Callable[..., None]:
    """Writes what no action would write: what an old program or another desk may have left."""

    def run(sql: str, *values: object) -> None:
        with db.applying() as tx:
            tx.execute(sql, values)

    return run


@pytest.fixture
def found(app: App) -> Callable[[str], Finding | None]:
    """The finding with a code, by a whole examination; None where all is well."""

    def look(code: str) -> Finding | None:
        return next((one for one in examine(app) if one.code == code), None)

    return look
