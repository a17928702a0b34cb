"""The only door to Alembic: brings a file up to this program's schema, on a copy kept beside it."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from desktop_app.shared.errors import NeedsUpgradeError
from desktop_app.store import journal, search

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_REVISION = re.compile(r'^revision(?:: str)? = "([^"]+)"', re.MULTILINE)
_BELOW = re.compile(r'^down_revision(?:: [^=]+)? = "([^"]+)"', re.MULTILINE)


@cache
def revisions() -> tuple[frozenset[str], str]:
    """All revisions this program knows and the newest, read from the files: Alembic costs 0.4 s to import."""
    texts = [path.read_text("utf-8") for path in sorted((MIGRATIONS / "versions").glob("*.py"))]
    known = {found.group(1) for text in texts if (found := _REVISION.search(text))}
    below = {found.group(1) for text in texts if (found := _BELOW.search(text))}
    (head,) = known - below
    return frozenset(known), head


def revision_of(connection: Any) -> str | None:
    """The revision a file stands at; None for an empty one."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name='alembic_version'").fetchone():
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else str(found[0])


def make_current(connection: Any, before: Callable[[], None]) -> None:
    """Brings an open file to this program's schema, with the triggers and the search index that go with it."""
    connection.execute("PRAGMA journal_mode=WAL")
    upgrade(connection, before)
    triggers = journal.wanted(journal.synced_tables(connection).values(), search.TRIGGERS)
    if journal.installed(connection, triggers) and search_is_current(connection):
        return  # without asking for the write lock: a desk opens while another process writes
    connection.execute("BEGIN IMMEDIATE")
    journal.install(connection, triggers)
    keep_search_current(connection)
    connection.execute("COMMIT")


def upgrade(connection: Any, before: Callable[[], None]) -> bool:
    """Upgrades an open file; calls `before` (the backup) first.  Returns whether anything was done.

    Raises NeedsUpgradeError for a file from a newer program: it is refused, not guessed at.
    """
    known, head = revisions()
    at = revision_of(connection)
    if at == head:
        return False
    if at is not None and at not in known:
        raise NeedsUpgradeError(
            "这份数据是用更新版本的程序建立的，为防损坏没有打开。", next_step="请先升级本程序，再打开这份数据。"
        )
    if at is not None:
        before()
    _run(connection)
    return True


def _run(connection: Any) -> None:
    import sqlcipher3
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, poolclass=StaticPool, creator=lambda: connection)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # the engine's first look at the connection ends in a ROLLBACK: a transaction begun before would be gone
    event.listen(engine, "begin", lambda bound: bound.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as bound:
        config.attributes["connection"] = bound
        command.upgrade(config, "head")


def search_is_current(connection: Any) -> bool:
    """Whether the search index holds the words a person is found by in this program."""
    found = connection.execute("SELECT value FROM setting WHERE key='search'").fetchone()
    return bool(found) and found[0] == search.VERSION


def keep_search_current(connection: Any) -> None:
    """Builds the search index anew when the words a person is found by have changed with the program."""
    if search_is_current(connection):
        return
    search.rebuild(connection)
    connection.execute("INSERT OR REPLACE INTO setting(key,value) VALUES('search',?)", (search.VERSION,))
