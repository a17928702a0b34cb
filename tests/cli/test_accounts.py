"""The command line obeys accounts: who runs a command has signed in, but for what timers run."""

import json
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.accounts import policy, sessions, signing
from desktop_app.cli.parser import build
from desktop_app.cli.signing import READS, UNATTENDED
from desktop_app.store import recovery
from tests.cli.conftest import ROSTER, Run

FIRST, WANG = "Jiangshan-2026", "Gongzuo-1357"


@pytest.fixture
def as_(monkeypatch: pytest.MonkeyPatch):
    """`as_(login, password)`: who runs the commands from now on; `as_()` nobody."""

    def sign(login: str = "", password: str = "", new: str | None = None) -> None:
        for name, value in (("LINLI_USER", login), ("LINLI_PASSWORD", password), ("LINLI_NEW_PASSWORD", new)):
            if value:
                monkeypatch.setenv(name, value)
            else:
                monkeypatch.delenv(name, raising=False)

    sign()
    return sign


@pytest.fixture
def set_up(run: Run, as_) -> Run:
    """The demonstration community with a first administrator; nobody is signed in."""
    as_(new=FIRST)
    assert run("account", "first", "李静").code == 0
    as_()
    return run


def hire(run: Run, as_, name: str, *roles: str) -> tuple[str, str]:
    """Somebody new, who has chosen an own password; nobody is signed in afterwards."""
    as_("lijing", FIRST)
    made = run("account", "add", name, *(word for role in roles for word in ("--role", role)), "--json")
    assert made.code == 0, made.err
    as_(made.value["login"], made.value["password"], WANG)
    assert run("account", "password").code == 0
    as_()
    return made.value["login"], WANG


def test_init_makes_the_first_administrator_with_the_store(run: Run, as_, tmp_path: Path) -> None:
    home, told = tmp_path / "新", ("init", "--community", "江山社区", "--code", "420299001001", "--staff", "张三")
    as_(new="kurz")
    refused = run(*told, "--login", "zhangsan", home=home)
    assert refused.code == 1
    assert "密码" in refused.err
    assert not home.exists()
    as_(new=FIRST)
    assert run(*told, "--login", "zhangsan", home=home).code == 0
    assert run("find", "张", home=home).code == 3
    as_("zhangsan", FIRST)
    assert run("find", "张", home=home).code == 0


def test_without_signing_in_a_command_does_nothing_and_says_how(set_up: Run) -> None:
    for words in (["find", "单守诚"], ["export", "residents", "-o", "x.csv"], ["undo"], ["audit", "list"], ["backup"]):
        done = set_up(*words)
        assert done.code == 3, words
        assert "还没有登录" in done.err
        assert "LINLI_USER" in done.err
        assert done.out == ""


def test_a_wrong_password_is_refused_and_stands_in_the_trail(set_up: Run, as_, filled: Path) -> None:
    as_("lijing", "Falsch-2026")
    done = set_up("find", "单守诚")
    assert done.code == 1
    assert "登录名或密码不对" in done.err
    with desktop.open_app(filled) as app:
        assert "登录失败：李静" in app.db.scalar("SELECT what FROM journal_action ORDER BY no DESC LIMIT 1")


def test_whoever_signs_in_acts_in_the_own_name_and_as_far_as_the_roles_go(set_up: Run, as_, filled: Path) -> None:
    street = hire(set_up, as_, "街道来人", "街道")
    worker = hire(set_up, as_, "王芳", "社工")
    as_(*street)
    refused = set_up("find", "单守诚")
    assert refused.code == 1
    assert "没有“查看居民和户”的权限" in refused.err
    as_(*worker)
    assert "单守诚" in set_up("find", "单守诚").out
    assert set_up("set", "resident", "单守诚", "note=已走访").code == 0
    with desktop.open_app(filled) as app:
        assert app.db.scalar("SELECT actor_name FROM journal_action WHERE what='修改居民信息'") == "王芳"


def test_an_identifier_opens_no_record_that_the_roles_keep_shut(set_up: Run, as_, some) -> None:
    """Whoever knows an identifier still has to be allowed to look."""
    street = hire(set_up, as_, "街道来人", "街道")
    as_(*street)
    for kind, table in (("resident", "person"), ("household", "household")):
        for verb in ("show", "history"):
            refused = set_up(verb, kind, some(table))
            assert refused.code == 1
            assert "没有“查看居民和户”的权限" in refused.err
    settled = set_up("conflicts", "settle", "ab" * 16, "keep")
    assert settled.code == 1
    assert "没有“处理冲突”的权限" in settled.err
    assert "没有“从表格导入居民”的权限" in set_up("import", "residents", ROSTER, "--dry-run").err
    assert set_up("show", "building", some("building")).code == 0


