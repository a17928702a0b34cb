"""Files by USB stick, in the browser: hand in what a desk exported, take home the answer; starters for new desks."""

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from starlette.responses import FileResponse, Response

from central_server import bundles, private, units
from central_server.bundles import BundleError
from central_server.console import audit, slips
from central_server.console.web import HEADERS, PAGES, Denied, Visit, local
from sync_protocol import bundle, codec
from sync_protocol.enrolment import CODE_ALPHABET

FOLDER: Final = "sticks"
"""In the folder of data: files that wait to be taken home, sealed for one desk or under a passcode."""
KEPT_S: Final = 3600
ANSWER, STARTER = "answer", "starter"
_NAMES: Final = {ANSWER: "带回去导入", STARTER: "启动文件"}
_TOKEN: Final = 32


def show(visit: Visit) -> Response:
    """What to do with a stick."""
    return PAGES.html("sticks.html", visit)


def answer(visit: Visit) -> Response:
    """Takes what a desk exported; the same checks as on the command line."""
    central = visit.central
    if central.keys is None:
        raise Denied(400, "这台服务器没有自己的密钥，不能用U盘交换。")
    if not visit.file:
        raise Denied(400, "没有选文件，或选的文件是空的（没有拷贝完整）。请选电脑“导出到U盘”的文件，或重新拷贝。")
    try:
        header, _ = bundle.read_header(visit.file)
        down = bundles.answer(central, central.keys, visit.file)
    except codec.Unreadable as error:
        words = "这不是邻里工作站从U盘导出的文件，或者没有拷贝完整。请核对文件，或重新拷贝。"
        raise Denied(400, words) from error
    except BundleError as error:
        raise Denied(400, str(error)) from error
    with visit.storage.writing() as session:
        name = session.row("select name from device where scope_id=? and id=?", header.scope, header.device)
        desk = str(name[0]) if name else ""
        audit.note(session, visit.now, visit.who.user.name, "接收U盘文件", header.scope, f"{header.device} {desk}")
    return PAGES.html("stick.html", visit, desk=desk, token=_keep(visit, ANSWER, down), passcode="", unit=None)


def starter(visit: Visit) -> Response:
    """A file that a desk without a network is set up from; its passcode is shown this once."""
    return slips.answer(visit, "stick.html", lambda: _made_starter(visit))


def _made_starter(visit: Visit) -> Mapping[str, Any]:
    number, name = visit.number("unit"), units.tidy_name(visit.form.get("name", ""))
    with visit.storage.reading() as session:
        unit = units.everyone(session).get(number)
    if unit is None or unit.gone:
        raise Denied(400, "这个单位不在，或已撤销，没有写启动文件。")
    if visit.central.keys is None:
        raise Denied(400, "这台服务器没有自己的密钥，不能用U盘交换。")
    data, passcode = bundles.starter(visit.central, number, name)
    with visit.storage.writing() as session:
        audit.note(session, visit.now, visit.who.user.name, "写启动文件", number, name)
    spoken = "-".join(passcode[at : at + 4] for at in range(0, len(passcode), 4))
    shown = {"id": unit.id, "name": unit.name}
    return {"desk": name, "token": _keep(visit, STARTER, data), "passcode": spoken, "unit": shown}


def take(visit: Visit) -> Response:
    """The file itself, for an hour."""
    token = visit.path.get("token", "")
    kind = next((one for one in _NAMES if _is_token(token) and _path(visit, token, one).is_file()), None)
    if kind is None:
        raise Denied(404, f"这个文件已经不在了（只留 {KEPT_S // 60} 分钟）。请再交一次电脑导出的文件。")
    name = f"{_NAMES[kind]}-{local(visit.now):%m%d-%H%M}{bundle.SUFFIX}"
    return FileResponse(
        _path(visit, token, kind), headers=dict(HEADERS), media_type="application/octet-stream", filename=name
    )


def _keep(visit: Visit, kind: str, data: bytes) -> str:
    """Keeps a file until it is taken home; returns the word it is asked for by."""
    folder = visit.settings.data / FOLDER
    private.make_folder(folder)
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_S:
            path.unlink(missing_ok=True)
    token = "".join(secrets.choice(CODE_ALPHABET) for _ in range(_TOKEN))
    path = _path(visit, token, kind)
    private.touch(path)
    path.write_bytes(data)
    return token


def _is_token(text: str) -> bool:
    return len(text) == _TOKEN and all(letter in CODE_ALPHABET for letter in text)


def _path(visit: Visit, token: str, kind: str) -> Path:
    return visit.settings.data / FOLDER / f"{token}.{kind}"
