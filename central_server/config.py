"""Settings of the server: a default for each, then a TOML file, then the environment, then the command line.

Every key of the file has a variable: `port` is LINLI_CENTRAL_PORT, `limits.body_mib` LINLI_CENTRAL_LIMITS_BODY_MIB.
A key or variable that does not exist stops the server: a mistyped limit must not pass as none.
"""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

PREFIX: Final = "LINLI_CENTRAL_"
FILE_VARIABLE: Final = "LINLI_CENTRAL_CONFIG"
FILE_NAME: Final = "config.toml"
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
MOST_PORT: Final = 65535
MOST_NUMBER: Final = 1_000_000_000
NOTHING_DONE: Final = "什么也没有做。"
_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_TRUE: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class ConfigError(Exception):
    """A setting that cannot be used; the message is Chinese and names it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client, and all of them together, may ask of this process."""

    body_mib: int = 4
    """Most of one request, compressed."""
    bodies_mib: int = 128
    """Most of all requests that are being read at once."""
    connections: int = 8000
    """Open at once; desks that wait for news hold one each."""
    head_s: int = 15
    """Seconds from an open connection to complete request headers."""
    body_grace_s: int = 10
    body_kib_per_s: int = 4
    """After the grace a body must have come at least this fast on average, or the request is given up."""
    keep_alive_s: int = 75
    drain_s: int = 30
    """Seconds that running requests get when the server is asked to stop."""
    lanes: int = 8
    """Requests at work at once; SQLite has one writer anyway, PostgreSQL as many as its pool."""
    attachments_gib: int = 50
    """Most room that the attachments of one unit may take."""
    wait_s: float = 5.0
    """A newcomer that would wait longer is told when to come back."""


@dataclass(frozen=True, slots=True)
class Console:
    """The web pages for administrators."""

    enabled: bool = True
    idle_minutes: int = 30
    session_hours: int = 12
    secure_cookie: bool = True
    """Only over TLS (also that of a gateway); a console on loopback works without."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reader that counts."""

    refresh_minutes: int = 5
    """0: only `linli-central rollup` refreshes."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Numbers for Prometheus."""

    enabled: bool = True
    token: str = ""
    """Empty: from this machine alone, and not through a gateway."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings."""

    data: Path
    database: str = ""
    """Empty: SQLite in the data folder; `postgresql://…` otherwise."""
    host: str = "127.0.0.1"
    port: int = 8750
    cert: Path | None = None
    key: Path | None = None
    workers: int = 1
    trusted_proxies: str = "127.0.0.1"
    """Whose X-Forwarded-For and -Proto are believed; comma separated."""
    log_level: str = "info"
    limits: Limits = field(default_factory=Limits)
    console: Console = field(default_factory=Console)
    reports: Reports = field(default_factory=Reports)
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def open_without_tls(self) -> bool:
        """Whether anybody in the network could read what is said."""
        return self.cert is None and self.host not in LOOPBACK


