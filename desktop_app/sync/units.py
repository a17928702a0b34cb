"""What the server told about this desk's unit: its kind, whom records may be shared with, the limits to keep to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from desktop_app.attachments.keeping import MOST
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction
from desktop_app.sync import state
from sync_protocol.blobs import CELL, MAX_SIZE, PART
from sync_protocol.enrolment import UNIT_KINDS, Identity, Unit
from sync_protocol.messages import BATCH_BYTES, BATCH_ROWS, PAGE_ROWS

TOLD: Final = "sync_unit"
"""Setting: what the server said last, as JSON."""
EARLIER: Final = "sync_identities"
"""Setting: the devices this desk was before, JSON, the latest last: what they wrote in other units' records is its."""
STRANGER: Final = "另一台电脑"
"""What a desk is called until the server has told its name: within the hour, where something speaks of it."""
FRESH_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000
KIND_NAMES: Final = dict(zip(UNIT_KINDS, ("社区", "街道", "区县", "市", "部门"), strict=True))
_AREA_CODE: Final = re.compile(r"[1-9][0-9]{11}")
_RANGES: Final = {
    "rows": (1, BATCH_ROWS),
    "bytes": (64 << 10, 4 << 20),
    "page": (1, PAGE_ROWS),
    "blob": (CELL, MAX_SIZE),
    "part": (CELL, PART),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Most rows and bytes of a batch, most rows of a page, most bytes of a content and of one part of it."""

    rows: int = BATCH_ROWS
    bytes: int = BATCH_BYTES
    page: int = PAGE_ROWS
    blob: int = MAX_SIZE
    part: int = PART


def known(db: Database) -> list[Unit]:
    """The units this desk may share records with or move residents to."""
    return [Unit(*unit) for unit in _told(db).get("units", ())]


def mine(db: Database) -> Unit | None:
    """This desk's own unit; None before it was enrolled."""
    told = _told(db)
    return Unit(*told["unit"]) if "unit" in told else None


def called(db: Database, words: str) -> Unit:
    """The unit of a number or a name, or of the only name that has these words in it; AppError otherwise."""
    words, units = words.strip(), known(db)
    exact = [unit for unit in units if words in (str(unit.id), unit.name)]
    found = exact or [unit for unit in units if words and words in unit.name]
    if len(found) == 1:
        return found[0]
    names = "、".join(unit.name for unit in (found or units)[:12])
    raise AppError(
        f"“{words}”可能是几个单位，没有改动。" if found else f"没有“{words}”这个单位，没有改动。",
        field="unit",
        next_step=f"可以是：{names}。" if names else "请先接入服务器并同步一次，本机才知道有哪些单位。",
    )


def community(db: Database, code: str, name: str = "") -> Unit:
    """A community residents may move to, by its 12-digit area code, or one of those known here; AppError otherwise.

    The server tells a desk only whom it may share with; of all other communities an office knows the code.
    """
    tidy = "".join(code.split())
    if any(tidy in (str(unit.id), unit.name) for unit in known(db)) or not _AREA_CODE.fullmatch(tidy):
        return called(db, code)
    return Unit(int(tidy), name.strip() or tidy, UNIT_KINDS[0])


def home_name(db: Database, home: int) -> str:
    """What the unit is called that a record belongs to; "" for this desk's own, its number if it is not known here."""
    if not home:
        return ""
    own = mine(db)
    return next((unit.name for unit in (*known(db), *([own] if own else ())) if unit.id == home), str(home))


def desk_name(db: Database, device: int) -> str:
    """What people call the desk that wrote something: 本机, its name, STRANGER while that is not known; "" for none."""
    if not device:
        return ""
    if device in (state.read(db).device, *earlier(db)):
        return "本机"
    return dict(_told(db).get("desks", ())).get(device) or STRANGER


def earlier(db: Database) -> list[int]:
    """The devices this desk was before, the latest last."""
    return [int(one) for one in orjson.loads(db.setting(EARLIER) or "[]")]


def keeps_residents(db: Database) -> bool:
    """Whether this is a desk of a community: residents and their homes are registered nowhere else.

    A desk that no server knows yet is one of a street, district or city if its area code ends in 000.
    """
    unit = mine(db)
    if unit is not None:
        return unit.kind == UNIT_KINDS[0]
    code = db.scalar("SELECT code FROM area WHERE id=?", (db.setting("community"),))
    return not (code and str(code).endswith("000"))


def limits(db: Database) -> Limits:
    """How much the server wants at once."""
    return _limits(_told(db).get("limits"))


def _limits(said: Mapping[str, int] | None) -> Limits:
    told = said or {}
    return Limits(**{name: min(max(told[name], low), high) for name, (low, high) in _RANGES.items() if name in told})


def server_keys(db: Database) -> tuple[bytes, bytes] | None:
    """The server's public keys for what travels on a stick: it signs with one and opens with the other."""
    found = _told(db).get("keys")
    return (bytes.fromhex(found[0]), bytes.fromhex(found[1])) if found else None


def desks(db: Database) -> list[str]:
    """The names of the desks of this unit, as far as the server has told them."""
    return sorted({str(name) for _, name in _told(db).get("desks", ())})


def is_due(db: Database) -> bool:
    """Whether the server should be asked again: once a day; once an hour while a desk nobody knows has written.

    At once where it has never said how much it wants (an older one says so only if it is asked).
    """
    if _told(db).get("limits") is None:
        return True
    age = db.clock.ms() - int(_told(db).get("at", 0))
    return not 0 <= age < (HOUR_MS if _strangers(db) else FRESH_MS)


def _strangers(db: Database) -> bool:
    """Whether an open clash names a device of which only the number is known."""
    where = "FROM conflict WHERE status='open' AND sync_del=0 AND scope=0"
    found = db.rows(f"SELECT win_dev {where} UNION SELECT lose_dev {where}")
    return any(desk_name(db, device or 0) == STRANGER for (device,) in found)


def keep(tx: Transaction, identity: Identity, told_limits: Mapping[str, Any] | None = None) -> None:
    """Notes what an enrolment, a new identity or a hello said."""
    earlier, keys = _told(tx.db).get("limits"), _told(tx.db).get("keys")
    sound = {
        name: value
        for name, value in (told_limits or identity.limits).items()
        if name in _RANGES and type(value) is int and value > 0
    } or earlier
    if sound is None and told_limits is not None:
        sound = {}  # it was asked, and says nothing
    told = {
        "unit": [identity.scope, identity.unit, identity.kind],
        "units": [list(unit) for unit in identity.units],
        "limits": sound,
        "desks": [list(desk) for desk in identity.desks] or _told(tx.db).get("desks", []),
        "keys": [identity.sign_key, identity.seal_key] if identity.seal_key else keys,
        "at": tx.db.clock.ms(),
    }
    tx.set_setting(TOLD, orjson.dumps(told).decode())
    tx.set_setting(MOST, str(_limits(sound).blob))


def _told(db: Database) -> dict[str, Any]:
    text = db.setting(TOLD)
    return orjson.loads(text) if text else {}
