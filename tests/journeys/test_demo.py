"""`linli demo` does the whole job on a machine that has nothing, and what it says is so."""

from pathlib import Path

import pypdfium2
import pytest

from desktop_app import app as desktop
from desktop_app.demo import demo_beginning, make_demo_community, rehearse
from desktop_app.demo.comparing import compare
from desktop_app.demo.rehearsal import MARKER, PASSPHRASE, credentials
from desktop_app.residents.queries import find
from desktop_app.shared.errors import AppError
from desktop_app.store import keys
from desktop_app.sync import conflicts
from tests.journeys.world import linli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "演示 数据"


def test_the_demonstration_does_what_it_says_and_may_be_run_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = linli("demo", "--home", folder, "--quiet")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert 8 <= len(lines) <= 12
    assert "虚构" in lines[0]
    assert PASSPHRASE in lines[0]
    assert str(folder / "desk-1") in done.out

    again = linli("demo", "--home", folder, "--json")
    assert again.code == 0, again.err
    told = again.value
    assert told["equal"]
    assert credentials(folder / "desk-1") == ("hezhiqiu", told["password"])
    assert told["password"] not in lines[0], "another one each time"
    assert told["compared"]["records"] > 2500
    assert "没有丢失" in told["refused_offline"]
    for paper in told["papers"]:
        assert len(pypdfium2.PdfDocument(Path(paper["file"]).read_bytes())) == paper["pages"]
    assert not (folder / "server" / "central.db-wal").exists(), "the server still runs"
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, PASSPHRASE)
    with desktop.open_app(Path(told["desks"]["desk-1"])) as one, desktop.open_app(Path(told["desks"]["desk-2"])) as two:
        assert compare(one.db, two.db).equal
        assert two.db.scalar("SELECT count(*) FROM print_job WHERE sync_del=0") == len(told["papers"]) == 8
        for app, who in ((one, "lijing"), (two, "renhaiyan")):
            assert app.secrets.kind == "passphrase"
            with pytest.raises(AppError, match="还没有登录"):
                find(app.db, "xhm", 5)
            app.sign_in(who, told["password"])
            assert len(find(app.db, "xhm", 5)) == 1
            (clash,) = conflicts.open_conflicts(app.db)
            assert (clash.shown.value, clash.other.value) == (told["clash"]["stands"], told["clash"]["kept"])


@pytest.mark.parametrize("marker", [None, "", "{}", '{"made_by": "somebody else"}', "[1]"])
def test_a_folder_that_holds_anything_else_is_left_alone(folder: Path, marker: str | None) -> None:
    folder.mkdir()
    (folder / "desk-1").mkdir()
    (folder / "desk-1" / "花名册.txt").write_text("重要", "utf-8")
    if marker is not None:
        (folder / MARKER).write_text(marker, "utf-8")
    with pytest.raises(AppError, match="没有动它"):
        rehearse(folder)
    assert (folder / "desk-1" / "花名册.txt").read_text("utf-8") == "重要"
    assert not (folder / "server").exists()


def test_a_file_is_no_folder_for_a_demonstration(folder: Path) -> None:
    folder.write_text("x")
    for place in (folder, folder / "below"):
        with pytest.raises(AppError, match="演示数据"):
            rehearse(place)
    assert folder.read_text() == "x"


def test_without_a_folder_it_stays_out_of_the_folder_of_real_data(tmp_path: Path) -> None:
    from desktop_app.cli.demonstration import place

    assert place(None) == tmp_path / "linli-demo"
    assert place("~/x") == Path.home() / "x"


def test_the_window_can_fill_a_new_store_with_the_demonstration_community(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with desktop.create(tmp_path / "new", demo_beginning()) as app:
        made = make_demo_community(app, lambda done, total, _words: seen.append((done, total)))
        steps = seen[-1][1]
        assert seen == [(number, steps) for number in range(steps + 1)]
        assert app.db.scalar("SELECT count(*) FROM appeal_state") > 50
        assert made.imports["residents"].added == 612
        assert app.community.name == "红旗桥社区"
        staff = [row[0] for row in app.db.rows("SELECT name FROM staff WHERE sync_del=0")]
        assert sorted(staff) == sorted({"贺知秋", "章晓岚", "李静", "查新宇", "任海燕"})
        with pytest.raises(AppError, match="没有写入"):
            make_demo_community(app)


def test_the_demonstration_community_does_not_get_into_somebodys_own_store(app: desktop.App) -> None:
    with pytest.raises(AppError, match="没有写入"):
        make_demo_community(app)
    other = desktop.Beginning("别的社区", "420299001002", "王芳")
    with desktop.create(app.home.parent / "other", other) as stranger:
        with pytest.raises(AppError, match="没有写入"):
            make_demo_community(stranger)
        assert not stranger.db.scalar("SELECT count(*) FROM area WHERE level='街道'")


def test_every_member_of_a_body_stands_on_the_sheet_of_its_meetings(demo_app: desktop.App) -> None:
    """Bodies, branches and the enlarged committee of the demonstration agree with who was asked to their meetings."""
    db = demo_app.db
    wanted = {
        "residents_council": ("SELECT s.name FROM seat s JOIN org_node n ON n.id=s.node_id "
                              "WHERE n.name='红旗小区议事会' AND s.sync_del=0"),
        "three_party": ("SELECT s.name FROM seat s JOIN org_node n ON n.id=s.node_id JOIN estate e ON "
                        "e.id=n.estate_id WHERE n.kind='业委会' AND :title LIKE e.name||'%' AND s.sync_del=0"),
        "enlarged_committee": ("SELECT name FROM part_time_member WHERE sync_del=0 AND left_on IS NULL"),
        "branch_assembly": ("SELECT p.name FROM party_member m JOIN person p ON p.id=m.person_id "
                            "JOIN org_node n ON n.id=m.node_id WHERE n.name='红旗小区党支部' AND m.sync_del=0"),
        "branch_committee": ("SELECT s.name FROM seat s JOIN org_node n ON n.id=s.node_id "
                             "WHERE n.name='红旗小区党支部' AND s.sync_del=0"),
    }  # fmt: skip
    for kind, sql in wanted.items():
        held = db.rows("SELECT id,title FROM meeting WHERE kind=? AND sync_del=0", (kind,))
        assert held, kind
        for meeting, title in held:
            members = {row[0] for row in db.rows(sql, {"title": title} if ":title" in sql else ())}
            listed = {row[0] for row in db.rows("SELECT name FROM attendance WHERE meeting_id=?", (meeting,))}
            assert members, kind
            assert members <= listed, (title, members - listed)
