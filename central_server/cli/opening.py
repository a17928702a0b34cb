"""Where every command gets its settings and its storage from."""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from central_server import config
from central_server.config import Settings
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
    storage = open_storage(settings.data, settings.database)
    try:
        yield storage
    finally:
        storage.close()


def write(args: argparse.Namespace, work: Callable[[Session], Result]) -> Result:
    """Does something in one transaction."""
    with storage_of(args) as storage, storage.writing() as session:
        return work(session)


def read(args: argparse.Namespace, work: Callable[[Session], Result]) -> Result:
    """Looks at one consistent state."""
    with storage_of(args) as storage, storage.reading() as session:
        return work(session)
