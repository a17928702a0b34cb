"""How the server proves that it is the server: by a certificate the system trusts, or by one that was pinned.

A city's own server often has a certificate of its own authority.  The authority's certificate can be pinned (then no
other authority counts), or the fingerprint of the server's certificate itself.
"""

import contextlib
import hashlib
import ipaddress
import re
import socket
import ssl
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import orjson

from desktop_app.shared.errors import AppError

CONNECT_S: Final = 10
_UNKNOWN: Final = "不是这台电脑认识的机构签发的"
_FAULTS: Final = MappingProxyType(
    {
        9: "还没有到生效的日期（先看看这台电脑的日期对不对）",
        10: "已经过期（先看看这台电脑的日期对不对）",
        62: "写的是另一个网址",
        64: "写的是另一个网址",
    }
)
"""OpenSSL's X509_V_ERR_*, as they concern a person."""
_HEX: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Trust:
    """`ca`: PEM of the only authority that counts; `fingerprint`: SHA-256 of the server's certificate, in hex."""

    ca: str = ""
    fingerprint: str = ""

    @property
    def pinned(self) -> bool:
        """Whether only one certificate or one authority counts."""
        return bool(self.ca or self.fingerprint)

    @classmethod
    def stored(cls, text: str | None) -> Self:
        """As it stands in the state of sync."""
        return cls(**orjson.loads(text)) if text else cls()

    def to_store(self) -> str | None:
        """Text for the state of sync; None for what the system trusts."""
        return orjson.dumps(asdict(self)).decode() if self.pinned else None

    def for_pool(self) -> dict[str, Any]:
        """What a pool of connections has to be told."""
        if self.fingerprint:  # exactly this certificate, whoever signed it and whatever name stands in it
            return {"cert_reqs": "CERT_NONE", "assert_fingerprint": self.fingerprint}
        return {"ssl_context": _context(self.ca)} if self.ca else {}


def pinned_to(ca: Path | None = None, fingerprint: str = "") -> Trust:
    """What a person named: the file of an authority, or a fingerprint as people write it; AppError for neither."""
    if fingerprint:
        tidy = re.sub(r"[\s:]", "", fingerprint.rpartition("=")[2]).lower().removeprefix("sha256")
        if not _HEX.fullmatch(tidy):
            raise AppError(
                "证书指纹应是 64 位十六进制数（SHA-256），没有登记。", field="fingerprint", next_step="请向管理员核对。"
            )
        return Trust(fingerprint=tidy)
    if ca is None:
        return Trust()
    try:
        pem = ca.read_text("ascii")
        _context(pem)
    except (OSError, ValueError) as error:
        raise AppError(
            f"“{ca.name}”不是可用的证书文件，没有登记。", field="ca", next_step="请用管理员给的 .pem 或 .crt 文件。"
        ) from error
    return Trust(ca=pem)


def _context(pem: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=pem)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the file may hold the server's own certificate
    return context


def is_private_enough(url: str) -> bool:
    """Whether a connection to this address can be overheard by nobody: encrypted, or within this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def seen_fingerprint(url: str) -> str:
    """The fingerprint of the certificate a server shows, believed or not, in hex; "" where there is none to be had."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return ""
    try:
        pem = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=CONNECT_S)
    except (OSError, ValueError):
        return ""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """The certificate a server shows: `fault` is why this machine does not believe it, in Chinese; "" if it does."""

    fingerprint: str = ""
    fault: str = ""


def shown_by(url: str) -> Shown:
    """What a person has to be asked about before a desk enrols; nothing where there is no encryption or no answer."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return Shown()
    try:
        with (
            socket.create_connection((host, parts.port or 443), CONNECT_S) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host),
        ):
            return Shown()
    except ssl.SSLCertVerificationError as error:
        return Shown(seen_fingerprint(url), _FAULTS.get(error.verify_code, _UNKNOWN))
    except (OSError, ValueError):
        return Shown()


def spelled(fingerprint: str) -> str:
    """A fingerprint as administrators read it out: AB:CD:…"""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()
