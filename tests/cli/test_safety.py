"""audit, key and repair from the command line."""

import pytest

from desktop_app import app as desktop
from desktop_app.spreadsheets.workbook import read
from desktop_app.store.connecting import connect


def test_the_audit_trail_is_verified_listed_and_exported(run, tmp_path):
    run("set", "resident", "单守诚", "note=已走访", "--why", "入户")
    assert "没有发现改动" in run("audit", "verify").out
    listed = run("audit", "list", "--what", "入户", "--json").value
    assert [line["why"] for line in listed] == ["入户"]
    assert run("audit", "list", "--until", "2001-01-01").out.startswith("没有符合条件")
    path = tmp_path / "审计.xlsx"
    assert run("audit", "export", path).code == 0
    (sheet,) = read(path).sheets
    assert any("入户" in row for row in sheet.rows)
    assert "导出：审计记录" in run("audit", "list", "--limit", 1).out


def test_somebody_at_the_trail_is_named_with_the_line(run, filled):
    run("set", "resident", "单守诚", "note=已走访", "--why", "入户")
    with desktop.open_app(filled) as app:
        key = app.secrets.get("store")
    raw = connect(filled / desktop.STORE, key)
    raw.execute("UPDATE journal_action SET actor_name='别人' WHERE why='入户'")
    raw.close()
    done = run("audit", "verify")
    assert done.code == 1
    assert "时间、人员或先后次序被改动" in done.out


@pytest.mark.parametrize("words", [("export",), ("export", "a.txt"), ("list", "--since", "昨天")])
def test_words_that_mean_nothing_are_a_usage_error(run, words):
    assert run("audit", *words).code == 2


def test_a_passphrase_is_changed_and_a_key_renewed(run, filled, monkeypatch):
    monkeypatch.setenv("LINLI_NEW_PASSPHRASE", "短")
    assert run("key", "change-passphrase").code == 1
    monkeypatch.setenv("LINLI_NEW_PASSPHRASE", "一个够长的新口令")
    assert "口令已经换好" in run("key", "change-passphrase").out
    assert run("find", "单守诚").code == 3
    monkeypatch.setenv("LINLI_PASSPHRASE", "一个够长的新口令")
    assert "重新加密" in run("key", "rekey").out
    assert run("find", "单守诚").code == 0
    with desktop.open_app(filled) as app:
        code = app.new_recovery_code()
        app.secrets.put("store", b"x" * 32)
    assert "linli key recover" in run("find", "单守诚").err
    assert run("key", "recover", "--code", code).code == 0
    assert run("find", "单守诚").code == 0


def test_a_sound_store_is_not_repaired_and_a_damaged_one_is(run, filled):
    assert "完好" in run("repair").out
    run("backup")
    path = filled / desktop.STORE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert "数据库已修复" in run("repair").out
    assert "完好" in run("repair").out
    assert run("find", "单守诚").code == 0
