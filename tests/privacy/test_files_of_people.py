"""Files of whatever is somebody's: they go with an erasure, are put away by a seal, come back whole by lifting it."""

import pytest

from desktop_app import app as desktop
from desktop_app.attachments import actions as attachments
from desktop_app.attachments import queries
from desktop_app.attachments.model import Attachment
from desktop_app.meetings.model import Meeting
from desktop_app.privacy.model import SealedRecord
from desktop_app.shared.errors import AppError
from desktop_app.store import history
from desktop_app.store.content import Content
from desktop_app.sync import erasing, lifting, retiring, sealed_files
from tests.attachments.pictures import jpeg
from tests.sync.belongings import here, hung, with_files

KEEP, BACK, ASKED = "档案规定保存", "档案部门同意恢复", "本人书面申请"


def sealed(office, person_id=""):
    return retiring.seal_person(office.db, office.boss, office.secrets, person_id or office.old.id, KEEP)


def everything_written(db):
    tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    return " ".join(str(row) for name in tables for row in db.rows(f'SELECT * FROM "{name}"'))


@pytest.fixture
def filed(keyed):
    """The old man with a file on everything that is his; which contents they have."""
    return keyed, with_files(keyed.db, keyed.boss, keyed.old.id)


# ------------------------------------------------------------------------------------------------------------- erasing


def test_an_erasure_takes_every_file_and_its_copy_beside_the_backups(filed):
    office, contents = filed
    office.app.backup()
    assert here(office.db, contents) == set(contents)
    erasing.erase(office.db, office.boss, office.old.id, ASKED)
    assert here(office.db, contents) == set()
    assert hung(office.db) == {}
    assert "的照片" not in everything_written(office.db)
    office.app.backup()
    assert here(office.db, contents) == set()


def test_the_next_backup_on_a_stick_loses_what_was_erased_and_keeps_what_this_computer_merely_lacks(filed, tmp_path):
    """A file that is missing here is no reason to delete its last copy."""
    office, contents = filed
    stick = tmp_path / "U盘"
    other = attachments.attach(office.db, office.boss, "person", office.child.id, jpeg(seed=90), "别人的")
    office.app.backup(stick)
    assert len(list(stick.glob("attachments/??/*"))) == len(contents) + 1
    Content(office.db).path(other.sha256).unlink()
    erasing.erase(office.db, office.boss, office.old.id, ASKED)
    office.app.clock.move(days=1)
    office.app.backup(stick)
    assert [one.name for one in stick.glob("attachments/??/*")] == [Content(office.db).path(other.sha256).name]


def test_an_erasure_leaves_the_files_of_others_and_of_the_community(filed):
    office, _ = filed
    db, actor = office.db, office.boss
    with db.transaction(actor, "造数") as tx:
        talk = tx.add(Meeting(kind="residents", title="议事会"))
    mine = attachments.attach(db, actor, "person", office.child.id, jpeg(seed=90), "别人的")
    ours = attachments.attach(db, actor, "meeting", talk.id, jpeg(seed=93), "会场")
    same = attachments.attach(db, actor, "person", office.moved.id, jpeg(seed=0), "内容和老人的一样")
    erasing.erase(db, actor, office.old.id, ASKED)
    assert attachments.content(db, mine)
    assert attachments.content(db, ours)
    assert attachments.content(db, same)


@pytest.mark.parametrize("after", ["ask", "vanish"])
def test_an_erasure_that_was_cut_off_is_finished_when_the_store_is_opened(filed, monkeypatch, after):
    """Either nothing has happened, or all of it: whatever the program was at when it ended."""
    office, contents = filed
    home, clock = office.app.home, office.app.clock

    def dies(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, after, dies)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(office.db, office.boss, office.old.id, ASKED)
    assert here(office.db, contents) == set(contents)
    office.app.close()
    with desktop.open_app(home, clock=clock) as again:
        asked = after == "vanish"
        assert here(again.db, contents) == (set() if asked else set(contents))
        assert (hung(again.db) == {}) is asked
        assert ("的照片" not in everything_written(again.db)) is asked


def test_nothing_can_be_hung_on_what_is_left_of_somebody_who_was_erased(filed):
    """It would go at once: whoever adds it is told so, and not left to wonder."""
    office, _ = filed
    appeal = office.db.scalar("SELECT id FROM appeal")
    erasing.erase(office.db, office.boss, office.old.id, ASKED)
    with pytest.raises(AppError, match="已经依申请清除"):
        attachments.attach(office.db, office.boss, "appeal", appeal, jpeg(seed=91), "补的回执")
    assert hung(office.db) == {}


def test_a_visit_whose_time_is_over_takes_its_photo_along(filed):
    office, contents = filed
    visit = office.db.scalar("SELECT id FROM visit")
    erasing.erase_records(office.db, office.boss, "到期清除", [("visit", visit)], "保存期限已满")
    assert here(office.db, contents) == set(contents) - {"visit"}


# ------------------------------------------------------------------------------------------------------------- sealing


