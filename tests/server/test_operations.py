"""What a supervisor, Prometheus and the reader of a log get to see."""

import asyncio
import contextlib
import errno
import io
import json
import logging
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from central_server import app, openapi, schemas
from central_server.app import BARE, make_app
from central_server.blobs import Blobs
from central_server.config import Console, Metrics
from central_server.console.contacts import Contacts
from central_server.exchange import Central, Reply, Request
from central_server.shell import logs
from central_server.shell.metrics import Numbers
from central_server.storage import UnavailableError
from central_server.storage.sqlite import SqliteStorage
from sync_protocol.refusals import REFUSALS
from tests.server.conftest import NAME, SCOPE, Speaker, Station, logged, person
from tests.server.http import Http

ROOT = Path(__file__).resolve().parents[2]


def numbers(station: Station) -> dict[str, float]:
    text = station.http.get("/metrics").content.decode()
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_the_server_is_ready_while_its_storage_answers(station):
    assert station.http.get("/readyz").json() == {"ready": True}


def test_the_server_is_not_ready_but_alive_when_its_storage_does_not_answer(station, monkeypatch):
    def broken():
        raise OSError

    monkeypatch.setattr(station.storage, "reading", broken)
    answer = station.http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    assert station.http.get("/healthz").status_code == 200


def test_the_numbers_are_told_while_the_storage_is_away_and_say_so(station, desk, monkeypatch):
    def broken():
        raise UnavailableError

    desk.sync(person("p1", name="王小明"))
    assert numbers(station)["linli_storage_up"] == 1
    monkeypatch.setattr(station.storage, "reading", broken)
    found = numbers(station)
    assert found["linli_storage_up"] == 0
    assert found["linli_pushes_total"] == 1
    assert "linli_desks" not in found


def test_the_room_on_the_disk_is_told(tmp_path):
    with closing(SqliteStorage(tmp_path / "central.db")) as storage:
        text = Numbers(storage, (), tmp_path).text().decode()
    assert re.search(r"^linli_data_free_bytes \d", text, re.MULTILINE)


def test_what_is_asked_and_answered_is_counted(station, desk, other):
    desk.sync(person("p1", name="王小明"), person("p2", name="李四"))
    other.sync()
    other.prev = "0" * 32
    other.send(other.freeze(person("p3", name="x")))
    station.http.get("/wp-login.php")
    found = numbers(station)
    assert found['linli_requests_total{path="/v1/sync",status="200"}'] == 2
    assert found['linli_rows_total{way="up"}'] == 2
    assert found['linli_rows_total{way="down"}'] == 2
    assert found["linli_pushes_total"] == 1
    assert found['linli_refusals_total{code="CLONE"}'] == 1
    assert found['linli_requests_total{path="other",status="404"}'] == 1
    assert found["linli_desks"] == 2
    assert found['linli_request_seconds_count{path="/v1/sync"}'] == 3
    assert found["linli_backlog"] == 0


def test_paths_that_do_not_exist_do_not_fill_the_memory(station):
    for number in range(50):
        station.http.get(f"/scan/{number}")
    assert len([name for name in numbers(station) if name.startswith("linli_requests_total")]) == 1


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"x-forwarded-for": "198.51.100.1"}, 404),
        ("secret", {}, 404),
        ("secret", {"authorization": "Bearer wrong"}, 404),
        ("secret", {"authorization": "Bearer secret", "x-forwarded-for": "198.51.100.1"}, 200),
    ],
)
def test_numbers_are_for_this_machine_or_for_whoever_has_the_token(station, token, headers, status):
    http = Http(make_app(Central(station.storage), replace(BARE, metrics=Metrics(token=token))))
    assert asyncio.run(http._request("GET", "/metrics", headers, [])).status_code == status


def test_every_line_of_the_log_is_json_and_tells_no_person(station, desk):
    stream, logger = io.StringIO(), logging.getLogger("central_server")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    logger.addHandler(handler)
    try:
        desk.sync(person("p1", name="王小明", phones="13900000001"))
        station.post("/v1/sync", b"x" * 100)
        try:
            int("王小明 13900000001")
        except ValueError:
            logger.exception("unexpected error on %s", "/v1/sync")
    finally:
        logger.removeHandler(handler)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line.get("event") for line in lines] == ["request", "request", None]
    assert {"at", "level", "request", "path", "status", "ms", "scope", "device", "up"} <= set(lines[0])
    assert lines[2]["error"][0] == "ValueError"
    assert not [word for word in ("王小明", "13900000001", "一号机", NAME) if word in stream.getvalue()]


