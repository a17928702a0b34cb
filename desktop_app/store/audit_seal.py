"""The head of the audit trail, kept with the secrets of the desk and not in the file: a cut or rewritten file differs.

What is sealed: which trail, its last line, the chain value there (which stands for every line above) and how many lines
there are.  A repair of a damaged file signs what it could not read with a key that is kept there too, so that a line
of the file alone excuses nothing.

What this cannot do: whoever has the file, its key *and* the secrets (the passphrase, or the keyring of the signed-in
user) can seal anew what he rewrote.  Then the proofs at the other desks and the server are left (`store.anchors`).
"""

import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from desktop_app.shared.errors import AppError
from desktop_app.store.anchors import TRAIL
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore

KEY: Final = "audit"
HEAD: Final = "audit-head"
EVERY_MS: Final = 10 * 60_000
"""While the store is open the head is sealed again after a change, at most so often; and whenever it is closed."""
_MOST_EARLIER: Final = 20
_SIGNATURE: Final = 32


@dataclass(frozen=True, slots=True)
class Head:
    """Line `no` of the trail, its chain value in hex, how many lines there are up to it; sealed at (UTC ms)."""

    trail: str
    no: int
    chain: str
    lines: int
    at: int


class Seal:
    """The sealed head of one store."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets
        self._kept_at = 0

    def head(self) -> Head | None:
        """What was sealed last."""
        found = self._read()["head"]
        return Head(**found) if found else None

    def earlier(self) -> list[Head]:
        """Heads that a restored backup or a repair left behind, the newest last."""
        return [Head(**one) for one in self._read()["earlier"]]

    def _read(self) -> dict[str, Any]:
        found = self._secrets.get(HEAD)
        return json.loads(found) if found else {"head": None, "earlier": []}

    def keep(self, db: Database) -> bool:
        """Seals the head as it is now; not over a trail that does not go on from what was sealed, which a check tells.

        Whatever the keyring says is no reason to stop working.
        """
        with suppress(AppError):
            now, content = head_of(db), self._read()
            before = Head(**content["head"]) if content["head"] else None
            if now is None or (before and (before.no >= now.no or not continues(db, before))):
                return False
            self._secrets.put(HEAD, json.dumps(content | {"head": asdict(now)}).encode())
            return True
        return False

    def restart(self, db: Database) -> None:
        """Seals anew after a restore or a repair, and remembers what was sealed before, so that a check can say so."""
        content = self._read()
        earlier = [*content["earlier"], *([content["head"]] if content["head"] else [])][-_MOST_EARLIER:]
        now = head_of(db)
        told = {"head": asdict(now) if now else None, "earlier": earlier}
        self._secrets.put(HEAD, json.dumps(told).encode())

    def now_and_then(self, db: Database) -> Callable[[frozenset[str]], None]:
        """To be called after commits."""

        def changed(_tables: frozenset[str]) -> None:
            now = db.clock.ms()
            if not 0 <= now - self._kept_at < EVERY_MS:
                self._kept_at = now
                self.keep(db)

        return changed

    # ------------------------------------------------------------------------------------------------------- signatures

    def sign(self, no: int, at: int, words: str) -> str:
        """A signature of what line `no` says; nobody without the secrets can make one."""
        from os import urandom

        key = self._secrets.get(KEY)
        if key is None:
            key = urandom(32)
            self._secrets.put(KEY, key)
        return _mac(key, no, at, words)

    def is_signed(self, no: int, at: int, words: str, signature: str) -> bool:
        """Whether this desk signed it."""
        key = self._secrets.get(KEY)
        return key is not None and hmac.compare_digest(_mac(key, no, at, words), signature)


def _mac(key: bytes, no: int, at: int, words: str) -> str:
    return hmac.digest(key, json.dumps([no, at, words]).encode(), "sha256").hex()[:_SIGNATURE]


def head_of(db: Database) -> Head | None:
    """The head of the trail as the file has it."""
    found = db.row(
        "SELECT no,chain,(SELECT count(*) FROM journal_action WHERE chain NOTNULL) FROM journal_action "
        "WHERE chain NOTNULL ORDER BY no DESC LIMIT 1"
    )
    if found is None:
        return None
    return Head(db.setting(TRAIL) or "", int(found[0]), found[1].hex(), int(found[2]), db.clock.ms())


def continues(db: Database, before: Head) -> bool:
    """Whether the trail of the file goes on from a sealed head."""
    found = db.scalar("SELECT chain FROM journal_action WHERE no=?", (before.no,))
    same = not before.trail or before.trail == db.setting(TRAIL)
    return found is not None and found.hex() == before.chain and same
