"""No list of people leaves the program without a line in the register, and none with whole numbers unasked."""

import hashlib
import stat

import pytest

from desktop_app.privacy import actions, exporting, queries, rules
from desktop_app.privacy.actions import NeedsApprovalError
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.workbook import SheetOut, write

FIELDS = ("姓名", "电话")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "给出去的"
    made.mkdir()
    return made


def out(office, path, told=None, make=None):
    sheet = SheetOut("名单", FIELDS, [("单守诚", "100****0007")])
    return give_out(
        office.db, office.worker, told or Export("名单", FIELDS, 1), path, make or (lambda draft: write(draft, [sheet]))
    )


def test_a_file_stands_in_the_register_with_its_fingerprint_and_is_its_owners_alone(office, folder):
    path = folder / "名单.xlsx"
    path.write_bytes(b"older")
    path.chmod(0o644)
    kept = out(office, path, Export("名单", FIELDS, 1, "红旗街道", "慰问"))
    assert kept.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [path]
    (line,) = queries.exports(office.db)
    assert (line.what, line.recipient, line.purpose, line.fields, line.count, line.masked, line.by_name) == (
        "名单", "红旗街道", "慰问", "姓名、电话", 1, True, "社工乙",
    )  # fmt: skip
    assert line.target == "名单.xlsx"


def test_no_file_comes_out_where_the_register_cannot_be_written(office, folder, monkeypatch):
    def full(*_args, **_more):
        raise AppError("磁盘满了")

    monkeypatch.setattr(exporting, "note_export", full)
    with pytest.raises(AppError, match="磁盘满了"):
        out(office, folder / "名单.xlsx")
    assert list(folder.iterdir()) == []
    assert queries.exports(office.db) == []


def test_what_cannot_be_made_leaves_no_line(office, folder):
    with pytest.raises(AppError, match="写不进去"):
        out(office, folder / "没有的文件夹" / "名单.xlsx")
    assert queries.exports(office.db) == []


def test_the_register_is_never_changed_or_taken_back(office, folder):
    from desktop_app.store import history

    kept = out(office, folder / "名单.xlsx")
    with pytest.raises(AppError), office.db.transaction(office.worker, "改登记") as tx:
        tx.execute("UPDATE export_record SET count=0 WHERE id=?", (kept.id,))
    action = office.db.scalar("SELECT no FROM journal_action WHERE what='导出：名单（1条）'")
    with pytest.raises(AppError, match="一直保留"):
        history.undo(office.db, office.worker, action)


def test_whole_numbers_need_a_purpose(office, folder):
    with pytest.raises(AppError, match="导出用途没有填"):
        out(office, folder / "a.xlsx", Export("名单", FIELDS, 1, masked=False))
    assert out(office, folder / "a.xlsx", Export("名单", FIELDS, 1, purpose="疫苗", masked=False)).masked == 0


@pytest.mark.parametrize("told", [
    Export("名单", FIELDS, 51, purpose="疫苗", masked=False),
    Export("名单", FIELDS, 1, purpose="疫苗", masked=False, minors=1),
])  # fmt: skip
def test_many_people_or_a_child_with_whole_numbers_need_an_approval(office, folder, told):
    with pytest.raises(NeedsApprovalError, match="先经负责人审批"):
        out(office, folder / "a.xlsx", told)
    assert list(folder.iterdir()) == []
    asked = actions.ask(office.db, office.worker, rules.FULL_EXPORT, "疫苗接种核对")
    actions.decide(office.db, office.boss, asked.id, allow=True)
    assert out(office, folder / "a.xlsx", told).approval_id == asked.id
    assert queries.exports(office.db)[0].approved_by == "书记甲"


def test_rows_of_a_file_somebody_brought_go_back_without_an_approval(office, folder):
    out(office, folder / "a.xlsx", Export("问题行", FIELDS, 900, masked=False, returned=True))
    assert queries.exports(office.db)[0].count == 900


def test_the_register_is_filtered_and_exported_which_is_an_export_itself(office, folder):
    out(office, folder / "a.xlsx", Export("甲名单", FIELDS, 1, "街道"))
    out(office, folder / "b.xlsx", Export("乙名单", FIELDS, 1, purpose="疫苗", masked=False))
    assert [one.what for one in queries.exports(office.db, queries.ExportFilter(words="街道"))] == ["甲名单"]
    assert [one.what for one in queries.exports(office.db, queries.ExportFilter(full_only=True))] == ["乙名单"]
    now = office.db.clock.ms()
    assert queries.exports(office.db, queries.ExportFilter(since=now + 1)) == []
    exporting.save_register(office.db, office.worker, folder / "登记.xlsx", queries.exports(office.db))
    assert queries.exports(office.db)[0].what == "个人信息导出登记"
