"""attach and attachments: put files on a record, list them, save them, take them off."""

import pytest

from desktop_app.sync.blobs import BlobReport
from tests.attachments.pictures import jpeg, pdf
from tests.cli.conftest import Run


@pytest.fixture
def folder(tmp_path):
    """A photograph and a scan, as they come from a telephone and a scanner."""
    (tmp_path / "走访.jpg").write_bytes(jpeg())
    (tmp_path / "签字.pdf").write_bytes(pdf())
    (tmp_path / "另存").mkdir()
    return tmp_path


def test_files_are_attached_listed_and_saved_again(run: Run, folder) -> None:
    made = run("attach", "resident", "单守诚", folder / "走访.jpg", folder / "签字.pdf", "--json")
    assert [one["kind"] for one in made.value] == ["photo", "scan"]
    listed = run("attachments", "resident", "单守诚", "--json").value
    assert [one["title"] for one in listed["attachments"]] == ["走访", "签字"]
    assert {one["where"] for one in listed["attachments"]} == {"local"}
    assert listed["queue"]["to_send"] == 2
    saved = run("attachments", "--save", made.value[1]["id"], "--to", folder / "另存", "--json")
    assert saved.code == 0
    assert (folder / "另存" / "签字.pdf").read_bytes() == pdf()


def test_for_people_it_says_where_each_is(run: Run, folder) -> None:
    said = run("attach", "resident", "单守诚", folder / "走访.jpg", "--title", "楼道").out
    assert "已添加照片“楼道”" in said
    listed = run("attachments").out
    assert "楼道" in listed
    assert "只在本机" in listed
    assert "待上传 1 个" in listed


def test_a_saved_file_is_never_written_over(run: Run, folder) -> None:
    (made,) = run("attach", "resident", "单守诚", folder / "走访.jpg", "--json").value
    done = run("attachments", "--save", made["id"], "--to", folder)
    assert done.code == 1
    assert "没有覆盖" in done.err


def test_an_attachment_is_taken_off_and_brought_back(run: Run, folder) -> None:
    (made,) = run("attach", "resident", "单守诚", folder / "走访.jpg", "--json").value
    assert run("attachments", "--remove", made["id"]).code == 0
    assert run("attachments", "resident", "单守诚", "--json").value["attachments"] == []
    assert run("undo").code == 0
    assert len(run("attachments", "resident", "单守诚", "--json").value["attachments"]) == 1


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["attach", "resident", "单守诚", "nothing.jpg"], 1, "读不到文件"),
        (["attachments", "resident"], 2, "没有写是哪一条记录"),
        (["attach", "statue", "x", "nothing.jpg"], 2, "没有“statue”这类记录"),
        (["attachments", "--save", "x"], 1, "没有找到附件"),
        (["attachments", "--sync"], 1, "还没有接入服务器"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(run: Run, words, code, told) -> None:
    done = run(*words)
    assert (done.code, told in done.err) == (code, True)


def test_files_that_are_refused_are_named_and_the_others_are_added(run: Run, folder) -> None:
    (folder / "空.jpg").write_bytes(b"")
    (folder / "程序.exe").write_bytes(b"MZ")
    names = [folder / name for name in ("空.jpg", "走访.jpg", "程序.exe", "签字.pdf")]
    done = run("attach", "resident", "单守诚", *names)
    assert done.code == 1
    assert "“空.jpg”：这个文件是空的" in done.err
    assert "“程序.exe”：不能添加这种文件" in done.err
    assert done.out.count("已添加") == 2
    titles = [one["title"] for one in run("attachments", "resident", "单守诚", "--json").value["attachments"]]
    assert titles == ["走访", "签字"]


def test_photographs_belong_to_a_visit(run: Run, folder) -> None:
    visit = run("visit", "record", "resident", "单守诚", "--findings", "平安", "--json").value["id"]
    assert run("attach", "visit", visit, folder / "走访.jpg").code == 0
    (listed,) = run("attachments", "visit", visit, "--json").value["attachments"]
    assert (listed["owner_table"], listed["title"]) == ("visit", "走访")


def test_a_queue_that_waits_is_never_said_to_be_done(run: Run, folder, monkeypatch) -> None:
    run("attach", "resident", "单守诚", folder / "走访.jpg")
    monkeypatch.setattr("desktop_app.cli.attachments.exchange", lambda *_, **__: BlobReport())
    assert "待上传 1 个" in run("attachments", "--sync").out
