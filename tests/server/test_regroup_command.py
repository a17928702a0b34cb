"""`linli-central split`, `merge`, `erase`, `purge`, and what moving a unit in the tree shows to those above it."""

from pathlib import Path

import pytest

from central_server import history
from central_server.cli import main, open_storage
from sync_protocol.messages import Gone
from tests.server.conftest import Station
from tests.server.town import STREET, STREET_2, A, B, Desk, build

FILE = "central.db"


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self):
        return open_storage(self.folder)


@pytest.fixture
def town(tmp_path):
    """A community with a resident and a branch; the commands open the same file."""
    station = Station(Disk(tmp_path))
    build(station)
    desk = Desk(station, A)
    desk.push(
        desk.new("person", "p1", name="王小明"),
        desk.new("person_tag", "t1", person_id="p1"),
        desk.new("org_node", "n1", name="支部"),
    )
    yield station, desk, lambda *words: main([*words, "--data", str(tmp_path)])
    station.storage.close()


def test_a_list_is_split_off_and_what_could_not_be_moved_is_named(town, tmp_path, capsys):
    station, _, run = town
    (tmp_path / "list").write_text("# 清单\n\nperson p1\nperson nobody\nbroken\n", "utf-8")
    assert run("split", "--from", str(A), "--to", str(B), "--list", str(tmp_path / "list")) == 1
    out, err = capsys.readouterr()
    assert "1 条" in out
    assert "nobody" in err
    new = Desk(station, B)
    new.pull()
    assert set(new.rows) == {("person", "p1"), ("person_tag", "t1")}


def test_a_community_is_merged(town, capsys):
    station, _, run = town
    assert run("merge", "--from", str(A), "--into", str(B)) == 0
    assert run("merge", "--from", str(A), "--into", str(B)) == 1
    assert "不是开放的社区" in capsys.readouterr().err
    new = Desk(station, B)
    new.pull()
    assert new.values("person", "p1") == {"name": "王小明"}


def test_a_record_is_erased_once(town, capsys):
    _, desk, run = town
    words = ("erase", "--scope", str(A), "--table", "person", "--id")
    assert run(*words, "p1") == 0
    assert "2 条" in capsys.readouterr().out
    assert run(*words, "nobody") == 1
    desk.pull()
    assert desk.gone("person", "p1") == desk.gone("person_tag", "t1") == Gone.ERASED


def test_purging_says_what_went(town, capsys):
    assert town[2]("purge") == 0
    assert "0 条" in capsys.readouterr().out


def test_a_unit_put_under_another_shows_its_organisation_to_the_new_one_alone(town):
    station, _, run = town
    old, new = Desk(station, STREET), Desk(station, STREET_2)
    old.pull()
    assert old.values("org_node", "n1")
    with station.storage.writing() as session:
        history.open_unit(session, 420299003, "三街", 1, kind="street", parent=None)
    assert run("unit", "move", "--scope", str(A), "--parent", str(STREET_2)) == 0
    old.pull()
    new.pull()
    assert old.gone("org_node", "n1") == Gone.WITHDRAWN
    assert new.values("org_node", "n1") == {"name": "支部"}
