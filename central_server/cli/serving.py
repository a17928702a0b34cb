"""init and serve."""

import argparse
import errno
import gc
import hashlib
import json
import multiprocessing
import os
import signal
import socket
import ssl
import sys
import threading
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from central_server import config, private
from central_server.blobs import BLOBS, Blobs
from central_server.cli.opening import open_storage, settings_of
from central_server.cli.people import ask_password
from central_server.config import ConfigError, Settings
from central_server.console import accounts
from central_server.exchange import Central, wall_clock
from central_server.shell import logs

HANDED_DOWN: Final = "LINLI_SERVE_SETTINGS"
"""How worker processes learn the settings of the command that started them."""
COLLECT_AFTER: Final = (50_000, 20, 20)
"""New objects before the collector of cycles looks at the youngest; rounds before it looks at older ones."""
NO_ADMINISTRATOR: Final = "linli-central console-user add --name 登录名（用同一个 --data）"
TEMPLATE: Final = """\
# 邻里工作站 中心服务器。每一项都有默认值，只写要改的；说明见 docs/server.md。
# host = "127.0.0.1"      # 只限本机，由 nginx 或 Caddy 在前面加密
# port = 8750
# cert = "/etc/linli-central/cert.pem"
# key = "/etc/linli-central/key.pem"

# [limits]
# lanes = 8

# [metrics]
# token = ""              # 留空：只有本机能读 /metrics
"""


def init(args: argparse.Namespace) -> int:
    """Makes what a server needs; what is there already stays as it is."""
    settings = settings_of(args)
    args.data = settings.data
    storage = open_storage(settings.data, settings.database)
    try:
        file = settings.data / config.FILE_NAME
        if not file.exists():
            private.write(file, TEMPLATE)
        if args.admin:
            secret = accounts.hashed(ask_password())
            with storage.writing() as session:
                accounts.add(session, args.admin, secret, None, wall_clock())
    finally:
        storage.close()
    print(f"数据在 {settings.data}，配置在 {settings.data / config.FILE_NAME}。")
    print(f"启动：linli-central serve --data {settings.data}，再用浏览器打开 /console/ 建立单位、发接入码。")
    if not args.admin:
        print(f"控制台还没有管理员：{NO_ADMINISTRATOR}", file=sys.stderr)
    return 0


def fingerprint_of(cert: Path) -> str:
    """The SHA-256 of the server's own certificate, the first in its file, as desks show it: AB:CD:…"""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    body = cert.read_text("utf-8", "replace").partition(begin)[2].partition(end)[0]
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(f"{begin}{body}{end}")).digest().hex(":").upper()


def serve(args: argparse.Namespace) -> int:
    """Runs until it is asked to stop; running requests are finished first."""
    import uvicorn

    settings = settings_of(args)
    args.data = settings.data
    nobody = _look_at_storage(settings)  # says what is wrong before any process is started
    _check_certificate(settings)
    _check_address(settings)
    print(
        f"邻里工作站中心服务器：{settings.host}:{settings.port}，数据在 {settings.data}。按 Ctrl+C 停止。", flush=True
    )
    if settings.cert:
        print(f"证书指纹（SHA-256，电脑接入时核对）：{fingerprint_of(settings.cert)}", flush=True)
    if settings.open_without_tls:
        print("注意：没有加密。请用 --cert 和 --key 给出证书，或放在加密的网关之后。", file=sys.stderr)
    if nobody and settings.console.enabled:
        print(f"控制台还没有管理员，谁也登录不了：{NO_ADMINISTRATOR}", file=sys.stderr)
    logs.to(sys.stderr, settings.log_level)
    if settings.workers == 1:
        uvicorn.run(application(settings), **uvicorn_options(settings))
    else:
        os.environ[HANDED_DOWN] = json.dumps(asdict(settings), default=str)
        uvicorn.run(
            "central_server.cli.serving:worker", factory=True, workers=settings.workers, **uvicorn_options(settings)
        )
    return 0


def _look_at_storage(settings: Settings) -> bool:
    """Opens the storage once; whether nobody may sign in at the console as an administrator."""
    with closing(open_storage(settings.data, settings.database)) as storage, storage.reading() as session:
        return not any(one.administrator and not one.disabled_at for one in accounts.everyone(session))


def _check_certificate(settings: Settings) -> None:
    """Certificate and key can be read and belong together; ConfigError in words if not."""
    if settings.cert is None or settings.key is None:
        return
    for file in (settings.cert, settings.key):
        file.open("rb").close()  # an error of this names the file
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.cert, settings.key, password="")
    except (ssl.SSLError, ValueError) as error:
        raise ConfigError(
            f"证书 {settings.cert} 和私钥 {settings.key} 不能用（{error}）。没有启动。"
            "请核对：两者是 PEM 格式、互相配对，私钥没有口令。"
        ) from error


def _check_address(settings: Settings) -> None:
    """Whether the server can listen there; a web server would tell only the log."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, number) as probe:
            if os.name == "posix":  # as the web server does; on Windows this would let two listen on one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigError(_address_words(settings, error)) from error


def _address_words(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} 已被占用，也许服务器已经在运行。没有启动，数据没有变化。请先停下那一个，或用 --port 换一个端口。"
        )
    if error.errno == errno.EACCES:
        return f"没有权限监听 {where}（1024 以下的端口要由 root 或网关监听）。没有启动，数据没有变化。请换一个端口。"
    return f"本机没有地址 {settings.host}，不能监听（{error.strerror}）。没有启动，数据没有变化。请核对 --host。"


def application(settings: Settings) -> Any:
    """The application on its storage."""
    from central_server.app import make_app

    contents = Blobs(settings.data / BLOBS, settings.limits.attachments_gib << 30)
    central = Central(open_storage(settings.data, settings.database), folder=settings.data, blobs=contents)
    app = make_app(central, settings)
    _collect_seldom()
    return app


def _collect_seldom() -> None:
    """What is there at the start stays; a batch of 2,000 rows alone would set the collector of cycles off 30 times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def worker() -> Any:
    """The application in a process of its own."""
    handed = json.loads(os.environ.get(HANDED_DOWN, "{}"))
    database = {f"{config.PREFIX}DATABASE": handed.pop("database", "")}
    settings = config.load(None, database, handed)
    logs.to(sys.stderr, settings.log_level)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn_options(settings)  # limits of connections are set per process
    return application(settings)


def _end_with_parent() -> None:
    """Whoever kills the first process outright would leave the others behind, with the port, and nobody to ask them."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)  # what is at hand is finished first


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """How the web server is set: bounded headers, connections and waits; proxies are believed only where told."""
    from central_server.shell.connections import BoundedConnection

    limits = settings.limits
    BoundedConnection.head_s = limits.head_s
    return {
        "host": settings.host,
        "port": settings.port,
        "ssl_certfile": _text(settings.cert),
        "ssl_keyfile": _text(settings.key),
        "http": BoundedConnection,
        "ws": "none",
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "date_header": False,  # RFC 9110 has gateways add it, and a desk hears the time in each page
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "timeout_keep_alive": limits.keep_alive_s,
        "timeout_graceful_shutdown": limits.drain_s,
        "limit_concurrency": limits.connections,
        "h11_max_incomplete_event_size": 16 << 10,
        "backlog": 2048,
    }


def _text(path: Path | None) -> str | None:
    return str(path) if path else None
