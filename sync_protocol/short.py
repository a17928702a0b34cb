"""The short form of `/v1/sync`: what the long one says, in fewer bytes, for the many exchanges in which nothing is new.

One header instead of five, members of the two small messages by their place instead of by name.  The signature is over
the same text; its own failure tells of damage, so a request needs no hash.  A desk begins with the long form, and goes
on in the short one where an answer has told that it is understood (`OFFER`).
"""

import base64
import binascii
from typing import Any, Final

from sync_protocol import shapes, signing, versions
from sync_protocol.digests import body_hash
from sync_protocol.messages import PAGE_ROWS, Page, Pull
from sync_protocol.rows import columns_from_wire, rows_to_wire

HEADER: Final = "x-linli"
"""Of a request `<version>.<unit>.<device>.<counter>.<signature>`, of an answer the hash of its body; in base64url."""
OFFER: Final = "x-linli-short"
"""In an answer to the long form: the short one would be understood as well."""
_PARTS: Final = 5


def request_header(scope: int, device: int, counter: int, signature: bytes) -> str:
    """The value of the one header of a request."""
    return f"{versions.CURRENT}.{signing.device_name(scope, device)}.{counter}.{_text(signature)}"


def speaker(header: str) -> str:
    """Who a request says it is from, as the device header of the long form has it."""
    return ".".join(header.split(".", 3)[1:3])


def long_headers(header: str, body: bytes) -> dict[str, str]:
    """The headers the long form would have; what cannot be read is left out, and then missed."""
    parts = header.split(".")
    if len(parts) != _PARTS:
        return {}
    return {
        signing.HEADER_PROTOCOL: parts[0],
        signing.HEADER_DEVICE: f"{parts[1]}.{parts[2]}",
        signing.HEADER_COUNTER: parts[3],
        signing.HEADER_SIGNATURE: _bytes(parts[4]).hex(),
        signing.HEADER_HASH: body_hash(body),
    }


def answer_header(body: bytes) -> str:
    """The value of the one header of an answer."""
    return _text(bytes.fromhex(body_hash(body)))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


# ------------------------------------------------------------------------------------------------------------ messages


def fits(pull: Pull) -> bool:
    """Whether a pull can be said in the short form: the mark proves exactly the cursor, as it nearly always does."""
    return pull.place.mark[0] == pull.place.cur


def pull_to_wire(pull: Pull) -> list[Any]:
    """Epoch, cursor and its mark, number and mark of the last push, the two nonces; the limit where it is unusual."""
    place = pull.place
    usual = [place.epoch, place.cur, place.mark[1], *place.push, *pull.nonce]
    return usual if pull.limit == PAGE_ROWS else [*usual, pull.limit]


def pull_from_wire(raw: object) -> Pull:
    """The pull in a list, or BadMessage."""
    epoch, cur, mark, push, push_mark, last, following, limit = _filled(raw, [PAGE_ROWS], 8)
    message = {"epoch": epoch, "cur": cur, "mark": [cur, mark], "push": [push, push_mark]}
    return Pull.from_wire({**message, "nonce": [last, following], "limit": limit})


def page_to_wire(page: Page) -> list[Any]:
    """Epoch, where it ends and the mark of that, how much is left, clock, digest; then purged, pause, rows if any."""
    usual = [page.epoch, page.to, page.mark, page.head - page.to, page.now, page.digest]
    more: list[Any] = [page.purged, page.pause, rows_to_wire(page.rows)]
    while more and not more[-1]:
        more.pop()
    return usual + more


def page_from_wire(raw: object) -> Page:
    """The page in a list, or BadMessage."""
    epoch, to, mark, left, now, digest, purged, pause, groups = _filled(raw, [0, 0, []], 9)
    return Page(
        shapes.words(epoch, 64),
        shapes.whole(to),
        shapes.words(mark, 64),
        shapes.whole(shapes.whole(to) + shapes.whole(left)),
        shapes.moment(now),
        None if digest is None else shapes.signed(digest),
        columns_from_wire(groups),
        shapes.whole(purged),
        shapes.whole(pause),
    )


def _filled(raw: object, defaults: list[Any], count: int) -> list[Any]:
    """The members of a list whose last may be missing."""
    if not isinstance(raw, list) or not count - len(defaults) <= len(raw) <= count:
        raise shapes.BadMessage("not the list expected")
    return raw + defaults[len(raw) - count + len(defaults) :]