@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError(errno.ENOSPC, "no room for 王小明"), "OSError ENOSPC"), (ValueError("王小明"), "ValueError")],
)
def test_the_log_says_which_error_of_the_system_it_was_and_not_its_words(error, said):
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "x", (), (type(error), error, None))
    line = logs.JsonLines().format(record)
    assert json.loads(line)["error"] == [said]
    assert "王小明" not in line


def test_the_log_says_that_the_disk_of_the_database_is_full(tmp_path):
    with closing(sqlite3.connect(tmp_path / "small.db")) as small:
        small.execute("create table t(x)")
        small.execute("pragma max_page_count=2")
        with pytest.raises(sqlite3.OperationalError) as full:
            small.execute("insert into t values(zeroblob(100000))")
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "x", (), (full.type, full.value, None))
    assert json.loads(logs.JsonLines().format(record))["error"] == ["OperationalError SQLITE_FULL"]


def test_a_refused_request_is_found_in_the_log_by_the_number_in_its_answer(station, caplog):
    answer = station.post("/v1/hello", b"{}")
    assert logged(caplog)[-1]["request"] == answer.headers["x-request-id"]


def test_who_asks_for_the_number_of_a_request_hears_it_with_any_answer(station, desk, caplog):
    assert "x-request-id" not in desk.send().headers
    answer = station.post("/v1/enrol", desk.enrolment, {"x-request-id": "?"})
    assert answer.status_code == 200
    assert logged(caplog)[-1]["request"] == answer.headers["x-request-id"]


def test_a_refusal_of_a_known_desk_is_noted_once_a_minute_and_of_a_stranger_never(station, desk):
    contacts = Contacts(station.storage, station.clock)
    for device in (desk.device, desk.device + 1):
        for code in ("CLONE", "HISTORY"):
            request = Request("POST", "/v1/sync", {"x-linli-device": f"{SCOPE}.{device}"}, b"")
            contacts.note(request, Reply(409, b"", facts={"code": code}))
    contacts.note(Request("POST", "/v1/sync", {"x-linli-device": "x.y"}, b""), Reply(409, b"", facts={"code": "CLONE"}))
    assert station.rows("select device,code from device_contact") == [(desk.device, "CLONE")]


def test_the_console_hears_why_a_desk_was_refused(station, desk):
    station.http = Http(make_app(Central(station.storage, now=station.clock), replace(BARE, console=Console())))
    desk.sync(person("p1", name="x"))
    assert station.rows("select * from device_contact") == []
    desk.prev = "0" * 32
    desk.send(desk.freeze(person("p2", name="x")))
    assert station.rows("select scope_id,device,code from device_contact") == [(SCOPE, desk.device, "CLONE")]
    assert station.http.get("/console/sign-in").status_code == 200


# ------------------------------------------------------------------------------------------------------------- OpenAPI


def test_the_document_names_every_request_of_the_server_and_no_other():
    told = {verb.path for verb in openapi.VERBS}
    sources = [path.read_text("utf-8") for path in (ROOT / "central_server").glob("*.py") if path.name != "openapi.py"]
    written = {found for text in sources for found in re.findall(r'"(/v\d+/[a-z/]+)"', text)}
    assert told == written


def test_every_documented_request_is_answered_by_the_server(station, tmp_path):
    station.http = Http(make_app(Central(station.storage, now=station.clock, blobs=Blobs(tmp_path / "blobs"))))
    for verb in openapi.VERBS:
        answer = station.post(verb.path, b"{}")
        assert answer.json()["code"] != "NOT_FOUND", verb.path
    for path in openapi.PATHS - {verb.path for verb in openapi.VERBS}:
        assert station.http.get(path).status_code == 200, path