def test_timers_run_without_anybody(set_up: Run) -> None:
    assert set_up("backup", "--if-due", "daily").code == 0
    assert "审计记录完整" in set_up("audit", "verify").out
    assert set_up("sync").code == 1  # not enrolled: it got as far as that
    assert set_up("doctor").code in {0, 1}


def test_what_nobody_signed_in_for_shows_no_names(set_up: Run, as_) -> None:
    """How many there are, a timer may say; who they are, not."""
    as_("lijing", FIRST)
    for name in ("霍丽", "蓝红霞"):
        assert set_up("set", "resident", name, "birth=1850-01-01").code == 0
    named = [finding for finding in set_up("doctor", "--json").value if finding["cases"]]
    assert named
    as_()
    shown = {finding["code"]: finding for finding in set_up("doctor", "--json").value}
    assert all(not finding["cases"] for finding in shown.values())
    assert shown[named[0]["code"]]["count"] == named[0]["count"]


@pytest.mark.parametrize(
    ("words", "alone"),
    [
        (["sync"], True),
        (["sync", "--watch"], True),
        (["sync", "--accept-deletions"], False),
        (["sync", "--new-key"], False),
        (["backup"], False),
        (["backup", "--if-due", "exit"], True),
        (["doctor"], True),
        (["doctor", "--fix", "x"], False),
        (["doctor", "--cases", "x"], False),
        (["audit", "verify"], True),
        (["audit", "list"], False),
        (["audit", "export", "x.xlsx"], False),
        (["find", "x"], False),
        (["key", "rekey"], False),
        (["matter", "list"], False),
    ],
)
def test_what_a_timer_may_run(words: list[str], alone: bool) -> None:
    told = build().parse_args(words)
    rule = UNATTENDED.get(told.command)
    assert bool(rule and rule(told)) == alone


def test_only_the_auditor_lists_and_exports_the_trail(set_up: Run, as_, tmp_path: Path) -> None:
    auditor = hire(set_up, as_, "孙审计", "审计管理员")
    as_("lijing", FIRST)
    assert set_up("audit", "list").code == 1
    assert set_up("audit", "export", tmp_path / "a.xlsx").code == 1
    assert not (tmp_path / "a.xlsx").exists()
    as_(*auditor)
    assert "登录" in set_up("audit", "list").out
    assert set_up("audit", "export", tmp_path / "a.xlsx").code == 0
    assert set_up("find", "单守诚").code == 1


def test_a_temporary_password_opens_nothing_but_its_change(set_up: Run, as_) -> None:
    as_("lijing", FIRST)
    made = set_up("account", "add", "王芳", "--role", "社工", "--json").value
    as_(made["login"], made["password"])
    done = set_up("find", "单守诚")
    assert done.code == 1
    assert "linli account password" in done.err
    as_(made["login"], made["password"], made["password"])
    assert "最近 5 次" in set_up("account", "password").err
    as_(made["login"], made["password"], WANG)
    assert set_up("account", "password").code == 0


