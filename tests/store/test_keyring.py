"""Keys in the system keyring: against a real gnome-keyring on a private bus, without a screen."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from desktop_app import app as desk
from desktop_app.shared.errors import AppError
from desktop_app.store import keys

BEGINNING = desk.Beginning(community="江山社区", code="420299001001", staff="张三")

UNLOCKED = "printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null; "
CODE = """
import sys
from pathlib import Path
from desktop_app import app as desk
from desktop_app.shared.errors import AppError
home = Path(sys.argv[1])
try:
    with {opening} as app:
        print(app.secrets.kind, app.community.name)
except AppError as error:
    print(error)
"""
CREATE = CODE.format(opening="desk.create(home, desk.Beginning('江山社区', '420299001001', '张三'))")
OPEN = CODE.format(opening="desk.open_app(home)")


@pytest.fixture
def in_session(tmp_path):
    """Runs Python code in a desktop session whose keyrings lie in this test's folder; returns what it prints."""
    if missing := [name for name in ("dbus-run-session", "gnome-keyring-daemon") if not shutil.which(name)]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in (keys.PASSPHRASE_VARIABLE, "PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS")
    } | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share"), "XDG_RUNTIME_DIR": str(runtime)}

    def run(code: str, *, unlocked: bool = True) -> str:
        session = (UNLOCKED if unlocked else LOCKED) + '"$@"'
        done = subprocess.run(
            ["dbus-run-session", "--", "bash", "-c", session, "bash", sys.executable, "-c", code, tmp_path / "home"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def test_a_desk_keeps_its_key_in_the_keyring_and_finds_it_in_the_next_session(in_session, tmp_path):
    assert in_session(CREATE) == "keyring 江山社区"
    assert json.loads((tmp_path / "home" / "store.json").read_text("utf-8"))["keys"] == "keyring"
    assert not (tmp_path / "home" / "keys.json").exists()
    assert in_session(OPEN) == "keyring 江山社区"


def test_a_keyring_that_cannot_be_had_is_said_and_no_passphrase_is_tried_instead(in_session, tmp_path, monkeypatch):
    in_session(CREATE)
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "口令")
    with pytest.raises(AppError, match="没有可用的系统钥匙串") as refused:
        desk.open_app(tmp_path / "home")
    assert "没有打开" in refused.value.message


def test_the_key_of_another_store_is_not_taken(in_session, tmp_path):
    in_session(CREATE)
    description = tmp_path / "home" / "store.json"
    description.write_text(json.dumps({"store_id": "0" * 32, "keys": "keyring"}), "utf-8")
    assert "钥匙串里没有这份数据的密钥" in in_session(OPEN)


def test_with_a_keyring_and_a_passphrase_the_passphrase_was_asked_for(tmp_path):
    """Whoever sets the variable wants a key file, on a desk with a keyring too."""
    with desk.create(tmp_path / "home", BEGINNING) as made:
        assert made.secrets.kind == "passphrase"


def test_a_keyring_setting_that_names_nothing_counts_as_no_keyring(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE)
    done = subprocess.run(
        [sys.executable, "-c", CREATE, tmp_path / "home"],
        env=os.environ | {"PYTHON_KEYRING_BACKEND": "no.such.Backend"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "没有系统钥匙串，需要一个口令" in done.stdout


def test_a_locked_keyring_is_said_to_be_locked(in_session, tmp_path):
    in_session(CREATE)
    said = in_session(OPEN, unlocked=False)
    assert "锁着" in said
    assert "没有打开" in said


MOVE = """
import sys
from pathlib import Path
from desktop_app import app as desk
from desktop_app.store import keys
from desktop_app.upkeep import keyring
home = Path(sys.argv[1])
keyring.move(home, "{to}", lambda _: "旧的口令 足够长", lambda _: "旧的口令 足够长")
keyring.rekey(home, lambda _: "旧的口令 足够长")
with desk.open_app(home, ask=lambda _: "旧的口令 足够长") as app:
    print(app.secrets.kind, app.community.name, len(keys.KeyringSecrets(app.secrets._store_id).names())
          if app.secrets.kind == "keyring" else "")
"""


def test_the_key_moves_out_of_a_real_keyring_and_back_and_is_renewed_in_both(in_session, tmp_path):
    assert in_session(CREATE) == "keyring 江山社区"
    assert in_session(MOVE.format(to="passphrase")).startswith("passphrase 江山社区")
    assert (tmp_path / "home" / "keys.json").exists()
    assert in_session(MOVE.format(to="keyring")).startswith("keyring 江山社区")
    assert not (tmp_path / "home" / "keys.json").exists()
    assert in_session(OPEN) == "keyring 江山社区"
