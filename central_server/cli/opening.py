"""Where every command gets its settings and its storage from."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from central_server import config
from central_server.config import ConfigError, Settings
from central_server.console import tables as console
from central_server.rollups import tables as reports
from central_server.storage import Session, Storage, opening
from central_server.storage.opening import FILE

__all__ = ["FILE", "open_storage", "read", "settings_of", "storage_of", "write"]
Result = TypeVar("Result")


def open_storage(folder: Path, database: str = "") -> Storage:
    """The store of a server with all that keeps something in it."""
    return opening.open_storage(folder, database, (*console.TABLES, *reports.TABLES))


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings in force for a command."""
    told = {name: getattr(args, name, None) for name in ("data", "database", "host", "port", "cert", "key", "workers")}
    return config.load(args.config, os.environ, told)


@contextmanager
def storage_of(args: argparse.Namespace) -> Iterator[Storage]:
    """The storage of a command, closed afterwards."""
    settings = settings_of(args)
    args.data = settings.data
    _look_for(settings, begins=getattr(args, "begins", False))
    storage = open_storage(settings.data, settings.database)
    try:
        yield storage
    finally:
        storage.close()


def _look_for(settings: Settings, *, begins: bool) -> None:
    """A mistyped folder must not become an empty server; a command that may begin one says that it did."""
    if settings.database or (settings.data / FILE).exists() or (settings.data.exists() and not settings.data.is_dir()):
        return
    if not begins:
        raise ConfigError(
            f"{settings.data} 里没有服务器的数据，什么也没有做。请核对 --data（和运行服务器的用户）；"
            "新装的服务器先运行 linli-central init。"
        )
    print(f"{settings.data} 里还没有数据，已新建。", file=sys.stderr)


def write(args: argparse.Namespace, work: Callable[[Session], Result]) -> Result:
    """Does something in one transaction."""
    with storage_of(args) as storage, storage.writing() as session:
        return work(session)


def read(args: argparse.Namespace, work: Callable[[Session], Result]) -> Result:
    """Looks at one consistent state."""
    with storage_of(args) as storage, storage.reading() as session:
        return work(session)
