"""JSON Schemas of the messages, for the interface description; a test holds them to what the two sides really say."""

from typing import Any, Final

from central_server import units
from sync_protocol import blobs, enrolment, messages, repair
from sync_protocol.digests import BUCKETS
from sync_protocol.refusals import REFUSALS
from sync_protocol.shapes import LARGEST

Schema = dict[str, Any]
_WHOLE: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": LARGEST}
_TEXT: Final[Schema] = {"type": "string"}
_ID: Final[Schema] = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"}
_NAME: Final[Schema] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"}
_WORD: Final[Schema] = {"type": "string", "maxLength": 64}
_KEY: Final[Schema] = {"type": "string", "pattern": "^[0-9a-fA-F]{64}$", "description": "raw Ed25519 public key"}
_MARK: Final[Schema] = {"type": "array", "prefixItems": [_WHOLE, _WORD], "minItems": 2, "maxItems": 2}
_VALUE: Final[Schema] = {"type": ["string", "integer", "number", "boolean", "null"]}
_BY: Final[Schema] = {"anyOf": [_ID, {"type": "null"}]}


def _list(of: Schema, **more: object) -> Schema:
    return {"type": "array", "items": of, **more}


def _object(members: dict[str, Schema], *optional: str) -> Schema:
    needed = [name for name in members if name not in optional]
    return {"type": "object", "properties": members, "required": needed}


_PLACE: Final[dict[str, Schema]] = {"epoch": _WORD, "cur": _WHOLE, "mark": _MARK, "push": _MARK}
_UNITS: Final = _list({"type": "array", "prefixItems": [_WHOLE, _TEXT, _TEXT]}, description="number, name, kind")
_IDENTITY: Final[dict[str, Schema]] = {
    "device": _WHOLE,
    "ordinal": _WHOLE,
    "scope": _WHOLE,
    "unit": _TEXT,
    "name": _TEXT,
    "now": _WHOLE,
    "kind": {"enum": list(enrolment.UNIT_KINDS)},
    "units": _UNITS,
    "sign_key": _WORD,
    "seal_key": _WORD,
    "desks": _list(
        {"type": "array", "prefixItems": [_WHOLE, _TEXT], "minItems": 2, "maxItems": 2},
        description="device and name, the latest first",
    ),
    "limits": {"type": "object"},
}
_SIGNED: Final[Schema] = {"type": "integer", "minimum": -LARGEST - 1, "maximum": LARGEST}
_BLOB: Final[Schema] = {
    "type": "array",
    "prefixItems": [_ID, {"type": "string", "pattern": "^[0-9a-f]{64}$"}],
    "minItems": 2,
    "maxItems": 2,
    "description": "the record that has it, SHA-256",
}
_HELD: Final[Schema] = {"type": "array", "prefixItems": [{"enum": list(blobs.STATES)}, _WHOLE]}
_ROWS: Final = _list(
    _object(
        {
            "t": _NAME,
            "gone": {"enum": [kind.value for kind in messages.Gone]},
            "home": {**_WHOLE, "description": "the unit it belongs to; 0: the receiver's own"},
            "cols": _list(_NAME),
            "pk": _list(_ID),
            "seq": _list(_WHOLE),
            "ts": _list(_WHOLE),
            "dev": _list(_WHOLE),
            "by": _list(_BY),
            "v": _list(_list(_VALUE), description="one list per column"),
        }
    )
)
_CHANGES: Final = _list(
    _object(
        {
            "t": _NAME,
            "op": {"enum": list(messages.OPS)},
            "cols": _list(_NAME),
            "pk": _list(_ID),
            "base": _list(_WHOLE),
            "ts": _list(_WHOLE),
            "by": _list(_BY),
            "fb": {"type": "object", "description": "row → field → base, where it differs from that of the row"},
            "v": _list(_list(_VALUE), description="one list per column"),
        }
    )
)


