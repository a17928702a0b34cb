"""attach and attachments: put files on a record, list them, save them, take them off."""

import pytest

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
        (["attachments", "--save", "x"], 1, "没有找到附件"),
        (["attachments", "--sync"], 1, "还没有接入服务器"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(run: Run, words, code, told) -> None:
    done = run(*words)
    assert (done.code, told in done.err) == (code, True)
