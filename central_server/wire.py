"""This side's codec."""

import orjson
import zstandard

from sync_protocol import codec

CODEC = codec.make(orjson, zstandard)
