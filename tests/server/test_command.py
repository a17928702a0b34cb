"""`linli-central`: what an administrator types."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from central_server.cli import main

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
    assert main(["revoke", "--data", str(tmp_path), "--device", "7"]) == 1
    assert "7" in capsys.readouterr().err


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