def test_every_refusal_is_documented_for_some_request():
    told = {code for path in openapi.document()["paths"].values() for one in path.values() for code in _codes(one)}
    assert set(REFUSALS) <= told


def _codes(operation):
    return [code for answer in operation["responses"].values() for code in answer["description"].split(", ")]


@pytest.mark.parametrize("disk", ["sqlite"], indirect=True)
def test_the_document_in_docs_is_the_one_that_is_served(station):
    served = station.http.get("/openapi.json").json()
    assert json.loads((ROOT / "docs/openapi.json").read_text("utf-8")) == served


def test_messages_have_the_shape_that_is_told(desk, other):
    import jsonschema_rs

    shapes = schemas.all_of_them()
    identity = desk.signed("/v1/hello", b"{}").json()
    ack, _ = desk.sync(person("p1", name="王小明"), person("p2", note=None))
    _, page = other.sync()
    refusal = desk.signed("/v1/renew", b"{}").json()
    for shape, message in (
        ("Hello", identity),
        ("Ack", json.loads(json.dumps(ack.to_wire()))),
        ("Page", json.loads(json.dumps(page.to_wire()))),
        ("Refusal", refusal),
    ):
        jsonschema_rs.validate(shapes[shape], message)
        assert set(message) <= set(shapes[shape]["properties"]), shape


@pytest.mark.parametrize("disk", ["sqlite"], indirect=True)
def test_nothing_that_fits_the_document_makes_the_server_err(station, desk, tmp_path):
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis import GenerationMode

    station.http = Http(make_app(Central(station.storage, now=station.clock, blobs=Blobs(tmp_path / "blobs"))))
    schemathesis.serializer(openapi.BINARY)(lambda _, value: value if isinstance(value, bytes) else str(value).encode())
    schema = schemathesis.openapi.from_dict(with_short_lists(openapi.document()))
    quick = settings(
        max_examples=5,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    told = {verb.path for verb in openapi.VERBS} - {"/v1/wait"}  # which would wait
    tried = 0
    for operation in [found.ok() for found in schema.get_all_operations()]:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @quick
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case):
                nonlocal tried
                tried += 1
                content = body_of(case)
                answer = asyncio.run(sent(station, case, content))
                assert answer.status_code < 500, (case.path, answer.content)
                if case.path in told:  # the same from a desk that is known, so that it comes further
                    assert desk.signed(case.path, content).status_code < 500, (case.path, content)

            with contextlib.suppress(Unsatisfiable):  # nothing is wrong about a request without parameters
                ask()
    assert tried > 40


def with_short_lists(told):
    """The document with limits of lists that are quickly passed."""
    if isinstance(told, dict):
        return {
            name: 8 if name == "maxItems" and one not in (2, 256) else with_short_lists(one)
            for name, one in told.items()
        }
    return [with_short_lists(one) for one in told] if isinstance(told, list) else told


def body_of(case) -> bytes:
    if isinstance(case.body, bytes):
        return case.body
    return b"" if case.body.__class__.__name__ == "NotSet" else json.dumps(case.body).encode()


async def sent(station, case, content: bytes):
    """A generated request as it comes over the wire."""
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    latin = {name.lower(): value.encode("latin-1", "replace").decode("latin-1") for name, value in headers.items()}
    return await station.http._request(case.method.upper(), case.path, latin, [content])


def test_the_bare_application_has_no_console(station):
    assert app.BARE.console.enabled is False
    assert station.http.get("/console/").status_code == 404


def test_a_speaker_gets_who_it_is_from_the_same_application(station):
    assert Speaker(station, "三号机").identity["scope"] == SCOPE


def test_old_tombstones_are_forgotten_by_itself(monkeypatch):
    """Nobody has to remember to run the command; one thing that fails does not stop the other."""
    done = []

    class Tidy:
        def purge(self) -> int:
            done.append("purge")
            raise RuntimeError("a bug")

        def sweep(self) -> int:
            done.append("sweep")
            return 1

    async def not_for_long(_seconds: float) -> None:
        if len(done) > 1:
            raise asyncio.CancelledError

    monkeypatch.setattr(app.asyncio, "sleep", not_for_long)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(app._keep_tidy(Tidy()))
    assert done == ["purge", "sweep"]
