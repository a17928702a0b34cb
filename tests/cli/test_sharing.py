"""units, move-out, share, erase, refused, trust and the options of sync: what leaves a desk, said in words."""

import pytest

from central_server import units
from desktop_app import app as desktop
from desktop_app.cli import exchange
from tests.cli.conftest import Run
from tests.journeys.world import SCOPE, Server

STREET, NEIGHBOUR = 420299001, 420299001777


@pytest.fixture
def joined(run: Run, server: Server) -> Server:
    """The demonstration community on a server that also knows a street and another community."""
    with server._storage.writing() as session:
        units.create(session, STREET, "红旗街道", 0, kind="street")
        units.create(session, NEIGHBOUR, "江北社区", 0, kind="community", parent=STREET)
        units.move(session, SCOPE, STREET)
    assert run("enrol", server.url, server.code()).code == 0
    assert run("sync").code == 0
    return server


def rows(server: Server, sql: str, *params: object):
    with server._storage.reading() as session:
        return session.rows(sql, *params)


def test_the_units_one_may_share_with_are_listed(run: Run, joined: Server) -> None:
    assert {"id": STREET, "name": "红旗街道", "kind": "street"} in run("units", "--json").value
    assert "街道" in run("units").out


def test_a_resident_is_handed_over_and_the_desk_says_what_goes_along(run: Run, joined: Server) -> None:
    done = run("move-out", "单守诚", NEIGHBOUR, "--unit-name", "江北社区", "--on", "2026.11.20", "--why", "买房")
    assert done.code == 0, done.err
    assert "将转到江北社区" in done.out
    person = run("show", "resident", "单守诚", "--json").value["id"]
    again = run("move-out", "单守诚", NEIGHBOUR)
    assert again.code == 1
    assert "已经登记转到江北社区" in again.err
    assert run("sync").code == 0
    assert run("find", "单守诚", "--json").value == []
    found = rows(joined, "select sync_del from record where scope_id=? and tbl='person' and id=?", NEIGHBOUR, person)
    assert found == [(0,)]


def test_an_unknown_unit_is_refused_with_those_that_are_known(run: Run, joined: Server) -> None:
    done = run("move-out", "单守诚", "月球社区")
    assert done.code == 1
    assert "红旗街道" in done.err


def test_a_meeting_is_shared_and_taken_back(run: Run, joined: Server, look) -> None:
    meeting = look("SELECT id FROM meeting WHERE sync_del=0")
    shared = run("share", meeting, "红旗街道")
    assert "现在共享给：红旗街道" in shared.out
    assert run("share", meeting, str(STREET), "--json").value["units"] == [STREET]
    run("sync")
    assert rows(joined, "select count(*) from record where scope_id=? and tbl='meeting'", STREET) == [(1,)]
    assert "没有共享给别的单位" in run("share", meeting, "--withdraw").out
    run("sync")
    assert rows(joined, "select sync_del from record where scope_id=? and tbl='meeting'", STREET) == [(3,)]
    assert run("share", meeting).code == 2, "whom with?"
    assert run("set", "meeting", meeting, f"audience={STREET}").code == 2, "only by sharing"


def test_appeals_and_matters_are_shared_and_taken_back_by_their_numbers(run: Run, joined: Server, look) -> None:
    for kind in ("appeal", "matter"):
        number = look(f"SELECT no FROM {kind} WHERE sync_del=0 AND no IS NOT NULL")
        assert "现在共享给：红旗街道" in run("share", number, "红旗街道").out
        assert run("share", number, "红旗街道", "--withdraw", "--why", "传错了", "--json").value["units"] == []
    assert run("share", "没有这个号", "红旗街道").code == 1


