"""The recovery code: printed once on a sheet of paper, it opens a backup on another machine when all else is gone.

The code alone opens nothing, and neither does a backup: `recovery.json` beside the store and beside every backup holds
the store key, sealed under the code.
"""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store import keys

FILE: Final = "recovery.json"
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""31 characters nobody mixes up on paper."""
LENGTH: Final = 24
"""118 bits and a check character, in six groups of four."""
GROUP: Final = 4


def new_code() -> str:
    """A fresh code, in groups; the last character checks the others, so that a slip of the pen is noticed at once."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return grouped(body + _check(body))


def grouped(code: str) -> str:
    """A code as it stands on paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def tidy(typed: str) -> str:
    """A typed code without blanks and hyphens, in capitals; AppError at field `code` if it cannot be one."""
    code = "".join(typed.split()).replace("-", "").replace("－", "").upper()
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        raise AppError(
            f"恢复码应是 {LENGTH} 位字母和数字（六组，每组四位），没有恢复。",
            field="code",
            next_step="请照恢复单重新输入。",
        )
    if code[-1] != _check(code[:-1]):
        raise AppError("恢复码有一位抄错了，没有恢复。", field="code", next_step="请照恢复单逐组核对。")
    return code


def _check(body: str) -> str:
    """A weighted sum: any single wrong character and any two neighbours exchanged change the sum (31 is prime)."""
    total = sum((place + 1) * ALPHABET.index(letter) for place, letter in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def seal(folder: Path, key: bytes, code: str, *, made_on: str, name: str = FILE) -> None:
    """Writes `recovery.json` for a code; an earlier code opens nothing that is backed up from now on."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content: dict[str, Any] = {"kdf": "argon2id", **keys.ARGON2, "salt": _b64(os.urandom(16)), "made_on": made_on}
    content["for"] = keys.fingerprint(key)
    nonce = os.urandom(12)
    content["sealed"] = _b64(nonce + AESGCM(keys.derive(tidy(code), content)).encrypt(nonce, key, FILE.encode()))
    keys.write_private(folder / name, json.dumps(content, indent=1))


def is_for(path: Path, key: bytes) -> bool:
    """Whether a recovery file holds this key; one from before files said so counts as not."""
    try:
        return bool(json.loads(path.read_text("utf-8"))["for"] == keys.fingerprint(key))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def made_on(folder: Path) -> str | None:
    """When the code in force was made; None where there is none."""
    try:
        return str(json.loads((folder / FILE).read_text("utf-8"))["made_on"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, OSError):
        return None


def open_with(path: Path, code: str) -> bytes:
    """The store key sealed in a `recovery.json`; AppError where the code or the file does not fit."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    tidied = tidy(code)
    if not path.exists():
        raise AppError(
            f"备份旁边没有恢复文件（{path.name}），恢复码打不开它。",
            next_step="请找到与备份同名、以 .recovery.json 结尾的文件，放在备份旁边再试。",
        )
    try:
        content = json.loads(path.read_text("utf-8"))
        blob = base64.b64decode(content["sealed"])
        kek = keys.derive(tidied, content)
        return AESGCM(kek).decrypt(blob[:12], blob[12:], FILE.encode())
    except InvalidTag as error:
        raise LockedError(
            "恢复码与这份备份不符，没有恢复。", field="code", next_step="请用与备份同一时期的恢复单。"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise CorruptError(f"恢复文件 {path.name} 已损坏，没有恢复。", next_step="请换一份较早的备份。") from error


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
