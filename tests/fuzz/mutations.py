"""What can be wrong with a message: its values, its JSON, its frame of zstd, its bytes.  One seed, one mistake.

`spoilt` changes a message that was right at one or two nodes; `text` writes it down, also with what no writer of JSON
would write; `packed` compresses it in one of many ways that are not ours.
"""

import json
import random
import struct
import zlib
from functools import cache
from typing import Any, Final, NamedTuple

import zstandard


class Raw(NamedTuple):
    """A piece of JSON as it is to be written, right or wrong."""

    written: bytes


def nested(depth: int) -> Raw:
    return Raw(b"[" * depth + b"]" * depth)


NUMBERS: Final = (0, 1, -1, 2, 255, 65_536, 1 << 31, (1 << 53) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, -(1 << 63))
ODD_NUMBERS: Final = tuple(
    Raw(one)
    for one in (b"1.5", b"1.0", b"-0", b"-0.0", b"1e400", b"1e-400", b"NaN", b"Infinity", b"9" * 400, b"01", b"0x10")
)
TEXTS: Final = (
    *("", " ", "0", "1", "-1", "1,2", "*", "null", "a" * 64, "a" * 300, "长" * 70_000, "\x00", "a\x00b", "\u202e居民"),
    *("😀", "e\u0301", "\ufeff", "../../x", "' OR 1=1 --", '"; DROP TABLE person; --', "%s%n", "{}", "\n", "٣", "²"),
    *("id", "sync_seq", "sync_del", "scope", "local_no", "rowid", "person", "conflict", "erasure", "transfer"),
    *("account", "setting", "sync_state", "sqlite_master", "person_fts", "audit", "zh"),
)
ODD_TEXTS: Final = tuple(
    Raw(one)
    for one in (b'"\\ud800"', b'"\\udc00x"', b'"\xff\xfe"', b'"\\u0000"', b'"\x01"', b'"', b'"\\x"', b'"\xed\xa0\x80"')
)
SHAPES: Final = (None, True, False, [], {}, [[]], [None], [0], ["a"], {"a": 1}, {"": None}, [0, "x", None, {}])
DEEP: Final = (nested(40), nested(1500), nested(100_000), Raw(b'{"a":' * 3000 + b"1" + b"}" * 3000))
VALUES: Final = (*NUMBERS, *ODD_NUMBERS, *TEXTS, *ODD_TEXTS, *SHAPES, *DEEP)
KINDS: Final = (*[NUMBERS] * 4, *[TEXTS] * 5, *[SHAPES] * 4, ODD_NUMBERS, ODD_TEXTS, DEEP)


# ------------------------------------------------------------------------------------------------------------- messages

Path = tuple[Any, ...]


def nodes(message: Any, at: Path = ()) -> list[Path]:
    """The way to every node of a message."""
    found = [at]
    if isinstance(message, dict):
        steps = list(message.items())
    else:
        steps = list(enumerate(message)) if isinstance(message, list) else []
    for name, inner in steps:
        found += nodes(inner, (*at, name))
    return found


def spoilt(chance: random.Random, message: Any, *among: str) -> Any:
    """A copy of a message with a mistake in it; rarely two.  `among`: beneath members of these names, if any."""
    found = json.loads(json.dumps(message))
    for _ in range(1 if chance.random() < 0.8 else 2):
        ways = [at for at in nodes(found) if not among or set(among) & set(at[:-1])]
        if ways:
            found = _once(chance, found, chance.choice(ways))
    return found


def replaced(message: Any, at: Path, value: Any) -> Any:
    """A copy of a message with another value at one node."""
    if not at:
        return value
    copy = dict(message) if isinstance(message, dict) else list(message)
    copy[at[0]] = replaced(copy[at[0]], at[1:], value)
    return copy


def _once(chance: random.Random, message: Any, at: Path) -> Any:
    here: Any = message
    for step in at:
        here = here[step]
    changes: list[Any] = [lambda: chance.choice(chance.choice(KINDS))] * 4
    changes += [lambda: [here], lambda: _elsewhere(chance, message)]
    if isinstance(here, dict) and here:
        changes += [lambda: _less(chance, here), lambda: _renamed(chance, here), lambda: _twice_named(chance, here)]
    if isinstance(here, list):
        changes += [lambda: here + here, lambda: here[:-1], lambda: [*here, chance.choice(VALUES)], lambda: here[::-1]]
    if isinstance(here, int):
        changes += [lambda: here + 1, lambda: here - 1, lambda: -here, lambda: str(here), lambda: float(here)]
    if isinstance(here, str):
        changes += [lambda: here + "x", lambda: here[:-1], lambda: here * 300, here.upper]
    return replaced(message, at, chance.choice(changes)())


def _elsewhere(chance: random.Random, message: Any) -> Any:
    """What stands at another node."""
    for step in chance.choice(nodes(message)):
        message = message[step]
    return message


