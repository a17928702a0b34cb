"""The commands about personal data, from the outside: what they say, what they refuse, what they leave behind."""

from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.accounts import actions as accounts
from tests.cli.conftest import Run

PASSPHRASE = "密封口令要有十二个字才行"


@pytest.fixture
def sit(filled: Path):
    """Another member of staff sits down at the same desk."""

    def down(at: int) -> str:
        with desktop.open_app(filled) as app:
            (staff_id, name) = app.db.rows("SELECT id,name FROM staff WHERE sync_del=0 ORDER BY local_no")[at]
            accounts.sit_down(app.db, staff_id)
            return str(name)

    return down


@pytest.fixture
def child(filled: Path) -> str:
    with desktop.open_app(filled) as app:
        return str(
            app.db.scalar("SELECT id FROM person WHERE birth>'2015' AND sync_del=0 ORDER BY local_no DESC LIMIT 1")
        )


def test_a_child_is_shown_at_the_same_desk_after_somebody_else_allowed_it(run: Run, sit, child: str) -> None:
    sit(0)
    done = run("show", "resident", child, "--unmask", "核对医保")
    assert done.code == 1
    assert "先经负责人审批" in done.err
    asked = run("approval", "ask", "查看未成年人信息", "--person", child, "--why", "核对医保", "--json").value["id"]
    assert "不能审批自己的申请" in run("approval", "allow", asked).err
    boss = sit(1)
    assert "已审批：查看未成年人信息，同意" in run("approval", "allow", asked).out
    sit(0)
    assert run("show", "resident", child, "--unmask", "核对医保").code == 0
    assert boss in run("audit", "list", "--limit", 1).out


def test_a_refusal_is_given_with_its_reason(run: Run, sit, child: str) -> None:
    sit(0)
    asked = run("approval", "ask", "查看未成年人信息", "--person", child, "--why", "核对", "--json").value["id"]
    sit(1)
    assert "不同意的理由没有填" in run("approval", "refuse", asked).err
    assert run("approval", "refuse", asked, "--why", "材料不齐").code == 0
    (line,) = [one for one in run("approval", "list", "--json").value if one["id"] == asked]
    assert (line["verdict"], line["why"]) == ("不同意", "材料不齐")


def test_a_request_goes_from_the_counter_to_its_papers(run: Run, tmp_path: Path) -> None:
    made = run("request", "add", "查阅", "单守诚", "--text", "想知道登记了什么", "--json").value
    assert run("request", "check", made["no"], "--how", "当面核对居民身份证").code == 0
    assert "打印答复书" in run("request", "decide", made["no"], "同意").out
    for form in ("request-answer", "personal-file"):
        assert run("print", form, made["no"], "-o", tmp_path / f"{form}.pdf").code == 0
        assert (tmp_path / f"{form}.pdf").stat().st_mode & 0o777 == 0o600
    assert run("print", "privacy-notice", "-o", tmp_path / "告知书.pdf").code == 0
    assert "已答复" in run("request", "answer", made["no"]).out
    assert "状态：已答复" in run("request", "show", made["no"]).out
    (line, *_) = run("exports", "--json").value
    assert (line["what"], line["masked"]) == ("个人信息档案", 0)
    assert made["no"] not in run("request", "list", "--open").out


def test_the_register_is_filtered_and_exported(run: Run, tmp_path: Path) -> None:
    run("visit", "due", "-o", tmp_path / "该走访.xlsx", "--to", "网格员", "--for", "本周走访")
    assert "本周走访" in run("exports", "--text", "网格员").out
    assert run("exports", "-o", tmp_path / "登记.xlsx").code == 0
    assert run("exports", "--since", "昨天").code == 2
    assert run("exports", "--until", "2001-01-01").out.startswith("没有导出登记")


def test_what_has_expired_waits_for_an_approval(run: Run, sit) -> None:
    sit(0)
    assert "走访记录" in run("retention", "list").out
    assert "还没有审批" in run("retention", "run", "visit", "--yes").err
    asked = run("retention", "ask", "visit", "--json").value["id"]
    sit(1)
    run("approval", "allow", asked)
    done = run("retention", "run", "visit", "--yes", "--json").value
    assert done["count"] > 0
    assert not done["sealed"]


def test_a_person_is_put_under_seal_and_found_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("sealed", "set-passphrase").code == 2
    monkeypatch.setenv("LINLI_SEAL_PASSPHRASE", PASSPHRASE)
    assert "写在纸上" in run("sealed", "set-passphrase").out
    made = run("sealed", "person", "单守诚", "--why", "档案规定", "--yes", "--json").value["id"]
    assert "没有找到" in run("find", "单守诚").out
    assert made in run("sealed", "find", "单守诚", "--why", "近亲属申请").out
    assert "单守诚" in run("sealed", "open", made, "--why", "近亲属申请").out
    assert "已解除封存" in run("sealed", "lift", made, "--why", "档案部门同意恢复").out
    assert "单守诚" in run("find", "单守诚").out
    assert run("sealed", "unlock").code == 0


def test_restricted_classes_need_two_people_and_a_reason(run: Run, sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_SEAL_PASSPHRASE", PASSPHRASE)
    sit(0)
    run("sealed", "set-passphrase")
    assert "没有启用" in run("restricted", "look", "单守诚", "--why", "看").err
    asked = run("approval", "ask", "启用限制类人员", "--why", "综治职责", "--json").value["id"]
    assert run("restricted", "on", "--why", "综治职责").code == 1
    sit(1)
    run("approval", "allow", asked)
    sit(0)
    assert run("restricted", "on", "--why", "综治职责").code == 0
    made = run("restricted", "enter", "单守诚", "社区矫正", "--why", "司法所通报", "--json").value["id"]
    assert "社区矫正" in run("restricted", "look", "单守诚", "--why", "走访前了解").out
    assert run("restricted", "look", "单守诚").code == 2
    assert run("restricted", "end", made, "--why", "期满").code == 0
    assert run("restricted", "off", "--why", "不再需要").code == 0


def test_a_code_in_the_command_is_taken_with_a_warning_and_asked_for_without(
    run: Run, filled: Path, monkeypatch
) -> None:
    with desktop.open_app(filled) as app:
        code = app.new_recovery_code()
    done = run("key", "rekey", "--code", code)
    assert "其他用户看得到" in done.err
    assert run("key", "recover", "--code").code == 2
    monkeypatch.setenv("LINLI_RECOVERY_CODE", code)
    monkeypatch.setenv("LINLI_NEW_PASSPHRASE", "一个够长的新口令")
    assert "其他用户看得到" not in run("key", "recover", "--code").err


def test_the_recovery_sheet_is_its_owners_alone(run: Run, tmp_path: Path) -> None:
    assert run("recovery-sheet", "-o", tmp_path / "恢复单.pdf").code == 0
    assert (tmp_path / "恢复单.pdf").stat().st_mode & 0o777 == 0o600
