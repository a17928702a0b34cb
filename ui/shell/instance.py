"""One window per data folder: a second start hands its file to the first and ends. A stale lock does not block."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1000


class Instance(QObject):
    """`called(file)` in the first instance whenever another one was started."""

    called = Signal(str)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        mark = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
        self._name = f"linli-{mark}"
        self._lock = QLockFile(str(home / "window.lock"))
        self._lock.setStaleLockTime(0)  # the process is asked for, so a long-running window keeps its lock
        self.is_first = self._lock.tryLock(0) or (self._lock.removeStaleLockFile() and self._lock.tryLock(0))
        self.is_held = not self.is_first and self._lock.error() == QLockFile.LockError.LockFailedError
        """Whether another window has the folder; not the first and not held: the folder takes no lock, being read-only
        or full, which whoever opens the store says in words."""
        self._server = QLocalServer(self)
        self._callers: list[QLocalSocket] = []
        if self.is_first:
            QLocalServer.removeServer(self._name)
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
            self._server.newConnection.connect(self._answer)
            self._server.listen(self._name)

    def hand_over(self, file: str) -> bool:
        """Tell the first instance; False if it does not answer."""
        socket = QLocalSocket(self)
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        socket.write(file.encode() + b"\n")
        said = socket.waitForBytesWritten(_PATIENCE_MS)
        socket.disconnectFromServer()
        return said

    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        self._callers.append(socket)  # the server owns them; there are as many as there were second starts
        socket.readyRead.connect(self._listen)
        self._listen()

    def _listen(self) -> None:
        for socket in self._callers:
            while socket.canReadLine():
                self.called.emit(bytes(socket.readLine().data()).decode("utf-8", "replace").strip())

    def release(self) -> None:
        self._server.close()
        self._lock.unlock()