def _less(chance: random.Random, here: dict[str, Any]) -> dict[str, Any]:
    gone = chance.choice(list(here))
    return {name: value for name, value in here.items() if name != gone}


def _renamed(chance: random.Random, here: dict[str, Any]) -> dict[str, Any]:
    other = chance.choice(list(here))
    return {(chance.choice(TEXTS) if name == other else name): value for name, value in here.items()}


def _twice_named(chance: random.Random, here: dict[str, Any]) -> Raw:
    """An object that names one of its members twice."""
    extra = text({chance.choice(list(here)): chance.choice(VALUES)})
    return Raw(extra[:-1] + b"," + text(here)[1:])


def text(message: Any) -> bytes:
    """JSON as it was meant, right or wrong."""
    raws: list[bytes] = []

    def plain(node: Any) -> Any:
        if isinstance(node, Raw):
            raws.append(node.written)
            return f"@raw{len(raws) - 1}@"
        if isinstance(node, dict):
            return {name: plain(inner) for name, inner in node.items()}
        return [plain(inner) for inner in node] if isinstance(node, list) else node

    written = json.dumps(plain(message), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    for at, raw in enumerate(raws):
        written = written.replace(f'"@raw{at}@"'.encode(), raw)
    return written


# --------------------------------------------------------------------------------------------------------------- frames

SKIPPABLE: Final = struct.pack("<II", 0x184D2A50, 5) + b"hello"
MAGIC: Final = 0xFD2FB528


def good(data: bytes) -> bytes:
    """As both sides do it."""
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(data)


@cache
def much(of: bytes) -> bytes:
    """Twelve megabytes of one byte: more than a batch may unpack to."""
    return good(of * (12 << 20))


def packed(chance: random.Random, data: bytes) -> bytes:
    """A frame that is none of ours, or is damaged; now and then one that is."""
    compress = zstandard.ZstdCompressor
    ways = (
        lambda: good(data),
        lambda: compress(level=19).compress(data),
        lambda: compress(write_content_size=False).compress(data),
        lambda: SKIPPABLE + good(data),
        lambda: good(data) + SKIPPABLE,
        lambda: good(data) + good(data),
        lambda: good(data[: len(data) // 2]) + good(data[len(data) // 2 :]),
        lambda: good(good(data)),
        lambda: data,
        lambda: zlib.compress(data),
        lambda: b"",
        lambda: good(b""),
        lambda: good(bytes(1 << 16)),
        lambda: much(b"\0"),
        lambda: much(b"["),
        lambda: much(b" "),
        lambda: _lying(chance, data),
        lambda: _wide(chance, data),
        lambda: _with_dictionary(data),
        lambda: damaged(chance, good(data)),
        lambda: damaged(chance, good(data)),
        lambda: damaged(chance, compress(level=3).compress(data)),  # without a checksum
    )
    return chance.choice(ways)()


def _lying(chance: random.Random, data: bytes) -> bytes:
    """A frame that declares another size than it has: at worst exabytes."""
    size = chance.choice((0, 1, len(data) - 1, len(data) + 1, 1 << 40, (1 << 64) - 1)) % (1 << 64)
    whole = zstandard.ZstdCompressor(write_content_size=False).compress(data)
    return struct.pack("<IBQ", MAGIC, 0xE0, size) + whole[6:]  # one segment, eight bytes of size


def _wide(chance: random.Random, data: bytes) -> bytes:
    """A frame that asks for a window of up to terabytes."""
    whole = zstandard.ZstdCompressor(write_content_size=False).compress(data)
    return whole[:5] + bytes([chance.choice((0x00, 0x68, 0x70, 0x88, 0xA8, 0xFF))]) + whole[6:]


def _with_dictionary(data: bytes) -> bytes:
    words = zstandard.ZstdCompressionDict("居民社区楼栋网格".encode() * 50, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(dict_data=words).compress(data)


def damaged(chance: random.Random, data: bytes) -> bytes:
    """Bytes with one thing wrong: cut off, continued, a bit turned over, a piece doubled, taken out or made up."""
    if not data:
        return chance.randbytes(chance.randrange(1, 20))
    at, size = chance.randrange(len(data)), chance.randrange(1, 9)
    near = min(at, chance.choice((len(data), 16)) - 1)
    flipped = bytearray(data)
    flipped[near] ^= 1 << chance.randrange(8)
    ways = (
        bytes(flipped),
        bytes(flipped),
        data[:at],
        data + chance.randbytes(size),
        data[:at] + data[at + size :],
        data[: at + size] + data[at:],
        data[:near] + chance.randbytes(size) + data[near + size :],
        data[:near] + b"\xff" * 4 + data[near + 4 :],
        chance.randbytes(chance.choice((0, 1, 4, 8, 60))),
    )
    return chance.choice(ways)