def test_what_the_street_has_in_hand_is_taken_back_with_a_reason(run: Run, joined: Server, look) -> None:
    made = run("appeal", "add", "楼道堆物", "--name", "王小明", "--accept", "--json").value["no"]
    run("appeal", "act", made, "上报", "--text", "请社区协调")
    assert run("appeal", "act", made, "上报", "--text", "请街道统筹", "--unit", "红旗街道").code == 0
    done = run("share", made, "--withdraw")
    assert done.code == 1
    assert "请写明收回的原因" in done.err
    assert "没有共享给别的单位" in run("share", made, "--withdraw", "--why", "应由物业处理").out
    assert "退回" in run("appeal", "show", made).out


def test_an_erasure_has_to_be_confirmed_and_names_nobody_afterwards(run: Run, joined: Server, look) -> None:
    asked = run("erase", "单守诚", "--why", "本人书面申请")
    assert asked.code == 2
    assert "还没有确认" in asked.err
    assert run("erase", "单守诚", "--yes").code == 2, "on what ground?"
    done = run("erase", "单守诚", "--why", "本人书面申请", "--yes")
    assert done.code == 0, done.err
    assert "单守诚" not in done.out
    assert run("sync").code == 0
    assert run("find", "单守诚", "--json").value == []
    assert look("SELECT count(*) FROM person WHERE name='单守诚'") == 0
    assert not [text for (text,) in rows(joined, "select fields from record where tbl='person'") if "单守诚" in text]


def test_the_whole_store_can_be_compared_and_the_key_changed(run: Run, joined: Server, look) -> None:
    device = look("SELECT device FROM sync_state")
    for option in ("--recount", "--deep", "--accept-deletions"):
        assert run("sync", option, "--json").value["fetched"] == 0
    assert "已换新密钥" in run("sync", "--new-key").out
    assert look("SELECT device FROM sync_state") != device
    assert run("sync").code == 0


def test_too_many_deletions_end_with_7_and_go_on_when_they_are_accepted(run: Run, joined: Server, filled) -> None:
    with desktop.open_app(filled) as app, app.db.transaction(app.actor, "误删") as tx:
        tx.execute("UPDATE person SET sync_del=1 WHERE sync_del=0")
    done = run("sync")
    assert done.code == 7
    assert "--accept-deletions" in done.err
    assert run("sync", "--accept-deletions").code == 0
    assert rows(joined, "select count(*) from record where tbl='person' and sync_del=0") == [(0,)]


def test_what_the_server_does_not_take_is_listed_with_its_reason(run: Run, joined: Server, look, filled) -> None:
    assert "没有被服务器拒绝" in run("refused").out
    meeting = look("SELECT id FROM meeting WHERE sync_del=0")
    with joined._storage.writing() as session:
        units.create(session, 420299009, "别的街道", 0, kind="street")
    with desktop.open_app(filled) as app, app.db.transaction(app.actor, "共享") as tx:
        tx.execute("UPDATE meeting SET audience='420299009' WHERE id=?", (meeting,))
    run("sync")
    assert "共享的单位" in run("refused").out
    assert run("refused", "--json").value[0]["code"] == "AUDIENCE"


def test_trust_tells_how_the_server_has_to_prove_itself(run: Run, joined: Server, tmp_path) -> None:
    assert run("trust", "--json").value["trust"] == "系统"
    assert run("trust", "--fingerprint", "AB:" * 31 + "AB", "--json").value["pinned"] == "ab" * 32
    assert run("trust", "--ca", tmp_path / "nothing.pem").code == 1
    assert "系统" in run("trust", "--system").out


def test_an_unencrypted_server_is_refused_unless_told(run: Run, server: Server) -> None:
    done = run("enrol", "http://10.99.99.99", server.code())
    assert done.code == 1
    assert "--insecure-http" in done.err


def test_watching_syncs_again_whenever_there_is_news_until_somebody_stops_it(
    run: Run, joined: Server, look, monkeypatch
) -> None:
    turns = iter([None, None])

    def news(_app: object) -> None:
        if next(turns, 1):
            raise KeyboardInterrupt

    monkeypatch.setattr(exchange, "_wait", news)
    done = run("sync", "--watch")
    assert done.code == 130
    assert done.out.count("同步完成") == 3
    assert look("SELECT count(*) FROM sync_log WHERE kind='ok'") == 4
