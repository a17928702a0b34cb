"""Full disks, folders that cannot be written, programs killed in the middle: a clear word, and nothing is lost.

Each test runs the desk in a process of its own, on a real small disk or with real signals.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="uses Linux mounts, capabilities and signals")

PRELUDE = """
import sys
from pathlib import Path
from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError

home = Path(sys.argv[1])

def add(app, count, text=""):
    with app.db.transaction(app.actor, "登记居民") as tx:
        tx.add_all([Person(name=f"居民{number}", note=text) for number in range(count)])
"""

UNTIL_FULL = """
app = desk.open_app(home)
kept = 0
try:
    while True:
        add(app, 50, "很长的备注" * 100)
        kept += 50
except AppError as error:
    print(error)
print("kept", kept, app.db.scalar("SELECT count(*) FROM person"))
try:
    app.backup()
except AppError as error:
    print("backup:", error)
print("left over:", [path.name for path in (home / "backups").glob("*")])
try:
    desk.create(home.parent / "another", desk.Beginning("江山社区", "420299001001", "张三"))
except AppError as error:
    print("new desk:", error)
print("left over:", [path.name for path in (home.parent / "another").glob("*")])
(home.parent / "filler").unlink(missing_ok=True)
add(app, 1)
print("after", app.db.scalar("SELECT count(*) FROM person") - kept, app.db.row("PRAGMA integrity_check"))
app.close()
print("reopened", desk.open_app(home).db.scalar("SELECT count(*) FROM person") - kept)
"""


def run(code: str, home: Path, before: tuple[str, ...] = ()) -> str:
    """What a desk in a process of its own prints; it must not fail."""
    done = subprocess.run(
        [*before, sys.executable, "-c", PRELUDE + code, str(home)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_on_a_full_disk_the_person_is_told_and_what_was_saved_stays(home, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    # a mount namespace of its own: the small disk is seen by this process alone and goes away with it
    own = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")
    mount = f"mount -t tmpfs -o size=4m linli '{disk}'"
    if subprocess.run([*own, "sh", "-c", mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    fill = f"{mount} && cp -r '{home}' '{disk}/home' && head -c 1m /dev/zero >'{disk}/filler' && exec \"$@\""
    said = run(UNTIL_FULL, disk / "home", (*own, "sh", "-c", fill, "sh")).splitlines()
    assert said[0].startswith("磁盘满了，这一步没有保存，已有数据没有变化。")
    _, kept, found = said[1].split()
    assert kept == found
    assert int(kept) > 0
    assert said[2].startswith("backup: 磁盘满了")
    assert said[4].startswith("new desk: 磁盘满了")
    assert said[3] == said[5] == "left over: []"
    assert said[6:] == ["after 1 ('ok',)", "reopened 1"]


def test_a_file_that_may_not_grow_is_told_as_well(home):
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, -1))\n"
        + UNTIL_FULL.split("try:\n    app.backup", maxsplit=1)[0]
    )
    words, kept = run(limit, home).splitlines()
    assert "这一步没有保存" in words
    assert kept.split()[1] == kept.split()[2]
    with desk.open_app(home) as opened:
        assert opened.db.scalar("SELECT count(*) FROM person") == int(kept.split()[1])


def bound_by_permissions() -> tuple[str, ...]:
    """The start of a command that permissions hold for, though the tests may run as root."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")


@pytest.mark.parametrize("closed", ["home", "store"])
def test_what_cannot_be_written_is_said_and_stays_as_it_is(home, closed):
    path = home if closed == "home" else home / "linli.db"
    before = (home / "linli.db").read_bytes()
    path.chmod(0o555 if closed == "home" else 0o444)
    code = "try:\n    add(desk.open_app(home), 1)\nexcept AppError as error:\n    print(error)"
    try:
        said = run(code, home, bound_by_permissions())
    finally:
        path.chmod(0o755)
    assert "没有" in said
    assert "权限" in said
    assert (home / "linli.db").read_bytes() == before


def test_a_folder_where_nothing_may_be_made_is_said(tmp_path):
    tmp_path.chmod(0o555)
    code = (
        "try:\n    desk.create(home, desk.Beginning('江山社区', '420299001001', '张三'))\n"
        "except AppError as error:\n    print(error)"
    )
    try:
        said = run(code, tmp_path / "home", bound_by_permissions())
    finally:
        tmp_path.chmod(0o755)
    assert "不能在" in said


def test_two_programs_take_turns(home):
    code = "app = desk.open_app(home)\nfor _ in range(15):\n    add(app, 20)"
    programs = [subprocess.Popen([sys.executable, "-c", PRELUDE + code, str(home)]) for _ in range(2)]
    assert [program.wait(60) for program in programs] == [0, 0]
    with desk.open_app(home) as opened:
        assert opened.db.scalar("SELECT count(*) FROM person") == 600
        assert opened.db.scalar("SELECT count(DISTINCT ts) FROM sync_dirty WHERE tbl=7") == 30


def test_several_programs_that_open_an_older_store_at_once_upgrade_it_once(home):
    with desk.open_app(home) as opened, opened.db.transaction(opened.actor, "旧版") as tx:
        tx.execute("UPDATE setting SET value='old' WHERE key IN ('triggers','search')")
    code = "app = desk.open_app(home)\nadd(app, 1)"
    programs = [subprocess.Popen([sys.executable, "-c", PRELUDE + code, str(home)]) for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0] * 4
    with desk.open_app(home) as opened:
        assert opened.db.scalar("SELECT count(*) FROM sync_dirty WHERE tbl=7") == 4


KILLED = """
app = desk.open_app(home)
print("ready", flush=True)
while True:
    add(app, 200)
    print("kept", flush=True)
"""


def test_a_desk_killed_twenty_times_in_the_middle_has_lost_nothing_and_kept_nothing_half(home):
    """kill -9 at random moments of bulk actions: what was told to be kept is there, whole actions only."""
    chance = random.Random(20261122)  # noqa: S311 the moments of a test
    kept = 0
    for _ in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", PRELUDE + KILLED, str(home)], stdout=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout.readline() == "ready\n"
            if chance.random() < 0.5:
                assert program.stdout.readline() == "kept\n"
                kept += 1
            try:
                program.wait(chance.uniform(0.0, 0.12))
            except subprocess.TimeoutExpired:
                program.send_signal(signal.SIGKILL)
            kept += program.stdout.read().count("kept\n")
    with desk.open_app(home) as opened:
        found = opened.db.scalar("SELECT count(*) FROM person")
        assert found % 200 == 0
        assert kept * 200 <= found <= (kept + 20) * 200
        assert found > 0
        assert opened.db.scalar("SELECT count(*) FROM sync_dirty WHERE tbl=7") == found
        assert opened.db.scalar("SELECT count(*) FROM journal_change WHERE tbl=7") == found
        assert opened.db.scalar("SELECT count(DISTINCT local_no) FROM search_key WHERE kind=1") == found
        assert opened.db.rows("PRAGMA integrity_check") == [("ok",)]
        assert opened.db.rows("PRAGMA cipher_integrity_check") == []
        with opened.db.transaction(opened.actor, "登记居民") as tx:
            tx.add(Person(name="王小明"))


def test_a_copy_of_the_folder_of_a_killed_desk_opens_elsewhere(home, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + KILLED, str(home)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert [program.stdout.readline() for _ in "12"] == ["ready\n", "kept\n"]
        program.send_signal(signal.SIGKILL)
    moved = Path(shutil.copytree(home, tmp_path / "copy"))
    with desk.open_app(moved) as opened:
        assert opened.db.scalar("SELECT count(*) FROM person") >= 200
