"""Files by USB stick in the console: the checks of the command line, and those of a form."""

import os
import re

import pytest
from starlette.applications import Starlette

from central_server import config
from central_server.console import accounts, make_console, sticks_page, uploads
from central_server.exchange import Central
from central_server.sealing import CRYPTO
from sync_protocol import bundle
from tests.server import district
from tests.server.conftest import NAME, SCOPE, Station, person
from tests.server.district import PASSWORD, STREET
from tests.server.test_bundles import central, keys, sack
from tests.server.visitor import Visitor

__all__ = ["central", "keys", "sack"]
BOUNDARY = "----WebKitFormBoundaryAbC123"


@pytest.fixture
def app(station: Station, central: Central, tmp_path, monkeypatch) -> Starlette:
    monkeypatch.setattr(accounts, "ARGON2", district.CHEAP)
    with station.storage.writing() as session:
        accounts.add(session, "admin", accounts.hashed(PASSWORD), None, 1)
        accounts.add(session, "street", accounts.hashed(PASSWORD), SCOPE, 1)
    settings = config.load(None, {}, {"data": tmp_path / "data"})
    return Starlette(routes=make_console(central, settings, now=station.clock))


class Carrier(Visitor):
    """Somebody at the console with files."""

    def __init__(self, app: Starlette, name: str) -> None:
        super().__init__(app)
        self.get("/console/")
        self.post("/console/sign-in", {"name": name, "password": PASSWORD})

    def hand_in(self, data: bytes, path: str = "/console/sticks", *, csrf: str | None = None, **headers: str):
        """Sends a form with a file, as a browser does."""
        self.get("/console/sticks")
        parts = [
            f'Content-Disposition: form-data; name="csrf"\r\n\r\n{self.token() if csrf is None else csrf}'.encode(),
            b'Content-Disposition: form-data; name="file"; filename="\xe4\xb8\x80.linli"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n" + data,
        ]
        body = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + part + b"\r\n" for part in parts)
        body += b"--" + BOUNDARY.encode() + b"--\r\n"
        given = {
            "content-type": f"multipart/form-data; boundary={BOUNDARY}",
            "content-length": str(len(body)),
            **headers,
        }
        return self._follow(self._ask("POST", path, body, given))

    def download(self) -> bytes:
        (link,) = re.findall(r'href="([^"]*/sticks/[A-Z0-9]+)"', self.text)
        return self.get(link).content


@pytest.fixture
def admin(app) -> Carrier:
    return Carrier(app, "admin")


def test_what_a_desk_exported_is_taken_and_the_answer_is_for_that_desk_alone(sack, admin, central, station):
    (batch,) = sack.batches(person("p1", name="王小明"))
    admin.hand_in(sack.file(sack.sync(batch)))
    assert "一号机 导出的文件已接收" in admin.text
    down = admin.download()
    assert admin.last.headers["content-disposition"].startswith("attachment")
    assert admin.last.headers["x-content-type-options"] == "nosniff"
    sign = bytes.fromhex(central.keys.public["sign"])
    answers = bundle.unpack_answers(bundle.unseal(CRYPTO, down, lambda *_: sack.private, sign))
    assert answers[0].status == 200
    assert station.rows("select id from record") == [("p1",)]
    assert "王小明".encode() not in down
    with station.storage.reading() as session:
        ((action, unit),) = session.rows("select action,unit from console_audit")
    assert (action, unit) == ("接收U盘文件", SCOPE)


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda _: b"", lambda _: b"GIF89a" * 1000, lambda d: d[:40]])
def test_a_file_that_is_damaged_or_none_of_ours_is_refused_in_words(sack, admin, station, spoil):
    (batch,) = sack.batches(person("p1", name="王小明"))
    admin.hand_in(spoil(sack.file(sack.sync(batch))))
    assert admin.last.status_code == 400
    assert re.search("没有接收任何内容|不是邻里工作站|没有选文件", admin.text)
    assert station.rows("select 1 from record") == []


