"""`linli-central`: starts the server and does what an administrator needs.

linli-central serve                                     everything has a default
linli-central enrol-code --scope 420299001001 --name 红旗桥社区
linli-central devices
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence

from central_server.cli import faults
from central_server.cli.opening import open_storage
from central_server.cli.parser import build
from central_server.config import ConfigError
from central_server.console.accounts import AccountError
from central_server.units import UnitError

__all__ = ["main", "open_storage"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    args = build().parse_args(argv)
    verb: Callable[..., int] = args.verb
    try:
        try:
            return verb(args)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it is flushed at the end
        return 0
    except (ConfigError, UnitError, AccountError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(faults.os_words(error, args.data), file=sys.stderr)
    except sqlite3.Error as error:
        print(faults.database_words(error, args.data), file=sys.stderr)
    except RuntimeError as error:
        print(f"无法打开数据文件夹 {args.data or ''}：{error}\n{faults.SAFE}", file=sys.stderr)
    return 1
