"""Whatever comes in, the server answers a refusal with words, never a server error."""

import random

import pytest

from sync_protocol import codec, signing
from tests.server.conftest import logged, person


def test_the_server_says_that_it_is_ours(station):
    assert station.http.get("/healthz").json() == {"service": "linli-central", "ok": True}


@pytest.mark.parametrize("path", ["/", "/v1/nothing", "/v2/sync", "/v1/sync/"])
def test_an_unknown_path_is_refused_with_words(station, path):
    response = station.post(path, b"{}")
    assert response.status_code == 404
    assert response.json()["code"] == "NOT_FOUND"


def test_a_get_is_refused_with_words(station):
    assert station.http.get("/v1/sync").json()["code"] == "NOT_FOUND"


def test_garbage_with_a_good_signature_is_a_bad_request(desk):
    chance = random.Random(1)  # noqa: S311 - the same garbage every time
    for size in (0, 1, 3, 4, 5, 50, 5000):
        response = desk.signed("/v1/sync", chance.randbytes(size))
        assert (response.status_code, response.json()["code"]) == (400, "BAD_REQUEST")


def test_any_flipped_bit_is_noticed(station, desk):
    body = desk.freeze(person("p1", name="王小明"))
    chance = random.Random(2)  # noqa: S311 - the same damage every time
    for _ in range(40):
        damaged = bytearray(body)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        response = desk.send(bytes(damaged))
        assert response.status_code in (400, 409, 200)
        if response.status_code == 200:
            pytest.fail("a damaged batch was taken")
    assert station.rows("select count(*) from record") == [(0,)]


def test_a_body_changed_on_the_way_is_named_as_that(station):
    response = station.post("/v1/enrol", b"{}", {signing.HEADER_HASH: "0" * 32})
    assert response.json()["code"] == "DAMAGED"


def test_a_body_beyond_the_limit_is_refused(station):
    response = station.post("/v1/sync", bytes(5 << 20))
    assert (response.status_code, response.json()["code"]) == (413, "TOO_LARGE")


def test_a_batch_of_more_records_than_hello_allows_is_refused_and_one_of_as_many_is_taken(station, desk):
    most = desk.signed("/v1/hello", b"{}").json()["limits"]["rows"]
    changes = [person(f"p{number}", name="甲") for number in range(most + 1)]
    assert desk.send(desk.freeze(*changes)).json()["code"] == "TOO_LARGE"
    ack, _ = desk.sync(*changes[:most])
    assert len(ack.numbers) == most


def test_a_bug_in_the_server_is_an_answer_with_words(station, desk, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("central_server.mailbox.page", broken)
    response = desk.send()
    assert (response.status_code, response.json()["code"]) == (500, "SERVER_ERROR")
    caplog.clear()


def test_the_log_has_numbers_and_no_personal_data(station, desk, caplog):
    desk.sync(person("p1", name="王小明", phones="13900000001"))
    line = logged(caplog)[-1]
    assert (line["path"], line["status"], line["device"], line["up"]) == ("/v1/sync", 200, desk.device, 1)
    assert not any(word in caplog.text for word in ("王小明", "13900000001", "一号机"))


def test_parts_are_told_apart_or_refused():
    """The frame around the frozen batch."""
    parts = [b"", b"abc", b"\x00" * 300]
    assert codec.split(codec.join(*parts), 3) == parts
    for bad in (b"", codec.join(b"a"), codec.join(b"a", b"b") + b"x", codec.join(b"a", b"bcd")[:-1]):
        with pytest.raises(codec.Unreadable):
            codec.split(bad, 2)
