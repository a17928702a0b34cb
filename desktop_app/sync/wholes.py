"""Connections that send the head of a request together with its body: one packet where urllib3 alone makes two."""

from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_LONGEST_JOINED = 64 << 10
"""A longer body goes by itself: it fills packets anyway, and nothing of it is copied."""


class _Whole(HTTPConnection):
    _head = b""

    def send(self, data: Any) -> None:
        if not self._head and isinstance(data, bytes) and data.startswith(b"POST ") and data.endswith(b"\r\n\r\n"):
            self._head = data
            return
        head, self._head = self._head, b""
        if head and len(data) > _LONGEST_JOINED:
            super().send(head)
            super().send(data)
        else:
            super().send(head + data if head else data)

    def getresponse(self) -> Any:
        if self._head:  # there was no body
            head, self._head = self._head, b""
            super().send(head)
        return super().getresponse()

    def close(self) -> None:
        self._head = b""
        super().close()


class _SecureWhole(_Whole, HTTPSConnection):
    pass


class Pool(HTTPConnectionPool):
    """In the clear."""

    ConnectionCls = _Whole


class SecurePool(HTTPSConnectionPool):
    """Over TLS."""

    ConnectionCls = _SecureWhole