def test_the_window_hands_its_sign_in_to_the_commands_it_starts(
    set_up: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desktop.open_app(filled) as app:
        lijing = app.sign_in("lijing", FIRST)
        monkeypatch.setenv(sessions.VARIABLE, sessions.open_session(app.db, lijing))
        assert set_up("find", "单守诚").code == 0
        app.sign_out()
        ended = set_up("find", "单守诚")
        assert ended.code == 1
        assert "登录已经结束" in ended.err
        assert set_up("backup", "--if-due", "exit").code == 0  # a timer goes on


def test_accounts_are_listed_changed_ended_reset_and_unlocked(set_up: Run, as_) -> None:
    login, _ = hire(set_up, as_, "王芳", "社工")
    as_("lijing", FIRST)
    assert set_up("account", "change", login, "--role", "综合岗", "--grid", "第1网格", "--why", "调岗").code == 0
    (line,) = [one for one in set_up("account", "list", "--json").value if one["login"] == login]
    assert (line["roles"], line["grids"]) == (["counter"], ["第1网格"])
    assert "第9网格" in set_up("account", "change", login, "--grid", "第9网格").err
    assert set_up("account", "change", "niemand", "--role", "社工").code == 1
    assert set_up("account", "unlock", login).code == 0
    assert set_up("account", "reset", login, "--json").value["password"]
    assert set_up("account", "end", login, "--why", "离职").code == 0
    assert login not in set_up("account", "list").out
    assert "停用" in set_up("account", "list", "--ended").out
    assert "自己的账号" in set_up("account", "end", "lijing").err


def test_a_pin_is_set_and_cleared(set_up: Run, as_, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_("lijing", FIRST)
    monkeypatch.setenv("LINLI_PIN", "2580")
    assert set_up("account", "pin").code == 0
    with desktop.open_app(filled) as app:
        me = app.db.scalar("SELECT staff_id FROM account")
        assert signing.sign_in_with_pin(app.db, me, "2580").name == "李静"
    assert set_up("account", "pin", "--clear").code == 0


def test_a_second_first_administrator_needs_the_recovery_sheet(set_up: Run, as_, filled: Path) -> None:
    as_(new=WANG)
    refused = set_up("account", "first", "王芳")
    assert refused.code == 1
    assert "--recovery" in refused.err
    with desktop.open_app(filled) as app:
        app.sign_in("lijing", FIRST)
        code = app.new_recovery_code()
    for wrong in (recovery.new_code(), "xyz"):
        assert set_up("account", "first", "王芳", "--recovery", wrong).code in {1, 3}
    done = set_up("account", "first", "王芳", "--recovery", code)
    assert done.code == 0, done.err
    as_("wangfang", WANG)
    assert set_up("find", "单守诚").code == 0
    with desktop.open_app(filled) as app:
        assert app.db.scalar("SELECT count(*) FROM journal_action WHERE what LIKE '凭恢复单重新设立管理员%'") == 1


def test_the_table_of_rights_needs_no_store(run: Run, tmp_path: Path) -> None:
    assert "三员之一" in run("account", "rights", home=tmp_path / "nichts").out
    assert json.loads(run("account", "rights", "--json", home=tmp_path / "nichts").out)["audit"]


def test_keys_and_the_recovery_sheet_are_the_system_administrators(set_up: Run, as_, tmp_path: Path) -> None:
    worker = hire(set_up, as_, "王芳", "社工")
    as_(*worker)
    assert "没有“更换密钥" in set_up("recovery-sheet", "-o", tmp_path / "r.pdf").err
    assert "没有“更换密钥" in set_up("key", "rekey").err
    assert "没有“从备份恢复" in set_up("restore", "x.db", "--into", tmp_path / "neu").err
    assert "没有“登记和修改" not in set_up("import", "residents", ROSTER, "--dry-run").err


def test_a_command_of_nobody_leaves_nobodys_line(set_up: Run, filled: Path) -> None:
    with desktop.open_app(filled) as app:
        before = app.db.scalar("SELECT max(no) FROM journal_action")
    set_up("set", "resident", "单守诚", "note=x")
    with desktop.open_app(filled) as app:
        assert app.db.scalar("SELECT max(no) FROM journal_action") == before


@pytest.mark.parametrize("words", ["chain", "campaign list", "matter list", "partner list", "partner bookings",
                                   "meeting due", "meeting quarter", "report-in negative", "practice list",
                                   "request show 1", "practice show codes/tags", "attachments --save x"])  # fmt: skip
def test_an_account_without_roles_sees_no_slice(set_up: Run, as_, words: str) -> None:
    as_(*hire(set_up, as_, "陈小新"))
    done = set_up(*words.split())
    assert done.code == 1, words
    assert "没有“查看" in done.err
    assert done.out == ""


def test_every_command_of_a_slice_is_known(set_up: Run) -> None:
    assert set(READS.values()) <= set(policy.rights())
    for name in READS:
        with pytest.raises(SystemExit):
            build().parse_args([name, "--help"])
    assert build().parse_args(["matter", "list"]).command == "matter list"


def test_rebuilding_a_sound_store_is_for_whoever_may_restore(set_up: Run, as_) -> None:
    """A damaged one nobody can sign in to; a sound one is nobody's to turn inside out."""
    done = set_up("repair", "--force")
    assert done.code == 3
    assert "还没有登录" in done.err
    as_(*hire(set_up, as_, "章晓岚", "社区书记"))
    assert "修复数据库" in set_up("repair", "--force").err
    assert set_up("repair").code == 0
    as_("lijing", FIRST)
    assert set_up("repair", "--force").code == 0
    assert set_up("find", "单守诚").code == 0


def test_a_restored_copy_keeps_who_has_ended_since_and_says_so(set_up: Run, as_, tmp_path: Path) -> None:
    as_("lijing", FIRST)
    assert set_up("account", "add", "王芳", "--login", "wangfang", "--role", "worker", "--json").code == 0
    made = set_up("backup", "--json").value["path"]
    assert set_up("account", "end", "wangfang", "--why", "离职").code == 0
    said = set_up("restore", made, "--into", tmp_path / "neu").out
    assert "照这台电脑所知的补上" in said
    assert "linli account list" in said
    found = set_up("account", "list", "--json", "--home", tmp_path / "neu").value
    assert "wangfang" not in [one["login"] for one in found]