def default_data(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the server keeps its data unless told otherwise."""
    base = environ.get("LOCALAPPDATA") or environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "linli-central"


def load(
    path: Path | None = None, environ: Mapping[str, str] = os.environ, told: Mapping[str, object] | None = None
) -> Settings:
    """The settings in force; `told` is what the command line said, None where it said nothing.

    Without `path` the file is the one the environment names, or `config.toml` in the data folder if it is there.
    """
    words = {name: value for name, value in (told or {}).items() if value is not None}
    if urlsplit(str(words.get("database") or "")).password:
        raise ConfigError(
            "数据库口令不要写在命令行里，本机别的用户看得到。请写在 config.toml、"
            "环境变量 LINLI_CENTRAL_DATABASE 或 PGPASSWORD，或口令文件（PGPASSFILE）里。"
        )
    data = Path(str(words.get("data") or environ.get(f"{PREFIX}DATA") or default_data(environ)))
    named = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    settings: Settings = Settings(data)
    if named or (data / FILE_NAME).is_file():
        file = named or data / FILE_NAME
        settings = _taken(settings, _file(file), f"配置文件 {file} 里")
    settings = _taken(settings, dict(_variables(environ)), f"环境变量（{PREFIX}…）里")
    settings = _taken(settings, words, "命令行上")
    _check(settings)
    return settings


def _file(path: Path) -> dict[str, Any]:
    """What stands in a file; one that Windows has put its mark before is read as well."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"无法读取配置文件 {path}：没有这个文件。{NOTHING_DONE}请核对 --config。") from error
    except OSError as error:
        why = "没有权限" if isinstance(error, PermissionError) else error.strerror
        raise ConfigError(f"无法读取配置文件 {path}：{why}。{NOTHING_DONE}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"配置文件 {path} 不是 UTF-8 编码。{NOTHING_DONE}请用编辑器另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        place = f"第 {found[1]} 行第 {found[2]} 列" if found else "末尾"
        raise ConfigError(
            f"配置文件 {path} {place}写得不对。{NOTHING_DONE}"
            "每行应是 名称 = 值，文字加引号，如 port = 8750、host = '127.0.0.1'。"
        ) from error


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """What the environment sets, with sections as dictionaries."""
    known = {f"{PREFIX}{name.upper().replace('.', '_')}": name for name in names()}
    nested: dict[str, dict[str, str]] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == FILE_VARIABLE:
            continue
        if variable not in known:
            raise ConfigError(f"环境变量 {variable} 不是本程序的设置{_perhaps(variable, known)}。{NOTHING_DONE}")
        section, _, name = known[variable].rpartition(".")
        if section:
            nested.setdefault(section, {})[name] = value
        else:
            yield name, value
    yield from nested.items()


def _perhaps(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"，是不是 {near[0]}" if near else ""


def names() -> list[str]:
    """The names of all settings, those of sections with a dot."""
    found = []
    for one in fields(Settings):
        section = one.default_factory if callable(one.default_factory) else None
        found += [f"{one.name}.{inner.name}" for inner in fields(section)] if is_dataclass(section) else [one.name]
    return found


def _taken(section: Any, values: Mapping[str, Any], source: str, where: str = "") -> Any:
    """The settings with what one source says; its name is for the words about a mistake."""
    known = [one.name for one in fields(section)]
    changes: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(f"{source}写了 {where}{name}，没有这个设置{_perhaps(name, known)}。{NOTHING_DONE}")
        present = getattr(section, name)
        if isinstance(present, (Limits, Console, Reports, Metrics)):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{source}的 {name} 是一节，不是一个值：写成 [{name}]，值写在它下面。{NOTHING_DONE}")
            changes[name] = _taken(present, value, source, f"{name}.")
        else:
            changes[name] = _value(f"{where}{name}", present, value, source)
    return replace(section, **changes)


def _value(name: str, present: object, value: object, source: str) -> object:
    """A value with the type of the setting; texts are taken for numbers, since the environment has nothing else."""
    if name in {"data", "cert", "key"}:
        return Path(str(value)) if value else None
    try:
        if isinstance(present, bool):
            return value if isinstance(value, bool) else _TRUE[str(value).lower()]
        if isinstance(present, int):
            return int(str(value))
        if isinstance(present, float):
            return float(str(value))
    except (KeyError, ValueError) as error:
        wanted = "true 或 false" if isinstance(present, bool) else "数字"
        raise ConfigError(f"{source}的 {name} 应是{wanted}，不能是“{value}”。{NOTHING_DONE}") from error
    return str(value)


def _check(settings: Settings) -> None:
    for one in filter(None, (part.strip() for part in settings.trusted_proxies.split(","))):
        if one != "*" and not _is_network(one):
            raise ConfigError(
                f"trusted_proxies 里的“{one}”不是 IP 地址或网段，如 127.0.0.1、10.0.0.0/8。{NOTHING_DONE}"
            )
    if (settings.cert is None) != (settings.key is None):
        raise ConfigError("证书 cert 和私钥 key 必须同时给出。")
    if settings.workers > 1 and not settings.database:
        raise ConfigError("多个进程（workers）需要 PostgreSQL 数据库；SQLite 只用一个进程。")
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        raise ConfigError(f"log_level 不能是“{settings.log_level}”，可以是 debug、info、warning、error。{NOTHING_DONE}")
    if not 0 < settings.port <= MOST_PORT:
        raise ConfigError(f"端口 port 应在 1 至 {MOST_PORT} 之间，不能是 {settings.port}。")
    numbers = [(f"limits.{one.name}", getattr(settings.limits, one.name)) for one in fields(settings.limits)]
    numbers += [("workers", settings.workers), ("console.idle_minutes", settings.console.idle_minutes)]
    numbers += [("console.session_hours", settings.console.session_hours)]
    for name, number in numbers:
        if not 0 < number < MOST_NUMBER:
            raise ConfigError(f"{name} 必须大于 0、小于 {MOST_NUMBER}，不能是 {number}。{NOTHING_DONE}")
    if not 0 <= settings.reports.refresh_minutes < MOST_NUMBER:
        raise ConfigError(f"reports.refresh_minutes 不能小于 0；0 为不自动更新。{NOTHING_DONE}")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
