"""bundle, and init from a starter: the exchange by USB stick, spoken to in words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from central_server.cli import main as central
from tests.cli.conftest import Run
from tests.journeys.world import SCOPE, Server

Central = Callable[..., str]


@pytest.fixture
def serve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Central:
    """Runs `linli-central …` on the data of the server; returns what it printed."""

    def run(*words: object) -> str:
        capsys.readouterr()
        assert central([*map(str, words), "--data", str(tmp_path / "server")]) == 0
        return capsys.readouterr().out

    return run


def test_what_waits_goes_out_in_a_file_and_what_the_server_answered_comes_in(
    run: Run, server: Server, serve: Central, tmp_path: Path
) -> None:
    up, down = tmp_path / "上报.linli", tmp_path / "带回.linli"
    run("enrol", server.url, server.code())
    server.stop()
    told = run("bundle", "export", up, "--json-progress")
    assert told.value["file"] == str(up)
    assert told.value["rows"] > 2000
    assert told.value["problems"] == []
    assert json.loads(told.err.splitlines()[0])["words"] == "正在导出"
    serve("bundle", "answer", up, "--to", down)
    came = run("bundle", "import", down, "--json-progress")
    assert came.code == 0
    assert came.value["pushed"] == told.value["rows"]
    assert json.loads(came.err.splitlines()[-1])["words"] == "正在导入"
    assert "上报 0 条" in run("bundle", "import", down).out, "a second time it changes nothing"
    server.start()
    assert run("sync", "--json").value["pushed"] < 5, "what went by stick does not go again"


def test_a_file_that_is_not_for_import_is_refused_in_words(run: Run, server: Server, tmp_path: Path) -> None:
    run("enrol", server.url, server.code())
    run("bundle", "export", tmp_path / "up.linli")
    done = run("bundle", "import", tmp_path / "up.linli")
    assert (done.code, "要带到服务器去" in done.err) == (1, True)
    (tmp_path / "x.linli").write_bytes(b"PK")
    assert run("bundle", "import", tmp_path / "x.linli").code == 5
    assert "U盘" in run("bundle", "import", tmp_path / "nothing.linli").err


def test_a_new_desk_begins_with_a_starter_and_its_passcode_and_a_wrong_one_leaves_nothing(
    run: Run, server: Server, serve: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("enrol", server.url, server.code())
    run("sync")
    server.stop()
    file, home = tmp_path / "启动.linli", tmp_path / "新机"
    passcode = serve("bundle", "starter", "--scope", SCOPE, "--name", "二号机", "--to", file).strip()
    begin = ("init", "--from-starter", file, "--staff", "任海燕")
    assert run(*begin, home=home).code == 2, "without a passcode and a terminal"
    monkeypatch.setenv("LINLI_PASSCODE", "A" * 16)
    assert "启动口令不对" in run(*begin, home=home).err
    assert not home.exists()
    monkeypatch.setenv("LINLI_PASSCODE", passcode.lower())
    told = run(*begin, "--json", home=home)
    assert told.value["community"] == "红旗桥社区"
    assert told.value["pulled"] > 2500
    assert run("find", "ssc", "--json", home=home).value[0]["name"] == "单守诚"
    assert "只用U盘" in run("sync", home=home).err
    assert run(*begin, home=home).code == 2, "the store that is there is not touched"


def test_without_a_starter_a_new_store_needs_its_community(run: Run, tmp_path: Path) -> None:
    done = run("init", "--staff", "任海燕", home=tmp_path / "新机")
    assert (done.code, "--from-starter" in done.err) == (2, True)
