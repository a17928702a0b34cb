"""Who sits at an opened store, for whom a thread reads, and why it writes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_app.shared.actor import Actor, Seat


class Seated:
    """The part of a `Database` that knows people; what they may do is the matter of `desktop_app.accounts`."""

    def __init__(self) -> None:
        self.seat = Seat()
        self.set_up = False
        """Whether people sign in here although the file may know of no account: a backup of before, a repair."""
        self._told = threading.local()

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
