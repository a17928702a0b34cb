"""Who sits at an opened store, for whom a thread reads, and why it writes."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from desktop_app.shared.actor import Actor, Seat
from desktop_app.shared.errors import LockedError

_MOST_PUT_OFF: Final = 60
_log: Final = logging.getLogger("linli.store")


class Seated:
    """The part of a `Database` that knows people; what they may do is the matter of `desktop_app.accounts`."""

    def __init__(self) -> None:
        self.seat = Seat()
        self.set_up = False
        """Whether people sign in here although the file may know of no account: a backup of before, a repair."""
        self._told = threading.local()
        self._writing = threading.RLock()
        self._in_passing = False
        """Whether the writer under way does not wait for another process; only who holds `_writing` sets it."""
        self._put_off: deque[Callable[[], None]] = deque(maxlen=_MOST_PUT_OFF)

    @property
    def viewer(self) -> Actor | None:
        """For whom this thread reads: whoever is signed in, unless `viewing` says otherwise; None for nobody."""
        told: Actor | None = getattr(self._told, "viewer", None)
        return told or self.seat.actor

    @contextmanager
    def viewing(self, viewer: Actor) -> Iterator[None]:
        """This thread reads for somebody else: the sync, the timers and the migrations for the system."""
        before = getattr(self._told, "viewer", None)
        self._told.viewer = viewer
        try:
            yield
        finally:
            self._told.viewer = before

    @contextmanager
    def acting(self, actor: Actor, rights: str) -> Iterator[None]:
        """This thread does what needs these rights: it reads for whoever acts, and its journal keeps what was asked."""
        before = self.asked
        self._told.asked = (*before, rights) if rights else before
        self._told.acting = self._acting + 1
        try:
            with self.viewing(actor):
                yield
        finally:
            self._told.acting -= 1
            self._told.asked = before

    @property
    def asked(self) -> tuple[str, ...]:
        """The rights that were asked for what this thread does; alternatives have `|` between them."""
        told: tuple[str, ...] = getattr(self._told, "asked", ())
        return told

    @property
    def _acting(self) -> int:
        return int(getattr(self._told, "acting", 0))

    def note_asked(self, rights: str) -> None:
        """Within an action: that another right was asked for, and held."""
        if self._acting and rights not in self.asked:
            self._told.asked = (*self.asked, rights)

    @contextmanager
    def _within(self) -> Iterator[None]:
        """While this thread is in a transaction; what was put off until then is done behind it."""
        later: list[Callable[[], None]] = []
        self._told.later = later
        try:
            yield
        finally:
            self._told.later = None
            self._put_off.extend(later)
            self._catch_up()

    def afterwards(self, work: Callable[[], None]) -> None:
        """Does something small that writes, and waits for nobody: now, or once this thread's transaction has ended.

        While somebody else writes it stays in memory until this process has written next, or closes the store.
        """
        mine = partial(self._by_itself, work, self.reason)
        later: list[Callable[[], None]] | None = getattr(self._told, "later", None)
        if later is not None:
            later.append(mine)
            return
        self._put_off.append(mine)
        self._catch_up()

    def _by_itself(self, work: Callable[[], None], reason: str) -> None:
        """Does what was put off, for the reason it was asked for.

        Whoever happens to do it lends it neither rights nor reason, and does not hear of it when it fails: what he
        did himself is kept, or has failed, for its own reasons.
        """
        told = vars(self._told)
        before = dict(told)
        told.clear()
        told["reason"] = reason
        try:
            work()
        except LockedError:
            raise
        except Exception as error:  # noqa: BLE001 - the transaction before it must not seem to have failed
            _log.error("what was put off failed: %s", type(error).__name__)
        finally:
            told.clear()
            told.update(before)

    def _catch_up(self) -> None:
        """Does what was put off, as far as nobody else writes."""
        if not self._put_off or not self._writing.acquire(blocking=False):
            return
        outer = self._in_passing  # then one of them has just written, and the others follow
        self._in_passing = True
        try:
            while self._put_off and not outer:
                work = self._put_off.popleft()
                try:
                    work()
                except LockedError:  # another process writes
                    self._put_off.appendleft(work)
                    return
        finally:
            self._in_passing = outer
            self._writing.release()

    @property
    def reason(self) -> str:
        """Why this thread does what it does, as far as somebody said so."""
        return str(getattr(self._told, "reason", ""))

    @contextmanager
    def because(self, why: str) -> Iterator[None]:
        """What this thread does meanwhile has this reason where it brings none of its own; the audit trail keeps it."""
        before = self.reason
        self._told.reason = why.strip()
        try:
            yield
        finally:
            self._told.reason = before
