"""The least that is a desk: the real messages, the real signatures, the product's own client; no store.

For loads of hundreds of desks in one process, and under the bare store of the benchmark.
"""

import secrets
from dataclasses import dataclass, field

from desktop_app.sync.client import Client, Transport, new_key, public_key
from desktop_app.sync.wire import CODEC
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import EnrolRequest
from sync_protocol.messages import PAGE_ROWS, Ack, Batch, Change, Page, Place, Pull


@dataclass(slots=True)
class LightDesk:
    """A desk's side of the conversation.  A batch that got no answer is sent again, byte for byte."""

    client: Client
    place: Place = field(default_factory=Place)
    number: int = 0
    prev: str = ""
    nonce: str = ""
    following: str = ""
    frozen: bytes = b""
    requests: int = 0

    @classmethod
    def enrolled(cls, transport: Transport, code: str, name: str) -> "LightDesk":
        """A new desk."""
        key = new_key()
        identity = Client(transport).enrol(EnrolRequest(code, public_key(key), name))
        return cls(Client(transport, identity.scope, identity.device, key))

    def freeze(self, changes: list[Change]) -> bytes:
        """Makes the batch that goes out with the next exchange."""
        batch = Batch(self.client.scope, self.client.device, self.number + 1, self.prev, self.place, changes)
        self.frozen = CODEC.pack(batch.to_wire())
        return self.frozen

    def exchange(self, limit: int = PAGE_ROWS) -> tuple[Ack | None, Page]:
        """Sends what is frozen, takes a page.  Raises Refused or NetworkError; then it may simply be called again."""
        self.following = self.following or secrets.token_hex(6)
        self.requests += 1
        ack, page = self.client.sync(Pull(self.place, (self.nonce, self.following), limit), self.frozen)
        self.nonce, self.following = self.following, ""
        push = self.place.push
        if ack:
            self.number, self.prev, self.frozen = ack.batch, body_hash(self.frozen), b""
            push = (ack.last, ack.mark) if ack.last else push
        self.place = Place(page.epoch, page.to, (page.to, page.mark), push)
        return ack, page
