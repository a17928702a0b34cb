"""This side's cryptography for files that travel on a stick."""

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync_protocol import bundle

CRYPTO = bundle.make(x25519, ed25519, AESGCM, (InvalidTag, InvalidSignature, ValueError))
