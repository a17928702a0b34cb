"""How a desk is let in, recognised and shut out."""

import orjson
import pytest

from central_server import devices
from sync_protocol import enrolment, signing, versions
from tests.server.conftest import NAME, SCOPE, Speaker, Station


def refusal(response) -> str:
    body = response.json()
    assert body["message"], "every refusal has words for a person"
    return body["code"]


def test_a_code_lets_one_desk_in_and_tells_it_who_it_is(station, desk):
    assert desk.identity["scope"] == SCOPE
    assert desk.identity["unit"] == NAME
    assert desk.identity["now"] == station.clock.ms
    assert desk.signed("/v1/hello", b"{}").json()["device"] == desk.device


def test_a_code_may_be_typed_in_small_letters_with_blanks_and_hyphens(station):
    code = station.code().lower()
    body = {"code": f" {code[:5]}-{code[5:]} ", "key": "ab" * 32, "name": "x"}
    assert station.post("/v1/enrol", orjson.dumps(body)).status_code == 200


def test_a_code_may_be_typed_by_an_input_method_in_wide_letters(station):
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in station.code())
    body = {"code": wide, "key": "ab" * 32, "name": "x"}
    assert station.post("/v1/enrol", orjson.dumps(body)).status_code == 200


def test_a_code_has_no_letters_that_are_mixed_up(station):
    code = station.code()
    assert len(code) == 10
    assert not set(code) & set("ILO01")


def test_a_lost_answer_to_an_enrolment_can_be_asked_for_again(desk):
    assert desk.enrol().json()["device"] == desk.device


def test_a_code_is_good_for_one_desk_only(station, desk):
    used = orjson.loads(desk.enrolment)["code"]
    body = orjson.dumps({"code": used, "key": "cd" * 32, "name": "三号机"})
    assert refusal(station.post("/v1/enrol", body)) == "BAD_CODE"


def test_a_new_code_never_takes_the_place_of_an_open_one_that_begins_alike(station, monkeypatch):
    drawn = iter("ABCDEFGHJK" + "ABCDKJHGFE" + "BCDEFGHJKM")
    monkeypatch.setattr(devices.secrets, "choice", lambda _: next(drawn))
    codes = [station.code(), station.code()]
    assert codes == ["ABCDEFGHJK", "BCDEFGHJKM"]
    for code, key in zip(codes, ("ab", "cd"), strict=True):
        body = orjson.dumps({"code": code, "key": key * 32, "name": "x"})
        assert station.post("/v1/enrol", body).status_code == 200


def test_a_code_expires_after_a_quarter_of_an_hour(station):
    code = station.code()
    station.clock.ms += (enrolment.CODE_MINUTES * 60 + 1) * 1000
    body = orjson.dumps({"code": code, "key": "ab" * 32, "name": "x"})
    assert refusal(station.post("/v1/enrol", body)) == "BAD_CODE"


def test_a_code_dies_after_five_wrong_guesses(station):
    code = station.code()
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for guess in [wrong] * enrolment.CODE_TRIES + [code]:
        body = orjson.dumps({"code": guess, "key": "ab" * 32, "name": "x"})
        assert refusal(station.post("/v1/enrol", body)) == "BAD_CODE"


def test_whoever_guesses_codes_is_slowed_down(station):
    body = orjson.dumps({"code": "A" * 10, "key": "ab" * 32, "name": "x"})
    codes = [refusal(station.post("/v1/enrol", body)) for _ in range(31)]
    assert codes[-1] == "BUSY"
    station.clock.ms += 61_000
    assert refusal(station.post("/v1/enrol", body)) == "BAD_CODE"


@pytest.mark.parametrize("key", ["", "zz" * 32, "ab" * 31, 7, None])
def test_a_key_must_be_a_key(station, key):
    body = orjson.dumps({"code": station.code(), "key": key, "name": "x"})
    assert refusal(station.post("/v1/enrol", body)) == "BAD_REQUEST"


def test_a_stranger_is_refused(station, desk):
    desk.device += 1
    assert refusal(desk.send()) == "UNKNOWN_DEVICE"


def test_a_request_without_signature_is_refused(station):
    assert refusal(station.post("/v1/hello", b"{}")) == "UNKNOWN_DEVICE"


def test_a_request_signed_with_another_key_is_refused(station, desk, other):
    desk.key = other.key
    assert refusal(desk.send()) == "BAD_SIGNATURE"


def test_a_request_cannot_be_sent_again_by_somebody_else(desk):
    desk.sync()
    response = desk.signed("/v1/hello", b"{}", counter=desk.counter)
    assert refusal(response) == "STALE"
    assert response.json()["info"] == {"counter": desk.counter}


