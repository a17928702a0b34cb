"""`serve --workers`: several processes behind one port."""

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tests.server.test_processes import free_port
from tests.storages import PostgresDisk


@pytest.fixture
def disk(cluster):
    made = PostgresDisk(cluster)
    yield made
    made.leave()


def answered(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return b""
    finally:
        connection.close()


def test_several_processes_serve_one_port_and_stop_together(tmp_path, disk):
    port = free_port()
    command = [sys.executable, "-m", "central_server", "serve", "--data", str(tmp_path), "--port", str(port)]
    command += ["--workers", "2", "--database", disk.url]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        started = time.monotonic()
        while answered(port, "/readyz") != b'{"ready":true}':
            assert process.poll() is None
            assert time.monotonic() - started < 60
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=40)
    assert b"Traceback" not in log
    assert log.count(b"Finished server process") == 2
    assert b"postgresql://" not in log


def test_processes_whose_first_one_was_killed_outright_end_too_and_let_the_port_go(tmp_path, disk):
    port = free_port()
    command = [sys.executable, "-m", "central_server", "serve", "--data", str(tmp_path), "--port", str(port)]
    command += ["--workers", "2", "--database", disk.url]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        started = time.monotonic()
        while answered(port, "/readyz") != b'{"ready":true}':
            assert process.poll() is None
            assert time.monotonic() - started < 60
        process.kill()
        _, log = process.communicate(timeout=40)  # the others hold the other end of it until they end
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert log.count(b"Application shutdown complete") >= 1
    assert answered(port, "/healthz") == b""


def test_several_processes_on_sqlite_are_refused_with_words(tmp_path):
    command = [sys.executable, "-m", "central_server", "serve", "--data", str(tmp_path), "--workers", "2"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    assert "PostgreSQL" in done.stderr.decode()
