"""The server's own keys: desks seal to one what travels on a stick, and know its answers by the other."""

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from central_server import private

FILE: Final = "server-keys.json"


@dataclass(frozen=True)
class ServerKeys:
    """Two private keys of 32 raw bytes: `sign` is Ed25519, `seal` is X25519."""

    sign: bytes
    seal: bytes

    @cached_property
    def public(self) -> dict[str, str]:
        """Their public halves in hex, as desks are told them."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return {
            "sign": Ed25519PrivateKey.from_private_bytes(self.sign).public_key().public_bytes_raw().hex(),
            "seal": X25519PrivateKey.from_private_bytes(self.seal).public_key().public_bytes_raw().hex(),
        }


def server_keys(folder: Path) -> ServerKeys:
    """The keys in a data folder, made when they are first asked for.  Workers that start together get the same."""
    fresh = {"sign": os.urandom(32).hex(), "seal": os.urandom(32).hex()}
    found: Any = json.loads(made_once(folder / FILE, json.dumps(fresh).encode()))
    return ServerKeys(bytes.fromhex(found["sign"]), bytes.fromhex(found["seal"]))


def made_once(path: Path, fresh: bytes) -> bytes:
    """The content of a file nobody else may read, written if there is none; whoever comes second gets the first's."""
    if path.exists():
        return path.read_bytes()
    private.make_inner_folder(path.parent)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = private.opened(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path.read_bytes()
