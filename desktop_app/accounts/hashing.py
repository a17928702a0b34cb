"""Passwords and PINs as the store keeps them: Argon2id (RFC 9106), with the parameters and the salt in the string."""

import hmac
import os
from functools import cache
from hashlib import blake2b

from desktop_app.store import keys
from desktop_app.store.database import Database


def hashed(secret: str) -> str:
    """A secret as a PHC string; 100 to 250 ms on the machines of an office, so never on the thread of the window."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    parameters = keys.ARGON2
    return Argon2id(
        salt=os.urandom(16),
        length=32,
        iterations=parameters["iterations"],
        lanes=parameters["lanes"],
        memory_cost=parameters["memory_cost"],
    ).derive_phc_encoded(secret.encode())


def fits(secret: str, kept: str) -> bool:
    """Whether a secret is the one behind a PHC string; False for a string that is none."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(secret.encode(), kept)
    except (InvalidKey, ValueError, OverflowError, MemoryError):
        return False
    return True


@cache
def nobodys() -> str:
    """What is compared with where there is no such account: it takes as long as a wrong password."""
    return hashed(os.urandom(16).hex())


def mark(password: str) -> str:
    """What tells one kept password from another."""
    return blake2b(password.encode(), digest_size=8, person=b"password").hexdigest()


def bound(db: Database, pin: str, staff_id: str) -> str:
    """A PIN mixed with a secret of this store and whose it is: the kept hash alone can be tried nowhere else."""
    return hmac.new(db.derived_key("pin"), f"{staff_id}:{pin}".encode(), "sha256").hexdigest()


def subject(db: Database, login: str) -> str:
    """A sign-in name as failures are counted: a keyed hash, for people type their password in the wrong box."""
    return blake2b(login.encode(), digest_size=16, key=db.derived_key("sign-in")[:32]).hexdigest()


def token_hash(token: str) -> str:
    """What is kept of a session token."""
    return blake2b(token.encode(), digest_size=32, person=b"session").hexdigest()
