"""No list of people leaves the program without a line in the register, and none with whole numbers unasked."""

import hashlib
import stat

import pytest
from PIL import Image

from desktop_app.attachments import actions as attachments
from desktop_app.papers import actions as papers
from desktop_app.privacy import actions, exporting, queries, rules
from desktop_app.privacy.actions import NeedsApprovalError
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.privacy.policy import policy
from desktop_app.shared.errors import AppError
from desktop_app.shared.resources import resource
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
    out(office, folder / "a.xlsx", Export("问题行", FIELDS, 900, masked=False, original=True))
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


# ---------------------------------------------------------------------------------------------------------- in slices


def whole(count):
    return Export("名单", FIELDS, count, purpose="疫苗", masked=False)


def test_a_register_does_not_leave_in_slices(office, folder, clock):
    """Fifty people a day and two hundred a month go without an approval, in however many files."""
    out(office, folder / "a.xlsx", whole(30))
    out(office, folder / "b.xlsx", whole(20))
    with pytest.raises(NeedsApprovalError, match="今天已经导出 50 人的完整号码，连同这次 1 人超过 50 人"):
        out(office, folder / "c.xlsx", whole(1))
    assert sorted(path.name for path in folder.iterdir()) == ["a.xlsx", "b.xlsx"]
    for day in range(3):
        clock.move(days=1)
        out(office, folder / f"{day}.xlsx", whole(50))
    clock.move(days=1)
    with pytest.raises(NeedsApprovalError, match="30 天内已经导出 200 人"):
        out(office, folder / "d.xlsx", whole(1))
    clock.move(days=30)
    assert out(office, folder / "d.xlsx", whole(50)).count == 50


def test_masked_lists_approved_lists_and_those_of_colleagues_take_nothing_from_the_limit(office, folder):
    out(office, folder / "a.xlsx", Export("名单", FIELDS, 900))
    out(office, folder / "b.xlsx", Export("问题行", FIELDS, 900, masked=False, original=True))
    asked = actions.ask(office.db, office.worker, rules.FULL_EXPORT, "疫苗接种核对")
    actions.decide(office.db, office.boss, asked.id, allow=True)
    out(office, folder / "c.xlsx", whole(51))
    give_out(office.db, office.boss, whole(50), folder / "d.xlsx", lambda draft: draft.write_bytes(b"x"))
    assert [queries.given_out(office.db, who, 1) for who in (office.worker, office.boss)] == [0, 50]
    assert out(office, folder / "e.xlsx", whole(50)).approval_id is None


def test_what_was_given_out_at_another_desk_counts_by_who_it_was(office, folder):
    """A line that came by sync says whose it is, not by name alone."""
    kept = out(office, folder / "a.xlsx", whole(50))
    with office.db.applying("同步") as tx:
        tx.execute("UPDATE export_record SET sync_by=? WHERE id=?", (office.boss.id, kept.id))
    assert [queries.given_out(office.db, who, 1) for who in (office.worker, office.boss)] == [0, 50]


def test_two_lists_made_at_the_same_time_do_not_both_fit(office, folder):
    def slow(draft):
        out(office, folder / "b.xlsx", whole(30))
        draft.write_bytes(b"x")

    with pytest.raises(NeedsApprovalError):
        out(office, folder / "a.xlsx", whole(30), slow)
    assert [path.name for path in folder.iterdir()] == ["b.xlsx"]
    assert [one.count for one in queries.exports(office.db)] == [30]


def test_a_community_may_ask_for_less_and_not_for_more(office, folder, clock):
    own = office.app.home / "profiles" / "codes" / "privacy.toml"
    own.parent.mkdir(parents=True)
    text = resource("codes", "privacy.toml").read_text("utf-8")
    own.write_text(
        text.replace("days = 1, people = 50", "days = 1, people = 10").replace("people = 200", "people = 9999")
    )
    policy.cache_clear()
    limits = {(one.days, one.people) for one in policy(office.app.home).limits}
    assert {(1, 10), (1, 50), (30, 200)} <= limits
    with pytest.raises(NeedsApprovalError, match="超过 10 人"):
        out(office, folder / "a.xlsx", whole(11))


# ------------------------------------------------------------------------------------------------------ other files


def test_an_attachment_is_saved_through_the_gate(office, folder, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "残疾证.png")
    made = attachments.attach(office.db, office.worker, "person", office.old.id, tmp_path / "残疾证.png", "残疾证", "")
    exporting.give_attachment(office.db, office.worker, made, folder / "残疾证.png")
    assert stat.S_IMODE((folder / "残疾证.png").stat().st_mode) == 0o600
    (line,) = queries.exports(office.db)
    assert (line.what, line.numbers, line.by_name) == ("居民附件", "原件", "社工乙")
    assert line.sha256 == made.sha256 == hashlib.sha256((folder / "残疾证.png").read_bytes()).hexdigest()


@pytest.mark.parametrize("form", ["sign_in_sheet", "visit_sheet", "duty_roster", "order_card", "table"])
def test_a_paper_with_many_people_or_a_whole_number_stands_in_the_register(office, form):
    papers.record_print(
        office.db, office.worker, form, "meeting", None, "签到表", pdf_bytes=b"%PDF", target="签到表.pdf"
    )
    (line,) = queries.exports(office.db)
    assert (line.what, line.target, line.numbers) == (
        "签到表",
        "签到表.pdf",
        "完整" if form == "order_card" else "已遮盖",
    )
