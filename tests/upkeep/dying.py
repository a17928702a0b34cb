"""A process that is killed at a chosen step: before the n-th time it changes anything outside itself."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import sqlcipher3

from desktop_app.store import connecting, keys

SURVIVED = 7


def die_at(step: int, work: Callable[[], object]) -> bool:
    """Forks; the child does the work and ends without a word at that step.  Returns whether it came to its end."""
    pid = os.fork()
    if not pid:
        _be_mortal(step)
        try:
            work()
        except BaseException as error:  # noqa: BLE001 whatever it is, the parent is told by the code
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(SURVIVED)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {9, SURVIVED}, code
    return code == SURVIVED


def _be_mortal(step: int) -> None:
    steps = count()

    def mortal(function):
        def do(*args, **kwargs):
            if next(steps) == step:
                os._exit(9)
            return function(*args, **kwargs)

        return do

    for name in ("replace", "unlink", "rename", "mkdir"):
        setattr(Path, name, mortal(getattr(Path, name)))
    keys.PassphraseSecrets.put = mortal(keys.PassphraseSecrets.put)
    os.fsync = mortal(os.fsync)

    class Mortal(sqlcipher3.dbapi2.Connection):
        """Dies before a statement that writes."""

        def execute(self, sql, *args):
            if sql.split(None, 1)[0].upper() not in {"SELECT", "PRAGMA"} or "rekey" in sql or "journal_mode" in sql:
                return mortal_execute(self, sql, *args)
            return super().execute(sql, *args)

    mortal_execute = mortal(sqlcipher3.dbapi2.Connection.execute)
    real = sqlcipher3.dbapi2.connect
    connecting.sqlcipher3.dbapi2.connect = lambda *args, **kwargs: real(*args, factory=Mortal, **kwargs)
