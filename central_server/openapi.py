"""OpenAPI 3.1 of what desks and supervisors ask, built from the messages themselves; served at /openapi.json.

`python -m central_server.openapi > docs/openapi.json` keeps the copy in docs.
"""

import json
import sys
from dataclasses import dataclass
from typing import Any, Final

from central_server import schemas
from sync_protocol import signing, versions
from sync_protocol.refusals import Refused

JSON: Final = "application/json"
BINARY: Final = signing.CONTENT_TYPE
_FOR_ALL: Final = ("BAD_REQUEST", "DAMAGED", "NOT_FOUND", "TOO_LARGE", "UPGRADE", "BUSY", "SERVER_ERROR")
_FOR_DEVICES: Final = ("UNKNOWN_DEVICE", "BAD_SIGNATURE", "STALE", "REVOKED")


@dataclass(frozen=True, slots=True)
class Verb:
    """One request: path, what it is, shape of body and answer (names in `schemas`; None: framed bytes), refusals."""

    path: str
    words: str
    body: str | None
    answer: str | None
    codes: tuple[str, ...] = ()
    signed: bool = True
    note: str = ""


VERBS: Final = (
    Verb(
        "/v1/enrol",
        "A desk asks to be let in with a single-use code",
        "Enrol",
        "Identity",
        ("BAD_CODE", "OTHER_UNIT"),
        signed=False,
        note="OTHER_UNIT does not use the code up.",
    ),
    Verb("/v1/hello", "Who am I, and what are the limits", "Empty", "Hello"),
    Verb("/v1/renew", "A new identity for the same desk", "Renew", "Identity", ("SCOPE_GONE",)),
    Verb(
        "/v1/wait",
        "Wait for news",
        "Head",
        "News",
        ("SCOPE_GONE",),
        note="Answered as soon as the unit's head is above `cur`, or after so many seconds (55 at most, and where none "
        "are named) with the head as it is.",
    ),
    Verb(
        "/v1/repair",
        "Where two replicas differ",
        "Sums",
        None,
        ("SCOPE_GONE", "HISTORY"),
        note="Answer: zstd, schema Versions.",
    ),
    Verb("/v1/fetch", "Some records as they are now", "Wanted", None, ("SCOPE_GONE",), note="Answer: zstd, rows."),
    Verb(
        "/v1/units",
        "Communities a resident may move to, by words of the name or the first digits of the code",
        "Sought",
        "Found",
        ("SCOPE_GONE",),
        note="At most 20 open communities; none for an empty text.",
    ),
    Verb("/v1/blobs", "How much of some contents is here", "Ask", "Held"),
    Verb(
        "/v1/blob/put",
        "The next bytes of a content",
        None,
        "Taken",
        ("NO_CONTENT", "WRONG_OFFSET", "WRONG_CONTENT", "NO_SPACE"),
        note="Body: the part (JSON, schema Part) and the bytes, framed by 32-bit big-endian lengths.",
    ),
    Verb(
        "/v1/blob/get",
        "Some bytes of a content",
        "Part",
        None,
        ("NO_CONTENT",),
        note='Answer: `{"size": n}` and the bytes, framed by 32-bit big-endian lengths.',
    ),
    Verb(
        "/v1/sync",
        "Push a batch and pull a page",
        None,
        None,
        ("HISTORY", "CLONE", "LATE", "TOO_OLD", "FUSE", "SCOPE_GONE"),
        note="Body: two parts framed by 32-bit big-endian lengths, the pull (JSON, schema Pull) and the frozen batch "
        "(zstd of JSON, schema Batch; may be empty). Answer: the acknowledgement (zstd, schema Ack; empty when no "
        "batch was sent) and the page (zstd, schema Page), framed alike.  LATE answers only what came on a stick.",
    ),
)
"""Every request of the conversation.  A test holds this list to the routes of the server."""
PLAIN: Final = (
    ("/healthz", "The process is alive", "Health", ()),
    ("/readyz", "The storage answers", "Ready", ("503",)),
    ("/openapi.json", "This document", "Document", ()),
)
PATHS: Final = frozenset({verb.path for verb in VERBS} | {path for path, *_ in PLAIN} | {"/metrics"})


def document() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {verb.path: {"post": _post(verb)} for verb in VERBS}
    paths |= {path: {"get": _get(words, shape, failures)} for path, words, shape, failures in PLAIN}
    paths["/metrics"] = {"get": _metrics()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Linli Workstation, central server",
            "version": str(versions.CURRENT),
            "summary": "A mailbox with a counter; docs/protocol.md tells the duties of both sides",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.all_of_them().items())),
            "securitySchemes": {
                "device": {
                    "type": "apiKey",
                    "in": "header",
                    "name": signing.HEADER_SIGNATURE,
                    "description": "Ed25519 over METHOD|path|device|counter|BLAKE2b-256(body), in hex",
                },
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _post(verb: Verb) -> dict[str, Any]:
    found = {
        "summary": verb.words,
        "operationId": verb.path.removeprefix("/v1/").replace("/", "_"),
        "parameters": [_header(name, words) for name, words in _headers(verb)],
        "requestBody": {"required": True, "content": {**_content(verb.body)}},
        "responses": {
            "200": {
                "description": "Taken",
                "headers": {signing.HEADER_HASH: {"schema": {"type": "string"}}},
                "content": _content(verb.answer),
            },
            **_refusals((*_FOR_ALL, *(_FOR_DEVICES if verb.signed else ()), *verb.codes)),
        },
        "security": [{"device": []}] if verb.signed else [],
    }
    if verb.note:
        found["description"] = verb.note
    return found


def _headers(verb: Verb) -> list[tuple[str, str]]:
    always = [(signing.HEADER_PROTOCOL, "version of the protocol"), (signing.HEADER_HASH, "BLAKE2b-128 of the body")]
    signed = [
        (signing.HEADER_DEVICE, "<unit>.<device>"),
        (signing.HEADER_COUNTER, "grows from request to request"),
        (signing.HEADER_SIGNATURE, "in hex"),
    ]
    return always + (signed if verb.signed else [])


def _header(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}


def _content(shape: str | None) -> dict[str, Any]:
    if shape is None:
        return {BINARY: {"schema": {"type": "string", "format": "binary"}}}
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{shape}"}}}


def _refusals(codes: tuple[str, ...]) -> dict[str, Any]:
    """The answers other than 200, several codes under one status."""
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(Refused(code).status), []).append(code)
    return {
        status: {"description": ", ".join(some), "content": _content("Refusal")}
        for status, some in sorted(by_status.items())
    }


def _get(words: str, shape: str, failures: tuple[str, ...]) -> dict[str, Any]:
    answers = {status: {"description": words, "content": _content(shape)} for status in ("200", *failures)}
    return {"summary": words, "responses": answers, "security": []}


def _metrics() -> dict[str, Any]:
    text = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "summary": "Numbers for Prometheus, for this machine or with the token",
        "responses": {
            "200": {"description": "Numbers", "content": text},
            "404": {"description": "Not for you", "content": {JSON: {"schema": {"type": "object"}}}},
        },
        "security": [{"token": []}, {}],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), ensure_ascii=False, indent=1) + "\n")
