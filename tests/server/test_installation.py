"""What is told to administrators works: every command, the service, the fronts."""

import configparser
import re
import shlex
from pathlib import Path

import pytest

from central_server.cli.parser import build
from central_server.console import uploads

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/server.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (?:\.venv/bin/)?linli-central (.+)$", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_guide_is_understood(command):
    assert callable(build().parse_args(shlex.split(command)).verb)


def test_the_guide_tells_every_command():
    (verbs,) = (action.choices for action in build()._actions if isinstance(action.choices, dict))
    assert {command.split()[0] for command in COMMANDS} == set(verbs) - {"enrol"}, "enrol is enrol-code by another name"


def test_every_file_the_guide_installs_is_there():
    for path in set(re.findall(r"\b(?:installer|requirements)/[\w./-]+\w", GUIDE)):
        assert (ROOT / path).is_file(), path


@pytest.fixture(scope="module")
def service():
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(ROOT / "installer/central/linli-central.service", "utf-8")
    return parser["Service"]


def test_the_service_starts_a_command_that_exists(service):
    program, *words = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/linli-central")
    assert build().parse_args(words).verb.__name__ == "serve"


def test_the_service_can_write_nothing_but_its_data(service):
    assert service["DynamicUser"] == service["PrivateTmp"] == service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "ReadWritePaths" not in service


def test_the_service_waits_longer_than_the_server_needs_to_stop(service):
    from central_server.config import Limits

    assert int(service["TimeoutStopSec"]) > Limits().drain_s


@pytest.mark.parametrize("front", ["nginx.conf", "Caddyfile"])
def test_the_fronts_let_through_what_the_server_takes_and_hide_its_numbers(front):
    from central_server.config import Limits

    text = (ROOT / "installer/central" / front).read_text("utf-8")
    sizes = sorted(map(int, re.findall(r"(?:client_max_body_size|max_size) (\d+)M", text, re.IGNORECASE)))
    assert Limits().body_mib < sizes[0]
    assert sizes[1:] == [uploads.MOST_BYTES >> 20], "files from a stick, at the console alone"
    assert "/console/sticks" in text
    assert "/metrics" in text
    assert "127.0.0.1:8750" in text
