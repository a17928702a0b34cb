"""Files on a stick: answer what a desk brought, and set up a desk that has no network."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from central_server.blobs import BLOBS, Blobs
from central_server.bundles import BundleError
from central_server.bundles import answer as answered
from central_server.bundles import starter as started
from central_server.cli.faults import reason
from central_server.cli.opening import settings_of, storage_of
from central_server.exchange import Central
from central_server.keys import server_keys
from central_server.units import tidy_name
from sync_protocol.bundle import MOST_FILE, STARTER_DAYS


def answer(args: argparse.Namespace) -> int:
    """Takes what a desk exported and writes what it is to import."""
    try:
        data = _content(args.file)
        with _central(args) as central:
            write_whole(args.to, answered(central, server_keys(args.data), data))
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"已接收，答复在 {args.to}。请把它带回那台电脑“从U盘导入”。")
    return 0


def starter(args: argparse.Namespace) -> int:
    """Writes a starter; its passcode goes to the terminal and nowhere else."""
    try:
        _try_out(args.to)  # before a desk is made: what cannot be written must not leave one behind
        with _central(args) as central:
            data, passcode = started(
                central, args.scope, tidy_name(args.name), url=args.url, fingerprint=args.fingerprint
            )
        write_whole(args.to, data)
    except LookupError:
        print(f"还没有单位 {args.scope}。请先用 linli-central unit create 建立。", file=sys.stderr)
        return 1
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    print("-".join(passcode[at : at + 4] for at in range(0, len(passcode), 4)))
    print(
        f"启动文件在 {args.to}，{STARTER_DAYS} 天内有效，只用于一台电脑。"
        "口令只显示这一次，请与U盘分开交给对方：linli init --from-starter 文件 --staff 姓名",
        file=sys.stderr,
    )
    return 0


@contextmanager
def _central(args: argparse.Namespace) -> Iterator[Central]:
    """The server without its network; it may be running besides."""
    settings = settings_of(args)
    with storage_of(args) as storage:
        contents = Blobs(settings.data / BLOBS, settings.limits.attachments_gib << 30)
        central = Central(storage, folder=settings.data, blobs=contents)
        try:
            yield central
        finally:
            central.close()


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_FILE:
            raise BundleError(f"“{file.name}”太大，不像是从U盘导出的文件，没有接收。")
        return file.read_bytes()
    except OSError as error:
        raise BundleError(f"读不了“{file}”：{reason(error)[0]}。请检查U盘是否插好。") from error


def _try_out(file: Path) -> None:
    """Whether a file can be written there; BundleError in words if not."""
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> BundleError:
    return BundleError(f"“{file}”写不进去：{reason(error)[0]}。请检查U盘是否插好、有没有空间和写保护。")


def write_whole(file: Path, data: bytes) -> None:
    """Writes a file so that half of it never looks like the whole; BundleError in words."""
    beside = file.with_name(f".{file.name}.part")
    try:
        with beside.open("wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise _unwritable(file, error) from error
