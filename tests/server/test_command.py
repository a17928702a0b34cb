"""`linli-central`: what an administrator types."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from central_server import devices, private
from central_server.cli import main
from central_server.cli.opening import open_storage
from central_server.cli.serving import fingerprint_of
from central_server.exchange import wall_clock
from central_server.keys import server_keys
from desktop_app.sync.trust import seen_fingerprint, spelled
from sync_protocol.enrolment import EnrolRequest
from tests.sync.fronts import answering, authority, issue, save

SCOPE = "420299001001"


def test_a_code_is_printed_alone_so_that_it_can_be_copied(tmp_path, capsys):
    assert main(["enrol-code", "--data", str(tmp_path), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"[A-Z2-9]{10}\n", out)
    assert "红旗桥社区" in err


def test_a_code_for_an_unknown_community_needs_its_name(tmp_path, capsys):
    assert main(["enrol-code", "--data", str(tmp_path), "--scope", SCOPE]) == 1
    assert "--name" in capsys.readouterr().err
    assert main(["unit", "--data", str(tmp_path), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
    assert main(["enrol-code", "--data", str(tmp_path), "--scope", SCOPE]) == 0


def test_a_device_that_is_not_there_cannot_be_revoked(tmp_path, capsys):
    assert main(["unit", "--data", str(tmp_path), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
    assert main(["revoke", "--data", str(tmp_path), "--device", "7"]) == 1
    assert "没有可停用的电脑 7" in capsys.readouterr().err


def test_two_desks_of_one_number_are_told_apart_by_their_units(tmp_path, capsys):
    folder = ["--data", str(tmp_path)]
    for scope, name in ((SCOPE, "红旗桥社区"), (str(int(SCOPE) + 1), "江北社区")):
        assert main(["unit", *folder, "--scope", scope, "--name", name]) == 0
        with closing(open_storage(tmp_path)) as storage, storage.writing() as session:
            code = devices.make_code(session, int(scope), 1)
            made = devices.enrol(session, EnrolRequest(code, "ab" * 32, f"{name}一号机"), 1)
            session.run("update device set id=7777777 where scope_id=? and id=?", int(scope), made.device)
    assert main(["revoke", *folder, "--device", "7777777"]) == 1
    assert "--scope" in capsys.readouterr().err
    assert main(["revoke", *folder, "--device", "7777777", "--scope", SCOPE]) == 0
    assert capsys.readouterr().out == "已停用 7777777 红旗桥社区一号机\n"
    assert main(["devices", *folder]) == 0
    assert capsys.readouterr().out.count("已停用") == 1


def test_a_desk_that_changed_its_key_is_one_that_speaks_and_one_that_is_past(tmp_path, capsys):
    folder = ["--data", str(tmp_path)]
    assert main(["unit", *folder, "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
    with closing(open_storage(tmp_path)) as storage, storage.writing() as session:
        now = wall_clock()
        code = devices.make_code(session, int(SCOPE), now)
        first = devices.enrol(session, EnrolRequest(code, "ab" * 32, "前台"), now)
        later = devices.renew(session, devices.find(session, int(SCOPE), first.device), "cd" * 32, now)
        session.run("update device set nonce='n'")
    capsys.readouterr()
    assert main(["devices", *folder]) == 0
    said = {int(line.split("\t")[1]): line.split("\t")[-1] for line in capsys.readouterr().out.splitlines()}
    assert said == {first.device: "已换身份", later.device: "正常"}
    assert main(["revoke", *folder, "--device", str(first.device)]) == 0
    assert main(["revoke", *folder, "--device", str(later.device)]) == 1
    assert "前台早已停用" in capsys.readouterr().err


def test_the_server_tells_the_fingerprint_that_desks_will_show(tmp_path):
    ours = authority("江山市")
    chain = issue(tmp_path, ours, "server")
    chain.write_text("# 网关的证书，下面是签发它的\n" + chain.read_text() + save(tmp_path, ours, "ca").read_text())
    with answering(certificate=chain) as url:
        assert fingerprint_of(chain) == spelled(seen_fingerprint(url))


def test_a_folder_that_cannot_be_made_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    assert main(["devices", "--data", str(tmp_path / "file")]) == 1
    assert "无法打开" in capsys.readouterr().err


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_one_command_starts_the_server_and_a_signal_ends_it_cleanly(tmp_path: Path, port: int):
    command = [sys.executable, "-m", "central_server", "serve", "--data", str(tmp_path), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        assert any(b"running on" in line for line in iter(process.stderr.readline, b""))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert b"linli-central" in answer.read()
        assert (tmp_path / "central.db").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    assert b"Traceback" not in log


def test_what_is_said_before_an_inner_command_holds_there_too(tmp_path, capsys):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    create = ["unit", "--data", str(here), "create", "--scope"]
    assert main([*create, "420299001", "--name", "街道", "--kind", "street"]) == 0
    assert main([*create, SCOPE, "--name", "社区"]) == 0
    assert main(["unit", "--data", str(here), "move", "--scope", SCOPE, "--parent", "420299001"]) == 0
    assert main(["unit", "--data", str(elsewhere), "list", "--data", str(here)]) == 0
    assert "  420299001001" in capsys.readouterr().out
    assert not elsewhere.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_nobody_else_may_read_what_stands_in_a_folder_that_was_made_by_hand(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "config.toml").write_text("port = 8750\n")
    (folder / "config.toml").chmod(0o644)
    before = os.umask(0o022)
    try:
        assert main(["unit", "--data", str(folder), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
        assert main(["erase", "--data", str(folder), "--scope", SCOPE, "--table", "person", "--id", "p"]) == 1
        assert main(["init", "--data", str(folder)]) == 0
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert {"central.db", "config.toml", "erasure.key"} <= modes.keys()
    assert set(modes.values()) == {0o600}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_what_root_makes_beside_a_service_belongs_to_the_service(tmp_path):
    """The service of the installer runs as a user of its own; its commands are run by root."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)
    content = folder / "blobs" / "1" / "ab"
    assert main(["unit", "create", "--data", str(folder), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
    assert main(["erase", "--data", str(folder), "--scope", SCOPE, "--table", "person", "--id", "p"]) == 1
    assert main(["init", "--data", str(folder)]) == 0
    server_keys(folder)
    private.make_inner_folder(content)
    private.write(content / "part", "x")
    with private.appended(folder / "erased.jsonl") as file:
        file.write("{}\n")
    made = [folder, *folder.rglob("*")]
    assert {"central.db", "config.toml", "erasure.key", "erased.jsonl", "server-keys.json", "part"} <= {
        path.name for path in made
    }
    assert {(path.name, path.stat().st_uid, path.stat().st_gid) for path in made} == {
        (path.name, 65534, 65534) for path in made
    }


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_with_a_second_name_is_not_given_away(tmp_path):
    """Its other name may be a file of the system that somebody linked into the folder."""
    folder, theirs = tmp_path / "data", tmp_path / "system"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    theirs.write_text("x")
    os.link(theirs, folder / "erased.jsonl")
    private.appended(folder / "erased.jsonl").close()
    assert theirs.stat().st_uid == 0


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root could write through the link")
@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_the_folder_of_a_service_leads_root_nowhere(tmp_path, there):
    """Whoever took over the service could have any file of the system given to it."""
    folder, theirs = tmp_path / "data", tmp_path / "system"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    if there:
        theirs.write_text("x")
        theirs.chmod(0o644)
    (folder / "central.db").symlink_to(theirs)
    with pytest.raises(OSError, match="symbolic links"):
        private.touch(folder / "central.db")
    private.make_folder(folder)
    assert theirs.exists() is there
    assert not there or (theirs.stat().st_uid, theirs.stat().st_mode & 0o777) == (0, 0o644)


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_a_folder_that_others_use_too_keeps_its_mode(tmp_path):
    """Somebody who types /tmp by mistake must not shut everybody else out of it."""
    shared, sticky = tmp_path / "shared", tmp_path / "sticky"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "letter.txt").write_text("x")
    sticky.mkdir()
    sticky.chmod(0o1777)
    for folder in (shared, sticky):
        before = folder.stat().st_mode
        assert main(["unit", "--data", str(folder), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
        assert folder.stat().st_mode == before
        assert (folder / "central.db").stat().st_mode & 0o777 == 0o600


def test_a_password_on_the_command_line_is_refused_because_others_could_read_it(tmp_path, capsys):
    database = "postgresql://linli:geheim@localhost/linli"
    assert main(["devices", "--data", str(tmp_path), "--database", database]) == 1
    told = capsys.readouterr().err
    assert "口令不要写在命令行里" in told
    assert "geheim" not in told
