"""Waiting for an answer that somebody may give up at any moment, however long the other end is silent."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Final, TypeVar

T = TypeVar("T")
LOOK_S: Final = 0.1
"""Between two looks whether the answer is still wanted."""


def awaited(ask: Callable[[], T], mind: Callable[[], None]) -> T:
    """What `ask` gives or raises, or what `mind` raises meanwhile.

    A thread of its own asks, and is left to itself then: neither a name that cannot be resolved nor a connection
    without an answer can be interrupted on every system, and the end of a program waits for no such thread.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
            answer.set_exception(error)

    Thread(target=run, name="asking", daemon=True).start()
    while not wait((answer,), LOOK_S).done:
        mind()
    return answer.result()
