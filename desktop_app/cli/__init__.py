"""`linli`: the whole product without a screen.  It never imports Qt."""

import io
import os
import sys
from collections.abc import Sequence

from desktop_app.cli.output import Output
from desktop_app.cli.parser import build
from desktop_app.cli.session import Session, interruptible
from desktop_app.shared.errors import AppError, UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code (`desktop_app.shared.errors`, 130 when it was stopped)."""
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_unicode()
    try:
        arguments = build().parse_args(words)
    except UsageError as error:
        Output(as_json="--json" in words, as_lines="--json-progress" in words).error(error)
        return error.code
    session = Session(arguments)
    try:
        with interruptible():
            arguments.run(session)
        sys.stdout.flush()
    except AppError as error:
        session.out.error(error)
        return error.code
    except KeyboardInterrupt:
        session.out.stopped()
        return 130
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it is flushed at the end
        return 0
    except OSError as error:
        from desktop_app.store.problems import known_as

        if (told := known_as(error)) is None:
            raise
        session.out.error(told)
        return told.code
    return session.code


def _speak_unicode() -> None:
    """Into a file or a pipe always UTF-8, which the window reads; a terminal gets what it can show (㛃 may be a ?)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace") if stream.isatty() else stream.reconfigure(encoding="utf-8")