def test_a_seal_puts_every_file_away_and_lifting_hangs_each_where_it_was(filed):
    office, contents = filed
    before = hung(office.db)
    thumbs = dict(office.db.rows("SELECT sha256,thumb FROM attachment"))
    made = sealed(office)
    assert here(office.db, contents) == set(contents)
    assert set(hung(office.db).values()) == {"sealed_record"}
    assert queries.recent(office.db) == []
    done = lifting.lift(office.db, office.boss, office.secrets, made.id, BACK)
    assert hung(office.db) == before
    assert dict(office.db.rows("SELECT sha256,thumb FROM attachment")) == thumbs
    assert here(office.db, contents) == set(contents)
    owners = office.db.rows("SELECT owner_table,owner_id FROM attachment WHERE owner_table<>'person' AND sync_del=0")
    assert all(office.db.scalar(f"SELECT 1 FROM {table} WHERE id=? AND sync_del=0", (one,)) for table, one in owners)
    assert [one.title for one in queries.of(office.db, "person", done.person_id)] == ["person的照片"]


def test_under_a_seal_neither_the_file_nor_its_history_says_what_it_is(filed):
    office, _ = filed
    office.db.rows("SELECT 1")
    thumbs = [thumb for (thumb,) in office.db.rows("SELECT thumb FROM attachment")]
    sealed(office)
    left = everything_written(office.db)
    assert "的照片" not in left
    assert not [thumb for thumb in thumbs if thumb in left]


def test_whoever_opens_a_seal_sees_its_files_under_their_titles(filed):
    office, _ = filed
    thumbs = dict(office.db.rows("SELECT sha256,thumb FROM attachment"))
    made = sealed(office)
    content = retiring.open_sealed(office.db, office.boss, office.secrets, made.id, "近亲属申请")
    with office.db.viewing(office.boss):
        shown = [one.attachment for one in sealed_files.under(office.db, office.secrets, made.id, content)]
        assert {one.title for one in shown} == {f"{table}的照片" for table in filed[1]}
        assert {one.sha256: one.thumb for one in shown} == thumbs
        assert all(attachments.content(office.db, one, "近亲属申请") for one in shown)


def test_a_file_whose_record_is_gone_meanwhile_comes_back_on_the_person(filed):
    office, _ = filed
    made = sealed(office)
    with office.db.transaction(office.boss, "删诉求") as tx:
        tx.execute("UPDATE appeal SET sync_del=1")
    lifting.lift(office.db, office.boss, office.secrets, made.id, BACK)
    assert hung(office.db)["appeal的照片"] == "person"


@pytest.mark.parametrize("after", ["may_go", "ask_for", "vanish"])
def test_a_seal_that_was_cut_off_loses_nothing_and_leaves_nobody_half_sealed(filed, monkeypatch, after):
    office, contents = filed
    home, clock, before = office.app.home, office.app.clock, hung(office.db)

    def dies(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, after, dies)
        with pytest.raises(KeyboardInterrupt):
            sealed(office)
    office.app.close()
    with desktop.open_app(home, clock=clock) as again:
        assert here(again.db, contents) == set(contents)
        seals = again.db.select(SealedRecord.__table__.select())
        open_ = again.db.scalar("SELECT count(*) FROM person WHERE id=? AND sync_del=0", (office.old.id,))
        assert open_ + len(seals) == 1
        if seals:
            made = again.db.scalar("SELECT id FROM sealed_record")
            lifting.lift(again.db, office.boss, again.secrets, made, BACK)
        assert hung(again.db) == before


def test_a_lifted_person_is_sealed_and_lifted_again_with_all_files(filed):
    office, contents = filed
    before, who = hung(office.db), office.old.id
    for _ in range(2):
        who = lifting.lift(office.db, office.boss, office.secrets, sealed(office, who).id, BACK).person_id
    assert hung(office.db) == before
    erasing.erase(office.db, office.boss, who, ASKED)
    assert here(office.db, contents) == set()


def test_a_file_that_reaches_an_appeal_of_somebody_under_seal_goes_under_it_and_comes_back(filed):
    office, _ = filed
    appeal = office.db.scalar("SELECT id FROM appeal")
    made = sealed(office)
    late = attachments.attach(office.db, office.boss, "appeal", appeal, jpeg(seed=92), "补的回执")
    assert office.db.get(Attachment, late.id).owner_id == made.id
    assert "补的回执" not in everything_written(office.db)
    lifting.lift(office.db, office.boss, office.secrets, made.id, BACK)
    assert hung(office.db)["补的回执"] == "appeal"


def test_erasing_somebody_who_is_under_seal_takes_the_sealed_files_along(filed):
    office, contents = filed
    made = sealed(office)
    erasing.erase_records(office.db, office.boss, "清除", [("sealed_record", made.id)], ASKED)
    assert here(office.db, contents) == set()


def test_a_seal_is_not_taken_back_by_undo(filed):
    office, _ = filed
    sealed(office)
    action = office.db.scalar("SELECT no FROM journal_action WHERE what='封存个人信息'")
    with pytest.raises(AppError, match="密封记录不能撤销"):
        history.undo(office.db, office.boss, action)