def test_a_file_of_a_desk_that_was_shut_out_is_refused(sack, admin, station):
    data = sack.file(sack.sync())
    with station.storage.writing() as session:
        session.run("update device set revoked_at=1")
    admin.hand_in(data)
    assert (admin.last.status_code, "已被停用" in admin.text) == (400, True)


def test_only_an_administrator_with_a_form_of_ours_may_hand_in_a_file(sack, app, admin, station):
    (batch,) = sack.batches(person("p1", name="王小明"))
    data = sack.file(sack.sync(batch))
    admin.hand_in(data, csrf="x" * 32)
    assert admin.last.status_code == 403
    admin.hand_in(data, origin="https://elsewhere")
    assert admin.last.status_code == 403
    viewer = Carrier(app, "street")
    viewer.hand_in(data, csrf=viewer.token())
    assert viewer.last.status_code == 403
    stranger = Visitor(app)
    answer = Carrier.hand_in(stranger, data, csrf="")
    assert answer.status_code == 403
    assert station.rows("select 1 from record") == []


def test_a_file_that_is_too_big_is_not_even_read(sack, admin, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 10_000)
    admin.hand_in(os.urandom(20_000))
    assert admin.last.status_code == 413
    admin.hand_in(os.urandom(20_000), **{"content-length": "5"})
    assert admin.last.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 90])
def test_a_form_that_is_none_is_refused(admin, kind):
    admin.hand_in(b"x", **{"content-type": kind})
    assert admin.last.status_code == 415


def test_bytes_that_look_like_the_edge_of_a_part_stay_in_the_file():
    for data in (b"", b"\r\n", b"--" + BOUNDARY.encode(), b"\r\n--" + BOUNDARY[:-1].encode(), b"\r\n\r\n--\r\n"):
        body = b"".join(
            b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + one + b"\r\n"
            for one in (data,)
        )
        assert uploads._parts(body + b"--" + BOUNDARY.encode() + b"--", b"--" + BOUNDARY.encode()) == ({}, data)
    assert uploads._parts(b"garbage", b"--x") == ({}, b"")
    assert uploads._parts(b"--x\r\nno name\r\n\r\nabc\r\n--x--", b"--x") == ({}, b"")


def test_a_starter_is_written_with_a_passcode_that_is_shown_once(admin, station, tmp_path):
    admin.get(f"/console/units/{SCOPE}")
    admin.post(f"/console/units/{SCOPE}/starter", {"name": "新来的"})
    (passcode,) = re.findall(r'aria-label="口令">([A-Z0-9-]+)<', admin.text)
    data = admin.download()
    header, _ = bundle.read_header(data)
    assert (header.way, header.scope) == (bundle.Way.STARTER, SCOPE)
    assert passcode.encode() not in data
    assert station.rows("select name,expires_at is not null from device where name='新来的'")
    assert NAME in Carrier.get(admin, f"/console/units/{SCOPE}").content.decode()
    files = list((tmp_path / "data" / sticks_page.FOLDER).iterdir())
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600]


def test_a_starter_for_no_unit_is_refused(admin):
    admin.get(f"/console/units/{SCOPE}")
    admin.post(f"/console/units/{STREET + 7}/starter", {"name": "新来的"})
    assert admin.last.status_code == 400


def test_a_file_is_kept_for_an_hour_and_found_by_nobody_who_guesses(admin, sack, tmp_path):
    admin.hand_in(sack.file(sack.sync()))
    link = re.findall(r'href="(/console/sticks/[A-Z0-9]+)"', admin.text)[0]
    for guess in (link[:-1] + ("A" if link[-1] != "A" else "B"), link[:-2], link.lower(), "/console/sticks/..%2Fx"):
        assert admin.get(guess).status_code == 404
    (file,) = (tmp_path / "data" / sticks_page.FOLDER).iterdir()
    os.utime(file, (1, 1))
    admin.hand_in(sack.file(sack.sync()))
    assert not file.exists()
    assert admin.get(link).status_code == 404
