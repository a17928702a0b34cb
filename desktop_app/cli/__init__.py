"""`linli`: the whole product without a screen.  It never imports Qt."""

import sys
from collections.abc import Sequence

from desktop_app.cli.parser import build
from desktop_app.cli.session import Session, interruptible
from desktop_app.shared.errors import AppError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code (`desktop_app.shared.errors`, 130 when it was stopped)."""
    arguments = build().parse_args(argv)
    session = Session(arguments)
    try:
        with interruptible():
            arguments.run(session)
    except AppError as error:
        session.out.error(error)
        return error.code
    except KeyboardInterrupt:
        session.out.stopped()
        return 130
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        return 0
    return session.code
