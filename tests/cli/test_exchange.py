"""enrol, sync, conflicts: a desk and the real server, spoken to in words."""

import json
from pathlib import Path

from desktop_app import app as desktop
from desktop_app.store.conflict import Conflict
from tests.cli.conftest import Run
from tests.journeys.world import Server


def test_a_desk_that_knows_no_server_is_told_how_to_enrol(run: Run) -> None:
    done = run("sync")
    assert done.code == 1
    assert "linli enrol" in done.err
    assert run("conflicts").out.strip() == "没有待确认的冲突。"


def test_two_desks_are_enrolled_synced_and_show_their_conflict(run: Run, other: Path, server: Server) -> None:
    enrolled = run("enrol", server.url, server.code(), "--name", "前台1", "--json")
    assert enrolled.value["scope"] == 420299001001
    assert enrolled.value["unit"] == "红旗桥社区"
    assert run("enrol", server.url, server.code().lower(), home=other).code == 0, "a code may be typed in small letters"
    pushed = run("sync", "--json").value
    assert pushed["pushed"] > 2500
    assert pushed["problems"] == []
    assert "收到" in run("sync", home=other).out
    assert run("find", "ssc", "--json", home=other).value[0]["name"] == "单守诚"

    run("set", "resident", "单守诚", "phones=13500000881")
    run("set", "resident", "单守诚", "phones=13500000882", home=other)
    for home in (None, other, None):
        assert run("sync", home=home).code == 0
    for home in (None, other):
        (clash,) = run("conflicts", "--json", home=home).value
        assert (clash["record_name"], clash["field_zh"]) == ("单守诚", "联系电话")
        assert (clash["shown"]["value"], clash["other"]["value"]) == ("135****0882", "135****0881")
        told = run("conflicts", home=home).out
        assert "单守诚" in told
        assert "1350000088" not in told, "whole numbers are shown for a reason alone"


def test_a_step_done_twice_and_a_whole_record_are_listed_in_words_with_masked_numbers(run: Run, filled: Path) -> None:
    said = [{"kind": "办结", "by_name": name, "on": "2026-11-22"} for name in ("李静", "任海燕")]
    person = {"name": "单守诚", "phones": "13500000881", "id_no": "420299195003050014"}
    with desktop.open_app(filled) as app, app.db.transaction(app.actor, "准备") as tx:
        won, lost, whole = (json.dumps(one) for one in (*said, person))
        tx.add(Conflict(tbl="appeal_event", row_id="ab" * 16, field="", kind="state", win_value=won, lose_value=lost))
        tx.add(Conflict(tbl="person", row_id="cd" * 16, field="", kind="moved", win_value=None, lose_value=whole))
    told = run("conflicts").out
    assert "同一步办了两次" in told
    assert "经办人：任海燕" in told
    assert "联系电话：135****0881" in told
    for shown in (told, run("conflicts", "--json").out):
        assert "13500000881" not in shown
        assert "420299195003050014" not in shown
        assert "by_name" not in shown


def test_a_wrong_code_is_refused_in_words(run: Run, server: Server) -> None:
    done = run("enrol", server.url, "ABCDEFGHJK")
    assert done.code == 1
    assert "接入码" in done.err


def test_a_server_that_went_away_ends_with_4_and_the_desk_works_on(run: Run, server: Server) -> None:
    run("enrol", server.url, server.code())
    server.stop()
    done = run("sync")
    assert done.code == 4
    assert "没有丢失" in done.err
    assert run("set", "resident", "单守诚", "note=已走访").code == 0
    server.start()
    assert run("sync").code == 0
