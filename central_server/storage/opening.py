"""Which engine: SQLite in the data folder unless a database is named."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from central_server import private
from central_server.storage import Storage
from central_server.storage.sqlite import SqliteStorage

FILE: Final = "central.db"
POSTGRES: Final = ("postgresql", "postgres")


def open_storage(folder: Path, database: str = "", also: Sequence[str] = ()) -> Storage:
    """The store of a server; made if it is not there.  Raises RuntimeError for an address that is none.

    `also` are statements for tables of others, `create … if not exists`; several processes may start at once.
    The data folder is made in any case: files that do not belong into a database stand there.  Nobody else may read it.
    """
    private.make_folder(folder)
    if not database:
        return SqliteStorage(folder / FILE, also)
    if urlsplit(database).scheme not in POSTGRES:
        raise RuntimeError("数据库地址应写作 postgresql://用户@主机/库名；不写则用数据文件夹中的 SQLite。")
    from central_server.storage.postgres import PostgresStorage

    return PostgresStorage(database, also)


def described(folder: Path, database: str = "") -> str:
    """Where the data are, for the log and the screen: never a password."""
    if not database:
        return str(folder / FILE)
    parts = urlsplit(database)
    return f"PostgreSQL {parts.hostname or '本机'}{f':{parts.port}' if parts.port else ''}{parts.path}"
