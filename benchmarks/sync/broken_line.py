"""A stretch of network that breaks when it is told: between a desk and its server, for any protocol over TCP."""

import contextlib
import socket
import threading
from typing import Final

CHUNK: Final = 4096


class BrokenLine:
    """Carries bytes both ways, counts them, and cuts the connection at a given byte of either direction, once.

    A cut on the way down comes after the server has done its work: that is a lost reply.
    """

    def __init__(self, port: int) -> None:
        self._far = ("127.0.0.1", port)
        self.up = self.down = 0
        self.cut_up: int | None = None
        self.cut_down: int | None = None
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def heal(self) -> None:
        """Carries everything again, and counts from zero."""
        self.cut_up = self.cut_down = None
        self.up = self.down = 0

    def close(self) -> None:
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                try:
                    far = socket.create_connection(self._far)
                except OSError:
                    near.close()
                    continue
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._carry, args=(near, far, "up"), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, "down"), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(CHUNK):
                with self._lock:
                    before = getattr(self, way)
                    setattr(self, way, before + len(part))
                    limit = getattr(self, f"cut_{way}")
                    if limit is not None and before + len(part) > limit:
                        setattr(self, f"cut_{way}", None)  # one cut: whoever comes back at once gets through
                if limit is not None and before + len(part) > limit:
                    sink.sendall(part[: max(0, limit - before)])
                    break
                sink.sendall(part)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