def _reading() -> dict[str, Schema]:
    key: Schema = {"type": "array", "prefixItems": [_NAME, _ID], "minItems": 2, "maxItems": 2}
    return {
        "Head": _object({"cur": _WHOLE, "seconds": _WHOLE}, "seconds"),
        "News": _object({"head": _WHOLE}),
        "Sums": _object(
            {
                "sums": _list(_SIGNED, minItems=BUCKETS, maxItems=BUCKETS),
                "deep": {"type": "boolean"},
                "place": {**_object(_PLACE), "description": "proves the common past (HISTORY)"},
            },
            "place",
        ),
        "Versions": _object({"epoch": _WORD, "head": _WHOLE, "buckets": _list(_WHOLE), "groups": _ROWS}),
        "Wanted": _object({"keys": _list(key, maxItems=repair.FETCH_ROWS)}),
        "Sought": _object({"text": {"type": "string", "maxLength": units.LONGEST_NAME}}),
        "Found": _object({"units": _UNITS}),
    }


def _contents() -> dict[str, Schema]:
    return {
        "Ask": _object({"ask": _list(_BLOB, maxItems=blobs.ASKED_AT_ONCE)}),
        "Held": _object({"blobs": _list(_HELD)}),
        "Part": _object({"blob": _BLOB, "offset": _WHOLE, "count": _WHOLE}),
        "Taken": _object({"blob": _HELD}),
    }


def _exchange() -> dict[str, Schema]:
    return {
        "Pull": _object({**_PLACE, "nonce": _list(_WORD, minItems=2, maxItems=2), "limit": _WHOLE}),
        "Batch": _object(
            {
                "v": _WHOLE,
                "scope": _WHOLE,
                "dev": _WHOLE,
                "batch": _WHOLE,
                "prev": _WORD,
                "sure": {"type": "boolean", "description": "a person confirmed many deletions"},
                **_PLACE,
                "groups": _CHANGES,
            }
        ),
        **_answers(),
    }


def _answers() -> dict[str, Schema]:
    return {
        "Ack": _object(
            {
                "batch": _WHOLE,
                "epoch": _WORD,
                "fin": _list(_WHOLE, description="the number each change got; 0: not taken"),
                "last": _WHOLE,
                "mark": _WORD,
                "contig": {"type": "boolean"},
                "auth": _ROWS,
                "refused": _list(
                    {"type": "array", "prefixItems": [_WHOLE, _WORD], "description": "index of the change, code"}
                ),
            }
        ),
        "Page": _object(
            {
                "epoch": _WORD,
                "to": _WHOLE,
                "mark": _WORD,
                "head": _WHOLE,
                "now": _WHOLE,
                "digest": {"type": ["integer", "null"]},
                "purged": {**_WHOLE, "description": "tombstones up to here are forgotten"},
                "pause": {**_WHOLE, "description": "seconds not to come back by oneself"},
                "groups": _ROWS,
            }
        ),
    }


def all_of_them() -> dict[str, Schema]:
    """Every named shape."""
    return {
        "Empty": {"type": "object"},
        "Enrol": _object(
            {
                "code": {"type": "string", "maxLength": 40, "description": f"{enrolment.CODE_LENGTH} characters"},
                "key": _KEY,
                "name": {"type": "string", "maxLength": 80},
                "unit": {**_WHOLE, "description": "whose data the desk has; 0 or absent: nobody's"},
            },
            "unit",
        ),
        "Renew": _object({"key": _KEY}),
        "Identity": _object(_IDENTITY),
        "Hello": _object({**_IDENTITY, "protocol": {"type": "object"}}),
        **_exchange(),
        "Refusal": _object(
            {
                "code": {"type": "string", "examples": sorted(REFUSALS)},
                "message": _TEXT,
                "retry_after": _WHOLE,
                "info": {"type": "object"},
            },
            "retry_after",
            "info",
        ),
        **_reading(),
        **_contents(),
        "Health": _object({"service": {"const": "linli-central"}, "ok": {"type": "boolean"}}),
        "Ready": _object({"ready": {"type": "boolean"}}),
        "Document": {"type": "object"},
    }
