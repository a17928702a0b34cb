"""What answers where a desk expects its server: a few lines of HTTP in a thread, with a certificate if it has one."""

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
Signer = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


class Front(BaseHTTPRequestHandler):
    """Says the same to everything."""

    words: ClassVar = b"ok"

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["content-length"])))

    def answer(self, body: bytes) -> None:
        """Whatever was asked."""
        self.send_response(200)
        self.send_header("content-length", str(len(self.words)))
        self.end_headers()
        self.wfile.write(self.words)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler] = Front, certificate: Path | None = None) -> Iterator[str]:
    """Its address while it answers; with the certificate (and key) of a file over TLS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            web.socket = context.wrap_socket(web.socket, server_side=True)
        thread = threading.Thread(target=web.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"https://localhost:{web.server_port}" if certificate else f"http://127.0.0.1:{web.server_port}"
        finally:
            web.shutdown()
            thread.join()


def authority(name: str) -> Signer:
    """Whoever signs certificates: the key and its own certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, START, START.replace(year=2090))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, made


def issue(folder: Path, signer: Signer, name: str) -> Path:
    """A certificate for localhost with its key in one file."""
    signing_key, signing = signer
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(signing.subject, subject, key.public_key(), 2, START, START.replace(year=2090))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signing_key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + pem)
    return path


def save(folder: Path, signer: Signer, name: str) -> Path:
    """The certificate of an authority as a file, to be pinned."""
    path = folder / f"{name}.crt"
    path.write_bytes(signer[1].public_bytes(serialization.Encoding.PEM))
    return path
