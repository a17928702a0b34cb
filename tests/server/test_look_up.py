"""Where somebody moves to: a desk looks a community up by its name or its code, and learns nothing else."""

import orjson
import pytest

from central_server import regrouping, units
from sync_protocol import signing
from tests.server.conftest import NAME, SCOPE, Speaker, Station
from tests.server.town import DISTRICT, STREET, A, B, build


def found(desk: Speaker, text: object) -> list[str]:
    answer = desk.signed("/v1/units", orjson.dumps({"text": text}))
    assert answer.status_code == 200, answer.json()
    return [name for _, name, _ in answer.json()["units"]]


@pytest.fixture
def clerk(station: Station, desk: Speaker) -> Speaker:
    build(station)
    return desk


def test_a_community_is_found_by_words_of_its_name_or_by_how_its_code_begins(clerk: Speaker):
    assert found(clerk, "乙") == ["乙社区"]
    assert found(clerk, " 红旗 桥 ") == [NAME]
    assert found(clerk, str(A)) == ["甲社区"]
    assert found(clerk, str(STREET)) == [NAME, "甲社区", "乙社区"]


def test_nothing_but_communities_is_found_and_nothing_by_an_empty_text_or_a_pattern(clerk: Speaker):
    for text in ("街", "区民政局", str(DISTRICT)[:3] + "!", "", "  ", "%", "_", "!", "\x00", "\n"):
        assert found(clerk, text) == []


def test_a_community_that_was_closed_or_merged_is_not_found_any_more(clerk: Speaker, station: Station):
    regrouping.merge(station.storage, B, A, station.clock.ms)
    assert found(clerk, "社区")[:2] == [NAME, "甲社区"]
    assert found(clerk, "乙") == []


def test_at_most_twenty_are_named(clerk: Speaker, station: Station):
    with station.storage.writing() as session:
        for number in range(30):
            units.create(session, 420299003001 + number, f"新{number}社区", station.clock.ms, kind="community")
    assert len(found(clerk, "新")) == units.MOST_FOUND


@pytest.mark.parametrize("body", [b"", b"{}", b'{"text": 1}', orjson.dumps({"text": "长" * 61})])
def test_what_is_no_question_is_refused(clerk: Speaker, body: bytes):
    assert clerk.signed("/v1/units", body).json()["code"] == "BAD_REQUEST"


def test_a_stranger_learns_nothing(clerk: Speaker, station: Station):
    body = orjson.dumps({"text": "社区"})
    assert station.post("/v1/units", body).status_code in (400, 401, 403)
    headers = {
        signing.HEADER_DEVICE: signing.device_name(SCOPE, 1),
        signing.HEADER_COUNTER: "1",
        signing.HEADER_SIGNATURE: "00" * 64,
    }
    assert station.post("/v1/units", body, headers).json()["code"] == "UNKNOWN_DEVICE"