def test_a_revoked_desk_is_shut_out_with_all_its_later_identities(station, desk):
    child = desk.signed("/v1/renew", orjson.dumps({"key": "ab" * 32})).json()["device"]
    with station.storage.writing() as session:
        shut = devices.revoke(session, desk.scope, desk.device, station.clock.ms)
    assert {device.id for device in shut} == {desk.device, child}
    assert refusal(desk.send()) == "REVOKED"


def test_a_desk_of_another_community_that_has_the_same_number_is_not_shut_out(station, desk):
    from central_server import history

    with station.storage.writing() as session:
        history.open_unit(session, SCOPE + 1, "别的社区", station.clock.ms)
    there = Speaker(station, desk.identity["name"], SCOPE + 1)
    later = there.signed("/v1/renew", orjson.dumps({"key": "ab" * 32})).json()["device"]
    with station.storage.writing() as session:
        session.run("update device set id=? where scope_id=? and id=?", desk.device, there.scope, there.device)
        session.run("update device set parent=? where scope_id=? and id=?", desk.device, there.scope, later)
    there.device = desk.device
    with station.storage.writing() as session:
        shut = devices.revoke(session, SCOPE, desk.device, station.clock.ms)
    assert [(device.scope, device.id) for device in shut] == [(SCOPE, desk.device)]
    assert there.signed("/v1/hello", b"{}").status_code == 200
    assert refusal(desk.send()) == "REVOKED"


def test_identities_got_in_the_unit_a_community_was_merged_into_are_shut_out_too(station, desk):
    from central_server import history, regrouping

    with station.storage.writing() as session:
        history.open_unit(session, SCOPE + 1, "合并后的社区", station.clock.ms)
    regrouping.merge(station.storage, SCOPE, SCOPE + 1, station.clock.ms)
    later = desk.signed("/v1/renew", orjson.dumps({"key": "ab" * 32})).json()
    with station.storage.writing() as session:
        shut = devices.revoke(session, SCOPE, desk.device, station.clock.ms)
    assert later["scope"] == SCOPE + 1
    assert {(device.scope, device.id) for device in shut} == {(SCOPE, desk.device), (SCOPE + 1, later["device"])}


def test_a_code_of_another_unit_is_refused_and_stays_good(station):
    code = station.code()
    said = {"code": code, "key": "ab" * 32, "name": "邻居的电脑", "unit": SCOPE + 1}
    for _ in range(enrolment.CODE_TRIES + 1):
        answer = station.post("/v1/enrol", orjson.dumps(said))
        assert refusal(answer) == "OTHER_UNIT"
        assert answer.json()["info"] == {"scope": SCOPE, "unit": NAME}
    assert station.rows("select count(*) from device") == [(0,)]
    again = station.post("/v1/enrol", orjson.dumps({**said, "key": "cd" * 32, "name": "一号机", "unit": SCOPE}))
    assert again.json()["scope"] == SCOPE


def test_a_wrong_code_tells_nothing_of_units_and_is_counted(station):
    body = orjson.dumps({"code": "A" * 10, "key": "ab" * 32, "name": "x", "unit": SCOPE + 1})
    codes = [refusal(station.post("/v1/enrol", body)) for _ in range(31)]
    assert codes == ["BAD_CODE"] * 30 + ["BUSY"]


def test_a_desk_of_one_community_cannot_speak_for_another(station, desk):
    from central_server import history

    with station.storage.writing() as session:
        history.open_unit(session, SCOPE + 1, "别的社区", station.clock.ms)
    desk.scope = SCOPE + 1
    assert refusal(desk.send()) == "UNKNOWN_DEVICE"


def test_two_communities_do_not_see_each_other(station: Station, desk):
    from central_server import history
    from tests.server.conftest import person

    with station.storage.writing() as session:
        history.open_unit(session, SCOPE + 1, "别的社区", station.clock.ms)
    stranger = Speaker(station, "别处", SCOPE + 1)
    desk.sync(person("p1", name="王小明"))
    _, page = stranger.sync()
    assert page.rows == []
    assert page.head == 0


def test_a_gateway_that_takes_the_headers_away_is_named_and_nobody_is_told_to_upgrade(station):
    response = station.http.post("/v1/enrol", content=b"{}", headers={})
    assert refusal(response) == "DAMAGED"
    assert "代理" in response.json()["message"]


def test_an_older_or_newer_protocol_is_told_to_upgrade(station, desk):
    for spoken in ("0", "1", str(versions.CURRENT + 1), "", "one", "9" * 400):
        response = station.post("/v1/hello", b"{}", {signing.HEADER_PROTOCOL: spoken})
        assert response.status_code == 426
        assert refusal(response) == "UPGRADE"
